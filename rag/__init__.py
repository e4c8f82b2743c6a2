"""Dateline: ask a news archive.

    from rag import Rag

    with Rag.open("archive") as rag:
        answer = rag.ask("When did the port reopen?", since="2025", outlets=["The Gazette"])
        for sentence in answer.sentences:
            print(sentence.text, sentence.citations)

What there is:

    Rag                                      asks one archive: `open`, then `ask`, `stream`, `search`
    Answer, Sentence, Citation               what `ask` gives: sentences with the numbers of the citations they rest on
    Corroboration, Copy                      how many outlets carry an answer, and which articles tell the same text
    Passage, Chunk                           what `search` gives, best first, and the slice of an article in it
    Article, Source, Mention                 a stored article, where it comes from, and the times that its text names
    Question, Filters, Turn                  what was asked, what restricts it, and the conversation before it
    Prompt, LanguageModel                    what a language model is asked, and what it has to be able to do
    Embedder, Reranker, Answerer             what other replaceable parts have to be able to do
    Settings, load_settings                  every setting with its default, read from DATELINE_… variables
    DatelineError and its kinds              everything that can go wrong; `rag.errors` draws the tree

Units: offsets count characters of `Article.text`, the start included and the end not; days are calendar days; `confidence`,
`support` and `max_risk` are shares from 0 to 1; `timings_ms` are milliseconds; a passage's score has no unit, higher is better.
A vector has the shape (dimension,) and a batch (texts, dimension), both float32. Errors say what to do next: UsageError for a
call that is wrong, StorageError for the archive, ModelError and LanguageModelError for models.

A name is imported when it is first used, so that `import rag` costs nothing: `Rag` brings torch with it, which takes seconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.errors import (
        ArchiveDamaged,
        ArchiveInUse,
        ArchiveMissing,
        DatelineError,
        FingerprintMismatch,
        InputError,
        LanguageModelError,
        ModelError,
        StorageError,
        UnsupportedSystem,
        UsageError,
    )
    from rag.pipeline import Rag
    from rag.protocols import Answerer, Embedder, LanguageModel, Reranker
    from rag.settings import Settings, load_settings
    from rag.types import (
        Answer,
        Article,
        Chunk,
        Citation,
        Copy,
        Corroboration,
        Filters,
        Mention,
        Passage,
        Prompt,
        Question,
        Sentence,
        Source,
        Turn,
    )

__all__ = [
    "Answer",
    "Answerer",
    "ArchiveDamaged",
    "ArchiveInUse",
    "ArchiveMissing",
    "Article",
    "Chunk",
    "Citation",
    "Copy",
    "Corroboration",
    "DatelineError",
    "Embedder",
    "Filters",
    "FingerprintMismatch",
    "InputError",
    "LanguageModel",
    "LanguageModelError",
    "Mention",
    "ModelError",
    "Passage",
    "Prompt",
    "Question",
    "Rag",
    "Reranker",
    "Sentence",
    "Settings",
    "Source",
    "StorageError",
    "Turn",
    "UnsupportedSystem",
    "UsageError",
    "load_settings",
]

_ELSEWHERE = {
    "Rag": "rag.pipeline",
    "Settings": "rag.settings",
    "load_settings": "rag.settings",
    **dict.fromkeys(("Answerer", "Embedder", "LanguageModel", "Reranker"), "rag.protocols"),
    **dict.fromkeys((name for name in __all__ if name.endswith("Error") or name.startswith("Archive")), "rag.errors"),
    **dict.fromkeys(("FingerprintMismatch", "UnsupportedSystem"), "rag.errors"),
}
"""The modules of the names that are not in `rag.types`."""


def __getattr__(name: str) -> Any:
    """Import a name at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_ELSEWHERE.get(name, "rag.types")), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
