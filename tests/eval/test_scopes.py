from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from eval.scopes import Item, is_right, read_set
from rag.errors import InputError
from rag.types import Filters

JULY = Filters(date(2025, 7, 1), date(2025, 8, 1))


def item(question: str, *wanted: Filters) -> Item:
    return Item(question, date(2025, 8, 20), ("Dawn",), wanted, "kind", False)


def test_right_is_exactly_the_reports_wanted() -> None:
    assert is_right(item("What was sold last month?", JULY))
    assert is_right(item("What was sold at dawn?"))
    assert not is_right(item("What was sold last month?"))
    assert not is_right(item("What was sold last month?", JULY, Filters(outlets=("Dawn",))))


def test_the_set_is_read_half_of_it_held_back_and_a_third_of_it_without_scopes() -> None:
    items = read_set(Path(str(files("eval") / "sample" / "scopes.jsonl")))
    assert len(items) >= 120
    assert [one.held for one in items] == [at % 2 == 1 for at in range(len(items))]
    assert sum(not one.wanted for one in items) >= 40


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who?", "today": "soon", "outlets": [], "scopes": [], "class": "a", "held": false}\n')
    with pytest.raises(InputError, match="line 1"):
        read_set(path)
