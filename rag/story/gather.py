"""A topic to its story: the articles that tell it, and their statements, each with how much it belongs to the topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from rag.catalog import Catalog
from rag.forms import Coverage
from rag.origins import independent
from rag.protocols import Terms
from rag.story.merge import merge_statements
from rag.story.outlets import outlet_name
from rag.story.sections import articles_of
from rag.story.statements import Statement, statements
from rag.story.topic import Topic
from rag.types import Article, Filters, Passage

PASSAGES = 90
ARTICLES = 60
"""What a story is told from at most."""
WITHIN, NAMING = 0.3, 0.45
"""How far the score of an article's best passage may be from that of the best one; the second where it has
every name asked for."""
COVERED, COVERED_NAMED = 0.5, 0.4
"""The share of the topic that an article has in its words at least, of what the best has; the second with all its names."""
NAMED = 0.3
"""The share of the topic that the best article has in its words at least; with less, nothing is about it."""
HEADED = 0.8
"""What a sentence has of the topic that stands in its heading."""
SHARED, ASIDE = 0.65, 0.35
"""The share of a topic of several words that a statement and what stands around it have, and what it loses with less."""
PASSING = 0.3
"""What a statement loses whose neighbours are about something else."""
_WEAK = re.compile(
    r"^[“\"‘']?(?:but |and |so )?(?:he|she|it|they|we|i|you|this|that|these|those|his|her|their|its|there|here|what|who|if)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|my|we['’]re|you|your)\b")


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """A statement and its `weight`: how much it belongs to the topic and how well it stands alone, 0 to about 1."""

    statement: Statement
    weight: float


@dataclass(frozen=True, slots=True)
class Story:
    """All that the archive has on a topic. `found` are the statements, best first; `articles` are by id."""

    topic: Topic
    articles: dict[str, Article]
    found: tuple[ScoredStatement, ...]
    coverage: Coverage
    passages: tuple[Passage, ...]

    @property
    def newest(self) -> date | None:
        return self.coverage.last


@dataclass(frozen=True, slots=True)
class Gatherer:
    """`search` gives at most so many passages for a text within filters, as on the day given, best first."""

    catalog: Catalog
    terms: Terms
    zone: tzinfo
    search: Callable[[str, int, Filters], Sequence[Passage]]

    def section(self, topic: Topic, stems: Sequence[str], limit: int) -> Story | None:
        """The newest articles of the section that is called so, as a story; None where there is none or the topic has more."""
        sources = self.catalog.listing(topic.filters.since, topic.filters.before, topic.filters.outlets)
        found = {stem: some for stem in stems if (some := articles_of(sources, stem, self.terms))}
        if not found or topic.sites or topic.weights.keys() - found.keys():
            return None  # "British politics" is not all politics
        ids = [source.id for source in min(found.values(), key=len)[:limit]]
        articles = self.catalog.articles(ids)
        return self._tell(replace(topic, weights={}), [articles[id] for id in ids if id in articles], dict.fromkeys(ids, 1.0), ())

    def story(self, topic: Topic, limit: int = ARTICLES) -> Story:
        """The story of `topic` within its filters; one without statements where the archive has nothing about it."""
        passages = self._passages(topic)
        best: dict[str, float] = {}
        for passage in passages:
            best[passage.chunk.source.id] = max(passage.score, best.get(passage.chunk.source.id, 0.0))
        articles = self.catalog.articles(list(best))
        if topic.sites:
            articles = {id: article for id, article in articles.items() if outlet_name(article.source) in topic.sites}
        return self._tell(topic, self._find_articles(topic, articles, best)[:limit], best, passages)

    def _tell(self, topic: Topic, chosen: Sequence[Article], best: Mapping[str, float], passages: Sequence[Passage]) -> Story:
        """The story as these articles tell it; `best` is how well each was found."""
        kept = {article.source.id: article for article in chosen}
        groups, times = self.catalog.groups(list(kept)), self.catalog.times(list(kept))
        found = statements(chosen, times, self.terms, self.zone)
        scored = [ScoredStatement(one, weight(one, topic, best[one.quote.source.id])) for one in merge_statements(found, groups)]
        days = [day for article in chosen if (day := article.source.day(self.zone))]
        coverage = Coverage(
            len(chosen),
            independent([article.source for article in chosen], groups),
            min(days, default=None),
            max(days, default=None),
        )
        return Story(topic, kept, tuple(sorted(scored, key=lambda one: -one.weight)), coverage, tuple(passages[:10]))

    def _passages(self, topic: Topic) -> Sequence[Passage]:
        if topic.text:
            return self.search(topic.text, PASSAGES, topic.filters)
        return [
            Passage(chunk, 1.0)
            for chunk in self.catalog.first_chunks(topic.filters.since, topic.filters.before, topic.filters.outlets, ARTICLES)
        ]

    def _find_articles(self, topic: Topic, articles: dict[str, Article], best: dict[str, float]) -> list[Article]:
        """The articles about the topic, best first: near the best in the search, and with its words or as many as any has."""
        stems = {id: frozenset(self.terms.split(f"{article.source.title}\n{article.text}")) for id, article in articles.items()}
        covered = {id: topic.cover(some) for id, some in stems.items()}
        top, most = max((best[id] for id in articles), default=0.0), max(covered.values(), default=0.0)
        if most < NAMED:
            return []
        whole = {id: bool(topic.named) and topic.named <= stems[id] for id in articles}
        near = {id: top - (NAMING if whole[id] else WITHIN) for id in articles}
        kept = [id for id in articles if best[id] >= near[id] and covered[id] >= (COVERED_NAMED if whole[id] else COVERED) * most]
        return [articles[id] for id in sorted(kept, key=lambda id: -(best[id] + covered[id]))]


def about_names(story: Story) -> Story:
    """The story without statements that have none of the names of its topic beside them."""
    named = story.topic.named
    kept = [one for one in story.found if not named or named & (one.statement.terms | one.statement.around)]
    return replace(story, found=tuple(kept))


def dwelt_on(one: Statement, topic: Topic) -> float:
    """The share of the topic in the sentences beside a statement and in its title: little where it is named in passing."""
    near = sum(topic.cover(terms) for terms in one.beside) / len(one.beside) if one.beside else 0.0
    return max(near, topic.cover(one.title), topic.cover(one.heading))


def _only_named(one: Statement, topic: Topic) -> bool:
    """Whether a statement and what stands around it have less than half of a name, or nothing of what is asked about it."""
    others = topic.weights.keys() - topic.named
    if 2 * len(topic.named & (one.terms | one.around)) < len(topic.named):
        return True  # "act" of the Respect for Marriage Act
    return not topic.loose and bool(topic.named and others) and not others & (one.terms | one.around | one.heading)


def weight(one: Statement, topic: Topic, score: float) -> float:
    """By the topic's words in and about the sentence, the rank of its article, its place there, and whether it stands alone."""
    headed = HEADED * topic.cover(one.heading)
    own, about = max(topic.cover(one.terms), headed), max(topic.cover(one.around | one.terms), headed)
    told = 0.45 * own - (0.0 if own else 0.25)
    told += 0.2 * topic.cover(one.title) + 0.2 * about + 0.1 * score
    told += 0.15 * max(0.0, 1 - one.place / 6) + 0.05 * min(2, len(one.also))
    told -= ASIDE * (len(topic.weights) > 1 and (about < SHARED or _only_named(one, topic)))
    told -= PASSING * max(0.0, 1 - 2 * dwelt_on(one, topic))
    told += 0.05 * bool(one.numbers) + 0.03 * one.told
    if _WEAK.match(one.text):
        told -= 0.2
    if _FIRST_PERSON.search(one.text):
        told -= 0.15
    words = len(one.text.split())
    return told - 0.1 * (words > 45) - 0.1 * (words < 9)
