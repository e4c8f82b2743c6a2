"""The whole way from a question to a cited answer: understand, retrieve, read, answer, cite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Unpack

from rag.asking import Asking
from rag.browse import Browsing
from rag.finder import Finder, Retrieval
from rag.forms import Form
from rag.history import History
from rag.log import log_answer, note_faults
from rag.parts import Parts, open_parts
from rag.protocols import Embedder
from rag.request import LINES, AskOptions, SearchOptions, make_question
from rag.settings import Settings, load_settings
from rag.story import Stories
from rag.trace import save_trace
from rag.types import Answer, Passage, Question


class Rag(Browsing):
    """Asks one archive. Safe to use from many threads; close it, or use it as a context manager, to release the archive.

    An answer whose confidence is below `settings.min_confidence` is withheld; without that, one below what keeps the share of
    wrong answers at `settings.max_risk` (default: the answerer's own threshold).
    """

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self.archive = parts.archive
        self.settings = settings
        self._parts = parts
        self._stories = Stories(parts.archive, parts.embedder, parts.archive.catalog.zone, parts.sentence_reader)
        self._finder = Finder(parts, settings.passages)
        self._asking = Asking(parts, settings, self._stories, self._finder)

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
        return self._trace(self._asking.answer(replace(asked, max_risk=risk, cancelled=cancelled), model))

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
        asked = make_question(topic, (), {"since": since, "until": until, "outlets": tuple(outlets), "as_of": as_of})
        return self._asking.tell(asked, form, outlets, lines)

    def search(self, question: str | Question, k: int | None = None, **options: Unpack[SearchOptions]) -> tuple[Passage, ...]:
        """The best `k` passages (10 unless given), best first; at most a few of one article, and copies of one text once.

        Times and outlets that the question names are preferred, as in `ask`; the options are described in `SearchOptions`.
        """
        asked = make_question(question, (), {**options, **({} if k is None else {"k": k})})
        question = self._finder.cut(self._asking.find_scopes(asked))
        return tuple(self._finder.retrieve(question, asked.k if k is None else k))

    def find(self, question: Question) -> Retrieval:
        """The passages that an answer is made from, and the articles that they stand in."""
        return self._finder.find(question)

    def close(self) -> None:
        self._parts.close()

    def __enter__(self) -> Rag:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """What anyone who asks should know of the archive and of the parts that answer."""
        return self._asking.notices

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


def _next(answers: Iterator[Answer], faults: list[str]) -> Answer | None:
    """The next answer, None behind the last; what is survived on the way to it is added to `faults`."""
    with note_faults(faults):
        return next(answers, None)
