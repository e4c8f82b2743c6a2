"""Measures of citations."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.answers import contains_answer
from rag.types import Answer, Article, Citation


def is_exact(citation: Citation, article: Article | None) -> bool:
    """Whether `article.text[start:end] == quote`, with a span inside the text that is not empty. No article, no."""
    if article is None or not 0 <= citation.start < citation.end <= len(article.text):
        return False
    return article.text[citation.start : citation.end] == citation.quote


def join_cited(answer: Answer) -> str:
    """The sentences of an answer that carry at least one citation, joined by spaces."""
    return " ".join(sentence.text for sentence in answer.sentences if sentence.citations)


def contain_answer(citations: Sequence[Citation], answers: Sequence[str]) -> bool:
    """Whether one of the quotes contains one of the answers (see `contains_answer`)."""
    return any(contains_answer(citation.quote, answers) for citation in citations)
