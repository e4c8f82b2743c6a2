"""How far an answer is trusted: the threshold for a stated risk, the file beside the weights, and the features."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.extract.evidence import NAMES, Read, Statement
from rag.extract.model import Logistic
from rag.extract.trust import ANSWER_NAMES, FILE, Judgement, Setup, Trust, control_risk, load_trust, save_trust, trust_for
from rag.read import Reading
from rag.types import Quote, Source


def judged(count: int, seed: int) -> list[Judgement]:
    """Answers that are right as often as their confidence says."""
    chance = np.random.default_rng(seed)
    confidences = chance.uniform(0, 1, count)
    return [
        Judgement(float(one), bool(right))
        for one, right in zip(confidences, chance.uniform(0, 1, count) < confidences, strict=True)
    ]


@pytest.mark.parametrize("risk", [0.1, 0.2, 0.3])
def test_of_other_answers_of_the_same_kind_at_most_the_risk_is_wrong(risk: float) -> None:
    wrong, shown = 0, 0
    for seed in range(30):
        least = control_risk(judged(600, seed), risk)
        kept = [one for one in judged(600, 1000 + seed) if one.confidence >= least]
        shown += len(kept)
        wrong += sum(not one.right for one in kept)
    assert 0.5 * risk < wrong / shown <= 1.15 * risk  # chosen among many thresholds on 600 answers: the limit is not reached


def test_where_no_threshold_keeps_the_risk_nothing_is_answered() -> None:
    assert control_risk([Judgement(0.99, False)] * 50, 0.1) == math.inf
    assert control_risk([], 0.1) == math.inf
    assert control_risk([Judgement(0.95, True)] * 5, 0.1) == math.inf  # five answers cannot promise one in ten


def test_equal_confidences_are_answered_together_or_not_at_all() -> None:
    sure = [Judgement(0.95, True)] * 100
    assert control_risk([*sure, *[Judgement(0.5, True)] * 5, *[Judgement(0.5, False)] * 40], 0.1) == 0.95
    assert control_risk([*sure, *[Judgement(0.5, True)] * 40, *[Judgement(0.5, False)] * 5], 0.1) == 0.5


def trust() -> Trust:
    return Trust(
        made(NAMES, -1.5),
        made(NAMES, -2.5),
        made(ANSWER_NAMES, 0.5),
        0.31,
        0.4,
        (Judgement(0.9, True), Judgement(0.2, False)),
    )


def made(names: tuple[str, ...], bias: float) -> Logistic:
    return Logistic(names, tuple(0.1 * i for i in range(len(names))), bias)


SETUP = Setup("abc", "owner/model@1", "reader")


def test_trust_comes_back_as_it_was_written(tmp_path: Path) -> None:
    save_trust(trust(), SETUP, tmp_path)
    back, setup = load_trust(tmp_path)
    assert setup == SETUP
    assert back.calibration == trust().calibration
    for own, written in ((back.statement, trust().statement), (back.short, trust().short), (back.answer, trust().answer)):
        assert own.names == written.names
        assert own.weights == pytest.approx(written.weights)
        assert own.bias == written.bias
    assert back.min_short == 0.4
    assert (back.min_confidence, back.least_confidence(None)) == (0.31, 0.31)
    assert back.least_confidence(0.6) < 1


@pytest.mark.parametrize("damage", ["missing", "broken", "no embedder", "other features"])
def test_trust_that_cannot_be_used_is_refused(tmp_path: Path, damage: str) -> None:
    save_trust(trust(), SETUP, tmp_path)
    file = tmp_path / FILE
    document = json.loads(file.read_text("utf-8"))
    if damage == "missing":
        file.unlink()
    elif damage == "broken":
        file.write_text("[1", "utf-8")
    elif damage == "no embedder":
        file.write_text(json.dumps({name: value for name, value in document.items() if name != "embedder"}), "utf-8")
    else:
        file.write_text(json.dumps({**document, "short": {"bias": 0.0, "weights": {"likeness": 1.0}}}), "utf-8")
    with pytest.raises(ModelError, match=r"trust\.json.*dateline calibrate"):
        load_trust(tmp_path)


@pytest.mark.parametrize("part", ["reader", "embedder", "reranker"])
def test_trust_holds_for_the_parts_that_it_was_fitted_for_alone(tmp_path: Path, part: str) -> None:
    archive, packaged = tmp_path / "archive", tmp_path / "packaged"
    for folder, least in ((archive, 0.6), (packaged, 0.3)):
        folder.mkdir()
        save_trust(replace(trust(), min_confidence=least), SETUP, folder)
    assert trust_for(SETUP, archive, packaged).min_confidence == 0.6
    assert trust_for(SETUP, packaged).min_confidence == 0.3
    other = trust_for(replace(SETUP, **{part: "another"}), archive, packaged)
    assert not other.calibrated
    assert other == Trust.unknown() == trust_for(SETUP, tmp_path)


def test_an_answer_is_trusted_by_its_first_sentence() -> None:
    rows = np.zeros((3, len(NAMES)))
    rows[:, NAMES.index("evidence")] = (2.0, 1.5, -1.0)
    rows[:, NAMES.index("margin")] = -1.0
    rows[0, NAMES.index("stranger")] = 1.0
    sources = [Quote(Source(str(i), "Title"), 0, 4, "Text") for i in range(3)]
    found = tuple(Statement(quote, 0, (0, 4), vote) for quote, vote in zip(sources, (0, 0, 1), strict=True))
    read = Read((), (Reading((), 0.0, (), 3.0), Reading((), 0.0, (), 1.0)), (), found, rows)
    row = dict(zip(ANSWER_NAMES, Trust.unknown().answer_row(read, 0), strict=True))
    own = {"statement": 2.0, "short": -1.0, "stranger": 1.0}
    assert row == dict.fromkeys(ANSWER_NAMES, 0.0) | own
    assert Trust.unknown().confidence(read, 0) == pytest.approx(1 / (1 + math.exp(-2.0)))
