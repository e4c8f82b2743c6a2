"""Settings to parts: the one place where the pipeline's pieces are chosen and put together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rag.archive import Archive
from rag.embed import SentenceEmbedder, model_directory
from rag.errors import FingerprintMismatch, ModelError
from rag.extract import ExtractiveAnswerer, ReadingAnswerer, WithFallback, load_trust
from rag.protocols import Answerer, Embedder, Reranker
from rag.read import SHIPPED, Reader
from rag.rerank import CrossEncoderReranker, ReaderReranker
from rag.settings import NONE, PACKAGED, READER, Settings
from rag.types import Fingerprint


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pipeline is made of. `notices` tell what could not be had and what stands in for it."""

    archive: Archive
    embedder: Embedder
    answerer: Answerer
    reranker: Reranker | None = None
    notices: tuple[str, ...] = ()


def open_parts(directory: Path, settings: Settings, serve_url: str | None = None) -> Parts:
    """An open archive and the parts that ask it. The models load while the archive's indexes are being checked.

    Where the reader cannot be had, answers are by likeness and a notice says why. Raises ModelError when the embedder, or a
    reranker that the settings name, cannot be loaded.
    """
    with ThreadPoolExecutor(max_workers=1) as loader:
        loading = loader.submit(_load_models, settings)
        archive = Archive.open(directory, serve_url=serve_url, zone=settings.zone, busy_timeout=settings.busy_timeout)
        try:
            embedder, reader, reranker, notices = loading.result()
            check_model(archive.catalog.fingerprint, embedder)
            likeness = ExtractiveAnswerer(embedder, lambda: archive.lexical, max_words=settings.answer_words)
            if reader is None:
                return Parts(archive, embedder, likeness, reranker, notices)
            answerer = ReadingAnswerer(reader, lambda: archive.lexical, load_trust(reader.weights), settings.answer_words)
            return Parts(archive, embedder, WithFallback(answerer, likeness), reranker, notices)
        except BaseException:
            archive.close()
            raise


def _load_models(settings: Settings) -> tuple[SentenceEmbedder, Reader | None, Reranker | None, tuple[str, ...]]:
    embedder = SentenceEmbedder(settings.model)
    reader: Reader | None = None
    notices: tuple[str, ...] = ()
    try:
        reader = load_reader(settings.reader)
    except ModelError as error:
        notices = (f"Answers are by likeness of words, without the reader: {error}.",)
    return embedder, reader, load_reranker(settings, reader), notices


def load_reranker(settings: Settings, reader: Reader | None) -> Reranker | None:
    """The reranker that the settings name; the reader's is none without a reader. Raises ModelError."""
    if settings.reranker == NONE:
        return None
    if settings.reranker == READER:
        return ReaderReranker(reader, settings.passages) if reader else None
    return CrossEncoderReranker(settings.reranker, settings.passages)


def load_reader(named: str) -> Reader | None:
    """The reader that the setting names: the packaged one, the one in a folder, or none. Raises ModelError."""
    if named == NONE:
        return None
    weights = SHIPPED if named == PACKAGED else Path(named).expanduser()
    load_trust(weights)
    return Reader(model_directory(), weights)


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
