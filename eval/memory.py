"""How much memory an ingest holds as the number of articles grows, and a process that opens an archive again and again.

    python -m eval.memory --articles OUT/articles.jsonl
    python -m eval.memory --index DIR [--openings 6]

Ingests a few and many articles, each in a process of its own, with an embedder that costs nothing: what is measured is
the rest of ingest. Articles beyond those of the file are these again, each with a sentence of its own. With `--index`, a process
opens that archive, searches it and closes it several times over.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from eval.datasets.records import read_records
from eval.speed import MEGABYTE, run_child
from eval.terminal import note, run, say, table
from rag.errors import InputError, UsageError
from rag.types import Vector, Vectors
from rag.unix import peak_memory

INGEST = """
import sys
from eval.memory import ingest_without_model
ingest_without_model(sys.argv[1], sys.argv[2])
"""

OPENINGS = """
import sys
from eval.memory import open_repeatedly
open_repeatedly(sys.argv[1], int(sys.argv[2]))
"""


class Costless:
    """Vectors that depend on a text's length and nothing else, slightly apart; its tokens are words and a third."""

    model, revision, dimension, window = "costless", "1", 384, 256

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [4 * len(text.split()) // 3 + 2 for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        rows = np.random.default_rng(len(texts[0]) if texts else 0).normal(size=(len(texts), self.dimension))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_query(self, text: str) -> Vector:
        return np.asarray(self.embed_documents([text])[0], np.float32)


def ingest_without_model(file: str, directory: str) -> None:
    """Ingest a file into a new archive with vectors that mean nothing."""
    from ingest.pipeline import ingest
    from rag.settings import load_settings

    report = ingest([file], Path(directory), load_settings(), embedder=Costless())
    json.dump({"seconds": report.seconds, "stored": report.stored}, sys.stdout)


def open_repeatedly(directory: str, times: int) -> None:
    """Open an archive, search and close it so many times; prints the most bytes held until the end of each."""
    from rag import Rag

    held = []
    for _ in range(times):
        with Rag.open(directory) as rag:
            rag.search("What happened?")
        held.append(peak_memory())
    json.dump(held, sys.stdout)


def measure_openings(directory: Path, times: int) -> list[int]:
    """The most bytes that a process has held after each of so many openings of the archive."""
    held: list[int] = json.loads(run_child(OPENINGS, str(directory), str(times)).output)
    return held


def repeat_articles(path: Path, count: int, words: int) -> Iterator[dict[str, object]]:
    """`count` articles of at most so many words, no two alike."""
    for number, record in enumerate(islice(cycle(read_records(path)), count)):
        text = " ".join(record.text("text").split()[:words])
        yield {"id": f"article-{number}", "title": f"Number {number}", "text": f"This is the report with number {number}. {text}"}


def main(
    articles: Annotated[Path | None, typer.Option(help="Articles in Dateline's JSONL.")] = None,
    few: Annotated[int, typer.Option(min=1)] = 5_000,
    many: Annotated[int, typer.Option(min=1)] = 20_000,
    words: Annotated[int, typer.Option(min=1, help="Words of each article that are used.")] = 300,
    index: Annotated[Path | None, typer.Option(help="An archive to open again and again.")] = None,
    openings: Annotated[int, typer.Option(min=1)] = 6,
) -> None:
    """Measure the peak memory of an ingest of few and of many articles, or of opening an archive again and again."""
    if index:
        held = measure_openings(index, openings)
        say(table(("opened", "peak memory, MB"), [(str(at), f"{most / MEGABYTE:.0f}") for at, most in enumerate(held, start=1)]))
    elif articles:
        say(table(("articles", "peak memory, MB", "articles a second"), _measure_ingest(articles, (few, many), words)))
    else:
        raise UsageError("say what to measure with --articles FILE or --index DIR")


def _measure_ingest(articles: Path, counts: Sequence[int], words: int) -> list[tuple[str, str, str]]:
    rows = []
    with TemporaryDirectory() as folder:
        for count in counts:
            note(f"ingesting {count:,} articles")
            file = Path(folder, f"{count}.jsonl")
            with file.open("w", encoding="utf-8") as out:
                written = sum(bool(out.write(json.dumps(record) + "\n")) for record in repeat_articles(articles, count, words))
            if not written:
                raise InputError(f"{articles}: there is no article in this file")
            child = run_child(INGEST, str(file), str(Path(folder, str(count))))
            done = json.loads(child.output)
            rows.append((f"{done['stored']:,}", f"{child.peak_bytes / MEGABYTE:.0f}", f"{done['stored'] / done['seconds']:.0f}"))
    return rows


if __name__ == "__main__":
    run(main)
