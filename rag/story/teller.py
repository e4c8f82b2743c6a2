"""A question to an answer in one of the story forms, or to none where the plain answerer is to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from rag.catalog import Catalog
from rag.forms import Figure, Form
from rag.protocols import Terms
from rag.story.about import archive_answer, parse_archive_question
from rag.story.briefing import briefing
from rag.story.comparing import comparison, figures_beside, what_one_says
from rag.story.figures import figures
from rag.story.gather import Gatherer, ScoredStatement, Story
from rag.story.outlets import outlet_name, sites_named
from rag.story.people import introduction, whom
from rag.story.quantity import parse_quantity
from rag.story.quotations import find_said_by, may_be_of, phrase_in, who_said
from rag.story.statements import Statement
from rag.story.talk import further
from rag.story.tell import StoryAnswer
from rag.story.timeline import timeline
from rag.story.topic import Topic, days_named, hull, topic_of, weights_of
from rag.story.verdict import claim_of, find_contradiction, judged, nearest, verdict
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
_BROAD = re.compile(
    r"^(?:so |and )?what(?:['’]s| is| has| have|)? (?:happen\w*|going on|new)\b|^what (?:do|does|did) .{3,60} (?:do|mean|say|involve|change)\W*$"
    r"|^(?:tell me|explain|describe|walk me through)\b|^how (?:did|does|do|has|have) .{3,60} (?:go|work|unfold|develop|happen|respond|react)\w*\W*$",
    re.IGNORECASE,
)
"""A question so broad that several lines answer it better than one."""
BROAD = 0.6
"""The weight that the best statement has at least where a broad question is answered by several."""
CITED = 0.15
"""What a further statement of an article that was cited counts more."""
NOT_SAID = "The articles do not say."
ALONE = "Only one outlet of the archive tells of this, so there is nothing to compare."
UNSAID = "The articles found do not quote them on this."
_WHO = re.compile(r"^(?:and |so )?(?:who|where|when|which|whose)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Teller:
    """`search` gives at most so many passages for a text within filters, best first."""

    catalog: Catalog
    terms: Terms
    zone: tzinfo
    search: Callable[[str, int, Filters], Sequence[Passage]]

    def tell(self, question: Question, form: Form) -> StoryAnswer | None:
        """What `question` is told in `form`; None where the plain answerer is to answer."""
        if form == "archive":
            return self._archive(question)
        if form == "quotation" and (phrase := phrase_in(question.text)):
            return self._who_said(phrase, question)
        if form in ("fact", "list", "count", "talk"):
            return None
        topic = self._topic(question)
        if form == "briefing" and not topic.weights and topic.filters.outlets:
            return self._archive(question)
        if form == "latest" and _WHO.search(question.text):
            return None
        if form == "change":
            topic = replace(topic, filters=question.filters)
        return self._of_story(question, form, self._gather(replace(topic, text=self._search(question, form, topic))))

    def story(self, question: Question) -> Story:
        """All that the archive has on what the question is about."""
        return self._gather(self._topic(question))

    def brief(self, question: Question) -> StoryAnswer | None:
        return briefing(self._gather(self._topic(question)))

    def timeline(self, question: Question, lines: int) -> StoryAnswer | None:
        return timeline(self._gather(self._topic(question)), lines)

    def compare(self, question: Question, outlets: Sequence[str]) -> StoryAnswer | None:
        filters = replace(question.filters, outlets=tuple(outlets) or question.filters.outlets)
        return comparison(self._gather(topic_of(question, self.terms, filters)), outlets)

    def revise(self, question: Question, answer: Answer) -> StoryAnswer | None:
        """The figures of which a plain answer gives one of several, or that it was silent about since they differ."""
        if not _SIZE.search(question.text) and not parse_quantity(question.text).unit:
            return None
        told = figures(question.text, self._gather(self._topic(question)), "count")
        if told is None or not told.citations:
            return None
        given = {_digits(part.value) for part in told.parts if isinstance(part, Figure)}
        if answer.status != "answered":
            return told if answer.cause == "disagreement" else None
        plain = {_digits(answer.short_answer)} if answer.short_answer else _all_digits(answer)
        return told if len(given) > 1 and plain & given else None

    def more(self, question: Question, said: Sequence[str], cited: Sequence[str]) -> StoryAnswer | None:
        """Further statements of the story of a question, none of which `said` has, those of the articles `cited` before others."""
        story = self._gather(self._topic(question))
        fresh = [
            ScoredStatement(one.statement, one.weight + (CITED if one.statement.quote.source.id in cited else 0.0))
            for one in story.found if not any(one.statement.text in text for text in said)
        ]  # fmt: skip
        return further(sorted(fresh, key=lambda one: -one.weight), story)

    def _of_story(self, question: Question, form: Form, story: Story) -> StoryAnswer | None:
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
        steps: dict[str, Callable[[], StoryAnswer | None]] = {
            "briefing": lambda: briefing(story),
            "comparison": lambda: self._compared(question, story),
            "yes/no": lambda: verdict(question.text, story),
            "reason": lambda: find_contradiction(question.text, story),
            "quotation": lambda: find_said_by(question.text, story),
            "person": lambda: introduction(question.text, story),
        }
        return steps[form]() if form in steps else None

    def _compared(self, question: Question, story: Story) -> StoryAnswer | None:
        """What the outlets named say beside each other, or one alone; their figures where a figure is asked for."""
        named = (*story.topic.filters.outlets, *story.topic.sites)
        if _SIZE.search(question.text):
            told = figures_beside(self._figures_of(question, story, named)) if len(named) != 1 else None
            if told := told or figures(question.text, story, "count"):
                return replace(told, form="comparison")
        if len(named) == 1:
            return what_one_says(story, named[0])
        told = comparison(story, named)
        if told is None and (alone := briefing(story)):
            return replace(alone, form="comparison", notices=(*alone.notices, ALONE))
        return told

    def _figures_of(self, question: Question, story: Story, named: Sequence[str]) -> list[tuple[str, Figure, Story]]:
        """The newest figure that each outlet gives."""
        found = []
        for outlet in named or list(dict.fromkeys(outlet_name(article.source) or "" for article in story.articles.values())):
            folded = outlet.casefold()
            own = {
                id: article for id, article in story.articles.items() if (outlet_name(article.source) or "").casefold() == folded
            }
            some = tuple(one for one in story.found if any(quote.source.id in own for quote in one.statement.quotes))
            part = replace(
                story, articles=own, found=tuple(ScoredStatement(_quoted_by(one.statement, own), one.weight) for one in some)
            )
            told = figures(question.text, part, "count")
            if figure := next((each for each in told.parts if isinstance(each, Figure)), None) if told else None:
                found.append((outlet, figure, part))
        return found

    def unread(self, question: Question, form: Form, answer: Answer) -> StoryAnswer | str | None:
        """What is to be told in place of a plain answer, or why nothing is; None where the plain answer stands."""
        if form == "yes/no":
            return self._judged(question, answer)
        if form == "quotation" and answer.status == "answered":
            quotes = [citation.quote for citation in answer.citations]
            return None if may_be_of(question.text, quotes) else UNSAID
        if told := self.revise(question, answer) if form in ("count", "fact") else None:
            return told
        if answer.status == "answered" or not _BROAD.search(question.text):
            return None
        story = self._gather(self._topic(question))
        heaviest = max((one.weight for one in story.found), default=0.0)
        return briefing(story) if heaviest >= BROAD else None

    def _judged(self, question: Question, answer: Answer) -> StoryAnswer | str | None:
        """Yes or no by the statements that the reader quotes; else that the articles do not say, with the nearest quote."""
        if claim_of(question.text) is None:
            return None
        story = self._gather(replace(self._topic(question), text=question.text))
        quotes = [citation.quote for citation in answer.citations] if answer.status == "answered" else []
        if told := judged(question.text, story, quotes):
            return told
        one = nearest(question.text, story)
        if one is None:
            return None if answer.status == "answered" else NOT_SAID
        quote = one.statement.quote
        where = ", ".join(each for each in (outlet_name(quote.source), str(one.statement.reported or "")) if each)
        return f"{NOT_SAID} The nearest says: “{quote.text}”{f' ({where})' if where else ''}"

    def _topic(self, question: Question) -> Topic:
        """What the question is about; limited to sites that it names as what reports."""
        sites = sites_named(question.text, self.catalog.listing(limit=LISTED)) if not self.catalog.outlets() else ()
        return topic_of(question, self.terms, hull(question), sites)

    def _search(self, question: Question, form: Form, topic: Topic) -> str:
        if form == "person":
            return whom(question.text) or topic.text
        return question.text if form in ("yes/no", "quotation", "reason", "latest", "change") else topic.text

    def _gather(self, topic: Topic) -> Story:
        return Gatherer(self.catalog, self.terms, self.zone, self.search).story(topic)

    def _who_said(self, phrase: str, question: Question) -> StoryAnswer | None:
        passages = self.search(phrase, PHRASE_PASSAGES, question.filters)
        articles = self.catalog.articles(list({passage.chunk.source.id for passage in passages}))
        return who_said(phrase, passages, articles)

    def _archive(self, question: Question) -> StoryAnswer | None:
        words = [each for scope in question.scopes for each in scope.words]
        asked = parse_archive_question(question.text, hull(question), words, self.catalog.listing(limit=1000))
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
                        named.get(quote.source.id, 0.0), story.topic.cover(said.terms | said.around | title)
                    )
        return replace(
            story, articles={id: article for id, article in story.articles.items() if named.get(id, 0.0) >= MAIN_COVERED}
        )


def _quoted_by(one: Statement, own: Container[str]) -> Statement:
    """The statement with the quotes of these articles alone."""
    first, *others = [quote for quote in one.quotes if quote.source.id in own]
    return replace(one, quote=first, also=tuple(others))


def _all_digits(answer: Answer) -> set[str]:
    from rag.english.numbers import numbers

    return {f"{number.value:g}" for citation in answer.citations for number in numbers(citation.quote)}


def _digits(text: str) -> str:
    """A value without commas, signs and words about it, for comparison."""
    from rag.english.numbers import numbers

    found = numbers(text)
    return f"{found[0].value:g}" if found else ""
