"""How fast, and in how much memory.

    python -m eval.speed --articles OUT/articles.jsonl --gold OUT/gold.jsonl [--index INDEX] [--pages]

Ingest is given as a ratio to `SentenceTransformer.encode` with the same weights on the same chunks, so that it means the same on
every machine: the two take turns on batches of articles in one process, and ingest includes reading, chunking and storage. The
rest is measured in processes of their own: the time from a process's start to its first answer, the time of each answer after
that, and the most memory that the process held. With `--pages` the articles are ingested as web pages, one file each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from eval.datasets import load_gold
from eval.datasets.records import Record, read_records, write_records
from eval.metrics.intervals import percentile
from eval.terminal import note, run, say, table
from ingest.chunk import Chunker
from rag.embed import PACKAGED, SentenceEmbedder
from rag.errors import DatelineError, InputError
from rag.settings import Settings, load_settings
from rag.types import Article, Source

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MEGABYTE = 1_000_000
FIRST_ANSWERS = 3

INGEST = """
import sys
from pathlib import Path
from ingest.pipeline import ingest
from rag.settings import load_settings
ingest(sys.argv[2:], Path(sys.argv[1]), load_settings())
"""
ASK = """
import json, sys, time
from rag import Rag
times, reading = [], []
with Rag.open(sys.argv[1]) as rag:
    for question in sys.argv[2:]:
        started = time.perf_counter()
        answer = rag.ask(question)
        times.append((time.perf_counter() - started) * 1000)
        reading.append(answer.timings_ms.get("rerank", 0.0) / max(1, len(answer.passages)))
json.dump([times, reading], sys.stdout)
"""
PEAK = """
import sys
from rag.unix import peak_memory

sys.stderr.write(f"\\n{peak_memory()}\\n")
"""
"""Ends a child's code."""


@dataclass(frozen=True, slots=True)
class IngestRate:
    """Seconds for the same articles: Dateline's whole ingest, and encoding their chunks alone."""

    chunks: int
    ingest_seconds: float
    encode_seconds: float

    @property
    def ratio(self) -> float:
        """The speed of ingest over the speed of encoding: 1 is as fast, above 1 is faster."""
        return self.encode_seconds / self.ingest_seconds


@dataclass(frozen=True, slots=True)
class Child:
    """What a process printed, how long it ran, and the most memory that it held."""

    output: str
    seconds: float
    peak_bytes: int


def ingest_rate(
    batches: Sequence[Path], inputs: Sequence[Path], directory: Path, embedder: SentenceEmbedder, reference: SentenceTransformer
) -> IngestRate:
    """Ingest `inputs` into a new archive at `directory`, each before or after encoding the chunks of its batch, in turns."""
    settings = load_settings(index=directory)
    total = IngestRate(0, 0.0, 0.0)
    embedder.embed_query("warm")
    reference.encode("warm", show_progress_bar=False)
    for number, (batch, given) in enumerate(zip(batches, inputs, strict=True)):
        texts = chunk_texts(batch, settings, embedder)
        if number % 2:
            encoding, ingesting = _time_encoding(reference, texts), _time_ingest(given, settings, embedder)
        else:
            ingesting, encoding = _time_ingest(given, settings, embedder), _time_encoding(reference, texts)
        total = IngestRate(total.chunks + len(texts), total.ingest_seconds + ingesting, total.encode_seconds + encoding)
        note(f"batch {number + 1} of {len(batches)}: {len(texts)} chunks, ingest {ingesting:.1f} s, encoding {encoding:.1f} s")
    return total


def chunk_texts(path: Path, settings: Settings, embedder: SentenceEmbedder) -> list[str]:
    """What is embedded of the articles of a file."""
    chunker = Chunker(settings.chunk_tokens, settings.chunk_overlap, embedder)
    chunks = (chunk for record in read_records(path) for chunk in chunker.chunk(_article(record)))
    return [chunker.make_embedded_text(chunk) for chunk in chunks]


def run_child(code: str, *arguments: str) -> Child:
    """Run Python `code` in a process of its own. DatelineError with its last words when it fails."""
    started = time.perf_counter()
    child = subprocess.run([sys.executable, "-c", code + PEAK, *arguments], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    last = (child.stderr.strip().splitlines() or ["no message"])[-1]
    if child.returncode:
        raise DatelineError(f"a measured process ended with code {child.returncode}: {last}")
    return Child(child.stdout, seconds, int(last))


def split(path: Path, articles: int, batches: int, folder: Path) -> list[Path]:
    """The first `articles` of a JSONL file as about `batches` files of equal size."""
    records = [record.fields for record in islice(read_records(path), articles)]
    if not records:
        raise InputError(f"{path}: there is no article in this file")
    parts = [records[start::batches] for start in range(min(batches, len(records)))]
    files_written = [folder / f"batch-{number}.jsonl" for number in range(len(parts))]
    for file, part in zip(files_written, parts, strict=True):
        write_records(file, part)
    return files_written


def as_pages(path: Path) -> Path:
    """A folder beside the JSONL file with each of its articles as a web page."""
    folder = path.with_suffix("")
    folder.mkdir()
    for number, record in enumerate(read_records(path)):
        Path(folder, f"{number}.html").write_text(page(record), "utf-8")
    return folder


def page(record: Record) -> str:
    """An article as news sites write it: metadata as JSON-LD, its paragraphs among a menu, links and a footer."""
    title, text = record.optional_text("title") or "", record.text("text")
    known = {"@type": "NewsArticle", "headline": title, "datePublished": record.optional_text("published")}
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<script type="application/ld+json">{json.dumps(known)}</script></head><body><nav><a href="/">Home</a>'
        f'<a href="/world">World</a></nav><main><article><h1>{escape(title)}</h1>{paragraphs}</article></main>'
        "<aside><h2>More</h2><a href='/1'>Another story</a></aside><footer>All rights reserved</footer></body></html>"
    )


def load_reference(model: str) -> SentenceTransformer:
    """The model as sentence-transformers loads it without options, on the CPU."""
    from sentence_transformers import SentenceTransformer

    packaged = PACKAGED.get(model)
    location = str(files(packaged.package) / packaged.directory) if packaged else model
    return SentenceTransformer(location, device="cpu", trust_remote_code=False)


def main(
    articles: Annotated[Path, typer.Option(help="Articles in Dateline's JSONL.")],
    gold: Annotated[Path, typer.Option(help="Questions, in any format of eval.datasets.")],
    count: Annotated[int, typer.Option(min=1, help="Articles to ingest.")] = 200,
    batches: Annotated[int, typer.Option(min=2, help="Turns that ingest and encoding take.")] = 4,
    questions: Annotated[int, typer.Option(min=1, help="Questions to ask.")] = 100,
    index: Annotated[Path | None, typer.Option(help="Ask this archive, instead of the one ingested here.")] = None,
    pages: Annotated[bool, typer.Option("--pages", help="Ingest the articles as web pages, a file each.")] = False,
) -> None:
    """Measure ingest against plain encoding, the time to a first answer, each answer after it, and peak memory."""
    settings = load_settings()
    asked = [item.text for item in load_gold(gold)[:questions]]
    with TemporaryDirectory() as folder:
        parts = split(articles, count, batches, Path(folder))
        inputs = [as_pages(part) for part in parts] if pages else parts
        note("ingesting in a process of its own, for its memory")
        ingesting = run_child(INGEST, str(Path(folder, "archive")), *map(str, inputs))
        archive = str(index or Path(folder, "archive"))
        first = [run_child(ASK, archive, asked[0]) for _ in range(FIRST_ANSWERS)]
        asking = run_child(ASK, archive, *asked)
        embedder, reference = SentenceEmbedder(settings.model), load_reference(settings.model)
        rate = ingest_rate(parts, inputs, Path(folder, "raced"), embedder, reference)
    times, reading = json.loads(asking.output)
    rows = [
        ("ingest, as a ratio to encoding alone", f"{rate.ratio:.2f}"),
        ("ingest, chunks a second", f"{rate.chunks / rate.ingest_seconds:.1f}"),
        ("encoding alone, chunks a second", f"{rate.chunks / rate.encode_seconds:.1f}"),
        ("start to first answer, seconds (median)", f"{percentile([child.seconds for child in first], 50):.2f}"),
        ("answer, milliseconds, p50", f"{percentile(times, 50):.0f}"),
        ("answer, milliseconds, p95", f"{percentile(times, 95):.0f}"),
        ("reading, milliseconds a passage, p50", f"{percentile(reading, 50):.1f}"),
        ("peak memory of ingest, MB", f"{ingesting.peak_bytes / MEGABYTE:.0f}"),
        ("peak memory of asking, MB", f"{asking.peak_bytes / MEGABYTE:.0f}"),
    ]
    say(table((f"{rate.chunks} chunks, {len(asked)} questions, {os.cpu_count()} cores", ""), rows))


def _article(record: Record) -> Article:
    return Article(Source(id="", title=record.optional_text("title") or ""), record.text("text"))


def _time_ingest(batch: Path, settings: Settings, embedder: SentenceEmbedder) -> float:
    from ingest.pipeline import ingest

    started = time.perf_counter()
    ingest([str(batch)], settings.index, settings, embedder=embedder)
    return time.perf_counter() - started


def _time_encoding(reference: SentenceTransformer, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    reference.encode(list(texts), show_progress_bar=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    run(main)
