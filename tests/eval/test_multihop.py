from __future__ import annotations

from pathlib import Path

from eval.comparison import HYBRID, LITERAL, score_table
from eval.datasets import Evidence, Gold
from eval.multihop import compare, read_articles
from rag.embed import SentenceEmbedder
from rag.types import Question
from tests.eval.datasets.test_formats import FACT, lines
from tests.fakes import MemoryLexical

FACTS = ("Rates rose in March.", "The port of Rotterdam opened a quay.", "Wheat harvests failed in the south.")


def test_every_retriever_is_scored_on_the_facts(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    records = [FACT | {"id": f"f{number}", "fact": fact, "url": fact} for number, fact in enumerate(FACTS)]
    articles = read_articles(lines(tmp_path / "facts.jsonl", records), joined=False)
    question = Gold(
        Question("Which quay did the port open?", id="0"), evidence=(Evidence("The port of Rotterdam opened a quay."),)
    )
    scores = compare(articles, [question], embedder, MemoryLexical())
    assert list(scores) == ["BM25", "dense", LITERAL, HYBRID]
    assert all(values["MRR@10"] == [1.0] for values in scores.values())
    assert scores[HYBRID]["recall@10"] == [1 / 1]
    assert scores[HYBRID]["MAP@10"] == [(1 / 1) / 1]


def test_an_outlet_that_a_question_names_is_a_gain_of_the_hybrid_alone(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    facts = [("The Gazette", "The quay cost 40 million."), ("Harbour Wire", "The new quay cost 90 million euros in the end.")]
    records = [FACT | {"id": f"f{at}", "source": outlet, "fact": fact, "url": fact} for at, (outlet, fact) in enumerate(facts)]
    articles = read_articles(lines(tmp_path / "facts.jsonl", records), joined=False)
    question = Gold(
        Question("How much has the new quay cost in the end, in euros, in the Gazette's report?", id="0"),
        evidence=(Evidence(facts[0][1]),),
    )
    scores = compare(articles, [question], embedder, MemoryLexical())
    assert scores[LITERAL]["MRR@10"] == [1 / 2]
    assert scores[HYBRID]["MRR@10"] == [1 / 1]
    assert f"{HYBRID} − {LITERAL}" in score_table(scores)


def test_dates_and_outlets_of_facts_are_kept(tmp_path: Path) -> None:
    record = FACT | {"id": "f0", "published_at": "2023-09-26T17:01:22+00:00"}
    (article,) = read_articles(lines(tmp_path / "facts.jsonl", [record]), joined=False)
    assert (article.source.outlet, str(article.source.published)) == ("The Age", "2023-09-26 17:01:22+00:00")
