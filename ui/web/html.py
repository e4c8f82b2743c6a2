"""Fragments of the page. Everything that comes from articles or visitors is escaped by the templates, with no exception.

A template decides what is shown; `ui.web.wording` decides what a day, a link or a confidence looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from rag.types import Article, Filters
from ui.render import scope_in_words
from ui.silence import beyond
from ui.terminal import sure
from ui.web import forms, outcomes, sources, wording
from ui.web.conversation import Exchange
from ui.web.store import Kept

if TYPE_CHECKING:
    from ui.web.adding import Job


class Fragments:
    """Turns the nouns of Dateline into HTML. Safe to share between threads."""

    def __init__(self, root: str = "") -> None:
        """`root` is the path below which the server is reached, as "/archive"."""
        self.root = root
        self._templates = Environment(
            loader=PackageLoader("ui.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["root"] = root
        self._templates.filters.update(
            bare=sources.bare, bare_parts=sources.bare_parts, beyond=beyond, capital=wording.capital, cards=sources.cards,
            chips=wording.chips, citation=wording.citation, confidence=sure, copied=wording.copied, counted=forms.count_shares,
            counted_outcomes=outcomes.count_outcomes, counts_and_quotes=forms.counts_and_quotes, coverage=forms.coverage,
            day=wording.day_in_words, days=wording.days_in_words, doing=wording.doing, figure_day=forms.figure_day,
            file_name=outcomes.file_name, in_order=forms.in_order, known_from=outcomes.explain_date, level=wording.level,
            link=wording.safe_link, month=wording.month_in_words, odds=wording.odds,
            outlets_that_say_it=wording.outlets_that_say_it, own_words=forms.own_words, parted=wording.parted,
            place_given=outcomes.place_given, preferred=wording.list_preferred, provenance=wording.provenance,
            published=sources.days, reason_given=outcomes.reason_given, removable=wording.removable, rests_on=forms.rests_on,
            scope=scope_in_words, sections=forms.sections, shelf_link=lambda id: root + wording.shelf_link(id),
            shortened=wording.shortened, site=wording.site, snippet=sources.snippet, span=wording.span_in_words,
            struck_after=wording.list_struck_after, value_of=forms.value_of,
        )  # fmt: skip

    def masthead(self, articles: int, outlets: int, days: tuple[date, date] | None, notices: Sequence[str], editor: bool) -> str:
        return self._render("masthead.html", articles=articles, outlets=outlets, days=days, notices=notices, editor=editor)

    def welcome(self, articles: int, editor: bool) -> str:
        return self._render("welcome.html", articles=articles, editor=editor)

    def questions(self, heading: str, questions: Sequence[str]) -> str:
        """Questions that are asked at a click."""
        return self._render("questions.html", heading=heading, questions=questions)

    def exchanges(self, exchanges: Sequence[Exchange]) -> str:
        return "".join(
            self._render("exchange.html", exchange=exchange, answer=exchange.answer, nearest=sources.nearest(exchange.answer))
            for exchange in exchanges
        )

    def sources(self, exchange: Exchange | None) -> str:
        """The sources of an answer as cards, nothing where it has none."""
        if exchange is None or exchange.answer is None or not exchange.answer.citations:
            return ""
        return self._render("sources.html", exchange=exchange, answer=exchange.answer)

    def conversations(self, kept: Sequence[tuple[Kept, date]], current: str | None, words: str, today: date) -> str:
        """The list of what a visitor has asked, each conversation with the day on which it was last used."""
        return self._render("conversations.html", kept=kept, current=current, words=words, today=today)

    def source(self, article: Article, start: int, end: int, quote: str, *, judged: bool = False) -> str:
        """The article with its characters from `start` to `end` marked, if they are `quote`; with nothing marked otherwise.

        `judged` lets the reader say whether it says what it is cited for.
        """
        exact = article.text[start:end] == quote and bool(quote)
        parts = (article.text[:start], quote, article.text[end:]) if exact else (article.text, "", "")
        before, marked, after = parts
        return self._render(
            "source.html", source=article.source, before=before, marked=marked, after=after, exact=exact, judged=judged
        )

    def article(self, article: Article | None) -> str:
        """A whole page with the article, or one that says that there is none."""
        return self._render("article.html", article=article)

    def no_source(self, message: str = "") -> str:
        return self._render("no_source.html", message=message)

    def problem(self, problem: str) -> str:
        return self.filters(Filters(), problem)

    def adding(self, job: Job) -> str:
        """How a look at what is given, or the storing of it, goes or has gone."""
        return self._render("added.html", job=job)

    def page(self, name: str, **values: object) -> str:
        """A page of its own, of the template `name`."""
        return self._render(name, **values)

    def told(self, words: str, link: str = "") -> str:
        """A word of what has been done, with a link to it."""
        return self._render("told.html", words=words, link=link)

    def filters(self, filters: Filters, problem: str = "") -> str:
        return self._render("filters.html", filters=filters, problem=problem)

    def _render(self, name: str, **values: object) -> str:
        return wording.showable(self._templates.get_template(name).render(values))
