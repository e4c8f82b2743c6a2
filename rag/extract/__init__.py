"""Answering without a language model, in the archive's own words."""

from rag.extract.answerer import ExtractiveAnswerer

__all__ = ["ExtractiveAnswerer"]
