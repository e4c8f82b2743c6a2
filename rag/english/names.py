"""Whom and what a text names: words with a capital for what they are, not for where they stand.

The one finder of names. Understanding takes from it what a question names and of which kind, checking the words to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.english.folding import fold
from rag.english.lexicon import FUNCTION, ROLES, list_words
from rag.english.name_kinds import BODIES, PLACES, Gender, Kind, gender_of_name, kind_of, roles_beside
from rag.english.words import Token, tokens

_JOIN = regex.compile(r"[ \u00a0](?:(?:of|de|da|van|von|der|la|al|bin|ibn|for|and|&)[ ](?:the[ ])?(?:der[ ]|la[ ])?)?")
_PERSONAL = frozenset(("de", "da", "van", "von", "der", "la", "al", "bin", "ibn"))
_REGNAL = list_words("regnal")
"""Titles that belong to a first name alone: "Queen Anna"."""
_NO_NAMES = list_words("months", "weekdays") | {"i", "a.m", "p.m"}
_OPENERS = list_words("openers")
"""Words that open a sentence and are no part of the name after them: "Yesterday Anna Lind", "Police Chief Ray Ode"."""
_OPENING_NAMES = list_words("opening_names")
"""Those that may well be part of it: "New Zealand"; alone they are no name."""
_OPENS = regex.compile(r"(?:^|[.!?:;…]\s|[“\"‘(\[\n])[\s“\"‘(\[]*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `text[start:end]`, with the article "the" where it has one. `words` are its folded words, without titles.

    `opens` is where its first word with a capital stands, that of a title before it included; `roles` are words such as
    "minister" beside it. `sure` is False where only the capital of a sentence's first word says that it is a name.
    """

    name: str
    start: int
    end: int
    kind: Kind
    words: tuple[str, ...]
    opens: int
    roles: frozenset[str] = frozenset()
    gender: Gender | None = None
    sure: bool = True

    @property
    def office(self) -> bool:
        """Whether it names an office rather than who holds it: "the Minister of Works"."""
        return self.kind == "thing" and self.words[:1] != () and self.words[0] in ROLES

    @property
    def bare(self) -> str:
        return self.name[4:] if self.name.lower().startswith("the ") else self.name


def names(text: str, outlets: Sequence[str] = (), known: Iterable[str] = ()) -> list[Name]:
    """The names in `text`, in order, but for those of `outlets`, of days and of months.

    Where folded words of names are `known`, a lone first word of a sentence counts only when it is one of them.
    """
    papers, certain = _papers(tuple(outlets)), frozenset(known)
    found = (_name(text, run) for run in _runs(_sentence_case(text)))
    return [
        one
        for one in found
        if one is not None
        and plain_name(one.name) not in papers
        and (one.sure or not certain or not certain.isdisjoint(one.words))
    ]


def name_words(found: Iterable[Name]) -> set[str]:
    return {word for name in found for word in name.words}


@lru_cache(maxsize=4)
def _papers(outlets: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(plain_name, outlets))


def plain_name(name: str) -> str:
    """A name as it is looked up: in lower case, without the article."""
    return str(regex.sub(r"^the\s+", "", " ".join(name.split()).casefold()))


def _sentence_case(text: str) -> str:
    """Text all in capitals says nothing by them."""
    letters = [char for char in text if char.isalpha()]
    loud = len(letters) > 12 and sum(char.isupper() for char in letters) > 0.8 * len(letters)
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text) if loud else text


def _runs(text: str) -> Iterator[list[Token]]:
    """Capitalised words that follow each other, with small joining words between where what comes before is a body or title."""
    run: list[Token] = []
    for token in tokens(text):
        if not token.capital or token.low in _NO_NAMES or (token.low in FUNCTION | _OPENERS and _opens(text, token.start)):
            continue
        if run and not _joins(text, run, token):
            yield run
            run = []
        if run or token.low != "the":  # "told The Evening Post": an article, which a capital makes no part of the name
            run.append(token)
    if run:
        yield run


def _joins(text: str, run: Sequence[Token], token: Token) -> bool:
    between = text[run[-1].end : token.start]
    if not _JOIN.fullmatch(between) or (run[-1].possessive and token.low not in BODIES | PLACES):
        return False
    joining = between.split()
    if not joining or joining[0] in _PERSONAL:
        return True
    of_body = any(word.low in BODIES | ROLES | PLACES for word in run)
    if joining[0] == "for":  # "the Centre for Trade", but not "left the Rovers for Holm"
        return of_body
    if joining[0] == "of":
        return of_body or text[: run[0].start].endswith("the ")
    following = [word.low for word in tokens(text[token.start : token.start + 60])[:4]]
    return joining[0] == "&" or (text[: run[0].start].endswith("the ") and any(word in BODIES for word in following))


def _opens(text: str, at: int) -> bool:
    """Whether a sentence or a quotation opens there."""
    return _OPENS.search(text[max(0, at - 6) : at]) is not None


def _name(text: str, run: list[Token]) -> Name | None:
    titles, named = _apart_from_titles(text, run)
    if len(run) == 1 and (_is_common(run[0]) or run[0].low.rstrip(".") in ROLES):
        return None
    start, end = named[0].start, named[-1].end
    name = _strip_possessive(text[start:end])
    end = start + len(name)
    before = regex.search(r"\bthe\s+$", text[max(0, start - 8) : start], regex.IGNORECASE)
    if before:
        start -= len(before[0])
        name = text[start:end]
    prior = [word.strip(',“"(').lower() for word in text[max(0, start - 80) : start].split()[-3:]]
    roles = titles | roles_beside(text, start, end, prior)
    kind = kind_of(text, named, before is not None, roles, prior, end, titled=bool(titles))
    sure = len(run) > 1 or not _opens(text, run[0].start)
    gender = gender_of_name(named, roles) if kind == "person" else None
    return Name(name, start, end, kind, _words(named), run[0].start, frozenset(roles), gender, sure)


def _apart_from_titles(text: str, run: list[Token]) -> tuple[set[str], list[Token]]:
    """The titles before a name, and the words of the name itself."""
    titles: set[str] = set()
    while len(run) > 1 and run[0].low.rstrip(".") in ROLES and not (len(run) == 2 and run[0].low in _REGNAL):
        if any(word in text[run[0].end : run[1].start].split() for word in ("of", "for")):
            break
        titles.add(run[0].low.rstrip("."))
        run = run[1:]
    return titles, run


def _is_common(token: Token) -> bool:
    """Whether a word by itself is no name though it has a capital: "He", "New", but not "WHO"."""
    return token.low in FUNCTION | _OPENERS | _OPENING_NAMES and not (len(token.text) > 1 and token.text.isupper())


def _words(named: Sequence[Token]) -> tuple[str, ...]:
    parts = (fold(part) for token in named for part in regex.split(r"[–,]", token.text))
    return tuple(word for word in parts if word and word != "st")


def _strip_possessive(name: str) -> str:
    return regex.sub(r"[’']s?$", "", name) if regex.search(r"[’']s$|s[’']$", name) else name
