"""Settings to parts: the one place where the pipeline's pieces are chosen and put together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rag.archive import Archive
from rag.embed import SentenceEmbedder
from rag.errors import FingerprintMismatch
from rag.extract import ExtractiveAnswerer
from rag.protocols import Answerer, Embedder
from rag.settings import Settings
from rag.types import Fingerprint


def open_parts(directory: Path, settings: Settings, serve_url: str | None = None) -> tuple[Archive, Embedder, Answerer]:
    """An open archive and the parts that ask it. The model loads while the archive's indexes are being checked."""
    with ThreadPoolExecutor(max_workers=1) as loader:
        loading = loader.submit(SentenceEmbedder, settings.model)
        archive = Archive.open(directory, serve_url=serve_url, zone=settings.zone, busy_timeout=settings.busy_timeout)
        try:
            embedder = loading.result()
            check_model(archive.catalog.fingerprint, embedder)
        except BaseException:
            archive.close()
            raise
    return archive, embedder, ExtractiveAnswerer(embedder, lambda: archive.lexical, max_words=settings.answer_words)


def check_model(stored: Fingerprint | None, embedder: Embedder) -> None:
    """Raises FingerprintMismatch unless questions embedded by `embedder` can be compared with the stored vectors."""
    if stored is None:
        return
    if (stored.model, stored.revision, stored.dimension) != (embedder.model, embedder.revision, embedder.dimension):
        raise FingerprintMismatch(
            f"the archive was indexed with {stored.model} at {stored.revision[:12]} ({stored.dimension} dimensions), the"
            f" settings name {embedder.model} at {embedder.revision[:12]} ({embedder.dimension} dimensions);"
            f" set DATELINE_MODEL={stored.model}, or run `dateline rebuild` to embed every article again"
        )
