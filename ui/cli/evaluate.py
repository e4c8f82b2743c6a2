"""`dateline eval`: scores on a gold set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import AsJson, Index, MaxRisk, settings_for
from ui.cli.output import print_json, progress_bar, results, say
from ui.terminal import Page

Gold = Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Questions with their answers, one a line.")]
ReportDirectory = Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Also write a report into this folder.")]
AgainstRun = Annotated[
    Path | None, typer.Option("--against", metavar="RUN.json", help="Compare with a saved run: run.json of a report's folder.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many questions.")]


def evaluate(
    gold: Gold,
    index: Index = None,
    report: ReportDirectory = None,
    against: AgainstRun = None,
    max_risk: MaxRisk = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Score the answers to a gold set.

    Asks every question and scores retrieval, answers, citations and abstention, with confidence intervals.
    """
    from eval.against import against as compare
    from eval.against import check_comparable
    from eval.datasets import load_gold
    from eval.report import render_text, report_json, write_report
    from eval.run import evaluate as run
    from rag.pipeline import Rag

    if against:
        check_comparable(load_gold(gold)[:limit], against)  # refused now, not after every question has been asked
    with results() as out, Rag.open(settings=settings_for(index, max_risk=max_risk)) as rag:
        with progress_bar("questions") as progress:
            scored = run(gold, rag, progress=progress, limit=limit)
        compared = compare(scored.records, against) if against else None
        if report:
            say(f"report written to {write_report(scored, report, compared)}")
        if as_json:
            print_json(report_json(scored, compared), out)
        else:
            Page(out).line(render_text(scored, compared))
