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
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlets_of
from rag.story.quantity import ACTS, APART
from rag.story.speaking import speaker_of
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Sentence

SAYS, QUOTED, LEAST = 0.72, 0.55, 0.7
"""The share of a claim's weight that stands in a statement which says it, or denies it; the second where the reader chose it, the
third of what is weighed."""
NEAR = 0.4
"""The share that a statement has at least to be shown as the nearest to what is asked."""
OPPOSED, NAMED_BEFORE, BEFORE = 0.8, 0.7, 0.6
"""What a word counts whose opposite the statement has, a name that only stands before it, and another word that does."""
OWN, CHOSEN, ALONE = 0.7, 0.5, 3
"""The share of the words that are no names which the statement has itself at least, the second where the reader chose it, and how
many of them it has where it has none of the names."""
SHOWN = 2
_AUXILIARY = re.compile(
    r"^(?:and |so |but )?(?:is it true that|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)(n['’]t)?\s+",
    re.IGNORECASE,
)
_ANYBODY = re.compile(r"\b(?:anyone|anybody|anything|any|someone|somebody|something|some)\b", re.IGNORECASE)
_NONE = r"\b(?:no|zero|nobody|none|without|not any)\b(?:\s\w+){0,2}?\s"
_DENYING = (r"\bden(?:y|ied|ies|ying)\b", r"\brefus\w+", r"\breject\w*", r"\bdeclin\w+")
_STILL = re.compile(r"\b(?:still|yet|again|already|ever|really|actually|any|also|now|currently|being|behind)\b", re.IGNORECASE)
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

    one: ScoredStatement
    share: float
    contrary: str | None


def verdict(question: str, story: Story) -> StoryAnswer | None:
    """Yes or no with the statement that decides it; None where no statement says enough."""
    claim = claim_of(question)
    held = _compare(claim, story.found, LEAST) if claim else []
    return _decided([each for each in held if each.share >= SAYS], story)


def judged(question: str, story: Story, quotes: Sequence[str]) -> StoryAnswer | None:
    """Yes or no by the statements that a reader has chosen as an answer; None where they do not say."""
    claim = claim_of(question)
    chosen = [one for one in story.found if any(one.statement.text in quote for quote in quotes)]
    return _decided(_compare(claim, chosen, QUOTED), story) if claim and chosen else None


def nearest(question: str, story: Story) -> ScoredStatement | None:
    """The statement that has most of what is asked, where one has enough of it to be worth showing."""
    claim = claim_of(question) or question
    held = _compare(claim, story.found, NEAR)
    return max(held, key=lambda each: (each.share, each.one.weight)).one if held else None


def _decided(decisive: Sequence[_Held], story: Story) -> StoryAnswer | None:
    """What the newest of the statements with most of the claim decides; None without any."""
    if not decisive:
        return None
    best = max(decisive, key=lambda each: (round(each.share, 2), _newer(each), each.one.weight))
    others = [each for each in decisive if each is not best and bool(each.contrary) == bool(best.contrary)]
    short = "No" if best.contrary else "Yes"
    return _tell(short, [best, *sorted(others, key=lambda each: -each.share)][:SHOWN], story)


def find_contradiction(question: str, story: Story) -> StoryAnswer | None:
    """A question whose premise the archive denies is told so with the quote; None where some statement says what it supposes."""
    found = _QUESTION.match(question)
    if found is None:
        return None
    claim = question[found.end() :].strip(" ?")
    held = [each for each in _compare(claim, story.found, LEAST) if each.share >= SAYS]
    held = [each for each in held if each.contrary is None or _same_actor(claim, each.one)]
    if not held or any(each.contrary is None for each in held):
        return None
    best = max(held, key=lambda each: (each.share, each.one.weight))
    return _tell(None, [best], story, ("The articles say otherwise than the question supposes.",))


def claim_of(question: str) -> str | None:
    """What a question to be answered yes or no supposes, without its auxiliary."""
    found = None if _JUDGING.search(question) else _AUXILIARY.match(question)
    return _ANYBODY.sub(" ", _STILL.sub(" ", question[found.end() :])).strip(" ?") if found else None


def _same_actor(claim: str, one: ScoredStatement) -> bool:
    """Whether the statement speaks of the first name of the claim, of whom something is supposed."""
    first = next(iter(names(f"that {claim}")), None)
    spoken = {word for name in names(one.statement.text) for word in name.words}
    return first is None or first.words[-1] in spoken


def _compare(claim: str, some: Sequence[ScoredStatement], least: float) -> list[_Held]:
    meaning = _meaning()
    said = polarity(claim, meaning.stems)
    weights = dict.fromkeys(said.stems, 1.0)
    named = {stem for name in names(f"that {claim}") for word in name.words for stem in meaning.stems.of(fold(word))}
    core = [stem for stem in weights if stem not in named]
    if not core:
        return []
    found = []
    for one in some:
        text = one.statement.text
        if _HYPOTHETIC.search(text):
            continue
        source = polarity(text, meaning.stems)
        none = _none_of(claim, text)
        share = _share(source, core, named, one, meaning, 0.0 if none else CHOSEN if least < LEAST else OWN)
        if share >= least:
            contrary = none or (None if _deny(claim, text) else wrong_polarity(said, source, meaning.against))
            contrary = contrary or _find_ended(text, core, meaning)
            found.append(_Held(one, share, contrary))
    return found


def _share(
    source: Polarity, core: Sequence[str], named: set[str], one: ScoredStatement, meaning: _Meaning, own_least: float
) -> float:
    """The share of the claim that the statement speaks of.

    A word's opposite speaks of it too, though less surely, and so does a name that stands right before.
    """
    around = one.statement.around
    alike = {name for name, pattern in ACTS.items() if pattern.search(one.statement.text)}
    own = {stem: _own(stem, source, alike, meaning) for stem in core}
    has = sum(value > 0 for value in own.values())
    if has < own_least * len(core) or (own_least >= OWN and named and not named & source.stems and has < ALONE):
        return 0.0
    hits = sum(value or BEFORE * (stem in around) for stem, value in own.items())
    there = sum(1.0 if stem in source.stems else NAMED_BEFORE if stem in around else 0.0 for stem in named)
    return (hits + there) / (len(core) + len(named))


def _own(stem: str, source: Polarity, alike: set[str], meaning: _Meaning) -> float:
    """What the statement itself has of a word: the word, one of its class, or its opposite."""
    if stem in source.stems or _class_of(stem) & alike:
        return 1.0
    return OPPOSED if meaning.against.get(stem, frozenset()) & source.stems else 0.0


def _deny(claim: str, text: str) -> bool:
    """Whether both say that somebody denies or refuses something."""
    return any(re.search(pattern, claim, re.I) and re.search(pattern, text, re.I) for pattern in _DENYING)


@lru_cache(maxsize=1000)
def _class_of(stem: str) -> frozenset[str]:
    """The classes of words for what befalls people and things that a stem belongs to: "die" and "fatalities" are of one."""
    forms = (stem, f"{stem}e", f"{stem}s", f"{stem}d", f"{stem}ed")
    return frozenset(name for name in APART if name in ACTS and any(ACTS[name].fullmatch(form) for form in forms))


def _none_of(claim: str, text: str) -> str | None:
    """The class of what the claim supposes, where the statement says that there was none: "zero fatalities"."""
    for name in APART & ACTS.keys():
        pattern = ACTS[name]
        if pattern.search(claim) and re.search(rf"{_NONE}{pattern.pattern}", text, re.IGNORECASE):
            return name
    return None


def _find_ended(text: str, core: Sequence[str], meaning: _Meaning) -> str | None:
    """What the claim supposes and the statement says to be over: "dropped its objections"."""
    stems = (stem for found in _ENDED.finditer(text) for stem in meaning.stems.of(found["what"]))
    return next((stem for stem in stems if any(stem[:6] == one[:6] for one in core)), None)


def _newer(each: _Held) -> int:
    day = each.one.statement.reported
    return day.toordinal() if day else 0


def _tell(short: str | None, held: Sequence[_Held], story: Story, notices: tuple[str, ...] = ()) -> StoryAnswer:
    notes, rows = Footnotes(story.articles), []
    for each in held:
        said = each.one.statement
        rows.append(
            Row("verdict", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported, speaker_of(said.text))
        )
    sentences = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    confidence = min(0.9, 0.45 + 0.4 * held[0].share)
    return StoryAnswer("yes/no", sentences, notes.citations, tuple(rows), short, round(confidence, 4), notices, story.passages)
