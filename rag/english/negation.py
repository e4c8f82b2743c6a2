"""Whether two texts say the same to be so: no negation of one is missing from the other, and no word stands for its opposite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.english.polarity import negators, opposites, words
from rag.english.stems import FUNCTION, Stems

TARGETS = 3
"""Content words after a negator that it may be about."""
_OF_VERB = re.compile(
    r"(?:\b(?:not|never|cannot|no longer|yet to|(?:refus|fail|declin)\w*|den(?:y|ies|ied|ying)|rul\w+ out|stopped short of)"
    r"|n['’]t)$",
    re.IGNORECASE,
)
"""What denies a verb."""
_OF_SUBJECT = re.compile(
    r"\s+(?:(?:has|have|had|did|does|do|was|were|is|are|will|would|could|can|may|might)\s*)?"
    r"(?:not|never|n['’]t|yet to|(?:refus|fail|declin)\w*|den(?:y|ies|ied|ying))",
    re.IGNORECASE,
)
"""The same right behind who does it."""
_EXCEPT = re.compile(r"\b(?:only|just|until|till|unless|before|but|except)\b", re.IGNORECASE)
"""What is denied of all but the answer is so of it: "will not open until May"."""
Opposites = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Polarity:
    """The stems of a text's content words, and for each of its negators the stems that it is about, the nearest first."""

    stems: frozenset[str]
    denied: tuple[tuple[str, ...], ...]


def polarity(text: str, stems: Stems) -> Polarity:
    found = [(stem, at) for word, at in words(text) if word not in FUNCTION for stem in stems.of(word)]
    denied = tuple(tuple(stem for stem, at in found if end <= at < last)[:TARGETS] for end, last in negators(text))
    return Polarity(frozenset(stem for stem, _ in found), tuple(targets for targets in denied if targets))


def wrong_polarity(said: Polarity, source: Polarity, against: Opposites) -> str | None:
    """A word that one of the texts denies and the other does not, or whose opposite the source has instead; None without any."""
    for targets in said.denied:
        if not _denies(targets, source) and not _opposes(targets, source, against) and not _in_other_words(targets, said, source):
            return targets[0]
    for targets in source.denied:
        if targets[0] in said.stems and not _denies(targets, said) and not _opposes(targets, said, against):
            return targets[0]
    for stem in said.stems - source.stems:
        opposed = against.get(stem, frozenset())
        if opposed & source.stems and not opposed & said.stems and not _turns(stem, opposed, said, source):
            return stem
    return None


def is_denied(question: str, sentence: str, answer: str, stems: Stems) -> bool:
    """Whether the sentence denies of the answer what the question takes to be so: it "has not approved the loan", and what has
    been approved is asked."""
    asked, at = set(stems.of(question)), sentence.find(answer)
    if negators(question) or at < 0:
        return False
    for end, last in negators(sentence):
        behind = end <= at < last and _OF_VERB.search(sentence, 0, end) and not _EXCEPT.search(sentence, end, at)
        subject = at < end and _OF_SUBJECT.fullmatch(sentence, at + len(answer), end) and not _EXCEPT.search(sentence, end, last)
        if (behind and not asked.isdisjoint(stems.of(sentence[end:at]))) or (
            subject and not asked.isdisjoint(stems.of(sentence[end:last]))
        ):
            return True
    return False


def _in_other_words(targets: tuple[str, ...], said: Polarity, source: Polarity) -> bool:
    """Whether the source does not affirm what is denied here, and denies something that is not spoken of here."""
    return targets[0] not in source.stems and any(theirs[0] not in said.stems for theirs in source.denied)


def _denies(targets: tuple[str, ...], other: Polarity) -> bool:
    """Whether the other text denies one of the same words."""
    return any(set(targets) & set(theirs) for theirs in other.denied)


def _opposes(targets: tuple[str, ...], other: Polarity, against: Opposites) -> bool:
    """Whether the other text affirms the opposite of what is denied here: "did not approve" and "rejected"."""
    affirmed = other.stems - frozenset(stem for theirs in other.denied for stem in theirs)
    return any(against.get(stem, frozenset()) & affirmed for stem in targets)


def _turns(stem: str, opposed: frozenset[str], said: Polarity, source: Polarity) -> bool:
    """Whether one of the two is denied where it stands, so that opposites say the same."""
    one = any(stem in theirs for theirs in said.denied)
    other = any(opposed & set(theirs) for theirs in source.denied)
    return one != other


def opposite_stems(stems: Stems) -> Opposites:
    """The pairs of opposites by stem; a stem that is its own opposite is left out."""
    found: dict[str, frozenset[str]] = {}
    for word, others in opposites().items():
        for stem in stems.of(word):
            against = frozenset(each for other in others for each in stems.of(other)) - {stem}
            found[stem] = found.get(stem, frozenset()) | against
    return found
