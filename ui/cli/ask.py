"""`dateline ask` and `dateline search`: one question, or a file with one a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import UsageError
from ui.cli.desk import Desk, open_desk
from ui.cli.options import AsJson, AsOf, Ignore, Index, Insist, Literal, Llm, MaxRisk, Outlets, Since, Until, settings_for
from ui.cli.output import exit_code, print_json, put, results, say
from ui.render import Json
from ui.terminal import Page

if TYPE_CHECKING:
    from rag.types import Question

Asked = Annotated[str | None, typer.Argument(metavar="QUESTION", show_default=False)]
Batch = Annotated[
    Path | None,
    typer.Option("--batch", metavar="FILE", help="JSON lines, one question each (- for standard input); one line out for each."),
]
Trace = Annotated[
    Path | None, typer.Option("--trace", metavar="FILE", help="Save all that went into the answer, for `dateline replay`.")
]
Depth = Annotated[int, typer.Option("-k", help="How many passages, 1 to 1000.")]

Reply = Callable[[Desk, "Question"], Json]
Show = Callable[[Page, Json], None]


def ask(
    question: Asked = None,
    batch: Batch = None,
    index: Index = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    as_of: AsOf = None,
    max_risk: MaxRisk = None,
    llm: Llm = None,
    insist: Insist = False,
    literal: Literal = False,
    ignore: Ignore = None,
    trace: Trace = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the archive, with exact citations.

    Where the archive is silent the answer says so, with the reason and the nearest articles, and the exit code is 0.
    """
    if trace and batch:
        raise UsageError("--trace is for one question; set DATELINE_TRACES to a folder for the traces of a batch")
    fields: Json = {
        "since": since, "until": until, "outlets": outlet, "as_of": as_of, "max_risk": max_risk, "llm": llm, "insist": insist,
        "literal": literal, "ignored": ignore,
    }  # fmt: skip
    _run(_collect_fields(question, batch, fields), batch, index, as_json, lambda desk, asked: desk.ask(asked, trace), Page.answer)


def search(
    question: Asked = None,
    k: Depth = 10,
    batch: Batch = None,
    index: Index = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    as_of: AsOf = None,
    literal: Literal = False,
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> None:
    """List the passages that fit a question best, best first."""
    fields: Json = {
        "k": k, "since": since, "until": until, "outlets": outlet, "as_of": as_of, "literal": literal, "ignored": ignore,
    }  # fmt: skip
    _run(_collect_fields(question, batch, fields), batch, index, as_json, lambda desk, asked: desk.search(asked), Page.hits)


def _collect_fields(question: str | None, batch: Path | None, fields: Json) -> Json:
    """The fields that options gave. Raises UsageError at once for what would be refused once the models are loaded."""
    from rag.request import check_options, read_question

    if (question is None) == (batch is None):
        raise UsageError("give either a question or --batch FILE")
    if question is None:
        check_options(fields)
        return fields
    fields = {**fields, "question": question}
    read_question(fields)
    return fields


def _run(given: Json, batch: Path | None, index: Path | None, as_json: bool, reply: Reply, show: Show) -> None:
    from rag.request import read_question

    settings = settings_for(index)
    with results() as out, open_desk(settings) as desk:
        if batch is None:
            document = reply(desk, read_question(given))
            _notify(document)
            put(document, out, as_json, show)
            return
        from ui.cli.batch import run_batch

        def put_line(document: Json) -> None:
            if as_json or "error" in document:
                print_json(document, out, indent=None)
            else:
                Page(out).line((document["question"], "bold"))
                show(Page(out), document)

        answered, failed = run_batch(batch, given, lambda asked: reply(desk, asked), put_line)
    if code := exit_code(failed, answered):
        say(f"{failed} of {answered + failed} lines of {batch} failed; each has an error in its place")
        raise typer.Exit(code)


def _notify(document: Json) -> None:
    for notice in document.get("notices", ()):
        say(notice)
