"""Reranking: what retrieval found, in the order in which it answers the question.

The reader that answers also ranks: it says of each passage how probably it answers, and answering reuses what it read. Any
cross-encoder of sentence-transformers can take its place.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.protocols import Reader
from rag.read import Text
from rag.sentences import sentence_spans
from rag.types import Passage

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

READER_WEIGHT = 0.15
LONGEST_QUESTION = 35
"""A question of more words weighs several reports against each other: no one passage answers it, and none is moved up."""
Shares = NDArray[np.float64]


class ReaderReranker:
    """Ranks the first `depth` passages by retrieval's score and by how probably, for the reader, they answer."""

    def __init__(self, reader: Reader, depth: int, weight: float = READER_WEIGHT) -> None:
        self.depth = depth
        self._reader = reader
        self._weight = weight

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """`(1 - w) * score + w * p`, p the probability of answering, 0 for a passage beyond `depth` and for a long question."""
        if len(question.split()) > LONGEST_QUESTION:
            return rerank_passages(passages, np.zeros(0), self._weight)
        texts = [Text(passage.chunk.text, passage.chunk.source.title) for passage in passages[: self.depth]]
        readings = self._reader.read(question, texts, [tuple(sentence_spans(text.text)) for text in texts])
        return rerank_passages(passages, probabilities([reading.answers for reading in readings]), self._weight)


class CrossEncoderReranker:
    """Ranks the first `depth` passages by a cross-encoder alone.

    `model` is a name with its revision (OWNER/NAME@REVISION) or a local directory. Raises ModelError when it cannot be loaded,
    or is none that scores a pair by one number.
    """

    def __init__(self, model: str, depth: int) -> None:
        self.depth = depth
        self._model = model
        self._network = self._load()
        self._lock = threading.Lock()

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """Scored by the sigmoid of the model's logit; 0 for a passage beyond `depth`."""
        pairs = [(question, f"{passage.chunk.source.title}\n{passage.chunk.text}") for passage in passages[: self.depth]]
        if not pairs:
            return []
        with self._lock:
            logits = np.asarray(self._network.predict(pairs, show_progress_bar=False), np.float64)
        if not np.isfinite(logits).all():
            raise ModelError(f"the reranker {self._model} gave a score that is not finite; set DATELINE_RERANKER to another")
        return rerank_passages(passages, probabilities(logits.tolist()), 1.0)

    def _load(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        name, _, revision = self._model.partition("@")
        try:
            network: CrossEncoder = CrossEncoder(
                name,
                device="cpu",
                revision=revision or None,
                activation_fn=Identity(),
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # the hub, transformers and safetensors share no type of error
            first = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(f"DATELINE_RERANKER: {self._model} cannot be loaded as a cross-encoder: {first}") from error
        if network.num_labels != 1:
            raise ModelError(
                f"DATELINE_RERANKER: {self._model} gives {network.num_labels} scores for a pair; name one that gives 1"
            )
        return network


def rerank_passages(passages: Sequence[Passage], shares: Shares, weight: float) -> list[Passage]:
    """The passages scored anew, best first; equal ones keep their order. `shares`, 0 to 1, are those of the first passages."""
    padded = np.zeros(len(passages))
    padded[: len(shares)] = shares
    scored = [
        replace(passage, score=float((1 - weight) * passage.score + weight * share))
        for passage, share in zip(passages, padded, strict=True)
    ]
    return sorted(scored, key=lambda passage: -passage.score)


def probabilities(logits: Sequence[float]) -> Shares:
    """The sigmoid of each."""
    return np.asarray(1 / (1 + np.exp(-np.clip(np.asarray(logits, np.float64), -50, 50))), np.float64)
