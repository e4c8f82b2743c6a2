"""The parts of a story answer as lines for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ui.render import Json

Line = tuple[str, str, list[int]]
"""What stands before a quote, the quote or a line of its own, and the citations of the quote."""
_HEADINGS = {
    "lead": "", "development": "Developments", "open": "Open", "quotation": "", "introduction": "", "verdict": "", "more": "",
    "difference": "Where sources differ",
}  # fmt: skip
_CONTRASTS = {"both": "Both say", "only": "Only one says", "differ": "Where they differ"}


def sections(document: Json) -> Iterator[tuple[str, list[Line]]]:
    """The headings of a story answer, each with its lines, in order; a table has a line a row."""
    heading: str | None = None
    lines: list[Line] = []
    parts = document.get("parts", ())
    differ = {
        number for part in parts if part.get("contrast") == "differ" for side in part["sides"] for number in side["citations"]
    }
    for part in parts:
        if part["kind"] == "coverage" or _told_beside(part, differ):
            continue
        title, told = _part(part)
        if title != heading and lines:
            yield heading or "", lines
            lines = []
        heading = title
        lines += told
    if lines:
        yield heading or "", lines


def _told_beside(part: Json, differ: set[int]) -> bool:
    """Whether a figure is told among those it differs from, and need not be told by itself too."""
    return part["kind"] == "figure" and part["state"] == "disputed" and set(part["citations"]) <= differ


def foot(document: Json) -> str | None:
    """How much the account rests on: "12 articles, 3 outlets, 28 June 2022 to 23 July 2022"."""
    from rag.days import long_day

    for part in document.get("parts", ()):
        if part["kind"] == "coverage":
            days = [date.fromisoformat(part[end]) for end in ("first", "last") if part[end]]
            told = " to ".join(dict.fromkeys(long_day(day) for day in days))
            counted = [_format_count(part["articles"], "article"), _format_count(part["outlets"], "outlet")]
            return ", ".join([*counted, *([told] if told else [])])
    return None


def markdown(document: Json) -> str:
    """A story answer as Markdown: its sections as lists, quotes with numbers, and the sources they are from."""
    out = [f"# {document['question']}", ""]
    if document["status"] == "abstained":
        return "\n".join([*out, document["reason"] or "", ""])
    for heading, lines in sections(document):
        out += [f"## {heading}", ""] if heading else []
        out += [
            f"- {'**' + escape(before) + '** ' if before else ''}{escape(text)}{_marks(numbers)}"
            for before, text, numbers in lines
        ]
        out.append("")
    if ending := foot(document):
        out += [f"*{ending}*", ""]
    for citation in document["citations"]:
        where = ", ".join(each for each in (citation["outlet"], (citation["published"] or "undated")[:10]) if each)
        out.append(
            f"[{citation['number']}]: {escape(citation['title'])} ({escape(where)}) {citation['url'] or citation['article_id']}  "
        )
    return "\n".join(out) + "\n"


def _part(part: Json) -> tuple[str, list[Line]]:
    kind = part["kind"]
    if kind == "row" and part["place"] == "answer":  # to one of several questions
        return part["label"] or "", [("", part["quote"], part["citations"])]
    if kind == "row":
        before = _day(part["day"]) if part["place"] in ("development", "open") else part["label"] or ""
        return _HEADINGS[part["place"]], [(before, part["quote"], part["citations"])]
    if kind == "development":
        return "", [(_days(part), part["quote"], part["citations"])]
    if kind == "figure":
        day = part["described"] or part["reported"]
        told = ", ".join(each for each in (part["value"], part["state"], _day(day), part["label"] or "") if each)
        return "", [(told, part["quote"], part["citations"])]
    if kind == "contrast":
        lines = [
            (side["label"], quote, [number])
            for side in part["sides"]
            for quote, number in zip(side["quotes"], side["citations"], strict=False)
        ]
        return _CONTRASTS[part["contrast"]], lines
    rows = part["rows"] if kind == "table" else []
    return (part["title"] if kind == "table" else ""), [("", " · ".join(each for each in row if each), []) for row in rows]


def _days(part: Json) -> str:
    from rag.when import in_words

    words = in_words(date.fromisoformat(part["first"]), date.fromisoformat(part["before"]))
    return words if part["told"] else f"{words} (reported)"


def _day(day: str | None) -> str:
    from rag.days import long_day

    return long_day(date.fromisoformat(day)) if day else ""


def _format_count(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _marks(numbers: Sequence[int]) -> str:
    return " " + "".join(f"[{number}]" for number in numbers) if numbers else ""


def escape(text: str) -> str:
    """Text of an article can be no markup, and stays on its line."""
    plain = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\`*_[]<>#|" else character for character in plain)
