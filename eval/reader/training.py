"""The training loop: shuffled questions with hard negatives, AdamW, a linear schedule, and checkpoints that resume exactly."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch.nn.utils import clip_grad_norm_

from eval.reader.examples import Example, ReadingSet
from eval.reader.targets import Task, Weights, join_scores, loss_of, make_task
from rag.batches import batches
from rag.errors import InputError
from rag.read.close_model import CloseNetwork
from rag.read.encode import PairEncoder, membership, pad
from rag.read.model import ReaderNetwork, Scores, get_trained_state

Network = ReaderNetwork | CloseNetwork
CHECKPOINT = "checkpoint.pt"
SHAPES = 32
"""Lengths are rounded up to a multiple of it: tensors of few shapes are made and freed without tearing memory to pieces."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `questions` are those of a step, `negatives` the share of answerable questions given a hard negative.

    `steps`, where given, ends the training after so many, with the learning rate at 0. `bfloat16` multiplies in half the bits,
    which is faster where the processor has instructions for it.
    """

    epochs: int = 2
    steps: int | None = None
    questions: int = 12
    learning_rate: float = 1e-4
    weight_decay: float = 0.01
    warm_up: float = 0.06
    negatives: float = 0.5
    dropout: float = 0.0
    seed: int = 2022
    at_once: int = 8
    bfloat16: bool = False
    losses: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Step:
    """Where training stands: `done` of `total` steps, and the loss of the last one."""

    done: int
    total: int
    loss: float


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is trained on: for each example of `reading` the paragraphs in `hardest` that do not answer it."""

    reading: ReadingSet
    hardest: Sequence[tuple[int, ...]]


class Trainer:
    """Trains `network` in place; `folder` holds the checkpoint, written every `seconds` and at the end."""

    def __init__(
        self, network: Network, pairs: PairEncoder, lessons: Lessons, recipe: Recipe, folder: Path, seconds: float = 120.0
    ) -> None:
        self._network = network
        self._pairs = pairs
        self._lessons = lessons
        self._recipe = recipe
        self._file = folder / CHECKPOINT
        self._seconds = seconds
        self._a_round = -(-len(lessons.reading.examples) // recipe.questions)
        self.total = min(recipe.epochs * self._a_round, recipe.steps or recipe.epochs * self._a_round)
        self._optimizer = torch.optim.AdamW(
            [parameter for parameter in network.parameters() if parameter.requires_grad],
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
        )

    def run(self, told: Callable[[Step], None], until: int | None = None) -> None:
        """Train from the last checkpoint on, or from the start, to step `until` (default: the last), telling every step."""
        done = self._resume()
        last = self.total if until is None else min(until, self.total)
        saved = time.monotonic()
        self._network.train()
        while done < last:
            loss = self._step(done)
            done += 1
            told(Step(done, self.total, loss))
            if time.monotonic() - saved > self._seconds or done == last:
                self._save(done)
                saved = time.monotonic()
        self._network.eval()

    def _step(self, done: int) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._recipe.learning_rate * schedule(done, self.total, self._recipe.warm_up)
        tasks = sorted(self._tasks(done), key=lambda task: len(task.window.ids))
        with torch.autocast("cpu", torch.bfloat16, enabled=self._recipe.bfloat16):
            parts = [scores_of(self._network, some) for some in batches(tasks, self._recipe.at_once)]
        loss = loss_of(tasks, join_scores(parts), self._recipe.losses)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _tasks(self, done: int) -> Iterator[Task]:
        """The windows of one step; the same for the same step and seed, whatever went before."""
        for index, drawing in self._drawn(done):
            example = self._lessons.reading.examples[index]
            yield self._task(example, example.paragraph, index)
            others = self._lessons.hardest[index]
            if others and drawing.random() < self._recipe.negatives:
                yield self._task(example, drawing.choice(others), index)

    def _drawn(self, done: int) -> Iterator[tuple[int, random.Random]]:
        """The questions of one step, and for each what draws its windows."""
        epoch, step = divmod(done, self._a_round)
        order = list(range(len(self._lessons.reading.examples)))
        random.Random(f"{self._recipe.seed} {epoch}").shuffle(order)
        for index in order[step * self._recipe.questions : (step + 1) * self._recipe.questions]:
            yield index, random.Random(f"{self._recipe.seed} {epoch} {index}")

    def _task(self, example: Example, paragraph: int, group: int) -> Task:
        chosen = self._lessons.reading.paragraphs[paragraph]
        windows = self._pairs.windows(example.question, [chosen.text])
        return make_task(windows, chosen.sentences, example.marked if paragraph == example.paragraph else (), group)

    def _resume(self) -> int:
        if not self._file.exists():
            torch.manual_seed(self._recipe.seed)
            return 0
        state = torch.load(self._file, weights_only=True)
        if state["recipe"] != repr(self._recipe) or state["total"] != self.total:
            raise InputError(f"{self._file} is of another training; name another --checkpoints folder, or remove it")
        self._network.load_state_dict(state["network"], strict=False)
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        return int(state["done"])

    def _save(self, done: int) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": repr(self._recipe),
            "total": self.total,
            "done": done,
            "network": get_trained_state(self._network),
            "optimizer": self._optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        aside = self._file.with_suffix(".part")
        torch.save(state, aside)
        aside.replace(self._file)


def scores_of(network: Network, tasks: Sequence[Task]) -> Scores:
    """What the network says of the tasks' windows."""
    windows = [task.window for task in tasks]
    inputs = pad(windows, SHAPES)
    sentence_of = membership(windows, [task.sentences for task in tasks], SHAPES)
    return network(*map(torch.from_numpy, (inputs.ids, inputs.segments, inputs.present, sentence_of)))  # type: ignore[no-any-return]


def schedule(done: int, total: int, warm_up: float) -> float:
    """The share of the learning rate: rising over the first `warm_up` of all steps, then falling to 0, both in a line."""
    rising = max(1.0, warm_up * total)
    return min((done + 1) / rising, max(0.0, (total - done) / max(1.0, total - rising)))
