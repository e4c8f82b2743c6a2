"""The noun phrases of a question: names, and nouns with "the", with what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.english.lexicon import AUXILIARIES, EVENTS, FUNCTION, IRREGULAR, PREPOSITIONS, VAGUE, VERBS, list_words
from rag.english.names import Name, names
from rag.english.outlets import outlets_in
from rag.english.times import times
from rag.english.words import Token, is_plural, is_verb, tokens

LONGEST = 9
"""Words of a phrase; a longer one is rather a clause."""
_ATTACHED = list_words("attaching")
_BEFORE_BASE = list_words("before_base")
_BE = list_words("forms_of_be_and_have")
_GAP = regex.compile(r"[,;:?!()“”\"]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`text[start:end]`; `before` is the word that it follows, `head` its noun in lower case, `named` whether it has a name.

    `plural` says that the noun looks like more than one, `subject` that the phrase stands right after the question's auxiliary.
    """

    text: str
    start: int
    end: int
    before: str
    head: str
    named: bool
    plural: bool
    subject: bool

    @property
    def definite(self) -> bool:
        return self.named or self.text.lower().startswith("the ")


def phrases(question: str, outlets: Sequence[str] = ()) -> list[Phrase]:
    """The phrases in order, without times, outlets, and what "how many" or "which" asks for."""
    words = tokens(question)
    found = names(question, outlets)
    blocked = [(time.start, time.end) for time in times(question) if not time.within]
    blocked += [(outlet.start, outlet.end) for outlet in outlets_in(question, outlets)]
    kept: list[Phrase] = []
    at = 0
    while at < len(words):
        last = None if _inside(words[at], blocked) else _last(question, words, at, found)
        if last is None:
            at += 1
            continue
        first, head = at, last
        while (more := _find_attachment(question, words, last, found, blocked)) is not None:
            last = more
        if last - first < LONGEST and not _is_asked_for(words, first):
            kept.append(_phrase(question, words, (first, head, last), found))
        at = last + 1
    return kept


def _inside(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _name_at(token: Token, found: Sequence[Name]) -> Name | None:
    return next((name for name in found if name.start <= token.start < name.end), None)


def _last(question: str, words: Sequence[Token], at: int, found: Sequence[Name]) -> int | None:
    """The last token of the phrase that begins at `at`; None where none does."""
    first, name = words[at], _name_at(words[at], found)
    before = words[at - 1].low if at else ""
    article = first.low in ("the", "a", "an")
    bare = before in AUXILIARIES | PREPOSITIONS and first.low not in FUNCTION | VAGUE and not first.low.endswith(("ing", "ly"))
    if name is None and not article and not (bare and not is_verb(first.low)):
        return None
    end = at
    while end + 1 < len(words) and _goes_on(question, words, end, found, article):
        end += 1
    while article and end > at and _name_at(words[end], found) is None and _is_predicate(words, at, end):
        end -= 1
    return None if article and end == at else end


def _goes_on(question: str, words: Sequence[Token], end: int, found: Sequence[Name], article: bool) -> bool:
    """Whether the word after `end` is one more of the same noun phrase."""
    one, other = words[end], words[end + 1]
    if _GAP.search(question[one.end : other.start]):
        return False
    here, there = _name_at(one, found), _name_at(other, found)
    if there is not None:
        return here is there or here is None or one.possessive
    if other.low in FUNCTION or (here is not None and not one.possessive and not article):
        return False
    first = one.low in ("the", "a", "an")
    return first or not (other.low in IRREGULAR or other.low.endswith("ly") or (is_verb(other.low) and other.low not in EVENTS))


def _is_predicate(words: Sequence[Token], at: int, end: int) -> bool:
    """Whether the last word is the verb or the adjective after a subject: "uphold" in "did the court uphold"."""
    before, last = words[at - 1].low if at else "", words[end].low
    following = words[end + 1].low if end + 1 < len(words) else ""
    if before in _BEFORE_BASE:
        verb_follows = following in VERBS or following in ("be", "have")
        later = any(word.low in VERBS for word in words[end + 1 :])  # "does the film theatre at the Square close"
        return end - at > 1 and not verb_follows and (is_verb(last) or not later)
    return before in _BE and at == 1 and end - at > 1 and last not in EVENTS and following not in ("of", "in")


def _find_attachment(
    question: str, words: Sequence[Token], last: int, found: Sequence[Name], blocked: Sequence[tuple[int, int]]
) -> int | None:
    """The last token of what a preposition right after a phrase attaches to it."""
    if last + 2 >= len(words) or words[last + 1].low not in _ATTACHED or _inside(words[last + 2], blocked):
        return None
    return None if "," in question[words[last].end : words[last + 2].start] else _last(question, words, last + 2, found)


def _is_asked_for(words: Sequence[Token], first: int) -> bool:
    return first > 0 and words[first - 1].low in ("which", "what", "whose", "many", "much")


def _phrase(question: str, words: Sequence[Token], at: tuple[int, int, int], found: Sequence[Name]) -> Phrase:
    first, head, last = at
    start, end = words[first].start, words[last].end
    before = words[first - 1].low if first else ""
    named = any(name.start < end and start < name.end for name in found)
    text = question[start:end].removesuffix("’s").removesuffix("'s")
    plural = is_plural(words[head].low) and not words[head].capital
    return Phrase(text, start, start + len(text), before, words[head].low, named, plural, before in _BEFORE_BASE | _BE)
