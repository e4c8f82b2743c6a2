"""Citing: claims become sentences with numbered citations, and every quote is checked against the article it is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.types import Article, Citation, Claim, Quote, Sentence


@dataclass(frozen=True, slots=True)
class Citations:
    """Sentences, the citations they number, and how many quotes were refused for not being in their article."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    refused: int


def cite(claims: Sequence[Claim], articles: Mapping[str, Article]) -> Citations:
    """Number the quotes 1, 2, 3 in order of first appearance, one number for one span.

    A quote that is not the exact slice of its article is refused, and a claim left without a quote goes with it.
    """
    refused = 0
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for claim in claims:
        cited: list[int] = []
        for quote in claim.quotes:
            if not is_exact(quote, articles):
                refused += 1
                continue
            span = (quote.source.id, quote.start, quote.end)
            if span not in numbers:
                numbers[span] = len(citations) + 1
                citations.append(Citation(numbers[span], quote.source, quote.start, quote.end, quote.text))
            if numbers[span] not in cited:
                cited.append(numbers[span])
        if cited:
            sentences.append(Sentence(claim.text, tuple(cited), claim.support))
    return Citations(tuple(sentences), tuple(citations), refused)


def is_exact(quote: Quote, articles: Mapping[str, Article]) -> bool:
    """Whether `articles[quote.source.id].text[quote.start:quote.end] == quote.text`, and the quote is not empty."""
    article = articles.get(quote.source.id)
    if article is None or not 0 <= quote.start < quote.end <= len(article.text):
        return False
    return article.text[quote.start : quote.end] == quote.text
