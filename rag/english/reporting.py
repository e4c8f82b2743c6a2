"""Who says something, in a sentence of news: by a name beside a verb of saying, or by "according to". In English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from rag.english.folding import fold
from rag.english.names import Name, names
from rag.english.saying import CALLING, HOLDING, PROMISING, REMARKING, STATING, any_of, reporting_forms, third_of
from rag.english.words import past

_FORMS = {"say", "saying", "tell", "believe", past("believe"), *map(third_of, HOLDING)}
_VERB = rf"(?:{any_of(_FORMS | reporting_forms(STATING | REMARKING | PROMISING | CALLING))}|(?:spoke|speaks)(?= of))"
_SAYING = regex.compile(rf"\b{_VERB}\b", regex.IGNORECASE)
_ACCORDING = regex.compile(r"\b[Aa]ccording to\s+")
_HE = regex.compile(r"\b(?:he|she|they|the \p{Ll}+(?: \p{Ll}+)?)$", regex.IGNORECASE)
_PRONOUN_NEXT = regex.compile(r"^\s*(?:he|she|they|the)\b", regex.IGNORECASE)
_BETWEEN = regex.compile(
    r"\s*(?:,[^.;:!?“”]*,|\([^)]*\)|[–—][^–—.]*[–—]|of [^,.;]*)?\s*(?:(?:also|later|has|had|then|reportedly)\s+)*"
)
_OFFICE = regex.compile(r"\s(?:the|an?|its|their|his|her)\s[^.;:!?“”\"]{1,70},\s")
_INVERTED = regex.compile(r"[”\"’,]\s*$")
"""What stands before a verb whose speaker follows it: the end of a quotation."""
_NEAR = 90
"""Characters between a verb and its speaker: an apposition may stand between them."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A verb of saying at `at`; `words` are those of its speaker's name, none where only a pronoun or a noun says who."""

    words: tuple[str, ...]
    at: int


def sayings(text: str, known: Sequence[str] = ()) -> list[Saying]:
    """Who says what in `text`, in order."""
    found = names(text, known=known)
    return sorted({*_by_verbs(text, found), *_by_source(text, found)}, key=lambda each: (each.at, each.words))


def _by_verbs(text: str, found: Sequence[Name]) -> Iterator[Saying]:
    for verb in _SAYING.finditer(text):
        after = next((name for name in found if _follows(text[verb.end() : name.opens])), None)
        before = [name for name in found if name.end <= verb.start() and _speaks(text, name, verb.start())]
        if after and _INVERTED.search(text, 0, verb.start()):
            yield Saying(after.words, verb.start())
        elif before:
            holders = [name for name in before if not name.office]  # of "Ann Lee, the Minister of Works, said" Ann Lee speaks
            yield from (Saying(name.words, verb.start()) for name in holders or before)
        elif _HE.search(text[: verb.start()].rstrip()) or (
            _PRONOUN_NEXT.match(text[verb.end() :]) and _INVERTED.search(text, 0, verb.start())
        ):
            yield Saying((), verb.start())


def _follows(between: str) -> bool:
    """Whether what stands between a verb of saying and a name after it is nothing, or an office: "said the coach, Ann Lee"."""
    return (between.isspace() and len(between) <= 2) or _OFFICE.fullmatch(between) is not None


def _speaks(text: str, name: Name, verb: int) -> bool:
    """Whether what stands between a name and a verb makes the one the subject of the other: nothing, or an apposition.

    The name may itself be the apposition, between two commas.
    """
    between = text[name.end : verb]
    apposed = text[: name.opens].endswith(", ") and between.strip() == ","
    return apposed or (len(between) <= _NEAR and _BETWEEN.fullmatch(between) is not None)


def is_saying(word: str) -> bool:
    return _SAYING.fullmatch(word) is not None


def _by_source(text: str, found: Sequence[Name]) -> Iterator[Saying]:
    for match in _ACCORDING.finditer(text):
        named = next((name for name in found if 0 <= name.opens - match.end() <= 40), None)
        if named:
            yield Saying(named.words, match.start())


def same_speaker(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names share a word or one has the other's initials: "Brightwell" and "Tomas Brightwell"."""
    initials = {"".join(word[0] for word in name if word) for name in (one, other) if len(name) > 1}
    return bool({fold(word) for word in one} & {fold(word) for word in other}) or any(
        short.endswith(some) for short in {*one, *other} for some in initials
    )
