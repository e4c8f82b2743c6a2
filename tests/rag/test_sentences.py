from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import LONG, WINDOW, sentence_spans
from tests.rag.news_sentences import PARAGRAPHS

PIECES = (
    "The U.S. ", "Gen. Lee", " said. ", "He left.", "“We go,” ", "“", "”", '"', "(", ")", "...", "!", "?", " ", "\n", "\r\n",
    "\x85", "\u2028", "5 p.m. ET", "D-N.Y.", "😀", "e\u0301", "👨‍👩‍👧", "\u200b", "你好。", "مرحبا. ", "a", "Z", "1.", "\t",
    "\ud800",
    "\x00",
)  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text(st.characters(), max_size=200))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("expected", PARAGRAPHS, ids=lambda paragraph: paragraph[0][:40])
def test_news_paragraph(expected: tuple[str, ...]) -> None:
    assert sentences(" ".join(expected)) == list(expected)


@given(texts)
def test_every_character_that_is_not_space_is_in_exactly_one_trimmed_span(text: str) -> None:
    covered = [False] * len(text)
    before = 0
    for start, end in sentence_spans(text):
        assert before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1
        covered[start:end] = [True] * (end - start)
        before = end
    assert all(known or character.isspace() for known, character in zip(covered, text, strict=True))


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n", "\n\n", "\u2029", " \n \n"]))
def test_spans_count_characters_whatever_stands_before(paragraphs: list[tuple[str, ...]], separator: str) -> None:
    text = "😀 𝔘𝔫𝔦 e\u0301 한국" + separator + separator.join(" ".join(paragraph) for paragraph in paragraphs)
    assert sentences(text)[1:] == [sentence for paragraph in paragraphs for sentence in paragraph]


def test_a_line_break_ends_a_sentence_and_a_space_does_not() -> None:
    assert sentences("By Ann Lee\nKYIV – The siege\r\nended") == ["By Ann Lee", "KYIV – The siege", "ended"]


def test_marks_stay_with_their_quotation() -> None:
    assert sentences("It ended,” Rhule said. “ We won.") == ["It ended,” Rhule said.", "“ We won."]
    assert sentences("“It was ‘fine. ’ He left.”")[-1].endswith("He left.”")


def test_a_long_quotation_is_split_into_its_sentences() -> None:
    inside = [
        f"We have seen the {word} reports and we will answer them in full." for word in ("first", "second", "third", "last")
    ]
    text = "“" + " ".join(inside) + "” she said."
    assert len(text) < LONG
    assert sentences(text) == [text]
    long = "“" + " ".join(inside * 3) + "” she said."
    assert len(long) > LONG
    assert len(sentences(long)) == 12


def test_a_line_longer_than_the_window_is_cut_where_a_short_one_is() -> None:
    paragraph = " ".join(" ".join(paragraph) for paragraph in PARAGRAPHS[:20] if paragraph[-1].endswith("."))
    long = " ".join([paragraph] * (3 * WINDOW // len(paragraph)))
    assert sentences(long) == [sentence for _ in range(3 * WINDOW // len(paragraph)) for sentence in sentences(paragraph)]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "“" * 100_000, "(a. " * 50_000, "word " * 100_000, ". " * 100_000])
def test_endless_repetition_is_cut_at_the_window(text: str) -> None:
    assert max(end - start for start, end in sentence_spans(text)) <= WINDOW
