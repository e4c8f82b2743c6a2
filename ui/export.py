"""Answers to take away: text to paste, Markdown, a page of its own, and a table of what is cited.

Each is made of the JSON documents of `ui.render`. What comes from an article is never markup, nor a formula of a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from ui.render import Json
from ui.silence import beyond, tell_silence
from ui.story import escape, foot, sections
from ui.terminal import one_line, plain, provenance

COLUMNS = ("question", "number", "outlet", "published", "title", "url", "article_id", "start", "end", "quote")
FORMULA = ("=", "+", "-", "@", "\t")
"""What a cell must not begin with, or a spreadsheet would reckon with it."""


def text(document: Json) -> str:
    """The answer with its numbers, and under it what they stand for, to be pasted anywhere."""
    if document["status"] == "abstained":
        return tell_silence(document["reason"])
    said = "\n".join(told + _marks(numbers) for told, numbers in _lines(document))
    cited = [f"[{cited['number']}] {_cite(cited)}" for cited in document["citations"]]
    return plain("\n\n".join(part for part in (said, "\n".join(cited)) if part))


def markdown(documents: Sequence[Json]) -> str:
    """Questions as headings, answers with their numbers, and each citation with its quote."""
    return plain("\n".join(line for document in documents for line in _markdown(document)))


def table(documents: Sequence[Json]) -> str:
    """The citations as comma-separated values, one a line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for document in documents:
        for cited in document["citations"]:
            writer.writerow([_cell({**cited, "question": document["question"]}[column]) for column in COLUMNS])
    return out.getvalue()


def page(documents: Sequence[Json], title: str, note: str = "") -> str:
    """A page that stands by itself: no script, nothing fetched, the quotes under each answer."""
    told = [(document, _sections(document), foot(document)) for document in documents]
    return plain(_templates().get_template("taken.html").render(told=told, title=title, note=note, provenance=provenance))


def _lines(document: Json) -> list[tuple[str, list[int]]]:
    """What is said, line by line, each with its numbers: the short answer, then the parts or the sentences."""
    lines: list[tuple[str, list[int]]] = [(document["short_answer"], [])] if document["short_answer"] else []
    for heading, told in _sections(document):
        lines += [(f"\n{heading}", [])] if heading else []
        lines += [(f"{before}: {said}" if before else said, numbers) for before, said, numbers in told]
    return [(one_line(said) if said.strip() == said else said, numbers) for said, numbers in lines]


def _sections(document: Json) -> list[tuple[str, list[tuple[str, str, list[int]]]]]:
    told = [("", s["text"], s["citations"]) for s in document["sentences"] if not (document["parts"] and s["citations"])]
    drawn = list(sections(document))
    if not drawn:
        told = [("", s["text"], s["citations"]) for s in document["sentences"]]
    return [*([("", told)] if told else []), *drawn]


def _markdown(document: Json) -> list[str]:
    out = [f"## {escape(document['question'])}", ""]
    if document["status"] == "abstained":
        return [*out, escape(text(document)), ""]
    if document["short_answer"]:
        out += [f"**{escape(document['short_answer'])}**", ""]
    for heading, told in _sections(document):
        out += [f"### {escape(heading)}", ""] if heading else []
        out += [
            f"- {f'**{escape(before)}** ' if before else ''}{escape(said)}{_marks(numbers)}" for before, said, numbers in told
        ]
        out.append("")
    out += [f"*{ending}*", ""] if (ending := foot(document)) else []
    for cited in document["citations"]:
        out += [f"{cited['number']}\\. {escape(_cite(cited))}  ", f"> {escape(cited['quote'])}", ""]
    return out


def _cite(cited: Json) -> str:
    return " · ".join(part for part in (provenance(cited), cited["url"] or "") if part)


def _marks(numbers: Sequence[int]) -> str:
    return " " + "".join(f"[{number}]" for number in numbers) if numbers else ""


def _cell(value: object) -> str:
    told = "" if value is None else plain(value)
    return f"'{told}" if told.startswith(FORMULA) else told


@cache
def _templates() -> Environment:
    loader = PackageLoader("ui.web", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["beyond"] = beyond
    return made
