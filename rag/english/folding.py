"""Names as they are compared: their words without case, accents, dots and possessive, and their initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import regex

_PHRASE = regex.compile(r"\p{Lu}\p{L}+(?:[’']s?)?(?:\s(?:(?:and|of|for|the|&)\s)*\p{Lu}\p{L}+(?:[’']s?)?)+")


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A word without case, accents, dots, and the possessive: "müller" and "u.s." become "muller" and "us"."""
    plain = unicodedata.normalize("NFKD", regex.sub(r"['’]s$|['’]$", "", word.rstrip(".")))
    return "".join(char for char in plain if not unicodedata.combining(char) and char not in ".’'").casefold()


def acronyms(text: str) -> set[str]:
    """The initials, in lower case, of the names of two to eight words that `text` writes out."""
    found: set[str] = set()
    for phrase in _PHRASE.finditer(text):
        initials = "".join(word[0] for word in regex.findall(r"\p{Lu}\p{L}*", phrase[0])).casefold()
        found |= {initials[i : i + size] for size in range(2, 9) for i in range(len(initials) - size + 1)}
    return found


def expand_acronyms(text: str, short: Iterable[str]) -> set[str]:
    """The words of the names in `text` whose initials are one of `short`, folded."""
    wanted = set(short)
    found: set[str] = set()
    for phrase in _PHRASE.finditer(text):
        words = regex.findall(r"\p{Lu}[\p{L}’']*", phrase[0])
        for start in range(len(words)):
            for end in range(start + 2, len(words) + 1):
                if "".join(word[0] for word in words[start:end]) in wanted:
                    found |= {fold(word) for word in words[start:end]}
    return found
