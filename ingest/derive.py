"""The times and the copies of articles that are stored without them."""

from __future__ import annotations

from collections.abc import Callable

from ingest.copies import Signer
from rag.catalog import Catalog, Derivation, Underived
from rag.interrupt import finish_batch
from rag.when import mentions

BATCH_ARTICLES = 64

Progress = Callable[[int, int | None], None]
"""Called with the number of articles done and the number of all."""


def derive_missing(catalog: Catalog, *, progress: Progress | None = None) -> int:
    """Give stored articles the times and signatures that they lack, and return how many they were.

    They lack them where an earlier release stored them, and where a change of the time zone has filed them under another day. A
    signal ends it after a batch; the next run goes on from there.
    """
    signer, done, whole = Signer(), 0, catalog.count_underived()
    with finish_batch() as stopping:
        while not stopping() and (missing := catalog.find_underived(BATCH_ARTICLES)):
            articles = catalog.articles([one.article_id for one in missing])
            readable = [one for one in missing if one.article_id in articles]
            if not readable:
                break  # all of them were put aside or forgotten meanwhile
            catalog.write_derived([_derive(one, articles[one.article_id].text, signer) for one in readable])
            done += len(readable)
            if progress:
                progress(done, whole)
    return done


def _derive(stored: Underived, text: str, signer: Signer) -> Derivation:
    return Derivation(stored, mentions(text, stored.day) if stored.day else (), signer.signature(text))
