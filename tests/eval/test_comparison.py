from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from eval.comparison import HYBRID, LITERAL, LITERAL_RERANKED, RERANKED, score_table, searches, select, transpose
from eval.datasets import Gold
from eval.terminal import WIDTH, fold_table, table
from rag.types import Chunk, Entry, Passage, Question, Source
from tests.fakes import HashEmbedder, MemoryDense, MemoryLexical

SCORES = {
    "BM25": {"R@1": [1.0, 0.0, 1.0], "MRR": [0.5, 0.5, 0.5]},
    "dense": {"R@1": [0.0, 0.0, 1.0], "MRR": [1.0, 1.0, 1.0]},
    LITERAL: {"R@1": [1.0, 1.0, 1.0], "MRR": [0.5, 1.0, 1.0]},
}


def test_the_difference_is_to_the_best_of_each_measure() -> None:
    rows = score_table(SCORES).splitlines()
    assert len({len(row) for row in rows}) == 1
    last = rows[-1]
    assert last.startswith("hybrid, literal − best single")
    assert f"{(3 - 2) / 3:+.3f} [" in last
    assert f"{(2.5 - 3) / 3:+.3f} [" in last


def test_each_order_is_compared_with_the_one_that_it_is_made_of() -> None:
    hybrid = {"R@1": [1.0, 1.0, 0.0], "MRR": [1.0, 1.0, 1.0]}
    reranked = {"R@1": [0.0, 1.0, 0.0], "MRR": [1.0, 1.0, 1.0]}
    all_ = {**SCORES, HYBRID: hybrid, LITERAL_RERANKED: SCORES[LITERAL], RERANKED: reranked}
    single, scoped, literal, order = score_table(all_).splitlines()[-4:]
    assert single.startswith("hybrid, literal − best single")
    assert f"{(3 - 2) / 3:+.3f} [" in single
    assert scoped.startswith("hybrid − hybrid, literal ")
    assert f"{(2 - 3) / 3:+.3f} [" in scoped
    assert literal.startswith("hybrid, reranked − hybrid, literal, reranked")
    assert f"{(1 - 3) / 3:+.3f} [" in literal
    assert order.startswith("hybrid, reranked − hybrid ")
    assert f"{(1 - 2) / 3:+.3f} [" in order


def test_selected_keeps_the_pairs() -> None:
    assert select(SCORES, [False, True, True])["BM25"] == {"R@1": [0.0, 1.0], "MRR": [0.5, 0.5]}
    with pytest.raises(ValueError, match="zip"):
        select(SCORES, [True])


def test_transposed() -> None:
    assert transpose([{"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 4.0}]) == {"a": [1.0, 3.0], "b": [2.0, 4.0]}
    assert transpose([]) == {}


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
    assert set(systems) == {"BM25", "dense", LITERAL, HYBRID}
    for id, day in days.items():
        gold = Gold(Question("council vote", as_of=day, id="1"))
        assert {name: search(gold, 2)[0].chunk.source.id for name, search in systems.items()} == dict.fromkeys(systems, id)


class LastFirst:
    """Turns the order of its first three around."""

    depth = 3

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        assert question == "council vote"
        return [*reversed(passages[:3]), *passages[3:]]


def test_the_reranked_order_looks_at_more_than_it_returns() -> None:
    embedder, dense, lexical = HashEmbedder(), MemoryDense(), MemoryLexical()
    chunks = {id: Chunk(Source(id, "Vote"), 0, 20, f"The council will vote {'well ' * n}.") for n, id in enumerate("abcd")}
    for index in (dense, lexical):
        index.replace(
            (), [Entry(id, id, None, None, "Vote", one.text, embedder.embed_query(one.text)) for id, one in chunks.items()]
        )
    systems = searches(embedder, dense, lexical, lambda ids: {id: chunks[id] for id in ids}, LastFirst())
    gold = Gold(Question("council vote", id="1"))
    plain = [passage.chunk.source.id for passage in systems[HYBRID](gold, 4)]
    assert [passage.chunk.source.id for passage in systems[RERANKED](gold, 1)] == [plain[2]]
    assert [passage.chunk.source.id for passage in systems[RERANKED](gold, 4)] == [plain[i] for i in (2, 1, 0, 3)]


def test_a_wide_table_is_folded_to_the_width_of_a_terminal() -> None:
    header = ("kind", *(f"measure number {n}" for n in range(8)))
    rows = [("fact", *("0.123 ±0.045" for _ in range(8)))]
    lines = fold_table(header, rows).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert sum("0.123" in line for line in lines) == sum(line.startswith("fact") for line in lines) > 1
    assert "".join(lines).count("0.123") == 8
    assert fold_table(header[:2], [rows[0][:2]]) == table(header[:2], [rows[0][:2]])
