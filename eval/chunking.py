"""How well chunks cover the text that answers a question: Chroma's chunking evaluation with Dateline's chunker.

    python -m eval.chunking --data DIR --tokens 200 --overlap 0 --compare

Five documents are cut into chunks, every chunk is embedded without a title, and the five chunks nearest to each of 472 questions
(exact cosine, all documents together) are compared with the character ranges that answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets import Gold, load_gold, spans
from eval.exact import ExactIndex
from eval.metrics.intervals import Interval, mean_interval
from eval.metrics.spans import Range, precision_omega, span_scores
from eval.terminal import note, run, say, table
from ingest.chunk import Chunker
from rag.embed import SentenceEmbedder
from rag.errors import InputError, UsageError
from rag.protocols import Embedder
from rag.settings import load_settings
from rag.types import Article, Chunk, Filters, Source

PUBLISHED = (
    ("recursive 250/125", "78.7", "4.9", "21.9", "4.9"),
    ("tokens 250/125", "82.4", "3.6", "11.4", "3.5"),
    ("recursive 250/0", "78.5", "5.4", "26.7", "5.4"),
    ("recursive 200/0", "75.7", "6.5", "31.2", "6.5"),
    ("cluster 200", "75.2", "7.2", "33.6", "7.2"),
)
"""All-MiniLM-L6-v2, five chunks retrieved: recall, precision, precision-Ω and IoU in % (Smith & Troynikov 2024)."""
RETRIEVED = 5


@dataclass(frozen=True, slots=True)
class ChunkingResult:
    """Means over questions."""

    chunks: int
    questions: int
    measures: Mapping[str, Interval]


def measure(
    articles: Sequence[Article], questions: Sequence[Gold], chunker: Chunker, embedder: Embedder, k: int
) -> ChunkingResult:
    """Chunk, embed, retrieve `k` chunks for each question, and compare their ranges with its evidence."""
    chunks = [chunk for article in articles for chunk in chunker.chunk(article)]
    note(f"embedding {len(chunks)} chunks and {len(questions)} questions")
    index = ExactIndex([chunk.id for chunk in chunks], embedder.embed_documents([chunk.text for chunk in chunks]))
    vectors = embedder.embed_documents([gold.text for gold in questions])
    known = {chunk.id: chunk for chunk in chunks}
    scores: dict[str, list[float]] = {"recall": [], "precision": [], "precision-Ω": [], "IoU": []}
    for gold, vector in zip(questions, vectors, strict=True):
        retrieved = [known[hit.chunk_id] for hit in index.search(vector, k, Filters())]
        for name, value in zip(scores, _scores(gold, retrieved, chunks), strict=True):
            scores[name].append(value)
    means = {name: mean_interval(values) for name, values in scores.items()}
    return ChunkingResult(len(chunks), len(questions), {name: mean for name, mean in means.items() if mean})


def _scores(gold: Gold, retrieved: Sequence[Chunk], chunks: Sequence[Chunk]) -> tuple[float, float, float, float]:
    """Recall, precision, precision-Ω and IoU of one question."""
    document = gold.article_ids[0]
    references: list[Range] = [(one.start or 0, one.end or 0) for one in gold.evidence]
    elsewhere = sum(chunk.end - chunk.start for chunk in retrieved if chunk.source.id != document)
    found = span_scores(_ranges(retrieved, document), references, elsewhere)
    return found.recall, found.precision, precision_omega(_ranges(chunks, document), references), found.iou


def _ranges(chunks: Sequence[Chunk], document: str) -> list[Range]:
    return [(chunk.start, chunk.end) for chunk in chunks if chunk.source.id == document]


def read_articles(corpora: Path, questions: Sequence[Gold]) -> list[Article]:
    """The documents that the questions are about, without titles, as the published figures have them."""
    wanted = {gold.article_ids[0] for gold in questions}
    records = {str(record["id"]): str(record["text"]) for record in spans.articles(corpora)}
    if missing := sorted(wanted - records.keys()):
        raise InputError(f"{corpora / (missing[0] + '.md')}: the document of a question is missing")
    return [Article(Source(id=name, title=""), records[name]) for name in sorted(wanted)]


def main(
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help="The folder with chunking_evaluation.")] = None,
    tokens: Annotated[int, typer.Option(help="The most cl100k tokens of a chunk.")] = 200,
    overlap: Annotated[int, typer.Option(help="cl100k tokens that neighbouring chunks share.")] = 0,
    k: Annotated[int, typer.Option(help="Chunks retrieved for each question.")] = RETRIEVED,
    document: Annotated[list[str] | None, typer.Option(help="Only questions on this document; can be repeated.")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Also print the published figures.")] = False,
) -> None:
    """Chroma's chunking evaluation with Dateline's chunker and embedder; percentages with 95 % intervals."""
    if data is None:
        raise UsageError("say where the data sets are with --data or DATELINE_DATA")
    folder = data / "chunking_evaluation"
    questions = [gold for gold in load_gold(folder / "questions_df.csv") if not document or gold.kind in document]
    if not questions:
        raise UsageError(f"no question is about {' or '.join(document or ())}")
    articles = read_articles(folder / "corpora", questions)
    embedder = SentenceEmbedder(load_settings().model)
    result = measure(articles, questions, Chunker(tokens, overlap, embedder), embedder, k)
    rows = [(f"Dateline {tokens}/{overlap}", *(_percent(interval) for interval in result.measures.values()))]
    rows += PUBLISHED if compare else ()
    say(table(("%", *result.measures), rows))
    say(f"\n{result.questions} questions, {result.chunks} chunks, {k} retrieved, {embedder.model}")


def _percent(interval: Interval) -> str:
    return f"{100 * interval.value:.1f} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


if __name__ == "__main__":
    run(main)
