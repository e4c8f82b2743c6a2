from __future__ import annotations

from pathlib import Path

import pytest

from eval.chunking import measure, read_articles
from eval.datasets import Evidence, Gold
from ingest.chunk import Chunker
from rag.embed import SentenceEmbedder
from rag.errors import InputError
from rag.types import Article, Question, Source

TEXT = "Rates rose in March after a long debate. The port of Rotterdam opened a new quay for wheat ships."
QUAY = TEXT.index("The port")


def questions(*spans: tuple[int, int]) -> list[Gold]:
    return [
        Gold(
            Question("Where is the quay?", id="1"),
            article_ids=("news",),
            evidence=tuple(Evidence("", "news", *span) for span in spans),
        )
    ]


def test_sentences_as_chunks_find_the_sentence(embedder: SentenceEmbedder) -> None:
    article = Article(Source(id="news", title=""), " ".join([TEXT] * 4))
    chunker = Chunker(16, 0, embedder)
    chunks = chunker.chunk(article)
    assert len(chunks) > 2
    target = next(chunk for chunk in chunks if "port" in chunk.text)
    result = measure([article], questions((target.start, target.end)), chunker, embedder, k=len(chunks))
    covered = sum(chunk.end - chunk.start for chunk in chunks)
    assert (result.chunks, result.questions) == (len(chunks), 1)
    assert result.measures["recall"].value == 1.0
    assert result.measures["precision"].value == pytest.approx((target.end - target.start) / covered)
    assert result.measures["precision-Ω"].value == 1.0


def test_chunks_of_other_documents_are_paid_for(embedder: SentenceEmbedder) -> None:
    article = Article(Source(id="news", title=""), TEXT)
    other = Article(Source(id="other", title=""), "Where is the quay? Nobody could say where the quay was.")
    chunker = Chunker(200, 0, embedder)
    alone = measure([article], questions((QUAY, len(TEXT))), chunker, embedder, k=2).measures
    both = measure([article, other], questions((QUAY, len(TEXT))), chunker, embedder, k=2).measures
    assert alone["precision"].value == (len(TEXT) - QUAY) / len(TEXT)
    assert both["precision"].value == (len(TEXT) - QUAY) / (len(TEXT) + len(other.text))
    assert both["recall"].value == 1.0


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"news\.md"):
        read_articles(tmp_path, questions((0, 1)))
