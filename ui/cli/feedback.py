"""`dateline feedback export`: what visitors of the page said of its answers, as gold items to review."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from ui.cli.options import Index, settings_for
from ui.cli.output import print_json, results, say
from ui.render import Json

if TYPE_CHECKING:
    from ui.web.store import Verdict

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What visitors of the page said of its answers.")


@app.callback()
def feedback() -> None:
    """What visitors of the page said of its answers."""


@app.command("export")
def export(index: Index = None) -> None:
    """Print one gold item a line, each with the verdict in its note.

    What was called right is a gold item as it is; what was called wrong has to be put right by whoever reviews it.
    """
    from rag.errors import InputError
    from ui.web.store import NAME, opened

    folder = settings_for(index).index
    none = InputError(f"{folder} has no feedback yet; it is given in the page of `dateline serve`")
    if not (folder / NAME).is_file():
        raise none
    with results() as out:
        store = opened(folder)
        verdicts = store.verdicts()
        store.close()
        if not verdicts:
            raise none
        for place, verdict in enumerate(verdicts, start=1):
            print_json(gold_of(verdict, place), out, indent=None)
    say(f"{len(verdicts)} verdict{'s' * (len(verdicts) != 1)}; review them before `dateline eval` counts by them")


def gold_of(verdict: Verdict, place: int) -> Json:
    """A verdict as a line of a gold file: the question as it was understood, and the answer that was given."""
    answer = verdict.exchange.answer
    assert answer is not None
    filters = answer.question.filters
    item: Json = {
        "id": f"feedback-{place}",
        "question": answer.standalone_question,
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "outlets": list(filters.outlets),
        "answers": [answer.short_answer] if answer.short_answer else [],
        "article_ids": list(dict.fromkeys(cited.source.id for cited in answer.citations)),
        "evidence": [
            {"text": cited.quote, "article_id": cited.source.id, "start": cited.start, "end": cited.end}
            for cited in answer.citations
        ],
        "kind": "said right" if verdict.good else "said wrong",
        "note": _note(verdict),
    }
    return {name: value for name, value in item.items() if value} | {"answerable": answer.status == "answered"}


def _note(verdict: Verdict) -> str:
    about = f"citation {verdict.citation}" if verdict.citation else "the answer"
    day = datetime.fromtimestamp(verdict.made).date().isoformat()
    return f"{day}: {about} called {'right' if verdict.good else 'wrong'}{f': {verdict.reason}' if verdict.reason else ''}"
