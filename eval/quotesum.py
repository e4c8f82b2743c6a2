"""Answers from several sources: QuoteSum, of whose sources each says its own short answer.

    python -m eval.quotesum --data DIR

Each source is asked alone, and nothing is withheld. A short answer is quoted where all its words stand in a quote of its source.
Measured are the short answers quoted, the questions with all of them, and the quotes that hold one.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets import Gold
from eval.given import PassageQuestion, drafts
from eval.metrics.intervals import mean_interval
from eval.terminal import run, say, table
from rag.embed import model_directory
from rag.read import SHIPPED, TrainedReader
from rag.types import Chunk, Draft, Passage, Question, Source

SET = "quotesum/dev_half.jsonl"
SOURCES = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Told:
    """A source of a question, the short answer that stands in it, and the quotes made from it."""

    question: str
    answer: str
    quotes: tuple[str, ...]

    @property
    def quoted(self) -> bool:
        return any(holds(quote, self.answer) for quote in self.quotes)


def read_sources(path: Path) -> list[tuple[PassageQuestion, str]]:
    """Each source of each question once, with its short answer."""
    found: dict[tuple[str, str], tuple[PassageQuestion, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        raw = json.loads(line)
        for number in range(1, SOURCES + 1):
            text, answer = raw.get(f"source{number}") or "", raw.get(f"short_ans_{number}") or ""
            if text and answer:
                source = Source(f"{raw['qid']}-{number}", raw.get(f"title{number}") or "")
                gold = Gold(Question(raw["question"], id=source.id), answers=(answer,))
                found[raw["question"], text] = PassageQuestion(gold, Passage(Chunk(source, 0, len(text), text), 1.0)), answer
    return list(found.values())


def holds(quote: str, answer: str) -> bool:
    """Whether all words of a short answer stand in the quote."""
    words = {word.casefold() for word in _WORD.findall(quote)}
    return all(word.casefold() in words for word in _WORD.findall(answer))


def quotes_of(draft: Draft) -> tuple[str, ...]:
    return tuple(quote.text for claim in draft.claims for quote in claim.quotes)


def rows(told: Sequence[Told]) -> list[tuple[str, str, str]]:
    """The measures, each with what it counts and its value with the interval."""
    by_question: dict[str, list[bool]] = {}
    for one in told:
        by_question.setdefault(one.question, []).append(one.quoted)
    measures = (
        ("short answers quoted", [float(one.quoted) for one in told]),
        ("questions with all of them", [float(all(some)) for some in by_question.values()]),
        ("quotes that hold one", [float(holds(quote, one.answer)) for one in told for quote in one.quotes]),
    )
    intervals = [(name, len(values), mean_interval(values)) for name, values in measures]
    return [(name, str(count), f"{i.value:.3f} [{i.low:.3f}, {i.high:.3f}]") for name, count, i in intervals if i]


def main(
    data: Annotated[Path, typer.Option(envvar="DATELINE_DATA", help="The folder of all data sets.")],
    weights: Annotated[Path, typer.Option(help="The folder of the reader's weights.")] = SHIPPED,
    words: Annotated[int, typer.Option(min=1, help="The most words of an answer.")] = 60,
) -> None:
    """Measure quotes from several sources on QuoteSum."""
    sources = read_sources(data / SET)
    with tempfile.TemporaryDirectory() as folder:
        made = drafts([given for given, _ in sources], TrainedReader(model_directory(), weights), weights, words, Path(folder))
    told = [Told(given.gold.text, answer, quotes_of(draft)) for (given, answer), draft in zip(sources, made, strict=True)]
    say(table((f"QuoteSum, {len({one.question for one in told})} questions", "counted", "share"), rows(told)))


if __name__ == "__main__":
    run(main)
