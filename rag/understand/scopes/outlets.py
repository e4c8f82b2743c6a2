"""The archive's outlets that a question names as its sources: in full, in short, or by the paper that a section belongs to.

A name counts in a reporting position alone ("according to Dawn", "the Gazette's report", "did Fortune say"), since many are plain
words, and since a question about an outlet is not one to it. One of a single word counts with a capital alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from rag.english.lexicon import list_words
from rag.english.positions import is_reporting, joins

MAX_WORDS = 12
ABRIDGED = (2, 3, 5)
"""Ranks of names of which a part of the last word, or a whole one, is left out: "BBC" for BBC News, "NYT"."""
_LEFT_OUT = frozenset({"news", "online", "magazine", "network", "media", "digital"})
_WORD = regex.compile(r"\w+")
_HEAD = regex.compile(r"\s+[-–—|»]\s+|\s*[|:»]\s+")
_DOMAIN = regex.compile(r"\.(?:com|org|net|co|news|info|tv)(?:\.\w\w)?$|\.(?:co\.)?\w\w$", regex.IGNORECASE)
_GENERIC = list_words("generic_outlet_words")
_GAP = regex.compile(r"\s?(?:[-–—|.,:&/]\s?)?|['’]\s?")
_FUNCTION_WORDS = list_words("before_outlets")


@dataclass(frozen=True, slots=True)
class OutletMention:
    """Outlets that `question[start:end]` names; several where it names a paper whose sections are outlets."""

    start: int
    end: int
    outlets: tuple[str, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a name. `short`: it needs "the" before it. `rank` is how far it is from the full name."""

    outlets: tuple[str, ...]
    family: str
    short: bool
    rank: int


def outlets_named(question: str, outlets: tuple[str, ...]) -> tuple[OutletMention, ...]:
    """The `outlets` that `question` points to as its sources, in order and apart from each other."""
    found = list(_candidates(question, _forms(outlets)))
    kept = {one for one in found if is_reporting(question, one.start, one.end, one.plain)}
    while more := [
        one
        for one in found
        if one not in kept and any(joins(question, (one.start, one.end), (other.start, other.end)) for other in kept)
    ]:
        kept.update(more)
    return tuple(sorted(kept, key=lambda one: one.start))


def _candidates(question: str, forms: Mapping[tuple[str, ...], _Form]) -> Iterator[OutletMention]:
    """The longest names, from left to right."""
    words = list(_WORD.finditer(question))
    folded = [word[0].casefold() for word in words]
    at = 0
    while at < len(words):
        for count in range(min(MAX_WORDS, len(words) - at), 0, -1):
            form = forms.get(tuple(folded[at : at + count]))
            if form and _is_name(question, words, at, count, form):
                yield OutletMention(
                    words[at].start(), words[at + count - 1].end(), form.outlets, form.rank in ABRIDGED or count == 1
                )
                at += count
                break
        else:
            at += 1


def _is_name(question: str, words: Sequence[regex.Match[str]], at: int, count: int, form: _Form) -> bool:
    """Whether so many words from `at` are written as a name and are not part of a longer one."""
    taken = words[at : at + count]
    if any(not _GAP.fullmatch(question, one.end(), other.start()) for one, other in pairwise(taken)):
        return False
    first = 1 if count > 1 and taken[0][0].casefold() == "the" else 0
    written = taken[first][0]
    if form.short and not (first or (at and words[at - 1][0].casefold() == "the")):
        return False
    if written[0].islower() and not (len(taken) - first > 1 and not form.short):
        return False
    return bool(first or not at or not _continues(question, words[at - 1], taken[0]))


def _continues(question: str, before: regex.Match[str], word: regex.Match[str]) -> bool:
    """Whether a word with a capital stands right before, as in "Financial Times"."""
    return before[0][0].isupper() and before[0].casefold() not in _FUNCTION_WORDS and question[before.end() : word.start()] == " "


@lru_cache(maxsize=4)
def _forms(outlets: tuple[str, ...]) -> Mapping[tuple[str, ...], _Form]:
    """Every unambiguous way to write one of the names, as folded words. A fuller name goes before a shorter one of another."""
    ways: dict[tuple[str, ...], list[_Form]] = {}
    for outlet in outlets:
        family = _HEAD.split(outlet, 1)[0].casefold().strip()
        for words, rank, short in _ways(outlet):
            ways.setdefault(words, []).append(_Form((outlet,), family, short, rank))
    forms = {}
    for words, several in ways.items():
        nearest = min(form.rank for form in several)
        best = [form for form in several if form.rank == nearest]
        if len({form.family for form in best}) == 1:
            forms[words] = _Form(
                tuple(dict.fromkeys(form.outlets[0] for form in best)), best[0].family, best[0].short, best[0].rank
            )
    return forms


def _ways(outlet: str) -> Iterator[tuple[tuple[str, ...], int, bool]]:
    """The ways to write a name: words, how far from the full name, and whether they need "the" before them."""
    head = _HEAD.split(outlet, 1)[0]
    for rank, name in enumerate((outlet, head, _DOMAIN.sub("", head))):
        words = _fold(name)
        if not words or (rank == 2 and name == head):
            continue
        yield words, rank, False
        bare = words[1:] if words[0] == "the" and len(words) > 1 else words
        yield bare, rank, False
        yield ("the", *bare), rank, False
        if bare[-1] in _LEFT_OUT and len(bare) > 1 and rank == 1:
            yield bare[:-1], 3, False
        if rank == 1 and len(bare) > 1 and bare[-1] not in _GENERIC:
            yield bare[-1:], 4, True
            yield ("the", bare[-1]), 4, True
    initials = "".join(word[0] for word in _fold(head) if word not in ("the", "of", "and"))
    if len(initials) > 2:
        yield (initials,), 5, False


def _fold(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))
