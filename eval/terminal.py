"""What the benchmark commands share: they print a result, and end with one line where something is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from rag.errors import DatelineError, UsageError


def run(command: Callable[..., None], arguments: Sequence[str] | None = None) -> None:
    """Run `command` as this process's command line; a DatelineError becomes a line on standard error and exit code 1 or 2."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(command)
    try:
        app(list(arguments) if arguments is not None else None)
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2 if isinstance(error, UsageError) else 1) from error


def say(text: str) -> None:
    """A line of the result, on standard output."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(text + "\n")


WIDTH = 80


def fold_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table in as many as it takes for each to fit a terminal, the first column in all of them."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    parts: list[list[int]] = [[0]]
    for column in range(1, len(header)):
        if len(parts[-1]) > 1 and sum(widths[each] + 2 for each in (*parts[-1], column)) > WIDTH + 2:
            parts.append([0])
        parts[-1].append(column)
    return "\n\n".join(table([header[each] for each in part], [[row[each] for each in part] for row in rows]) for part in parts)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of plain text; the first is aligned left, the others right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [_line(header, widths), "  ".join("-" * width for width in widths), *(_line(row, widths) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()
