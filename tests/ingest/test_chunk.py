from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import Chunker
from rag.errors import UsageError
from rag.sentences import sentence_spans
from rag.tokens import count_tokens
from rag.types import Article, Chunk, Source
from tests.fakes import HashEmbedder
from tests.rag.news_sentences import PARAGRAPHS

NEWS = "\n\n".join(" ".join(paragraph) for paragraph in PARAGRAPHS)
PIECES = (
    "The U.S. Senate voted. ", "He left; she stayed, ", "“We go,” he said. ", "word ", "x" * 90, "😀" * 9, "👨‍👩‍👧" * 5,
    "e" + "\u0301" * 40, "你好。", "\n", "\n\n", "   ", "—", ".", "\ufffd", "<|endoftext|>", "3.5% ", "\u200b",
)  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=300))


class CharacterEmbedder(HashEmbedder):
    """One token a character and one at each end: a window far narrower than the chunk size in cl100k tokens."""

    def __init__(self, window: int) -> None:
        super().__init__(8)
        self.window = window

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text) + 2 for text in texts]


def article(text: str, title: str = "Title") -> Article:
    return Article(Source("a", title), text)


def chunks_of(text: str, tokens: int = 200, overlap: int = 0) -> tuple[Chunk, ...]:
    return Chunker(tokens, overlap, HashEmbedder()).chunk(article(text))


def check(chunks: Sequence[Chunk], text: str) -> None:
    """Exact slices, in order, of which every character that is not space is part."""
    covered = [False] * len(text)
    for chunk in chunks:
        assert chunk.text == text[chunk.start : chunk.end] == chunk.text.strip() != ""
        covered[chunk.start : chunk.end] = [True] * (chunk.end - chunk.start)
    assert [chunk.start for chunk in chunks] == sorted({chunk.start for chunk in chunks})
    assert [chunk.end for chunk in chunks] == sorted({chunk.end for chunk in chunks})
    assert all(known or character.isspace() for known, character in zip(covered, text, strict=True))


@given(texts, st.integers(16, 60), st.integers(0, 8), st.integers(16, 200), st.sampled_from(["", "Title", "A long title " * 30]))
def test_any_text_is_cut_exactly_within_both_limits(text: str, tokens: int, overlap: int, window: int, title: str) -> None:
    embedder = CharacterEmbedder(window)
    chunker = Chunker(tokens, overlap, embedder)
    chunks = chunker.chunk(article(text, title))
    check(chunks, text)
    for chunk in chunks:
        assert count_tokens(chunk.text) <= tokens
        assert embedder.lengths([chunker.make_embedded_text(chunk)])[0] <= window


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=30), st.integers(60, 300))
def test_news_is_cut_between_sentences(paragraphs: list[tuple[str, ...]], tokens: int) -> None:
    text = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    spans = sentence_spans(text)
    for chunk in chunks_of(text, tokens):
        assert chunk.start in {start for start, _ in spans}
        assert chunk.end in {end for _, end in spans}


def test_chunks_are_nearly_full_and_the_last_is_not_tiny() -> None:
    sizes = [count_tokens(chunk.text) for chunk in chunks_of(NEWS, 200)]
    assert max(sizes) <= 200
    assert min(sizes[:-1]) >= 100
    assert sizes[-1] >= 60


def test_a_chunk_ends_with_a_paragraph_where_one_ends_near_the_limit() -> None:
    ends = [NEWS[chunk.end : chunk.end + 2] for chunk in chunks_of(NEWS, 120)]
    assert ends.count("\n\n") > 0.8 * (len(ends) - 1)


@given(st.integers(1, 100))
def test_overlap_repeats_whole_sentences_of_the_chunk_before(overlap: int) -> None:
    starts = {start for start, _ in sentence_spans(NEWS)}
    chunks = chunks_of(NEWS, 200, overlap)
    check(chunks, NEWS)
    for before, after in pairwise(chunks):
        repeated = NEWS[after.start : before.end] if after.start < before.end else ""
        assert after.start in starts
        assert count_tokens(repeated) <= overlap
    assert overlap < 40 or any(after.start < before.end for before, after in pairwise(chunks))


def test_a_long_sentence_is_split_between_clauses_then_words_then_graphemes() -> None:
    clauses = "; ".join(f"the committee of {number} members met again in the old town hall" for number in range(30)) + "."
    assert all(chunk.text.endswith((";", ".")) for chunk in chunks_of(clauses, 64))
    words = " ".join(["word"] * 500)
    assert all(set(chunk.text.split()) == {"word"} for chunk in chunks_of(words, 64))
    family = "👨‍👩‍👧‍👦"
    assert all(len(chunk.text) % len(family) == 0 and chunk.text.startswith("👨") for chunk in chunks_of(family * 200, 64))


def test_a_million_repeated_characters_are_cut() -> None:
    text = "a" * 1_000_000
    chunks = chunks_of(text)
    check(chunks, text)
    assert len(chunks) < 1_500


def test_no_text_gives_no_chunks() -> None:
    assert chunks_of("") == chunks_of(" \n ") == ()


def test_the_title_is_embedded_with_each_chunk_once() -> None:
    chunker = Chunker(60, 0, HashEmbedder())
    chunks = chunker.chunk(article("Dogs win\n\n" + NEWS, "Dogs win"))
    assert chunker.make_embedded_text(chunks[0]) == chunks[0].text
    assert chunker.make_embedded_text(chunks[1]) == "Dogs win\n" + chunks[1].text


def test_a_long_title_takes_no_more_than_its_share_of_the_window() -> None:
    chunker = Chunker(200, 0, HashEmbedder())
    chunks = chunker.chunk(article(NEWS, "very long " * 1_000))
    head = chunker.make_embedded_text(chunks[0]).partition("\n")[0]
    assert head.endswith(("very", "long"))
    assert 32 < HashEmbedder().lengths([head])[0] <= 64


@pytest.mark.parametrize(("tokens", "overlap", "window", "named"), [(100, 51, 256, "CHUNK_OVERLAP"), (100, 0, 8, "MODEL")])
def test_sizes_that_cannot_work_are_refused(tokens: int, overlap: int, window: int, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        Chunker(tokens, overlap, CharacterEmbedder(window))


def test_nothing_but_its_user_keeps_a_chunker_and_its_model() -> None:
    embedder = HashEmbedder()
    kept = weakref.ref(embedder)
    chunker = Chunker(100, 0, embedder)
    chunker.chunk(Article(Source("a", "Title"), NEWS))
    gc.disable()  # what only the collector frees stays until it runs, however large it is
    try:
        del chunker, embedder
        assert kept() is None
    finally:
        gc.enable()
