"""`dateline calibrate`: how sure answers are, for the reader, embedder and reranker in use."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ui.cli.evaluate import Gold, Limit
from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import print_json, results, say
from ui.terminal import Page

Keep = Annotated[float, typer.Option("--keep", min=0.0, max=1.0, help="The share of right answers that must still be shown.")]


def calibrate(gold: Gold, index: Index = None, keep: Keep = 0.85, limit: Limit = None, as_json: AsJson = False) -> None:
    """Fit the confidence of answers on questions of your own.

    For a reader, embedder or reranker that you chose: asks every question, some of which the archive must not answer, and keeps
    with the archive how sure its answers are. Until then such answers show no percentage.
    """
    from eval.calibrate import calibrate_archive

    settings = settings_for(index)
    with results() as out:
        found = calibrate_archive(gold, settings, keep, limit, lambda: say(f"asking the questions of {gold}"))
        if as_json:
            fields = {name: value for name, value in asdict(found).items() if name != "trust"}
            chosen = {"min_confidence": found.trust.min_confidence, "min_short": found.trust.min_short}
            print_json(fields | chosen, out)
        else:
            Page(out).line(found.described())
