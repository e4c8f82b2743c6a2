"""Whether something is said to be so or not: negations, and words that mean the opposite of each other. In English."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from rag.english.lexicon import text_of

_PAIRS = text_of("opposites")
_NEGATORS = regex.compile(
    r"\b(?:not|never|no(?! doubt)|none|nobody|nothing|neither|nor|without|cannot|can['’]t|unable|nowhere|hardly|barely|no longer|"
    r"yet to|"
    r"(?:refus|fail|declin|ceas)(?:e|es|ed|ing|s)?(?= to\b)|den(?:y|ies|ied|ying)|rul(?:e|ed|es|ing) out|stopped short of|"
    r"lack(?:s|ed|ing)?|far from|rather than|instead of)\b|\w*n['’]t\b",
    regex.IGNORECASE,
)
_PLAIN = regex.compile(r"not|never|cannot|can['’]t|\w*n['’]t", regex.IGNORECASE)
_BESIDE = regex.compile(r"\s(?:\w+ly\s)?(?:be\s|been\s)?")
_THAT = regex.compile(r"(?:(?<=\b(?:deny|denies|denied|denying)) that\b)?")
_CLAUSE = regex.compile(r"[,;:.!?—–]|\b(?:but|and|while|although|though|because|that|which|who|when|after|before|if|so|unless)\b")
_WORD = regex.compile(r"[\p{L}]+(?:['’]\p{L}+)?")


def opposites() -> dict[str, frozenset[str]]:
    """Each word of the pairs above with those that mean the opposite."""
    found: dict[str, frozenset[str]] = {}
    for pair in _PAIRS.split(";"):
        one, other = (side.split() for side in pair.split("/"))
        for words, against in ((one, other), (other, one)):
            for word in words:
                found[word] = found.get(word, frozenset()) | frozenset(against)
    return found


def words(text: str) -> Iterator[tuple[str, int]]:
    """The words of `text` in lower case, each with where it begins."""
    return ((found[0].lower(), found.start()) for found in _WORD.finditer(text))


def negators(text: str) -> list[tuple[int, int]]:
    """For each word of `text` that denies what follows it, where it ends and where its clause does.

    Two that deny each other, as in "did not rule out", deny nothing; what "denied that" denies is in the clause after it.
    """
    found = list(_NEGATORS.finditer(text))
    double = {
        at
        for at, (one, other) in enumerate(pairwise(found))
        if _PLAIN.fullmatch(one[0]) and not _PLAIN.fullmatch(other[0]) and _BESIDE.fullmatch(text, one.end(), other.start())
    }
    kept = [one for at, one in enumerate(found) if at not in double and at - 1 not in double]
    return [(end, _clause_end(text, end)) for end in (_THAT.match(text, one.end()).end() for one in kept)]


def _clause_end(text: str, start: int) -> int:
    clause = _CLAUSE.search(text, start + 1)
    return clause.start() if clause else len(text)
