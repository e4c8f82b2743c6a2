"""Work on an archive that ends in the middle, as a program of its own: `python -m tests.rag.killed DIRECTORY POINT`.

The work is always the same, so that it can be run again: articles are put, replaced and forgotten, the indexes follow, and are
rebuilt. At the named point the process kills itself, with no chance to clean up. It prints the id of every acknowledged article.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rag.archive import Archive, Indexes
from rag.dense import ChromaIndex
from rag.lexical import TantivyIndex
from rag.types import Entry
from tests.rag.stored import FINGERPRINT, many_stored

ARTICLES = 400
POINTS = (
    "after the catalog commit",
    "before the index of words",
    "in the middle of the dense index",
    "after both indexes",
    "in the middle of a rebuild",
    "before the swap",
    "never",
)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead")


class FatalDense(ChromaIndex):
    """Dies half-way through its nth replacement."""

    left = sys.maxsize

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        type(self).left -= 1
        if self.left == 0:
            super().replace(article_ids, entries[: len(entries) // 2])
            die()
        super().replace(article_ids, entries)


class FatalLexical(TantivyIndex):
    """Dies before its nth replacement."""

    left = sys.maxsize

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        type(self).left -= 1
        if self.left == 0:
            die()
        super().replace(article_ids, entries)


def work(directory: Path, point: str) -> None:
    FatalDense.left = 9 if point == "in the middle of the dense index" else sys.maxsize
    FatalLexical.left = 9 if point == "before the index of words" else sys.maxsize
    with Archive.open(directory, create=True, indexes=Indexes(FatalDense, FatalLexical)) as archive:
        archive.catalog.adopt(FINGERPRINT)
        for edition in (0, 1):
            for first in range(0, ARTICLES, 50):
                stored = many_stored(range(first, first + 50), edition)
                archive.catalog.put(stored)
                print(*(f"{item.article.source.id}={item.article.digest}" for item in stored), sep="\n", flush=True)
                if point == "after the catalog commit" and first == 200:
                    die()
                archive.follow()
                if point == "after both indexes" and first == 200:
                    die()
        archive.catalog.forget("a7")
        archive.follow()
        if point == "in the middle of a rebuild":
            FatalDense.left = 2
        archive.rebuild(lambda done, whole: die() if point == "before the swap" and done == whole else None)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
