"""Fragments of the page. Everything that comes from articles or visitors is escaped by the templates, with no exception.

A template decides what is shown; this module decides what a day, a link or a confidence looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from rag.types import Answer, Article, Corroboration, Filters, Mention, Passage, Scope, Struck
from rag.when import in_words
from ui.render import scope_in_words
from ui.terminal import corroborated
from ui.web.conversation import Exchange

SNIPPET_CHARACTERS = 220
NEAREST = 5
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text after them, with which a title can disguise itself."""


class Fragments:
    """Turns the nouns of Dateline into HTML. Safe to share between threads."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("ui.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            day=day_in_words,
            days=days_in_words,
            confidence=confidence_in_words,
            chips=chips,
            scope=scope_in_words,
            preferred=preferred,
            corroboration=corroboration_in_words,
            link=safe_link,
            site=site,
            snippet=snippet,
            struck_after=struck_after,
        )

    def masthead(self, articles: int, outlets: int, days: tuple[date, date] | None, notices: Sequence[str]) -> str:
        return self._render("masthead.html", articles=articles, outlets=outlets, days=days, notices=notices)

    def welcome(self, articles: int, examples: Sequence[str]) -> str:
        return self._render("welcome.html", articles=articles, examples=examples)

    def exchanges(self, exchanges: Sequence[Exchange]) -> str:
        return "".join(
            self._render("exchange.html", exchange=exchange, answer=exchange.answer, nearest=_nearest(exchange.answer))
            for exchange in exchanges
        )

    def source(self, article: Article, start: int, end: int, quote: str) -> str:
        """The article with its characters from `start` to `end` marked, if they are `quote`; with nothing marked otherwise."""
        exact = article.text[start:end] == quote and bool(quote)
        parts = (article.text[:start], quote, article.text[end:]) if exact else (article.text, "", "")
        return self._render("source.html", source=article.source, before=parts[0], marked=parts[1], after=parts[2], exact=exact)

    def article(self, article: Article | None) -> str:
        """A whole page with the article, or one that says that there is none."""
        return self._render("article.html", article=article)

    def no_source(self, message: str = "") -> str:
        return self._render("no_source.html", message=message)

    def problem(self, problem: str) -> str:
        return self.filters(Filters(), problem)

    def filters(self, filters: Filters, problem: str = "") -> str:
        return self._render("filters.html", filters=filters, problem=problem)

    def _render(self, name: str, **values: object) -> str:
        return showable(self._templates.get_template(name).render(values))


def showable(text: str) -> str:
    """`text` as any browser can take it: lone surrogates and control characters are replaced, one for one."""
    return UNSHOWABLE.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


def safe_link(url: str | None) -> str | None:
    """`url` if following it can only open a web page, else None."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else None
    except ValueError:
        return None


def site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def day_in_words(value: date | datetime | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "no date"


def days_in_words(time: Mention) -> str:
    """The days that a time in an article means."""
    return in_words(time.first, time.before)


def confidence_in_words(value: float) -> str:
    word = "high" if value >= 0.75 else "fair" if value >= 0.5 else "low"
    return f"{word} ({value:.0%})"


def corroboration_in_words(told: Corroboration) -> str:
    return corroborated(told.outlets, told.articles)


def chips(filters: Filters) -> list[str]:
    """Each filter in a few words, for what is shown as active."""
    shown = [f"since {day_in_words(filters.since)}"] if filters.since else []
    if filters.until:
        shown.append(f"until {day_in_words(filters.until)}")
    return [*shown, *filters.outlets]


def preferred(answer: Answer | None) -> list[tuple[int, Scope]]:
    """What was inferred from the question, each with its place, apart from what it is limited to all the same."""
    if answer is None:
        return []
    return [(place, scope) for place, scope in enumerate(answer.understood.scopes) if scope.filters != answer.question.filters]


def struck_after(answer: Answer, sentences: int) -> list[Struck]:
    """What is to be shown as struck behind so many of the answer's sentences."""
    return [struck for struck in answer.struck if struck.after == sentences] if answer.show_struck else []


def snippet(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SNIPPET_CHARACTERS else words[:SNIPPET_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _nearest(answer: Answer | None) -> list[tuple[int, Passage]]:
    """The best passage of each article under an abstention, with its place among the answer's passages."""
    if answer is None or answer.status == "answered":
        return []
    best: dict[str, tuple[int, Passage]] = {}
    for place, passage in enumerate(answer.passages):
        best.setdefault(passage.chunk.source.id, (place, passage))
    return list(best.values())[:NEAREST]
