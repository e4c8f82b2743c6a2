"""Question and passage as word pieces: `[CLS] question [SEP] title : text [SEP]`, each piece of the text with its characters.

A text that does not fit is read in windows that overlap. The title gives context only: no answer is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.types import Text

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cut = tuple[tuple[int, int], ...]
"""The characters of a text's sentences, in order."""

LENGTH = 384
"""The most word pieces in a window, special ones included."""
OVERLAP = 128
"""Word pieces that a window of a long text shares with the one before."""
QUESTION_LENGTH = 96
"""The most word pieces of a question that are read: of a longer one the last, where the asking usually stands."""
TITLE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one text after the question.

    `ids` has shape (pieces,); `second` is the index of the first piece after the question. The last `len(spans)` pieces but one
    are the text's: `spans`, shape (text pieces, 2), are their characters; `begins` and `ends` say where a word begins and ends.
    """

    text: int
    ids: Integers
    second: int
    spans: Integers
    begins: Flags
    ends: Flags

    @property
    def first(self) -> int:
        """The index in `ids` of the first piece of the text."""
        return len(self.ids) - 1 - len(self.spans)

    def sentence_of(self, sentences: Sequence[tuple[int, int]]) -> Integers:
        """Shape (text pieces,): the index of the sentence that each piece begins in, -1 for none. `sentences` are in order."""
        if not len(self.spans) or not sentences:
            return np.full(len(self.spans), -1, np.int64)
        starts, stops = np.asarray(sentences, np.int64).T
        found = np.searchsorted(starts, self.spans[:, 0], side="right") - 1
        inside = (found >= 0) & (self.spans[:, 0] < stops[np.maximum(found, 0)])
        return np.where(inside, found, -1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of different length as one batch, each array of shape (windows, longest)."""

    ids: Integers
    segments: Integers
    present: Integers


class PairEncoder:
    """Makes windows with the tokenizer in `directory`, whose pieces for a begin and an end are `edges`.

    Raises ModelError when there is none.
    """

    def __init__(
        self, directory: Path, length: int = LENGTH, overlap: int = OVERLAP, edges: tuple[str, str] = ("[CLS]", "[SEP]")
    ) -> None:
        from tokenizers import Tokenizer

        file = directory / "tokenizer.json"
        if not file.is_file():
            raise ModelError(f"{file} is missing, which the reader needs; install the model again")
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._length = length
        self._overlap = overlap
        self._start, self._end, self._colon = (self._id(piece) for piece in (*edges, ":"))

    def windows(self, question: str, texts: Sequence[Text]) -> list[Window]:
        """At least one window for each text, in order."""
        asked = self._pieces([question])[0].ids[-QUESTION_LENGTH:]
        encoded = self._pieces([text.text for text in texts])
        titles = self._pieces([text.title for text in texts])
        windows: list[Window] = []
        for index, (encoding, title) in enumerate(zip(encoded, titles, strict=True)):
            heading = [*title.ids[:TITLE_LENGTH], self._colon] if title.ids else []
            question_part = [self._start, *asked, self._end]
            windows += self._of_text(index, [*question_part, *heading], len(question_part), encoding)
        return windows

    def _of_text(self, index: int, before: list[int], second: int, encoding: Encoding) -> Iterator[Window]:
        ids = np.asarray(encoding.ids, np.int64)
        spans = np.asarray(encoding.offsets, np.int64).reshape(-1, 2)
        words = np.asarray([-1 if word is None else word for word in encoding.word_ids], np.int64)
        changes = words[1:] != words[:-1]
        edge = np.ones(min(1, len(words)), np.bool_)
        begins, ends = np.concatenate([edge, changes]), np.concatenate([changes, edge])
        room = max(1, self._length - len(before) - 1)
        step = max(1, room - self._overlap)
        for start in range(0, max(1, len(ids) - room + step), step):
            part = slice(start, start + room)
            whole = np.concatenate([np.asarray(before, np.int64), ids[part], [self._end]])
            yield Window(index, whole, second, spans[part], begins[part], ends[part])

    def _pieces(self, texts: Sequence[str]) -> list[Encoding]:
        plain = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # lone surrogates, each by one character
        return self._tokenizer.encode_batch(plain, add_special_tokens=False)

    def _id(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise ModelError(f"the reader's tokenizer has no piece {piece!r}; it must be the one that the weights came with")
        return int(found)


def pad(windows: Sequence[Window], multiple: int = 1) -> Batch:
    """The windows as one batch, each filled with zeros to the length of the longest, rounded up to a `multiple`."""
    longest = _longest(windows, multiple)
    ids, segments, present = (np.zeros((len(windows), longest), np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = window.ids
        segments[row, window.second : size] = 1
        present[row, :size] = 1
    return Batch(ids, segments, present)


def membership(
    windows: Sequence[Window], sentences: Sequence[Sequence[tuple[int, int]]], multiple: int = 1
) -> Integers:  # fmt: skip
    """Shape (windows, longest): for each piece the index of its sentence, -1 for none. `sentences` are those of each window."""
    longest = _longest(windows, multiple)
    found = np.full((len(windows), longest), -1, np.int64)
    for row, (window, cut) in enumerate(zip(windows, sentences, strict=True)):
        found[row, window.first : window.first + len(window.spans)] = window.sentence_of(cut)
    return found


def _longest(windows: Sequence[Window], multiple: int) -> int:
    longest = max(len(window.ids) for window in windows)
    return -(-longest // multiple) * multiple
