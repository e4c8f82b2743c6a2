"""Why, where, when and how of what an earlier question asked about: "Who shot the mayor?", "Where did it happen?"."""

from __future__ import annotations

import regex

from rag.english.words import is_plural, lower_first, participle, tokens, without_mark

LONGEST = 14
"""Words of an earlier question that is turned."""
_OF_IT = regex.compile(
    r"^(?P<word>why|where|when|how)(?: exactly)? did "
    r"(?:(?:it|this|that) (?:all )?(?:happen|occur|take place)|(?:he|she|they) do (?:it|that|this|so))$",
    regex.IGNORECASE,
)
_WHO_DID = regex.compile(r"^(?:(?:and|so) )?who (?P<verb>\p{Ll}+) (?P<object>[^,;]{3,80})$", regex.IGNORECASE)
_ASKED_WITH = regex.compile(r"^(?:why|where|when|how) (?=(?:did|was|were) )|^(?=(?:did|was|were) )", regex.IGNORECASE)
_TRAILING = regex.compile(r"\s(?:in|on|at|during|after|before|last|this)\s.*$")


def ask_of_event(bare: str, earlier: str) -> str | None:
    """The question about the event that `earlier` asked about; None where that is no such question."""
    found, plain = _OF_IT.match(bare), without_mark(earlier)
    if found is None or len(plain.split()) > LONGEST:
        return None
    word = found["word"].capitalize()
    if did := _WHO_DID.match(plain):
        done = participle(did["verb"].lower())
        return f"{word} {_was(did['object'])} {did['object']} {done}" if done else None
    if opened := _ASKED_WITH.match(plain):
        return f"{word} {lower_first(plain[opened.end() :])}"
    return None


def _was(words: str) -> str:
    head = tokens(_TRAILING.sub("", words))
    several = " and " in words or bool(head and not head[-1].capital and is_plural(head[-1].low))
    return "were" if several else "was"
