"""Extractive answers.

reading   by the reader: a short answer and the sentences that carry it (compose, short, trust are its steps)
answerer  by likeness of words, where there is no reader (features, background, model)
cues      what kind of answer a question asks for
fallback  one answerer behind another
"""

from rag.extract.answerer import ExtractiveAnswerer
from rag.extract.fallback import WithFallback
from rag.extract.reading import ReadingAnswerer
from rag.extract.trust import Setup, Trust, trust_for

__all__ = ["ExtractiveAnswerer", "ReadingAnswerer", "Setup", "Trust", "WithFallback", "trust_for"]
