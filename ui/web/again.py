"""A question asked again, in another way than it was understood: at its word, without what was inferred, or limited to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rag.errors import UsageError
from rag.types import Filters, Question, Scope
from ui.web.conversation import Exchange

GONE = "This question is no longer known here. Ask it anew."


def again(exchange: Exchange | None, chosen: Mapping[str, object], given: Question) -> Question:
    """What a click under `exchange` asks for, with the filters and the wording that the page has now in `given`.

    It stands alone: what was said before has nothing to do with it. `chosen` is what the browser says was clicked: a "wish", and
    for "without" and "only" the place of a "scope". Raises UsageError for what is not there.
    """
    if exchange is None:
        raise UsageError(GONE)
    answer = exchange.answer
    if chosen.get("wish") == "retry" and answer is None:
        return replace(given, text=exchange.question)
    if answer is None:
        raise UsageError(GONE)
    given = replace(given, history=())
    if chosen.get("wish") == "retry":
        return replace(given, text=answer.standalone_question, filters=answer.question.filters, ignored=answer.question.ignored)
    if chosen.get("wish") == "everywhere":
        return replace(given, text=answer.standalone_question, filters=Filters(), ignored=answer.question.ignored)
    if chosen.get("wish") == "literal":
        return replace(given, text=exchange.question, literal=True)
    scope = _scope(answer.understood.scopes, chosen.get("scope"))
    ignored = answer.question.ignored
    given = replace(given, text=answer.standalone_question, ignored=ignored)
    if chosen.get("wish") == "without":
        return replace(given, ignored=(*ignored, *scope.words))
    own, limits = given.filters, scope.filters
    filters = Filters(limits.since or own.since, limits.before or own.before, limits.outlets or own.outlets)
    return replace(given, filters=filters)


def _scope(scopes: tuple[Scope, ...], place: object) -> Scope:
    number = str(place)
    if not (number.isdecimal() and len(number) < 6 and int(number) < len(scopes)):
        raise UsageError(GONE)
    return scopes[int(number)]
