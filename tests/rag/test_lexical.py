"""Tantivy, and the plain index of memory that it is measured against."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.lexical import TantivyIndex
from rag.protocols import LexicalIndex
from rag.terms import Analysis
from rag.types import Entry, Filters, Hit
from tests.fakes import MemoryLexical
from tests.rag.index_contract import ANY, EMBEDDER, IndexContract, Searched, ids, make_entries, make_entry


@pytest.fixture(params=["tantivy", "memory"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LexicalIndex]:
    opened: LexicalIndex = TantivyIndex(tmp_path / "tantivy") if request.param == "tantivy" else MemoryLexical()
    yield opened
    opened.close()


@pytest.fixture
def oracle() -> LexicalIndex:
    return MemoryLexical()


def titled(title: str, text: str, number: int = 0) -> Entry:
    return Entry(f"t{number}#0-1", f"t{number}", None, None, title, text, EMBEDDER.embed_query(text))


class TestLexical(IndexContract):
    @staticmethod
    def search(index: Searched, words: str, k: int, filters: Filters = ANY) -> list[Hit]:
        assert isinstance(index, (TantivyIndex, MemoryLexical))
        return index.search(words, k, filters)

    def test_titles_count(self, index: LexicalIndex) -> None:
        index.replace([], [titled("Harbour strike", "Nothing moved.", 1), titled("Weather", "Rain again.", 2)])
        assert ids(index.search("strike", 5, Filters())) == ["t1#0-1"]

    def test_frequencies_are_of_chunks_with_a_term_in_title_or_text(self, index: LexicalIndex) -> None:
        entries = [titled("Flood", "rain", 1), titled("Rain", "flood water, flood", 2), titled("Sun", "sky", 3)]
        index.replace([], entries)
        assert index.frequencies(["flood", "sky", "absent"]) == (3, {"flood": 2, "sky": 1, "absent": 0})


@pytest.fixture
def tantivy_index(tmp_path: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(tmp_path / "tantivy")
    yield opened
    opened.close()


def test_scores_are_bm25(tantivy_index: TantivyIndex) -> None:
    """Robertson's formula with k1 = 1.2 and b = 0.75, where lengths are those that Tantivy keeps exactly (below 40 terms)."""
    texts = ["flood flood river", "river bank and more words here", "flood"]
    tantivy_index.replace([], [titled("", text, number) for number, text in enumerate(texts)])
    mean = (3 + 6 + 1) / 3
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = {
        f"t{number}#0-1": idf * count * (1.2 + 1) / (count + 1.2 * (1 - 0.75 + 0.75 * length / mean))
        for number, count, length in ((0, 2, 3), (2, 1, 1))
    }
    found = {hit.chunk_id: hit.score for hit in tantivy_index.search("flood", 5, Filters())}
    assert found == pytest.approx(expected, rel=1e-5)


def test_a_title_weighs_as_much_as_it_is_told(tmp_path: Path) -> None:
    entries = [titled("Harbour strike", "rain", 1), titled("Harbour news", "strike", 2)]
    scores = {}
    for boost in (1.0, 3.0):
        opened = TantivyIndex(tmp_path / str(boost), title_boost=boost)
        opened.replace([], entries)
        scores[boost] = {hit.chunk_id: hit.score for hit in opened.search("strike", 2, Filters())}
        opened.close()
    assert scores[3.0]["t1#0-1"] == pytest.approx(3 * scores[1.0]["t1#0-1"])
    assert scores[3.0]["t2#0-1"] == pytest.approx(scores[1.0]["t2#0-1"])


@pytest.mark.parametrize(
    ("analysis", "terms"),
    [
        (Analysis(), ["the", "mayor", "run", "naiv", "cafe"]),
        (Analysis(language=None), ["the", "mayors", "running", "naive", "cafes"]),
        (Analysis(stop_words=True), ["mayor", "run", "naiv", "cafe"]),
    ],
)
def test_how_words_become_terms(tmp_path: Path, analysis: Analysis, terms: list[str]) -> None:
    opened = TantivyIndex(tmp_path, analysis=analysis)
    assert opened.split("The mayors, RUNNING naïve cafés!") == terms
    opened.close()


@pytest.mark.parametrize(
    "question", ['"mayor', "mayor*", "NEAR(mayor", "-mayor", "title:mayor OR (", "mayor^9 AND", "mayor~2 [a TO"]
)
def test_query_syntax_is_words(tantivy_index: TantivyIndex, question: str) -> None:
    tantivy_index.replace([], [make_entry(0, 0), make_entry(1, 0, "flood")])
    assert "a0#0-1" in ids(tantivy_index.search(question, 5, Filters()))


@pytest.mark.parametrize("text", ["日本語の新聞記事", "مرحبا بالعالم", "Привет мир", "สวัสดีชาวโลก", "हिन्दी समाचार", "ﬁne ʼn ẞ"])
def test_other_scripts_are_found(tantivy_index: TantivyIndex, text: str) -> None:
    tantivy_index.replace([], [titled("", text, 1), titled("", "something else", 2)])
    assert ids(tantivy_index.search(text, 5, Filters())) == ["t1#0-1"]


@pytest.mark.parametrize("question", ["", " ", "?!", "🗞", "\0", "\ud800", "x" * 100_000, "mayor " * 100_000])
def test_odd_questions_do_no_harm(tantivy_index: TantivyIndex, question: str) -> None:
    tantivy_index.replace([], [make_entry(0, 0)])
    assert len(tantivy_index.search(question, 5, Filters())) <= 1


def test_a_long_question_is_its_first_words(tantivy_index: TantivyIndex) -> None:
    tantivy_index.replace([], make_entries(10))
    words = " ".join(f"word{number}" for number in range(3_000))
    assert tantivy_index.search(f"{words} mayor", 5, Filters()) == []
    assert len(tantivy_index.search(f"mayor {words}", 5, Filters())) == 5


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_searched_and_split(tantivy_index: TantivyIndex, text: str, question: str) -> None:
    terms = tantivy_index.split(text)
    assert len(tantivy_index.search(question, 3, Filters())) <= 3
    assert set(tantivy_index.frequencies(terms)[1]) == set(terms)


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    entries = make_entries(10)
    first = TantivyIndex(tmp_path)
    first.replace([], entries)
    first.close()
    again = TantivyIndex(tmp_path)
    assert again.count() == len(entries)
    assert ids(again.search(entries[3].text, 1, Filters())) == [entries[3].id]
    again.replace([entries[3].article_id], [])
    assert again.count() == len(entries) - 2
    again.close()


def test_what_a_killed_writer_left_does_not_stop_the_next(tmp_path: Path) -> None:
    kept, other = make_entry(1, 0), make_entry(2, 0)
    left, tried = tmp_path / "left", tmp_path / "tried"
    index = TantivyIndex(left)
    index.replace(["a1", "a2"], [kept, other])
    index.close()
    shutil.copytree(left, tried)
    index = TantivyIndex(tried)
    index.replace(["a2"], [])  # writes the file of what is deleted, and commits
    index.close()
    (deleted,) = {file.name for file in tried.glob("*.del")} - {file.name for file in left.glob("*.del")}
    managed = json.loads((left / ".managed.json").read_text("utf-8"))
    (left / deleted).write_bytes(b"")  # as one that was killed before its commit
    (left / ".managed.json").write_text(json.dumps([*managed, deleted]) + "\n", "utf-8")
    index = TantivyIndex(left)
    index.replace(["a2"], [])
    assert index.count() == 1
    index.close()


def test_a_question_that_names_an_outlet_finds_its_articles_first(index: LexicalIndex) -> None:
    entries = [
        replace(titled("The pier", "The council voted.", n), outlet=outlet) for n, outlet in enumerate(("gazette", "lantern"))
    ]
    index.replace([], entries)
    assert ids(index.search("How did the Lantern say the council voted?", 3, ANY)) == [entries[1].id, entries[0].id]
