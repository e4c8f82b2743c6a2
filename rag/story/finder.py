"""A question to its topic, and a topic to its story, in one archive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from rag.catalog import Catalog
from rag.protocols import Reader, Terms
from rag.story.gather import Gatherer, Story
from rag.story.outlets import outlet_name, sites_named
from rag.story.sections import section_named
from rag.story.topic import Topic, find_names, hull, topic_of, weights_of
from rag.types import Article, Filters, Passage, Question

LISTED = 200
MAIN_COVERED = 0.6
MAIN = 4
"""Sentences in which an article about a topic has named it."""
SECTION = 40
"""Articles of a section that are looked at, the newest."""


@dataclass(frozen=True, slots=True)
class Finder:
    """`search` gives at most so many passages for a text within filters, best first; `reader` tells what single sentences say."""

    catalog: Catalog
    terms: Terms
    zone: tzinfo
    search: Callable[[str, int, Filters], Sequence[Passage]]
    reader: Reader | None = None

    def topic(self, question: Question) -> Topic:
        """What the question is about, with what it leans on; limited to sites that it names as what reports."""
        sites = sites_named(question.text, self.catalog.listing(limit=LISTED)) if not self.catalog.outlets() else ()
        named = bool(question.behind) and bool(find_names(question.text, self.terms))
        asked = question if named else replace(question, text=question.sought)  # a question with names brings its own topic
        return topic_of(asked, self.terms, hull(question), sites)

    def story(self, question: Question) -> Story:
        """All that the archive has on what the question is about."""
        return self.gather(self.topic(question))

    def asked_story(self, question: Question) -> Story:
        """The same, searched for by the question's own words."""
        return self.gather(replace(self.topic(question), text=question.sought))

    def gather(self, topic: Topic) -> Story:
        return Gatherer(self.catalog, self.terms, self.zone, self.search).story(topic)

    def section(self, question: Question) -> Story | None:
        """What is new in a section of the archive, such as its sport; None where the question asks for no such thing."""
        word = section_named(question.text)
        if word is None:
            return None
        topic = self.topic(question)
        return Gatherer(self.catalog, self.terms, self.zone, self.search).section(topic, self.terms.split(word), SECTION)

    def main_articles(self, topic: str, filters: Filters) -> Story | None:
        """The story of all articles that name the topic in their title or first sentences."""
        known = topic_of(Question(topic), self.terms, filters)
        weights = known.weights or weights_of(topic, self.terms)
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
        about = {id for id, share in named.items() if share >= MAIN_COVERED}
        return replace(story, articles={**{id: story.articles[id] for id in about}, **self._copies(about, story)})

    def _copies(self, ids: Collection[str], story: Story) -> dict[str, Article]:
        """The copies of these articles that other outlets published: of copies one alone is quoted."""
        groups = self.catalog.groups(list(story.articles))
        known = {(groups[id], outlet_name(story.articles[id].source)) for id in ids if id in groups}
        copied = {group for group, _ in known}
        return {
            id: one for id, one in story.articles.items()
            if groups.get(id) in copied and (groups[id], outlet_name(one.source)) not in known
        }  # fmt: skip
