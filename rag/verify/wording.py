"""Words of content: their stems, and how near they are in meaning."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import regex
import tantivy

from rag.protocols import Embedder
from rag.terms import Analysis
from rag.types import Vector

REMEMBERED = 20_000

_WORD = regex.compile(r"[\p{L}\p{N}]+(?:[’'.,-](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*")
FUNCTION = frozenset(
    """
    a about after all also an and any are as at be because been before being but by can could did do does doing during each
    for from had has have having he her hers him his how i if in into is it its itself just may me might more most must my
    no nor not of off on once only or other our out over own said same say says shall she should so some such than that the
    their theirs them then there these they this those through to too under until up upon very was we were what when where
    which while who whom whose why will with within without would you your according told one s t
    """.split()  # noqa: SIM905
)


class Stems:
    """Words to stems. Safe to share between threads once made."""

    def __init__(self) -> None:
        self._analyzer: tantivy.TextAnalyzer = Analysis().build()

    def of(self, text: str) -> list[str]:
        """The stems of the content words of `text`, in order."""
        return [stem for _, stem in self.pairs(text)]

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """The content words of `text`, in lower case, each with its stem, in order."""
        words = [found[0].casefold() for found in _WORD.finditer(text)]
        return [
            (word, stem)
            for word in words
            if word.removesuffix("’s") not in FUNCTION
            for stem in self._analyzer.analyze(word.encode("utf-8", "replace").decode())
            if len(stem) > 1
        ]


class Likeness:
    """How near in meaning two words are: the cosine of their embeddings, 0 to 1. The last words looked at are remembered."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, words: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each of `words` the cosine of the nearest of `others`; 0 without any."""
        if not words or not others:
            return [0.0] * len(words)
        vectors = self._vectors([*words, *others])
        cosines = np.stack([vectors[word] for word in words]) @ np.stack([vectors[other] for other in others]).T
        return [float(cosine) for cosine in np.clip(cosines.max(axis=1), 0.0, 1.0)]

    def _vectors(self, words: Sequence[str]) -> dict[str, Vector]:
        with self._lock:
            found = {word: self._known[word] for word in words if word in self._known}
        if unknown := list(dict.fromkeys(word for word in words if word not in found)):
            found |= dict(zip(unknown, self._embedder.embed_documents(unknown), strict=True))
        with self._lock:
            self._known.update(found)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found
