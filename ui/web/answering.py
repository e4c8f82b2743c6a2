"""From a question typed in the page to the states its conversation goes through."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from rag.errors import DatelineError, UsageError
from rag.nearest import suggestion
from rag.settings import NONE, Settings
from rag.types import Article, Question, Source
from ui.web.conversation import Conversation, Exchange
from ui.web.html import Fragments
from ui.web.limits import Limits
from ui.web.stream import follow

if TYPE_CHECKING:
    from rag.pipeline import Rag

logger = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong here, not with your question. It has been written to the server’s log; please try again."


def check_offered(settings: Settings, name: str | None) -> str | None:
    """`name` if whoever asks from outside may choose it. Raises UsageError: a name could be any server's model, or any file."""
    known = dict.fromkeys((NONE, settings.llm, *settings.llm_offered))
    if name is not None and name not in known:
        raise UsageError(f"llm: {name[:80]!r} is not offered here; there is {', '.join(known)}{suggestion(name, known)}")
    return name


class Answering:
    """Asks the archive on behalf of the page. `limits` bound the conversation."""

    def __init__(self, rag: Rag, limits: Limits) -> None:
        self._rag = rag
        self._limits = limits

    async def states(self, conversation: Conversation, asked: Question, ended: asyncio.Event) -> AsyncGenerator[Conversation]:
        """The conversation with the question asked, then after each piece of its answer. Errors become part of it.

        Once `ended` is set, what has been said so far is the answer, and a language model is told to stop.
        """
        conversation = conversation.with_question(asked.text, self._limits.exchanges)
        yield conversation
        try:
            answers = self._rag.stream(asked, cancelled=ended.is_set)
            async with aclosing(follow(answers)) as steps:
                async for answer in steps:
                    if answer is not None:
                        conversation = conversation.with_answer(answer, working=True)
                    if ended.is_set():
                        break
                    yield conversation
            conversation = conversation.with_answer()
        except Exception as error:
            conversation = conversation.with_answer(error=explain(error))
        yield conversation


def explain(error: Exception) -> str:
    """What to tell a visitor. What the archive's operator must act on is logged in full."""
    if isinstance(error, UsageError):
        return str(error)
    if isinstance(error, DatelineError):
        logger.error("%s", error)
        return "The archive cannot be read at the moment. Its operator finds the cause in the server’s log."
    logger.error("an answer for the page failed", exc_info=error)
    return UNEXPECTED


class Reading:
    """Opens the article behind a citation."""

    def __init__(self, rag: Rag, fragments: Fragments) -> None:
        self._catalog = rag.archive.catalog
        self._fragments = fragments

    def opened(self, exchange: Exchange | None, citation: str | None, passage: str | None) -> str:
        """The panel for a source of `exchange`: its article with the quoted characters marked."""
        chosen = _choose(exchange, citation, passage)
        if chosen is None:
            return self._fragments.no_source("This source is no longer known here. Ask again to cite it anew.")
        source, start, end, quote = chosen
        article = self._as_cited(source, start, end, quote)
        if article is None:
            return self._fragments.no_source("This article has been removed from the archive.")
        judged = citation is not None and exchange is not None and exchange.key is not None
        return self._fragments.source(article, start, end, quote, judged=judged)

    def _as_cited(self, source: Source, start: int, end: int, quote: str) -> Article | None:
        """The article as it is, or the version of it that has the quote where it was cited."""
        article = self._catalog.article(source.id)
        if article is None or article.text[start:end] == quote:
            return article
        for version in reversed(self._catalog.versions(source.id)):
            if version.text[start:end] == quote:
                return Article(source, version.text)
        return article


def _choose(exchange: Exchange | None, citation: str | None, passage: str | None) -> tuple[Source, int, int, str] | None:
    if exchange is None or exchange.answer is None:
        return None
    for cited in exchange.answer.citations:
        if str(cited.number) == citation:
            return cited.source, cited.start, cited.end, cited.quote
    for place, found in enumerate(exchange.answer.passages):
        if str(place) == passage:
            chunk = found.chunk
            return chunk.source, chunk.start, chunk.end, chunk.text
    return None
