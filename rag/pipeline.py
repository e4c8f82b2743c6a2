"""The whole way from a question to a cited answer: understand, retrieve, read, answer, cite."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Unpack

from rag.browse import Browsing
from rag.cite import is_exact
from rag.conclude import conclude, describe_filters, find_times_in
from rag.days import long_day
from rag.errors import ModelError
from rag.forms import Form
from rag.history import History
from rag.log import log_answer, log_fault, note_faults
from rag.origins import independent
from rag.parts import Parts, open_parts
from rag.protocols import Answerer, Embedder, LanguageModel
from rag.request import LINES, AskOptions, SearchOptions, make_question
from rag.retrieve import Retriever
from rag.settings import Settings, load_settings
from rag.story import Stories, StoryAnswer, as_answer, as_of_notice
from rag.trace import save_trace
from rag.types import (
    Answer,
    Article,
    Cause,
    Corroboration,
    Draft,
    Filters,
    Passage,
    Question,
    Quote,
    Rewrite,
    Turn,
    Understood,
)
from rag.understand import scopes_asked

logger = logging.getLogger(__name__)

READINGS = 3
"""How often passages and their articles are read when an ingest comes between the two."""
SHOWN_OUTLETS = 12


class Rag(Browsing):
    """Asks one archive. Safe to use from many threads; close it, or use it as a context manager, to release the archive.

    An answer whose confidence is below `settings.min_confidence` is withheld; without that, one below what keeps the share of
    wrong answers at `settings.max_risk` (default: the answerer's own threshold).
    """

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self.archive = parts.archive
        self.settings = settings
        self._parts = parts
        self._stories = Stories(parts.archive, parts.embedder, parts.archive.catalog.zone)

    @property
    def embedder(self) -> Embedder:
        """What made the archive's vectors, for whoever adds to it beside the questions."""
        return self._parts.embedder

    @classmethod
    def open(cls, index: Path | str | None = None, settings: Settings | None = None, *, serve_url: str | None = None) -> Rag:
        """Open the archive at `index` (default: the settings'). Raises StorageError or ModelError that say what to do.

        An address, as "http://127.0.0.1:7860", is that of a server, which answers in its place.
        """
        settings = settings or load_settings()
        if isinstance(index, str) and index.startswith(("http://", "https://")):
            from rag.remote import RemoteRag

            return RemoteRag(index, settings)
        directory = Path(index).expanduser() if index else settings.index
        return cls(open_parts(directory, settings, serve_url), settings)

    def ask(self, question: str | Question, history: History = (), **options: Unpack[AskOptions]) -> Answer:
        """Answer `question` from the articles that pass the filters, or abstain with a reason.

        The options, described in `AskOptions`, are since, until, outlets, as_of, max_risk, llm, insist, literal, ignored and id.
        A follow-up to `history` is made to stand alone. Raises UsageError for an empty question, for an option that is not
        known, and for filters, a risk or a model that cannot be.
        """
        *_, last = self.stream(question, history, **options)
        return last

    def stream(
        self,
        question: str | Question,
        history: History = (),
        *,
        cancelled: Callable[[], bool] | None = None,
        **options: Unpack[AskOptions],
    ) -> Iterator[Answer]:
        """Ever longer answers, the last of which is what `ask` returns. `cancelled` is asked whether to end early."""
        asked = make_question(question, history, options)
        risk = self.settings.max_risk if asked.max_risk is None else asked.max_risk
        model = self._parts.model_by(options.get("llm") or asked.llm)
        return self._trace(self._answers(replace(asked, max_risk=risk, cancelled=cancelled), model))

    def brief(
        self,
        topic: str,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer:
        """The story of `topic` in a few quoted lines, newest state first; an abstention where nothing is about it."""
        return self._account(topic, "briefing", since, until, outlets, as_of)

    def timeline(
        self,
        topic: str,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        as_of: date | str | None = None,
        lines: int = LINES,
    ) -> Answer:
        """The story of `topic` by day, at most `lines` developments in order."""
        return self._account(topic, "timeline", since, until, outlets, as_of, lines)

    def compare(
        self,
        topic: str,
        outlets: Sequence[str] = (),
        since: date | str | None = None,
        until: date | str | None = None,
        as_of: date | str | None = None,
    ) -> Answer:
        """What `outlets`, or those with the most on it, say of `topic`: both, only one, and where their figures differ."""
        return self._account(topic, "comparison", since, until, outlets, as_of)

    def _account(
        self, topic: str, form: Form, since: date | str | None, until: date | str | None, outlets: Sequence[str],
        as_of: date | str | None, lines: int = LINES,
    ) -> Answer:  # fmt: skip
        clock = Clock()
        asked = make_question(topic, (), {"since": since, "until": until, "outlets": tuple(outlets), "as_of": as_of})
        question = self._cut(self._find_scopes(self._stories.respelt(asked)))
        told = self._stories.account(question, form, outlets, lines)
        answer = self._conclude_story(
            replace(asked, insist=True), replace(question, insist=True), Rewrite(question.text), told, clock
        )
        if answer:
            return answer
        reason = f"Nothing in the archive is about this{f' ({describe_filters(asked.filters)})' if asked.filters else ''}."
        return Answer(
            asked, question.text, "abstained", reason, (), None, (), 0.0, (), self._parts.answerer.mode,
            (*self.notices, *self._filter_notices(asked.filters), *self._cut_notices(asked)), clock.timings(), "nothing found",
            form=form,
        )  # fmt: skip

    def search(self, question: str | Question, k: int | None = None, **options: Unpack[SearchOptions]) -> tuple[Passage, ...]:
        """The best `k` passages (10 unless given), best first; at most a few of one article, and copies of one text once.

        Times and outlets that the question names are preferred, as in `ask`; the options are described in `SearchOptions`.
        """
        asked = make_question(question, (), {**options, **({} if k is None else {"k": k})})
        return tuple(self._retrieve(self._cut(self._find_scopes(asked)), asked.k if k is None else k))

    def find(self, question: Question, clock: Clock | None = None) -> Retrieval:
        """The passages that an answer is made from, and the articles that they stand in.

        Those that an ingest changes in between are sought again.
        """
        for _ in range(READINGS):
            passages = self._retrieve(question, self.settings.passages, clock)
            articles = self.archive.catalog.articles(list(dict.fromkeys(passage.chunk.source.id for passage in passages)))
            standing = tuple(passage for passage in passages if _stands(passage, articles))
            if len(standing) == len(passages):
                break
        return Retrieval(standing, articles)

    def close(self) -> None:
        self._parts.close()

    def __enter__(self) -> Rag:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """What anyone who asks should know of the archive and of the parts that answer."""
        return self.archive.notices + self._zone_notices() + self._parts.notices

    def _zone_notices(self) -> tuple[str, ...]:
        own, wanted = str(self.archive.catalog.zone), self.settings.time_zone
        if "time_zone" not in self.settings.model_fields_set or own == wanted:
            return ()
        told = f"Days are those of {own}, in which the archive was made, not of DATELINE_TIME_ZONE={wanted};"
        return (f"{told} `dateline rebuild` changes them.",)

    def _retrieve(self, question: Question, k: int, clock: Clock | None = None) -> list[Passage]:
        archive, parts, clock = self.archive, self._parts, clock or Clock()
        archive.keep_up()
        retriever = Retriever(
            parts.embedder, archive.dense, archive.lexical, archive.catalog.chunks, groups=archive.catalog.groups,
            naming=archive.catalog.naming,
        )  # fmt: skip
        depth = max(k, parts.reranker.depth) if parts.reranker else k
        found = retriever.retrieve(question.sought, depth, question.filters, question.as_of, question.scopes)
        clock.mark("retrieve")
        if parts.reranker:
            try:
                found = parts.reranker.rerank(question.sought, found)
            except ModelError as error:
                log_fault(logger, f"passages stay in the order of the search, since they could not be reranked: {error}")
            clock.mark("rerank")
        return found[:k]

    def _trace(self, answers: Iterator[Answer]) -> Iterator[Answer]:
        """The answers with the faults so far; where the settings want traces, the last once more, and it says where that is."""
        last, faults = None, list[str]()
        while answer := _next(answers, faults):
            last = replace(answer, faults=tuple(faults))
            yield last
        if last is None:
            return
        log_answer(last)
        if self.settings.traces:
            yield save_trace(last, self.settings.traces)

    def _understand(self, asked: Question, model: LanguageModel | None) -> tuple[Question, Rewrite]:
        """The question as it stands alone, with the times and outlets that it names."""
        if asked.literal:
            return asked, Rewrite(asked.text)
        rewrite = self._parts.rewriter.rewrite(asked.text, asked.history, self.archive.catalog.outlets(), model, asked.cancelled)
        question = self._find_scopes(replace(asked, text=rewrite.text, behind=rewrite.behind))
        respelt = self._stories.respelt(question)
        return (self._find_scopes(respelt), Rewrite(respelt.text, "spelling")) if respelt is not question else (question, rewrite)

    def _find_scopes(self, question: Question) -> Question:
        if question.literal:
            return question
        scopes = scopes_asked(
            question.text, self._stories.today(question.as_of), self.archive.catalog.outlets(), question.ignored
        )
        return replace(question, scopes=scopes)

    def _cut(self, question: Question) -> Question:
        """The question with the archive as it was on the day that it is asked as of; what was published later is not read."""
        days = self.archive.catalog.days()
        if question.as_of is None or not days or days[1] <= question.as_of:
            return question
        end, filters = question.as_of + timedelta(days=1), question.filters
        return replace(question, filters=replace(filters, before=min(filters.before or end, end)))

    def _cut_notices(self, asked: Question) -> Iterator[str]:
        """What the day that a question is asked as of leaves out and no filter does."""
        if (
            not asked.filters.dated
            and self._cut(asked).filters.dated
            and (undated := self.archive.catalog.count_undated(asked.filters.outlets))
        ):
            yield f"{undated} article{'s' * (undated > 1)} without a date left out, which may be newer than the day asked as of."

    def _answers(self, asked: Question, model: LanguageModel | None) -> Iterator[Answer]:
        clock, meant = Clock(), self._stories.corrected(asked)
        form: Form = "latest" if meant is not asked else self._stories.form(asked)
        asked = meant
        if form == "talk":
            yield self._answer_talk(asked, clock)
            return
        answerer = self._parts.answerer_by(model)
        question, rewrite = self._understand(asked, model)
        form = form if question.text == asked.text else self._stories.form(question)
        question = self._cut(question)
        clock.mark("understand")
        if told := self._conclude_story(
            asked, question, rewrite, self._stories.tell(question, form, worded=model is not None), clock
        ):
            yield told
            return
        found = self.find(question, clock)
        empty = Answer(
            asked, question.text, "abstained", self._nothing_found(asked.filters), (), None, (), 0.0, found.passages,
            answerer.mode, (*self.notices, *self._filter_notices(asked.filters), *self._cut_notices(asked)),
            cause="nothing found",
            show_struck=self.settings.unsupported == "strike",
            understood=Understood(rewrite.by, question.scopes, question.behind),
            form=form,
        )  # fmt: skip
        answer = empty
        for draft in _drafts(answerer, question, found):
            clock.mark("answer")
            answer = conclude(empty, draft, found.articles, self._least_confidence(question, draft))
            if answer.status == "answered":
                yield replace(self._corroborate(answer, draft), timings_ms=clock.timings())
        instead = self._stories.unread(question, form, answer) if model is None else None
        if isinstance(instead, StoryAnswer):
            yield self._with_sources(replace(as_answer(empty, instead), timings_ms=clock.timings()))
            return
        if instead:
            yield replace(empty, reason=instead, cause="not answered", timings_ms=clock.timings())
            return
        if answer.status == "abstained":
            outside = self._outside(question) if asked.filters else None
            clock.mark("answer")
            reason = f"{answer.reason} {outside}" if outside else answer.reason
            cause: Cause | None = "outside the filters" if outside else answer.cause
            yield replace(answer, reason=reason, cause=cause, timings_ms=clock.timings())

    def _conclude_story(
        self, asked: Question, question: Question, rewrite: Rewrite, told: StoryAnswer | None, clock: Clock
    ) -> Answer | None:
        """A story answer, where there is one of enough confidence."""
        if told is None or told.confidence < self._least_confidence(question, Draft((), 0.0)):
            return None
        clock.mark("answer")
        today = self._stories.today(asked.as_of)
        as_of = as_of_notice(question.scopes, today, asked.as_of or date.today())
        filters = (*self._filter_notices(asked.filters), *self._cut_notices(asked))
        notices = (*self.notices, *filters, *((as_of,) if as_of else ()))
        empty = Answer(
            asked, question.text, "abstained", None, (), None, (), 0.0, (), self._parts.answerer.mode, notices,
            understood=Understood(rewrite.by, question.scopes, question.behind),
        )  # fmt: skip
        return self._with_sources(replace(as_answer(empty, told), timings_ms=clock.timings()))

    def _answer_talk(self, asked: Question, clock: Clock) -> Answer:
        def again(text: str, history: Sequence[Turn]) -> Answer:
            *_, last = self._answers(replace(asked, text=text, history=tuple(history)), None)
            return last

        told = self._stories.talk(asked, again)
        empty = Answer(asked, asked.text, "abstained", None, (), None, (), 0.0, (), self._parts.answerer.mode, self.notices)
        return self._with_sources(replace(as_answer(empty, told), timings_ms=clock.timings()))

    def _with_sources(self, answer: Answer) -> Answer:
        return self._corroborate(answer, Draft((), answer.confidence)) if answer.citations else answer

    def _corroborate(self, answer: Answer, draft: Draft) -> Answer:
        """The answer with the copies of what it cites, and how many articles and independent outlets carry it."""
        catalog = self.archive.catalog
        agreeing = draft.agreeing if answer.short_answer else ()
        carrying = {source.id: source for source in (*(citation.source for citation in answer.citations), *agreeing)}
        copies = catalog.copies(list(carrying))
        sources = {**carrying, **{copy.source.id: copy.source for others in copies.values() for copy in others}}
        outlets = independent(list(sources.values()), catalog.groups(list(sources)))
        times = catalog.times(list({citation.source.id for citation in answer.citations}))
        cited = tuple(
            replace(each, copies=copies.get(each.source.id, ()), dates=find_times_in(each, times.get(each.source.id, ())))
            for each in answer.citations
        )
        return replace(answer, citations=cited, corroboration=Corroboration(outlets, len(sources)) if len(sources) > 1 else None)

    def _least_confidence(self, question: Question, draft: Draft) -> float:
        if question.insist:
            return 0.0
        if question.max_risk is None and self.settings.min_confidence is not None:
            return self.settings.min_confidence
        return self._parts.answerer.least_confidence(question.max_risk) if draft.least is None else draft.least

    def _outside(self, question: Question) -> str | None:
        """Where the archive does answer a question that its articles within the filters do not; None where it does nowhere."""
        found = self.find(self._cut(replace(question, filters=Filters())))
        drafts = list(_drafts(self._parts.answerer, question, found))
        last = drafts[-1] if drafts else None
        if last is None or not last.claims or last.confidence < self._least_confidence(question, last):
            return None
        source = last.claims[0].quotes[0].source
        day = source.day(self.archive.catalog.zone)
        told = ", ".join(part for part in (source.outlet, long_day(day) if day else None) if part)
        return f"An article outside the filters answers this: {source.title}{f' ({told})' if told else ''}."

    def _nothing_found(self, filters: Filters) -> str:
        if self.archive.catalog.counts().articles == 0:
            return "The archive is empty: no articles have been ingested."
        if filters:
            return f"No article in the archive passes the filters ({describe_filters(filters)})."
        return "Nothing in the archive is near this question."

    def _filter_notices(self, filters: Filters) -> Iterator[str]:
        catalog = self.archive.catalog
        if filters.outlets:
            known = catalog.outlets()
            folded = {name.casefold() for name in known}
            if missing := [name for name in filters.outlets if name.casefold() not in folded]:
                shown = ", ".join(known[:SHOWN_OUTLETS]) + (" …" if len(known) > SHOWN_OUTLETS else "")
                yield f"No outlet of the archive is called {' or '.join(missing)}; it has {shown or 'none'}."
        if filters.dated and (undated := catalog.count_undated(filters.outlets)):
            yield f"{undated} article{'s' * (undated > 1)} without a date left out by the date filter."


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, and by id the articles that they stand in."""

    passages: tuple[Passage, ...]
    articles: dict[str, Article]


@dataclass(slots=True)
class Clock:
    """Milliseconds since it was made, and up to each mark from the one before."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        self.marks[step] = self._measure() - sum(value for name, value in self.marks.items() if name != step)

    def timings(self) -> dict[str, float]:
        return {**{step: round(value, 2) for step, value in self.marks.items()}, "total": round(self._measure(), 2)}

    def _measure(self) -> float:
        return (time.perf_counter() - self.started) * 1000


def _drafts(answerer: Answerer, question: Question, found: Retrieval) -> Iterator[Draft]:
    return answerer.draft(question, found.passages, found.articles) if found.passages else iter(())


def _next(answers: Iterator[Answer], faults: list[str]) -> Answer | None:
    """The next answer, None behind the last; what is survived on the way to it is added to `faults`."""
    with note_faults(faults):
        return next(answers, None)


def _stands(passage: Passage, articles: Mapping[str, Article]) -> bool:
    chunk = passage.chunk
    return is_exact(Quote(chunk.source, chunk.start, chunk.end, chunk.text), articles)
