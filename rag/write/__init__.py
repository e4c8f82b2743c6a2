"""Writing: a language model is asked for an answer, of which only what the passages carry is kept."""

from rag.write.answerer import WritingAnswerer

__all__ = ["WritingAnswerer"]
