"""Whether a text is one well-formed question, as far as its words and their order tell."""

from __future__ import annotations

from itertools import pairwise

import regex

from rag.english.lexicon import ASKING, AUXILIARIES, FUNCTION, PREPOSITIONS, list_words
from rag.english.words import is_plural, is_verb, tokens

OPENING = regex.compile(
    r"^(?:(?:and|but|in|on|at|by|for|from|to|of|with|under|according|since|during|after|before)\b.*\b)?(?:who|whom|whose|what|which"
    r"|when|where|why|how|is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)\b",
    regex.IGNORECASE,
)
ASKS_TIME = regex.compile(
    r"^\W*(?:since\s|until\s)?when\b|^\W*(?:\w+\s)?(?:what|which)\s(?:year|month|day|date|time|week)\b", regex.IGNORECASE
)
_MARKS = regex.compile(r"[()\[\]{}<>|]")
_FINITE = list_words("finite")
_TWICE = frozenset(("that", "had"))


def is_question(text: str) -> bool:
    """Whether `text` opens as a question, has a verb, and has no word beside another that cannot stand there."""
    inside = text.strip()
    words = [token.low for token in tokens(inside)]
    return (
        inside.endswith("?")
        and inside.count("?") == 1
        and not _MARKS.search(inside)
        and OPENING.match(inside) is not None
        and _has_verb(words)
        and not any(_clash(one, other) for one, other in pairwise(words))
    )


def _has_verb(words: list[str]) -> bool:
    """Whether there is an auxiliary and something it is said of, or another verb after the first word."""
    rest = words[1:]
    if not rest or (len(rest) == 1 and (rest[0] in FUNCTION or words[0] not in ASKING)):
        return False
    if any(word in AUXILIARIES for word in words) or (words[0] == "who" and rest[0] not in FUNCTION):
        return True
    return any(is_verb(word) or (is_plural(word) and is_verb(word[:-1])) or is_verb(word.removesuffix("s")) for word in rest)


def _clash(one: str, other: str) -> bool:
    """Whether two words cannot follow each other: the same twice, two auxiliaries, "in of"."""
    if one == other:
        return one not in _TWICE
    if one in _FINITE and other in _FINITE:
        return True
    return one in ("of", "at", "by", "with") and other in PREPOSITIONS - {"about", "over", "under"}
