"""The whole way from a question to a cited answer: understand, retrieve, read, answer, cite."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import TracebackType

from rag.archive import Archive
from rag.cite import cite, is_exact
from rag.days import as_day, make_filters
from rag.errors import UsageError
from rag.parts import open_parts
from rag.protocols import Answerer, Embedder
from rag.retrieve import Retriever
from rag.settings import Settings, load_settings
from rag.types import Answer, Article, Draft, Filters, Passage, Question, Quote, Turn
from rag.understand import clean, stand_alone

History = Sequence[Turn | Mapping[str, str]]
DEFAULT_K = 10
READINGS = 3
"""How often passages and their articles are read when an ingest comes between the two."""
SHOWN_OUTLETS = 12
NOT_ANSWERED = "The nearest articles do not answer this."


class Rag:
    """Asks one archive. Safe to use from many threads; close it, or use it as a context manager, to release the archive.

    An answer whose confidence is below `settings.min_confidence` (default: the answerer's own) is withheld.
    """

    def __init__(self, archive: Archive, embedder: Embedder, answerer: Answerer, settings: Settings) -> None:
        self.archive = archive
        self.settings = settings
        self._embedder = embedder
        self._answerer = answerer

    @classmethod
    def open(cls, index: Path | str | None = None, settings: Settings | None = None, *, serve_url: str | None = None) -> Rag:
        """Open the archive at `index` (default: the settings'). Raises StorageError or ModelError that say what to do."""
        settings = settings or load_settings()
        directory = Path(index).expanduser() if index else settings.index
        return cls(*open_parts(directory, settings, serve_url), settings)

    def ask(
        self,
        question: str,
        history: History = (),
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer:
        """Answer `question` from the articles that pass the filters, or abstain with a reason.

        `since` and `until` are days, months ("2025-08") or years, both included. `as_of` is the day taken as today. Raises
        UsageError for an empty question or filters that cannot be read.
        """
        *_, last = self.stream(question, history, since, until, outlets, as_of)
        return last

    def stream(
        self,
        question: str,
        history: History = (),
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Iterator[Answer]:
        """Ever longer answers, the last of which is what `ask` returns."""
        asked = Question(clean(question), make_filters(since, until, tuple(outlets)), _turns(history), as_day(as_of, "as_of"))
        return self._answers(asked)

    def search(
        self,
        question: str,
        k: int = DEFAULT_K,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> tuple[Passage, ...]:
        """The best `k` passages, best first; at most a few of one article, and copies of one text once."""
        filters = make_filters(since, until, tuple(outlets))
        return tuple(self._retriever().retrieve(clean(question), k, filters, as_day(as_of, "as_of")))

    def close(self) -> None:
        self.archive.close()

    def __enter__(self) -> Rag:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _retriever(self) -> Retriever:
        archive = self.archive
        archive.follow()
        return Retriever(self._embedder, archive.dense, archive.lexical, archive.catalog.chunks)

    def _answers(self, asked: Question) -> Iterator[Answer]:
        clock = Clock()
        standalone = stand_alone(asked.text, asked.history)
        question = replace(asked, text=standalone)
        passages, articles = self._found(question)
        clock.mark("retrieve")
        empty = Answer(
            asked, standalone, "abstained", self._nothing_found(asked.filters), (), None, (), 0.0, tuple(passages),
            self._answerer.mode, (*self.archive.notices, *self._filter_notices(asked.filters)),
        )  # fmt: skip
        if not passages:
            yield replace(empty, timings_ms=clock.timings())
            return
        for draft in self._answerer.draft(question, passages, articles):
            clock.mark("answer")
            yield replace(concluded(empty, draft, articles, self._min_confidence), timings_ms=clock.timings())

    def _found(self, question: Question) -> tuple[list[Passage], dict[str, Article]]:
        """Passages and the articles that they stand in; those that an ingest changes in between are sought again."""
        for _ in range(READINGS):
            passages = self._retriever().retrieve(question.text, self.settings.passages, question.filters, question.as_of)
            articles = self.archive.catalog.articles(list(dict.fromkeys(passage.chunk.source.id for passage in passages)))
            standing = [passage for passage in passages if _stands(passage, articles)]
            if len(standing) == len(passages):
                break
        return standing, articles

    @property
    def _min_confidence(self) -> float:
        given = self.settings.min_confidence
        return self._answerer.min_confidence if given is None else given

    def _nothing_found(self, filters: Filters) -> str:
        if self.archive.catalog.counts().articles == 0:
            return "The archive is empty: no articles have been ingested."
        if filters:
            return f"No article in the archive passes the filters ({described(filters)})."
        return "Nothing in the archive is near this question."

    def _filter_notices(self, filters: Filters) -> Iterator[str]:
        catalog = self.archive.catalog
        if filters.outlets:
            known = catalog.outlets()
            folded = {name.casefold() for name in known}
            if missing := [name for name in filters.outlets if name.casefold() not in folded]:
                shown = ", ".join(known[:SHOWN_OUTLETS]) + (" …" if len(known) > SHOWN_OUTLETS else "")
                yield f"No outlet of the archive is called {' or '.join(missing)}; it has {shown or 'none'}."
        if filters.dated and (undated := catalog.undated(filters.outlets)):
            yield f"{undated} article{'s' * (undated > 1)} without a date left out by the date filter."


@dataclass(slots=True)
class Clock:
    """Milliseconds since it was made, and up to each mark from the one before."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        self.marks[step] = self._elapsed() - sum(value for name, value in self.marks.items() if name != step)

    def timings(self) -> dict[str, float]:
        return {**{step: round(value, 2) for step, value in self.marks.items()}, "total": round(self._elapsed(), 2)}

    def _elapsed(self) -> float:
        return (time.perf_counter() - self.started) * 1000


def concluded(empty: Answer, draft: Draft, articles: Mapping[str, Article], min_confidence: float) -> Answer:
    """`draft` as an answer with citations, or `empty` with the reason when it is too weak to be shown."""
    if not draft.claims:
        return replace(empty, reason=draft.reason or NOT_ANSWERED)
    if draft.confidence < min_confidence:
        return replace(empty, reason=draft.reason or NOT_ANSWERED, confidence=draft.confidence)
    cited = cite(draft.claims, articles)
    notices = empty.notices
    if cited.refused:
        notices += (f"{cited.refused} quotes were not in their articles as quoted and have been left out.",)
    if not cited.sentences:
        return replace(empty, reason=NOT_ANSWERED, notices=notices)
    return replace(
        empty, status="answered", reason=None, sentences=cited.sentences, short_answer=draft.short_answer,
        citations=cited.citations, confidence=draft.confidence, notices=notices,
    )  # fmt: skip


def described(filters: Filters) -> str:
    """The filters in words, for a message."""
    parts = []
    if filters.since:
        parts.append(f"since {filters.since}")
    if filters.until:
        parts.append(f"until {filters.until}")
    if filters.outlets:
        parts.append(f"from {' or '.join(filters.outlets)}")
    return ", ".join(parts)


def _stands(passage: Passage, articles: Mapping[str, Article]) -> bool:
    chunk = passage.chunk
    return is_exact(Quote(chunk.source, chunk.start, chunk.end, chunk.text), articles)


def _turns(history: History) -> tuple[Turn, ...]:
    """The conversation as turns. Raises UsageError for a role that is neither user nor assistant."""
    turns = []
    for item in history:
        turn = item if isinstance(item, Turn) else _turn(item)
        if turn.role not in ("user", "assistant"):
            raise UsageError(f"history: the role {str(turn.role)[:40]!r} is neither user nor assistant")
        turns.append(turn)
    return tuple(turns)


def _turn(item: Mapping[str, str]) -> Turn:
    try:
        return Turn(item["role"], str(item["content"]))  # type: ignore[arg-type]  # checked by the caller
    except (KeyError, TypeError) as error:
        raise UsageError('history: write a list of {"role": "user" or "assistant", "content": "…"}') from error
