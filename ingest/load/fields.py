"""JSON objects to records: every common name of a field is understood, an unknown one is ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.load.record import MAX_RECORD_CHARACTERS, Record, Refused

ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "article", "full_text", "article_text", "article_body", "maintext", "story"),
    "title": ("title", "headline", "name", "heading"),
    "outlet": ("outlet", "source", "publisher", "site", "site_name", "source_name", "newspaper", "publication", "domain"),
    "published": (
        "published", "date", "publish_date", "published_at", "pub_date", "publication_date", "published_date", "date_published",
        "date_publish", "published_time", "created", "created_at", "timestamp",
    ),
    "url": ("url", "link", "href", "canonical_url", "source_url", "article_url"),
    "authors": ("authors", "author", "byline", "creator"),
    "modified": ("modified", "updated", "updated_at", "modified_at", "last_mod", "last_modified", "date_modified"),
    "language": ("language", "lang"),
    "section": ("section", "category", "topic"),
    "id": ("id", "article_id", "_id"),
}  # fmt: skip
"""The fields of a record and their names in files, the first one found counts; capitals, `_`, `-` and blanks do not."""
MAX_ID = 200
MAX_URL = 2_000
MAX_LINE = 1_000

_LETTERS = re.compile(r"[_\-\s]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BETWEEN_AUTHORS = re.compile(r"\s*[,;|&]\s*|\s+and\s+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


def record_of(value: object, line: int | None) -> Record | Refused:
    """The record in a parsed JSON value. A record without text is refused, and so is one with an id that cannot be kept."""
    if not isinstance(value, Mapping):
        return Refused("failed", f"not an object with fields but {_kind(value)}", line)
    fields = {name: _first(value, names) for name, names in ALIASES.items()}
    if fields["text"] is None:
        return Refused("failed", f"no text: none of the fields {', '.join(ALIASES['text'])}", line)
    if not isinstance(fields["text"], str | list):
        return Refused("failed", f"no text: what stands there is {_kind(fields['text'])}", line)
    text = _paragraphs(fields["text"])
    if len(text) > MAX_RECORD_CHARACTERS:
        return Refused("failed", f"the text has {len(text):,} characters, the limit is {MAX_RECORD_CHARACTERS:,}", line)
    id_, fault = _id(fields["id"])
    if fault:
        return Refused("failed", fault, line)
    return Record(
        text=text,
        title=_words(fields["title"]),
        id=id_,
        url=_url(fields["url"]),
        outlet=_words(fields["outlet"]),
        authors=authors_of(fields["authors"]),
        published=fields["published"],
        modified=fields["modified"],
        language=language_of(fields["language"]),
        section=_words(fields["section"]),
        line=line,
    )


def named(name: str) -> str | None:
    """The field of a record that `name` stands for."""
    plain = _plain(name)
    return next((field for field, names in ALIASES.items() if plain in map(_plain, names)), None)


def authors_of(value: object) -> tuple[str, ...]:
    """Names from one string ("By A and B"), a list of strings, or of objects with a name."""
    if isinstance(value, str):
        line = re.sub(r"^\s*by\s+", "", value, flags=re.IGNORECASE)
        names: list[str | None] = [_words(name) for name in _BETWEEN_AUTHORS.split(line)]
    else:
        names = [_words(name) for name in value] if isinstance(value, list) else [_words(value)]
    return tuple(dict.fromkeys(name for name in names if name))


def language_of(value: object) -> str | None:
    """A language code as given, with `-` between its parts; None for anything else."""
    found = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[0].replace("_", "-") if found else None


def _first(value: Mapping[object, object], names: tuple[str, ...]) -> object:
    given = {_plain(key): field for key, field in value.items() if isinstance(key, str) and field not in (None, "", [], {})}
    return next((given[_plain(name)] for name in names if _plain(name) in given), None)


def _plain(name: str) -> str:
    return _LETTERS.sub("", name).casefold()


def _paragraphs(value: str | list[object]) -> str:
    return value if isinstance(value, str) else "\n\n".join(part for part in value if isinstance(part, str))


def _words(value: object) -> str | None:
    """One line of words: a string, a number, or the name in an object; None when there are none."""
    if isinstance(value, Mapping):
        value = _first(value, ("name", "title", "id"))
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:MAX_LINE].strip() or None


def _url(value: object) -> str | None:
    """A web address as given; other schemes are dropped, nobody should click them."""
    if not isinstance(value, str) or len(value) > MAX_URL or _CONTROL.search(value.strip()):
        return None
    return value.strip() if re.match(r"https?://[^\s/]+", value.strip(), re.IGNORECASE) else None


def _id(value: object) -> tuple[str | None, str | None]:
    """The id as text, and what is wrong with it."""
    if value is None:
        return None, None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, f"its id is {_kind(value)}, not a string or a number"
    id_ = str(value).strip()
    if len(id_) > MAX_ID or _CONTROL.search(id_):
        return None, f"its id is longer than {MAX_ID} characters or holds control characters"
    return id_ or None, None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
