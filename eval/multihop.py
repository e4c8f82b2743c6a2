"""Several pieces of evidence for one question: retrieval on the facts of MultiHop-RAG.

    python -m eval.multihop --data DIR

Each fact is an article of its own (or, with --joined, all facts of a report are one). A fact counts as found in a passage that
holds its words, white space aside; questions without evidence are left out. The scores are those of MultiHop-RAG. How much
the times and outlets that a question names count for was fitted on every second question (the even ones, counted from 0); the
others are scored by themselves too.

How many of the questions without evidence are refused is a matter of answering:

    python -m eval.prepare multihop --data DIR --out OUT --joined
    dateline ingest OUT/articles.jsonl --index INDEX
    dateline eval OUT/gold.jsonl --index INDEX
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from eval.comparison import Scores, Search, score_table, searches, select, transpose
from eval.datasets import Gold, multihop
from eval.exact import ExactIndex
from eval.metrics.ranking import hit, multihop_average_precision, recall, reciprocal_rank
from eval.prepare import Name, files_of
from eval.relevance import find_evidence
from eval.terminal import note, run, say
from ingest.chunk import Chunker
from rag.embed import SentenceEmbedder
from rag.errors import UsageError
from rag.parts import load_reader, load_reranker
from rag.protocols import Embedder, LexicalIndex, Reranker
from rag.settings import load_settings
from rag.types import Article, Chunk, Entry, Source, Vector, Vectors

K = 10


def score(questions: Sequence[Gold], search: Search) -> Scores:
    """MultiHop-RAG's measures of one retriever."""
    scores = []
    for gold in questions:
        found, wanted = find_evidence(search(gold, K), gold), len(gold.evidence)
        scores.append(
            {
                "recall@10": recall(found, wanted, K),
                "MAP@10": multihop_average_precision(found, wanted, K),
                "MRR@10": reciprocal_rank(found, K),
                "Hits@10": hit(found, 10),
                "Hits@4": hit(found, 4),
            }
        )
    return transpose(scores)


def read_articles(path: Path, joined: bool) -> list[Article]:
    """The fact corpus as articles."""
    return [
        Article(
            Source(
                id=str(record["id"]),
                title=str(record["title"]),
                outlet=str(record["outlet"]) if record["outlet"] else None,
                published=datetime.fromisoformat(str(record["published"])) if record["published"] else None,
            ),
            str(record["text"]),
        )
        for record in multihop.articles(path, joined)
    ]


def entries(chunks: Sequence[Chunk], vectors: Vectors) -> list[Entry]:
    """The chunks as an index takes them."""
    return [_entry(chunk, vector) for chunk, vector in zip(chunks, vectors, strict=True)]


def compare(
    articles: Sequence[Article],
    questions: Sequence[Gold],
    embedder: Embedder,
    lexical: LexicalIndex,
    reranker: Reranker | None = None,
) -> dict[str, Scores]:
    """Every retriever's scores over `questions`. `lexical` is empty, and filled here."""
    settings = load_settings()
    chunker = Chunker(settings.chunk_tokens, settings.chunk_overlap, embedder)
    chunks = [chunk for article in articles for chunk in chunker.chunk(article)]
    note(f"embedding {len(chunks)} chunks")
    vectors = embedder.embed_documents([chunker.make_embedded_text(chunk) for chunk in chunks])
    lexical.replace([article.source.id for article in articles], entries(chunks, vectors))
    known = {chunk.id: chunk for chunk in chunks}
    dense = ExactIndex(list(known), vectors, [chunk.source for chunk in known.values()])
    outlets = sorted({article.source.outlet for article in articles if article.source.outlet})
    systems = searches(embedder, dense, lexical, lambda ids: {one: known[one] for one in ids if one in known}, reranker, outlets)
    return {name: score(questions, search) for name, search in systems.items()}


def main(
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help="The folder with multihop_rag.")] = None,
    questions: Annotated[Path | None, typer.Option(help="Another question file of the same format.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Another fact corpus of the same format.")] = None,
    joined: Annotated[bool, typer.Option("--joined", help="One article of all facts of a report.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many questions.")] = None,
) -> None:
    """Evidence retrieval on MultiHop-RAG: BM25, dense, hybrid and reranked, over all questions and by type."""
    from rag.lexical import TantivyIndex

    settings = load_settings()
    if data is None and not (questions and facts):
        raise UsageError("say where the data sets are with --data or DATELINE_DATA, or name --questions and --facts")
    own = files_of(Name.MULTIHOP, data or Path())
    corpus = facts or own.articles[0]
    asked = [gold for gold in multihop.gold(questions or own.questions[0], corpus, joined) if gold.evidence][:limit]
    with TemporaryDirectory() as directory, closing(TantivyIndex(Path(directory))) as lexical:
        embedder, reranker = SentenceEmbedder(settings.model), load_reranker(settings, load_reader(settings.reader))
        scores = compare(read_articles(corpus, joined), asked, embedder, lexical, reranker)
    say(f"{len(asked)} questions\n{score_table(scores)}")
    parts = {kind: [gold.kind == kind for gold in asked] for kind in dict.fromkeys(gold.kind for gold in asked)}
    halves = {name: [at % 2 == half for at in range(len(asked))] for half, name in enumerate(("even questions", "odd questions"))}
    for name, keep in (parts | halves).items():
        say(f"\n{name}, {sum(keep)} questions\n{score_table(select(scores, keep))}")


def _entry(chunk: Chunk, vector: Vector) -> Entry:
    source = chunk.source
    day = source.day(UTC)
    outlet = source.outlet.casefold() if source.outlet else None
    return Entry(chunk.id, source.id, day.toordinal() if day else None, outlet, source.title, chunk.text, vector)


if __name__ == "__main__":
    run(main)
