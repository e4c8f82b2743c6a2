"""Yes or no, by whether the best statement says what the question supposes, and premises that the archive contradicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.english.capitals import fold, names
from rag.english.negation import Opposites, Polarity, opposite_stems, polarity, wrong_polarity
from rag.english.stems import Stems
from rag.forms import Row
from rag.story.gather import Scored, Story
from rag.story.outlets import outlets_of
from rag.story.speaking import speaker_of
from rag.story.tell import Footnotes, Told
from rag.types import Sentence

SAYS = 0.8
"""The share of a claim's weight that stands in a statement which says it, or denies it."""
OPPOSED, NAMED_BEFORE = 0.8, 0.7
"""What a word counts whose opposite the statement has, and a name that only stands before it."""
SHOWN = 2
_AUXILIARY = re.compile(
    r"^(?:and |so |but )?(?:is it true that|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)(n['’]t)?\s+",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:still|yet|again|already|ever|really|actually|any|also|now|currently)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:why|when|how|where|by what \w+|for what \w+|in which \w+)\s+(?:did|does|do|was|were|is|are|has|have|had)(n['’]t)?\s+",
    re.IGNORECASE,
)
_JUDGING = re.compile(r"^should\b|\b(?:good|bad|better|worse|best|worst|right|wrong|great|fair|stupid|nice)\b", re.IGNORECASE)
"""What asks for a judgement, which no report decides."""
_ENDED = re.compile(
    r"\b(?:drop|lift|withdr[ae]w|abandon|scrap|end|cancel|waiv)\w*\s(?:(?:its|their|his|her|the|all|any)\s)*(?P<what>[\w'’-]+)",
    re.IGNORECASE,
)
_HYPOTHETIC = re.compile(r"\b(?:if|whether|would|could|might|may|expected|plans? to|would have|should|asked)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the words of a language mean to each other: their stems, and which are opposites."""

    stems: Stems
    against: Opposites


@lru_cache(maxsize=1)
def _meaning() -> _Meaning:
    stems = Stems()
    return _Meaning(stems, opposite_stems(stems))


@dataclass(frozen=True, slots=True)
class _Held:
    """A statement held against a claim: how much of it it has, and the word by which it says the contrary, if it does."""

    one: Scored
    share: float
    contrary: str | None


def verdict(question: str, story: Story) -> Told | None:
    """Yes or no with the statement that decides it; None where no statement says enough."""
    claim = claim_of(question)
    held = _held(claim, story) if claim else []
    decisive = [each for each in held if each.share >= SAYS]
    if not decisive:
        return None
    best = max(decisive, key=lambda each: (round(each.share, 2), _newer(each), each.one.weight))
    others = [each for each in decisive if each is not best and bool(each.contrary) == bool(best.contrary)]
    short = "No" if best.contrary else "Yes"
    return _told(short, [best, *sorted(others, key=lambda each: -each.share)][:SHOWN], story)


def contradicted(question: str, story: Story) -> Told | None:
    """A question whose premise the archive denies is told so with the quote; None where some statement says what it supposes."""
    found = _QUESTION.match(question)
    if found is None:
        return None
    claim = question[found.end() :].strip(" ?")
    held = [each for each in _held(claim, story) if each.share >= 0.75]
    if not held or any(each.contrary is None for each in held):
        return None
    best = max(held, key=lambda each: (each.share, each.one.weight))
    return _told(None, [best], story, ("The articles say otherwise than the question supposes.",))


def claim_of(question: str) -> str | None:
    """What a question to be answered yes or no supposes, without its auxiliary."""
    found = None if _JUDGING.search(question) else _AUXILIARY.match(question)
    return _STILL.sub(" ", question[found.end() :]).strip(" ?") if found else None


def _held(claim: str, story: Story) -> list[_Held]:
    meaning = _meaning()
    said = polarity(claim, meaning.stems)
    weights = dict.fromkeys(said.stems, 1.0)
    named = {
        stem for name in names(claim[:1].lower() + claim[1:]) for word in name.words for stem in meaning.stems.of(fold(word))
    }
    core = [stem for stem in weights if stem not in named]
    if not core:
        return []
    found = []
    for one in story.found:
        text = one.statement.text
        if _HYPOTHETIC.search(text):
            continue
        source = polarity(text, meaning.stems)
        share = _share(source, core, named, one, meaning)
        if share >= 0.7:
            contrary = wrong_polarity(said, source, meaning.against) or _ended(text, core, meaning)
            found.append(_Held(one, share, contrary))
    return found


def _share(source: Polarity, core: Sequence[str], named: set[str], one: Scored, meaning: _Meaning) -> float:
    """The share of the claim that the statement speaks of.

    A word's opposite speaks of it too, though less surely, and so does a name that stands right before.
    """
    around = one.statement.around
    hits = sum(
        1.0 if stem in source.stems else OPPOSED if meaning.against.get(stem, frozenset()) & source.stems else 0.0
        for stem in core
    )
    there = sum(1.0 if stem in source.stems else NAMED_BEFORE if stem in around else 0.0 for stem in named)
    return (hits + there) / (len(core) + len(named))


def _ended(text: str, core: Sequence[str], meaning: _Meaning) -> str | None:
    """What the claim supposes and the statement says to be over: "dropped its objections"."""
    stems = (stem for found in _ENDED.finditer(text) for stem in meaning.stems.of(found["what"]))
    return next((stem for stem in stems if any(stem[:6] == one[:6] for one in core)), None)


def _newer(each: _Held) -> int:
    day = each.one.statement.reported
    return day.toordinal() if day else 0


def _told(short: str | None, held: Sequence[_Held], story: Story, notices: tuple[str, ...] = ()) -> Told:
    notes, rows = Footnotes(story.articles), []
    for each in held:
        said = each.one.statement
        rows.append(
            Row("verdict", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported, speaker_of(said.text))
        )
    sentences = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    confidence = min(0.9, 0.45 + 0.4 * held[0].share)
    return Told("yes/no", sentences, notes.citations, tuple(rows), short, round(confidence, 4), notices, story.passages)
