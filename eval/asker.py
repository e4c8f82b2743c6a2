"""What the evaluation needs of the system that it measures; `rag.Rag` is one."""

from __future__ import annotations

from typing import Protocol

from rag.types import Answer, Article, Passage, Question


class Articles(Protocol):
    """Where citations are looked up."""

    def article(self, article_id: str) -> Article | None: ...


class ArchiveLike(Protocol):
    """An archive, as far as it is needed here."""

    @property
    def catalog(self) -> Articles: ...


class Asker(Protocol):
    """Answers and searches one archive."""

    @property
    def archive(self) -> ArchiveLike: ...

    def ask(self, question: Question) -> Answer: ...
    def search(self, question: Question, k: int) -> tuple[Passage, ...]: ...
