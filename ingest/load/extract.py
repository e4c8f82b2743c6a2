"""A page's tree to the text of its article: candidates compared, the best one completed, and what was lost told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile

from lxml.etree import _Element as Element

from ingest.load.blocks import Block, blocks_of, words_of
from ingest.load.body import (
    best_of,
    complete_blocks,
    densest,
    find_holders,
    is_prose,
    match_blocks,
    share_of,
    shingles,
    with_lead,
)
from ingest.load.page import PageData
from ingest.load.record import Note
from ingest.load.tree import drop_hidden, plain_inline
from ingest.load.walls import offers, wall, without_offer

WHOLE = 0.9
"""Of the text that the page itself gives as its article's, the share from which it counts as found."""
GIVEN_WORDS = 40
"""A shorter text given for machines is a summary."""
IN_GIVEN = 0.8
COVERED = 0.5
MOST_ABOVE, MAX_KICKER = 4, 40
"""Blocks, and characters of each, that may stand above a headline."""
MOST_LEADS = 3
"""Blocks above the text that the page gives of its article, which some leave out of that."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The paragraphs of an article, what to tell of them, and the blocks of the page with the number of the first one taken.

    `refused` says what the page is instead of an article.
    """

    paragraphs: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    blocks: tuple[Block, ...] = ()
    first: int = 0
    refused: str | None = None
    held: frozenset[Element] = frozenset()
    """The elements that are around most of the article's text."""


def extract_article(tree: Element, data: PageData) -> Extraction:
    """What the page shows of its article. Hidden parts leave the tree: they are read only where the page says so."""
    with_hidden = blocks_of(tree) if data.body else []
    drop_hidden(tree)
    blocks = blocks_of(tree)
    if reason := wall(blocks, data.title, data.is_article):
        return Extraction(refused=reason)
    kept = choose_blocks(tree, blocks, data)
    own, offered = without_offer([blocks[at] for at in sorted(kept)])
    own = _below_title(own, words_of(data.title or ""))
    given = _find_given_text(own, with_hidden, data.body) if data.body else None
    paragraphs = given or tuple(block.text for block in own)
    notes = [] if given else _describe_losses(own, data, offered or offers(blocks))
    first = min((at for at in kept if is_prose(blocks[at])), default=min(kept, default=len(blocks) - 1))
    return Extraction(paragraphs, tuple(notes), tuple(blocks), first, held=find_holders([blocks[at] for at in kept]))


def _below_title(own: list[Block], title: tuple[str, ...]) -> list[Block]:
    """The blocks without the headline, and without what stands above it to say of what part of the paper it is."""
    at = next((at for at, block in enumerate(own[:MOST_ABOVE]) if title and block.words == title), None)
    if at is None or at + 1 == len(own) or any(len(block.text) > MAX_KICKER or is_prose(block) for block in own[:at]):
        return own
    return own[at + 1 :]


def choose_blocks(tree: Element, blocks: Sequence[Block], data: PageData) -> set[int]:
    """The blocks of the article: those of the extraction that finds most of it, and what belongs to them."""
    ready = deepcopy(tree)
    plain_inline(ready)
    candidates = [match_blocks(_lines(deepcopy(ready), recall), blocks) for recall in (True, False)]
    candidates.append(densest(blocks))
    title, description = words_of(data.title or ""), words_of(data.description or "")
    body = Counter(shingles(words_of(data.body or "")))
    if len(body) >= GIVEN_WORDS:
        kept = max(candidates, key=lambda kept: _measure_cover([blocks[at] for at in kept], body))
        kept = kept | {at for at, block in enumerate(blocks) if share_of(block.words, body) >= IN_GIVEN}
    else:
        kept = best_of(candidates, blocks, (*title, *description))
    return with_lead(complete_blocks(kept, blocks), blocks, title, description)


def _lines(tree: Element, recall: bool) -> list[str]:
    import trafilatura

    found = trafilatura.bare_extraction(
        tree, favor_recall=recall, include_comments=False, include_tables=True, with_metadata=False, as_dict=False
    )
    lines = str(getattr(found, "text", None) or "").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _find_given_text(own: Sequence[Block], with_hidden: Sequence[Block], body: str) -> tuple[str, ...] | None:
    """The text that the page gives for machines, where what it shows lacks much of that: as it is set in its hidden parts, else
    as it is given."""
    runs = Counter(shingles(words_of(body)))
    if len(runs) < GIVEN_WORDS or _measure_cover(own, runs) >= WHOLE:
        return None
    shown = Counter(one for block in own for one in shingles(block.words))
    hidden = [
        block for block in with_hidden if share_of(block.words, runs) >= IN_GIVEN or share_of(block.words, shown) >= IN_GIVEN
    ]
    if _measure_cover(hidden, runs) >= WHOLE:
        return tuple(dict.fromkeys(block.text for block in hidden))
    if sum(runs.values()) < sum(shown.values()):
        return None
    from ingest.load.html import plain_text

    lines = (plain_text(body) if "<" in body else body).splitlines()
    lead = takewhile(lambda block: share_of(block.words, runs) < COVERED, own[:MOST_LEADS])
    return (*(block.text for block in lead), *(text for line in lines if (text := " ".join(line.split()))))


def _measure_cover(blocks: Sequence[Block], runs: Counter[tuple[str, ...]]) -> float:
    there = set(shingles([word for block in blocks for word in block.words]))
    there.update(one for block in blocks for one in shingles(block.words))
    return sum(one in there for one in runs) / max(1, len(runs))


def _describe_losses(own: Sequence[Block], data: PageData, offered: bool) -> list[Note]:
    """What was lost, as far as the page lets it be known."""
    kept = sum(len(block.text) for block in own)
    runs = Counter(shingles(words_of(data.body or "")))
    if len(runs) >= GIVEN_WORDS and (share := _measure_cover(own, runs)) < WHOLE:
        text = f"the page gives a longer text of its article than it shows: {share:.0%} of that was found"
        return [Note(text, "text-dropped", lost=True)]
    if not data.free:
        return [Note(f"the page calls itself not free: the {kept:,} characters that it shows were read", "teaser", lost=True)]
    if offered and len(own) <= 4:
        return [
            Note(f"the page ends with an offer to subscribe: the {kept:,} characters before it were read", "teaser", lost=True)
        ]
    return []
