"""Whether what a sentence rests on has to do with the question: a model can say true things that nobody asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rag.errors import ModelError
from rag.log import log_fault
from rag.protocols import Reader
from rag.read import Text
from rag.sentences import sentence_spans
from rag.types import Passage, Quote, Source

logger = logging.getLogger(__name__)

BESIDE, ANSWERING = -5.0, -3.0
"""The reader's logits below which a sentence is beside the question, and from which it may well answer it: of the sample's 155
sentences of evidence .81 and .67 are above them, of 4,132 other sentences of the same passages .14 and .06."""


class Relevance:
    """Asks the reader, which has read the passages for the same question already and remembers them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of(self, question: str, quotes: Sequence[Quote], passages: Sequence[Passage]) -> float | None:
        """The logit with which a sentence that shares characters with one of the `quotes` answers, the highest; None unread."""
        chunks = [passage.chunk for passage in passages]
        chunks = [one for one in chunks if any(overlaps(quote, one.source, one.start, one.end) for quote in quotes)]
        texts = [Text(chunk.text, chunk.source.title) for chunk in chunks]
        cut = [tuple(sentence_spans(text.text)) for text in texts]
        try:
            readings = self._reader.read(question, texts, cut)
        except ModelError as error:
            log_fault(logger, f"a written sentence was not judged by the reader: {error}")
            return None
        logits = [
            logit
            for chunk, spans, reading in zip(chunks, cut, readings, strict=True)
            for (start, end), logit in zip(spans, reading.sentences, strict=True)
            if any(overlaps(quote, chunk.source, chunk.start + start, chunk.start + end) for quote in quotes)
        ]
        return max(logits, default=None)


def overlaps(quote: Quote, source: Source, start: int, end: int) -> bool:
    """Whether a quote shares characters with those from `start` to `end` of the article of `source`."""
    return quote.source.id == source.id and quote.start < end and start < quote.end
