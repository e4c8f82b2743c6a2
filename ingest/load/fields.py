"""JSON objects to records: every common name of a field is understood, an unknown one is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from urllib.parse import urlsplit

from ingest.load.record import MAX_RECORD_CHARACTERS, Record, Refusal
from ingest.load.values import authors_of, is_blank, is_nothing, number_or_text, paragraphs_of, single, unwrap_value, words_of

ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "content", "body", "article", "full_text", "article_text", "article_body", "maintext", "main_text", "plaintext",
        "cleaned_text", "body_text", "content_text", "story", "raw_content", "html", "content_html", "body_html", "raw_text",
        "page_content", "document_text", "contents",
    ),
    "title": ("title", "headline", "name", "heading", "web_title", "title_page", "title_rss"),
    "outlet": (
        "outlet", "source", "publisher", "site", "site_name", "source_name", "newspaper", "publication", "source_hostname",
        "domain", "source_domain", "hostname",
    ),
    "published": (
        "published", "date", "publish_date", "published_at", "pub_date", "publication_date", "published_date", "date_published",
        "date_publish", "published_time", "publishing_date", "first_published", "web_publication_date", "article_published_time",
        "issued", "created", "created_at", "timestamp",
    ),
    "url": (
        "url", "link", "href", "canonical_url", "article_url", "web_url", "page_url", "permalink", "source_url", "uri", "source",
        "responded_url", "requested_url",
    ),
    "authors": ("authors", "author", "byline", "creator", "author_name", "writer"),
    "modified": ("modified", "updated", "updated_at", "modified_at", "last_mod", "last_modified", "date_modified", "date_modify"),
    "language": ("language", "lang", "meta_lang"),
    "section": ("section", "section_name", "category", "categories", "topic", "topics"),
    "id": ("id", "article_id", "_id"),
    "key": ("guid",),
}  # fmt: skip
"""The fields of a record and their names in files, the first one that holds something counts; capitals, `_`, `-` and blanks do
not."""
WRAPPERS = (
    "metadata", "meta", "_source", "fields", "attributes", "properties", "article", "document", "doc", "item", "node", "record",
    "row", "data", "html", "source_info",
)  # fmt: skip
"""Names of objects within a record that hold more of its fields, behind those beside them."""
DEPTH = 2
"""Objects within each other in which fields of a record are looked for."""
MAX_ID = 200
MAX_URL = 2_000

_LETTERS = re.compile(r"[_\-\s:.]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_HTTP = re.compile(r"https?://[^\s/]+", re.IGNORECASE)


def record_of(value: object, line: int | None) -> Record | Refusal:
    """The record in a parsed JSON value. A record without text is refused, and so is one with an id that cannot be kept."""
    if not isinstance(value, Mapping):
        return Refusal("failed", f"not an object with fields but {_kind(value)}", line)
    given = list(_fields(value))
    found = _text(given)
    if isinstance(found, str) and len(found) > MAX_RECORD_CHARACTERS:
        return Refusal("failed", f"the text has {len(found):,} characters, the limit is {MAX_RECORD_CHARACTERS:,}", line)
    if found is None or isinstance(found, Refusal):
        reason = found.reason if found else f"no text: none of the fields {', '.join(ALIASES['text'])}"
        return Refusal("failed", reason, line)
    id_, fault = _id(_get_given(given, "id"))
    if fault:
        return Refusal("failed", fault, line)
    return Record(
        text=found,
        title=words_of(_get_given(given, "title")),
        id=id_,
        key=words_of(_get_given(given, "key")),
        url=next((url for value in _all(given, "url") if (url := _url(value))), None),
        outlet=_outlet(given),
        authors=next((names for value in _all(given, "authors") if (names := authors_of(value))), ()),
        published=single(_get_given(given, "published")),
        modified=single(_get_given(given, "modified")),
        language=language_of(single(_get_given(given, "language"))),
        section=words_of(_get_given(given, "section")),
        line=line,
    )


def find_field(name: str) -> str | None:
    """The field of a record that `name` stands for."""
    plain = _plain(name)
    return next((field for field in ALIASES if plain in _names(field)), None)


def language_of(value: object) -> str | None:
    """A language code as given, with `-` between its parts; None for anything else."""
    found = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[0].replace("_", "-") if found else None


def _fields(value: Mapping[object, object], depth: int = DEPTH) -> Iterator[Mapping[str, object]]:
    """The fields of a record by their plain names, and those of the objects in it that hold more of them."""
    own = {_plain(key): field for key, field in value.items() if isinstance(key, str) and not is_blank(unwrap_value(field))}
    yield own
    if depth:
        for name in WRAPPERS:
            if isinstance(inner := own.get(_plain(name)), Mapping):
                yield from _fields(inner, depth - 1)


def _all(given: list[Mapping[str, object]], field: str) -> Iterator[object]:
    for fields in given:
        for name in _names(field):
            if name in fields and (field in ("text", "title") or not is_nothing(fields[name])):
                yield fields[name]


def _get_given(given: list[Mapping[str, object]], field: str) -> object:
    return next(_all(given, field), None)


def _text(given: list[Mapping[str, object]]) -> str | Refusal | None:
    """The first text that is not blank; blank where all are, and why not where something else stands in its place."""
    other = None
    for value in _all(given, "text"):
        value = unwrap_value(value)
        if isinstance(value, str | list | Mapping) and (text := paragraphs_of(value)).strip():
            return text
        if not isinstance(value, Mapping):
            other = other or Refusal("failed", f"no text: what stands there is {_kind(value)}")
    return other or (" " if any(name in fields for fields in given for name in _names("text")) else None)


def _outlet(given: list[Mapping[str, object]]) -> str | None:
    """A name; where an address stands for it, its host, unless another field has a name."""
    names = [name for value in _all(given, "outlet") if (name := words_of(value))]
    host = next((urlsplit(name).hostname for name in names if _HTTP.match(name)), None)
    return next((name for name in names if not _HTTP.match(name)), None) or (host.removeprefix("www.") if host else None)


@cache
def _names(field: str) -> tuple[str, ...]:
    """The plain names of a field."""
    return tuple(dict.fromkeys(map(_plain, ALIASES[field])))


@lru_cache(1_000)
def _plain(name: str) -> str:
    return _LETTERS.sub("", name).casefold()


def _url(value: object) -> str | None:
    """A web address as given; other schemes are dropped, nobody should click them."""
    value = single(value)
    if not isinstance(value, str) or len(value) > MAX_URL or _CONTROL.search(value.strip()):
        return None
    return value.strip() if _HTTP.match(value.strip()) else None


def _id(value: object) -> tuple[str | None, str | None]:
    """The id as text, and what is wrong with it."""
    value = single(value)
    if value is None:
        return None, None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, f"its id is {_kind(value)}, not a string or a number"
    id_ = number_or_text(value).strip()
    if len(id_) > MAX_ID or _CONTROL.search(id_):
        return None, f"its id is longer than {MAX_ID} characters or holds control characters"
    return id_ or None, None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
