"""Which articles and passages of a ranking a gold item wants, and which of its evidence an answer quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from eval.datasets import Evidence, Gold
from eval.metrics.citations import is_exact
from rag.types import Article, Citation, Passage

Found = list[frozenset[int]]
Lookup = Callable[[str], Article | None]


def rank_articles(passages: Sequence[Passage]) -> list[str]:
    """The ids of the articles, each at the rank of its best passage."""
    return list(dict.fromkeys(passage.chunk.source.id for passage in passages))


def find_articles(article_ids: Sequence[str], gold: Gold) -> Found:
    """For each ranked article, which of the gold articles it is, as a set of none or one of their positions."""
    position = {article_id: number for number, article_id in enumerate(gold.article_ids)}
    return [frozenset([position[one]] if one in position else []) for one in article_ids]


def find_evidence(passages: Sequence[Passage], gold: Gold) -> Found:
    """For each ranked passage, the positions of the gold evidence that it holds."""
    return [_positions(gold, partial(_holds, passage)) for passage in passages]


def quote_evidence(cited: Sequence[Citation], gold: Gold, lookup: Lookup) -> Found:
    """For each citation, the positions of the gold evidence that it overlaps.

    Evidence with a span is overlapped by a citation that shares characters with it. Other evidence is compared as text without
    white space: one holds the other, or the evidence stands in the cited article and shares characters with the quote there.
    """
    return [_positions(gold, partial(_overlaps, citation, lookup(citation.source.id))) for citation in cited]


def squeeze(text: str) -> str:
    """`text` without white space, as MultiHop-RAG compares facts with chunks."""
    return "".join(text.split())


def _positions(gold: Gold, meets: Callable[[Evidence], bool]) -> frozenset[int]:
    return frozenset(number for number, one in enumerate(gold.evidence) if meets(one))


def _holds(passage: Passage, evidence: Evidence) -> bool:
    chunk, wanted = passage.chunk, squeeze(evidence.text or "")
    return bool(wanted and wanted in squeeze(chunk.text)) or _meets_span(evidence, chunk.source.id, chunk.start, chunk.end)


def _overlaps(citation: Citation, article: Article | None, evidence: Evidence) -> bool:
    if evidence.start is not None:
        return _meets_span(evidence, citation.source.id, citation.start, citation.end)
    wanted, quote = squeeze(evidence.text or ""), squeeze(citation.quote)
    if not wanted or not quote:
        return False
    return wanted in quote or quote in wanted or _straddles(wanted, citation, article)


def _straddles(wanted: str, citation: Citation, article: Article | None) -> bool:
    """Whether the article has the squeezed text where it shares characters with the quote. A wrong quote stands nowhere."""
    if article is None or not is_exact(citation, article):
        return False
    before, after = squeeze(article.text[: citation.start]), squeeze(article.text[citation.end :])
    reach = len(wanted) - 1
    return wanted in before[max(0, len(before) - reach) :] + squeeze(citation.quote) + after[:reach]


def _meets_span(evidence: Evidence, article_id: str, start: int, end: int) -> bool:
    """Whether these characters of the article share some with the evidence's span."""
    if evidence.start is None or evidence.end is None or evidence.article_id != article_id:
        return False
    return max(start, evidence.start) < min(end, evidence.end)
