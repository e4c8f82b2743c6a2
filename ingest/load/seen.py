"""Dates that a page shows of its own article, and not those of the stories, votes and footers around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from lxml.etree import _Element as Element

from ingest.dates import read_date
from ingest.load.around import Own
from ingest.load.blocks import Block
from ingest.load.record import Dated

WEAK = 0.45
"""The trust in a day that stands by itself near the article, without a word that says what it is."""
MAX_LABEL = 140
"""A longer text is a sentence, whose days are those of what it tells of."""
MOST_WORDS = 14
MOST_READ = 40

_MARKS = frozenset(
    """
    datepublished pubdate published entry-date dt-published date-published published-date publish-date publishdate
    publication-date article-date article__date post-date posted-on datecreated
    """.split()  # noqa: SIM905
)
_UPDATED = re.compile(
    r"updat|modif|aktualisier|geändert|letzte[rs]?\s|mis(?:e)? à jour|actuali[sz]|aggiornat|bijgewerkt|gewijzigd|opdater|oppdater"
    r"|uppdater|atualiza|editad|обновл|оновл|zmieni|aktualiz|frissít|güncel|更新|수정"
    r"|copyright|©|\(c\)|all rights|rechte vorbehalten"
    r"|accessed|abgerufen|consulté|retrieved|reviewed",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:events?|starts?|begins?|until|till|deadline|due|vot(?:e|es|ing)|elections?|meets?|meeting|from|termine?|beginn|bis|ab|am"
    r"|valid|gültig|expires?|opens?|closes?|born|died|\*|†|next|upcoming|comments?|antwort\w*|repl(?:y|ies|ied)|registered|joined|since"
    r"|released?|comes?|coming|scheduled)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|posted|first (?:seen|broadcast)|veröffentlicht|erstellt|erschienen|datum|geschrieben|parution|paru|inserito|gepost"
    r"|geplaatst|опублик|дата|yayın|publicerad|julkaistu|发布|発表|公開|等록|입력|written|issued|released on|dated?\b|filed",
    re.IGNORECASE,
)
_MONTH_NAME = r"[^\W\d_]{3,12}\.?"
_DATE = re.compile(
    rf"""(?<![\d.,/-])(?:
        (?P<year>(?:19|20)\d\d)\s?(?P<between>[-/.年])\s?(?P<month>\d\d?)\s?[-/.月]\s?(?P<day>\d\d?)(?!\d)
      | (?P<first>\d\d?)(?P<mark>[./-])\s?(?P<second>\d\d?)(?P=mark)\s?(?P<last>(?:19|20)\d\d)
      | (?P<words>\d\d?(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?{_MONTH_NAME},?\s+(?:de\s+|del\s+)?(?:19|20)\d\d
      | {_MONTH_NAME}\s+\d\d?(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)
    )(?!\d)""",
    re.VERBOSE,
)
MAX_SCRIPT = 500_000
_SCRIPTED = re.compile(r"""["']datePublished\\?["']\s*:\s*\\?["'](\d{4}-\d\d-\d\d)""")
_WORD = re.compile(r"[^\W\d_]+")


def marked_times(tree: Element, own: Own) -> Iterator[str]:
    """The times that the page marks as those of its article's publication."""
    for tag in tree.iter("time", "abbr", "span", "meta", "p", "div"):
        marks = f"{tag.get('itemprop') or ''} {tag.get('class') or ''}".lower().split()
        if tag.get("pubdate") is not None:
            marks.append("pubdate")
        if _MARKS.isdisjoint(marks) or not own.has(tag):
            continue
        shown = " ".join(" ".join(tag.itertext()).split())
        given = tag.get("datetime") or tag.get("content") or tag.get("title")
        if given and not _UPDATED.search(shown):
            yield str(given)
        elif len(shown) <= MAX_LABEL and not _UPDATED.search(shown):
            yield from (found for found, _ in dates_in(shown, english=False)[:1])


def seen_dates(blocks: Sequence[Block], own: Own, first: int, language: str | None) -> list[Dated]:
    """The days beside the article's text, those before it in front; `first` is the block that it begins with."""
    english = (language or "en").lower().startswith("en")
    strong: list[Dated] = []
    weak: list[Dated] = []
    near = [*range(first, -1, -1), *range(first + 1, len(blocks))]
    for at in near:
        block = blocks[at]
        if len(block.text) > MAX_LABEL or not own.has(block.element):
            continue
        written = dates_in(block.text, english)
        if not written or len(strong) + len(weak) >= MOST_READ:
            continue
        (value, span), *others = written
        rest = block.text[: span[0]] + block.text[span[1] :]
        if others or _is_of_another_kind(block, rest):
            continue
        (strong if _PUBLISHED.search(rest) else weak).append(Dated(value, "page"))
    return [*strong[:1], *(Dated(one.value, "page", WEAK) for one in weak[:1])]


def guessed_date(tree: Element, own: Own, blocks: Sequence[Block]) -> str | None:
    """A day in some other mark of the article, found by a library that knows many; what belongs to others is taken away first."""
    from htmldate import find_date

    for tag in [tag for tag in tree.iter() if isinstance(tag.tag, str)]:
        foreign = tag.tag in ("head", "script", "footer", "nav", "aside") or not own.has(tag)
        if foreign and tag is not tree and tag.getparent() is not None:
            tag.drop_tree()
    for block in blocks:
        told = len(block.text) > MAX_LABEL or _UPDATED.search(block.text) or _COMING.search(block.text)
        if (
            told
            and block.element.tag not in ("body", "div", "main", "article", "section")
            and block.element.getparent() is not None
        ):
            block.element.drop_tree()
    try:
        return find_date(tree, original_date=True, extensive_search=False)
    except Exception:  # a date is not worth an article; the library lets any error of its parsers through
        return None


def scripted_date(tree: Element) -> str | None:
    """The day of publication in the page's scripts, where they name but one."""
    found = {match[1] for script in tree.iter("script") for match in _SCRIPTED.finditer((script.text or "")[:MAX_SCRIPT])}
    return found.pop() if len(found) == 1 else None


def _is_of_another_kind(block: Block, rest: str) -> bool:
    """Whether the day in the block is one of change or of something told, not one of publication."""
    about = f"{block.element.get('class') or ''} {block.element.get('itemprop') or ''}"
    words = len(_WORD.findall(rest))
    return bool(words > MOST_WORDS or _UPDATED.search(rest) or _UPDATED.search(about) or _COMING.search(rest))


def dates_in(text: str, english: bool) -> list[tuple[str, tuple[int, int]]]:
    """The whole days in a text, in its order, with their places. `3/4/2025` is none in English, where it can be either."""
    found = []
    for match in _DATE.finditer(text):
        if match["words"]:
            value: str | None = _written_out(match["words"])
        elif match["year"]:
            value = _day(match["year"], match["month"], match["day"])
        else:
            value = _numbers(match["first"], match["second"], match["last"], english and match["mark"] != ".")
        if value:
            found.append((value, match.span()))
    return found


def _written_out(words: str) -> str | None:
    read = read_date(words, datetime.now(UTC)).value
    return read.isoformat()[:10] if read else None


def _numbers(first: str, second: str, year: str, either_way: bool) -> str | None:
    if either_way and int(first) <= 12 and int(second) <= 12 and first != second:
        return None
    return _day(year, second, first) or _day(year, first, second)


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
