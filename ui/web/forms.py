"""The parts of a story answer in the groups that the page draws: rows, a timeline, figures, sides, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from rag.forms import Contrast, Coverage, Development, Figure, Part, Row, Side, Table
from rag.types import Answer

Shape = Literal["rows", "timeline", "figures", "contrast", "table"]
HEADINGS: dict[str, str] = {
    "lead": "", "development": "Developments", "difference": "Where sources differ", "open": "What is still open",
    "quotation": "", "introduction": "", "verdict": "", "more": "More from these articles",
    "answer": "",
}  # fmt: skip
CONTRASTS = {"both": "Both say", "only": "Only one says", "differ": "Where sources differ"}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True, slots=True)
class Section:
    """Neighbouring parts of one kind under one heading, "" where it has none."""

    shape: Shape
    heading: str
    parts: tuple[Part, ...]
    lead: bool = False


def sections(answer: Answer) -> list[Section]:
    """What an answer of this form is made of, in order."""
    differ = {
        number for part in answer.parts if isinstance(part, Contrast) and part.kind == "differ" for number in _list_cited(part)
    }
    drawn = [part for part in answer.parts if not isinstance(part, Coverage) and not _is_beside(part, differ)]
    return [_section(list(group)) for _, group in groupby(drawn, key=_group)]


def value_of(answer: Answer, side: Side) -> str | None:
    """The figure that a side gives, where the answer is about figures."""
    figures = (part for part in answer.parts if isinstance(part, Figure))
    return next((figure.value for figure in figures if set(figure.citations) & set(side.citations)), None)


def coverage(answer: Answer) -> Coverage | None:
    return next((part for part in answer.parts if isinstance(part, Coverage)), None)


def rests_on(told: Coverage) -> str:
    """The articles that an account is made of, in words."""
    days = [f"{day.day} {day:%B %Y}" for day in (told.first, told.last) if day]
    counted = f"Rests on {_count(told.articles, 'article')} of {_count(told.outlets, 'outlet')}"
    return ", ".join([counted, *([" to ".join(dict.fromkeys(days))] if days else [])])


def counts_and_quotes(answer: Answer) -> bool:
    """Whether a count of the archive is told first, and articles are quoted after it."""
    return any(isinstance(part, Table) for part in answer.parts) and len({bool(each.citations) for each in answer.sentences}) == 2


def own_words(answer: Answer) -> bool:
    """Whether the parts say all that the sentences say; what has no citation is said beside them."""
    return any(not isinstance(part, Coverage | Table) for part in answer.parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _list_cited(contrast: Contrast) -> set[int]:
    return {number for side in contrast.sides for number in side.citations}


def _is_beside(part: Part, differ: set[int]) -> bool:
    """Whether a figure is shown among those it differs from, and need not be shown by itself too."""
    return isinstance(part, Figure) and part.state == "disputed" and set(part.citations) <= differ


def _group(part: Part) -> tuple[str, str]:
    if isinstance(part, Row):
        return "row", _heading(part) or part.place
    if isinstance(part, Contrast):
        return "contrast", part.kind
    return type(part).__name__, part.title if isinstance(part, Table) else ""


def _heading(row: Row) -> str:
    """What stands above a row and its neighbours: of several questions the one that they answer."""
    return row.label or "" if row.place == "answer" else HEADINGS[row.place]


def _section(parts: list[Part]) -> Section:
    first, whole = parts[0], tuple(parts)
    if isinstance(first, Row):
        return Section("rows", _heading(first), whole, lead=first.place in ("lead", "introduction", "verdict"))
    if isinstance(first, Development):
        return Section("timeline", "", whole)
    if isinstance(first, Figure):
        disputed = any(isinstance(part, Figure) and part.state == "disputed" for part in parts)
        return Section("figures", "Sources give different figures" if disputed else "The figure over time", whole)
    if isinstance(first, Contrast):
        return Section("contrast", CONTRASTS[first.kind], whole)
    return Section("table", first.title if isinstance(first, Table) else "", whole)


def amount(value: str) -> float | None:
    """The number that a value is written with: "$3.2 million" is 3,200,000. None where it has none, or several."""
    found = NUMBER.findall(value)
    if len(found) != 1:
        return None
    scale = next((times for word, times in SCALES.items() if word in value.casefold()), 1.0)
    return float(found[0].replace(",", "")) * scale


def shares(values: list[str]) -> list[float | None]:
    """Each value as a share of the largest, for bars beside each other; nothing but None where one cannot be compared."""
    amounts = [amount(value) for value in values]
    known = [each for each in amounts if each is not None]
    if len(known) < len(values) or len(known) < 2 or max(known) <= 0:
        return [None] * len(values)
    return [each / max(known) for each in known]


def figure_day(figure: Figure) -> date | None:
    """The day a figure is of, else that on which it was reported."""
    return figure.described or figure.reported


def in_order(figures: tuple[Figure, ...]) -> list[tuple[Figure, float | None]]:
    """Figures oldest first, those without a day last, each with its share of the largest."""
    ordered = sorted(figures, key=lambda figure: figure_day(figure) or date.max)
    return list(zip(ordered, shares([figure.value for figure in ordered]), strict=True))


def count_shares(table: Table) -> list[tuple[tuple[str, ...], float | None]]:
    """The rows of a table, each with its second column as a share of the largest where that column is a count."""
    counts = [row[1] if len(row) > 1 else "" for row in table.rows]
    return list(zip(table.rows, shares(counts), strict=True))
