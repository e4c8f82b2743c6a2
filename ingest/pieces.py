"""Sentences as the pieces that chunks are packed from; a sentence longer than a chunk comes in several."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from rag.sentences import sentence_spans
from rag.tokens import token_counts

_CLAUSE = re.compile(r"(?<=[;:,])\s+|(?<=[—–])\s*")
_BLANK = re.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a part of one that is longer than a chunk."""

    start: int
    end: int
    tokens: int
    ends_paragraph: bool


def size_of(pieces: Sequence[Piece]) -> int:
    return sum(piece.tokens for piece in pieces)


def pieces_of(text: str, language: str, budget: int) -> list[Piece]:
    """The sentences of a text, those longer than `budget` split."""
    pieces = _measure(text, sentence_spans(text, language))
    while any(piece.tokens > budget and piece.end - piece.start > 1 for piece in pieces):
        parts = [
            part
            for piece in pieces
            for part in ([piece] if piece.tokens <= budget else split(text, piece, math.ceil(piece.tokens / (0.9 * budget))))
        ]
        if len(parts) == len(pieces):
            break
        pieces = parts
    return pieces


def _measure(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """Pieces with their sizes; the blank or line break before a sentence counts as part of it."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    tokens = token_counts([text[max(start - 2, before) : end] for before, (start, end) in zip(ends, spans, strict=False)])
    return [
        Piece(start, end, count, ends_paragraph="\n" in text[end:following] or following == len(text))
        for (start, end), count, following in zip(spans, tokens, starts[1:], strict=True)
    ]


def split(text: str, piece: Piece, parts: int) -> list[Piece]:
    """About `parts` parts of a piece, of about the same length; the piece itself when it is one character."""
    length = piece.end - piece.start
    parts = min(parts, length)
    targets = [piece.start + length * number // parts for number in range(1, parts)]
    graphemes: list[int] = []
    cuts = {piece.start, piece.end}
    for target in targets:
        near = range(max(piece.start + 1, target - length // (2 * parts)), min(piece.end, target + length // (2 * parts)))
        cut = _nearest(text, near, target)
        if cut is None:
            graphemes = graphemes or [found.end() for found in _GRAPHEME.finditer(text, piece.start, piece.end)]
            cut = min(graphemes, key=lambda end: abs(end - target))
        cuts.add(cut if piece.start < cut < piece.end else target)
    edges = sorted(cuts)
    spans = [_trim(text, start, end) for start, end in pairwise(edges)]
    found = _measure(text, [(start, end) for start, end in spans if start < end])
    return [Piece(part.start, part.end, part.tokens, piece.ends_paragraph and part is found[-1]) for part in found]


def _nearest(text: str, near: range, target: int) -> int | None:
    """The end of a clause, else of a word, nearest to the target."""
    for pattern in (_CLAUSE, _BLANK):
        places = [found.end() for found in pattern.finditer(text, near.start, near.stop)]
        if places:
            return min(places, key=lambda place: abs(place - target))
    return None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
