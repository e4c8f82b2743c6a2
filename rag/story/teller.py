"""A question to an answer in one of the story forms, or to none where the plain answerer is to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import tzinfo

from rag.catalog import Catalog
from rag.forms import Form
from rag.protocols import Reader, Terms
from rag.story.about import archive_answer, parse_archive_question
from rag.story.briefing import brief
from rag.story.comparing import comparison
from rag.story.figures import figures
from rag.story.finder import Finder
from rag.story.foreign import FOREIGN, is_foreign
from rag.story.form import asks_advice
from rag.story.gather import ScoredStatement, Story, about_names
from rag.story.instead import tell_instead
from rag.story.people import introduction, whom
from rag.story.quantity import asks_size
from rag.story.quotations import find_said_by, phrase_in, who_said
from rag.story.reported import compare_reports
from rag.story.talk import further
from rag.story.tell import StoryAnswer
from rag.story.timeline import timeline
from rag.story.topic import Topic, days_named, hull, topic_of
from rag.story.verdict import find_contradiction, verdict
from rag.types import Answer, Filters, Passage, Question

PHRASE_PASSAGES = 30
_ABOUT_ARCHIVE = re.compile(
    r"\b(?:articles?|stories|story|outlets?|papers?|newspapers?|reports?|pieces?|sources?|archive|anything|publish\w*|wrote|written|authors?|have)\b",
    re.I,
)
CITED = 0.15
"""What a further statement of an article that was cited counts more."""
FEW = 4
"""Lines on what something is or does, and on what advice is asked about."""
NO_ADVICE = "Dateline gives no advice; these are lines of the articles about it."
_WHO = re.compile(r"^(?:and |so )?(?:who|where|when|which|whose)\b", re.IGNORECASE)


class Teller:
    """`search` gives at most so many passages for a text within filters, best first; `reader` tells what single sentences say."""

    def __init__(
        self,
        catalog: Catalog,
        terms: Terms,
        zone: tzinfo,
        search: Callable[[str, int, Filters], Sequence[Passage]],
        reader: Reader | None = None,
    ) -> None:
        self.finder = Finder(catalog, terms, zone, search, reader)

    def tell(self, question: Question, form: Form) -> StoryAnswer | None:
        """What `question` is told in `form`; None where the plain answerer is to answer."""
        if form == "archive":
            return self._archive(question)
        if form == "quotation" and (phrase := phrase_in(question.text)):
            return self._who_said(phrase, question)
        if form in ("fact", "list", "count", "talk"):
            return None
        if form in ("briefing", "latest") and (section := self.finder.section(question)):
            return brief(section)
        topic = self.finder.topic(question)
        if form == "briefing" and not topic.weights and topic.filters.outlets:
            return self._archive(question)
        if form == "latest" and _WHO.search(question.text):
            return None
        if form == "change":
            topic = replace(topic, filters=question.filters)
        if form == "timeline" and len(topic.weights.keys() - topic.named) < 2:
            topic = replace(topic, loose=True)
        story = self.finder.gather(replace(topic, text=self._search(question, form, topic)))
        return self._of_story(question, form, story)

    def story(self, question: Question) -> Story:
        """All that the archive has on what the question is about."""
        return self.finder.story(question)

    def brief(self, question: Question) -> StoryAnswer | None:
        return brief(self.finder.story(question))

    def timeline(self, question: Question, lines: int) -> StoryAnswer | None:
        return timeline(self.finder.story(question), lines)

    def compare(self, question: Question, outlets: Sequence[str]) -> StoryAnswer | None:
        filters = replace(question.filters, outlets=tuple(outlets) or question.filters.outlets)
        return comparison(self.finder.gather(topic_of(question, self.finder.terms, filters)), outlets)

    def more(self, question: Question, said: Sequence[str], cited: Sequence[str]) -> StoryAnswer | None:
        """Further statements of the story of a question, none of which `said` has, those of articles `cited` before others."""
        story = self.finder.story(question)
        fresh = [
            ScoredStatement(one.statement, one.weight + (CITED if one.statement.quote.source.id in cited else 0.0))
            for one in story.found if not any(one.statement.text in text for text in said)
        ]  # fmt: skip
        return further(sorted(fresh, key=lambda one: -one.weight), story)

    def unread(self, question: Question, form: Form, answer: Answer) -> StoryAnswer | str | None:
        """What is to be told in place of a plain answer, or why nothing is; None where the plain answer stands."""
        return tell_instead(self.finder, question, form, answer)

    def _of_story(self, question: Question, form: Form, story: Story) -> StoryAnswer | None:
        if not story.found:
            return None
        if form == "timeline":
            return timeline(story)
        if form in ("latest", "change"):
            sized = asks_size(question.text)
            told = None
            if sized or form == "change":
                told = figures(question.text, story, form, days_named(question), self.finder.reader)
            if told or (form == "latest" and sized):
                return told
            other = timeline(story, 8) if form == "change" else brief(story)
            return replace(other, form=form) if other else None
        steps: dict[str, Callable[[], StoryAnswer | None]] = {
            "briefing": lambda: _brief(question, story),
            "comparison": lambda: compare_reports(question, story),
            "yes/no": lambda: verdict(question.text, about_names(story) if question.behind else story),
            "reason": lambda: find_contradiction(question.text, story),
            "quotation": lambda: find_said_by(question.text, story),
            "person": lambda: introduction(question.text, story),
        }
        return steps[form]() if form in steps else None

    def _search(self, question: Question, form: Form, topic: Topic) -> str:
        if form == "person":
            return whom(question.text) or topic.text
        return question.sought if form in ("yes/no", "quotation", "reason", "latest", "change") else topic.text

    def _who_said(self, phrase: str, question: Question) -> StoryAnswer | None:
        passages = self.finder.search(phrase, PHRASE_PASSAGES, question.filters)
        articles = self.finder.catalog.articles(list({passage.chunk.source.id for passage in passages}))
        return who_said(phrase, passages, articles)

    def _archive(self, question: Question) -> StoryAnswer | None:
        words = [each for scope in question.scopes for each in scope.words]
        asked = parse_archive_question(question.text, hull(question), words, self.finder.catalog.listing(limit=1000))
        if asked.topic and not _ABOUT_ARCHIVE.search(question.text):
            return None
        story = self.finder.main_articles(asked.topic, asked.filters) if asked.topic else None
        return archive_answer(question.text, asked, self.finder.catalog, story, self.finder.zone)


def _brief(question: Question, story: Story) -> StoryAnswer | None:
    """A briefing; a short one, that says so, where advice is asked for or a question is in another language than English."""
    advice, foreign = asks_advice(question.text), is_foreign(question.text)
    told = brief(story, FEW) if advice or foreign else brief(story)
    if told is None or not (advice or foreign):
        return told
    return replace(told, notices=(*told.notices, NO_ADVICE if advice else FOREIGN))
