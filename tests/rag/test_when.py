"""Times in a text, told from the day of publication; their storing, showing and searching."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import ingest
from rag.archive import Archive
from rag.conclude import find_times_in
from rag.retrieve import Retriever
from rag.settings import load_settings
from rag.types import Citation, Filters, Mention, Source
from rag.understand import scopes_asked
from rag.when import MAX_MENTIONS, in_words, mentions
from tests.fakes import HashEmbedder
from ui.terminal import format_dated_quote

DAY = date(2025, 8, 20)
WORDS = st.sampled_from(
    """
    on in last next this Monday Friday May March June week month year 2024 2000 14 31 30 February two three ago the past early
    late quarter Q3 summer of to - , . will said today yesterday 1990s century since until by
    """.split()  # noqa: SIM905
)


def told(text: str, day: date = DAY) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], in_words(one.first, one.before)) for one in mentions(text, day)]


def test_tense_decides_which_monday() -> None:
    assert told("He said on Monday that the vote will be held on Thursday.") == [
        ("Monday", "18 August 2025"),
        ("Thursday", "21 August 2025"),
    ]
    assert told("On Friday, the council will vote. On Friday, the council voted.") == [
        ("Friday", "22 August 2025"),
        ("Friday", "15 August 2025"),
    ]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("the last week of talks and last month", [("last week", "11–17 August 2025"), ("last month", "July 2025")]),
        ("late last year", [("late last year", "September – December 2024")]),
        ("early next week", [("early next week", "25–26 August 2025")]),
        ("February 30 and June 31", []),
        ("a day earlier, the following week, that year", []),
        ("9999 years ago", []),
        ("between 2014 and 2018", [("2014 and 2018", "2014–2018")]),
    ],
)
def test_each_time_is_told_or_left_alone(text: str, means: list[tuple[str, str]]) -> None:
    assert told(text) == means


@given(st.lists(WORDS, max_size=30).map(" ".join), st.dates(date(1700, 1, 1), date(2100, 1, 1)))
def test_times_are_apart_in_order_and_not_empty(text: str, day: date) -> None:
    found = mentions(text, day)
    ends = [0]
    for one in found:
        assert ends[-1] <= one.start < one.end <= len(text)
        assert one.first < one.before
        ends.append(one.end)


@given(st.text(max_size=200), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_text_on_any_day_is_read(text: str, day: date) -> None:
    assert isinstance(mentions(text, day), tuple)


def test_a_text_full_of_times_has_a_limit() -> None:
    assert len(mentions("He left on Monday " * 5_000, DAY)) == MAX_MENTIONS
    assert mentions("a" * 3_000_000, DAY) == ()


@pytest.mark.parametrize(
    ("first", "days", "words"),
    [
        (date(2025, 8, 4), 1, "4 August 2025"),
        (date(2025, 7, 1), 31, "July 2025"),
        (date(2025, 7, 28), 7, "28 July – 3 August 2025"),
        (date(2025, 1, 1), 365, "2025"),
        (date(1990, 1, 1), 3652, "1990–1999"),
        (date(2024, 12, 1), 90, "December 2024 – February 2025"),
        (date(2024, 12, 30), 7, "30 December 2024 – 5 January 2025"),
        (date(2025, 4, 1), 91, "April – June 2025"),
    ],
)
def test_days_in_words(first: date, days: int, words: str) -> None:
    assert in_words(first, first + timedelta(days=days)) == words


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    articles = tmp_path / "in"
    articles.mkdir()
    texts = {
        "2025-08-14": "The bridge at Harrow was closed last month after a lorry struck it.",
        "2025-05-02": "The bridge at Harrow was painted and the mayor was pleased with the colour.",
        "2024-11-05": "The bridge at Harrow was closed last month for the first time in years.",
    }
    for day, text in texts.items():
        (articles / f"{day}.txt").write_text(text)
    ingest([str(articles)], tmp_path / "archive", load_settings(), embedder=HashEmbedder())
    return tmp_path / "archive"


def test_an_article_is_found_by_the_month_that_it_calls_last(archive: Path) -> None:
    with Archive.open(archive) as opened:
        catalog = opened.catalog
        retriever = Retriever(HashEmbedder(), opened.dense, opened.lexical, catalog.chunks, naming=catalog.naming)
        for question, day in (("What happened in July 2025?", "2025-08-14"), ("What happened in October 2024?", "2024-11-05")):
            scopes = scopes_asked(question, DAY, ())
            first, *others = retriever.retrieve(question, 3, Filters(), scopes=scopes)
            assert str(first.chunk.source.published) == day
            assert all(other.score < first.score for other in others)
        (july,) = scopes_asked("What happened in July 2025?", DAY, ())
        assert len(retriever.retrieve("What happened in July 2025?", 3, Filters(since=date(2025, 5, 1)), scopes=(july,))) == 2


def test_times_are_kept_with_the_version_they_stand_in(archive: Path, tmp_path: Path) -> None:
    with Archive.open(archive) as opened:
        (article_id,) = opened.catalog.naming(date(2025, 7, 1), date(2025, 8, 1), 9)
        article_id = article_id.partition("#")[0]
        (time,) = opened.catalog.times([article_id])[article_id]
        article = opened.catalog.article(article_id)
        assert article
        assert article.text[time.start : time.end] == "last month"
    (tmp_path / "in" / "2025-08-14.txt").write_text("The bridge at Harrow was opened again.")
    ingest([str(tmp_path / "in")], archive, load_settings(), embedder=HashEmbedder())
    with Archive.open(archive) as opened:
        assert opened.catalog.times([article_id]) == {}
        assert opened.catalog.naming(date(2025, 7, 1), date(2025, 8, 1), 9) == []


def test_a_quote_is_shown_with_its_days_which_are_no_part_of_it() -> None:
    quote = "It was closed last month, in 2025, and on Monday."
    times = tuple(Mention(100 + one.start, 100 + one.end, one.first, one.before, one.rule) for one in mentions(quote, DAY))
    citation = Citation(1, Source("a", "T"), 100, 100 + len(quote), quote)
    citation = Citation(1, Source("a", "T"), 100, 100 + len(quote), quote, dates=find_times_in(citation, times))
    assert [quote[one.start - 100 : one.end - 100] for one in citation.dates] == ["last month", "Monday"]
    assert "".join(words for words, _ in citation.dated_parts) == quote
    assert [time is None for _, time in citation.dated_parts] == [False, False, True]
    shown = format_dated_quote(
        {"quote": quote, "dates": [{"text": "last month", "means": "July 2025"}, {"text": "Monday", "means": "18 August 2025"}]}
    )
    plain = "".join(part if isinstance(part, str) else part[0] for part in shown)
    assert plain == "“It was closed last month [July 2025], in 2025, and on Monday [18 August 2025].”"
