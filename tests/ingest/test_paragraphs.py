"""Texts set in lines, joined to paragraphs; what is no running text is left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text, headline
from ingest.hyphens import join_hyphenated
from ingest.paragraphs import unwrap_lines

MAIL = """The lighthouse of Orm will be lit again in the spring, said
the keeper, Hanne Voss, who has mended the lamp with her own
hands and with money that 41 families gave.

The old lens went to the museum of Brenn, where a room was
built for it."""
READ = (
    "The lighthouse of Orm will be lit again in the spring, said the keeper, Hanne Voss, who has mended the lamp with her own "
    "hands and with money that 41 families gave.\n\nThe old lens went to the museum of Brenn, where a room was built for it."
)


def test_the_lines_of_a_paragraph_are_one_text() -> None:
    assert unwrap_lines(MAIL) == READ
    assert clean_text(MAIL.replace("\n", "\r\n")) == READ


def test_a_ragged_line_goes_on_where_a_small_letter_follows() -> None:
    ragged = MAIL.replace("said\nthe keeper, ", "said the keeper,\n").replace(
        "where a room was\nbuilt", "where\na room was built"
    )
    assert "where a room was built for it." in unwrap_lines(ragged)


def test_a_headline_a_list_and_an_indented_paragraph_stay_apart() -> None:
    found = unwrap_lines(
        f"A lamp for Orm\n{MAIL}\n  The ferry to the island leaves at noon and at six, as it\nhas done since the war.\n"
        "- a return ticket is 12 crowns\n- children pay nothing"
    )
    assert found.splitlines()[0] == "A lamp for Orm"
    assert "\nThe ferry to the island leaves at noon and at six, as it has done since the war.\n" in found
    assert found.endswith("\n- a return ticket is 12 crowns\n- children pay nothing")


@pytest.mark.parametrize(
    "text",
    [
        "Salt is the wind\nThat rose at dawn\nSilver the fish\nThat now is gone",
        "Halden 3\nBrenn 2\nMarsk 1\n\nThe season ends here.",
        "One paragraph stands on one line and ends. It has two sentences.\nAnother follows it at once.\nA third one is short.",
        "Tide   high   low\nMon    3.10   9.25\nTue    4.00   10.15\nwed    4.45   11.05",
        "only one line, without an end",
        "A line of a text whose paragraphs are each as long as a paragraph is, which no printer ever set at a width, goes "
        "on and on and on and on and on and on beyond all reason and all sense\nbut its next line\nis short",
    ],
)
def test_what_was_not_wrapped_is_left_alone(text: str) -> None:
    assert unwrap_lines(text) == text


@given(st.lists(st.text("ab -.\n\t1A", max_size=30), max_size=12))
def test_no_sign_but_hyphens_and_blanks_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept = [sign for sign in unwrap_lines(text) if sign not in " \n\t-"]
    assert kept == [sign for sign in text if sign not in " \n\t-"]


@pytest.mark.parametrize(
    ("line", "after", "text", "whole"),
    [
        ("the har-", "bour wall", "", "the harbour wall"),
        ("the govern-", "ment’s plan", "", "the government’s plan"),
        ("a well-", "known singer", "", "a well-known singer"),
        ("a state-", "owned line", "", "a state-owned line"),
        ("the re-", "pairs", "", "the repairs"),
        ("the Anglo-", "Danish line", "", "the Anglo-Danish line"),
        ("in Dun-", "mere today", "", "in Dunmere today"),
        ("the sea-", "bird law", "Seabird counts; a seabird", "the seabird law"),
        ("the sea-", "bird law", "a sea-bird", "the sea-bird law"),
        ("from 12-", "15 crowns", "", "from 12-15 crowns"),
        ("deep\u00ad", "ened", "", "deepened"),
        ("a dash -", "here", "", None),
        ("no hyphen", "here", "", None),
    ],
)
def test_divided_words(line: str, after: str, text: str, whole: str | None) -> None:
    assert join_hyphenated(line, after, text) == whole


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Fish &amp; chips: &#8220;cheaper&#8221;", "Fish & chips: “cheaper”"),
        ("R&amp;amp;D in\u00a0Brenn\n today", "R&D in Brenn today"),
        ("AT&T; a history", "AT&T; a history"),
        ("\u200b", None),
        (None, None),
    ],
)
def test_titles_are_as_they_are_shown(title: str | None, shown: str | None) -> None:
    assert headline(title) == shown
