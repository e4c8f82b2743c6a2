"""Fragments of the page. Everything that comes from articles or visitors is escaped by the templates, with no exception.

A template decides what is shown; this module decides what a day, a link or a confidence looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from rag.forms import Development
from rag.settings import NONE
from rag.types import Answer, Article, Citation, Filters, Mention, Scope, Source, Struck
from rag.when import in_words
from ui import export
from ui.render import answer_json, scope_in_words
from ui.terminal import FAIR, HIGH, format_corroboration, sure
from ui.web import forms, outcomes, sources
from ui.web.conversation import Exchange
from ui.web.store import Kept

if TYPE_CHECKING:
    from ui.web.adding import Job

UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text after them, with which a title can disguise itself."""


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
            bare=sources.bare, bare_parts=sources.bare_parts, cards=sources.cards, chips=chips, citation=citation, copied=copied,
            confidence=sure, counted=forms.counted, counted_outcomes=outcomes.counted_outcomes, coverage=forms.coverage,
            day=day_in_words, days=days_in_words,
            doing=doing, figure_day=forms.figure_day,
            file_name=outcomes.file_name, in_order=forms.in_order, known_from=outcomes.known_from,
            level=level, link=safe_link,
            outlets_that_say_it=outlets_that_say_it, own_words=forms.own_words, place_given=outcomes.place_given,
            preferred=list_preferred, provenance=provenance, published=sources.days, reason_given=outcomes.reason_given,
            removable=removable, scope=scope_in_words, sections=forms.sections, site=site,
            shelf_link=lambda id: root + shelf_link(id),
            snippet=sources.snippet, span=span_in_words, struck_after=list_struck_after, value_of=forms.value_of,
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


def shelf_link(article_id: str) -> str:
    """Where the library shows an article."""
    return "/dateline/library/" + quote(article_id.encode("utf-8", "replace"), safe="")


def site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def day_in_words(value: date | datetime | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "no date"


def days_in_words(time: Mention | Development) -> str:
    """The days that a time in an article means, or on which something happened."""
    return in_words(time.first, time.before)


def span_in_words(days: tuple[date, date]) -> str:
    """One day, or two with "to" between them."""
    return " to ".join(dict.fromkeys(day_in_words(day) for day in days))


def provenance(source: Source) -> str:
    """Outlet and day as far as they are known, else the site; "" where nothing is."""
    outlet = source.outlet or (site(source.url) if source.url and safe_link(source.url) else "")
    return " · ".join(part for part in (outlet, day_in_words(source.published) if source.published else "") if part)


def citation(answer: Answer, number: int) -> Citation | None:
    return next((cited for cited in answer.citations if cited.number == number), None)


def copied(answer: Answer) -> str:
    """The answer as it is pasted elsewhere."""
    return export.text(answer_json(answer))


def level(confidence: float) -> str:
    return "high" if confidence >= HIGH else "fair" if confidence >= FAIR else "low"


def outlets_that_say_it(answer: Answer) -> str:
    """How many independent outlets carry an answer, or which one does."""
    if answer.corroboration:
        return format_corroboration(answer.corroboration.outlets, answer.corroboration.articles)
    told = sources.told_by(answer)
    return f"{'only ' if len(told) == 1 else ''}in {' and '.join(told)}" if told else "one article"


def doing(answer: Answer | None) -> str:
    """What is being done for a question until its answer is whole."""
    if answer is None or not (answer.sentences or answer.passages):
        return "Searching the archive"
    wording = answer.mode not in ("extractive", NONE) or answer.writing is not None
    return "Writing, and checking each sentence" if wording else "Reading the articles"


def chips(filters: Filters) -> list[str]:
    """Each filter in a few words, for what is shown as active."""
    shown = [f"since {day_in_words(filters.since)}"] if filters.since else []
    if filters.until:
        shown.append(f"until {day_in_words(filters.until)}")
    return [*shown, *filters.outlets]


def removable(filters: Filters) -> list[tuple[str, str]]:
    """Each filter in a few words, with what the page calls it when it is to be taken away."""
    parts = [part for part, value in (("since", filters.since), ("until", filters.until)) if value]
    return list(zip([*parts, *(f"outlet {outlet}" for outlet in filters.outlets)], chips(filters), strict=True))


def list_preferred(answer: Answer | None) -> list[tuple[int, Scope]]:
    """What was inferred from the question, each with its place, apart from what it is limited to all the same."""
    if answer is None:
        return []
    return [(place, scope) for place, scope in enumerate(answer.understood.scopes) if scope.filters != answer.question.filters]


def list_struck_after(answer: Answer, sentences: int) -> list[Struck]:
    """What is to be shown as struck behind so many of the answer's sentences."""
    return [struck for struck in answer.struck if struck.after == sentences] if answer.show_struck else []
