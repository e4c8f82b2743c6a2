"""Who does what to whom in a sentence, and what belongs to what, from its words as `rag.english.grammar` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from rag.english.grammar import AUXILIARIES, BE, DETERMINERS, TIMES, Token
from rag.english.lexicon import list_words

_CLAUSE = list_words("clause_openers")
_BARRIER = regex.compile(r"[;:“”\"()–—.!?]")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is named, by its stems; `named` says whether by a name."""

    stems: frozenset[str]
    named: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A verb by its stem, and who does it to what."""

    verb: str
    doer: Thing | None
    object: Thing | None


def events(read: Sequence[Token]) -> list[Event]:
    """What is done in a sentence, with voices made alike: the doer is who does it, also where the verb is passive."""
    found: list[Event] = []
    last: Thing | None = None
    for at, token in enumerate(read):
        if token.kind != "verb":
            continue
        subject, shared = _subject(read, at)
        subject = last if shared else subject
        last = subject
        thing, agent = _object(read, at)
        if token.stem == "say" and thing and thing.named and regex.search('[”"’,]', token.gap):
            found.append(Event(token.stem, thing, None))
            continue
        if agent is not None:
            found.append(Event(token.stem, agent, subject))
        elif _is_passive(read, at):
            found.append(Event(token.stem, None, subject))
        else:
            found.append(Event(token.stem, subject, thing))
    return found


def _subject(read: Sequence[Token], at: int) -> tuple[Thing | None, bool]:
    """What stands before a verb back to the verb before, and whether nothing does, so that it shares the subject of that one."""
    some: list[Token] = []
    for back in range(at - 1, -1, -1):
        token = read[back]
        if token.kind == "verb" or _BARRIER.search(read[back + 1].gap) or token.word in _CLAUSE:
            break
        if token.word in ("who", "which", "that"):
            return _subject(read, back) if back and not some and token.word != "that" else (_thing(some), not some)
        if back == at - 1 and token.word in ("and", "but", "or", "then"):
            return None, True
        if token.pronoun or token.word in ("there", "what"):
            return None, token.pronoun
        if token.word == "to" and back == at - 1 and read[back - 1].kind != "verb":
            return None, False
        if token.kind in ("name", "word"):
            some.append(token)
    return _thing(some), not some


def _thing(some: Sequence[Token]) -> Thing | None:
    return Thing(frozenset(one.stem for one in some), any(one.kind == "name" for one in some)) if some else None


def _object(read: Sequence[Token], at: int) -> tuple[Thing | None, Thing | None]:
    """The thing right after a verb, and its doer after "by"."""
    thing, end = _phrase(read, at + 1)
    for ahead in range(at + 1, min(len(read) - 1, max(end, at + 1) + 4)):
        if read[ahead].kind == "verb" or _BARRIER.search(read[ahead].gap):
            break
        if read[ahead].word == "by":
            agent, _ = _phrase(read, ahead + 1)
            if agent is not None and (agent.named or _is_passive(read, at) or ahead == at + 1):
                return thing, agent
    return thing, None


def _phrase(read: Sequence[Token], start: int, apposed: bool = True) -> tuple[Thing | None, int]:
    """The noun phrase that begins at `start`, with a name beside it in apposition where `apposed`, and where it ends."""
    some: list[Token] = []
    at = start
    while at < len(read):
        token = read[at]
        if (token.pronoun and not some) or (at > start and _BARRIER.search(token.gap)) or token.kind == "verb":
            break
        if token.kind == "small" and (some or not (token.word in DETERMINERS or token.word in TIMES or token.word[0].isdigit())):
            break
        if "," in token.gap and some and not (apposed and token.kind == "name"):
            break
        if token.kind != "small":
            some.append(token)
        at += 1
    return _thing(some), at


def _is_passive(read: Sequence[Token], at: int) -> bool:
    if read[at].word.endswith("ing"):
        return False
    for back in range(at - 1, max(-1, at - 4), -1):
        if read[back].word in BE:
            return True
        if read[back].word not in AUXILIARIES and not read[back].word.endswith("ly"):
            return False
    return False


_OF_TIME = list_words("time_stems")
PREPOSITIONS = {
    "of": "of", "in": "at", "at": "at", "near": "at", "on": "at",
    "from": "from", "to": "to", "against": "against", "than": "than",
}  # fmt: skip


def attachments(read: Sequence[Token], apposed: bool) -> Iterator[tuple[str, str, frozenset[str]]]:
    """A word of content, a preposition right after it, and the stems of what follows; of several joined by "and" each.

    With `apposed`, a name in apposition counts as what follows too.
    """
    for at, token in enumerate(read):
        if at + 1 < len(read) and regex.match("['’]s ", read[at + 1].gap) and token.kind in ("name", "word"):
            end = at + 1
            while end + 1 < len(read) and read[end + 1].kind == "word" and not read[end + 1].gap.strip():
                end += 1
            yield read[end].stem, "of", frozenset({token.stem})
        if token.word in PREPOSITIONS and at and read[at - 1].kind != "small" and not token.gap.strip():
            if at + 1 < len(read) and read[at + 1].word[0].isdigit():
                continue
            for things in _find_joined(read, at + 1, apposed):
                if not things & _OF_TIME:
                    yield read[at - 1].stem, PREPOSITIONS[token.word], things


def _find_joined(read: Sequence[Token], start: int, apposed: bool) -> Iterator[frozenset[str]]:
    stems: set[str] = set()
    while start < len(read):
        thing, end = _phrase(read, start, apposed)
        if thing is None or end == start:
            break
        stems |= thing.stems
        joint = read[end].word if end < len(read) and not read[end].gap.strip() else ""
        if joint != "of":
            yield frozenset(stems)
            stems = set()
        if joint != "of" and not (joint in ("and", "or") and thing.named):
            break
        start = end + 1
    if stems:
        yield frozenset(stems)
