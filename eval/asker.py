"""What the evaluation needs of the system that it measures; `rag.Rag` is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from rag.types import Answer, Article, Passage, Turn


class Articles(Protocol):
    """Where citations are looked up."""

    def article(self, article_id: str) -> Article | None: ...


class Stored(Protocol):
    """An archive, as far as it is needed here."""

    @property
    def catalog(self) -> Articles: ...


class Asker(Protocol):
    """Answers and searches one archive."""

    @property
    def archive(self) -> Stored: ...

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer: ...

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> tuple[Passage, ...]: ...
