"""As much grammar of an English sentence as tells who does what: which of its words are names, and which verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from rag.english.folding import fold
from rag.english.lexicon import IRREGULAR, list_words
from rag.english.names import names
from rag.english.numbers import SCALES, TENS, UNITS
from rag.english.saying import STATING
from rag.english.stems import FUNCTION, Stems
from rag.when import calendar

Kind = Literal["name", "verb", "word", "small"]
"""A part of a name, a verb, another word of content, or a word that only joins."""

_WORD = regex.compile(r"[\p{L}\p{N}$€£]+(?:[’'.,-](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*")
DETERMINERS = list_words("openers_of_things")
AUXILIARIES = list_words("before_verbs")
BE = list_words("passive")
_PRONOUNS = list_words("standing_in")
_UNCHANGING = list_words("unchanging")
TIMES = frozenset(
    (
        *calendar.MONTHS,
        *calendar.WEEKDAYS,
        *UNITS,
        *TENS,
        *SCALES,
        "down",
        "off",
        "away",
        "year",
        "month",
        "week",
        "day",
        "last",
        "next",
    )
)
_SAID = frozenset(("say", "says", "said"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, its stem, and the characters `gap` between it and the word before."""

    word: str
    stem: str
    kind: Kind
    gap: str

    @property
    def pronoun(self) -> bool:
        return self.word in _PRONOUNS


def tokens(text: str, known: frozenset[str], stems: Stems) -> list[Token]:
    found = [(name.opens, name.end) for name in names(text, known=known)]
    read: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        raw = regex.sub(r"[’']s$", "", match[0])
        is_name = raw[0].isupper() and any(start <= match.start() < stop for start, stop in found)
        word = raw.casefold()
        stem = (stems.of(fold(raw) if is_name else word) or [word])[0]
        small = (word in FUNCTION and word not in _SAID) or word in TIMES or not word[0].isalpha()
        kind: Kind = "name" if is_name else "small" if small else "word"
        gap = text[end : match.start()]
        initial = read and len(read[-1].word) == 1 and gap == ". "
        read.append(Token(word, stem, kind, " " if initial else gap))
        end = match.start() + len(raw)
    return [_with_verb(read, at) for at in range(len(read))]


def _with_verb(read: Sequence[Token], at: int) -> Token:
    token = read[at]
    if token.kind != "word" or not _is_verb(read, at):
        return token
    return Token(token.word, "say" if token.stem in STATING or token.word in _SAID else token.stem, "verb", token.gap)


def _is_verb(read: Sequence[Token], at: int) -> bool:
    word, before = read[at].word, read[at - 1].word if at else ""
    after = read[at + 1] if at + 1 < len(read) else None
    if before in DETERMINERS or read[at].gap.endswith(("-", "’s ", "'s ")):
        return False
    if before in AUXILIARIES and before not in BE:
        return True
    follows = after is not None and _begins_thing(after)
    if IRREGULAR.get(word, word) != word or word in _SAID or (word in _UNCHANGING and follows):
        return True
    if word.endswith("ed"):
        return not (after and after.kind == "word" and before in ("of", "with", "for", "by", "some"))
    if word.endswith("ing"):
        return follows
    return word.endswith("s") and not word.endswith("ss") and follows


def _begins_thing(token: Token) -> bool:
    first = token.word.split("-")[0]
    return token.kind == "name" or first in DETERMINERS or first in UNITS or not first[0].isalpha()
