"""Any extractive question-answering model of transformers as a reader.

Such a model scores the start and the end of an answer and nothing else. How well a sentence answers is taken to be the score of
its best span less that of the first piece, which in models trained with unanswerable questions stands for "no answer here"
(Devlin et al., NAACL 2019).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.batches import batches
from rag.errors import ModelError
from rag.read.encode import Cut, Window, pad
from rag.read.reader import BATCH, RememberingReader, WindowLogits, best_spans, merge_by_text
from rag.types import Reading, Text

if TYPE_CHECKING:
    from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase

LENGTH, OVERLAP = 384, 128
TITLE_END = ": "
LOWEST = -30.0
"""The logit of a sentence without a span among the best, and the least of any."""


class QuestionAnsweringReader(RememberingReader):
    """Reads on the CPU with a model for question answering.

    `model` is a name with its revision (OWNER/NAME@REVISION) or a local directory. Raises ModelError when it cannot be loaded,
    has no fast tokenizer, or is trained for something else. Code that comes with a model is never run, and only safetensors are
    read.
    """

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self.name = _name(model)
        self._tokenizer, self._network = self._load()

    def _read(self, question: str, texts: Sequence[Text], cut: Sequence[Cut]) -> list[Reading]:
        if not texts:
            return []
        windows, kinds = self._windows(question, texts)
        read = merge_by_text(windows, self._logits(windows, kinds), [0] * len(texts))
        return [score_sentences(one, spans) for one, spans in zip(read, cut, strict=True)]

    def _windows(self, question: str, texts: Sequence[Text]) -> tuple[list[Window], list[list[int]]]:
        """The windows of all texts, with the kinds of their pieces as the model has them."""
        windows: list[Window] = []
        kinds: list[list[int]] = []
        length = min(LENGTH, self._tokenizer.model_max_length)
        asked = _encodable(question)[-length * 2 :]
        for number, text in enumerate(texts):
            before = f"{_encodable(text.title)}{TITLE_END}" if text.title else ""
            encoding = self._tokenizer(
                asked, before + _encodable(text.text), truncation="only_second", max_length=length,
                stride=min(OVERLAP, length // 4), return_overflowing_tokens=True, return_offsets_mapping=True,
            )  # fmt: skip
            windows += [_window(encoding, row, number, len(before)) for row in range(len(encoding["input_ids"]))]
            kinds += encoding.get("token_type_ids") or [[0] * len(ids) for ids in encoding["input_ids"]]
        return windows, kinds

    def _logits(self, windows: Sequence[Window], kinds: Sequence[Sequence[int]]) -> list[WindowLogits]:
        import torch

        found: list[WindowLogits] = []
        for some in batches(range(len(windows)), BATCH):
            inputs = pad([windows[i] for i in some])
            given = {"input_ids": inputs.ids, "attention_mask": inputs.present}
            if "token_type_ids" in self._tokenizer.model_input_names:
                given["token_type_ids"] = np.zeros_like(inputs.ids)
                for row, i in enumerate(some):
                    given["token_type_ids"][row, : len(kinds[i])] = kinds[i]
            with torch.inference_mode():
                scores = self._network(**{name: torch.from_numpy(array) for name, array in given.items()})
            starts, ends = (np.asarray(one.float().numpy(), np.float32) for one in (scores.start_logits, scores.end_logits))
            if not (np.isfinite(starts).all() and np.isfinite(ends).all()):
                raise ModelError(f"the reader {self._model} gave a score that is not finite; set DATELINE_READER to another")
            for row, i in enumerate(some):
                size = len(windows[i].ids)
                found.append(_judge(windows[i], starts[row, :size], ends[row, :size]))
        return found

    def _load(self) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        name, _, revision = self._model.partition("@")
        where: dict[str, Any] = {"revision": revision or "main", "trust_remote_code": False}
        try:
            tokenizer = AutoTokenizer.from_pretrained(name, **where)
            network, report = AutoModelForQuestionAnswering.from_pretrained(
                name, use_safetensors=True, output_loading_info=True, **where
            )
        except Exception as error:  # the hub, transformers and safetensors share no type of error
            first = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(f"DATELINE_READER: {self._model} cannot be loaded as a question-answering model: {first}") from error
        if report["missing_keys"]:
            raise ModelError(f"DATELINE_READER: {self._model} was not trained to answer questions; name a model that was")
        if not tokenizer.is_fast or tokenizer.padding_side != "right":
            raise ModelError(
                f"DATELINE_READER: the tokenizer of {self._model} does not tell where its pieces stand; name another"
            )
        return tokenizer, network.eval()


def score_sentences(reading: Reading, sentences: Cut) -> Reading:
    """`reading` with a logit for each of the text's `sentences`: that of its best span."""
    best = [
        max((span.score - reading.silence for span in reading.spans if start <= span.start and span.end <= end), default=LOWEST)
        for start, end in sentences
    ]
    return Reading(reading.spans, reading.silence, tuple(max(LOWEST, one) for one in best), reading.answers)


def _window(encoding: BatchEncoding, row: int, text: int, title: int) -> Window:
    """The window in `row`; its spans are those of the text alone, without the `title` characters before it."""
    ids = np.asarray(encoding["input_ids"][row], np.int64)
    offsets = np.asarray(encoding["offset_mapping"][row], np.int64).reshape(-1, 2)
    inside = [
        i for i, part in enumerate(encoding.sequence_ids(row)) if part == 1 and offsets[i, 0] >= title and offsets[i, 1] > title
    ]
    words = np.asarray([word if word is not None else -1 for word in (encoding.word_ids(row)[i] for i in inside)], np.int64)
    changes = words[1:] != words[:-1]
    edge = np.ones(min(1, len(words)), np.bool_)
    spans = offsets[inside] - title if inside else np.zeros((0, 2), np.int64)
    return Window(
        text, ids, inside[0] if inside else len(ids) - 1, spans, np.concatenate([edge, changes]), np.concatenate([changes, edge])
    )


def _judge(window: Window, starts: np.typing.NDArray[np.float32], ends: np.typing.NDArray[np.float32]) -> WindowLogits:
    best = best_spans(window, starts, ends, 1)
    silence = float(starts[0] + ends[0])
    return WindowLogits(starts, ends, np.zeros(0, np.float32), best[0].score - silence if best else LOWEST)


def _name(model: str) -> str:
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return model
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates, each by one character
