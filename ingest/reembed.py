"""A stored archive chunked and embedded anew, for another model or chunker than the one it was made with.

The new chunks and vectors are kept beside the current ones and switched to at once, when every article has them: until then the
archive answers as before, and an interrupted run goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.chunk import Chunker
from rag.batches import batches
from rag.catalog import Catalog, StagedArticle
from rag.interrupt import finish_batch
from rag.parts import load_embedder
from rag.protocols import Embedder
from rag.settings import Settings
from rag.types import Article

BATCH_ARTICLES = 32

Progress = Callable[[int, int | None], None]
"""Called with the number of articles done and the number of all."""


def reembed(catalog: Catalog, settings: Settings, *, embedder: Embedder | None = None, progress: Progress | None = None) -> int:
    """Switch the archive to the model and chunks that `settings` name and return how many articles that changed.

    Where the archive has them already, damaged chunks and vectors alone are made again. A signal ends it after a batch, without
    the switch. Raises ModelError when the model fails, and UsageError when the settings do not go together.
    """
    embedder = embedder or load_embedder(settings)
    chunker = Chunker(settings.chunk_tokens, settings.chunk_overlap, embedder)
    fingerprint = chunker.fingerprint
    if catalog.fingerprint == fingerprint:
        return _mend(catalog, chunker, embedder)
    if catalog.fingerprint is None:
        return 0
    with finish_batch() as stopping:
        while not stopping() and not catalog.promote(fingerprint):
            missing = dict(catalog.find_unstaged(fingerprint, BATCH_ARTICLES))
            articles = list(catalog.articles(list(missing)).values())
            catalog.stage(fingerprint, _restage(articles, missing, chunker, embedder))
            if progress:
                progress(catalog.count_staged(), catalog.counts().articles)
    return catalog.counts().articles


def _mend(catalog: Catalog, chunker: Chunker, embedder: Embedder) -> int:
    """How many articles had chunks or vectors that cannot be read and have new ones now. Those that stay unreadable are aside."""
    catalog.put_aside(catalog.examine())
    broken = [fault.article_id for fault in catalog.faults() if fault.part == "chunks"]
    for some in batches(broken, BATCH_ARTICLES):
        articles = list(catalog.articles(some).values())
        versions = {id: known.version for id in some if (known := catalog.find_known(id, None, ""))}
        catalog.replace_chunks(chunker.fingerprint, _restage(articles, versions, chunker, embedder))
    return len(broken)


def _restage(articles: Sequence[Article], versions: dict[str, int], chunker: Chunker, embedder: Embedder) -> list[StagedArticle]:
    chunks = [chunker.chunk(article) for article in articles]
    vectors = embedder.embed_documents([chunker.make_embedded_text(chunk) for of_article in chunks for chunk in of_article])
    restaged = []
    for article, of_article in zip(articles, chunks, strict=True):
        id = article.source.id
        restaged.append(StagedArticle(id, versions[id], of_article, vectors[: len(of_article)]))
        vectors = vectors[len(of_article) :]
    return restaged
