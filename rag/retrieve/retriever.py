"""A question to its passages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rag.errors import UsageError
from rag.protocols import DenseIndex, Embedder, LexicalIndex
from rag.retrieve.aims import Aim, aims_of, weight
from rag.retrieve.fusion import DENSE_WEIGHT, fuse
from rag.retrieve.prefer import prefer, prefer_fresh
from rag.retrieve.spreading import earliest_first, spread
from rag.settings import MAX_K
from rag.types import Chunk, Filters, Hit, Passage, Scope

DEPTH = 100
NAMED = 200
"""Chunks that name a time asked about and are looked at besides those found by words and meaning."""
PER_ARTICLE = 3


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds passages in the two indexes; without `dense` (damaged, or being rebuilt) the lexical index answers alone.

    `chunks` resolves chunk ids; ids that it does not know, of articles gone in the meantime, are passed over. `groups` tells the
    groups of copies of articles by id, `naming` the ids of chunks that name a time between two days.
    """

    embedder: Embedder
    dense: DenseIndex | None
    lexical: LexicalIndex
    chunks: Callable[[Sequence[str]], dict[str, Chunk]]
    dense_weight: float = DENSE_WEIGHT
    groups: Callable[[Sequence[str]], Mapping[str, str]] = lambda _: {}
    naming: Callable[[date, date, int], Sequence[str]] = lambda *_: ()

    def retrieve(
        self, question: str, k: int, filters: Filters, as_of: date | None = None, scopes: Sequence[Scope] = ()
    ) -> list[Passage]:
        """The best `k` passages that pass `filters`, best first, scored 0 to 1; those of one of the `scopes` are preferred.

        With several scopes a passage counts by how well it fits what is asked of the one that it is of; a scope of which nothing
        can pass `filters` is left out. Raises UsageError unless 1 <= k <= MAX_K.
        """
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K} passages")
        depth, aims = max(DEPTH, 2 * k), aims_of(scopes, filters)
        preference = weight(question, aims, fresh=as_of is not None)
        hits = self._search(question, depth, filters)
        if not preference:
            found = self._fresh(hits, as_of)
        elif len(aims) > 1 and any(aim.named for aim in aims):
            shares = self._fits(question, depth, aims)
            found = prefer(self._fresh(_with(hits, shares), as_of), shares, preference)
        else:
            named = self._find_naming(aims)
            within = {hit.chunk_id for aim in aims for hit in self._search(question, depth, aim.filters)}
            found = self._fresh(_with(hits, within if filters else within | named), as_of)
            found = prefer(found, {each.chunk.id: _share(each, aims, named) for each in found}, preference)
        groups = self.groups(list({passage.chunk.source.id for passage in found}))
        return spread(earliest_first(found) if groups else found, k, PER_ARTICLE, groups)

    def _search(self, text: str, depth: int, filters: Filters) -> list[Hit]:
        lexical = self.lexical.search(text, depth, filters)
        dense = self.dense.search(self.embedder.embed_query(text), depth, filters) if self.dense else []
        return fuse(dense, lexical, self.dense_weight)

    def _fits(self, question: str, depth: int, aims: Sequence[Aim]) -> dict[str, float]:
        """How well chunks fit what is asked of the report that they are of, by id."""
        best: dict[str, float] = {}
        for aim in aims:
            text = aim.scope.about or question
            for hit in self._search(text, depth, aim.filters) or self._search(text, depth, aim.undated):
                best[hit.chunk_id] = max(hit.score, best.get(hit.chunk_id, 0.0))
        return best

    def _find_naming(self, aims: Sequence[Aim]) -> set[str]:
        """The ids of chunks that name a time in the period of an aim that is of no outlet."""
        periods = [(aim.filters.since, aim.filters.before) for aim in aims if not aim.named]
        return {one for since, before in periods if since and before for one in self.naming(since, before, NAMED)}

    def _fresh(self, hits: Sequence[Hit], as_of: date | None) -> list[Passage]:
        known = self.chunks([hit.chunk_id for hit in hits])
        found = [Passage(known[hit.chunk_id], hit.score) for hit in hits if hit.chunk_id in known]
        return prefer_fresh(found, as_of) if as_of else found


def _with(hits: Sequence[Hit], more: Collection[str]) -> list[Hit]:
    """The hits, and the chunks that they lack with the lowest score of any."""
    least = hits[-1].score if hits else 0.0
    return [*hits, *(Hit(chunk_id, least) for chunk_id in sorted(set(more) - {hit.chunk_id for hit in hits}))]


def _share(passage: Passage, aims: Sequence[Aim], named: Collection[str]) -> float:
    return max(aim.share(passage.chunk.source, passage.chunk.id in named) for aim in aims)
