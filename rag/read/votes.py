"""Short answers that several passages give: each span adds its share of belief to all spans of the same words.

The belief in a span is the softmax of its score, and of how well its passage fits the question, among the best spans of all
passages together; equal answers are added up (as for the answers of a search engine's pages: Brill et al., TREC 2001), and of
different ones those come first that others agree with in part: "Joe Biden" speaks for "Biden".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.types import Reading, Span, Text

TEMPERATURE = 5.0
PRIOR = 4.0
"""What a passage's score of 0 to 1 counts in the logarithm of belief."""
SPANS = 5
"""The best spans of a passage that take part."""
KIN = 0.3
"""What the belief in an answer that has all words of another, or whose words another has, counts for that one."""
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_INNER = re.compile(r"(?<=\d)[.,](?=\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: a span of the text with the index `text`, and its own part of all belief (0 to 1)."""

    text: int
    span: Span
    belief: float


@dataclass(frozen=True, slots=True)
class Vote:
    """A short answer as it is best written, its share of all belief (0 to 1), and its places, best first."""

    answer: str
    share: float
    places: tuple[Place, ...]


def votes(
    readings: Sequence[Reading], texts: Sequence[Text], fits: Sequence[float], temperature: float = TEMPERATURE
) -> list[Vote]:
    """The different answers in `readings` of `texts`, best supported first; `fits` is how well each text fits, 0 to 1."""
    spans = [(index, span) for index, reading in enumerate(readings) for span in reading.spans[:SPANS]]
    if not spans:
        return []
    scores = np.asarray([span.score / temperature + PRIOR * fits[index] for index, span in spans], np.float64)
    beliefs = np.exp(scores - scores.max())
    beliefs /= beliefs.sum()
    groups: dict[str, list[Place]] = {}
    for (index, span), belief in zip(spans, beliefs, strict=True):
        groups.setdefault(same_answer(texts[index].text[span.start : span.end]), []).append(Place(index, span, float(belief)))
    found = {words: _vote(group, texts) for words, group in groups.items() if words}
    return [found[words] for words in sorted(found, key=lambda words: -_support(words, found))]


def same_answer(answer: str) -> str:
    """What two answers that are the same have in common: no case, accents, articles, punctuation, or commas in numbers."""
    plain = unicodedata.normalize("NFKD", answer.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _INNER.sub(lambda found: "." if found[0] == "." else "", plain)
    kept = "".join(char if char.isalnum() or char in ".%$€£" else " " for char in plain)
    return " ".join(word.strip(".") for word in _ARTICLES.sub(" ", kept).split() if word.strip("."))


def _vote(places: Sequence[Place], texts: Sequence[Text]) -> Vote:
    ordered = tuple(sorted(places, key=lambda place: -place.belief))
    best = ordered[0]
    answer = texts[best.text].text[best.span.start : best.span.end]
    return Vote(answer, sum(place.belief for place in places), ordered)


def _support(words: str, found: Mapping[str, Vote]) -> float:
    """An answer's own share and the part that counts of those that say more or less than it."""
    own = frozenset(words.split())
    others = ((frozenset(other.split()), vote.share) for other, vote in found.items() if other != words)
    return found[words].share + KIN * sum(share for theirs, share in others if theirs < own or own < theirs)
