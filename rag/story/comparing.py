"""What outlets say of one story, beside each other: what both say, what only one says, and where their figures differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.forms import Contrast, Figure, Part, Side
from rag.story.choose import distinct
from rag.story.gather import ScoredStatement, Story
from rag.story.merge import overlap
from rag.story.outlets import outlet_name
from rag.story.relation import pair_counts, relation
from rag.story.statements import Statement
from rag.story.tell import Footnotes, StoryAnswer
from rag.story.topic import STOP
from rag.types import Sentence

OUTLETS = 4
EACH = 4
"""What is shown of one outlet, and of what they have in common."""
LEAST, ALL = 0.3, -0.1
"""The weight from which a statement is compared; the second where a few articles are, each of which is about the topic."""
ABOUT, NEARLY = 0.5, 0.7
"""The share of the greatest weight from which a statement is compared, and from which one outlet's is told."""
COMPARED = 25
"""Statements with a number of each outlet whose figures are compared."""
DIFFERING = 0.4
"""The share of terms in common from which two statements count the same."""
BOTH, APART = 0.4, 0.3
"""The share of the shorter statement's terms in common from which two say the same, and below which one
says what another does not."""


def comparison(story: Story, outlets: Sequence[str] = ()) -> StoryAnswer | None:
    """None where fewer than two outlets, or articles of none, tell the story."""
    sides = _sides(story, outlets)
    if len(sides) < 2:
        return None
    notes = Footnotes(story.articles)
    share_of_words = _find_shared(sides, notes, story.topic.named)
    return _tell([*_find_contrasts(sides, notes), *share_of_words, *_alone(sides, notes)], notes, story)


def what_one_says(story: Story, outlet: str) -> StoryAnswer | None:
    """What the articles of a story, all of one outlet, say that has most of the topic; None where they say nothing of it."""
    most = max((one.weight for one in story.found), default=0.0)
    picked = distinct(story.found, EACH, max(LEAST, NEARLY * most))
    notes = Footnotes(story.articles)
    return _tell([Contrast("only", "", (_side(outlet, picked, notes),))], notes, story) if picked else None


def figures_beside(told: Sequence[tuple[str, Figure, Story]]) -> StoryAnswer | None:
    """The figure that each outlet gives, beside each other; None without two."""
    if len(told) < 2:
        return None
    notes = Footnotes({id: article for _, _, story in told for id, article in story.articles.items()})
    sides = []
    for outlet, figure, story in told:
        quotes = [one.statement.quote for one in story.found if one.statement.text == figure.quote][:1]
        sides.append(Side(outlet, (figure.quote,), notes.cite(quotes)))
    values = list(dict.fromkeys(figure.value for _, figure, _ in told))
    contrast = Contrast("both" if len(values) == 1 else "differ", " / ".join(values), tuple(sides))
    answer = _tell([contrast], notes, told[0][2])
    return replace(answer, short_answer="; ".join(f"{outlet}: {figure.value}" for outlet, figure, _ in told)) if answer else None


def contrasts(story: Story, notes: Footnotes) -> list[Contrast]:
    """Where outlets of a story differ in a figure of one time, for a briefing."""
    sides = _sides(story, ())
    return _find_contrasts(sides, notes) if len(sides) > 1 else []


def _tell(found: Sequence[Contrast], notes: Footnotes, story: Story) -> StoryAnswer | None:
    if not found:
        return None
    sentences = tuple(
        Sentence(quote, (number,), 1.0)
        for contrast in found for side in contrast.sides for quote, number in zip(side.quotes, side.citations, strict=False)
    )  # fmt: skip
    parts: tuple[Part, ...] = (*found, story.coverage)
    return StoryAnswer("comparison", sentences, notes.citations, parts, confidence=0.7, passages=story.passages)


def _sides(story: Story, outlets: Sequence[str]) -> dict[str, list[ScoredStatement]]:
    """The statements by outlet, or by article where only one outlet, or none, is named; those with the most weight first."""
    named = {name for article in story.articles.values() if (name := outlet_name(article.source))}
    by_article = len(named) < 2
    most = max((one.weight for one in story.found), default=0.0)
    least = ALL if by_article else max(LEAST, ABOUT * most)
    found: dict[str, list[ScoredStatement]] = {}
    for one in story.found:
        if one.weight >= least:
            for quote in one.statement.quotes:
                label = quote.source.title if by_article else outlet_name(quote.source) or quote.source.title
                found.setdefault(label, []).append(ScoredStatement(_of(one.statement, quote.source.id), one.weight))
    wanted = {name.casefold() for name in outlets}
    kept = {label: some for label, some in found.items() if not wanted or by_article or label.casefold() in wanted}
    heaviest = sorted(kept, key=lambda label: -sum(one.weight for one in kept[label][:5]))[:OUTLETS]
    return {label: kept[label] for label in heaviest}


def _of(one: Statement, source: str) -> Statement:
    """The statement with the quote of one source alone."""
    quote = next(quote for quote in one.quotes if quote.source.id == source)
    return replace(one, quote=quote, also=())


def _find_shared(sides: dict[str, list[ScoredStatement]], notes: Footnotes, named: frozenset[str]) -> list[Contrast]:
    """What two outlets both say: statements with the same words besides the names that all of them have."""

    def share_of_words(one: Statement, other: Statement) -> float:
        return overlap(one.terms - named - STOP, other.terms - named - STOP)

    first, *others = sides
    found: list[Contrast] = []
    used: list[Statement] = []
    for one in sides[first]:
        for label in others:
            alike = [other for other in sides[label] if share_of_words(one.statement, other.statement) >= BOTH]
            alike = [other for other in alike if other.statement not in used]
            if alike and not any(share_of_words(one.statement, said) >= BOTH for said in used):
                best = max(alike, key=lambda other: share_of_words(one.statement, other.statement))
                if _values(one.statement) <= _values(best.statement) or _values(best.statement) <= _values(one.statement):
                    used += [one.statement, best.statement]
                    found.append(Contrast("both", "", (_side(first, [one], notes), _side(label, [best], notes))))
                    break
        if len(found) == EACH:
            break
    return found


def _find_contrasts(sides: dict[str, list[ScoredStatement]], notes: Footnotes) -> list[Contrast]:
    """Statements of two outlets about the same that dispute each other's figures."""
    labels = list(sides)
    pairs: list[tuple[float, str, ScoredStatement, str, ScoredStatement]] = []
    for at, first in enumerate(labels):
        for other in labels[at + 1 :]:
            for one in _keep_numbers(sides[first]):
                for two in _keep_numbers(sides[other]):
                    share_of_words = overlap(one.statement.terms, two.statement.terms)
                    if share_of_words >= DIFFERING and _dispute(one.statement, two.statement):
                        pairs.append((share_of_words, first, one, other, two))
    found: list[Contrast] = []
    seen: set[str] = set()
    for _, first, one, other, two in sorted(pairs, key=lambda pair: -pair[0]):
        if one.statement.text in seen or two.statement.text in seen or len(found) == EACH:
            continue
        seen |= {one.statement.text, two.statement.text}
        found.append(Contrast("differ", _values_of(one, two), (_side(first, [one], notes), _side(other, [two], notes))))
    return found


def _dispute(one: Statement, other: Statement) -> bool:
    """Whether two statements dispute a figure of the same noun or unit."""
    pair = pair_counts(one, other) if relation(one, other) == "dispute" else None
    return pair is not None and bool(pair[0].number.unit or pair[0].scope.nouns & pair[1].scope.nouns)


def _keep_numbers(some: Sequence[ScoredStatement]) -> list[ScoredStatement]:
    return [one for one in some if one.statement.numbers][:COMPARED]


def _values_of(one: ScoredStatement, other: ScoredStatement) -> str:
    pair = pair_counts(one.statement, other.statement)
    return " / ".join(each.text[each.number.start : each.number.end].strip() for each in pair) if pair else ""


def _values(one: Statement) -> set[tuple[float, str]]:
    return {(number.value, number.unit) for number in one.numbers if number.unit != "th"}


def _alone(sides: dict[str, list[ScoredStatement]], notes: Footnotes) -> list[Contrast]:
    found = []
    for label, some in sides.items():
        others = [one.statement for other, theirs in sides.items() if other != label for one in theirs]
        own = [one for one in some if all(overlap(one.statement.terms, other.terms) < APART + 0.1 for other in others)]
        if picked := distinct(own, EACH, ALL):
            found.append(Contrast("only", "", (_side(label, picked, notes),)))
    return found


def _side(label: str, some: Sequence[ScoredStatement], notes: Footnotes) -> Side:
    cited = [(one.statement.text, notes.cite([one.statement.quote])) for one in some]
    return Side(label, tuple(text for text, numbers in cited if numbers), tuple(numbers[0] for _, numbers in cited if numbers))
