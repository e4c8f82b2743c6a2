"""Answers from the one passage that comes with each question, without retrieval: CLAP NQ, as it is usually measured.

    python -m eval.given --data DIR

Measured are the whole answer against the annotators' (ROUGE-L) on the questions that the passage answers, and how many of those
that it does not answer are refused: at the confidence from which Dateline answers, and at one that refuses a share of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.datasets import Gold, clapnq
from eval.metrics.answers import rouge_l
from eval.metrics.intervals import mean_interval
from eval.terminal import note, run, say, table
from rag.embed import model_directory
from rag.extract.reading import ReadingAnswerer
from rag.extract.trust import load_trust
from rag.lexical import TantivyIndex
from rag.read import SHIPPED, TrainedReader
from rag.rerank import ReaderReranker
from rag.types import Chunk, Draft, Entry, Passage, Question, Source

HALVES = ("answerable_dev.jsonl", "unanswerable_dev.jsonl")


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question and the passage to answer it from."""

    gold: Gold
    passage: Passage


def read_given(paths: Sequence[Path]) -> list[PassageQuestion]:
    """The questions of the files with the passage of each."""
    found = []
    for path in paths:
        for gold, record in zip(clapnq.gold(path), clapnq.articles(path), strict=True):
            text = str(record["text"])
            source = Source(str(record["id"]), str(record["title"]))
            found.append(PassageQuestion(gold, Passage(Chunk(source, 0, len(text), text), 1.0)))
    return found


def drafts(
    given: Sequence[PassageQuestion], reader: TrainedReader, weights: Path, max_words: int, directory: Path
) -> list[Draft]:
    """What the answerer makes of each question; an index of all passages in `directory` tells how rare a word is."""
    terms = TantivyIndex(directory)
    nothing = np.zeros(1, np.float32)
    terms.replace([], [_entry(one.passage.chunk, nothing) for one in given])
    answerer = ReadingAnswerer(reader, lambda: terms, load_trust(weights)[0], max_words)
    reranker = ReaderReranker(reader, 1)  # what is found is scored by it, too
    found = []
    for done, one in enumerate(given):
        if done % 50 == 0:
            note(f"{done} of {len(given)}")
        *_, last = answerer.draft(Question(one.gold.text), reranker.rerank(one.gold.text, [one.passage]), {})
        found.append(last)
    terms.close()
    return found


def row(name: str, given: Sequence[PassageQuestion], made: Sequence[Draft], least: float) -> tuple[str, ...]:
    """The measures when answering from the confidence `least` on."""
    scores = [
        rouge_l(" ".join(claim.text for claim in draft.claims), one.gold.long_answers) if draft.confidence >= least else 0.0
        for one, draft in zip(given, made, strict=True)
        if one.gold.answerable
    ]
    refused = [float(draft.confidence < least) for one, draft in zip(given, made, strict=True) if not one.gold.answerable]
    whole, silent = mean_interval(scores), mean_interval(refused)
    if whole is None or silent is None:
        return name, f"{least:.3f}", "-", "-"
    return (
        name,
        f"{least:.3f}",
        f"{whole.value:.3f} [{whole.low:.3f}, {whole.high:.3f}]",
        f"{silent.value:.3f} [{silent.low:.3f}, {silent.high:.3f}]",
    )


def main(
    data: Annotated[Path, typer.Option(envvar="DATELINE_DATA", help="The folder of all data sets.")],
    weights: Annotated[Path, typer.Option(help="The folder of the reader's weights.")] = SHIPPED,
    words: Annotated[int, typer.Option(min=1, help="The most words of an answer.")] = 60,
    refuse: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of unanswerable questions to refuse.")] = 0.85,
) -> None:
    """Measure answers from a given passage on CLAP NQ."""
    given = read_given([data / "clapnq" / name for name in HALVES])
    with tempfile.TemporaryDirectory() as folder:
        made = drafts(given, TrainedReader(model_directory(), weights), weights, words, Path(folder))
    silent = [draft.confidence for one, draft in zip(given, made, strict=True) if not one.gold.answerable]
    rows = [
        row("never refusing", given, made, 0.0),
        row("as Dateline answers", given, made, load_trust(weights)[0].min_confidence),
        row(f"refusing {refuse:.0%}", given, made, float(np.quantile(silent, refuse)) + 1e-9),
    ]
    say(table((f"CLAP NQ, {len(given)} questions", "from confidence", "ROUGE-L", "refused"), rows))


def _entry(chunk: Chunk, vector: np.typing.NDArray[np.float32]) -> Entry:
    return Entry(chunk.id, chunk.source.id, None, None, chunk.source.title, chunk.text, vector)


if __name__ == "__main__":
    run(main)
