"""A whole question that leans on the conversation: its pronouns replaced, its topic, time and outlet added."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from rag.understand.followup.antecedents import antecedent, every_name
from rag.understand.followup.context import Context
from rag.understand.followup.entities import Entity, Gender
from rag.understand.followup.joining import with_object, with_scope, with_topic
from rag.understand.followup.leaning import definites, leans
from rag.understand.followup.lexicon import ROLES, listed
from rag.understand.followup.pronouns import Anaphor, anaphors
from rag.understand.followup.words import tokens, without_mark

_OWNS = frozenset({"his", "its", "their", "her", "hers", "theirs"})
_HE = frozenset({"he", "him", "his", "himself"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question that stands alone, and of whom it turned out that they are "he" or "she".

    It is `weak` where no pronoun but only its shortness says that the question leaned on another.
    """

    text: str
    genders: tuple[tuple[str, Gender], ...] = ()
    weak: bool = False


def resolved(question: str, context: Context, led_in: bool) -> Resolved | None:
    """The question with what it leans on; None where it stands alone."""
    own = context.names(question)
    found = anaphors(question, own)
    if not found and not leans(question, own, context, led_in):
        return None
    asks_who = regex.match(r"who\s(?:is|was|are|were)\s", question, regex.IGNORECASE)
    told = [] if own else [one for one in definites(question, own) if not (asks_who and one.noun in ROLES)]
    pointed = found + [one for one in told if not _overlaps(one, found)]
    text, named, missed, genders = question, False, False, []
    for anaphor in reversed(_first_mentions(pointed)):
        meant = antecedent(anaphor, context)
        if meant is None or not _fits(anaphor, meant, text):
            missed = missed or anaphor.sort != "definite"
            continue
        text = replaced(text, anaphor, meant)
        named = named or any(name.sure for name in context.names(f"about {meant}"))
        if anaphor.sort == "person":
            genders.append((meant, _gender(anaphor.word)))
    text = without_mark(_spelled_out(text, context))
    text = with_object(text, context)
    if missed or not (named or (own and found)):
        text = with_topic(text, context)
    return Resolved(with_scope(text, context), tuple(genders), weak=not found)


def _first_mentions(pointed: list[Anaphor]) -> list[Anaphor]:
    """The first of each sort: "she" may go on as "she" once it is told who she is."""
    first: dict[tuple[str, str], Anaphor] = {}
    for one in sorted(pointed, key=lambda one: one.start):
        first.setdefault((_gender(one.word) if one.sort == "person" else one.sort, one.noun), one)
    return sorted(first.values(), key=lambda one: one.start)


def _gender(word: str) -> Gender:
    return "he" if word in _HE else "she"


def _overlaps(one: Anaphor, others: list[Anaphor]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _fits(anaphor: Anaphor, meant: str, text: str) -> bool:
    """Whether a phrase can be put there without saying something twice or becoming unreadable."""
    return len(meant) <= 90 and (anaphor.sort == "person" or meant.lower() not in text.lower())


def replaced(text: str, anaphor: Anaphor, meant: str) -> str:
    """`text` with the anaphor's words replaced by `meant`, as their case and place ask for it."""
    before, after = text[: anaphor.start], text[anaphor.end :]
    if meant.startswith("The "):
        meant = f"the {meant[4:]}"
    if anaphor.word in ("himself", "herself"):
        return text
    if anaphor.word in _OWNS and (anaphor.word != "her" or _noun_follows(after)):
        owner = f"{meant}’" if meant.endswith("s") else f"{meant}’s"
        return f"{before}{owner}{after}"
    if anaphor.sort == "there":
        return f"{before}in {meant}{after}" if not regex.search(r"\b(?:in|from|to)\s*$", before) else f"{before}{meant}{after}"
    return f"{before}{meant}{after}"


def _noun_follows(after: str) -> bool:
    following = tokens(after[:40])
    return (
        bool(following)
        and after[: following[0].start].isspace()
        and following[0].text.isalpha()
        and following[0].low not in _AFTER_OBJECT
    )


_AFTER_OBJECT = listed("in at on for to from with by after before about when as and or during because if")


def _spelled_out(text: str, context: Context) -> str:
    """`text` with surnames that stand alone given their first names from the conversation."""
    known = [name for name in every_name(context) if name.kind in ("person", "name") and 1 < len(name.words) < 4]
    for name in reversed(context.names(text)):
        if len(name.words) == 1 and name.sure:
            longer = {one.bare: one for one in known if name.words < one.words and tokens(one.bare)[-1].low in name.words}
            if len(longer) == 1:
                text = f"{text[: name.start]}{next(iter(longer))}{text[name.end :]}"
    return text


__all__ = ["Entity", "Resolved", "replaced", "resolved"]
