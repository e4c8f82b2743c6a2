"""Of the figures of a story those that a reader takes for answers: "61 people" counts no dairies."""

from __future__ import annotations

from collections.abc import Sequence

from rag.protocols import Reader
from rag.story.dated import Dated
from rag.types import Text

READ = 12
"""Figures that are read, the first ones; the others are left out."""
LEAST, NEAR = 2.0, 3.0
"""The margin of a figure over there being no answer, in logits, at least; and how far it may lie below the best of all."""


def keep_stated(question: str, found: Sequence[Dated], reader: Reader) -> list[Dated]:
    """Those of which the reader takes the value, in its sentence alone, for the answer. Raises ModelError as the reader does."""
    first = found[:READ]
    margins = _margins(question, first, reader)
    least = max([LEAST, *(margin - NEAR for margin in margins)])
    return [one for one, margin in zip(first, margins, strict=True) if margin >= least]


def _margins(question: str, found: Sequence[Dated], reader: Reader) -> list[float]:
    """How far the best span of each sentence is above "no answer"; of one without the value as far as one not to be kept."""
    texts = [Text(one.statement.text, one.statement.quote.source.title) for one in found]
    readings = reader.read(question, texts, [((0, len(text.text)),) for text in texts])
    margins = []
    for one, reading in zip(found, readings, strict=True):
        best, number = reading.spans[0] if reading.spans else None, one.value.number
        has = best is not None and best.start < number.end and number.start < best.end
        margins.append(best.score - reading.silence if best and has else LEAST - NEAR)
    return margins
