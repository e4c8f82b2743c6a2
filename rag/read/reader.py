"""Passages to readings: short answers with their places, how well each sentence answers, and whether the text answers at all."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rag.batches import batches
from rag.errors import ModelError
from rag.read.encode import Cut, PairEncoder, Window, membership, pad
from rag.types import Reading, Span, Text

if TYPE_CHECKING:
    from rag.read.close_model import CloseNetwork
    from rag.read.model import ReaderNetwork

    Network: TypeAlias = ReaderNetwork | CloseNetwork

Logits = NDArray[np.float32]

BATCH = 8
"""Windows that the network reads at once."""
SPANS = 10
"""Short answers kept of one window."""
LONGEST = 16
"""The most word pieces of a short answer."""
REMEMBERED = 64
"""Readings kept for a question asked again; each holds its passage's text."""
SHIPPED = Path(__file__).parent
CLOSE = SHIPPED / "close"
CLOSE_LENGTH, CLOSE_OVERLAP = 128, 32
"""The most word pieces in a window of the close reader, and those that two windows of a longer text share."""
CLOSE_EDGES = ("<s>", "</s>")
RECORD = "weights.json"
"""The file that makes a folder one of weights for this network: their hash, and how they were trained."""


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """The network's logits for one window: `starts` and `ends` of shape (pieces,), `sentences` of shape (sentences,)."""

    starts: Logits
    ends: Logits
    sentences: Logits
    answers: float


Asked = tuple[str, Text, Cut]
"""A question, a text to read for it, and the text's sentences."""


class RememberingReader(ABC):
    """Reads each text once for a question and remembers the last readings: reranking and answering read the same passages.

    Safe to use from many threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._remembered: OrderedDict[Asked, Reading] = OrderedDict()

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        """A reading for each text. `sentences` are the characters of each text's sentences, in order; none are scored without.

        Raises ModelError when the network gives a score that is not finite.
        """
        cut = [tuple(one) for one in sentences] or [()] * len(texts)
        asked = [(question, text, spans) for text, spans in zip(texts, cut, strict=True)]
        with self._lock:
            unread = [key for key in dict.fromkeys(asked) if key not in self._remembered]
            read = self._read(question, [text for _, text, _ in unread], [spans for _, _, spans in unread])
            self._remembered.update(zip(unread, read, strict=True))
            found = [self._remembered[key] for key in asked]
            for key in asked:
                self._remembered.move_to_end(key)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    @abstractmethod
    def _read(self, question: str, texts: Sequence[Text], cut: Sequence[Cut]) -> list[Reading]:
        """A reading for each of `texts`, which may be none; `cut` has the sentences of each."""


class NetworkReader(RememberingReader):
    """Reads on the CPU with a network of the project's own, whose weights are in the folder `weights`."""

    def __init__(self, weights: Path, pairs: PairEncoder, network: Network) -> None:
        from rag.read.model import read_record

        super().__init__()
        self.weights = weights
        self.name = str(read_record(weights)["sha256"])
        self._pairs = pairs
        self._network = network

    def _read(self, question: str, texts: Sequence[Text], cut: Sequence[Cut]) -> list[Reading]:
        if not texts:
            return []
        windows = self._pairs.windows(question, texts)
        logits = window_logits(self._network, windows, cut)
        if not all(np.isfinite(one.starts).all() and np.isfinite(one.ends).all() for one in logits):
            raise ModelError(f"the reader's weights in {self.weights} gave a score that is not finite; install the package again")
        return merge_by_text(windows, logits, [len(spans) for spans in cut])


class TrainedReader(NetworkReader):
    """The quick reader, for whole passages.

    `encoder` is the directory of all-MiniLM-L6-v2, `weights` the folder of the trained weights. Raises ModelError when either
    cannot be read or is not what was trained.
    """

    def __init__(self, encoder: Path, weights: Path = SHIPPED) -> None:
        from rag.read.model import load_network

        super().__init__(weights, PairEncoder(encoder), load_network(encoder, weights))


class CloseReader(NetworkReader):
    """The close reader, for a few sentences: slower, and better at telling who did what to whom.

    `weights` is the folder of its weights and tokenizer. Raises ModelError when they cannot be read or are not what was trained.
    """

    def __init__(self, weights: Path = CLOSE) -> None:
        from rag.read.close_model import load_close_network

        pairs = PairEncoder(weights, CLOSE_LENGTH, CLOSE_OVERLAP, CLOSE_EDGES)
        super().__init__(weights, pairs, load_close_network(weights))


def window_logits(
    network: Network, windows: Sequence[Window], sentences: Sequence[Sequence[tuple[int, int]]], batch: int = BATCH
) -> list[WindowLogits]:
    """The logits of each window, in order; `sentences` are by text. Windows of like length are read together."""
    import torch

    found: dict[int, WindowLogits] = {}
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    for chosen in batches(order, batch):
        some = [windows[i] for i in chosen]
        inputs, sentence_of = pad(some), membership(some, [sentences[window.text] for window in some])
        arrays = (inputs.ids, inputs.segments, inputs.present, sentence_of)
        with torch.inference_mode():
            scores = network(*map(torch.from_numpy, arrays))
        starts, ends, answers = scores.starts.numpy(), scores.ends.numpy(), scores.answers.tolist()
        for row, (i, window) in enumerate(zip(chosen, some, strict=True)):
            size, numbers = len(window.ids), np.unique(sentence_of[row])
            of_sentences = np.full(len(sentences[window.text]), -np.inf, np.float32)
            read = numbers[numbers >= 0]
            of_sentences[read] = scores.sentences.numpy()[row, read]
            found[i] = WindowLogits(starts[row, :size], ends[row, :size], of_sentences, answers[row])
    return [found[i] for i in range(len(windows))]


def merge_by_text(windows: Sequence[Window], logits: Sequence[WindowLogits], sentences: Sequence[int]) -> list[Reading]:
    """A reading for each text; `sentences` has the number of those of each."""
    of_text: list[list[int]] = [[] for _ in sentences]
    for index, window in enumerate(windows):
        of_text[window.text].append(index)
    return [
        merge_windows([windows[i] for i in mine], [logits[i] for i in mine], count)
        for mine, count in zip(of_text, sentences, strict=True)
    ]


def merge_windows(windows: Sequence[Window], logits: Sequence[WindowLogits], sentences: int) -> Reading:
    """One reading from all windows of a text: the best that any window says of a span or a sentence."""
    best: dict[tuple[int, int], float] = {}
    of_sentences = np.full(sentences, -np.inf)
    for window, one in zip(windows, logits, strict=True):
        for span in best_spans(window, one.starts, one.ends):
            best[span.start, span.end] = max(span.score, best.get((span.start, span.end), -np.inf))
        of_sentences = np.maximum(of_sentences, one.sentences)
    spans = sorted((Span(*place, score) for place, score in best.items()), key=lambda span: -span.score)
    silence = min(float(one.starts[0] + one.ends[0]) for one in logits)
    return Reading(tuple(spans[:SPANS]), silence, tuple(of_sentences.tolist()), max(one.answers for one in logits))


def best_spans(window: Window, starts: Logits, ends: Logits, count: int = SPANS, longest: int = LONGEST) -> list[Span]:
    """The `count` best spans of whole words, at most `longest` pieces long, best first. Logits have shape (pieces,)."""
    size = len(window.spans)
    if not size:
        return []
    part = slice(window.first, window.first + size)
    begin = np.where(window.begins, starts[part], -np.inf)
    end = np.pad(np.where(window.ends, ends[part], -np.inf), (0, longest - 1), constant_values=-np.inf)
    scores = begin[:, np.newaxis] + np.lib.stride_tricks.sliding_window_view(end, longest)
    flat = scores.ravel()
    nearest = np.argpartition(-flat, min(count, flat.size) - 1)[:count]
    ranked = nearest[np.argsort(-flat[nearest], kind="stable")]
    places = [divmod(int(i), longest) for i in ranked if np.isfinite(flat[i])]
    return [
        Span(int(window.spans[first, 0]), int(window.spans[first + more, 1]), float(scores[first, more]))
        for first, more in places
    ]
