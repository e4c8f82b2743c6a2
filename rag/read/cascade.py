"""Two readers, one behind the other: a quick one reads every passage whole, a close one the few sentences that look best.

A cascade (Viola and Jones, CVPR 2001; for ranking Wang, Lin and Metzler, SIGIR 2011). Each of those sentences is read once more
with its neighbours alone; what is believed of it is nearly what the close reader says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.protocols import Reader
from rag.read.encode import Cut
from rag.types import Reading, Span, Text

COUNT = 6
"""Sentences that are read closely for one question."""
BEFORE, AFTER = 2, 1
"""Sentences before and after it that one is read with, where they are short enough."""
CHARACTERS = 330
"""An excerpt's characters at most, but for a single sentence that is longer."""
SHARE = 0.75
"""The share of the close reader in what both say of a sentence."""
UNREAD = -3.0
"""What the close reader is taken to say of a sentence that it did not read, less what the quick one says."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The sentence `sentence` of the text `text` with its neighbours: sentences `first` to `last`, which is included."""

    text: int
    sentence: int
    first: int
    last: int

    def cut(self, spans: Cut) -> tuple[int, int]:
        """Its characters in its text, whose sentences are `spans`."""
        return spans[self.first][0], spans[self.last][1]


class CascadeReader:
    """`quick` reads everything, then `close` the `count` best sentences. Texts without sentences are read by `quick` alone."""

    def __init__(self, quick: Reader, close: Reader, count: int = COUNT) -> None:
        self.quick = quick
        self.close = close
        self._count = count
        self.name = f"{quick.name}+{close.name}"

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        """A reading for each text, on one scale. Raises ModelError when a network gives a score that is not finite."""
        readings = self.quick.read(question, texts, sentences)
        cut = [tuple(spans) for spans in sentences]
        excerpts = choose_excerpts(readings, cut, self._count)
        if not excerpts:
            return readings
        parts, inside = [], []
        for one in excerpts:
            start, end = one.cut(cut[one.text])
            parts.append(Text(texts[one.text].text[start:end], texts[one.text].title))
            inside.append(tuple((a - start, b - start) for a, b in cut[one.text][one.first : one.last + 1]))
        closely = self.close.read(question, parts, inside)
        return [
            join_readings(
                reading, spans, [(one, close) for one, close in zip(excerpts, closely, strict=True) if one.text == number]
            )
            for number, (reading, spans) in enumerate(zip(readings, cut, strict=True))
        ]


def quick_of(reader: Reader) -> Reader:
    """What reads whole passages: of a cascade its quick reader, any other reader itself."""
    return reader.quick if isinstance(reader, CascadeReader) else reader


def close_of(reader: Reader | None) -> Reader | None:
    """What reads single sentences: the close reader of a cascade; None for any other."""
    return reader.close if isinstance(reader, CascadeReader) else None


def choose_excerpts(readings: Sequence[Reading], cut: Sequence[Cut], count: int) -> list[Excerpt]:
    """The `count` sentences that most probably answer, best first, each with its neighbours."""
    every = [(score, text, i) for text, reading in enumerate(readings) for i, score in enumerate(reading.sentences)]
    best = sorted(every, key=lambda one: (-one[0], one[1], one[2]))[:count]
    return [make_excerpt(cut[text], text, i) for _, text, i in best if cut[text]]


def make_excerpt(spans: Cut, text: int, sentence: int, before: int = BEFORE, after: int = AFTER) -> Excerpt:
    """The sentence with as many of its neighbours as fit into CHARACTERS; those after it go first."""
    first, last = max(0, sentence - before), min(len(spans) - 1, sentence + after)
    while spans[last][1] - spans[first][0] > CHARACTERS and first < last:
        if last > sentence:
            last -= 1
        else:
            first += 1
    return Excerpt(text, sentence, first, last)


def join_readings(quick: Reading, spans: Cut, close: Sequence[tuple[Excerpt, Reading]]) -> Reading:
    """What both say of a text whose sentences are `spans`: of a sentence read closely the weighted mean of their logits, and the
    close reader's short answers in it; of the others what the quick one says, less what UNREAD takes."""
    sentences = [score + SHARE * UNREAD for score in quick.sentences]
    silence, answers = quick.silence, quick.answers + SHARE * UNREAD
    found: list[Span] = []
    for excerpt, reading in close:
        start, _ = excerpt.cut(spans)
        own = spans[excerpt.sentence]
        sentences[excerpt.sentence] = _mean(
            quick.sentences[excerpt.sentence], reading.sentences[excerpt.sentence - excerpt.first]
        )
        answers = max(answers, _mean(quick.answers, reading.answers))
        moved = (replace(span, start=span.start + start, end=span.end + start) for span in reading.spans)
        margin = quick.silence - reading.silence  # onto the scale of the text's own silence
        found += (replace(span, score=span.score + margin) for span in moved if own[0] <= span.start and span.end <= own[1])
    closely = {spans[excerpt.sentence] for excerpt, _ in close}
    kept = [span for span in quick.spans if not any(a <= span.start and span.end <= b for a, b in closely)]
    lowered = (replace(span, score=span.score + 2 * SHARE * UNREAD) for span in kept)  # a span's score is of two logits
    return Reading(tuple(sorted((*found, *lowered), key=lambda span: -span.score)), silence, tuple(sentences), answers)


def _mean(quick: float, close: float) -> float:
    return (1 - SHARE) * quick + SHARE * close
