"""How well the words of a clause find words of a span that mean the same where they stand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.english.folding import fold
from rag.english.reporting import is_saying
from rag.english.stems import LIGHT, Placed, word_spans
from rag.protocols import WordEmbedder
from rag.types import Worded

REMEMBERED = 512
"""Texts whose words are kept: about 25 MB."""
AROUND = 0.5
"""What a word counts that stands before the span, in its title or its outlet, and not in it."""


class Readings:
    """Texts as the embedder reads them; the last ones are remembered. Safe to use from many threads."""

    def __init__(self, embedder: WordEmbedder, remembered: int = REMEMBERED) -> None:
        self._embedder = embedder
        self._remembered = remembered
        self._known: OrderedDict[str, Worded] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Worded]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        if unknown := list(dict.fromkeys(text for text in texts if text not in found)):
            found |= dict(zip(unknown, self._embedder.embed_words(unknown, word_spans), strict=True))
        with self._lock:
            self._known.update(found)
            for text in found:
                self._known.move_to_end(text)
            while len(self._known) > self._remembered:
                self._known.popitem(last=False)
        return [found[text] for text in texts]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a clause's words of content stand in a span.

    `own` and `coverage` are shares of them, 0 to 1: those the span has, and the same with what stands around it at half. `near`
    is the mean cosine of each to the word of the span that is nearest to it where both stand, `farthest` the least cosine of a
    word that the span has not, `gap` what these words lack together of cosines of 1, `missing` these words, the farthest first.
    """

    own: float
    coverage: float
    near: float
    farthest: float
    gap: float
    missing: tuple[str, ...]


WHOLE = Alignment(1.0, 1.0, 1.0, 1.0, 0.0, ())
"""That of a clause without words of content."""


def align(
    clause: Worded, words: Sequence[Placed], span: Worded, stems: frozenset[str], around: frozenset[str], named: frozenset[str]
) -> Alignment:
    """`words` are the clause's words of content; `stems` those of the span and `around` those of what stands around it.

    Names, and words that say little, are not looked for by their meaning; `named` are the clause's folded words of names.
    """
    if not words:
        return WHOLE
    best = nearest(clause, span)
    rows = {start: row for row, (start, _) in enumerate(clause.spans)}
    cosines = np.asarray([best[rows[word.start]] if word.start in rows else 0.0 for word in words])
    here = np.asarray([word.stem in stems for word in words])
    sought = np.asarray([not (fold(one.word) in named or one.word in LIGHT or is_saying(one.word)) for one in words])
    missing, lacked = ~here & sought, cosines[~here & sought]
    return Alignment(
        float(here.mean()),
        coverage(words, stems, around),
        float(cosines.mean()),
        float(lacked.min(initial=1.0)),
        float((1 - lacked).sum()),
        tuple(words[at].word for at in np.argsort(cosines, kind="stable") if missing[at]),
    )


def coverage(words: Sequence[Placed], stems: frozenset[str], around: frozenset[str]) -> float:
    """The share of `words` that a span with `stems` has, those that only stand around it counting AROUND; 1 without words."""
    counts = [1.0 if word.stem in stems else AROUND * (word.stem in around) for word in words]
    return sum(counts) / len(counts) if counts else 1.0


def nearest(clause: Worded, span: Worded) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Shape (words of the clause,): the cosine of each to the nearest word of the span, 0 where that has none."""
    if not len(span.vectors):
        return np.zeros(len(clause.vectors), np.float32)
    return np.asarray((clause.vectors @ span.vectors.T).max(axis=1, initial=0.0), np.float32)
