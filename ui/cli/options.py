"""The options that several commands share, and what they mean once read."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.settings import Settings

Index = Annotated[
    Path | None,
    typer.Option(
        "--index", help="Archive directory. [default: DATELINE_INDEX, else the user's data directory]", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else there.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="First day allowed: YYYY, YYYY-MM or YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day allowed: YYYY, YYYY-MM or YYYY-MM-DD.")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be repeated.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day taken as today: YYYY-MM-DD.")]
MaxRisk = Annotated[
    float | None,
    typer.Option(
        "--max-risk", metavar="SHARE", help="Answer only where at most this share of answers is wrong: 0.1 for one in ten."
    ),
]

Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="NAME",
        help="The language model that words the answer: a model of the server at DATELINE_LLM_URL, local, or none.",
    ),
]
Literal = Annotated[
    bool, typer.Option("--literal", help="Use the question exactly as typed: no rewriting, no times or outlets taken from it.")
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore", metavar="WORDS", help="Words of the question that are not to be read as a time or an outlet; may be repeated."
    ),
]
LogLevel = Annotated[
    str | None,
    typer.Option("--log-level", metavar="LEVEL", help="What is logged on standard error: debug, info, warning or error."),
]
LogJson = Annotated[bool | None, typer.Option("--log-json", help="Log JSON, one object a line.", show_default=False)]
Insist = Annotated[bool, typer.Option("--insist", help="Answer even where the evidence is weak.")]


_log_options: ContextVar[Mapping[str, object]] = ContextVar("log options", default=MappingProxyType({}))


def keep_log_options(level: str | None, as_json: bool | None) -> None:
    """Keeps what stands before the command until its settings are read."""
    _log_options.set({"log_level": level, "log_json": as_json})


def settings_for(index: Path | None, **given: object) -> Settings:
    """The settings with the archive directory, and others that options gave; None leaves a setting as it is.

    Logging begins here, as the settings and the options before the command say.
    """
    from rag.settings import load_settings
    from ui.log import start_logging

    settings = load_settings(index=index.expanduser() if index else None, **_log_options.get(), **given)
    start_logging(settings.log_level, settings.log_json)
    return settings
