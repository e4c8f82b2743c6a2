"""Everything the catalog holds, in the order in which indexes are made from it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.catalog import Catalog
from rag.interrupt import finish_batch
from rag.protocols import LexicalIndex
from rag.types import Entry

Progress = Callable[[int, int | None], None]
"""Called with the chunks done and how many there are."""

FILLED_AT_ONCE = 200
"""Articles a batch."""


def everything(catalog: Catalog, target: int) -> Iterator[list[Entry]]:
    """All entries up to change number `target`. Articles changed meanwhile come in either state; their change comes later."""
    after = 0
    while changes := [change for change in catalog.changes(after, FILLED_AT_ONCE) if change[0] <= target]:
        yield catalog.entries([article_id for _, article_id in changes])
        after = changes[-1][0]


def rebuild_lexical(directory: Path, catalog: Catalog, opening: Callable[[Path], LexicalIndex]) -> LexicalIndex:
    """The index of words made from the catalog aside, and put in place of a damaged one."""
    aside = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    index = opening(aside)
    for entries in everything(catalog, catalog.sequence):
        with finish_batch():
            index.replace((), entries)
    index.close()
    shutil.rmtree(directory, ignore_errors=True)
    aside.replace(directory)
    return opening(directory)
