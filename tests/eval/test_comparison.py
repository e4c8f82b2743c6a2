from __future__ import annotations

from datetime import date

import pytest

from eval.comparison import HYBRID, score_table, searches, selected, transposed
from eval.datasets import Gold
from eval.terminal import table
from rag.types import Chunk, Entry, Source
from tests.fakes import HashEmbedder, MemoryDense, MemoryLexical

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


def test_every_retriever_asks_on_the_day_of_the_question() -> None:
    embedder, dense, lexical = HashEmbedder(), MemoryDense(), MemoryLexical()
    days = {"old": date(2025, 1, 1), "new": date(2025, 6, 1)}
    chunks = {
        id: Chunk(Source(id, "Vote", published=day), 0, 40, f"The council will vote. {id * 5} was there.")
        for id, day in days.items()
    }
    entries = [
        Entry(id, id, days[id].toordinal(), None, "Vote", chunk.text, embedder.embed_query(chunk.text))
        for id, chunk in chunks.items()
    ]
    for index in (dense, lexical):
        index.replace((), entries)
    systems = searches(embedder, dense, lexical, lambda ids: {id: chunks[id] for id in ids})
    assert set(systems) == {"BM25", "dense", HYBRID}
    for id, day in days.items():
        gold = Gold("1", "council vote", as_of=day)
        assert {name: search(gold, 2)[0].chunk.source.id for name, search in systems.items()} == dict.fromkeys(systems, id)
