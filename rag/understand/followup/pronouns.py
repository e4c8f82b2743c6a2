"""The words of a question that stand for something told before: "he", "it", "there", "this law"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import regex

from rag.understand.followup.entities import Entity
from rag.understand.followup.lexicon import (
    AUXILIARIES,
    BODIES,
    DETERMINERS,
    FUNCTION,
    IRREGULAR,
    PLACES,
    PREPOSITIONS,
    ROLES,
    THINGS,
    VAGUE,
    VERBS,
    listed,
)
from rag.understand.followup.times import times
from rag.understand.followup.words import Token, is_content, is_plural, tokens  # fmt: skip

Sort = Literal["person", "it", "they", "there", "this", "definite"]

_PERSONAL = listed("he him his she her hers himself herself")
_IT = listed("it its")
_THEY = listed("they them their theirs")
_POINTING = listed("this that these those")
_DUMMY_IT = regex.compile(
    r"\b(?:is|was|isn[’']t|wasn[’']t|would|will|has|does|did|can|could|might|may)\s(?:it\s)(?:(?:be|been|ever|still|also|really|not)\s)?"
    r"(?:true|false|likely|unlikely|possible|impossible|legal|illegal|safe|clear|known|certain|expected|hard|easy|necessary|important"
    r"|common|normal|rare|wrong|right|fair|said|reported|believed|thought|claimed|announced|agreed|decided|worth|time|take|cost"
    r"|matter|rain|snow|seem|look|appear|mean)\b(?=.*\b(?:that|to|for|if|whether|when|why|how|in|on|until|before|after|from)\b)"
    r"|\bwhat\stime\s(?:is|was)\sit\b|\bit\s(?:is|was|has\sbeen)\s(?:\w+\s)?(?:said|reported|believed|known|true|expected|likely|possible)\sthat\b"
    r"|\b(?:is|was)\sit\s(?-i:(?=\p{Lu}))|\bhow\s(?:is|was|comes?)\sit\sthat\b|\bcall(?:s|ed|ing)?\sit\s(?:a\sday|quits)\b|\bmade?\sit\s(?:to|into|through|possible|clear|easier|harder)\b",
    regex.IGNORECASE,
)
_JOINED = regex.compile(r",|\band\s(?:who|what|which|why|where|when|how)\b", regex.IGNORECASE)
_QUOTED = regex.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’(?!\p{L})")
_EXISTS = regex.compile(
    r"\b(?:is|are|was|were|been|be|will|has|have)\s+there\b|\bthere\s+(?:is|are|was|were|has|have|will|be)\b", regex.I
)
_POINTS = regex.compile(
    r"\b(?:this|that|these|those)\b(?=\s*[?.!,;]*$)"
    r"|(?<=\b(?:did|does|do|was|is|will|would|has|had|can|could|about|after|before|of|for|with|to|by|from|cause[sd]?|mean[st]?"
    r"|caused|said|say|doing|done|behind|against|like)\s)(?:this|that|these|those)\b(?=\s+(?:happen|mean|affect|cause|cost|work|change|come|start|begin"
    r"|end|lead|take|have|make|matter|apply|help|compare|differ|become|go|been|ever|all|also|be|prompt)\w*\b|\s*[?.!,;])"
    r"|(?<=^(?:who|what|which|why|how|where|when)\s(?:is|was|were|are|did|does)\s)(?:this|that|these|those)\b(?=\s*[?.!]*$)",
    regex.IGNORECASE,
)
_DEMONSTRATIVE = regex.compile(
    r"(?<![\w’'])(?:this|that|these|those)\s+(?:(?:same|new|first|second|last|latest|particular)\s+)?(?P<noun>(?-i:\p{Ll}[\p{Ll}-]+))",
    regex.IGNORECASE,
)
_TIME_NOUNS = listed(
    "time year month week day morning afternoon evening night weekend spring summer autumn winter century decade moment season"
)
_BOUNDARY = regex.compile(
    r",|\b(?:that|when|after|before|because|if|while|whether|who|which|since|until|although|as)\b", regex.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words at `text[start:end]` that stand for something told before; `noun` is that of "this law" and "the company"."""

    start: int
    end: int
    word: str
    sort: Sort
    noun: str = ""


def anaphors(question: str, own: Sequence[Entity]) -> list[Anaphor]:
    """The pronouns and pointing words of a question that nothing in itself explains, in order. `own` are the names in it."""
    words = tokens(question)
    found = [*_pronouns(question, words, own), *_pointing(question, words, bool(own))]
    if found and (told := told_first(question)):
        found = [one for one in found if one.start < told]
    return sorted(found, key=lambda one: one.start)


def told_first(question: str) -> int | None:
    """Where the last sentence of a question begins that first tells what it is about; None for one of one sentence."""
    for found in regex.finditer(r"(?<=[\p{Ll}\d”\"’)])[.?!…][”\"’]?\s+(?=[\p{Lu}“\"])", question):
        if sum(map(is_content, tokens(question[: found.end()]))) >= 3:
            return int(found.end())
    return None


def _pronouns(question: str, words: Sequence[Token], own: Sequence[Entity]) -> Iterator[Anaphor]:
    dummies = [(match.start(), match.end()) for match in _DUMMY_IT.finditer(question)]
    quoted = [(match.start(), match.end()) for match in _QUOTED.finditer(question)]
    for at, token in enumerate(words):
        low = token.low
        if any(a <= token.start < b for a, b in quoted):
            continue
        if low in _PERSONAL:
            if not _person_inside(question, words, at, own):
                yield Anaphor(token.start, token.end, low, "person")
        elif low in _IT and not (token.possessive and low == "it"):
            if not any(a <= token.start < b for a, b in dummies) and not _thing_inside(question, words, at, own):
                yield Anaphor(token.start, token.end, low, "it")
        elif low in _THEY:
            if not _several_inside(question, words, at, own):
                yield Anaphor(token.start, token.end, low, "they")
        elif low == "there" and not _exists(question, words, at):
            yield Anaphor(token.start, token.end, low, "there")


def _exists(question: str, words: Sequence[Token], at: int) -> bool:
    """Whether "there" only says that something is: "Is there a bridge?", "How many were there in 1990?"."""
    if not any(match.start() <= words[at].start < match.end() for match in _EXISTS.finditer(question)):
        return False
    return not (at + 1 == len(words) and at > 0 and words[0].low in ("how", "what", "which", "who", "why", "when"))


def _subject(words: Sequence[Token], at: int) -> bool:
    """Whether the pronoun is the subject of the question itself, with nothing but its opening before it."""
    return at > 0 and words[at - 1].low in AUXILIARIES and not _possessive(words, at)


def _clauses(question: str, words: Sequence[Token], at: int) -> bool:
    """Whether a clause of its own begins before the pronoun, after the first word."""
    head = question[words[0].end : words[at].start]
    return _BOUNDARY.search(head) is not None


def _possessive(words: Sequence[Token], at: int) -> bool:
    low = words[at].low
    follows = at + 1 < len(words) and is_content(words[at + 1])
    return low in ("his", "its", "their", "hers", "theirs") or (low == "her" and follows)


def _person_inside(question: str, words: Sequence[Token], at: int, own: Sequence[Entity]) -> bool:
    if _subject(words, at) and not _comma_clause(question, words, at):
        return False
    start = words[at].start
    person = any(name.kind in ("person", "name") and name.end <= start for name in own)
    person = person or _tells_a_person(words, at) or _owner_follows(words, at, own)
    if words[at].low in ("him", "her", "himself", "herself") and not _possessive(words, at):
        free = (at > 0 and words[at - 1].low in ("with", "behind", "around")) or words[at].low.endswith("self")
        beside = any(name.end <= start and sum(name.end <= word.start for word in words[:at]) <= 2 for name in own)
        return person and (free or not beside)
    return person


def _tells_a_person(words: Sequence[Token], at: int) -> bool:
    """Whether a word before the pronoun tells of a person: an office, "which singer", "the student who"."""
    told = any(word.low in ROLES | _PEOPLE for word in words[:at]) or any(word.low == "who" for word in words[1:at])
    chosen = at > 2 and words[0].low == "which" and words[1].low not in BODIES | PLACES | THINGS
    return told or chosen


_PEOPLE = listed(
    """
    people person persons figure star legend celebrity man woman boy girl child victim suspect winner official
    worker teenager patient resident anyone someone nobody everyone
    """
)


def _comma_clause(question: str, words: Sequence[Token], at: int) -> bool:
    return _JOINED.search(question[words[0].end : words[at].start]) is not None


def _thing_inside(question: str, words: Sequence[Token], at: int, own: Sequence[Entity]) -> bool:
    if _subject(words, at) and not _comma_clause(question, words, at):
        return False
    start = words[at].start
    told = any(name.kind != "person" and name.end <= start for name in own) or _noun_before(words, at, plural=False)
    if words[at].low == "it":
        return told and (_clauses(question, words, at) or _acts(words, at))
    return told or _owner_follows(words, at, own)


def _several_inside(question: str, words: Sequence[Token], at: int, own: Sequence[Entity]) -> bool:
    if _subject(words, at) and not _comma_clause(question, words, at):
        return False
    told = any(name.end <= words[at].start for name in own) or _noun_before(words, at, plural=True)
    if words[at].low == "them":
        return told and _clauses(question, words, at)
    return told or _owner_follows(words, at, own)


def _noun_before(words: Sequence[Token], at: int, plural: bool) -> bool:
    """Whether a noun stands before the pronoun that it can mean; "they" can mean one whose sex is not told."""
    nouns = [
        word
        for before, word in pairwise(words[:at])
        if is_content(word) and (before.low in DETERMINERS | {"which", "what"} or not _verb_like(word))
    ]
    if plural:
        return any(word.low not in VAGUE or word.low in _PEOPLE for word in nouns)
    return any(word.low not in VAGUE | ROLES and not is_plural(word.low) for word in nouns)


def _verb_like(word: Token) -> bool:
    return word.low in VERBS or word.low in IRREGULAR or word.low.endswith(("ed", "ly"))


def _acts(words: Sequence[Token], at: int) -> bool:
    """Whether the pronoun is the subject of a clause inside the question: "Netflix says it lost"."""
    following = words[at + 1] if at + 1 < len(words) else None
    return following is not None and (following.low in AUXILIARIES or _verb_like(following))


def _owner_follows(words: Sequence[Token], at: int, own: Sequence[Entity]) -> bool:
    """Whether the owner comes after: "How much of its power does Norway sell?"."""
    if not _possessive(words, at) or any(word.low in AUXILIARIES for word in words[:at]):
        return False
    verbs = [word for word in words[at:] if word.low in AUXILIARIES]
    return bool(verbs) and any(name.start >= verbs[0].end for name in own)


def _pointing(question: str, words: Sequence[Token], named: bool) -> Iterator[Anaphor]:
    spans = [(time.start, time.end) for time in times(question)]
    for match in _POINTS.finditer(question):
        if not any(a <= match.start() < b for a, b in spans):
            yield Anaphor(match.start(), match.end(), match[0].lower(), "this")
    for match in _DEMONSTRATIVE.finditer(question):
        noun = match["noun"]
        if (
            noun in FUNCTION | _TIME_NOUNS
            or any(a <= match.start() < b for a, b in spans)
            or _POINTS.search(question, match.start(), match.end())
        ):
            continue
        if named and regex.search(r"\b(?:which|one|all|any|none)\s(?:of\s)?$", question[: match.start()], regex.IGNORECASE):
            continue  # a choice that the question itself offers
        if match[0].lower().startswith("that ") and not _after_preposition(words, match.start()):
            continue
        yield Anaphor(match.start(), match.end(), match[0].lower(), "this", noun)


def _after_preposition(words: Sequence[Token], start: int) -> bool:
    before = [word.low for word in words if word.end <= start]
    return bool(before) and (before[-1] in PREPOSITIONS or before[-1] in AUXILIARIES)
