"""Several questions in one: "Who won, and when was the final?" is two, of which the second leans on the first."""

from __future__ import annotations

import re
from itertools import islice

from rag.english.lexicon import AUXILIARIES, VERBS
from rag.english.words import Token, base, is_verb, tokens

MOST = 4
"""Questions answered at once; with more a text is left whole."""
NEAR = 5
"""Words behind a question's first in which its verb stands."""
_MARK = re.compile(r"\?+\s+(?=\w)")
_LED_IN = re.compile(r"^(?:(?:and|also|then|so|but)\b,?\s*)+", re.IGNORECASE)
_ASKING = r"(?:who|whom|what|which|whose|when|where|why|how)\b"
_INVERTED = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\s+"
    r"(?:he|she|it|they|there|the|an?|his|her|its|their|(?-i:[A-Z]))"
)
_JOINED = re.compile(rf"(?:[,;]\s*(?:and\s+)?|\s+and\s+)(?:also\s+|then\s+)?(?={_ASKING}|{_INVERTED})", re.IGNORECASE)
_OF_A_CLAUSE = frozenset(("when", "where", "why", "how"))
"""Words that also begin a clause: after one of them a question has its auxiliary before its subject."""
_QUOTED = re.compile(r"[\"“”]")


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of `text` in order, each with its mark; the text alone where it is one, has a quotation, or says more.

    Only what has the order of words of a question is taken for one: "Do we know who did it and why they left?" is one.
    """
    whole = " ".join(text.split())
    if _QUOTED.search(whole):
        return (text,)
    asked = [part for one in _MARK.split(whole) for part in _parted(one)]
    if not 1 < len(asked) <= MOST or not all(map(_begins, asked)):
        return (text,)
    return tuple(f"{part[:1].upper()}{part[1:]}?" for part in asked)


def _parted(one: str) -> list[str]:
    """What stands before a question mark as the questions that it joins, or whole where they are not all questions."""
    parts = [part for each in _JOINED.split(one) if (part := _bare(each))]
    return parts if all(map(_asks, parts)) else [_bare(one)]


def _bare(part: str) -> str:
    return _LED_IN.sub("", part).strip(" ?,;")


def _begins(part: str) -> bool:
    first, *rest = tokens(part) or [Token("", 0, 0)]
    return bool(rest) and (re.match(_ASKING, first.low) is not None or first.low in AUXILIARIES)


def _asks(part: str) -> bool:
    """Whether the words are a question with a verb of its own."""
    if not _begins(part):
        return False
    read = tokens(part)
    first, rest = read[0].low, list(islice(read, 1, 1 + NEAR))
    if re.match(_ASKING, first) is None or first == "who":  # what stands behind "who" is its verb, whatever word it is
        return True
    if first in _OF_A_CLAUSE and rest[0].low not in ("many", "much"):
        return any(token.low in AUXILIARIES for token in rest[:2])
    return any(map(_is_verb, rest))


def _is_verb(token: Token) -> bool:
    return not token.capital and (token.low in AUXILIARIES or is_verb(token.low) or base(token.low) in VERBS)
