from __future__ import annotations

from pathlib import Path

from eval.datasets import Gold, load_gold
from eval.retrieval import answer_scores, article_scores, select_linked, with_words
from rag.types import Passage, Question
from tests.eval.datasets.test_formats import QUIZ, lines
from tests.eval.test_run import PORT, RATES, passage

GOLDS = [
    Gold(Question("When?", id="1"), answers=("Monday",), article_ids=("port", "gone")),
    Gold(Question("Who?", id="2"), article_ids=("gone",)),
]


def search(_: Gold, k: int) -> list[Passage]:
    return [passage(RATES, 0, 27), passage(PORT, 29, 51), passage(PORT, 0, 28)][:k]


def test_only_stored_articles_are_wanted() -> None:
    (gold,) = select_linked(GOLDS, {"port"})
    assert gold.article_ids == ("port",)


def test_articles_are_ranked_by_their_best_passage() -> None:
    scores = article_scores(select_linked(GOLDS, {"port"}), search)
    assert (scores["R@1"], scores["R@5"], scores["MRR@10"]) == ([0 / 1], [1 / 1], [1 / 2])


def test_words_are_sought_in_single_passages() -> None:
    assert answer_scores(GOLDS[:1], search) == {"answer hit@1": [0.0], "answer hit@5": [1.0]}


def test_of_realtimeqa_only_specific_answers_are_sought(tmp_path: Path) -> None:
    path = lines(tmp_path / "questions.jsonl", [QUIZ, QUIZ | {"id": "1", "answer_specific": False}])
    assert [gold.id for gold in with_words(load_gold(path), path)] == ["20220617_0"]


def test_of_other_sets_all_short_answers_are_sought(tmp_path: Path) -> None:
    path = lines(tmp_path / "gold.jsonl", [{"question": "A?", "answers": ["x"]}, {"question": "B?", "answerable": False}])
    assert [gold.text for gold in with_words(load_gold(path), path)] == ["A?"]
