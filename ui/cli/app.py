"""The program: its commands, its exit codes, and the one place where an error becomes a line on standard error.

Exit codes: 0 done (an abstention is an answer), 1 failed, 2 wrong usage, 3 done in part, 130 or 143 stopped by a signal.
"""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType
from typing import Annotated, NoReturn

import typer

from rag.errors import ArchiveInUse, DatelineError, UsageError
from ui.cli import archive, ask, backup, calibrate, evaluate, feedback, ingest, llm, mcp, replay, serve, story
from ui.cli.options import LogJson, LogLevel, keep_log_options
from ui.cli.output import say

FAILED, WRONG_USAGE = 1, 2

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ingest")(ingest.ingest)
app.command("ask")(ask.ask)
app.command("search")(ask.search)
app.command("brief", short_help="Tell the story of a topic in a few quotes, newest first.")(story.brief)
app.command("timeline", short_help="Tell the story of a topic day by day, in quotes.")(story.timeline)
app.command("show")(archive.show)
app.command("serve")(serve.serve)
app.command("mcp", short_help="Serve the archive to a program that speaks MCP.")(mcp.mcp)
app.command("eval")(evaluate.evaluate)
app.command("calibrate")(calibrate.calibrate)
app.command("replay", short_help="Answer the question of a trace again, and compare.")(replay.replay)
app.command("demo", short_help="Open the chat with a sample archive.")(serve.demo)
app.command("status", short_help="Say what the archive holds and how the last ingest went.")(archive.status)
app.command("doctor")(archive.doctor)
app.command("rebuild")(archive.rebuild)
app.command("compact")(archive.compact)
app.command("forget")(archive.forget)
app.command("backup", short_help="Write the whole archive to one file.")(backup.backup)
app.command("restore")(backup.restore)
app.command("move", short_help="Copy the catalog of an archive to a PostgreSQL database.")(backup.move)
app.add_typer(llm.app, name="llm")
app.add_typer(feedback.app, name="feedback")


class Stopped(BaseException):
    """A signal asks the process to end. Not an Exception, so that nothing on the way takes it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def root(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    log_level: LogLevel = None,
    log_json: LogJson = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Ask a news archive: answers in its own words, with exact citations, and silence where it is silent.

    Settings are environment variables; DATELINE_INDEX names the archive directory. Exit codes: 0 done, 1 failed, 2 wrong usage,
    3 done in part. An answer that the archive is silent is an answer and exits 0.
    """
    del debug, version  # the one is seen by `_explain`, the other by `_version`
    keep_log_options(log_level, log_json)


def main() -> NoReturn:
    """Runs the command that `sys.argv` names and exits with its code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        app(prog_name="dateline")
    except Stopped as stopped:
        say("stopped; what is stored stays stored, and the same command run again goes on from there")
        code = 128 + stopped.number
    except Exception as error:
        code = _explain(error)
    else:
        code = 0
    sys.exit(code)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # a second one ends the process without ceremony
    raise Stopped(number)


def _explain(error: Exception) -> int:
    if "--debug" in sys.argv:
        traceback.print_exception(error)
    if not isinstance(error, DatelineError):
        say(f"unexpected {type(error).__name__}: {error}; `dateline --debug …` shows where, `dateline doctor` checks the archive")
        return FAILED
    if isinstance(error, ArchiveInUse) and error.url:
        say(f"{error}; it serves at {error.url}")
    else:
        say(str(error))
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED
