"""Settings to parts: the one place where the pipeline's pieces are chosen and put together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rag.archive import Archive
from rag.catalog import GARBLED, UNREADABLE
from rag.embed import DEFAULT_MODEL, SentenceEmbedder, model_directory
from rag.errors import FingerprintMismatch, ModelError
from rag.extract import ExtractiveAnswerer, ReadingAnswerer, Setup, Trust, WithFallback, trust_for
from rag.log import log_fault
from rag.protocols import Answerer, Embedder, LanguageModel, Reader, Reranker, Verifies
from rag.read import CLOSE, SHIPPED, CascadeReader, CloseReader, TrainedReader, close_of, quick_of
from rag.read.reader import RECORD
from rag.rerank import CrossEncoderReranker, ReaderReranker
from rag.settings import NONE, PACKAGED, QUICK, READER, Settings
from rag.types import Fingerprint, Prompt
from rag.understand import Rewriter
from rag.unix import give_back_memory
from rag.verify import Verifier
from rag.write import Relevance, WritingAnswerer

NOT_CALIBRATED = (
    "How sure these answers are is not known: nothing was calibrated for this reader, embedder and reranker. To calibrate them on"
    " questions of your own: dateline calibrate GOLD.jsonl"
)
logger = logging.getLogger(__name__)

Model = str | LanguageModel | Callable[[Prompt], str | Iterable[str]] | None
"""A language model as it can be named: by a name, by itself, by a callable; None for that of the settings."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pipeline is made of. `notices` tell what could not be had and what stands in for it."""

    archive: Archive
    embedder: Embedder
    answerer: Answerer
    reranker: Reranker | None = None
    notices: tuple[str, ...] = ()
    writers: Writers | None = None
    rewriter: Rewriter = field(default_factory=Rewriter)
    sentence_reader: Reader | None = None

    def answerer_by(self, model: LanguageModel | None) -> Answerer:
        """The answerer that writes with `model`; without one, the one that quotes."""
        return self.writers.writing(model, self.answerer) if self.writers and model else self.answerer

    def model_by(self, model: Model) -> LanguageModel | None:
        """The language model that is meant; None for "none". Raises UsageError or LanguageModelError for one that cannot be."""
        return self.writers.model(model) if self.writers else None

    def close(self) -> None:
        self.archive.close()
        if self.writers:
            self.writers.close()


class Writers:
    """Answerers by the language model that they ask, each made when it is first asked for. Safe to use from many threads."""

    def __init__(
        self, settings: Settings, verifier: Verifies, latest: Callable[[], date | None], relevance: Relevance | None = None
    ) -> None:
        self._settings = settings
        self._verifier = verifier
        self._latest = latest
        self._relevance = relevance
        self._models: dict[str, LanguageModel] = {}
        self._lock = threading.Lock()

    def writing(self, model: LanguageModel, quoting: Answerer) -> Answerer:
        """Writes with `model`, and falls back on `quoting`."""
        settings = self._settings
        return WritingAnswerer(
            model, self._verifier, quoting, self._latest, settings.llm_prompt_tokens, settings.llm_answer_tokens,
            self._relevance,
        )  # fmt: skip

    def model(self, model: Model) -> LanguageModel | None:
        """None for "none"; raises UsageError or LanguageModelError for a model that cannot be."""
        model = self._settings.llm if model is None else model
        if model == NONE:
            return None
        from rag.llm import as_language_model

        return self._load_named(model) if isinstance(model, str) else as_language_model(model, self._settings)

    def _load_named(self, name: str) -> LanguageModel:
        from rag.llm import load_language_model

        with self._lock:
            if name not in self._models:
                self._models[name] = load_language_model(name, self._settings)
            return self._models[name]

    def close(self) -> None:
        with self._lock:
            for model in self._models.values():
                if close := getattr(model, "close", None):
                    close()
            self._models.clear()


def open_parts(directory: Path, settings: Settings, serve_url: str | None = None) -> Parts:
    """An open archive and the parts that ask it. The models load while the archive's indexes are being checked.

    Where the reader cannot be had, answers are by likeness and a notice says why. Raises ModelError when the embedder, or a
    reranker that the settings name, cannot be loaded.
    """
    with ThreadPoolExecutor(max_workers=1) as loader:
        loading = loader.submit(_load_models, settings, directory)
        archive = Archive.open(
            directory, serve_url=serve_url, zone=settings.zone, busy_timeout=settings.busy_timeout,
            address=settings.catalog_address,
        )  # fmt: skip
        try:
            models = loading.result()
            embedder, reader, trust = models.embedder, models.reader, models.trust
            check_model(archive.catalog.fingerprint, embedder)
            known = embedder.model.partition("@")[0] == DEFAULT_MODEL
            likeness = ExtractiveAnswerer(embedder, lambda: archive.lexical, settings.answer_words, calibrated=known)
            relevance = Relevance(quick_of(reader)) if reader else None
            writers = Writers(settings, Verifier(_of_words(embedder)), lambda: latest(archive), relevance)
            answerer: Answerer = likeness
            if reader:
                reading = ReadingAnswerer(reader, lambda: archive.lexical, trust, settings.answer_words)
                answerer = WithFallback(reading, likeness)
            return Parts(
                archive,
                embedder,
                answerer,
                models.reranker,
                models.notices,
                writers,
                Rewriter(quick_of(reader) if reader else None),
                close_of(reader),
            )
        except BaseException:
            archive.close()
            raise


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name: a model that is run here, or one of a server. Raises ModelError."""
    if settings.embed_url is None:
        return SentenceEmbedder(settings.model)
    from rag.embed_server import ServedEmbedder

    key = settings.embed_key.get_secret_value() if settings.embed_key else None
    return ServedEmbedder(settings.model, settings.embed_url, key, settings.embed_window)


def _of_words(embedder: Embedder) -> SentenceEmbedder:
    """The embedder that checking was fitted with, where it can be had; else the one in use, if it tells words apart."""
    here = embedder if isinstance(embedder, SentenceEmbedder) else None
    if here and here.model == DEFAULT_MODEL:
        return here
    try:
        return SentenceEmbedder()
    except ModelError:
        if here is None:
            raise
        return here


def latest(archive: Archive) -> date | None:
    """The day of the archive's last article."""
    days = archive.catalog.days()
    return days[1] if days else None


@dataclass(frozen=True, slots=True)
class Models:
    """The models that the settings name. Without a reader, `notices` say why."""

    embedder: Embedder
    reader: Reader | None
    trust: Trust
    reranker: Reranker | None
    notices: tuple[str, ...]


def _load_models(settings: Settings, directory: Path) -> Models:
    give_back_memory()  # the networks of archives that are closed by now
    embedder = load_embedder(settings)
    reader, trust = None, Trust.unknown()
    notices: tuple[str, ...] = ()
    try:
        reader, notices = _load_reader_or_quick(settings.reader)
        if reader:
            trust = trust_for(setup_of(settings, reader, embedder), directory, *trust_folders(settings.reader))
            notices += () if trust.calibrated else (NOT_CALIBRATED,)
    except ModelError as error:
        reader, notices = None, (f"Answers are by likeness of words, without the reader: {error}.",)
        log_fault(logger, notices[0])
    return Models(embedder, reader, trust, load_reranker(settings, reader), notices)


def _load_reader_or_quick(named: str) -> tuple[Reader | None, tuple[str, ...]]:
    """The reader that the setting names; where the close one of the packaged two cannot be had, the quick one, and a notice."""
    try:
        return load_reader(named), ()
    except ModelError as error:
        if named != PACKAGED:
            raise
        notice = f"Answers are read by the quick reader alone: {error}."
        quick = load_reader(QUICK)
        log_fault(logger, notice)
        return quick, (notice,)


def load_reranker(settings: Settings, reader: Reader | None) -> Reranker | None:
    """The reranker that the settings name; the reader's is none without a reader. Raises ModelError."""
    if settings.reranker == NONE:
        return None
    if settings.reranker == READER:
        return ReaderReranker(quick_of(reader), settings.passages) if reader else None
    return CrossEncoderReranker(settings.reranker, settings.passages)


def load_reader(named: str) -> Reader | None:
    """The reader that the setting names: the packaged ones, the quick one of them alone, one in a folder, one by name, or none.

    Raises ModelError.
    """
    if named == NONE:
        return None
    folder = weights_of(named)
    if (folder / RECORD).exists() or named in (PACKAGED, QUICK):
        quick = TrainedReader(model_directory(), folder)
        return CascadeReader(quick, CloseReader()) if named == PACKAGED else quick
    from rag.read.foreign import QuestionAnsweringReader

    return QuestionAnsweringReader(named)


def weights_of(named: str) -> Path:
    """The folder that holds the weights of the reader of that name, if they are in one."""
    return SHIPPED if named in (PACKAGED, QUICK) else Path(named).expanduser()


def trust_folders(named: str) -> tuple[Path, ...]:
    """Where the confidence that comes with the reader of that name is looked for."""
    return (CLOSE, SHIPPED) if named == PACKAGED else (weights_of(named),)


def setup_of(settings: Settings, reader: Reader, embedder: Embedder) -> Setup:
    """What a confidence of this reader's answers depends on."""
    return Setup(reader.name, f"{embedder.model}@{embedder.revision}", settings.reranker)


def check_model(stored: Fingerprint | None, embedder: Embedder) -> None:
    """Raises FingerprintMismatch unless questions embedded by `embedder` can be compared with the stored vectors."""
    if stored is None:
        return
    if stored == UNREADABLE:
        raise FingerprintMismatch(f"the archive: {GARBLED}")
    if (stored.model, stored.revision, stored.dimension) != (embedder.model, embedder.revision, embedder.dimension):
        raise FingerprintMismatch(
            f"the archive was indexed with {stored.model} at {stored.revision[:12]} ({stored.dimension} dimensions), the"
            f" settings name {embedder.model} at {embedder.revision[:12]} ({embedder.dimension} dimensions);"
            f" set DATELINE_MODEL={stored.model}, or run `dateline rebuild` to embed every article again"
        )
