"""The JSON of the contract, read back as the nouns it was made of. Keys that a later release added are left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from rag.days import make_filters
from rag.forms import Contrast, Coverage, Development, Figure, Part, Row, Side, Table
from rag.types import (
    Answer,
    Article,
    ArticlePage,
    Checked,
    Chunk,
    Citation,
    Copy,
    Corroboration,
    DayTally,
    Filters,
    Mention,
    OutletTally,
    Passage,
    Prompt,
    Question,
    Scope,
    Sentence,
    Source,
    Struck,
    Understood,
    Verdict,
    Writing,
)

Json = Mapping[str, Any]


def read_answer(told: Json, asked: Question) -> Answer:
    """The answer to what was `asked`."""
    return Answer(
        question=asked,
        standalone_question=told["standalone_question"],
        status=told["status"],
        reason=told["reason"],
        sentences=tuple(Sentence(each["text"], tuple(each["citations"]), each["support"]) for each in told["sentences"]),
        short_answer=told["short_answer"],
        citations=tuple(_citation(each) for each in told["citations"]),
        confidence=told["confidence"],
        passages=tuple(read_passage(each) for each in told["passages"]),
        mode=told["mode"],
        notices=tuple(told["notices"]),
        timings_ms=told["timings_ms"],
        cause=told["cause"],
        corroboration=_corroboration(told["corroboration"]),
        writing=_read_writing(told),
        show_struck=told["show_struck"],
        understood=Understood(told["rewritten_by"], tuple(_scope(each) for each in told["inferred"])),
        form=told["form"],
        parts=tuple(part for each in told["parts"] if (part := _part(each))),
    )


def read_passage(told: Json) -> Passage:
    return Passage(Chunk(_source(told), told["start"], told["end"], told["text"]), told["score"])


def read_article(told: Json) -> Article:
    source = Source(
        told["id"], told["title"], told["outlet"], told["url"], tuple(told["authors"]), _moment(told["published"]),
        told["published_from"], _moment(told["modified"]), told["language"], told["section"], told["place"],
        told["published_confidence"], told["origin"],
    )  # fmt: skip
    return Article(source, told["text"])


def read_page(told: Json) -> ArticlePage:
    return ArticlePage(tuple(_source(each) for each in told["articles"]), told["next"])


def read_outlets(told: Json) -> tuple[OutletTally, ...]:
    return tuple(OutletTally(each["name"], each["articles"], _day(each["first"]), _day(each["last"])) for each in told["outlets"])


def read_days(told: Json) -> tuple[DayTally, ...]:
    return tuple(DayTally(date.fromisoformat(each["day"]), each["articles"]) for each in told["days"])


def _source(told: Json) -> Source:
    """What a citation, a passage or a list tells of an article; the rest is not known here."""
    return Source(
        told["article_id"], told["title"], told["outlet"], told.get("url"), tuple(told.get("authors", ())),
        _moment(told["published"]), language=told.get("language"), section=told.get("section"),
    )  # fmt: skip


def _citation(told: Json) -> Citation:
    return Citation(
        told["number"], _source(told), told["start"], told["end"], told["quote"],
        tuple(Copy(_source(each), each["kind"]) for each in told["copies"]), tuple(_mention(each) for each in told["dates"]),
    )  # fmt: skip


def _mention(told: Json) -> Mention:
    before = date.fromisoformat(told["last"]) + timedelta(days=1)
    return Mention(told["start"], told["end"], date.fromisoformat(told["first"]), before, told["rule"])


def _scope(told: Json) -> Scope:
    filters: Filters = make_filters(_day(told["since"]), _day(told["until"]), told["outlets"])
    return Scope(filters, tuple(told["words"]), told["about"])


def _corroboration(told: Json | None) -> Corroboration | None:
    return Corroboration(told["independent_outlets"], told["articles"]) if told else None


def _read_writing(told: Json) -> Writing | None:
    """What a language model did, without its words, which stay where they were written."""
    if not (did := told["llm"]):
        return None
    struck = tuple(Struck(each["text"], each["reason"], each["check"], each["after"]) for each in told["struck"])
    invalid = did["invalid_markers"]
    checked = (Checked("", (), invalid, Verdict(False, 0.0)),) if invalid else ()
    return Writing(did["model"], Prompt("", "", 0), "", checked, did["passages"], did["left_out"], did["error"], struck)


def _part(told: Json) -> Part | None:
    """A part of a story; None of a kind that is not known here."""
    kinds: Mapping[str, Callable[[Json], Part]] = {
        "row": lambda told: Row(**_of(Row, told)),
        "development": lambda told: Development(**_of(Development, told)),
        "figure": lambda told: Figure(**_of(Figure, told)),
        "contrast": _contrast,
        "table": lambda told: Table(told["title"], tuple(told["columns"]), tuple(tuple(row) for row in told["rows"])),
        "coverage": lambda told: Coverage(**_of(Coverage, told)),
    }
    read = kinds.get(told["kind"])
    return read(told) if read else None


def _contrast(told: Json) -> Contrast:
    sides = (Side(each["label"], tuple(each["quotes"]), tuple(each["citations"])) for each in told["sides"])
    return Contrast(told["contrast"], told["about"], tuple(sides))


DAYS = frozenset({"day", "first", "last", "before", "described", "reported"})


def _of(kind: type[Row | Development | Figure | Coverage], told: Json) -> dict[str, Any]:
    given = {each.name: told[each.name] for each in fields(kind) if each.name in told}
    return {
        name: _day(value) if name in DAYS else tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _moment(told: str | None) -> date | datetime | None:
    if not told:
        return None
    return date.fromisoformat(told) if len(told) == 10 else datetime.fromisoformat(told)
