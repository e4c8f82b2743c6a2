from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.datasets import Gold, load_gold
from eval.fit_extract import ScoredQuestion, judge, main
from eval.fitting import fit_logistic, out_of_fold
from rag.errors import UsageError
from rag.extract.answerer import CONFIDENCE_NAMES
from rag.extract.features import NAMES, Candidate
from rag.extract.model import Logistic, load_fitted
from rag.types import Question, Quote, Source
from tests.fakes import MemoryLexical


def candidate(article: str, text: str) -> Candidate:
    return Candidate(Quote(Source(article, "Title"), 0, len(text), text), text, 1.0, 0)


FOUND = [candidate("port", "The port reopened on Monday."), candidate("rates", "Rates rose on Monday.")]


def scored(gold: Gold) -> ScoredQuestion:
    matrix = np.zeros((len(FOUND), len(NAMES)))
    matrix[0, NAMES.index("cosine")] = 1.0
    return ScoredQuestion(gold, FOUND, matrix)


def test_a_separation_is_found_without_the_unused_columns() -> None:
    labels = np.asarray([0.0, 1.0] * 50)
    rows = np.column_stack([labels + np.linspace(0, 0.2, 100), labels, np.ones(100)])
    formula = fit_logistic(("a", "b", "c"), rows, labels, unused=("b",))
    assert formula.names == ("a", "b", "c")
    assert formula.weights[0] > 1
    assert formula.weights[1] == 0
    assert np.all((formula.probabilities(rows) > 0.5) == (labels == 1))


def test_a_sentence_holds_the_answer_in_a_right_article_alone() -> None:
    assert scored(Gold(Question("When?", id="1"), answers=("Monday",))).holds_answer().tolist() == [1, 1]
    assert scored(Gold(Question("When?", id="1"), answers=("Monday",), article_ids=("rates",))).holds_answer().tolist() == [0, 1]
    assert scored(Gold(Question("When?", id="1"), answers=("Friday",))).holds_answer().tolist() == [0, 0]


@pytest.mark.parametrize(
    ("gold", "right"),
    [
        (Gold(Question("When?", id="1"), answers=("Monday",)), True),
        (Gold(Question("When?", id="1"), answers=("Friday",)), False),
        (Gold(Question("When?", id="1"), answers=("Monday",), answerable=False), False),
    ],
)
def test_an_answer_to_what_has_none_is_never_right(gold: Gold, right: bool) -> None:
    judged = judge(scored(gold), Logistic(NAMES, tuple(float(name == "cosine") for name in NAMES), 0.0), MemoryLexical(), 60)
    assert judged.right is right
    assert judged.row.shape == (len(CONFIDENCE_NAMES),)


def test_each_question_is_predicted_by_the_others() -> None:
    """With labels that only a formula that saw them could know, predictions for questions left out tell nothing."""
    chance = np.random.default_rng(5)
    noise, right = chance.normal(size=(200, len(CONFIDENCE_NAMES))), chance.integers(2, size=200) == 1
    predicted = out_of_fold(CONFIDENCE_NAMES, noise, right.astype(float))
    assert abs(predicted[right].mean() - predicted[~right].mean()) < 0.1
    told = np.repeat(right.astype(float)[:, np.newaxis], len(CONFIDENCE_NAMES), axis=1)
    known = out_of_fold(CONFIDENCE_NAMES, told, right.astype(float))
    assert known[right].min() > known[~right].max()


def test_a_whole_set_is_predicted_by_the_others() -> None:
    """In each set the only feature means the opposite of what it means in the other: predictions are wrong throughout."""
    labels = np.asarray([0.0, 1.0] * 40)
    of_set = np.repeat([0, 1], 40)
    rows = np.where(of_set == 0, labels, 1 - labels)[:, np.newaxis]
    predicted = out_of_fold(("a",), rows, labels, of_set)
    assert np.all((predicted > 0.5) != (labels == 1))


def test_a_set_is_an_archive_and_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="INDEX=GOLD"):
        main([str(tmp_path)], [f"{tmp_path}={tmp_path}"])


@pytest.mark.slow
def test_the_command_writes_weights_that_load(
    sample_archive: Path, sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [json.loads(line) for line in (sample_dir / "gold.jsonl").open(encoding="utf-8")]
    answerable, silent = ([one for one in questions if one["answerable"] is wanted] for wanted in (True, False))
    chosen = [*answerable[:24], *silent[:8]]
    gold, out = tmp_path / "gold.jsonl", tmp_path / "weights.json"
    gold.write_text("".join(json.dumps(one) + "\n" for one in chosen), "utf-8")
    main([f"{sample_archive}={gold}"], [f"{sample_archive}={gold}"], out)
    assert f"confidence, {len(load_gold(gold))} questions" in capsys.readouterr().out
    monkeypatch.setattr("rag.extract.model.resources.files", lambda _: tmp_path)
    fitted = load_fitted(NAMES, CONFIDENCE_NAMES)
    assert 0 < fitted.min_confidence < 1
    assert dict(zip(NAMES, fitted.sentence.weights, strict=True))["title"] == 0
    assert fitted.confidence.weights != fitted.sentence.weights
