"""Times and outlets that questions name: how many questions are given exactly the reports that they point to.

    python -m eval.scopes

On questions written for this, each with the day taken as today, the archive's outlets, and the outlets and days (both included)
of every report that it points to, or none. Every second one was held back while the rules were written.
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
from rag.types import Filters
from rag.understand import scopes_asked

SET = "scopes.jsonl"


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the reports it points to, in order."""

    question: str
    today: date
    outlets: tuple[str, ...]
    wanted: tuple[Filters, ...]
    kind: str
    held: bool


def read_set(path: Path) -> list[Item]:
    """Raises InputError that names the line that is wrong."""
    return list(_items(path))


def _items(path: Path) -> Iterator[Item]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            wanted = tuple(_filters(scope) for scope in row["scopes"])
            today, outlets = date.fromisoformat(row["today"]), tuple(map(str, row["outlets"]))
            yield Item(str(row["question"]), today, outlets, wanted, str(row["class"]), bool(row["held"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not a question with its scopes ({error})") from error


def _filters(scope: dict[str, Any]) -> Filters:
    since, until = (date.fromisoformat(scope[name]) if scope[name] else None for name in ("since", "until"))
    return Filters(since, until + timedelta(days=1) if until else None, tuple(scope["outlets"]))


def find_filters(item: Item) -> list[Filters]:
    return [scope.filters for scope in scopes_asked(item.question, item.today, item.outlets)]


def is_right(item: Item) -> bool:
    """Whether exactly the reports wanted are found, in order; the order of a report's outlets does not count."""
    return [_sort(one) for one in find_filters(item)] == [_sort(one) for one in item.wanted]


def main(path: Annotated[Path | None, typer.Argument(help="Another file of questions with their scopes.")] = None) -> None:
    """Score what is made of times and outlets in questions, by class, on all questions and on those held back."""
    items = read_set(path or Path(str(files("eval") / "sample" / SET)))
    kinds = list(dict.fromkeys(item.kind for item in items))
    rows = [_row(kind, [item for item in items if item.kind == kind]) for kind in kinds]
    say(table(("class", "questions", "right", "right, held back"), [*rows, _row("all", items)]))
    wrong = [
        f"{item.kind}: {item.question}\n  found {_format_filters(find_filters(item))}" for item in items if not is_right(item)
    ]
    if wrong:
        say("\nnot right:\n" + "\n".join(wrong))


def _sort(filters: Filters) -> tuple[date | None, date | None, frozenset[str]]:
    return filters.since, filters.before, frozenset(filters.outlets)


def _format_filters(filters: Sequence[Filters]) -> str:
    shown = (f"{one.since or ''}–{one.until or ''} {' or '.join(one.outlets)}".strip() for one in filters)
    return "; ".join(shown) or "none"


def _row(kind: str, items: Sequence[Item]) -> tuple[str, ...]:
    return kind, str(len(items)), _share(items), _share([item for item in items if item.held])


def _share(items: Sequence[Item]) -> str:
    interval = mean_interval([float(is_right(item)) for item in items])
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


if __name__ == "__main__":
    run(main)
