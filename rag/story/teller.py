"""A question to an answer in one of the story forms, or to none where the plain answerer is to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from rag.catalog import Catalog
from rag.forms import Figure, Form
from rag.protocols import Terms
from rag.story.about import archive_answer, asked_of
from rag.story.briefing import briefing
from rag.story.comparing import comparison
from rag.story.figures import figures
from rag.story.gather import Gatherer, Story
from rag.story.outlets import sites_named
from rag.story.people import introduction, whom
from rag.story.quantity import wanted_of
from rag.story.quotations import phrase_in, said_by, who_said
from rag.story.tell import Told
from rag.story.timeline import timeline
from rag.story.topic import Topic, days_named, hull, topic_of, weights_of
from rag.story.verdict import contradicted, verdict
from rag.types import Answer, Filters, Passage, Question

PHRASE_PASSAGES = 30
LISTED = 200
MAIN_COVERED = 0.6
MAIN = 4
"""Sentences in which an article about a topic has named it."""
_SIZE = re.compile(
    r"\bhow (?:many|much|big|high|large|far|old|tall|long)\b|\b(?:price|figure|number|toll|count|tally|rate|total|cost)\b",
    re.IGNORECASE,
)
_ABOUT_ARCHIVE = re.compile(
    r"\b(?:articles?|stories|story|outlets?|papers?|newspapers?|reports?|pieces?|sources?|archive|anything|publish\w*|wrote|written|authors?|have)\b",
    re.I,
)
_WHO = re.compile(r"^(?:and |so )?(?:who|where|when|which|whose)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Teller:
    """`search` gives at most so many passages for a text within filters, best first."""

    catalog: Catalog
    terms: Terms
    zone: tzinfo
    search: Callable[[str, int, Filters], Sequence[Passage]]

    def tell(self, question: Question, form: Form) -> Told | None:
        """What `question` is told in `form`; None where the plain answerer is to answer."""
        if form == "archive":
            return self._archive(question)
        if form == "quotation" and (phrase := phrase_in(question.text)):
            return self._who_said(phrase, question)
        if form in ("fact", "list", "count", "talk"):
            return None
        topic = self._topic(question)
        if form == "latest" and _WHO.search(question.text):
            return None
        if form == "change":
            topic = replace(topic, filters=question.filters)
        return self._of_story(question, form, self._gather(replace(topic, text=self._searched(question, form, topic))))

    def brief(self, question: Question) -> Told | None:
        return briefing(self._gather(self._topic(question)))

    def timeline(self, question: Question, lines: int) -> Told | None:
        return timeline(self._gather(self._topic(question)), lines)

    def compare(self, question: Question, outlets: Sequence[str]) -> Told | None:
        filters = replace(question.filters, outlets=tuple(outlets) or question.filters.outlets)
        return comparison(self._gather(topic_of(question, self.terms, filters)), outlets)

    def revised(self, question: Question, answer: Answer) -> Told | None:
        """The figures of which a plain answer gives one of several, or that it was silent about since they differ."""
        if not _SIZE.search(question.text) and not wanted_of(question.text).unit:
            return None
        told = figures(question.text, self._gather(self._topic(question)), "count")
        if told is None or not told.citations:
            return None
        given = {_digits(part.value) for part in told.parts if isinstance(part, Figure)}
        if answer.status != "answered":
            return told if answer.cause == "disagreement" else None
        plain = {_digits(answer.short_answer)} if answer.short_answer else _all_digits(answer)
        return told if len(given) > 1 and plain & given else None

    def premise(self, question: Question) -> Told | None:
        """What the archive says against the premise of a question."""
        return contradicted(question.text, self._gather(self._topic(question)))

    def _of_story(self, question: Question, form: Form, story: Story) -> Told | None:
        if not story.found:
            return None
        if form == "timeline":
            return timeline(story)
        if form in ("latest", "change"):
            told = (
                figures(question.text, story, form, days_named(question))
                if _SIZE.search(question.text) or form == "change"
                else None
            )
            if told or (form == "latest" and _SIZE.search(question.text)):
                return told
            other = timeline(story, 8) if form == "change" else briefing(story)
            return replace(other, form=form) if other else None
        steps: dict[str, Callable[[], Told | None]] = {
            "briefing": lambda: briefing(story),
            "comparison": lambda: comparison(story, (*story.topic.filters.outlets, *story.topic.sites)),
            "yes/no": lambda: verdict(question.text, story),
            "reason": lambda: contradicted(question.text, story),
            "quotation": lambda: said_by(question.text, story),
            "person": lambda: introduction(question.text, story),
        }
        return steps[form]() if form in steps else None

    def _topic(self, question: Question) -> Topic:
        """What the question is about; limited to sites that it names as what reports."""
        sites = sites_named(question.text, self.catalog.listing(limit=LISTED)) if not self.catalog.outlets() else ()
        return topic_of(question, self.terms, hull(question), sites)

    def _searched(self, question: Question, form: Form, topic: Topic) -> str:
        if form == "person":
            return whom(question.text) or topic.text
        return question.text if form in ("yes/no", "quotation", "reason", "latest", "change") else topic.text

    def _gather(self, topic: Topic) -> Story:
        return Gatherer(self.catalog, self.terms, self.zone, self.search).story(topic)

    def _who_said(self, phrase: str, question: Question) -> Told | None:
        passages = self.search(phrase, PHRASE_PASSAGES, question.filters)
        articles = self.catalog.articles(list({passage.chunk.source.id for passage in passages}))
        return who_said(phrase, passages, articles)

    def _archive(self, question: Question) -> Told | None:
        words = [each for scope in question.scopes for each in scope.words]
        asked = asked_of(question.text, hull(question), words, self.catalog.listing(limit=1000))
        if asked.topic and not _ABOUT_ARCHIVE.search(question.text):
            return None
        story = self._main_articles(asked.topic, asked.filters) if asked.topic else None
        return archive_answer(question.text, asked, self.catalog, story, self.zone)

    def _main_articles(self, topic: str, filters: Filters) -> Story | None:
        """The story of all articles that name the topic in their title or first sentences."""
        weights = weights_of(topic, self.terms)
        if not weights:
            return None
        gatherer = Gatherer(self.catalog, self.terms, self.zone, lambda text, _, limits: self.search(text, LISTED, limits))
        story = gatherer.story(Topic(topic, weights, filters), LISTED)
        named: dict[str, float] = {}
        for one in story.found:
            said = one.statement
            if said.place < MAIN:
                for quote in said.quotes:
                    title = frozenset(self.terms.split(quote.source.title))
                    named[quote.source.id] = max(
                        named.get(quote.source.id, 0.0), story.topic.covered(said.terms | said.around | title)
                    )
        return replace(
            story, articles={id: article for id, article in story.articles.items() if named.get(id, 0.0) >= MAIN_COVERED}
        )


def _all_digits(answer: Answer) -> set[str]:
    from rag.english.numbers import numbers

    return {f"{number.value:g}" for citation in answer.citations for number in numbers(citation.quote)}


def _digits(text: str) -> str:
    """A value without commas, signs and words about it, for comparison."""
    from rag.english.numbers import numbers

    found = numbers(text)
    return f"{found[0].value:g}" if found else ""
