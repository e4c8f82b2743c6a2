"""What a question is about: its phrases, without the words that ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.understand.followup.entities import Entity, entities
from rag.understand.followup.lexicon import (
    AUXILIARIES,
    FUNCTION,
    IRREGULAR,
    JOINING,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    VAGUE,
    VERBS,
    WH,
    listed,
)
from rag.understand.followup.papers import papers, without_papers
from rag.understand.followup.times import times
from rag.understand.followup.words import Token, base, content_stems, is_plural, tokens  # fmt: skip

_ATTACHED = listed("of in at for on against over to about between under near from with after during by")
_ARTICLES = listed("the a an its his her their this that these those")
_NOT_HEADS = VAGUE | listed("same there much many")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun with what belongs to it, `text[start:end]`; `before` is the preposition that it follows, "" without one.

    `head` is the noun in lower case and `named` says whether there is a name in it.
    """

    text: str
    start: int
    end: int
    before: str
    head: str
    named: bool

    @property
    def definite(self) -> bool:
        return self.named or self.text.lower().startswith("the ")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A noun phrase without attachments: tokens `first` to `last` of a text."""

    first: int
    last: int
    counted: bool


def phrases(question: str, outlets: Sequence[str] = ()) -> list[Phrase]:
    """The noun phrases of a question with their attachments, in order, without times, outlets and what "how many" counts."""
    words = tokens(question)
    names = entities(question, outlets)
    blocked = [(time.start, time.end) for time in times(question) if not time.within]
    blocked += [(paper.start, paper.end) for paper in papers(question, outlets)]
    pieces = _pieces(question, words, names, blocked)
    found: list[Phrase] = []
    at = 0
    while at < len(pieces):
        end = at
        while end + 1 < len(pieces) and _attaches(question, words, pieces[end], pieces[end + 1]):
            end += 1
        found.append(_phrase(question, words, pieces[at], pieces[end], names))
        at = end + 1
    return [phrase for phrase, piece in zip(found, _firsts(pieces, found, words), strict=True) if not piece.counted]


def _firsts(pieces: Sequence[_Piece], found: Sequence[Phrase], words: Sequence[Token]) -> list[_Piece]:
    starts = {words[piece.first].start: piece for piece in pieces}
    return [starts[phrase.start] for phrase in found]


def _pieces(question: str, words: Sequence[Token], names: Sequence[Entity], blocked: Sequence[tuple[int, int]]) -> list[_Piece]:
    pieces: list[_Piece] = []
    verb_due = False
    at = 0
    while at < len(words):
        if words[at].low in _BEFORE_BASE:
            verb_due = True
        elif _is_verb(words, at) and _name_at(words[at], names) is None and words[at].low not in AUXILIARIES:
            verb_due = False
        if _starts(words, at, names, blocked):
            last = _end_of(question, words, at, names, blocked, verb_due)
            if last is not None:
                pieces.append(_Piece(at, last, _is_counted(words, at)))
                at = last + 1
                if verb_due and at < len(words) and words[at].low not in FUNCTION:
                    verb_due, at = False, at + 1  # the verb of this subject
                continue
        at += 1
    return pieces


def _inside(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _name_at(token: Token, names: Sequence[Entity]) -> Entity | None:
    return next((name for name in names if name.start <= token.start < name.end), None)


def _starts(words: Sequence[Token], at: int, names: Sequence[Entity], blocked: Sequence[tuple[int, int]]) -> bool:
    word = words[at]
    if _inside(word, blocked):
        return False
    if _name_at(word, names):
        return True
    if word.low in _ARTICLES:
        return at + 1 < len(words) and words[at + 1].low not in FUNCTION
    if word.low in FUNCTION or not word.text[0].isalnum():
        return False
    before = words[at - 1].low if at else ""
    if word.low.endswith("ly") or (word.low in ("part", "place") and base(before) == "take"):
        return False
    if before in ("what", "which") and (word.low in IRREGULAR or (word.low.endswith("ed") and len(word.low) > 4)):
        return False  # "what caused"
    if before in WH and before in ("who", "where", "when", "how", "why"):
        return False  # a verb or an adjective: "who won", "how high"
    if _is_verb(words, at) and not (before in PREPOSITIONS - {"to"} or before in ("which", "many", "much", "what")):
        return False
    return word.low not in _NOT_HEADS


def _is_verb(words: Sequence[Token], at: int) -> bool:
    low = words[at].low
    return (
        low in VERBS
        or low in IRREGULAR
        or (low.endswith("ed") and len(low) > 4)
        or (at > 0 and words[at - 1].low == "to" and low in VERBS)
    )


def _end_of(
    question: str,
    words: Sequence[Token],
    at: int,
    names: Sequence[Entity],
    blocked: Sequence[tuple[int, int]],
    verb_due: bool,
) -> int | None:
    """The last token of the noun phrase that starts at `at`; None where it has no noun."""
    last = at if words[at].low not in _ARTICLES or _name_at(words[at], names) else None
    for i in range(at + 1, len(words)):
        word = words[i]
        between = question[words[i - 1].end : word.start]
        name = _name_at(word, names)
        if _inside(word, blocked) or regex.search(r"[,;:?!()“”\"]", between):
            break
        if name is not None:
            same = _name_at(words[i - 1], names) is name
            if not same and _name_at(words[i - 1], names) is not None and not words[i - 1].possessive:
                break
            last = i
            continue
        if word.low in FUNCTION:
            break
        follows_name = _name_at(words[i - 1], names) is not None and not words[i - 1].possessive
        if last is not None and _ends_before(words, i, follows_name, verb_due):
            break
        last = i
    return last


def _ends_before(words: Sequence[Token], i: int, follows_name: bool, verb_due: bool) -> bool:
    """Whether the word there is the verb after a subject rather than one more noun."""
    low = words[i].low
    if low in IRREGULAR or (low.endswith("ed") and len(low) > 4) or low.endswith("ly"):
        return low not in VERBS or verb_due
    if not verb_due or (i + 1 < len(words) and _is_verb(words, i + 1)):
        return False
    at_end = i + 1 == len(words) or words[i + 1].low in FUNCTION
    if low in VERBS:
        return (follows_name and low not in HEADS_OF_EVENTS) or at_end or is_plural(words[i - 1].low)
    at_end = at_end or words[i + 1].capital
    return follows_name and at_end and low not in HEADS_OF_EVENTS | ROLES


_BEFORE_BASE = listed("did does do will would can could shall should may might must")
HEADS_OF_EVENTS = listed(
    """
    fire strike election vote law ruling theft attack trial war festival flood earthquake storm crash match final race
    deal merger takeover bill case scandal inquiry investigation report budget summit talks protest protests march
    referendum campaign plan project vaccine virus outbreak explosion collapse rescue shooting murder robbery crisis
    dispute walkout debate treaty ban
    """
)
"""Nouns of what happens, though some are verbs too."""


def _is_counted(words: Sequence[Token], at: int) -> bool:
    """Whether a phrase is what the question wants a number or a choice of: "how many homes", "which company"."""
    if at and words[at - 1].low in ("which", "what", "whose") and at <= 3:
        return True
    return at > 1 and words[at - 1].low in ("many", "much") and words[at - 2].low == "how"


def _attaches(question: str, words: Sequence[Token], one: _Piece, other: _Piece) -> bool:
    """Whether `other` belongs to `one`: nothing but one preposition stands between them."""
    if other.first != one.last + 2:
        return False
    joint = words[one.last + 1]
    gap = question[words[one.last].end : words[other.first].start]
    if joint.low == "to" and words[one.first].capital:
        return False
    return joint.low in _ATTACHED and "," not in gap and not one.counted


def _phrase(question: str, words: Sequence[Token], first: _Piece, last: _Piece, names: Sequence[Entity]) -> Phrase:
    start, end = words[first.first].start, words[last.last].end
    before = words[first.first - 1].low if first.first and words[first.first - 1].low in PREPOSITIONS else ""
    return Phrase(
        question[start:end], start, end, before, words[first.last].low,
        any(name.start < end and start < name.end for name in names),
    )  # fmt: skip


def topic(question: str, outlets: Sequence[str] = (), told: frozenset[str] = frozenset()) -> str:
    """What a question is about, as a phrase; its words of content where no phrase is found, "" where it has none.

    Phrases whose stems are all `told` already are left out.
    """
    bare = without_papers(question, outlets)
    found = [one for one in phrases(bare, outlets) if one.head not in VAGUE or one.named]
    while found and _leans(found[0]):
        found.pop(0)
    strong = [phrase for phrase in found if phrase.definite or " " in phrase.text] or found
    kept = [one for one in strong if not told or not told.issuperset(content_stems(one.text))][:3]
    if strong and not kept:
        return ""
    if kept:
        texts = [phrase.text for phrase in kept]
        return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
    blocked = [(time.start, time.end) for time in times(bare)]
    return " ".join(token.text for token in tokens(bare) if token.low not in FUNCTION | VAGUE and not _inside(token, blocked))


def _leans(phrase: Phrase) -> bool:
    return phrase.text.split()[0].lower() in ("its", "his", "her", "their", "this", "that", "these", "those") and not phrase.named


def place_phrase(question: str, outlets: Sequence[str] = ()) -> str | None:
    """The place that a question is set in ("in Lower Brannoch"), where that is all it is about."""
    bare = without_papers(question, outlets)
    found = [phrase for phrase in phrases(bare, outlets) if phrase.definite]
    if len(found) == 1 and found[0].named and found[0].before in ("in", "at", "near", "on") and " of " not in found[0].text:
        return f"{found[0].before} {found[0].text}"
    return None


__all__ = ["AUXILIARIES", "JOINING", "PRONOUNS", "Phrase", "phrases", "place_phrase", "topic"]
