"""Questions that the archive can answer, made from its own articles: examples for an empty page, and what to ask next.

A question is offered only once the archive has answered it from an article that it was made from.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from rag.english.names import Name, names
from rag.errors import DatelineError
from rag.types import Answer, Article

if TYPE_CHECKING:
    from rag.pipeline import Rag

OFFERED = 4
LATEST = 40
"""Articles, the newest, that examples are made from."""
TRIED = 8
"""Questions tried at most for one offer: each costs as much as any question."""
SURE = 0.5
Candidate = tuple[str, str]
"""The kind of a question, of which one at a time is offered where there are others, and the question."""


class Aside:
    """Does what nobody asked for beside what was: one thing at a time, and nothing more once `room` things wait."""

    def __init__(self, room: int = 8) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="suggest")
        self._free = room
        self._closed = False

    def close(self) -> None:
        """What waits is not begun any more."""
        self._closed = True
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], list[str]]) -> list[str] | None:
        """What `work` gives, None where there is no room. For one event loop."""
        if not self._free:
            return None
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except (asyncio.CancelledError, RuntimeError):
            if not self._closed:
                raise
            return None
        finally:
            self._free += 1


class Suggestions:
    """Makes and tries questions. The examples are made once for each state of the archive."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self._lock = Lock()
        self._made: tuple[int, list[str]] | None = None
        self._ended = False

    def end(self) -> None:
        """No further question is tried."""
        self._ended = True

    def examples(self) -> list[str]:
        """Some questions about the newest articles. Takes as long as it takes to answer them, the first time."""
        catalog = self._rag.archive.catalog
        with self._lock:
            if self._made is None or self._made[0] != catalog.sequence:
                sequence = catalog.sequence
                newest = [id for _, id in catalog.changes(max(0, sequence - LATEST), LATEST)]
                self._made = sequence, self._answerable(list(catalog.articles(newest).values()), OFFERED)
            return self._made[1]

    def next(self, answer: Answer, asked: Iterable[str] = ()) -> list[str]:
        """What can be asked next of the articles that `answer` cites, apart from what has been asked."""
        cited = list(dict.fromkeys(citation.source.id for citation in answer.citations))[:4]
        articles = self._rag.archive.catalog.articles(cited)
        return self._answerable([articles[id] for id in cited if id in articles], 3, {*asked, answer.standalone_question})

    def _answerable(self, articles: Sequence[Article], wanted: int, asked: Iterable[str] = ()) -> list[str]:
        known = {article.source.id for article in articles}
        spoken = " ".join(asked).casefold()
        found: list[str] = []
        tried = (question for question in candidates(articles) if question.casefold() not in spoken)
        for question, _ in zip(tried, range(TRIED), strict=False):
            if self._answers(question, known):
                found.append(question)
            if self._ended or len(found) == wanted:
                break
        return found

    def _answers(self, question: str, known: set[str]) -> bool:
        try:
            answer = self._rag.ask(question, llm="none")
        except DatelineError:
            return False
        cited = {citation.source.id for citation in answer.citations}
        return answer.status == "answered" and answer.confidence >= SURE and bool(cited & known)


def candidates(articles: Sequence[Article]) -> Iterator[str]:
    """Questions about the names in these articles: one of each kind, then the next of each."""
    kinds: dict[str, list[str]] = {}
    for kind, question in _make(articles):
        kinds.setdefault(kind, []).append(question)
    for place in range(max(map(len, kinds.values()), default=0)):
        for questions in kinds.values():
            yield from questions[place : place + 1]


def _make(articles: Sequence[Article]) -> Iterator[Candidate]:
    people: dict[str, None] = {}
    subjects: Counter[str] = Counter()
    for article in articles:
        found = names(f"{article.source.title}.\n\n{article.text}", [article.source.outlet or ""])
        people.update(dict.fromkeys(name.name for name in found if _is_person(name)))
        titled = {name.bare for name in names(article.source.title or "") if name.kind != "person" and name.sure}
        subjects.update(name.name for name in {name.bare: name for name in found if name.bare in titled}.values() if _lasts(name))
    told = [(_inside(subject), count) for subject, count in subjects.most_common(TRIED)]
    for subject, _ in told:
        yield ("latest", f"What is the latest on {subject}?")
    for subject, count in (*told[1:], *told[:1]):
        if count > 1:
            yield ("timeline", f"Timeline of {subject}")
    persons = list(people)
    for person in persons:
        yield ("who", f"Who is {person}?")
    for person in (*persons[1:], *persons[:1]):
        yield ("said", f"What did {person} say?")


def _inside(name: str) -> str:
    """A name as it stands inside a sentence."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def _is_person(name: Name) -> bool:
    """Whether the name is a whole one, with which a question stands by itself."""
    return name.kind == "person" and name.sure and len(name.bare.split()) in (2, 3)


def _lasts(name: Name) -> bool:
    return len(name.bare.split()) > 1 or name.kind in ("place", "body", "thing")
