from __future__ import annotations

import pytest

from eval.comparison import HYBRID, score_table, selected, transposed
from eval.terminal import table

SCORES = {
    "BM25": {"R@1": [1.0, 0.0, 1.0], "MRR": [0.5, 0.5, 0.5]},
    "dense": {"R@1": [0.0, 0.0, 1.0], "MRR": [1.0, 1.0, 1.0]},
    HYBRID: {"R@1": [1.0, 1.0, 1.0], "MRR": [0.5, 1.0, 1.0]},
}


def test_the_difference_is_to_the_best_of_each_measure() -> None:
    rows = score_table(SCORES).splitlines()
    assert len({len(row) for row in rows}) == 1
    last = rows[-1]
    assert last.startswith("hybrid − best single")
    assert f"{(3 - 2) / 3:+.3f} [" in last
    assert f"{(2.5 - 3) / 3:+.3f} [" in last


def test_selected_keeps_the_pairs() -> None:
    assert selected(SCORES, [False, True, True])["BM25"] == {"R@1": [0.0, 1.0], "MRR": [0.5, 0.5]}
    with pytest.raises(ValueError, match="zip"):
        selected(SCORES, [True])


def test_transposed() -> None:
    assert transposed([{"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 4.0}]) == {"a": [1.0, 3.0], "b": [2.0, 4.0]}
    assert transposed([]) == {}


def test_table_aligns_the_first_column_left_and_the_others_right() -> None:
    assert table(("name", "n"), [("a", "10"), ("longer", "9")]).splitlines() == [
        "name     n",
        "------  --",
        "a       10",
        "longer   9",
    ]
