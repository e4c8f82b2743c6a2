"""Of which kind a name is, which titles stand beside it, and whether it is a man's or a woman's, by the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import regex

from rag.english.lexicon import MEN, ROLES, WOMEN, list_words
from rag.english.words import Token, tokens

Kind = Literal["person", "body", "place", "thing", "name"]
"""What a name is of: a person, a company or office or team, a place, some other thing; "name" where nothing tells."""
Gender = Literal["he", "she"]

_INSIDE = frozenset(("in", "near", "outside", "inside", "across", "around", "throughout"))
BODIES, PLACES, THINGS, POLITICAL = list_words("bodies"), list_words("places"), list_words("things"), list_words("political")
_FIRST_OF_MEN, _FIRST_OF_WOMEN = list_words("names_of_men"), list_words("names_of_women")


def roles_beside(text: str, start: int, end: int, prior: Sequence[str]) -> set[str]:
    """The titles right before a name ("the coach, Stefan Oyle") and in its apposition ("Odile Marchand, the chief executive")."""
    close = [one for word in prior[-1:] for one in ((word,) if word in ROLES else (word.removesuffix("s"),)) if one in ROLES]
    if regex.search(r"[.!?]\s*[“\"]?$|[”\"]\s*$", text[:start]):
        close = []
    after = regex.match(r",\s(?:(?:the|a|an|its|his|her|who (?:is|leads|heads))\s)?([^,.;:!?]{2,70})", text[end : end + 90])
    beside = [word.low for word in tokens(after[1])] if after and not regex.match("said|says|told|according", after[1]) else []
    lead = regex.search(r"([^,.;:!?”“\"]{2,60}),\s(?:the\s)?$", text[max(0, start - 70) : start])
    beside += [word.low for word in tokens(lead[1])] if lead else []
    return {word for word in (*close, *beside) if word in ROLES}


def kind_of(text: str, run: Sequence[Token], the: bool, roles: set[str], prior: Sequence[str], end: int, titled: bool) -> Kind:
    """`run` are the name's words, `the` says whether it has the article, `prior` are three words before it, `end` its end."""
    words = [token.low for token in run]
    if titled or words[0].rstrip(".") in MEN | WOMEN:
        return "person"
    if len(words) > 1 and (words[0] in ROLES or (words[1] in ROLES and len(words) > 2)):
        return "thing"  # an office: "Minister of Works"
    if words[-1] in PLACES and words[-1] not in ("city", "port", "state"):
        return "place"
    if any(word in BODIES for word in words):
        return "body"
    if any(word in THINGS for word in words):
        return "thing"
    if words[0] in PLACES:
        return "place"  # "Lake Orrin", but not "Anna Hill Reed"
    return _kind_by_neighbours(text, run, the, roles, prior, end)


def _kind_by_neighbours(text: str, run: Sequence[Token], the: bool, roles: set[str], prior: Sequence[str], end: int) -> Kind:
    if run[0].low in _FIRST_OF_MEN | _FIRST_OF_WOMEN and len(run) > 1 and not the:
        return "person"
    if prior and (prior[-1] in _INSIDE or prior[-1] in ("at", "from") or (prior[-1] == "to" and len(run) == 1)) and not the:
        return "place"
    if len(run) == 1 and len(run[0].text) > 1 and run[0].text.isupper():
        return "body"
    if the:
        return "thing" if len(run) == 1 and regex.match(r"\s\p{Ll}{3,}", text[end : end + 8]) else "body"
    if prior and prior[-1] == "of" and len(prior) > 1 and prior[-2] in ROLES:
        return "place" if len(run) == 1 and prior[-2] in POLITICAL else "body"
    if _is_body(text, end):
        return "body"
    speaks = len(run) > 1 and _speaks(text, run[0].start, end) and prior[-1:] != ["of"]
    return "person" if (roles or speaks) and len(run) < 5 else "name"


def _is_body(text: str, end: int) -> bool:
    """Whether an apposition calls it one: "Open Line, a civil rights group"."""
    after = regex.match(r",\s(?:an?|the)\s([^,.;:!?]{2,50})", text[end : end + 60])
    words = [word.low for word in tokens(after[1])] if after else []
    return any(word in BODIES for word in words) and not any(word in ROLES for word in words)


def _speaks(text: str, start: int, end: int) -> bool:
    after, before = text[end : end + 12], text[max(0, start - 8) : start]
    return bool(regex.match(r",? (?:said|says|told|who|\d\d,)\b", after) or regex.search(r"\bsaid $", before))


def gender_of_name(run: Sequence[Token], roles: set[str]) -> Gender | None:
    """By titles and first names; None where neither tells, or both do and differ."""
    first = run[0].low
    he, she = bool(roles & MEN) or first in _FIRST_OF_MEN, bool(roles & WOMEN) or first in _FIRST_OF_WOMEN
    if he == she:
        return None
    return "he" if he else "she"
