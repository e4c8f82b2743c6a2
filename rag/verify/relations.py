"""Who does what to whom, what belongs to what, and who holds which office.

A sentence may not put together what its source has apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from rag.english.events import Event, Thing, attachments, events
from rag.english.grammar import tokens
from rag.english.lexicon import list_words
from rag.english.names import Name, names
from rag.english.stems import Stems

_AGENTS = list_words("agent_stems")
"""Stems of nouns for those who act, and are no name's other word unless the text says so."""
_ROLE_BEFORE = regex.compile(
    r"(?:\b[Tt]he|\b[Aa]n?|\b[Ii]ts|\b[Tt]heir|[’']s?)\s+(?P<role>(?:(?!and\b)\p{Ll}[\p{L}-]*\s){0,3}?\p{Ll}[\p{L}-]+)"
    r"(?:(?:\s(?:of|in|at|for|from)\s(?:(?!(?:who|which)\b)[\p{L}’'&.-]+\s?){1,6}?),|,?)\s$"
)
_ROLE_AFTER = regex.compile(
    r"^,?\s(?:(?:is|was|as)\s)?(?:the|an?|its|their|[\p{Lu}][\p{L}]+[’']s)\s(?P<role>(?:\p{Ll}[\p{L}-]*\s){0,3}?\p{Ll}[\p{L}-]+)(?=,|\.|;|\s(?:of|in|at|for|from|who)\b|$)"
)


@dataclass(frozen=True, slots=True)
class Relations:
    """What a text puts together. `apposed` are the attachments with names in apposition.

    `offices` are pairs of the stem of an office's last word and the folded words of the name of who holds it.
    """

    events: tuple[Event, ...]
    attachments: tuple[tuple[str, str, frozenset[str]], ...]
    apposed: tuple[tuple[str, str, frozenset[str]], ...]
    offices: tuple[tuple[str, frozenset[str]], ...]
    stems: frozenset[str]


def relations(text: str, known: frozenset[str], stems: Stems) -> Relations:
    read = tokens(text, known, stems)
    return Relations(
        tuple(events(read)), tuple(attachments(read, False)), tuple(attachments(read, True)),
        tuple(_offices(text, names(text, known=known), stems)),
        frozenset(token.stem for token in read if token.kind != "small"),
    )  # fmt: skip


def _offices(text: str, found: Sequence[Name], stems: Stems) -> Iterator[tuple[str, frozenset[str]]]:
    for name in found:
        held = (
            _ROLE_BEFORE.search(text[max(0, name.opens - 120) : name.opens]),
            _ROLE_AFTER.search(text[name.end : name.end + 80]),
        )
        for match in held:
            if match and (office := stems.of(match["role"].split()[-1])):
                yield office[0], frozenset(name.words)


def wrong_office(said: Relations, passage: Relations) -> str | None:
    """Who holds an office in `said` that somebody else holds in the passage; None where nobody does."""
    for office, who in said.offices:
        holders = [other for stem, other in passage.offices if stem == office]
        if holders and not any(who & other for other in holders):
            return f"{' '.join(sorted(who)).title()} as {office}"
    return None


def wrong_attachment(said: Relations, span: Relations, passage: Relations) -> str | None:
    """What belongs to something in `said` and to something else in the span; None where nothing does."""
    for head, joint, things in said.attachments:
        theirs = [other for stem, way, other in span.apposed if (stem, way) == (head, joint)]
        if theirs and not any(things & other for other in theirs) and things & passage.stems:
            return f"{head} {joint} {' '.join(sorted(things))}"
    return None


def wrong_event(said: Relations, span: Relations) -> str | None:
    """The verb that has another doer or object in the span, with "who" before it; None where none has."""
    for event in said.events:
        theirs = [other for other in span.events if other.verb == event.verb]
        if theirs and all(
            _other_way(event, other) or _another(event.doer, other.doer) or _another_object(event, other) for other in theirs
        ):
            return f"who {event.verb}"
    return None


def _other_way(said: Event, source: Event) -> bool:
    """Whether the doer of one is what it is done to in the other."""
    doer, thing, theirs, other = (_stems(one) for one in (said.doer, said.object, source.doer, source.object))
    if thing & theirs and not thing & other and not doer & theirs and (doer or other):
        return True
    return bool(doer & other and not doer & theirs and not thing & other)


def _another_object(said: Event, source: Event) -> bool:
    return bool(said.object and said.object.named) and _another(said.object, source.object)


def _stems(thing: Thing | None) -> frozenset[str]:
    return thing.stems if thing else frozenset()


def _another(said: Thing | None, source: Thing | None) -> bool:
    """Whether both are told, and are not the same: most nouns can stand for a name."""
    if not said or not source or said.stems & source.stems:
        return False
    if not source.named:
        return bool(said.stems & _AGENTS and source.stems & _AGENTS)
    return said.named or bool(said.stems & _AGENTS)
