"""Dates that a page shows of its own article, and not those of the stories, votes and footers around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from ingest.load.around import Own
from ingest.load.blocks import Block
from ingest.load.days import dates_in
from ingest.load.marked import COMING, MAX_LABEL, UPDATED, near_times
from ingest.load.record import DatedField

WEAK = 0.45
"""The trust in a day that stands by itself near the article, without a word that says what it is."""
MOST_WORDS = 14
MOST_READ = 40
OPENING = 40
"""Characters at the beginning of a text in which its day may stand, behind a place."""

_PUBLISHED = re.compile(
    r"publi|posted|first (?:seen|broadcast)|veröffentlicht|erstellt|erschienen|datum|geschrieben|gespeichert|eingestellt"
    r"|submitted|parution|paru|inserito|gepost"
    r"|geplaatst|опублик|дата|yayın|publicerad|julkaistu|发布|発表|公開|等록|입력|written|issued|released on|dated?\b|filed"
    r"|^\W*(?:by|von|par|por|di|door|av)\s+\w",
    re.IGNORECASE,
)
"""What is said of a day of publication, the name of an author in front of it too."""
_BEFORE = re.compile(r"\W*(?:[^\W\d_][\w.-]+(?: [^\W\d_][\w.-]+){0,2}\W{1,3})?")
_WORD = re.compile(r"[^\W\d_]+")


def find_seen_dates(tree: Element, blocks: Sequence[Block], own: Own, first: int, language: str | None) -> list[DatedField]:
    """The days beside the article's text, those before it in front; `first` is the block that it begins with."""
    english = (language or "en").lower().startswith("en")
    strong, weak = _labelled(blocks, own, first, english)
    weak = [*near_times(tree, own, blocks, first)[:1], *weak[:1], *_opening(blocks, first, english)]
    return [
        *(DatedField(value, "page") for value in strong[:1]),
        *(DatedField(value, "page", WEAK) for value in dict.fromkeys(weak)),
    ]


def _labelled(blocks: Sequence[Block], own: Own, first: int, english: bool) -> tuple[list[str], list[str]]:
    """The days in short blocks: those that are said to be of publication, and others that may be."""
    strong: list[str] = []
    weak: list[str] = []
    for at in [*range(first, -1, -1), *range(first + 1, len(blocks))]:
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
        (strong if _PUBLISHED.search(rest) else weak).append(value)
    return strong, weak


def _opening(blocks: Sequence[Block], first: int, english: bool) -> Iterator[str]:
    """The day with which a text opens: "(18.01.2018) Farmers …", "Karlsruhe, 12 November 2021. …"."""
    if blocks and len(blocks[first].words) > MOST_WORDS:
        head = blocks[first].text[: 2 * OPENING]
        yield from (
            value for value, (start, _) in dates_in(head, english)[:1] if start <= OPENING and _BEFORE.fullmatch(head[:start])
        )


def _is_of_another_kind(block: Block, rest: str) -> bool:
    """Whether the day in the block is one of change or of something told, not one of publication."""
    about = f"{block.element.get('class') or ''} {block.element.get('itemprop') or ''}"
    words = len(_WORD.findall(rest))
    coming = COMING.search(rest) and not _PUBLISHED.search(rest)
    return bool(words > MOST_WORDS or UPDATED.search(rest) or UPDATED.search(about) or coming)


def guess_date(tree: Element, own: Own, blocks: Sequence[Block]) -> str | None:
    """A day in some other mark of the article, found by a library that knows many; what belongs to others is taken away first."""
    from htmldate import find_date

    for tag in [tag for tag in tree.iter() if isinstance(tag.tag, str)]:
        foreign = tag.tag in ("head", "script", "footer", "nav", "aside") or not own.has(tag)
        if foreign and tag is not tree and tag.getparent() is not None:
            tag.drop_tree()
    for block in blocks:
        told = len(block.text) > MAX_LABEL or UPDATED.search(block.text) or COMING.search(block.text)
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
