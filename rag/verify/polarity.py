"""Whether something is said to be so or not: negations, and words that mean the opposite of each other. In English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

_PAIRS = """
    accept approve back support endorse adopt ratify favour favor agree pass welcome / reject refuse decline spurn veto disapprove
    disagree oppose resist block; confirm / deny refute;
    admit / deny; allow permit let / ban bar forbid prohibit block outlaw; up / down;
    rise increase climb grow gain jump soar surge / fall decrease drop decline shrink sink plunge slump;
    raise lift increase / lower cut reduce slash; higher / lower; win / lose;
    begin start open launch / end finish close stop halt;
    open reopen / close shut; arrive / leave depart; guilty / innocent;
    convict / acquit clear; succeed success / fail failure; pass / fail defeat; include / exclude;
    hire appoint recruit / fire dismiss sack; before / after; early earlier / late later; more / less fewer; most / least fewest;
    above / below; safe / unsafe dangerous; legal / illegal; likely / unlikely; able / unable; possible / impossible;
    present / absent; alive / dead; survive / die; strengthen / weaken; expand widen / narrow shrink; buy / sell; lend / borrow;
    north / south; east / west; northern / southern; eastern / western; faster quicker / slower; longer / shorter;
    bigger larger / smaller; older / younger; better / worse; best / worst; public / private; temporary / permanent;
    with / without; continue resume / stop halt end suspend abandon; keep / drop scrap abandon; remain stay / leave quit;
    join / leave quit; extend / shorten end; optional voluntary / compulsory mandatory; unanimous / divided;
    restore / cancel withdraw; praise welcome / criticise criticize condemn; reveal disclose / conceal hide;
    release free / detain arrest hold jail; full / empty; expected / unexpected; found / lost missing; old / new; profit / loss;
    surplus / deficit; majority / minority; maximum / minimum; ahead / behind; improve / worsen; cheaper / dearer costlier
"""
_NEGATORS = regex.compile(
    r"\b(?:not|never|no(?! doubt)|none|nobody|nothing|neither|nor|without|cannot|can['’]t|unable|nowhere|hardly|barely|no longer|"
    r"(?:refus|fail|declin|ceas)(?:e|es|ed|ing|s)?(?= to\b)|den(?:y|ies|ied|ying)|rul(?:e|ed|es|ing) out|stopped short of|"
    r"lack(?:s|ed|ing)?|far from|rather than|instead of)\b|\w+n['’]t\b",
    regex.IGNORECASE,
)
_CLAUSE = regex.compile(r"[,;:.!?—–]|\b(?:but|and|while|although|though|because|that|which|who|when|after|before|if|so|unless)\b")
_WORD = regex.compile(r"[\p{L}]+(?:['’]\p{L}+)?")
SCOPE = 4
"""Words after a negator that it denies, as far as the clause goes."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word in lower case, where it stands, and whether it is denied there."""

    word: str
    start: int
    denied: bool


def opposites() -> dict[str, frozenset[str]]:
    """Each word of the pairs above with those that mean the opposite."""
    found: dict[str, frozenset[str]] = {}
    for pair in _PAIRS.split(";"):
        one, other = (side.split() for side in pair.split("/"))
        for words, against in ((one, other), (other, one)):
            for word in words:
                found[word] = found.get(word, frozenset()) | frozenset(against)
    return found


def meanings(text: str) -> Iterator[Meaning]:
    """The words of `text` in order, each with whether a negation before it, in its clause, denies it."""
    denied = [(end, _scope_end(text, end)) for _, end in negators(text)]
    for found in _WORD.finditer(text):
        odd = sum(start <= found.start() < end for start, end in denied) % 2 == 1
        yield Meaning(found[0].lower(), found.start(), odd)


def negators(text: str) -> list[tuple[int, int]]:
    """The spans of the words of `text` that deny what follows them."""
    return [found.span() for found in _NEGATORS.finditer(text)]


def _scope_end(text: str, start: int) -> int:
    clause = _CLAUSE.search(text, start + 1)
    words = list(_WORD.finditer(text, start))[:SCOPE]
    last = words[-1].end() if words else len(text)
    return min(last, clause.start()) if clause else last
