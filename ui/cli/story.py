"""`dateline brief` and `dateline timeline`: a topic to its story, as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import AsJson, AsOf, Index, Outlets, Since, Until, settings_for
from ui.cli.output import print_json, results, say
from ui.render import answer_json
from ui.terminal import Page

if TYPE_CHECKING:
    from pathlib import Path

    from rag.pipeline import Rag
    from rag.types import Answer

Topic = Annotated[str, typer.Argument(metavar="TOPIC", show_default=False)]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
Lines = Annotated[int, typer.Option("--lines", min=1, max=100, help="How many developments at most.")]


def brief(
    topic: Topic,
    index: Index = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    as_of: AsOf = None,
    markdown: Markdown = False,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a topic in a few quoted lines, newest state first."""
    outlets = tuple(outlet or ())
    _tell(index, as_json, markdown, lambda rag: rag.brief(topic, since, until, outlets, as_of))


def timeline(
    topic: Topic,
    index: Index = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    as_of: AsOf = None,
    lines: Lines = 12,
    markdown: Markdown = False,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a topic by day, each development with the quote that says it."""
    outlets = tuple(outlet or ())
    _tell(index, as_json, markdown, lambda rag: rag.timeline(topic, since, until, outlets, as_of, lines))


def _tell(index: Path | None, as_json: bool, markdown: bool, told: Callable[[Rag], Answer]) -> None:
    from rag.pipeline import Rag
    from ui.story import markdown as as_markdown

    with results() as out, Rag.open(settings=settings_for(index)) as rag:
        document = answer_json(told(rag))
        for notice in document["notices"]:
            say(notice)
        if as_json:
            print_json(document, out)
        elif markdown:
            print(as_markdown(document), file=out, end="", flush=True)
        else:
            Page(out).answer(document)
