"""Articles to chunks: exact slices of whole sentences, sized in cl100k tokens, that also fit the embedder's own window.

Sentences are packed greedily. Sizes of sentences do not add up to the size of the slice that holds them, so every finished slice
is measured again, in both kinds of tokens, and one that is too long is halved. Only a sentence longer than a chunk is split:
between clauses, else between words, else between graphemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from ingest.pieces import Piece, pieces_of, size_of, split
from rag.errors import UsageError
from rag.protocols import Embedder
from rag.tokens import token_counts
from rag.types import Article, Chunk, Fingerprint

PARAGRAPH_SHARE = 0.8
"""From this share of a full chunk on, a chunk rather ends with a paragraph than with a later sentence."""
SMALL_SHARE = 1 / 3
"""A last chunk below this share takes sentences from the one before."""
TITLE_SHARE = 1 / 4
"""The most of the embedder's window that the title may take."""
OWN_SHARE = 0.85
"""cl100k tokens that usually fit one token of an embedder's window; slices that do not fit are halved."""
SMALLEST_WINDOW = 16


@dataclass(frozen=True, slots=True)
class _Group:
    """The pieces of one chunk: some repeated from the chunk before, then its own."""

    overlap: tuple[Piece, ...]
    fresh: tuple[Piece, ...]

    @property
    def span(self) -> tuple[int, int]:
        return (self.overlap or self.fresh)[0].start, self.fresh[-1].end


class Chunker:
    """`tokens` and `overlap` are cl100k tokens. Raises UsageError when they do not go together or with the embedder."""

    version = "sentences-1"

    def __init__(self, tokens: int, overlap: int, embedder: Embedder) -> None:
        if overlap > tokens // 2:
            raise UsageError(f"DATELINE_CHUNK_OVERLAP: {overlap} is more than half of DATELINE_CHUNK_TOKENS, {tokens}")
        if embedder.window < SMALLEST_WINDOW:
            raise UsageError(f"DATELINE_MODEL: {embedder.model} reads only {embedder.window} tokens at once; name another model")
        self._tokens = tokens
        self._overlap = overlap
        self._embedder = embedder
        # what remembers must not hold the chunker: only the garbage collector would ever free its model
        self._headed = lru_cache(maxsize=1024)(partial(_head, embedder))

    @property
    def fingerprint(self) -> Fingerprint:
        """What decides the chunks and vectors that this chunker and its embedder make."""
        model = self._embedder
        return Fingerprint(
            model=model.model,
            revision=model.revision,
            dimension=model.dimension,
            normalised=True,
            query_prefix="",
            document_prefix="",
            titled=True,
            chunker=self.version,
            chunk_tokens=self._tokens,
            chunk_overlap=self._overlap,
        )

    def chunk(self, article: Article) -> tuple[Chunk, ...]:
        """The chunks of an article in order; each character of it that is not white space is in at least one."""
        text = article.text
        head, length = self._headed(article.source.title)
        budget = max(1, min(self._tokens, int(OWN_SHARE * (self._embedder.window - length))))
        groups = self._pack(pieces_of(text, (article.source.language or "en").lower()[:2], budget), budget)
        spans: list[tuple[int, int]] = []
        for group in self._fit(text, head, groups):
            start, end = group.span
            while spans and spans[-1][0] >= start:  # the whole chunk before is repeated in this one
                spans.pop()
            spans.append((start, end))
        return tuple(Chunk(article.source, start, end, text[start:end]) for start, end in spans)

    def make_embedded_text(self, chunk: Chunk) -> str:
        """What is embedded of a chunk: the title of its article, as far as it fits, and its text."""
        head, _ = self._headed(chunk.source.title)
        return _under(head, chunk.text)

    def _pack(self, pieces: Sequence[Piece], budget: int) -> list[_Group]:
        groups: list[_Group] = []
        overlap: tuple[Piece, ...] = ()
        fresh: tuple[Piece, ...] = ()
        for piece in pieces:
            if fresh and size_of(overlap) + size_of(fresh) + piece.tokens > budget:
                cut = _paragraph_end(fresh, piece, budget)
                groups.append(_Group(overlap, fresh[:cut]))
                overlap, fresh = self._find_overlap(fresh[:cut], budget - size_of(fresh[cut:]) - piece.tokens), fresh[cut:]
            fresh = (*fresh, piece)
        if fresh:
            groups.append(_Group(overlap, fresh))
        if len(groups) > 1 and size_of(groups[-1].fresh) < SMALL_SHARE * budget:
            groups[-2:] = self._halves(groups[-2].overlap, groups[-2].fresh + groups[-1].fresh, budget)
        return groups

    def _find_overlap(self, pieces: tuple[Piece, ...], room: int) -> tuple[Piece, ...]:
        """The last pieces of a chunk that the next one repeats."""
        count = size = 0
        for piece in reversed(pieces):
            size += piece.tokens
            if size > min(self._overlap, room):
                break
            count += 1
        return pieces[len(pieces) - count :]

    def _halves(self, overlap: tuple[Piece, ...], pieces: tuple[Piece, ...], budget: int) -> list[_Group]:
        """Two groups of about the same size."""

        def longer(cut: int) -> int:
            return max(size_of(overlap) + size_of(pieces[:cut]), size_of(pieces[cut:]))

        cut = min(range(1, len(pieces)), key=longer)
        return [
            _Group(overlap, pieces[:cut]),
            _Group(self._find_overlap(pieces[:cut], budget - size_of(pieces[cut:])), pieces[cut:]),
        ]

    def _fit(self, text: str, head: str, groups: list[_Group]) -> list[_Group]:
        """The groups, those divided whose slice is longer than a chunk or than the window."""
        fits: dict[tuple[int, int], bool] = {}
        while unknown := [group.span for group in groups if group.span not in fits]:
            slices = [text[start:end] for start, end in unknown]
            lengths = self._embedder.lengths([_under(head, slice_) for slice_ in slices])
            for span, tokens, own in zip(unknown, token_counts(slices), lengths, strict=True):
                fits[span] = tokens <= self._tokens and own <= self._embedder.window
            groups = [part for group in groups for part in ([group] if fits[group.span] else self._split(text, group))]
        return groups

    def _split(self, text: str, group: _Group) -> list[_Group]:
        if group.overlap:
            return [_Group(group.overlap[1:], group.fresh)]
        if len(group.fresh) > 1:
            return self._halves((), group.fresh, self._tokens)
        return [_Group((), (piece,)) for piece in split(text, group.fresh[0], 2)]


def _under(head: str, text: str) -> str:
    return f"{head}\n{text}" if head and not text.startswith(head) else text


def _paragraph_end(pieces: Sequence[Piece], following: Piece, budget: int) -> int:
    """How many of the pieces end a chunk well: all, or up to the last end of a paragraph near the limit."""
    for cut in range(len(pieces), 0, -1):
        carried = size_of(pieces[cut:]) + following.tokens
        if size_of(pieces[:cut]) < PARAGRAPH_SHARE * budget or carried > budget:
            break
        if pieces[cut - 1].ends_paragraph:
            return cut
    return len(pieces)


def _head(embedder: Embedder, title: str) -> tuple[str, int]:
    """The title cut to its share of the window, at a word if it can be, and its length in the embedder's tokens."""
    limit = int(TITLE_SHARE * embedder.window)
    head = " ".join(title[: 16 * limit].split())
    while head and (length := embedder.lengths([head])[0]) > limit:
        shorter = head[: len(head) * limit // (length + 1)]
        head = shorter.rpartition(" ")[0] or shorter
    return head, length if head else 0
