"""How an archive of a million chunks does on one machine, or of as many as are asked for.

    python -m eval.million DIRECTORY --chunks 1000000

Makes an archive of invented articles in DIRECTORY, vectors included, and measures what grows with it: opening it when the indexes
lack half of its articles, as after an ingest that was killed, and searching it then; building and opening it, searching it,
following one change, looking for damage, making its indexes anew. No model is run: a query's vector is invented as
those of the chunks are, and the time that a model takes does not depend on the archive. An archive that is there is measured as
it is.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import typer
from numpy.typing import NDArray

from eval.metrics.intervals import percentile
from eval.terminal import note, run, say, table
from rag.archive import Archive, doctor, open_catalog
from rag.catalog import Catalog, StoredArticle
from rag.retrieve import Retriever
from rag.types import Article, Chunk, Filters, Fingerprint, Source, Vector, Vectors
from rag.unix import peak_memory

Measured = TypeVar("Measured")

DIMENSION = 384
TOPICS = 2_000
SPREAD = 0.7
"""How far a chunk's vector is from that of its topic: cosines of about .8, as those of one story have."""
CHUNKS_AN_ARTICLE = 10
SENTENCES, WORDS = 12, 13
"""Of a chunk, and of a sentence: about 200 tokens a chunk."""
VOCABULARY = 40_000
AT_ONCE = 200
FIRST_DAY, DAYS = date(2015, 1, 1), 3_650
OUTLETS = tuple(f"The Daily {name}" for name in ("Lantern", "Ferry", "Harbour", "Almanac", "Courier", "Mercury"))
FINGERPRINT = Fingerprint("invented", "1", DIMENSION, True, "", "", True, "invented", 200, 0)
SYLLABLES = ("ba", "re", "li", "mo", "tu", "sa", "ke", "ni", "vo", "dra", "pel", "gor", "sti", "hun", "fay", "wick")


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds, but for what is named otherwise."""

    chunks: int
    store: float
    lacking: int
    open_lacking: float
    search_lacking: float
    build: float
    open: float
    search_p50_ms: float
    search_p95_ms: float
    filtered_p50_ms: float
    filtered_p95_ms: float
    follow_one: float
    doctor: float
    rebuild: float
    memory_mb: float


class Invented:
    """Vectors and words of topics; the same ones for the same number. Queries are embedded by their topic."""

    model, revision, dimension, window = FINGERPRINT.model, FINGERPRINT.revision, DIMENSION, 256

    def __init__(self) -> None:
        chance = np.random.default_rng(0)
        self._topics = _unit(chance.normal(size=(TOPICS, DIMENSION)))
        self._words = [_word(number) for number in range(VOCABULARY)]
        shares = 1 / np.arange(1, VOCABULARY + 1)
        self._often = np.cumsum(shares / shares.sum())

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.vectors(sum(map(ord, text)), 1)[0] for text in texts])

    def embed_query(self, text: str) -> Vector:
        return np.asarray(self.embed_documents([text])[0], np.float32)

    def vectors(self, number: int, count: int) -> Vectors:
        """Of the chunks of article `number`, shape (count, DIMENSION)."""
        chance = np.random.default_rng(number)
        noise = _unit(chance.normal(size=(count, DIMENSION)))
        return _unit(self._topics[number % TOPICS] + SPREAD * noise)

    def article(self, number: int) -> StoredArticle:
        chance = np.random.default_rng(number)
        picked = np.searchsorted(self._often, chance.random((CHUNKS_AN_ARTICLE * SENTENCES, WORDS)))
        sentences = [f"{' '.join(self._words[word] for word in row).capitalize()}." for row in picked]
        parts = [" ".join(sentences[first : first + SENTENCES]) for first in range(0, len(sentences), SENTENCES)]
        day = FIRST_DAY + timedelta(days=number % DAYS)
        source = Source(f"invented-{number}", sentences[0][:60], OUTLETS[number % len(OUTLETS)], published=day)
        chunks, start = [], 0
        for part in parts:
            chunks.append(Chunk(source, start, start + len(part), part))
            start += len(part) + 1
        return StoredArticle(Article(source, "\n".join(parts)), f"{number}.txt", tuple(chunks), self.vectors(number, len(chunks)))

    def questions(self, count: int) -> Iterator[str]:
        chance = random.Random(1)
        for _ in range(count):
            yield " ".join(chance.choice(self._words[: VOCABULARY // 4]) for _ in range(8))


def store(catalog: Catalog, invented: Invented, chunks: int) -> None:
    catalog.adopt(FINGERPRINT)
    first, last = catalog.counts().articles, chunks // CHUNKS_AN_ARTICLE
    for number in range(first, last, AT_ONCE):
        catalog.put([invented.article(each) for each in range(number, min(last, number + AT_ONCE))])
        if number % (AT_ONCE * 50) == 0:
            note(f"{number * CHUNKS_AN_ARTICLE:,} chunks stored")


def measure(directory: Path, chunks: int, queries: int) -> Figures:
    invented = Invented()
    with open_catalog(directory, create=True) as catalog:
        half_seconds, _ = time_work(lambda: store(catalog, invented, chunks // 2))
    with Archive.open(directory) as archive:
        archive.rebuild()
    with open_catalog(directory) as catalog:
        rest_seconds, _ = time_work(lambda: store(catalog, invented, chunks))
    lacking_seconds, archive = time_work(lambda: Archive.open(directory))
    with archive:
        lacking = archive.catalog.count_changes(archive.applied)
        note(f"opened with {lacking:,} changes that the indexes lack")
        first = search(archive, invented, 1, Filters(), warming=0)
        archive.follow()
        note("the indexes are built")
        build_seconds, _ = time_work(archive.rebuild)
    open_seconds, archive = time_work(lambda: Archive.open(directory))
    with archive:
        plain = search(archive, invented, queries, Filters())
        year = Filters(since=date(2020, 1, 1), before=date(2021, 1, 1))
        filtered = search(archive, invented, queries, year)
        with open_catalog(directory) as other:
            other.put([invented.article(10**9)])
        follow_seconds, _ = time_work(archive.follow)
        archive.original.forget(f"invented-{10**9}")
        archive.follow()
        count = archive.catalog.counts().chunks
    note("the archive is looked through")
    doctor_seconds, found = time_work(lambda: doctor(directory))
    for finding in found:
        note(f"{finding.part}: {finding.problem}")
    with Archive.open(directory) as archive:
        rebuild_seconds, _ = time_work(archive.rebuild)
    memory = peak_memory() / 2**20
    return Figures(
        chunks=count,
        store=half_seconds + rest_seconds,
        lacking=lacking,
        open_lacking=lacking_seconds,
        search_lacking=first[0] / 1000,
        build=build_seconds,
        open=open_seconds,
        search_p50_ms=_percentile(plain, 50),
        search_p95_ms=_percentile(plain, 95),
        filtered_p50_ms=_percentile(filtered, 50),
        filtered_p95_ms=_percentile(filtered, 95),
        follow_one=follow_seconds,
        doctor=doctor_seconds,
        rebuild=rebuild_seconds,
        memory_mb=memory,
    )


def search(archive: Archive, invented: Invented, queries: int, filters: Filters, warming: int = 5) -> list[float]:
    """The milliseconds of each search, with what the archive does before it; the first `warming`, which fill caches, left out."""
    times = []
    for question in invented.questions(queries + warming):

        def find(question: str = question) -> None:
            archive.keep_up()
            catalog = archive.catalog
            parts = (invented, archive.dense, archive.lexical, catalog.chunks)
            Retriever(*parts, groups=catalog.groups, naming=catalog.naming).retrieve(question, 10, filters)

        times.append(time_work(find)[0] * 1000)
    return times[warming:]


def time_work(work: Callable[[], Measured]) -> tuple[float, Measured]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _percentile(values: Sequence[float], percent: float) -> float:
    return percentile(values, percent) or 0.0


def _unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _word(number: int) -> str:
    """One that no other number has."""
    said = ""
    while True:
        number, place = divmod(number, len(SYLLABLES))
        said += SYLLABLES[place]
        if not number:
            return said


def main(
    directory: Annotated[Path, typer.Argument(help="Where the archive is made, or is.")],
    chunks: Annotated[int, typer.Option(min=CHUNKS_AN_ARTICLE, help="How many chunks.")] = 1_000_000,
    queries: Annotated[int, typer.Option(min=20, help="How many searches, with and without a filter.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure an archive of invented articles."""
    figures = asdict(measure(directory, chunks, queries))
    if as_json:
        say(json.dumps(figures))
        return
    rows = [
        (name.replace("_", " "), f"{value:,.2f}" if isinstance(value, float) else f"{value:,}") for name, value in figures.items()
    ]
    say(table(("seconds, unless named otherwise", ""), rows))


if __name__ == "__main__":
    run(main)
