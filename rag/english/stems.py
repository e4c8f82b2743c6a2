"""Words of content, and their stems."""

from __future__ import annotations

from dataclasses import dataclass

import regex
import tantivy

from rag.english.lexicon import IRREGULAR, list_words
from rag.terms import Analysis

_WORD = regex.compile(r"[\p{L}\p{N}]+(?:[’'.,-](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*")
FUNCTION = list_words("unchecked")

LIGHT = list_words("light")
"""Words that say little by themselves, and change with the wording."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word in lower case, its stem, and where it begins."""

    word: str
    stem: str
    start: int


class Stems:
    """Words to stems, irregular verbs by their infinitives. Safe to share between threads once made."""

    def __init__(self) -> None:
        self._analyzer: tantivy.TextAnalyzer = Analysis().build()

    def of(self, text: str) -> list[str]:
        """The stems of the content words of `text`, in order."""
        return [stem for _, stem in self.pairs(text)]

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """The content words of `text`, in lower case, each with its stem, in order."""
        return [(one.word, one.stem) for one in self.place(text)]

    def place(self, text: str) -> list[Placed]:
        """The content words of `text`, in order; one that is written in parts counts once for each of them."""
        words = [(found[0].casefold(), found.start()) for found in _WORD.finditer(text)]
        return [
            Placed(word, stem, start)
            for word, start in words
            if word.removesuffix("’s") not in FUNCTION
            for stem in self._analyzer.analyze(IRREGULAR.get(word, word).encode("utf-8", "replace").decode())
            if len(stem) > 1
        ]


def word_spans(text: str) -> list[tuple[int, int]]:
    """The characters of the words of `text`, in order."""
    return [found.span() for found in _WORD.finditer(text)]
