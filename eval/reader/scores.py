"""Exact match and F1 of a reader on SQuAD paragraphs (Rajpurkar et al., EMNLP 2016 and ACL 2018).

An answer is withheld, as the empty text, where "no answer" scores higher than the best span; on a question that has none that is
right, on another wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.metrics.answers import exact_match, token_f1
from eval.reader.examples import Example, ReadingSet
from rag.read import Reading

Read = Callable[[Example], Reading]


@dataclass(frozen=True, slots=True)
class Marks:
    """Shares from 0 to 1 over `questions`; `forced` and `forced_f1`: of the best span of answerable questions, never withheld."""

    questions: int
    exact: float
    f1: float
    answerable_exact: float
    answerable_f1: float
    withheld: float
    forced: float
    forced_f1: float
    sentence: float

    def described(self) -> str:
        return (
            f"{self.questions} questions: EM {self.exact:.3f} F1 {self.f1:.3f}; answerable EM {self.answerable_exact:.3f}"
            f" F1 {self.answerable_f1:.3f}, never withheld {self.forced:.3f} {self.forced_f1:.3f}; rightly withheld"
            f" {self.withheld:.3f}; best sentence holds the answer {self.sentence:.3f}"
        )


def marks(examples: Sequence[Example], reading: ReadingSet, read: Read) -> Marks:
    """`read` gives the reading of an example's own paragraph, with its sentences."""
    exact: list[tuple[bool, float, float, float, float, float]] = []
    for example in examples:
        found = read(example)
        text = reading.paragraphs[example.paragraph].text.text
        best = found.spans[0] if found.spans else None
        said = text[best.start : best.end] if best else ""
        shown = said if best and best.score > found.silence else ""
        answers = example.answers or ("",)
        exact.append(
            (
                bool(example.marked),
                exact_match(shown, answers),
                token_f1(shown, answers),
                exact_match(said, answers),
                token_f1(said, answers),
                _in_best_sentence(example, reading, found),
            )
        )
    asked, silent = [row for row in exact if row[0]], [row for row in exact if not row[0]]
    return Marks(
        len(exact), _mean(exact, 1), _mean(exact, 2), _mean(asked, 1), _mean(asked, 2), _mean(silent, 1), _mean(asked, 3),
        _mean(asked, 4), _mean(asked, 5),
    )  # fmt: skip


def _in_best_sentence(example: Example, reading: ReadingSet, found: Reading) -> float:
    sentences = reading.paragraphs[example.paragraph].sentences
    start, end = sentences[max(range(len(sentences)), key=lambda i: found.sentences[i])]
    return float(any(start <= mark.start < end for mark in example.marked))


def _mean(rows: Sequence[tuple[float, ...]], column: int) -> float:
    return fmean(row[column] for row in rows) if rows else 0.0
