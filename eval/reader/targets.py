"""What the network should say of a window, and how far it is from saying so.

Four losses are added up. A window's starts and ends are compared with the annotators' shares, piece 0 standing for "no answer
here" (Devlin et al., NAACL 2019). All windows of one question share a second softmax without piece 0, which makes scores
comparable between passages (Clark and Gardner, ACL 2018). Sentences and whole windows are judged by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, pad

from eval.reader.examples import Marking
from rag.read.encode import Integers, Window
from rag.read.model import Scores

Shares = NDArray[np.float32]

EXCLUDED = -1e4
"""The logit of a piece that cannot be chosen: finite, since 0 times infinity is no number."""


@dataclass(frozen=True, slots=True)
class Task:
    """A window, its sentences, and what is right about it.

    `starts` and `ends` are distributions over its pieces, shape (pieces,). Of shape (sentences,), `evidence` has 1 for a sentence
    that holds an answer, `judged` 1 for one that is in the window; others have 0. `group` numbers the question.
    """

    window: Window
    sentences: tuple[tuple[int, int], ...]
    starts: Shares
    ends: Shares
    evidence: Shares
    judged: Shares
    group: int

    @property
    def answers(self) -> bool:
        return bool(self.starts[0] < 1)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each loss counts for beside the window's own starts and ends, which count 1."""

    shared: float = 0.5
    evidence: float = 0.5
    answers: float = 0.5


def make_task(windows: Sequence[Window], sentences: tuple[tuple[int, int], ...], marked: Sequence[Marking], group: int) -> Task:
    """The task of the window that holds most of what is marked; of the first one where nothing is."""
    window = max(windows, key=lambda one: sum(mark.share for mark in marked if _holds(one, mark)))
    starts, ends = np.zeros(len(window.ids), np.float32), np.zeros(len(window.ids), np.float32)
    of_sentence = window.sentence_of(sentences)
    evidence, judged = (np.zeros(int(of_sentence.max(initial=0)) + 1, np.float32) for _ in range(2))
    judged[of_sentence[of_sentence >= 0]] = 1
    for mark in (mark for mark in marked if _holds(window, mark)):
        first, last = _pieces(window, mark)
        starts[window.first + first] += mark.share
        ends[window.first + last] += mark.share
        evidence[of_sentence[first]] = 1
    for distribution in (starts, ends):
        distribution[0] = 1 if not distribution.any() else 0
        distribution /= distribution.sum()
    return Task(window, sentences, starts, ends, evidence, judged, group)


def loss_of(tasks: Sequence[Task], scores: Scores, weights: Weights) -> Tensor:
    """The mean loss of a window. The scores' windows are those of `tasks`, in order."""
    allowed = _fill([_choosable(task.window) for task in tasks], scores.starts.shape[1]) > 0
    of_text = allowed.clone()
    of_text[:, 0] = False
    answering = [task.answers for task in tasks]
    total = torch.zeros(())
    for logits, wanted in (
        (scores.starts, _fill([task.starts for task in tasks], scores.starts.shape[1])),
        (scores.ends, _fill([task.ends for task in tasks], scores.ends.shape[1])),
    ):
        own = logits.masked_fill(~allowed, EXCLUDED)
        total = total + (own.logsumexp(1) - (own * wanted).sum(1)).mean() / 2
        shared = _compute_shared_loss(logits.masked_fill(~of_text, EXCLUDED), wanted, [task.group for task in tasks], answering)
        total = total + weights.shared * shared / 2
    judged = _fill([task.judged for task in tasks], scores.sentences.shape[1])
    evidence = _fill([task.evidence for task in tasks], scores.sentences.shape[1])
    of_sentences = binary_cross_entropy_with_logits(scores.sentences, evidence, judged, reduction="sum") / len(tasks)
    of_windows = binary_cross_entropy_with_logits(scores.answers, torch.tensor(answering, dtype=torch.float32))
    return total + weights.evidence * of_sentences + weights.answers * of_windows


def join_scores(parts: Sequence[Scores]) -> Scores:
    """The scores of several batches as those of one."""
    pieces = max(part.starts.shape[1] for part in parts)
    sentences = max(part.sentences.shape[1] for part in parts)
    return Scores(
        torch.cat([pad(part.starts, (0, pieces - part.starts.shape[1])) for part in parts]),
        torch.cat([pad(part.ends, (0, pieces - part.ends.shape[1])) for part in parts]),
        torch.cat([pad(part.sentences, (0, sentences - part.sentences.shape[1])) for part in parts]),
        torch.cat([part.answers for part in parts]),
    )


def _compute_shared_loss(logits: Tensor, wanted: Tensor, groups: Sequence[int], answering: Sequence[bool]) -> Tensor:
    """The mean over the windows that answer of the cross entropy, every window of the same question in one softmax."""
    of_window = logits.logsumexp(1)
    numbers = torch.tensor(groups)
    losses = [
        of_window[numbers == group].logsumexp(0) - (logits[row] * wanted[row]).sum()
        for row, group in enumerate(groups)
        if answering[row]
    ]
    return torch.stack(losses).mean() if losses else torch.zeros(())


def _choosable(window: Window) -> Shares:
    mask = np.zeros(len(window.ids), np.float32)
    mask[0] = 1
    mask[window.first : window.first + len(window.spans)] = 1
    return mask


def _fill(rows: Sequence[Shares], width: int) -> Tensor:
    filled = np.zeros((len(rows), width), np.float32)
    for row, values in enumerate(rows):
        filled[row, : len(values)] = values
    return torch.from_numpy(filled)


def _holds(window: Window, mark: Marking) -> bool:
    return bool(len(window.spans)) and bool(window.spans[0, 0] <= mark.start and mark.end <= window.spans[-1, 1])


def _pieces(window: Window, mark: Marking) -> tuple[int, int]:
    """The first and the last piece of the text that the marked characters touch."""
    touched: Integers = np.flatnonzero((window.spans[:, 1] > mark.start) & (window.spans[:, 0] < mark.end))
    return int(touched[0]), int(touched[-1])
