from __future__ import annotations

from pathlib import Path

from eval.comparison import HYBRID
from eval.datasets import Evidence, Gold
from eval.multihop import compare, read_articles
from rag.embed import SentenceEmbedder
from tests.eval.datasets.test_formats import FACT, lines
from tests.fakes import MemoryLexical

FACTS = ("Rates rose in March.", "The port of Rotterdam opened a quay.", "Wheat harvests failed in the south.")


def test_every_retriever_is_scored_on_the_facts(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    records = [FACT | {"id": f"f{number}", "fact": fact, "url": fact} for number, fact in enumerate(FACTS)]
    articles = read_articles(lines(tmp_path / "facts.jsonl", records), joined=False)
    question = Gold("0", "Which quay did the port open?", evidence=(Evidence("The port of Rotterdam opened a quay."),))
    scores = compare(articles, [question], embedder, MemoryLexical())
    assert list(scores) == ["BM25", "dense", HYBRID]
    assert all(values["MRR@10"] == [1.0] for values in scores.values())
    assert scores[HYBRID]["recall@10"] == [1 / 1]
    assert scores[HYBRID]["MAP@10"] == [(1 / 1) / 1]


def test_dates_and_outlets_of_facts_are_kept(tmp_path: Path) -> None:
    record = FACT | {"id": "f0", "published_at": "2023-09-26T17:01:22+00:00"}
    (article,) = read_articles(lines(tmp_path / "facts.jsonl", [record]), joined=False)
    assert (article.source.outlet, str(article.source.published)) == ("The Age", "2023-09-26 17:01:22+00:00")
