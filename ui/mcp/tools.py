"""The tools: what each is called with, what it asks of the archive, and what it gives, as words and as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import UsageError
from rag.nearest import refuse_unknown
from rag.request import read_listing, read_question, read_topic
from rag.types import Answer
from ui.fields import ASK, BRIEF, FILTERS, LISTING, TIMELINE, Schema, object_schema
from ui.mcp import told
from ui.render import Json, answer_json, hits_json, plain_json, source_json
from ui.web.answering import check_offered

if TYPE_CHECKING:
    from rag.pipeline import Rag

Cancelled = Callable[[], bool]
SEARCHED = ("question", "k", *FILTERS, "as_of", "literal")
READ_AT_ONCE = 20_000
"""Characters of an article that one call reads at most: more would fill a model's window."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gives: words for the model, and the same as data for the program around it."""

    text: str
    data: Json


@dataclass(frozen=True, slots=True)
class Tool:
    """`call` gets the archive, the arguments as they came, and whether nobody waits any more."""

    name: str
    title: str
    description: str
    schema: Schema
    call: Callable[[Rag, Mapping[str, Any], Cancelled], Result]


def ask(rag: Rag, given: Mapping[str, Any], cancelled: Cancelled) -> Result:
    refuse_unknown(given, ASK, "argument")
    asked = read_question(given)
    check_offered(rag.settings, asked.llm)
    *_, answer = rag.stream(asked, cancelled=cancelled)
    return _answer(answer)


def search(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, SEARCHED, "argument")
    asked = read_question(given)
    document = hits_json(asked, rag.search(asked))
    return Result(told.hits(document), document)


def brief(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, BRIEF, "argument")
    return _answer(rag.brief(**read_topic(given)))


def timeline(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, TIMELINE, "argument")
    return _answer(rag.timeline(**read_topic(given)))


def compare(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, BRIEF, "argument")
    return _answer(rag.compare(**read_topic(given)))


def read_article(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, ("article_id", "start", "end"), "argument")
    start, end = _span(given)
    article_id = given.get("article_id")
    article = rag.article(article_id) if isinstance(article_id, str) else None
    if article is None:
        raise UsageError(f"article_id: there is no article {str(article_id)[:200]!r}; search names those there are")
    end = min(len(article.text), start + READ_AT_ONCE) if end is None else end
    document = {
        **source_json(article.source), "url": article.source.url, "authors": list(article.source.authors),
        "characters": len(article.text), "start": start, "end": min(end, len(article.text)), "text": article.text[start:end],
    }  # fmt: skip
    return Result(told.article(document), document)


def list_articles(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, LISTING, "argument")
    page = rag.articles(**read_listing(given))
    document = {"articles": [{**source_json(source), "url": source.url} for source in page.sources], "next": page.next}
    return Result(told.articles(document), document)


def list_outlets(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, (), "argument")
    document = {"outlets": plain_json(rag.tally_outlets())}
    return Result(told.outlets(document), document)


def list_days(rag: Rag, given: Mapping[str, Any], _: Cancelled) -> Result:
    refuse_unknown(given, (*FILTERS, "limit"), "argument")
    document = {"days": plain_json(rag.tally_days(**read_listing({"limit": 100, **given})))}
    return Result(told.days(document), document)


def _answer(answer: Answer) -> Result:
    """The passages that were read are left out: they would fill a model's window, and `search` gives them."""
    document = answer_json(answer)
    del document["passages"]
    return Result(told.answer(answer), document)


def _span(given: Mapping[str, Any]) -> tuple[int, int | None]:
    start, end = given.get("start", 0), given.get("end")
    for name, value in (("start", start), ("end", end)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise UsageError(f"{name}: give a whole number of characters from the beginning of the article")
    start = start or 0
    if end is not None and not start < end <= start + READ_AT_ONCE:
        raise UsageError(f"end: give a number above start, at most {READ_AT_ONCE:,} characters further")
    return start, end


TOOLS = (
    Tool("ask", "Ask the archive", "Answer a question from the news archive in exact quotes with outlet, date and place, or say "
         "that the articles do not say. A follow-up needs `history`.", object_schema(ASK, ["question"]), ask),
    Tool("search", "Search the archive", "The passages that fit a question best, best first, with article, outlet, date and "
         "character offsets.", object_schema(SEARCHED, ["question"]), search),
    Tool("read_article", "Read an article", f"The text of an article, or of its characters from `start` to `end`; at most "
         f"{READ_AT_ONCE:,} at once.", object_schema(("article_id", "start", "end"), ["article_id"]), read_article),
    Tool("brief", "Brief on a topic", "The story of a topic in a few quoted lines, newest state first.",
         object_schema(BRIEF, ["topic"]), brief),
    Tool("timeline", "Timeline of a topic", "The story of a topic by day, each development with the quote that says it.",
         object_schema(TIMELINE, ["topic"]), timeline),
    Tool("compare", "Compare outlets", "What outlets say of a topic: both, only one, and where their figures differ.",
         object_schema(BRIEF, ["topic"]), compare),
    Tool("list_articles", "List articles", "Articles, newest first, a page at a time.", object_schema(LISTING), list_articles),
    Tool("list_outlets", "List outlets", "The outlets with their numbers of articles and their first and last day.",
         object_schema(()), list_outlets),
    Tool("list_days", "List days", "The days on which articles were published, newest first, with their numbers.",
         object_schema((*FILTERS, "limit")), list_days),
)  # fmt: skip
