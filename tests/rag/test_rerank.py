"""Reranking by the reader and by a cross-encoder that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.read import Reading, Text
from rag.rerank import LONGEST_QUESTION, CrossEncoderReranker, ReaderReranker, rerank_passages
from rag.types import Chunk, Passage, Source


def passage(number: int, score: float) -> Passage:
    text = f"Passage {number} says so."
    return Passage(Chunk(Source(f"a{number}", "Title"), 0, len(text), text), score)


class Convinced:
    """A reader that takes one passage for the answer and every other for none."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.read_texts: list[str] = []

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        assert question == "Who?"
        self.read_texts = [text.text for text in texts]
        assert len(sentences) == len(texts)
        return [Reading((), 0.0, (0.0,), 8.0 if f"Passage {self.number} " in text.text else -8.0) for text in texts]


def test_what_the_reader_takes_for_an_answer_rises() -> None:
    found = [passage(number, 0.9 - number / 100) for number in range(15)]
    ranked = ReaderReranker(Convinced(4), 10).rerank("Who?", found)  # type: ignore[arg-type]
    assert [one.chunk for one in ranked][:2] == [found[4].chunk, found[0].chunk]
    assert sorted(one.chunk.id for one in ranked) == sorted(one.chunk.id for one in found)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_passages_beyond_the_depth_are_neither_read_nor_moved() -> None:
    reader = Convinced(14)
    found = [passage(number, 0.9 - number / 100) for number in range(15)]
    ranked = ReaderReranker(reader, 10).rerank("Who?", found)  # type: ignore[arg-type]
    assert len(reader.read_texts) == 10
    assert [one.chunk for one in ranked] == [one.chunk for one in found]
    assert ReaderReranker(reader, 10).rerank("Who?", []) == []  # type: ignore[arg-type]


def test_a_long_question_leaves_the_order_as_it_is() -> None:
    reader = Convinced(4)
    found = [passage(number, 0.9 - number / 100) for number in range(8)]
    ranked = ReaderReranker(reader, 8).rerank("Who?" + " and who" * LONGEST_QUESTION, found)  # type: ignore[arg-type]
    assert [one.chunk for one in ranked] == [one.chunk for one in found]
    assert reader.read_texts == []


def test_equal_scores_keep_their_order() -> None:
    found = [passage(number, 0.5) for number in range(4)]
    assert [one.chunk for one in rerank_passages(found, np.full(4, 0.5), 0.3)] == [one.chunk for one in found]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder with random weights on disk."""
    return saved_cross_encoder(tmp_path_factory.mktemp("cross"), labels=1)


def saved_cross_encoder(directory: Path, labels: int) -> Path:
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "passage", "says", "so", "who", "title", "?", "."]
    (directory / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizer(str(directory / "vocab.txt")).save_pretrained(directory)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    kinds = {"id2label": {number: str(number) for number in range(labels)}}
    config = BertConfig.from_dict({**shape, **kinds, "vocab_size": len(words), "max_position_embeddings": 64})
    BertForSequenceClassification(config).save_pretrained(directory)
    return directory


def test_any_cross_encoder_can_rank(cross_encoder: Path) -> None:
    found = [passage(number, 0.9 - number / 100) for number in range(12)]
    ranked = CrossEncoderReranker(str(cross_encoder), 10).rerank("Who says so?", found)
    assert sorted(one.chunk.id for one in ranked) == sorted(one.chunk.id for one in found)
    assert all(0 < one.score < 1 for one in ranked[:10])
    assert [one.score for one in ranked[10:]] == [0.0, 0.0]
    assert CrossEncoderReranker(str(cross_encoder), 10).rerank("Who?", []) == []


def test_a_model_that_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="DATELINE_RERANKER: nobody/nothing"):
        CrossEncoderReranker("nobody/nothing@main", 10)
    (tmp_path / "two").mkdir()
    with pytest.raises(ModelError, match="gives 2 scores"):
        CrossEncoderReranker(str(saved_cross_encoder(tmp_path / "two", labels=2)), 10)


def test_a_cross_encoder_whose_scores_are_no_numbers_is_an_error(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    directory = saved_cross_encoder(tmp_path, labels=1)
    tensors = load_file(directory / "model.safetensors")
    tensors["classifier.bias"] = torch.full_like(tensors["classifier.bias"], float("nan"))
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        CrossEncoderReranker(str(directory), 10).rerank("Who?", [passage(1, 0.5)])
