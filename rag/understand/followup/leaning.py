"""Whether a whole question leans on the conversation, and by which words."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from rag.understand.followup.context import Context
from rag.understand.followup.entities import Entity
from rag.understand.followup.lexicon import (
    AUXILIARIES,
    FUNCTION,
    IRREGULAR,
    ROLES,
    VAGUE,
    VERBS,
    WH,
    listed,
)
from rag.understand.followup.pronouns import Anaphor, told_first
from rag.understand.followup.times import times
from rag.understand.followup.words import Token, content_stems, is_content, tokens  # fmt: skip

_ORDINALS = listed(
    "first second third fourth fifth last next other same former latter previous new old latest longest largest final"
)
_UNIQUE = listed("universe climate planet") | listed(
    "world internet weather economy sun moon earth sea sky public media past future rest most best worst number amount name cause"
    " total reason meaning difference capital population size price value effect result results risk chance least only"
)
"""Nouns that "the" does not make a mention of something told before."""
INCOMPLETE = listed(
    "say said do think react respond reply comment happen decide argue want propose offer answer claim suggest explain"
)
"""Verbs that say little without the topic."""


def definites(question: str, own: Sequence[Entity]) -> list[Anaphor]:
    """The nouns with "the" and nothing that says which: "the company", "the second vote", but not "the mayor of Paris"."""
    words = tokens(question)
    found: list[Anaphor] = []
    for at, word in enumerate(words[:-1]):
        if word.low != "the" or any(name.start <= word.start < name.end for name in own):
            continue
        end = at + 1
        while end + 1 < len(words) and words[end].low in _ORDINALS:
            end += 1
        noun = words[end]
        if noun.low in FUNCTION | _UNIQUE or (noun.capital and noun.low not in ROLES) or noun.text[0].isdigit():
            continue
        following = words[end + 1] if end + 1 < len(words) else None
        if _says_which(question, noun, following, words[end + 2 :]):
            continue
        found.append(Anaphor(word.start, noun.end, question[word.start : noun.end].lower(), "definite", noun.low))
    return found


def _says_which(question: str, noun: Token, following: Token | None, rest: Sequence[Token]) -> bool:
    """Whether what follows a noun tells which one it is: "of", "in", "who", or a second noun."""
    if following is None or regex.search(r"[,;:?!.]", question[noun.end : following.start]):
        return False
    if following.low in ("of", "who", "which"):
        return True
    if following.low in _TELLING:
        in_time = any(time.start <= following.start < time.end for time in times(question))
        return not in_time and any(is_content(word) for word in rest)
    if following.low in FUNCTION:
        return False
    return not (following.low in VERBS or following.low in IRREGULAR or following.low.endswith(("ed", "ly")))


_TELLING = listed("to that against between for on in at over about from near")


def leans(question: str, own: Sequence[Entity], context: Context, led_in: bool) -> bool:
    """Whether a question without pronouns for earlier things still needs the conversation.

    One that names somebody or something of its own stands alone, unless it only says "What did NAME say?" of a known one.
    `led_in` says that it was opened with "and" or the like.
    """
    stems = [one for one in content_stems(_without_times(question)) if one not in _VAGUE_STEMS]
    words = [token for token in tokens(question) if is_content(token)]
    known = context.stems
    if own:
        names = {word for name in own for word in name.words}
        rest = [token.low for token in words if token.low not in names and not _in_time(question, token)]
        told = frozenset(content_stems(" ".join(names))) <= known
        return (
            told
            and any(token.low in INCOMPLETE for token in tokens(question))
            and all(word in INCOMPLETE | VAGUE for word in rest)
            and words[:1] != []
            and tokens(question)[0].low in WH | AUXILIARIES
        )
    if told_first(question):
        return False
    bare = definites(question, own)
    shared = any(one in known for one in stems)
    if led_in and len(stems) <= 6:
        return True
    if bare and (len(stems) <= 4 or shared):
        return True
    if len(stems) <= 2:
        return True
    return shared and len(stems) <= 3 and not _tells_which(question)


_VAGUE_STEMS = frozenset(content_stems(" ".join(VAGUE)))


def _tells_which(question: str) -> bool:
    """Whether a noun with "the" is told apart by what follows it, as a question on its own has it."""
    return regex.search(r"\bthe\s(?:\w+\s){1,3}(?:of|in|at|on|against|for|over|about|between|from)\s\w", question) is not None


def _without_times(question: str) -> str:
    for time in reversed(times(question)):
        question = f"{question[: time.start]} {question[time.end :]}"
    return question


def _in_time(question: str, token: Token) -> bool:
    return any(time.start <= token.start < time.end for time in times(question))
