from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.against import against, against_json, check_comparable, main
from eval.datasets import Gold
from eval.record import ItemRecord, load_records, save_records
from eval.run import save
from eval.terminal import run
from rag.errors import InputError
from rag.types import Question
from tests.eval.test_run import mixed


def record(number: int, question: str = "Q", **scores: float) -> ItemRecord:
    return ItemRecord(Gold(Question(question, id=str(number)), answers=("x",)), (), (), None, scores)


def saved(path: Path, *records: ItemRecord) -> Path:
    save_records(path, "gold.jsonl", records)
    return path


def test_the_difference_is_over_the_questions_that_have_the_score_in_both(tmp_path: Path) -> None:
    other = saved(tmp_path / "other.json", record(1, correct=0.0), record(2, correct=1.0, token_f1=0.5), record(4, correct=0.0))
    this = [record(3, correct=0.0), record(2, correct=1.0), record(1, correct=1.0, token_f1=1.0)]
    found = against(this, other)
    (name,) = found.differences
    difference = found.differences[name]
    assert (found.run, found.questions, name) == (str(other), 2, "correct")
    assert (difference.this, difference.other) == (2 / 2, 1 / 2)
    assert (difference.difference.value, difference.difference.count) == (2 / 2 - 1 / 2, 2)
    assert difference.difference.low == 0.0
    assert difference.difference.high == 1.0


def test_a_difference_that_every_question_has_is_certain(tmp_path: Path) -> None:
    other = saved(tmp_path / "other.json", *(record(number, token_f1=number / 8) for number in range(4)))
    difference = against([record(number, token_f1=(number + 2) / 8) for number in range(4)], other).differences["token_f1"]
    assert (difference.difference.low, difference.difference.value, difference.difference.high) == (2 / 8, 2 / 8, 2 / 8)


def test_the_document_has_the_documented_keys(tmp_path: Path) -> None:
    other = saved(tmp_path / "other.json", record(1, correct=1.0))
    document = json.loads(json.dumps(against_json(against([record(1, correct=0.0)], other))))
    difference = {"this": 0.0, "other": 1.0, "value": -1.0, "low": -1.0, "high": -1.0, "count": 1}
    assert document == {"run": str(other), "questions": 1, "differences": {"correct": difference}}


def test_abstentions_and_answers_are_compared(tmp_path: Path) -> None:
    scored = mixed(tmp_path)
    save(scored, tmp_path / "run.json")
    found = against(scored.records, tmp_path / "run.json")
    assert found.questions == 5
    assert {one.difference.value for one in found.differences.values()} == {0.0}
    assert found.differences["citation_exact"].difference.count == 3


@pytest.mark.parametrize("other", [record(2, correct=1.0), record(1, "another question", correct=1.0)])
def test_runs_without_a_common_question_are_refused(tmp_path: Path, other: ItemRecord) -> None:
    path = saved(tmp_path / "other.json", other)
    this = record(1, correct=1.0)
    with pytest.raises(InputError, match=r"other\.json: none of these questions"):
        against([this], path)
    with pytest.raises(InputError, match=r"other\.json: none of these questions"):
        check_comparable([this.gold], path)


def test_a_common_question_without_a_common_score_has_no_difference(tmp_path: Path) -> None:
    found = against([record(1, correct=1.0)], saved(tmp_path / "other.json", record(1, rouge_l=1.0)))
    assert (found.questions, found.differences) == (1, {})


@pytest.mark.parametrize("content", [None, "", "{}", '{"format": 1, "gold": "x", "items": [{"gold": 1}]}'])
def test_what_is_no_run_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "no-run.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"no-run\.json"):
        against([record(1, correct=1.0)], path)


def test_two_saved_runs_are_compared_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    this = saved(tmp_path / "this.json", record(1, token_f1=1.0, correct=1.0), record(2, token_f1=0.5, correct=1.0))
    other = saved(tmp_path / "other.json", record(1, token_f1=0.5, correct=1.0))
    with pytest.raises(SystemExit) as ended:
        run(main, [str(this), str(other)])
    lines = capsys.readouterr().out.splitlines()
    assert not ended.value.code
    assert lines[0] == "1 questions in both"
    rows = [line.split() for line in lines[3:]]
    assert [row[0] for row in rows] == ["correct,", "short"]
    assert rows[1][3:6] == ["1.000", "0.500", "+0.500"]


def test_a_bad_file_on_the_command_line_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    this = saved(tmp_path / "this.json", record(1, correct=1.0))
    with pytest.raises(SystemExit) as ended:
        run(main, [str(this), str(tmp_path / "gone.json")])
    assert ended.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert load_records(this)[1]
