"""Times in the text of articles: how many are told right from the day of publication.

    python -m eval.when

On sentences written for this, each with the day on which it was published, a time that it names and the days that are meant, or
none where the words mean no time that can be told. Every second one was held back while the rules were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.metrics.intervals import mean_interval
from eval.terminal import run, say, table
from rag.errors import InputError
from rag.when import mentions

SET = "when.jsonl"
OPENINGS = ("on ", "in ", "since ", "until ", "by ", "late on ", "the ")


@dataclass(frozen=True, slots=True)
class Expression:
    """`first` and `last` are both included; None where `words` must be left alone."""

    text: str
    published: date
    words: str
    first: date | None
    last: date | None
    kind: str
    held: bool


def read_set(path: Path) -> list[Expression]:
    """Raises InputError that names the line that is wrong."""
    return list(_expressions(path))


def _expressions(path: Path) -> Iterator[Expression]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            first, last = (date.fromisoformat(row[name]) if row[name] else None for name in ("first", "last"))
            published = date.fromisoformat(row["published"])
            found = Expression(row["text"], published, row["expression"], first, last, row["class"], bool(row["held"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not an annotated expression ({error})") from error
        if found.words not in found.text:
            raise InputError(f"{path}, line {number}: the words {found.words!r} are not in the text")
        yield found


def is_right(expression: Expression) -> bool:
    """Whether the words are told to mean exactly these days; for words that mean no time, whether they are left alone."""
    start = expression.text.index(expression.words)
    end = start + len(expression.words)
    touching = [one for one in mentions(expression.text, expression.published) if one.start < end and one.end > start]
    if expression.first is None or expression.last is None:
        return not touching
    wanted = (expression.first, expression.last + timedelta(days=1))
    return any((one.first, one.before) == wanted and _same_words(expression, one.start, one.end) for one in touching)


def _same_words(expression: Expression, start: int, end: int) -> bool:
    """The same span, but for a preposition or article before it and the time of day after it."""
    found, words = expression.text[start:end].lower(), expression.words.lower()
    return found in words or words in found


def main(path: Annotated[Path | None, typer.Argument(help="Another file of annotated expressions.")] = None) -> None:
    """Score the rules for times, by class, on all expressions and on those held back."""
    expressions = read_set(path or Path(str(files("eval") / "sample" / SET)))
    kinds = list(dict.fromkeys(one.kind for one in expressions))
    rows = [_row(kind, [one for one in expressions if one.kind == kind]) for kind in kinds]
    say(table(("class", "expressions", "right", "right, held back"), [*rows, _row("all", expressions)]))
    wrong = [f"{one.kind}: {one.words!r} in {one.text!r}" for one in expressions if not is_right(one)]
    if wrong:
        say("\nnot right:\n" + "\n".join(wrong))


def _row(kind: str, expressions: Sequence[Expression]) -> tuple[str, ...]:
    held = [one for one in expressions if one.held]
    return kind, str(len(expressions)), _share(expressions), _share(held)


def _share(expressions: Sequence[Expression]) -> str:
    interval = mean_interval([float(is_right(one)) for one in expressions])
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


if __name__ == "__main__":
    run(main)
