"""Training on a few sentences instead of whole paragraphs: what the close reader sees of a passage.

A question is read in an excerpt around its answer; in one of the same paragraph without the answer, and in one of a paragraph
that retrieval takes for it, both around the sentence with most of the question's words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from eval.reader.examples import Example, Marking, Paragraph
from eval.reader.rounding import RoundedMatrices
from eval.reader.targets import Task, make_task
from eval.reader.training import SHAPES, Lessons, Recipe, Step, Trainer
from rag.read.cascade import make_excerpt
from rag.read.close_model import CloseNetwork
from rag.read.encode import PairEncoder, pad
from rag.read.packed import Bits
from rag.types import Text

WINDOWS = 56
"""Excerpts of a step at most."""
BESIDE = 0.3
"""The share of answerable questions that are also read beside their answer, in its paragraph."""
STEM = 6
BATCH = 28
"""Excerpts of a batch of `windows`."""
_WORDS = re.compile(r"\w{3,}")


class CropTrainer(Trainer):
    """Trains a network on excerpts."""

    def _tasks(self, done: int) -> Iterator[Task]:
        return iter(list(self._crops(done))[:WINDOWS])

    def _crops(self, done: int) -> Iterator[Task]:
        reading, hardest = self._lessons.reading, self._lessons.hardest
        for index, drawing in self._drawn(done):
            example = reading.examples[index]
            own = reading.paragraphs[example.paragraph]
            if not own.sentences:
                continue
            yield self._crop(example, own, best_sentence(example, own, drawing), index, drawing)
            beside = [i for i, (start, end) in enumerate(own.sentences) if not holds(start, end, example.marked)]
            if example.marked and drawing.random() < BESIDE and beside:
                yield self._crop(example, own, nearest(example.question, own, beside, drawing), index, drawing, ends=True)
            if hardest[index] and drawing.random() < self._recipe.negatives:
                other = reading.paragraphs[drawing.choice(hardest[index])]
                if other.sentences:
                    place = nearest(example.question, other, range(len(other.sentences)), drawing)
                    yield self._crop(example, other, place, index, drawing)

    def _crop(
        self, example: Example, paragraph: Paragraph, sentence: int, group: int, drawing: random.Random, *, ends: bool = False
    ) -> Task:
        """The question with the sentence and some of its neighbours; none after it where the excerpt `ends` with it."""
        before = drawing.choice((0, 1, 1, 2))
        excerpt = make_excerpt(paragraph.sentences, 0, sentence, before, 0 if ends else drawing.choice((0, 1, 1)))
        start, end = excerpt.cut(paragraph.sentences)
        inside = tuple((a - start, b - start) for a, b in paragraph.sentences[excerpt.first : excerpt.last + 1])
        own = paragraph is self._lessons.reading.paragraphs[example.paragraph]
        marked = [one for one in example.marked if own and start <= one.start and one.end <= end]
        total = sum(one.share for one in marked)
        moved = [Marking(one.start - start, one.end - start, one.share / total) for one in marked]
        text = Text(paragraph.text.text[start:end], paragraph.text.title)
        return make_task(self._pairs.windows(example.question, [text]), inside, moved, group)

    def windows(self, steps: int) -> list[tuple[Tensor, Tensor]]:
        """What the network reads in the first `steps` steps: batches of ids and of which of them are there."""
        windows = [task.window for step in range(steps) for task in self._tasks(step)]
        batches = [pad(windows[first : first + BATCH], SHAPES) for first in range(0, len(windows), BATCH)]
        return [(torch.from_numpy(batch.ids), torch.from_numpy(batch.present)) for batch in batches]


class RoundedCropTrainer(CropTrainer):
    """Trains `network` on excerpts, the matrices of its trained layers rounded to `bits` when they read, and at the end."""

    def __init__(
        self, network: CloseNetwork, pairs: PairEncoder, lessons: Lessons, recipe: Recipe, folder: Path, bits: Bits
    ) -> None:
        super().__init__(network, pairs, lessons, recipe, folder)
        self._matrices = RoundedMatrices(network.layers, bits)
        self._matrices.follow(self._optimizer)

    def run(self, told: Callable[[Step], None], until: int | None = None) -> None:
        super().run(told, until)
        self._matrices.round()

    def _step(self, done: int) -> float:
        self._matrices.round()  # the first step's; after that the optimizer does it
        return super()._step(done)

    def _save(self, done: int) -> None:
        self._matrices.restore()
        super()._save(done)
        self._matrices.round()


def best_sentence(example: Example, paragraph: Paragraph, drawing: random.Random) -> int:
    """The sentence that most annotators marked; of a question without an answer the one with most of its words."""
    if not example.marked:
        return nearest(example.question, paragraph, range(len(paragraph.sentences)), drawing)
    mark = max(example.marked, key=lambda one: one.share)
    return next((i for i, (start, end) in enumerate(paragraph.sentences) if start <= mark.start < end), 0)


def holds(start: int, end: int, marked: Sequence[Marking]) -> bool:
    """Whether an answer begins between the characters `start` and `end`."""
    return any(start <= one.start < end for one in marked)


def nearest(question: str, paragraph: Paragraph, among: Sequence[int], drawing: random.Random) -> int:
    """Of the sentences `among` the one with most stems of the question; `drawing` decides between equals."""
    asked = stems(question)
    return max(among, key=lambda i: (len(asked & stems(paragraph.text.text[slice(*paragraph.sentences[i])])), drawing.random()))


def stems(text: str) -> set[str]:
    return {word.lower()[:STEM] for word in _WORDS.findall(text)}
