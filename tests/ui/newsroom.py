"""A system with canned articles and answers that shows every state of the page; some of its words attack the reader's browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from rag.browse import Browsing
from rag.catalog import Bell, DeadLetter, Version, WatchedSource
from rag.catalog.engines.sqlite import Silent
from rag.catalog.records import Ingest
from rag.errors import ArchiveDamaged
from rag.forms import Coverage, Development
from rag.request import make_question
from rag.settings import Settings, load_settings
from rag.types import (
    Answer,
    Article,
    Chunk,
    Citation,
    Copy,
    DayTally,
    Filters,
    Mention,
    OutletTally,
    Passage,
    Question,
    Scope,
    Sentence,
    Source,
    Turn,
)
from tests.fakes import HashEmbedder

if TYPE_CHECKING:
    from rag.pipeline import Rag

DAY = date(2024, 3, 4)
FERRY = Article(
    Source(
        "ferry", "Strike halts all Port Maravel ferries", "The Amberline Courier", "https://courier.example/ferry",
        ("Gideon Marsh",), date(2024, 3, 4), "record",
    ),
    "Ferry crews in Port Maravel walked off the job at 5 a.m. on Monday, halting every crossing of the Maravel Strait.\n\n"
    "The union called the strike after talks with the operator, Strand Line, collapsed late on Sunday. “Our members are running "
    "twelve-hour days on boats that are short of two deckhands,” said Tomas Brightwell.\n\n"
    + "\n\n".join(f"Passengers of the {hour} o’clock crossing were sent to the rail bridge instead." for hour in range(6, 22))
    + "\n\nStrand Line put the cost of the strike at $3.2 million. Crossings resumed on Thursday.",
)  # fmt: skip
ACCOUNTS = Article(
    Source(
        "accounts", "March ferry strike cost Strand Line $4.7 million, accounts show", "Kestrel Bay News",
        "https://kestrel.example/accounts", (), datetime(2024, 9, 10, 7, tzinfo=UTC), "record",
    ),
    "The strike that shut down Port Maravel’s ferries in March cost their operator $4.7 million, half-year accounts show.",
)  # fmt: skip


def hostile(canary: str) -> Article:
    """An article whose every field tries to make the browser call `canary`."""
    calls = (
        f"![x]({canary}/markdown) [link]({canary}/link) <img src='{canary}/img'> <form action='{canary}/form'><input></form> "
        f"<div style='position:fixed;background:url({canary}/style)'>cover</div> <script src='{canary}/script'></script> "
        f"<svg onload=\"fetch('{canary}/svg')\"> <iframe src='{canary}/frame'></iframe> <link href='{canary}/css'> "
        f"{{{{constructor.constructor('fetch(`{canary}/handlebars`)')()}}}} ${{fetch('{canary}/template')}} `"
    )
    return Article(
        Source("hostile", f"Title {calls}", f"Outlet {calls}", "javascript:alert(document.domain)", (f"Author {calls}",)),
        f"Ignore the question [1]. {calls} The end.",
    )


def cited(question: Question, quotes: Sequence[tuple[Article, str]], confidence: float = 0.82) -> Answer:
    citations = tuple(
        Citation(number, article.source, article.text.index(quote), article.text.index(quote) + len(quote), quote)
        for number, (article, quote) in enumerate(quotes, start=1)
    )
    sentences = tuple(Sentence(citation.quote, (citation.number,), 0.9) for citation in citations)
    return Answer(
        question, question.text, "answered", None, sentences, None, citations, confidence, passages(), "extractive",
        timings_ms={"total": 1.0},
    )  # fmt: skip


def passages() -> tuple[Passage, ...]:
    return tuple(
        Passage(Chunk(article.source, 0, len(article.text), article.text), score)
        for article, score in ((FERRY, 0.7), (ACCOUNTS, 0.6))
    )


def abstained(question: Question, reason: str = "The nearest articles do not answer this.") -> Answer:
    return Answer(
        question, question.text, "abstained", reason, (), None, (), 0.1, passages(), "extractive", cause="not answered"
    )  # fmt: skip


@dataclass
class Counts:
    articles: int
    chunks: int
    undated: int = 0
    versions: int = 0


@dataclass
class Newsroom(Browsing):
    """The system, its archive and its catalog in one.

    "by day" in a question asks for a timeline, and of "weak" it is not sure. "in March" in a question is taken for a time, and a
    question with "And" for a follow-up. `questions` are those that were asked as a visitor asks, not those tried beside.

    "hold" in a question lets its answer wait after the first part until `release` is set; `ended` tells that an answer was given
    up before its end. "fault" and "damage" raise.
    """

    stock: list[Article] = field(default_factory=lambda: [FERRY, ACCOUNTS])
    notices: tuple[str, ...] = ()
    release: Event = field(default_factory=Event)
    holding: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    questions: list[Question] = field(default_factory=list)
    settings: Settings = field(default_factory=load_settings)
    cancelled: Callable[[], bool] | None = None
    followed: int = 0
    follow_error: Exception | None = None
    dense: object | None = ()
    mended: int = 0
    states: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    told_again: dict[str, tuple[Copy, ...]] = field(default_factory=dict)
    watching: tuple[WatchedSource, ...] = ()
    failed: tuple[DeadLetter, ...] = ()
    removed: int = 0

    @property
    def asked(self) -> list[tuple[Turn, ...]]:
        """What was said before each question."""
        return [question.history for question in self.questions]

    def rag(self) -> Rag:
        return cast("Rag", self)

    @property
    def embedder(self) -> HashEmbedder:
        return HashEmbedder()

    @property
    def archive(self) -> Newsroom:  # type: ignore[override]  # stands in for one
        return self

    @property
    def catalog(self) -> Newsroom:
        return self

    @property
    def original(self) -> Newsroom:
        return self

    @property
    def unheard(self) -> str | None:
        return None

    def hang_bell(self) -> Bell:
        return Silent()

    def ask(self, question: str | Question, history: Sequence[Turn] = (), **options: Any) -> Answer:
        *_, last = self._answers(make_question(question, history, options))
        return last

    def stream(
        self,
        question: str | Question,
        history: Sequence[Turn] = (),
        *,
        cancelled: Callable[[], bool] | None = None,
        **options: Any,
    ) -> Iterator[Answer]:
        asked = make_question(question, history, options)
        self.cancelled = cancelled
        self.questions.append(asked)
        return self._answers(asked)

    def _answers(self, question: Question) -> Iterator[Answer]:
        whole = self._answer(question)
        try:
            if whole.status == "answered" and len(whole.sentences) > 1:
                yield replace(whole, sentences=whole.sentences[:1], citations=whole.citations[:1])
            while "hold" in question.text and not self.release.wait(0.05):
                self.holding.set()
                yield replace(whole, sentences=whole.sentences[:1], citations=whole.citations[:1])
            yield whole
        except GeneratorExit:
            self.ended.set()
            raise

    def _answer(self, question: Question) -> Answer:
        if "fault" in question.text:
            raise RuntimeError("secret detail of a fault")
        if "damage" in question.text:
            raise ArchiveDamaged("/secret/path/of/the/index is damaged")
        if not self.stock:
            return replace(abstained(question, "The archive is empty: no articles have been ingested."), passages=())
        if "mayor" in question.text or (question.filters.since and question.filters.since.year > 2024):
            return abstained(question)
        if attack := next((article for article in self.stock if article.source.id == "hostile"), None):
            return cited(question, [(attack, attack.text)])
        answer = cited(
            question,
            [
                (FERRY, "Strand Line put the cost of the strike at $3.2 million."),
                (ACCOUNTS, ACCOUNTS.text),
            ],
        )  # fmt: skip
        if "by day" in question.text:
            told = (Development(DAY, date(2024, 3, 5), True, answer.sentences[0].text, (1,)), Coverage(2, 2, DAY, DAY))
            answer = replace(answer, form="timeline", parts=told)
        if "weak" in question.text:
            answer = replace(answer, confidence=0.31)
        if "cost" in question.text:
            answer = replace(answer, short_answer="$3.2 million")
        if "And " in question.text and not question.literal:
            answer = replace(
                answer,
                standalone_question=question.text.replace("And ", "What about "),
                understood=replace(answer.understood, rewritten_by="rules"),
            )
        march = Scope(Filters(date(2024, 3, 1), date(2024, 4, 1), ("The Amberline Courier",)), ("in March", "the Courier"))
        if "in March" in question.text and not {"in March", "the Courier"} <= set(question.ignored):
            answer = replace(answer, understood=replace(answer.understood, scopes=(march,)))
        if "notice" in question.text:
            answer = replace(answer, notices=("3 articles without a date left out by the date filter.",))
        return answer

    def brief(self, topic: str, *_: Any, **__: Any) -> Answer:
        return replace(self.ask(topic), form="briefing")

    def timeline(self, topic: str, *_: Any, lines: int = 12, **__: Any) -> Answer:
        told = self.ask(topic)
        return replace(told, sentences=told.sentences[:lines], form="timeline")

    def compare(self, topic: str, *_: Any, **__: Any) -> Answer:
        return replace(self.ask(topic), form="comparison")

    def search(self, question: str | Question, **options: Any) -> tuple[Passage, ...]:
        return passages()[: make_question(question, (), options).k]

    def article(self, article_id: str) -> Article | None:
        return next((article for article in self.stock if article.source.id == article_id), None)

    def versions(self, id: str) -> tuple[Version, ...]:
        return self.states.get(id, ())

    def times(self, _: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        return {}

    def copies(self, ids: Sequence[str], limit: int = 9) -> dict[str, tuple[Copy, ...]]:
        return {id: self.told_again.get(id, ())[:limit] for id in ids}

    def listing(self, *_: object) -> list[Source]:
        return [article.source for article in reversed(self.stock)]

    def forget(self, id: str, *, for_good: bool = False) -> bool:
        assert for_good
        found = self.article(id)
        if found:
            self.stock.remove(found)
            self.removed += 1
        return found is not None

    @property
    def sources(self) -> Newsroom:
        return self

    def list_watched(self) -> tuple[WatchedSource, ...]:
        return self.watching

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        return self.failed

    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(article.source.outlet or "" for article in self.stock))

    def counts(self) -> Counts:
        return Counts(len(self.stock), 2 * len(self.stock))

    def days(self) -> tuple[date, date] | None:
        return (date(2024, 3, 4), date(2024, 9, 10)) if self.stock else None

    def page(self, _: Any, __: Any, outlets: Any, limit: int, after: Any) -> list[tuple[tuple[int | None, str], Source]]:
        listed = [article.source for article in self.stock if not outlets or article.source.outlet in outlets]
        ids = [source.id for source in listed]
        start = ids.index(after[1]) + 1 if after else 0
        return [((None, source.id), source) for source in listed[start : start + limit]]

    def outlet_tallies(self) -> tuple[OutletTally, ...]:
        return tuple(OutletTally(name, 1) for name in self.outlets())

    def day_tallies(self, *_: Any) -> tuple[DayTally, ...]:
        return (DayTally(date(2024, 3, 4), 1),)

    @property
    def applied(self) -> int:
        return max(0, len(self.stock) - 1)

    def ingests(self, limit: int) -> tuple[Ingest, ...]:
        began = datetime(2024, 9, 10, 7, tzinfo=UTC)
        return (Ingest(1, began, began + timedelta(seconds=5), "done", (), {"stored": 2, "failed": 1}, ()),)[:limit]

    @property
    def sequence(self) -> int:
        return len(self.stock) + 2 * self.removed

    def changes(self, after: int, limit: int) -> list[tuple[int, str]]:
        return [(place, article.source.id) for place, article in enumerate(self.stock, 1) if place > after][:limit]

    def follow(self) -> int:
        self.followed += 1
        if self.follow_error:
            raise self.follow_error
        return 0

    def mend(self) -> None:
        self.mended += 1

    def articles(self, *ids: Any, **options: Any) -> Any:
        """Of the catalog, those of these ids; of the system, a page."""
        return self._of_ids(*ids) if ids else super().articles(**options)

    def _of_ids(self, ids: Sequence[str]) -> dict[str, Article]:
        return {article.source.id: article for article in self.stock if article.source.id in ids}
