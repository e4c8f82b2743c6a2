"""`dateline llm check`: what works of a language model, and what to do about what does not."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import UsageError
from ui.cli.options import AsJson, settings_for
from ui.cli.output import print_json, results

if TYPE_CHECKING:
    from rag.types import Prompt

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Language models that word answers.")

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help="A model of the server at DATELINE_LLM_URL, local, or local:PATH. [default: DATELINE_LLM]",
        show_default=False,
    ),
]  # fmt: skip

QUESTION = "How many people were rescued from the ferry?"
TEXT = "The ferry Aurelia sank off Pell Island on Monday. All 42 people on board were rescued by fishing boats."
DAY = date(2025, 3, 4)


@app.command("check")
def check(name: Name = None, as_json: AsJson = False) -> None:
    """Try a language model and say what is wrong: address, server, model, key, answer, stream, markers, context.

    It is asked one short question about a built-in passage; no archive is needed. Exits with 0 when it can be used.
    """
    from rag.llm.check import check as steps_of
    from rag.settings import NONE
    from ui.terminal import one_line

    settings = settings_for(None)
    chosen = (name or settings.llm).strip()
    if not chosen or chosen == NONE:
        raise UsageError("no language model is named; write `dateline llm check NAME`, or set DATELINE_LLM")
    prompt = _prompt(settings.llm_answer_tokens)
    done = []
    with results() as out:
        for step in steps_of(chosen, settings, prompt, _mark):
            done.append(step)
            if not as_json:
                print(f"{'ok' if step.ok else 'failed':<8}{step.name:<10}{one_line(step.told)}", file=out, flush=True)
        usable = all(step.ok or not step.needed for step in done)
        if as_json:
            print_json({"model": chosen, "usable": usable, "steps": [asdict(step) for step in done]}, out)
        else:
            less = "" if all(step.ok for step in done) or not usable else "; what failed is not needed for that"
            print(f"{one_line(chosen)} can{'' if usable else 'not'} be used{less}", file=out)
    if not usable:
        raise typer.Exit(1)


def _prompt(answer_tokens: int) -> Prompt:
    from rag.types import Chunk, Passage, Source
    from rag.write.prompt import make_request

    source = Source("check", "Ferry sinks off Pell Island", "The Gazette", published=DAY)
    passage = Passage(Chunk(source, 0, len(TEXT), TEXT), 1.0)
    return make_request(QUESTION, [passage], DAY, DAY, 1000, answer_tokens).prompt


def _mark(answer: str) -> bool:
    from rag.write.markers import strip_markers

    return strip_markers(answer, given=1).cited == (1,)
