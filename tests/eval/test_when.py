"""The measure of times in texts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from eval.when import Expression, is_right, main, read_set
from rag.errors import InputError

ROW = {
    "text": "He left last month.", "published": "2025-08-20", "expression": "last month", "first": "2025-07-01",
    "last": "2025-07-31",
    "class": "month", "held": False,
}  # fmt: skip


def expression(words: str, first: date | None, last: date | None) -> Expression:
    return Expression("He left last month and may return.", date(2025, 8, 20), words, first, last, "month", False)


def test_words_and_days_must_both_be_right() -> None:
    assert is_right(expression("last month", date(2025, 7, 1), date(2025, 7, 31)))
    assert not is_right(expression("last month", date(2025, 7, 1), date(2025, 7, 30)))
    assert not is_right(expression("return", date(2025, 7, 1), date(2025, 7, 31)))
    assert is_right(expression("may", None, None))
    assert not is_right(expression("last month", None, None))


def test_the_project_s_own_set_is_whole_and_mostly_right(capsys: pytest.CaptureFixture[str]) -> None:
    main(None)
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("all ")]
    assert int(rows[0][1]) >= 150
    assert float(rows[0][2]) > 0.9


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({**ROW, "published": "soon"}, "soon"),
        ({**ROW, "expression": "tomorrow"}, "not in the text"),
        ({}, "first"),
        ([], "indices"),
    ],
)
def test_a_line_that_is_wrong_is_named(row: object, why: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(row) + "\n")
    with pytest.raises(InputError, match=f"line 2: .*{why}"):
        read_set(path)


def test_what_is_not_right_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({**ROW, "last": "2025-07-30", "held": True}) + "\n")
    main(path)
    assert "month: 'last month' in 'He left last month.'" in capsys.readouterr().out
