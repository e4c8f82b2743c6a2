"""Writing: a language model is asked for an answer, of which only what the passages carry is kept."""

from rag.write.answerer import WritingAnswerer
from rag.write.relevance import Relevance

__all__ = ["Relevance", "WritingAnswerer"]
