from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import TITLE_CHARACTERS, AssembledArticle, assemble, derive_title
from ingest.clean import clean_text
from ingest.load import Record

NOW = datetime(2025, 8, 20, tzinfo=UTC)
SEED = (
    " date 2025-08-04 ISLAMABAD: Deputy Prime Minister Dar held a telephonic conversation with US Secretary of State Marco Rubio."
    "\n\nThe two leaders exchanged views."
)


def made(record: Record, outlet: str | None = None) -> AssembledArticle:
    found = assemble(record, outlet, NOW)
    assert found is not None
    return found


def test_the_dateline_dates_and_places_and_the_machine_date_is_not_shown() -> None:
    article = made(Record(SEED)).article
    source = article.source
    assert (source.published, source.published_from, source.place) == (date(2025, 8, 4), "dateline", "ISLAMABAD")
    assert article.text.startswith("ISLAMABAD: Deputy")
    assert source.title == "Deputy Prime Minister Dar held a telephonic conversation with US Secretary of State Marco…"


def test_the_record_is_trusted_before_the_dateline() -> None:
    source = made(Record(SEED, title="T", published="2025-08-05")).article.source
    assert (source.published, source.published_from, source.title) == (date(2025, 8, 5), "record", "T")


def test_a_date_that_cannot_be_read_is_noted_and_the_dateline_stands_in() -> None:
    found = made(Record(SEED, published="03/04/2025"))
    assert (found.article.source.published, "03/04/2025" in found.notes[0]) == (date(2025, 8, 4), True)
    undated = made(Record("Words about a thing.", published="03/04/2025"))
    assert (undated.article.source.published, undated.article.source.published_from) == (None, "none")
    assert undated.notes


def test_the_outlet_given_for_all_stands_in_for_a_missing_one() -> None:
    assert made(Record("Words."), "Dawn").article.source.outlet == "Dawn"
    assert made(Record("Words.", outlet="AP"), "Dawn").article.source.outlet == "AP"


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x01", "* * *", "…"])
def test_nothing_to_read_is_no_article(text: str) -> None:
    assert assemble(Record(text), None, NOW) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Dogs win the cup\n\nIt was a close match.", "Dogs win the cup"),
        ("Did the dogs really win?\n\nThey did.", "Did the dogs really win?"),
        ("The dogs won the cup on Sunday. Cats lost.", "The dogs won the cup on Sunday."),
        ("By Ann Lee\n\nThe dogs won the cup.", "The dogs won the cup."),
        ("CNN\n\nThe dogs won the cup.", "The dogs won the cup."),
        ("short", "short"),
        ("x" * 500, "x" * TITLE_CHARACTERS + "…"),
    ],
)
def test_derived_title(text: str, title: str) -> None:
    assert derive_title(text) == title


@given(st.text(st.characters(), min_size=1, max_size=200))
def test_every_article_has_a_title_of_one_short_line(text: str) -> None:
    found = assemble(Record(text), None, NOW)
    if found is not None:
        title = found.article.source.title
        assert title.strip() == title != ""
        assert len(title) <= 141
        assert "\n" not in title


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\ufeffa\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07c\td\x7f", "abc\td"),
        ("a\ud800b", "a\ufffdb"),
        ("a\n\n\n\nb\n \n\t\nc\n\nd", "a\n\nb\n\nc\n\nd"),
        ("  a  b \n", "a  b"),
        ("e\u0301 \u200b ﬁ \u2028", "e\u0301  ﬁ"),
        ("the deep\u00aden\u00ading of Brenn\u200bholm", "the deepening of Brennholm"),
        ("1\u202f250 crowns, 40\u00a0km and 3\u2009%", "1 250 crowns, 40 km and 3 %"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("page one\x0cpage two", "page one\n\npage two"),
    ],
)
def test_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(st.characters(), max_size=100) | st.text(st.sampled_from("\n \t\r\x00\ud800\ufeffab"), max_size=30))
def test_cleaning_twice_changes_nothing_and_leaves_storable_text(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once
    assert "\n\n\n" not in once
    once.encode()
