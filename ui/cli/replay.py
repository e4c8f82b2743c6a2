"""`dateline replay`: the answer of a trace made again, and what is different now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import results, say
from ui.render import Json, answer_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.types import Answer, Prompt

TraceFile = Annotated[Path, typer.Argument(metavar="TRACE", help="A file that `dateline ask --trace` wrote.", show_default=False)]
Live = Annotated[
    str | None, typer.Option("--llm", metavar="NAME", help="Ask this model again instead of taking the words it said then.")
]


class RecordedModel:
    """A language model that says again what one has said before: its answer to the prompt of the trace, and to any other, which
    can only have asked it for a question that stands alone, what it made of that."""

    window: int | None = None

    def __init__(self, saved: Json) -> None:
        written = saved.get("writing") or {"prompt": {"system": None}, "raw": ""}
        rewriter = _rewriter(saved)
        self.name = str(written.get("model") or rewriter)
        self._asked = written["prompt"]["system"]
        self._raw = str(written["raw"])
        self._rewrite = str(saved["standalone_question"]) if rewriter else ""

    def stream(self, prompt: Prompt) -> Iterator[str]:
        said = self._raw if prompt.system == self._asked else self._rewrite
        yield from (said,) if said else ()


def replay(trace: TraceFile, index: Index = None, llm: Live = None, as_json: AsJson = False) -> None:
    """Answer the question of a trace again, and say what is different.

    The language model's words are taken from the trace, so that only what Dateline does with them, and the archive, can differ.
    Exits with 0 when nothing does, with 1 when something does.
    """
    from rag.pipeline import Rag
    from rag.trace import question_of, read_trace
    from ui.cli.output import put
    from ui.terminal import Page

    saved = read_trace(trace)
    asked = question_of(saved)
    recorded: Any = RecordedModel(saved) if saved.get("writing") or _rewriter(saved) else "none"
    with results() as out, Rag.open(settings=settings_for(index)) as rag:
        answer = rag.ask(asked, llm=llm or recorded)
        different = differences(saved, answer)
        document: Json = {**answer_json(answer), "differences": different}
        for notice in answer.notices:
            say(notice)
        put(document, out, as_json, Page.answer)
    for line in different:
        say(line)
    say(f"{len(different)} differences from {trace}" if different else f"the same answer as in {trace}")
    if different:
        raise typer.Exit(1)


def _rewriter(saved: Json) -> str:
    """The language model that made the question stand alone; "" where none did."""
    by = str(saved.get("rewritten_by") or "")
    return by.removeprefix("llm:") if by.startswith("llm:") else ""


def differences(saved: Json, answer: Answer) -> list[str]:
    """What of a saved answer is otherwise in the one made now, a line each."""
    then = {
        "question as understood": saved["standalone_question"],
        "earlier topic": saved.get("behind", answer.understood.behind),  # traces of before did not have it
        "status": saved["status"],
        "reason": saved["reason"],
        "mode": saved["mode"],
        "short answer": saved["short_answer"],
        "sentences": [sentence["text"] for sentence in saved["sentences"]],
        "citations": [(one["source"]["id"], one["start"], one["end"], one["quote"]) for one in saved["citations"]],
        "struck": [(one["text"], one["reason"]) for one in saved["struck"]],
        "passages": [(one["chunk"]["source"]["id"], one["chunk"]["start"]) for one in saved["passages"]],
    }
    now = {
        "question as understood": answer.standalone_question,
        "earlier topic": answer.understood.behind,
        "status": answer.status,
        "reason": answer.reason,
        "mode": answer.mode,
        "short answer": answer.short_answer,
        "sentences": [sentence.text for sentence in answer.sentences],
        "citations": [(one.source.id, one.start, one.end, one.quote) for one in answer.citations],
        "struck": [(one.text, one.reason) for one in answer.struck],
        "passages": [(one.chunk.source.id, one.chunk.start) for one in answer.passages],
    }
    return [f"{name}: was {_shorten(then[name])}, is {_shorten(now[name])}" for name in then if then[name] != now[name]]


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
