"""Which blocks of a page are its article: several extractions, compared with each other and with what the page itself says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from statistics import median

from lxml.etree import _Element as Element

from ingest.load.around import ancestors, class_and_id, is_around, is_outside
from ingest.load.blocks import Block, ends_sentence, words_of

SHINGLE = 4
SHARE = 0.7
"""Of the runs of four words in a block, those that an extraction must have for the block to be a part of it."""
LONGER = 1.5
"""A later extraction is taken for an earlier one where it has so many times its prose."""
TELLING, STRAYED = 4, 0.25
"""Letters of a word that tells what a page is about, and by how much less of them a longer extraction may say."""
PROSE = 60
"""Characters from which a block with the end of a sentence is prose, not a label or a caption."""
PROSE_WORDS = 20
LEAST_WORDS = 3
MAX_LEAD, LEAST_LEAD = 700, 25
LEAD_LEVELS = 4
SCOPE_LEVELS = 10
MOST_LINKED = 0.4
HOLDING = 0.5
"""Of an article's text, the share that an element around it holds."""

_LEAD = re.compile(
    r"(?:^|[\s_-])(?:excerpt|standfirst|lead|lede|deck?|sub-?(?:title|head(?:line|ing)?)|summary|intro(?:duction)?|preamble"
    r"|description|abstract|chapeau|vorspann|bajada|entradilla|sommario)(?:$|[\s_-])",
    re.IGNORECASE,
)

Words = tuple[str, ...]


def match_blocks(lines: Sequence[str], blocks: Sequence[Block]) -> set[int]:
    """The blocks that the lines of an extraction come from: long ones by the words in them, short ones as whole lines."""
    cells = [cell for line in lines for cell in (line.split("|") if line.startswith("|") else [line])]
    whole = Counter(map(words_of, cells))
    there = Counter(shingles([word for line in lines for word in words_of(line)]))
    found: dict[Words, list[int]] = {}
    for at, block in enumerate(blocks):
        if block.words and (block.words in whole or share_of(block.words, there) >= SHARE):
            found.setdefault(block.words, []).append(at)
    sure = [places[0] for own, places in found.items() if len(places) == 1 and len(own) >= SHINGLE]
    middle = median(sure) if sure else 0
    kept: set[int] = set()
    for own, places in found.items():
        times = max(1, whole[own], min(map(there.__getitem__, shingles(own)), default=0))
        kept.update(sorted(places, key=lambda at: abs(at - middle))[:times])
    return kept


def shingles(words: Sequence[str]) -> list[Words]:
    return [tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]


def share_of(words: Sequence[str], there: Counter[Words]) -> float:
    """Of the runs of four words, the share that is there; 0 where there are fewer words."""
    mine = shingles(words)
    return sum(one in there for one in mine) / len(mine) if mine else 0.0


def best_of(candidates: Sequence[set[int]], blocks: Sequence[Block], about: Words) -> set[int]:
    """The first candidate, or a later one with much more prose that says as much of what the page is `about`."""
    named = {word for word in about if len(word) >= TELLING}
    best, *others = candidates
    for other in others:
        longer = prose(other, blocks) >= LONGER * max(1, prose(best, blocks))
        if longer and _said(named, other, blocks) >= _said(named, best, blocks) - STRAYED:
            best = other
    return best


def _said(named: Collection[str], kept: Iterable[int], blocks: Sequence[Block]) -> float:
    """The share of the words that stand in the sentences of the blocks."""
    there = {word for at in kept if is_prose(blocks[at]) for word in blocks[at].words}
    return len(there.intersection(named)) / max(1, len(named))


def prose(kept: Iterable[int], blocks: Sequence[Block]) -> int:
    """Characters of sentences in the blocks."""
    return sum(len(blocks[at].text) for at in kept if is_prose(blocks[at]))


def is_prose(block: Block) -> bool:
    long = len(block.text) >= PROSE or len(block.words) >= PROSE_WORDS
    return long and block.linked < MOST_LINKED and ends_sentence(block.text) and not block.is_heading


def densest(blocks: Sequence[Block]) -> set[int]:
    """The prose in the element that has most of it close to itself."""
    scores: Counter[Element] = Counter()
    for block in blocks:
        if is_prose(block) and not is_around(block.element):
            for level, element in enumerate(ancestors(block.element, 3)):
                scores[element] += round(len(block.text) * (0, 1, 0.5)[level])
    if not scores:
        return set()
    top, _ = scores.most_common(1)[0]
    inside = set(top.iter())
    return {
        at
        for at, block in enumerate(blocks)
        if block.element in inside and is_prose(block) and not is_around(block.element, (top,))
    }


def complete_blocks(kept: set[int], blocks: Sequence[Block]) -> set[int]:
    """The blocks, with the prose that stands in the same kind of container, in the same article."""
    own = [blocks[at] for at in kept if is_prose(blocks[at])]
    if not own:
        return kept
    kinds = Counter(_kind(block.element) for block in own)
    parents = {block.element.getparent() for block in own}
    around = find_holders(own)
    scope = _scope([block.element for block in own], next((one.element for one in blocks if one.element.tag == "h1"), None))
    there = Counter(one for at in kept for one in shingles(blocks[at].words))
    more = {
        at
        for at, block in enumerate(blocks)
        if at not in kept
        and is_prose(block)
        and (block.element.getparent() in parents or (_kind(block.element) in kinds and _kind(block.element)[1]))
        and scope in ancestors(block.element)
        and not is_around(block.element, around)
        and share_of(block.words, there) < 0.5
    }
    return kept | more | _tables(blocks, parents, around) | _short_ones(kept, blocks, parents)


def _short_ones(kept: set[int], blocks: Sequence[Block], parents: Collection[Element | None]) -> set[int]:
    """Short paragraphs of sentences between those of the article: extractors take some for labels."""
    return {
        at
        for at in range(min(kept), max(kept))
        if blocks[at].element.tag == "p"
        and blocks[at].element.getparent() in parents
        and ends_sentence(blocks[at].text)
        and len(blocks[at].words) >= LEAST_WORDS
        and blocks[at].linked < MOST_LINKED
    }


def _tables(blocks: Sequence[Block], parents: Collection[Element | None], around: Collection[Element]) -> set[int]:
    """The rows and terms of tables and lists of terms that stand beside paragraphs of the article."""
    found = set()
    for at, block in enumerate(blocks):
        table = next((tag for tag in ancestors(block.element, 5) if tag.tag in ("table", "dl")), None)
        if table is not None and table.getparent() in parents and block.linked < MOST_LINKED and not is_around(table, around):
            found.add(at)
    return found


def find_holders(blocks: Sequence[Block]) -> frozenset[Element]:
    """The elements that are around most of the text."""
    around: Counter[Element] = Counter()
    for block in blocks:
        for tag in ancestors(block.element):
            around[tag] += len(block.text)
    least = HOLDING * sum(len(block.text) for block in blocks)
    return frozenset(tag for tag, characters in around.items() if characters >= least)


def with_lead(kept: set[int], blocks: Sequence[Block], title: Words, description: Words) -> set[int]:
    """The blocks, with the lead that stands between the headline and them."""
    first = min((at for at in kept if is_prose(blocks[at])), default=None)
    if first is None:
        return kept
    head = _head(blocks[:first], title)
    article = _article_around(blocks[first].element)
    if head is None and article is None:
        return kept
    near = set(ancestors(blocks[head].element, LEAD_LEVELS)) if head is not None else set()
    near |= {article} if article is not None else set()
    about = Counter(shingles(description))
    there = Counter(one for at in kept for one in shingles(blocks[at].words))
    lead = {
        at
        for at in range(0 if head is None else head + 1, first)
        if _is_lead(blocks[at], near, about) and share_of(blocks[at].words, there) < 0.5
    }
    return kept | lead


def _is_lead(block: Block, near: set[Element], about: Counter[Words]) -> bool:
    """Whether a block above the body is a lead: as the page's summary has it, as it is called, or by its words and its place."""
    if len(block.text) > MAX_LEAD or block.linked >= MOST_LINKED:
        return False
    if share_of(block.words, about) >= SHARE:
        return not is_outside(block.element)
    if is_around(block.element):
        return False
    called_lead = len(block.text) >= LEAST_LEAD and any(_LEAD.search(class_and_id(tag)) for tag in ancestors(block.element, 2))
    return called_lead or (is_prose(block) and not near.isdisjoint(ancestors(block.element)))


def _head(blocks: Sequence[Block], title: Words) -> int | None:
    """The headline: a heading of the first rank, that which says the title or the last one; else what says it. Of several that
    say the same, the first."""
    heads = [at for at, block in enumerate(blocks) if block.element.tag == "h1"]
    titled = [at for at, block in enumerate(blocks) if title and block.words == title]
    found = [at for at in heads if at in titled] or [at for at in heads if blocks[at].words == blocks[heads[-1]].words]
    return found[0] if found else titled[-1] if titled else None


def _article_around(element: Element) -> Element | None:
    return next((tag for tag in ancestors(element) if tag.tag == "article"), None)


def _kind(element: Element) -> tuple[object, str]:
    """The tag and class of the nearest container that has a class."""
    for tag in ancestors(element, 4):
        if tag.get("class"):
            return tag.tag, str(tag.get("class"))
    return element.tag, ""


def _scope(elements: Sequence[Element], head: Element | None) -> Element:
    """The article around all elements, else what is around them and their headline, else around them all."""
    common = ancestors(elements[0])
    for element in elements[1:]:
        mine = set(ancestors(element))
        common = [tag for tag in common if tag in mine]
    marked = next((tag for tag in common if tag.tag in ("article", "main")), None)
    titled = set(ancestors(head))
    near = next((tag for tag in common[:SCOPE_LEVELS] if tag in titled), None)
    return next(tag for tag in (marked, near, common[0]) if tag is not None)
