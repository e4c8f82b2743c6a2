"""One way in for every question: options in Python, the command line, the page, HTTP, lines of a batch, gold items and traces.

All of them are fields by name, and `read_question` makes the one `Question` of them, or refuses what is wrong with a message that
names the field. Nothing after it parses or checks a question again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from rag.days import as_day, make_filters
from rag.errors import UsageError
from rag.history import History, turns_of
from rag.nearest import refuse_unknown
from rag.settings import MAX_K
from rag.types import Question
from rag.understand import check_risk, clean

if TYPE_CHECKING:
    from rag.parts import Model


LINES, MAX_LINES = 12, 100
"""Developments of a timeline, and the most of them."""


class SearchOptions(TypedDict, total=False):
    """What may come with a question that is searched for.

    `since` and `until` are days, months ("2025-08") or years, both included; `outlets` names, compared without case. `as_of` is
    the day taken as today. Times and outlets that the question names are preferred, but for words of it that are `ignored`; a
    `literal` question is taken at its word. `id` comes back as it is.
    """

    since: date | str | None
    until: date | str | None
    outlets: Sequence[str]
    as_of: date | str | None
    literal: bool
    ignored: Sequence[str]
    id: object


class AskOptions(SearchOptions, total=False):
    """What may come with a question that is to be answered.

    `max_risk` is the share of answers, between 0 and 1, that may be wrong (default: the settings'). `llm` is the name of a
    language model to write the answer, a LanguageModel, or any callable that takes a Prompt and gives text (default: the
    settings'; "none" for quotations). With `insist` what there is is answered, however weak.
    """

    max_risk: float | None
    llm: Model
    insist: bool


def read_question(fields: Mapping[str, Any], beside: Sequence[str] = ()) -> Question:
    """The question that `fields` describe; `beside` are names of others that may stand among them.

    Raises UsageError for an unknown field, with the nearest known one, for a value that cannot be, and for no question.
    """
    refuse_unknown(fields, (*FIELDS, *beside), "field")
    if (text := fields.get("question")) is None:
        raise UsageError('question: is missing; write {"question": "…"}')
    return Question(clean(_text(text, "question")), **_options(fields))


def check_options(fields: Mapping[str, Any]) -> None:
    """Raises UsageError for what would be wrong with any question that came with these `fields`."""
    refuse_unknown(fields, FIELDS, "field")
    _options(fields)


def make_question(question: str | Question, history: History, options: Mapping[str, Any]) -> Question:
    """What a caller from Python asks; a Question says everything itself, but for who words the answer.

    Raises UsageError as `read_question` does.
    """
    if isinstance(question, Question):
        if history or set(options) - {"llm", "k"}:
            names = ", ".join(sorted({*options} - {"llm", "k"} | ({"history"} if history else set())))
            raise UsageError(f"{names}: a Question says this itself; use dataclasses.replace to change it")
        return question
    refuse_unknown(options, FIELDS, "option")
    llm = options.get("llm")
    named = {"llm": llm if isinstance(llm, str) else None}
    return read_question({**options, **named, "question": question, "history": history})


def read_topic(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `Rag.brief`, `Rag.timeline` and `Rag.compare` that `fields` describe.

    Raises UsageError as `read_question` does.
    """
    refuse_unknown(fields, TOPIC_FIELDS, "field")
    if fields.get("topic") is None:
        raise UsageError('topic: is missing; write {"topic": "…"}')
    given = {name: value for name, value in fields.items() if value is not None}
    return {name: TOPIC_FIELDS[name](value, name) for name, value in given.items()}


def read_listing(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `Rag.articles` that `fields` describe. Raises UsageError for what cannot be."""
    refuse_unknown(fields, LISTING_FIELDS, "field")
    given = {name: value for name, value in fields.items() if value is not None}
    return {name: LISTING_FIELDS[name](value, name) for name, value in given.items()}


def question_fields(question: Question) -> dict[str, Any]:
    """The fields that `read_question` makes `question` of, as JSON has them."""
    filters = question.filters
    return {
        "id": question.id,
        "question": question.text,
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "outlets": list(filters.outlets),
        "as_of": question.as_of and question.as_of.isoformat(),
        "max_risk": question.max_risk,
        "llm": question.llm,
        "insist": question.insist,
        "literal": question.literal,
        "ignored": list(question.ignored),
        "k": question.k,
    }


def _options(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Question but for its text. What is None is as if it were not there."""
    given = {name: value for name, value in fields.items() if value is not None}
    read = {name: reader(given[name], name) for name, reader in FIELDS.items() if name in given and name != "question"}
    filters = make_filters(read.pop("since", None), read.pop("until", None), read.pop("outlets", ()))
    return {**read, "filters": filters}


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name}: write a text, not {type(value).__name__}")
    return value


def _name(value: object, name: str) -> str | None:
    return _text(value, name).strip() or None


def _texts(value: object, name: str) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or not all(isinstance(each, str) for each in texts):
        raise UsageError(f"{name}: write a list of texts")
    return tuple(texts)


def _day(value: object, name: str) -> date | str:
    """A day as it is written; the filters read it, to the end of a month or a year where it is the last."""
    if not isinstance(value, date | str):
        raise UsageError(f"{name}: write a day as a text, YYYY-MM-DD, YYYY-MM or YYYY")
    as_day(value, name)
    return value


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name}: write true or false")
    return value


def _share(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name}: write a share between 0 and 1, for example 0.1")
    check_risk(value)
    return float(value)


def _count(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_K:
        raise UsageError(f"{name}: give a whole number from 1 to {MAX_K}, not {str(value)[:40]}")
    return value


def _lines(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_LINES:
        raise UsageError(f"{name}: give a whole number from 1 to {MAX_LINES}, not {str(value)[:40]}")
    return value


def _turns(value: object, _: str) -> Any:
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise UsageError('history: write a list of {"role": "user" or "assistant", "content": "…"}')
    return turns_of(value)


FIELDS: Mapping[str, Callable[[Any, str], Any]] = {
    "id": lambda value, _: value,
    "question": _text,
    "history": _turns,
    "since": _day,
    "until": _day,
    "outlets": _texts,
    "as_of": lambda value, name: as_day(_day(value, name), name),
    "max_risk": _share,
    "llm": _name,
    "insist": _flag,
    "literal": _flag,
    "ignored": _texts,
    "k": _count,
}
"""Every field of a question, and what reads it."""

DAYS_AND_OUTLETS = {name: FIELDS[name] for name in ("since", "until", "outlets")}
TOPIC_FIELDS: Mapping[str, Callable[[Any, str], Any]] = {
    "topic": lambda value, name: clean(_text(value, name)),
    **DAYS_AND_OUTLETS,
    "as_of": FIELDS["as_of"],
    "lines": _lines,
}
"""Every field of a story that is told about a topic."""
LISTING_FIELDS: Mapping[str, Callable[[Any, str], Any]] = {
    **DAYS_AND_OUTLETS,
    "limit": lambda value, _: value,
    "after": _text,
}
"""Every field of a listing of articles, whose limit `Rag.articles` checks."""
