"""A question asked again, in another way than it was understood: at its word, without what was inferred, or limited to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rag.errors import UsageError
from rag.types import Scope
from ui.web.answering import Manner
from ui.web.conversation import Exchange

GONE = "This question is no longer known here. Ask it anew."


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, with the filters as the fields of the page have them, and how it is to be taken."""

    question: str
    since: str
    until: str
    outlets: tuple[str, ...]
    manner: Manner


def again(exchange: Exchange | None, chosen: Mapping[str, object], given: Asking) -> Asking:
    """What a click under `exchange` asks for, with the filters and the wording that the page has now in `given`.

    `chosen` is what the browser says was clicked: a "wish", and for "without" and "only" the place of a "scope". Raises
    UsageError for what is not there.
    """
    if exchange is None or exchange.answer is None:
        raise UsageError(GONE)
    answer = exchange.answer
    if chosen.get("wish") == "literal":
        return replace(given, question=exchange.question, manner=replace(given.manner, alone=True, literal=True))
    scope = _scope(answer.understood.scopes, chosen.get("scope"))
    given = replace(given, question=answer.standalone_question)
    manner = replace(given.manner, alone=True, ignored=answer.question.ignored)
    if chosen.get("wish") == "without":
        return replace(given, manner=replace(manner, ignored=(*manner.ignored, *scope.words)))
    limits = scope.filters
    return replace(
        given,
        since=limits.since.isoformat() if limits.since else given.since,
        until=limits.until.isoformat() if limits.until else given.until,
        outlets=limits.outlets or given.outlets,
        manner=manner,
    )


def _scope(scopes: tuple[Scope, ...], place: object) -> Scope:
    number = str(place)
    if not (number.isdecimal() and len(number) < 6 and int(number) < len(scopes)):
        raise UsageError(GONE)
    return scopes[int(number)]
