"""One way from a request to the archive for every protocol: the same fields, the same limits, and an end when nobody waits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from rag.request import read_question
from rag.types import Answer, Question
from ui.web.answering import check_offered
from ui.web.limits import Limits, Room
from ui.web.stream import follow

if TYPE_CHECKING:
    from rag.pipeline import Rag

T = TypeVar("T")


class Gone(Exception):
    """Nobody waits for the answer any more."""


class Asking:
    """Asks `rag` for programs, so many at a time as `limits` say."""

    def __init__(self, rag: Rag, limits: Limits) -> None:
        self.rag = rag
        self._limits = limits
        self._room = Room(limits.at_once, limits.waiting)

    def question(self, fields: Mapping[str, Any]) -> Question:
        """What is asked, with the end of its conversation. Raises UsageError for fields that are not known or cannot be."""
        asked = read_question(fields)
        return replace(asked, history=asked.history[-self._limits.turns :], llm=check_offered(self.rag.settings, asked.llm))

    async def answer(self, asked: Question, request: Request) -> Answer:
        """The whole answer. Raises Gone when the caller has hung up meanwhile, and Full when too many ask."""
        last = None
        async with aclosing(self.steps(asked)) as steps:
            async for answer in steps:
                last = answer or last
                if await request.is_disconnected():
                    raise Gone
        if last is None:
            raise RuntimeError("the pipeline gave no answer")
        return last

    async def steps(self, asked: Question) -> AsyncGenerator[Answer | None]:
        """Each answer as it grows, None while there is nothing new; leaving the iteration ends the answering. Raises Full."""
        gone = Event()
        async with self._room.place():
            try:
                answers: Iterator[Answer] = self.rag.stream(asked, cancelled=gone.is_set)
                async with aclosing(follow(answers)) as steps:
                    async for answer in steps:
                        yield answer
            finally:
                gone.set()

    async def call(self, function: Callable[[], T]) -> T:
        """What `function` gives, in a thread, once there is room. Raises Full."""
        async with self._room.place():
            return await run_in_threadpool(function)

    def require_room(self) -> None:
        """Raises Full where a stream would have no room to wait in: its status must be known before it begins."""
        self._room.require()
