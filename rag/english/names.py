"""Whom and what a text names: people, bodies, places, with what their words tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from rag.english.lexicon import FUNCTION, MEN, ROLES, WOMEN, list_words
from rag.english.words import Token, tokens

Kind = Literal["person", "body", "place", "thing", "name"]
"""What a name is of: a person, a company or office or team, a place, some other thing; "name" where nothing tells."""
Gender = Literal["he", "she"]

_INSIDE = frozenset(("in", "near", "outside", "inside", "across", "around", "throughout"))
_JOIN = regex.compile(r"[ \u00a0](?:(?:of|de|da|van|von|der|la|al|bin|ibn|for|and|&)[ ](?:the[ ])?(?:der[ ]|la[ ])?)?")
_PERSONAL = frozenset(("de", "da", "van", "von", "der", "la", "al", "bin", "ibn"))
BODIES, PLACES, THINGS, POLITICAL = list_words("bodies"), list_words("places"), list_words("things"), list_words("political")
_FIRST_OF_MEN, _FIRST_OF_WOMEN = list_words("names_of_men"), list_words("names_of_women")
_REGNAL = list_words("regnal")
"""Titles that belong to a first name alone: "Queen Anna"."""
_DAYS = list_words("months", "weekdays")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `text[start:end]`, with the article "the" where it has one. `roles` are words such as "minister" beside it.

    `sure` is False where only the capital of a sentence's first word says that it is a name.
    """

    name: str
    start: int
    end: int
    kind: Kind
    roles: frozenset[str] = frozenset()
    gender: Gender | None = None
    sure: bool = True

    @property
    def words(self) -> frozenset[str]:
        return frozenset(token.low for token in tokens(self.name)) - {"the"}

    @property
    def bare(self) -> str:
        return self.name[4:] if self.name.lower().startswith("the ") else self.name


def names(text: str, outlets: Sequence[str] = ()) -> list[Name]:
    """The names in `text`, in order, but for those of `outlets`, of days and of months."""
    papers = _papers(tuple(outlets))
    found: list[Name] = []
    for run in _runs(_sentence_case(text)):
        one = _one(text, run)
        if one is not None and plain_name(one.name) not in papers:
            found.append(one)
    return found


@lru_cache(maxsize=4)
def _papers(outlets: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(plain_name, outlets))


def plain_name(name: str) -> str:
    """A name as it is compared: in lower case, without the article."""
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
        if not token.capital or token.low in _DAYS or token.text == "I":
            continue
        first = _opens(text, token.start)
        if first and token.low in FUNCTION:
            continue
        if run and not _joins(text, run, token):
            yield run
            run = []
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
    if joining[0] in ("of", "for"):
        return of_body or text[: run[0].start].endswith("the ")
    following = [word.low for word in tokens(text[token.start : token.start + 60])[:4]]
    return joining[0] == "&" or (text[: run[0].start].endswith("the ") and any(word in BODIES for word in following))


def _opens(text: str, at: int) -> bool:
    """Whether a sentence or a quotation opens there."""
    return regex.search(r"(?:^|[.!?:…]\s|[“\"‘(\n])[\s“\"‘(]*$", text[max(0, at - 6) : at]) is not None


def _one(text: str, run: list[Token]) -> Name | None:
    roles: set[str] = set()
    whole = list(run)
    while len(run) > 1 and run[0].low.rstrip(".") in ROLES and not (len(run) == 2 and run[0].low in _REGNAL):
        if any(word in text[run[0].end : run[1].start].split() for word in ("of", "for")):
            break
        roles.add(run[0].low.rstrip("."))
        run = run[1:]
    if len(whole) == 1 and whole[0].low.rstrip(".") in ROLES:
        return None
    start, end = run[0].start, run[-1].end
    name = _strip_possessive(text[start:end])
    end = start + len(name)
    head = text[:start].split()
    the = bool(head) and head[-1].lower() == "the"
    if the:
        start = text.rindex(head[-1], 0, start)
        name = text[start:end]
    prior = [word.strip(',“"(').lower() for word in text[:start].split()[-3:]]
    roles |= _roles_beside(text, start, end, prior)
    kind = _kind(text, run, the, roles, prior, end, explicit=len(run) < len(whole))
    sure = len(run) > 1 or not _opens(text, run[0].start)
    return Name(name, start, end, kind, frozenset(roles), _gender(run, roles) if kind == "person" else None, sure)


def _strip_possessive(name: str) -> str:
    return regex.sub(r"[’']s?$", "", name) if regex.search(r"[’']s$|s[’']$", name) else name


def _roles_beside(text: str, start: int, end: int, prior: Sequence[str]) -> set[str]:
    """The titles right before a name ("the coach, Stefan Oyle") and in its apposition ("Odile Marchand, the chief executive")."""
    close = [one for word in prior[-1:] for one in ((word,) if word in ROLES else (word.removesuffix("s"),)) if one in ROLES]
    if regex.search(r"[.!?]\s*[“\"]?$|[”\"]\s*$", text[:start]):
        close = []
    after = regex.match(r",\s(?:(?:the|a|an|its|his|her|who (?:is|leads|heads))\s)?([^,.;:!?]{2,70})", text[end : end + 90])
    told = [word.low for word in tokens(after[1])] if after and not regex.match("said|says|told|according", after[1]) else []
    lead = regex.search(r"([^,.;:!?”“\"]{2,60}),\s(?:the\s)?$", text[:start])
    told += [word.low for word in tokens(lead[1])] if lead else []
    return {word for word in (*close, *told) if word in ROLES}


def _kind(text: str, run: Sequence[Token], the: bool, roles: set[str], prior: Sequence[str], end: int, explicit: bool) -> Kind:
    words = [token.low for token in run]
    if explicit or words[0].rstrip(".") in MEN | WOMEN:
        return "person"
    if len(words) > 1 and (words[0] in ROLES or (words[1] in ROLES and len(words) > 2)):
        return "thing"  # an office: "Minister of Works"
    if words[-1] in PLACES and words[-1] not in ("city", "port", "state"):
        return "place"
    if any(word in BODIES for word in words):
        return "body"
    if any(word in THINGS for word in words):
        return "thing"
    if any(word in PLACES for word in words):
        return "place"
    if words[0] in _FIRST_OF_MEN | _FIRST_OF_WOMEN and len(run) > 1 and not the:
        return "person"
    if prior and (prior[-1] in _INSIDE or prior[-1] in ("at", "from") or (prior[-1] == "to" and len(run) == 1)) and not the:
        return "place"
    if len(run) == 1 and len(run[0].text) > 1 and run[0].text.isupper():
        return "body"
    if the:
        return "thing" if len(run) == 1 and regex.match(r"\s\p{Ll}{3,}", text[end:]) else "body"
    if prior and prior[-1] == "of" and len(prior) > 1 and prior[-2] in ROLES:
        return "place" if len(run) == 1 and prior[-2] in POLITICAL else "body"
    if _is_body(text, end):
        return "body"
    speaks = len(run) > 1 and _speaks(text, run[0].start, end) and prior[-1:] != ["of"]
    if (roles or speaks) and len(run) < 5:
        return "person"
    return "name"


def _is_body(text: str, end: int) -> bool:
    """Whether an apposition calls it one: "Open Line, a civil rights group"."""
    after = regex.match(r",\s(?:an?|the)\s([^,.;:!?]{2,50})", text[end : end + 60])
    words = [word.low for word in tokens(after[1])] if after else []
    return any(word in BODIES for word in words) and not any(word in ROLES for word in words)


def _speaks(text: str, start: int, end: int) -> bool:
    after, before = text[end : end + 12], text[max(0, start - 8) : start]
    return bool(regex.match(r",? (?:said|says|told|who|\d\d,)\b", after) or regex.search(r"\bsaid $", before))


def _gender(run: Sequence[Token], roles: set[str]) -> Gender | None:
    first = run[0].low
    he, she = bool(roles & MEN) or first in _FIRST_OF_MEN, bool(roles & WOMEN) or first in _FIRST_OF_WOMEN
    if he == she:
        return None
    return "he" if he else "she"
