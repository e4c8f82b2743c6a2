"""What outlets say of one story, beside each other: what both say, what only one says, and where their figures differ."""

from __future__ import annotations

from collections.abc import Sequence

from rag.forms import Contrast, Part, Side
from rag.story.choose import distinct
from rag.story.gather import Scored, Story
from rag.story.outlets import outlet_name
from rag.story.statements import Statement, overlap
from rag.story.tell import Footnotes, Told
from rag.types import Sentence

OUTLETS = 4
EACH = 3
"""What is shown of one outlet, and of what they have in common."""
LEAST = 0.3
BOTH, APART = 0.4, 0.3
"""The share of the shorter statement's terms in common from which two say the same, and below which one says what another does not."""


def comparison(story: Story, outlets: Sequence[str] = ()) -> Told | None:
    """None where fewer than two outlets, or articles of none, tell the story."""
    sides = _sides(story, outlets)
    if len(sides) < 2:
        return None
    notes = Footnotes(story.articles)
    contrasts = [*_differing(sides, notes), *_shared(sides, notes), *_alone(sides, notes)]
    if not contrasts:
        return None
    sentences = tuple(
        Sentence(quote, (number,), 1.0)
        for contrast in contrasts for side in contrast.sides for quote, number in zip(side.quotes, side.citations, strict=True)
    )  # fmt: skip
    parts: tuple[Part, ...] = (*contrasts, story.coverage)
    return Told("comparison", sentences, notes.citations, parts, confidence=0.7, passages=story.passages)


def _sides(story: Story, outlets: Sequence[str]) -> dict[str, list[Scored]]:
    """The statements by outlet, or by article where only one outlet, or none, is named; those with the most weight first."""
    named = {name for article in story.articles.values() if (name := outlet_name(article.source))}
    by_article = len(named) < 2
    found: dict[str, list[Scored]] = {}
    for one in story.found:
        if one.weight >= LEAST:
            for quote in one.statement.quotes:
                label = quote.source.title if by_article else outlet_name(quote.source) or quote.source.title
                found.setdefault(label, []).append(Scored(_of(one.statement, quote.source.id), one.weight))
    wanted = {name.casefold() for name in outlets}
    kept = {label: some for label, some in found.items() if not wanted or by_article or label.casefold() in wanted}
    heaviest = sorted(kept, key=lambda label: -sum(one.weight for one in kept[label][:5]))[:OUTLETS]
    return {label: kept[label] for label in heaviest}


def _of(one: Statement, source: str) -> Statement:
    """The statement with the quote of one source alone."""
    from dataclasses import replace

    quote = next(quote for quote in one.quotes if quote.source.id == source)
    return replace(one, quote=quote, also=())


def _shared(sides: dict[str, list[Scored]], notes: Footnotes) -> list[Contrast]:
    first, *others = sides
    found: list[Contrast] = []
    used: list[Statement] = []
    for one in sides[first]:
        for label in others:
            alike = [other for other in sides[label] if overlap(one.statement.terms, other.statement.terms) >= BOTH]
            if alike and not any(overlap(one.statement.terms, said.terms) >= BOTH for said in used):
                best = max(alike, key=lambda other: overlap(one.statement.terms, other.statement.terms))
                if _values(one.statement) <= _values(best.statement) or _values(best.statement) <= _values(one.statement):
                    used.append(one.statement)
                    found.append(Contrast("both", "", (_side(first, [one], notes), _side(label, [best], notes))))
                    break
        if len(found) == EACH:
            break
    return found


def _differing(sides: dict[str, list[Scored]], notes: Footnotes) -> list[Contrast]:
    """Statements of two outlets about the same with other numbers of the same unit."""
    labels = list(sides)
    pairs: list[tuple[float, str, Scored, str, Scored]] = []
    for at, first in enumerate(labels):
        for other in labels[at + 1 :]:
            for one in sides[first][:40]:
                for two in sides[other][:40]:
                    shared = overlap(one.statement.terms, two.statement.terms)
                    if shared >= 0.5 and _conflict(one.statement, two.statement):
                        pairs.append((shared, first, one, other, two))
    found: list[Contrast] = []
    seen: set[str] = set()
    for _, first, one, other, two in sorted(pairs, key=lambda pair: -pair[0]):
        if one.statement.text in seen or two.statement.text in seen or len(found) == EACH:
            continue
        seen |= {one.statement.text, two.statement.text}
        about = " / ".join(_written(each.statement) for each in (one, two))
        found.append(Contrast("differ", about, (_side(first, [one], notes), _side(other, [two], notes))))
    return found


def _values(one: Statement) -> set[tuple[float, str]]:
    return {(number.value, number.unit) for number in one.numbers if number.unit != "th"}


def _conflict(one: Statement, other: Statement) -> bool:
    mine, theirs = _values(one), _values(other)
    return bool(mine and theirs) and not mine & theirs and bool({unit for _, unit in mine} & {unit for _, unit in theirs})


def _written(one: Statement) -> str:
    return ", ".join(one.text[number.start : number.end].strip() for number in one.numbers)


def _alone(sides: dict[str, list[Scored]], notes: Footnotes) -> list[Contrast]:
    found = []
    for label, some in sides.items():
        others = [one.statement for other, theirs in sides.items() if other != label for one in theirs]
        own = [one for one in some if all(overlap(one.statement.terms, other.terms) < APART + 0.1 for other in others)]
        if picked := distinct(own, EACH, LEAST):
            found.append(Contrast("only", "", (_side(label, picked, notes),)))
    return found


def _side(label: str, some: Sequence[Scored], notes: Footnotes) -> Side:
    cited = [(one.statement.text, notes.cite([one.statement.quote])) for one in some]
    return Side(label, tuple(text for text, numbers in cited if numbers), tuple(numbers[0] for _, numbers in cited if numbers))
