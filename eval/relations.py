"""How well two statements are told apart: the same, a dispute, an update, or of another scope.

    python -m eval.relations

The pairs are eval/sample/relations.jsonl, written for this. Printed is the share told right, with its interval, of all and of the
half held back, and by relation; `--show` lists each that is told wrongly.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from eval.metrics.intervals import mean_interval
from eval.terminal import run, say, table
from rag.errors import InputError
from rag.story.relation import Relation, relation
from rag.story.statements import Statement, statements
from rag.terms import Analysis
from rag.types import Article, Source
from rag.when import mentions

SET = "relations.jsonl"


class Stems:
    """Text to stems, as the index makes them; in no text at all."""

    def __init__(self) -> None:
        self._analyzer = Analysis().build()

    def split(self, text: str) -> list[str]:
        return list(self._analyzer.analyze(text))

    def frequencies(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        return 0, dict.fromkeys(terms, 0)


RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements of different articles and how they stand to each other."""

    one: Statement
    other: Statement
    relation: Relation
    held_back: bool = False


def load_pairs(text: str) -> list[Pair]:
    """The pairs of a set, one JSON object a line. Raises InputError for a relation that there is not."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        raw = json.loads(line)
        if raw["relation"] not in RELATIONS:
            raise InputError(f"line {number}: {raw['relation']!r} is no relation; it is one of {', '.join(RELATIONS)}")
        one, other = (_statement(raw[side], f"{number}-{side}") for side in ("one", "other"))
        found.append(Pair(one, other, raw["relation"], bool(raw.get("held_back"))))
    return found


def _statement(raw: dict[str, Any], id: str) -> Statement:
    """Raises InputError for a text that is no statement."""
    day = date.fromisoformat(raw["published"])
    article = Article(Source(id, id, raw["outlet"], published=day), raw["text"])
    found = statements([article], {id: mentions(article.text, day)}, Stems(), UTC)
    if not found:
        raise InputError(f"{id}: {raw['text']!r} is no statement; write a whole sentence")
    return found[0]


def right(pairs: list[Pair]) -> list[float]:
    """For each pair 1 where it is told right, else 0."""
    return [float(relation(pair.one, pair.other) == pair.relation) for pair in pairs]


def main(
    pairs: Annotated[Path | None, typer.Argument(help="Another set of pairs.")] = None,
    show: Annotated[bool, typer.Option(help="List the pairs told wrongly.")] = False,
) -> None:
    """Measure how two statements are told to stand to each other."""
    loaded = load_pairs(pairs.read_text("utf-8") if pairs else (files("eval.sample") / SET).read_text("utf-8"))
    for name, some in (("all", loaded), ("held back", [pair for pair in loaded if pair.held_back])):
        if some:
            scores = right(some)
            say(f"{name}: {len(some)} pairs, told right {sum(scores) / len(scores):.3f} ({mean_interval(scores)})")
    by = [(each, right([pair for pair in loaded if pair.relation == each])) for each in RELATIONS]
    say(
        table(
            ("relation", "pairs", "right"), [(name, str(len(some)), f"{sum(some) / len(some):.2f}") for name, some in by if some]
        )
    )
    for pair in loaded if show else ():
        if (told := relation(pair.one, pair.other)) != pair.relation and not pair.held_back:
            say(f"{pair.relation} told as {told}: {pair.one.text} / {pair.other.text}")


if __name__ == "__main__":
    run(main)
