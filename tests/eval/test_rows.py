"""What the rules make of every row, held against an earlier state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.rows import compare_rows, main, read_rows
from eval.terminal import run
from rag.errors import InputError


def test_rows_that_differ_come_or_go_are_told_and_no_others() -> None:
    changed = compare_rows({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "5", "d": "4"})
    assert changed == [
        "b\n  before: 2\n  now:    5",
        "c\n  before: 3\n  now:    (no such row)",
        "d\n  before: (no such row)\n  now:    4",
    ]


def test_a_conversation_is_read_with_the_questions_before_each_turn(tmp_path: Path) -> None:
    talk = tmp_path / "talks.jsonl"
    talk.write_text(
        json.dumps({"id": "t", "turns": [{"question": "Who robbed the bank in Leeds?"}, {"question": "And in Bern?"}]})
    )
    rows = read_rows(verified=False, conversations=talk)
    assert rows["conversation t.2: And in Bern?"] == "Who robbed the bank in Bern?"
    assert {key.split(" ")[0] for key in rows} == {"follow-up", "scope", "time", "conversation"}


def test_what_is_no_conversation_is_refused(tmp_path: Path) -> None:
    talk = tmp_path / "talks.jsonl"
    talk.write_text('{"id": "t"}\n')
    with pytest.raises(InputError, match="not a conversation"):
        read_rows(verified=False, conversations=talk)


def test_saved_rows_are_compared_with_what_is_made_now(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "before.json"
    with pytest.raises(SystemExit):
        run(main, ["--save", str(saved), "--no-claims"])
    rows: dict[str, str] = json.loads(saved.read_text("utf-8"))
    key = next(iter(rows))
    saved.write_text(json.dumps({**rows, key: "something else", "claim c1: not read now": "kept"}), "utf-8")
    with pytest.raises(SystemExit):
        run(main, ["--against", str(saved), "--no-claims"])
    out = capsys.readouterr().out
    assert f"{key}\n  before: something else" in out
    assert f"1 of {len(rows)} rows differ" in out


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--against", "nowhere.json", "--no-claims"], 1)])
def test_rows_that_cannot_be_compared_say_why(arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        run(main, arguments)
    assert ended.value.code == code
