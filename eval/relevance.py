"""Which articles and passages of a ranking a gold item wants."""

from __future__ import annotations

from collections.abc import Sequence

from eval.datasets import Evidence, Gold
from rag.types import Passage

Found = list[frozenset[int]]


def ranked_articles(passages: Sequence[Passage]) -> list[str]:
    """The ids of the articles, each at the rank of its best passage."""
    return list(dict.fromkeys(passage.chunk.source.id for passage in passages))


def found_articles(article_ids: Sequence[str], gold: Gold) -> Found:
    """For each ranked article, which of the gold articles it is, as a set of none or one of their positions."""
    position = {article_id: number for number, article_id in enumerate(gold.article_ids)}
    return [frozenset([position[one]] if one in position else []) for one in article_ids]


def found_evidence(passages: Sequence[Passage], gold: Gold) -> Found:
    """For each ranked passage, the positions of the gold evidence that it holds."""
    texts = [squeeze(evidence.text or "") for evidence in gold.evidence]
    return [_held(passage, gold.evidence, texts) for passage in passages]


def squeeze(text: str) -> str:
    """`text` without white space, as MultiHop-RAG compares facts with chunks."""
    return "".join(text.split())


def _held(passage: Passage, wanted: Sequence[Evidence], texts: Sequence[str]) -> frozenset[int]:
    squeezed = squeeze(passage.chunk.text)
    pairs = enumerate(zip(wanted, texts, strict=True))
    return frozenset(number for number, (one, text) in pairs if (text and text in squeezed) or _overlaps(passage, one))


def _overlaps(passage: Passage, evidence: Evidence) -> bool:
    """Whether the passage shares characters with the evidence's span."""
    chunk = passage.chunk
    if evidence.start is None or evidence.end is None or evidence.article_id != chunk.source.id:
        return False
    return max(chunk.start, evidence.start) < min(chunk.end, evidence.end)
