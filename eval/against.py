"""Two runs on the same questions: what has changed, and whether it is more than chance.

    dateline eval GOLD --against RUN.json
    python -m eval.against RUN.json OTHER.json

A paired bootstrap (Efron and Tibshirani, 1993; for systems on the same questions: Koehn, EMNLP 2004): each score's differences
question by question are drawn again, so that what makes a question hard for both cancels out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets import Gold
from eval.labels import in_order, label
from eval.metrics.intervals import Interval, paired_difference
from eval.record import ItemRecord, load_records
from eval.terminal import run, say, table
from rag.errors import InputError

HEADER = ("measure", "this run", "other", "difference", "95 % interval", "questions")


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of a score in this run and in the other, over the same questions, and their difference with its interval."""

    this: float
    other: float
    difference: Interval


@dataclass(frozen=True, slots=True)
class Against:
    """A comparison with the run saved at `run`, over the `questions` of both: for each score of both its difference.

    A score's difference is over the questions that have it in both runs. Each interval stands for itself: of twenty without a
    true difference, one leaves out 0 by chance.
    """

    run: str
    questions: int
    differences: Mapping[str, Difference]


def against(this: Sequence[ItemRecord], path: Path) -> Against:
    """Compare with the run saved at `path`. InputError when it is none, or has no question in common with this one."""
    others = _find_shared([record.gold for record in this], path)
    pairs = [(record, others[_key(record.gold)]) for record in this if _key(record.gold) in others]
    names = dict.fromkeys(name for one, _ in pairs for name in one.scores)
    differences = {name: difference for name in names if (difference := _difference(name, pairs))}
    return Against(str(path), len(pairs), differences)


def check_comparable(golds: Sequence[Gold], path: Path) -> None:
    """InputError unless the run saved at `path` has one of these questions: to know it before they are asked."""
    _find_shared(golds, path)


def against_json(found: Against) -> dict[str, object]:
    """`{"run", "questions", "differences": {NAME: {"this", "other", "value", "low", "high", "count"}}}`; `value` is this less
    the other, `low` and `high` its 95 % interval, `count` the questions that have the score in both."""
    return {
        "run": found.run,
        "questions": found.questions,
        "differences": {
            name: {"this": one.this, "other": one.other, **asdict(one.difference)} for name, one in found.differences.items()
        },
    }


def against_rows(found: Against) -> list[tuple[str, ...]]:
    """A row for each score, under `HEADER`."""
    return [
        (
            label(name),
            f"{one.this:.3f}",
            f"{one.other:.3f}",
            f"{one.difference.value:+.3f}",
            f"{one.difference.low:+.3f} to {one.difference.high:+.3f}",
            str(one.difference.count),
        )
        for name in in_order(found.differences)
        for one in [found.differences[name]]
    ]


def _find_shared(golds: Sequence[Gold], path: Path) -> dict[tuple[str, str], ItemRecord]:
    wanted = set(map(_key, golds))
    found = {_key(record.gold): record for record in load_records(path)[1] if _key(record.gold) in wanted}
    if not found:
        raise InputError(f"{path}: none of these questions is in it; compare runs on the same gold set")
    return found


def _key(gold: Gold) -> tuple[str, str]:
    """The id and the words: ids that only number the questions are the same in every gold set."""
    return gold.id, gold.text


def _difference(name: str, pairs: Sequence[tuple[ItemRecord, ItemRecord]]) -> Difference | None:
    both = [(one.scores[name], other.scores[name]) for one, other in pairs if name in one.scores and name in other.scores]
    this, others = [one for one, _ in both], [other for _, other in both]
    interval = paired_difference(this, others)
    return Difference(sum(this) / len(this), sum(others) / len(others), interval) if interval else None


def main(
    this: Annotated[Path, typer.Argument(metavar="RUN.json", help="A run: run.json of a report's folder.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER.json", help="The run to compare it with.")],
) -> None:
    """Compare two saved runs question by question."""
    _, records = load_records(this)
    found = against(records, other)
    say(f"{found.questions} questions in both\n{table(HEADER, against_rows(found))}")


if __name__ == "__main__":
    run(main)
