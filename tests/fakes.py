"""Small stand-ins for the parts of the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rag.errors import UsageError
from rag.types import Answer, Article, Passage, Turn


class ScriptedRag:
    """A system whose answers and passages are given by question; it keeps the arguments of every call.

    It is its own archive and catalog. A question without a script is refused.
    """

    def __init__(
        self, answers: Mapping[str, Answer], passages: Mapping[str, Sequence[Passage]], articles: Sequence[Article]
    ) -> None:
        self.calls: list[tuple[object, ...]] = []
        self._answers = answers
        self._passages = passages
        self._articles = {article.source.id: article for article in articles}

    @property
    def archive(self) -> ScriptedRag:
        return self

    @property
    def catalog(self) -> ScriptedRag:
        return self

    def article(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer:
        self.calls.append(("ask", question, history, since, until, outlets, as_of))
        if question not in self._answers:
            raise UsageError(f"{question!r} is no question")
        return self._answers[question]

    def search(
        self,
        question: str,
        k: int = 10,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> tuple[Passage, ...]:
        self.calls.append(("search", question, k, since, until, outlets, as_of))
        return tuple(self._passages.get(question, ()))[:k]
