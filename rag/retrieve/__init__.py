"""Retrieval: both indexes are asked at once, their scores fused, what the question prefers put first, and the passages spread."""

from rag.retrieve.aims import intersect
from rag.retrieve.fusion import DENSE_WEIGHT, fuse
from rag.retrieve.prefer import FRESH_WEIGHT, HALF_LIFE, prefer, prefer_fresh
from rag.retrieve.retriever import Retriever
from rag.retrieve.spreading import spread

__all__ = ["DENSE_WEIGHT", "FRESH_WEIGHT", "HALF_LIFE", "Retriever", "fuse", "intersect", "prefer", "prefer_fresh", "spread"]
