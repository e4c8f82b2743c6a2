"""The words of a question that stand for something told before: "he", "it", "there", "this law", and nouns with "the"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from rag.english.lexicon import ASKING, AUXILIARIES, FUNCTION, PREPOSITIONS, ROLES, VAGUE, VERBS, list_words
from rag.english.names import Name
from rag.english.times import times
from rag.english.words import Token, is_content, is_plural, is_verb, tokens

Sort = Literal["person", "it", "they", "there", "this"]
_SORTS: dict[str, Sort] = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers", "himself", "herself"), "person"),
    **dict.fromkeys(("it", "its"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "they"),
    "there": "there",
}
_OWNERS = frozenset(("his", "its", "their", "hers", "theirs"))
_POINTING = frozenset(("this", "that", "these", "those"))
_PEOPLE, _TIME_NOUNS = list_words("people"), list_words("time_nouns")
UNIQUE = list_words("unique")
"""Nouns that "the" does not make a mention of something told before: "the weather"."""
_BOUNDARY = regex.compile(
    r",|\b(?:that|when|after|before|because|if|while|whether|who|which|since|until|although|as|says?|said"
    r"|and (?:who|what|why|how))\b",
    regex.IGNORECASE,
)
_DUMMY_IT = regex.compile(
    r"\b(?:is|was|isn[’']t|wasn[’']t|would|will|has|does|did|can|could|might)\sit\s(?:(?:be|been|ever|still|also|really|not)\s)?"
    r"(?:true|likely|possible|legal|illegal|safe|clear|known|hard|easy|worth|time|take|cost|matter|rain|snow|seem|look|mean)\b"
    r"(?=.*\b(?:that|to|for|if|whether|when|why|how|in|on|until|from)\b)|\bwhat\stime\sis\sit\b|\bit\s(?:is|was)\s\w+\sthat\b"
    r"|\b(?:is|was)\sit\s(?-i:(?=\p{Lu}))|\bhow\s(?:is|was|comes?)\sit\sthat\b",
    regex.IGNORECASE,
)
"""An "it" that stands for nothing: "Is it true that …?", "How long does it take to …?"."""
_QUOTED = regex.compile(r"“[^”]*”|\"[^\"]*\"")
_TOLD = regex.compile(r"(?<=[\p{Ll}\d”\"’)])[.?!…][”\"’]?\s+(?=[\p{Lu}“\"])")


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words at `text[start:end]` that stand for something told before, as the subject of the question, or as an owner."""

    start: int
    end: int
    word: str
    sort: Sort
    subject: bool = False
    owner: bool = False


def anaphors(question: str, own: Sequence[Name]) -> list[Anaphor]:
    """The words that nothing in the question itself explains, in order. `own` are the names in it."""
    words = tokens(question)
    silent = [match.span() for pattern in (_DUMMY_IT, _QUOTED) for match in pattern.finditer(question)]
    found = [*_pronouns(question, words, own, silent), *_find_pointers(question, words)]
    explained = tells_first(question)
    return sorted((one for one in found if not explained), key=lambda one: one.start)


def tells_first(question: str) -> bool:
    """Whether sentences before its last one tell what a question is about: "A bridge fell down. When was it built?"."""
    return any(sum(map(is_content, tokens(question[: found.end()]))) >= 3 for found in _TOLD.finditer(question))


def _pronouns(question: str, words: Sequence[Token], own: Sequence[Name], silent: Sequence[tuple[int, int]]) -> Iterator[Anaphor]:
    for at, token in enumerate(words):
        sort = _SORTS.get(token.low)
        if sort is None or any(a <= token.start < b for a, b in silent) or (token.low == "it" and token.possessive):
            continue
        if sort == "there" and _exists(words, at):
            continue
        owner, verbs = _owns(words, at), [word.low in AUXILIARIES for word in words[:at]]
        subject = verbs[-1:] == [True] and sum(verbs) == 1  # "did it", but not "did he do it"
        anaphor = Anaphor(token.start, token.end, token.low, sort, subject=subject and not owner, owner=owner)
        if sort == "there" or not _is_explained(question, words, at, own, anaphor):
            yield anaphor


def _owns(words: Sequence[Token], at: int) -> bool:
    follows = at + 1 < len(words) and is_content(words[at + 1])
    return words[at].low in _OWNERS or (words[at].low == "her" and follows)


def _exists(words: Sequence[Token], at: int) -> bool:
    """Whether "there" only says that something is: "Is there a bridge?", but not "How many inhabitants are there?"."""
    beside = [words[i].low for i in (at - 1, at + 1) if 0 <= i < len(words)]
    return any(word in AUXILIARIES for word in beside) and not (at + 1 == len(words) and words[0].low in ASKING)


def _is_explained(question: str, words: Sequence[Token], at: int, own: Sequence[Name], anaphor: Anaphor) -> bool:
    """Whether something in the question before the pronoun is what it stands for."""
    before, start = words[:at], words[at].start
    bounded = at > 0 and _BOUNDARY.search(question[words[0].end : start]) is not None
    if anaphor.subject and not bounded:
        return False
    if anaphor.owner and not any(word.low in AUXILIARIES for word in before) and any(name.start > start for name in own):
        return True  # the owner comes after: "How much of its power does Norway sell?"
    acts = at + 1 < len(words) and (words[at + 1].low in AUXILIARIES or is_verb(words[at + 1].low))
    beside = at > 0 and words[at - 1].low in ("with", "behind", "around")
    if not (anaphor.owner or bounded or acts or beside):
        return False
    nouns = [word for word in before[1:] if is_content(word) and not is_verb(word.low) and word.low not in VAGUE]
    if anaphor.sort == "person":
        explained = any(word.low in ROLES | _PEOPLE for word in before) or any(word.low == "who" for word in before[1:])
        return explained or any(name.kind in ("person", "name") and name.end <= start for name in own)
    if anaphor.sort == "they":
        explained = any(is_plural(word.low) or word.low in _PEOPLE for word in before)
        return explained or any(name.end <= start for name in own)
    explained = any(word.low not in ROLES and not is_plural(word.low) for word in nouns)
    return explained or any(name.kind != "person" and name.end <= start for name in own)


def _find_pointers(question: str, words: Sequence[Token]) -> Iterator[Anaphor]:
    """ "this" and "that" where they are no joining words, alone or with a noun."""
    spans = [(time.start, time.end) for time in times(question)]
    for at, token in enumerate(words):
        if token.low not in _POINTING or not at or any(a <= token.start < b for a, b in spans):
            continue
        before, after = words[at - 1].low, words[at + 1] if at + 1 < len(words) else None
        if before == "of" and words[0].low in ("which", "one", "all", "any", "none"):
            continue  # a choice that the question itself offers
        if not (before in AUXILIARIES | PREPOSITIONS or (after is None and is_verb(before)) or token.low in ("this", "these")):
            continue
        if after is None or after.low in VERBS or after.low in FUNCTION:
            yield Anaphor(token.start, token.end, token.low, "this")
        elif after.low not in _TIME_NOUNS and not after.capital:
            yield Anaphor(token.start, after.end, token.low, "this")


def has_definite(question: str) -> bool:
    """Whether a noun has "the" and nothing that says which one: "the company", but not "the mayor of Paris" or "the weather"."""
    words = tokens(question)
    for at, word in enumerate(words[:-1]):
        noun = words[at + 1]
        plain = noun.low not in FUNCTION | UNIQUE and not noun.capital and not noun.text[0].isdigit()
        if word.low == "the" and plain and not _says_which(question, words, at + 1):
            return True
    return False


def _says_which(question: str, words: Sequence[Token], noun: int) -> bool:
    """Whether what follows a noun tells which one it is: "of", "in", "who", or a second noun."""
    following = words[noun + 1] if noun + 1 < len(words) else None
    if following is None or regex.search(r"[,;:?!.]", question[words[noun].end : following.start]):
        return False
    if following.low in PREPOSITIONS | {"who", "which", "that"}:
        timed = any(time.start <= following.start < time.end for time in times(question))
        return not timed and any(is_content(word) for word in words[noun + 2 :])
    return following.low not in FUNCTION and not is_verb(following.low)
