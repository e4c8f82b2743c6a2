"""Fusion, preference and spreading, and that what a question prefers stays within its filters."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve import FRESH_WEIGHT, HALF_LIFE, Retriever, fuse, intersect, prefer, prefer_fresh, spread
from rag.retrieve.aims import (
    ALONE_WEIGHT,
    OUTLET_WEIGHT,
    RELATIVE_FRESH_WEIGHT,
    RELATIVE_WEIGHT,
    SEVERAL_WEIGHT,
    TIMED_WEIGHT,
    aims_of,
    weight,
)
from rag.types import Chunk, Entry, Filters, Hit, Passage, Scope, Source
from tests.fakes import HashEmbedder, MemoryDense, MemoryLexical


def hits(**scores: float) -> list[Hit]:
    return [Hit(name, score) for name, score in scores.items()]


def passage(article: str, text: str, score: float = 0.5) -> Passage:
    return Passage(Chunk(Source(id=article, title=""), 0, len(text), text), score)


def test_fusion_is_the_weighted_sum_of_scores_over_the_best() -> None:
    dense, lexical = hits(a=0.9, b=0.5, c=0.1), hits(b=12.0, d=8.0, a=4.0)
    fused = {hit.chunk_id: hit.score for hit in fuse(dense, lexical, 0.3)}
    assert fused["a"] == pytest.approx(0.3 * 1.9 / 1.9 + 0.7 * 4 / 12)
    assert fused["b"] == pytest.approx(0.3 * 1.5 / 1.9 + 0.7 * 12 / 12)
    assert fused["c"] == pytest.approx(0.3 * 1.1 / 1.9 + 0.7 * 4 / 12)
    assert fused["d"] == pytest.approx(0.3 * 1.1 / 1.9 + 0.7 * 8 / 12)


@pytest.mark.parametrize("order", ["dense", "lexical"])
def test_with_one_list_empty_the_others_order_is_kept(order: str) -> None:
    found = hits(a=3.0, b=2.0, c=1.0)
    fused = fuse(found, [], 0.5) if order == "dense" else fuse([], found, 0.5)
    assert [hit.chunk_id for hit in fused] == ["a", "b", "c"]
    assert fuse([], [], 0.5) == []


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 1)), st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 40))
)
def test_fused_scores_are_between_0_and_1_and_best_first(dense: dict[str, float], lexical: dict[str, float]) -> None:
    fused = fuse(hits(**dense), hits(**lexical), 0.5)
    assert {hit.chunk_id for hit in fused} == set(dense) | set(lexical)
    assert all(0 <= hit.score <= 1 for hit in fused)
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_at_most_a_few_passages_of_one_article() -> None:
    texts = [
        "one ferry sank near the pier",
        "two divers went down at dawn",
        "three bells were heard at night",
        "four boats came late",
    ]
    found = [passage("a", text) for text in texts] + [passage("b", "five gulls watched from the old wall")]
    assert [one.chunk.source.id for one in spread(found, 10, 3)] == ["a", "a", "a", "b"]
    assert len(spread(found, 2, 3)) == 2


def test_near_identical_passages_stand_once() -> None:
    wire = "The council of Amberline voted nine to two on Monday to rebuild the ferry pier before the winter storms arrive"
    found = [
        passage("a", wire),
        passage("b", wire.replace("Monday", "monday") + "."),
        passage("c", "The pier will not be rebuilt."),
    ]
    assert [one.chunk.source.id for one in spread(found, 10, 3)] == ["a", "c"]


def test_passages_without_words_are_not_copies_of_everything() -> None:
    assert [one.chunk.source.id for one in spread([passage("a", "— —"), passage("b", "A ferry sank.")], 5, 3)] == ["a", "b"]


def test_as_of_a_day_what_was_fresh_then_comes_first() -> None:
    def dated(article: str, day: date | None, score: float) -> Passage:
        return Passage(Chunk(Source(id=article, title="", published=day), 0, 4, "text"), score)

    found = [
        dated("old", date(2019, 8, 4), 0.32),
        dated("fresh", date(2025, 8, 2), 0.3),
        dated("undated", None, 0.29),
        dated("later", date(2025, 8, 9), 0.28),
        dated("far better", date(2001, 1, 1), 1.0),
    ]
    ranked = prefer_fresh(found, date(2025, 8, 4))
    assert [one.chunk.source.id for one in ranked] == ["far better", "fresh", "old", "undated", "later"]
    fresh = next(one for one in ranked if one.chunk.source.id == "fresh")
    assert fresh.score == pytest.approx((1 - FRESH_WEIGHT) * 0.3 + FRESH_WEIGHT * 2 ** (-2 / HALF_LIFE))


def test_preferred_is_a_weighted_sum() -> None:
    ranked = prefer([passage("a", "text", 0.8), passage("b", "text", 0.6)], {"b#0-4": 1.0}, 0.4)
    assert [one.chunk.source.id for one in ranked] == ["b", "a"]
    assert [one.score for one in ranked] == pytest.approx([0.6 * 0.6 + 0.4 * 1, 0.6 * 0.8])


DAY = date(2024, 5, 4)
GAZETTE, WIRE = Filters(outlets=("The Gazette",)), Filters(outlets=("Harbour Wire",))
MAY, JUNE = Filters(date(2024, 5, 1), date(2024, 6, 1)), Filters(date(2024, 6, 1), date(2024, 7, 1))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Filters(), Filters(), Filters()),
        (MAY, GAZETTE, Filters(MAY.since, MAY.before, GAZETTE.outlets)),
        (MAY, Filters(since=date(2024, 5, 9)), Filters(date(2024, 5, 9), MAY.before)),
        (MAY, JUNE, None),
        (GAZETTE, WIRE, None),
        (Filters(outlets=("Harbour Wire", "THE GAZETTE")), GAZETTE, Filters(outlets=("THE GAZETTE",))),
    ],
)
def test_filters_narrowed_by_others(one: Filters, other: Filters, both: Filters | None) -> None:
    assert intersect(one, other) == both


def test_a_scope_that_contradicts_the_filters_is_no_aim() -> None:
    scopes = [Scope(WIRE, ("the Wire",)), Scope(GAZETTE, ("the Gazette",)), Scope(JUNE, ("in June",))]
    aims = aims_of(scopes, Filters(MAY.since, MAY.before, GAZETTE.outlets))
    assert [aim.scope for aim in aims] == [scopes[1]]


@pytest.mark.parametrize(
    ("question", "scopes", "counts"),
    [
        ("What happened in May 2024?", [Scope(MAY, ("May 2024",))], ALONE_WEIGHT),
        ("What happened last month?", [Scope(MAY, ("last month",))], ALONE_WEIGHT),
        ("Who was fined in May 2024?", [Scope(MAY, ("May 2024",))], TIMED_WEIGHT),
        ("Who was fined last month?", [Scope(MAY, ("last month",))], RELATIVE_WEIGHT),
        ("What did the Gazette say?", [Scope(GAZETTE, ("the Gazette",))], OUTLET_WEIGHT),
        ("Do the Gazette and the Wire agree?", [Scope(GAZETTE, ("the Gazette",)), Scope(WIRE, ("the Wire",))], SEVERAL_WEIGHT),
        ("Who was fined?", [], 0.0),
    ],
)
def test_how_much_a_scope_counts(question: str, scopes: list[Scope], counts: float) -> None:
    assert weight(question, aims_of(scopes, Filters())) == counts
    of_a_day = RELATIVE_FRESH_WEIGHT if counts == RELATIVE_WEIGHT else counts
    assert weight(question, aims_of(scopes, Filters()), fresh=True) == of_a_day


ARCHIVE = {
    "g1": ("The Gazette", DAY, "The bridge was closed on Monday after a lorry struck it."),
    "g2": ("The Gazette", date(2024, 6, 4), "The cost of the bridge rose to nine million."),
    "w1": ("Harbour Wire", DAY, "A lorry struck the bridge, and the bridge was closed at once."),
    "w2": ("Harbour Wire", date(2024, 6, 4), "The ferry line has a new timetable for the summer."),
    "n1": (None, None, "The bridge was closed after a lorry struck it, a witness wrote."),
}


def retriever() -> Retriever:
    embedder, dense, lexical = HashEmbedder(), MemoryDense(), MemoryLexical()
    chunks = {}
    for name, (outlet, day, text) in ARCHIVE.items():
        chunk = Chunk(Source(name, "", outlet, published=day), 0, len(text), text)
        chunks[chunk.id] = chunk
        (vector,) = embedder.embed_documents([text])
        entry = Entry(chunk.id, name, day.toordinal() if day else None, outlet.casefold() if outlet else None, "", text, vector)
        dense.replace([name], [entry])
        lexical.replace([name], [entry])
    return Retriever(embedder, dense, lexical, lambda ids: {one: chunks[one] for one in ids}, naming=lambda *_: list(chunks))


def order(question: str, *scopes: Scope, filters: Filters = Filters()) -> list[str]:  # noqa: B008
    return [one.chunk.source.id for one in retriever().retrieve(question, 5, filters, scopes=scopes)]


def test_one_scope_puts_its_report_first_and_leaves_the_others_to_be_found() -> None:
    question = "a lorry struck the bridge and it was closed at once"
    assert order(question)[0] == "w1"
    scoped = order(question, Scope(GAZETTE, ("the Gazette",)))
    assert scoped[0] == "g1"
    assert set(scoped) == set(ARCHIVE)


def test_of_an_outlet_the_right_day_counts_twice_as_much_as_another() -> None:
    (aim,) = aims_of([Scope(Filters(JUNE.since, JUNE.before, GAZETTE.outlets), ("the Gazette", "in June"))], Filters())
    sources = {name: Source(name, "", outlet, published=day) for name, (outlet, day, _) in ARCHIVE.items()}
    assert {name: aim.share(source) for name, source in sources.items()} == {"g1": 0.5, "g2": 1, "w1": 0, "w2": 0, "n1": 0}


def test_each_of_several_reports_is_found_by_what_is_asked_of_it() -> None:
    scopes = (
        Scope(GAZETTE, ("the Gazette",), "the Gazette says the cost rose to nine million"),
        Scope(WIRE, ("the Wire",), "the Wire has a new timetable for the ferry"),
    )
    assert set(order("Does the Gazette tell of the cost and the Wire of a timetable", *scopes)[:2]) == {"g2", "w2"}


def test_a_report_of_a_day_that_the_outlet_has_none_of_is_sought_on_others() -> None:
    never = Filters(date(2020, 1, 1), date(2020, 1, 2), GAZETTE.outlets)
    found = order("ferry timetable", Scope(never, ("x",), "cost of the bridge"), Scope(WIRE, ("the Wire",), "ferry timetable"))
    assert set(found[:2]) == {"g2", "w2"}


DAYS = st.one_of(st.none(), st.sampled_from([date(2024, 5, 1), DAY, date(2024, 5, 5), date(2024, 6, 4), date(2024, 7, 1)]))
OUTLETS = st.lists(st.sampled_from(["The Gazette", "HARBOUR WIRE", "Nobody"]), max_size=2, unique=True).map(tuple)
FILTERS = st.builds(Filters, DAYS, DAYS, OUTLETS)


@given(
    FILTERS, st.lists(st.builds(Scope, FILTERS, st.just(("May 2024",)), st.sampled_from(["", "cost of the bridge"])), max_size=3)
)
def test_no_scope_lets_anything_past_a_filter(filters: Filters, scopes: list[Scope]) -> None:
    found = retriever().retrieve("What happened in May 2024?", 5, filters, scopes=scopes)
    wanted = {name.casefold() for name in filters.outlets}
    for one in found:
        day, outlet = one.chunk.source.published, one.chunk.source.outlet
        assert not filters.since or (day and day >= filters.since)
        assert not filters.before or (day and day < filters.before)
        assert not wanted or (outlet and outlet.casefold() in wanted)
        assert 0 <= one.score <= 1
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
