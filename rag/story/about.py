"""Questions about the archive itself, answered from the catalog: how many articles, which outlets, days, authors and topics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from rag.catalog import Catalog
from rag.days import long_day
from rag.forms import Table
from rag.origins import independent
from rag.story.gather import Story
from rag.story.outlets import outlet_name, site_words, sites_named
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Citation, Filters, Sentence, Source

SHOWN = 20
MONTHS = 24
FIRST = 4
"""Sentences of an article that say what it is about."""
_MOST = re.compile(r"\b(?:most(?! recent)|more than any)\b", re.IGNORECASE)
_NEWEST = re.compile(r"\b(?:newest|latest|most recent|last)\b", re.IGNORECASE)
_OLDEST = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_OUTLETS = re.compile(
    r"\b(?:outlets?|papers?|newspapers?|sources?|publications?|publishers?|agencies|magazines?|sites?|media|broadcasters?)\b",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"\b(?:by|from|of)\s+((?:[A-Z][\w.'’-]+\s?){2,4})|\b(?:did|has)\s+((?:[A-Z][\w.'’-]+\s?){2,4})(?:write|written)", re.UNICODE
)
_FRAME = re.compile(
    r"\b(?:how many|number of|which|what|list|show|me|all|the|articles?|stories|story|reports?"
    r"|pieces?|items?|coverage|texts?|about|on|of"
    r"|mention(?:s|ed|ing)?|reported|report|covered|cover|covers|wrote|write|written|writes"
    r"|published|publish|publishes|carried|do you have|have you|is|are|was"
    r"|were|there|in|this|that|archive|collection|database|most|more|recent|newest|latest|last|first|oldest|earliest|by|from|any|anything"
    r"|do|does|did|has|have|you|your|it|here|many|outlets?|papers?|newspapers?|sources?|publications?|agencies|magazines?|who|when|a|an"
    r"|period|topics?|subjects?|days?|dates?|cover|covered|hold|give|find|get|please|authors?|journalists?|to|for|and|with|included|contain(?:s|ed)?"
    r"|time|span|range|authors|news|end|start|begin|go|back|how|far|old|use|used|kind|sort)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArchiveQuestion:
    """What a question about the archive is about: words that articles have (`topic`), an author, and days and outlets."""

    topic: str
    author: str | None
    filters: Filters
    sites: tuple[str, ...] = ()


def parse_archive_question(
    question: str, filters: Filters, scope_words: Sequence[str], sources: Sequence[Source] = ()
) -> ArchiveQuestion:
    """`scope_words` are words that name days and outlets, `sources` articles whose sites it may name as outlets."""
    sites = sites_named(question, sources)
    scope_words = [*scope_words, *site_words(question, sites)]
    author = _AUTHOR.search(question)
    name = next((group.strip(" ?.") for group in author.groups() if group), None) if author else None
    bare = question
    for words in (*scope_words, *((name,) if name else ())):
        bare = bare.replace(words, " ")
    bare = " ".join(_FRAME.sub(" ", bare).replace("'s ", " ").split()).strip(" ?.,!'")
    return ArchiveQuestion(bare, name, filters, sites)


def archive_answer(question: str, asked: ArchiveQuestion, catalog: Catalog, story: Story | None, zone: tzinfo) -> StoryAnswer:
    """`story` is what the archive has on the topic, where one is named."""
    sources = catalog.listing(asked.filters.since, asked.filters.before, asked.filters.outlets)
    if asked.sites:
        sources = [source for source in sources if outlet_name(source) in asked.sites]
    if asked.author:
        folded = asked.author.casefold()
        by_author = [source for source in sources if any(folded in author.casefold() for author in source.authors)]
        sources = by_author if by_author or story is None else sources
    if story is not None:
        sources = [source for source in sources if source.id in story.articles]
    told = _describe_scope(asked, story is not None)
    if not sources:
        return StoryAnswer("archive", (Sentence(f"The archive has no article{told}.", (), 1.0),))
    groups = catalog.groups([source.id for source in sources])
    if _MOST.search(question) or (_OUTLETS.search(question) and (story is not None or asked.filters.dated)):
        return _by_outlet(sources, told, groups, story, bool(_MOST.search(question)))
    if _NEWEST.search(question) or _OLDEST.search(question):
        return _one(sources, told, zone, newest=not _OLDEST.search(question))
    if story is not None or asked.author or asked.filters or asked.sites:
        return _list_titles(sources, told, zone)
    return _whole(sources, zone)


def _describe_scope(asked: ArchiveQuestion, topical: bool) -> str:
    from rag.when import in_words

    about = f" about {asked.topic}" if topical else ""
    by = f" by {asked.author}" if asked.author else ""
    outlets = f" of {' or '.join((*asked.filters.outlets, *asked.sites))}" if asked.filters.outlets or asked.sites else ""
    since, before = asked.filters.since, asked.filters.before
    days = f" of {in_words(since, before)}" if since and before else f" since {long_day(since)}" if since else ""
    return about + by + outlets + days


def _count_articles(count: int, noun: str = "article") -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _whole(sources: Sequence[Source], zone: tzinfo) -> StoryAnswer:
    days = [day for source in sources if (day := source.day(zone))]
    outlets = Counter(outlet_name(source) or "no outlet named" for source in sources)
    named = [outlet for outlet, _ in outlets.most_common() if outlet != "no outlet named"]
    listed = ", ".join(named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
    first = f"The archive has {_count_articles(len(sources))}"
    first += f" of {_count_articles(len(named), 'outlet')}: {listed}." if named else ", none of which names its outlet."
    sentences = [Sentence(first, (), 1.0)]
    if days:
        undated = len(sources) - len(days)
        without = f"; {_count_articles(undated)} without a date" if undated else ""
        sentences.append(Sentence(f"They were published from {long_day(min(days))} to {long_day(max(days))}{without}.", (), 1.0))
    if len(sources) > 20 and (topics := common_names(sources)):
        sentences.append(Sentence(f"Titles name most often: {', '.join(topics)}.", (), 1.0))
    return StoryAnswer(
        "archive",
        tuple(sentences),
        parts=(_outlet_table(sources, zone), _month_table(days)) if days else (_outlet_table(sources, zone),),
    )


def common_names(sources: Sequence[Source], count: int = 8) -> list[str]:
    """The names that most titles have."""
    from rag.english.names import names

    counted = Counter(
        source.title[name.start : name.end] for source in sources for name in names(source.title) if name.end - name.start > 3
    )
    outlets = {(outlet_name(source) or "").casefold() for source in sources}
    return [name for name, n in counted.most_common(3 * count) if n > 2 and name.casefold() not in outlets][:count]


def _outlet_table(sources: Sequence[Source], zone: tzinfo) -> Table:
    rows = []
    for outlet, count in Counter(outlet_name(source) or "no outlet named" for source in sources).most_common(SHOWN):
        days = [day for source in sources if (outlet_name(source) or "no outlet named") == outlet and (day := source.day(zone))]
        rows.append((outlet, str(count), _day(min(days, default=None)), _day(max(days, default=None))))
    return Table("Articles by outlet", ("outlet", "articles", "first", "last"), tuple(rows))


def _month_table(days: Sequence[date]) -> Table:
    counted = Counter((day.year, day.month) for day in days)
    rows = tuple((f"{date(year, month, 1):%B %Y}", str(counted[year, month])) for year, month in sorted(counted)[-MONTHS:])
    return Table("Articles by month", ("month", "articles"), rows)


def _by_outlet(sources: Sequence[Source], told: str, groups: dict[str, str], story: Story | None, most: bool) -> StoryAnswer:
    """Who published how many; articles that name no outlet, and have no address, are counted apart."""
    named = [source for source in sources if outlet_name(source)]
    counted = Counter(outlet_name(source) or "" for source in named)
    if not counted:
        return _list_titles(sources, told, UTC)
    rows = tuple((outlet, str(count)) for outlet, count in counted.most_common(SHOWN))
    short = rows[0][0] if most else str(len(counted))
    first = f"{rows[0][0]} has the most: {_count_articles(int(rows[0][1]))}{told}."
    sentences = [Sentence(first if most else _tell_outlets(counted, sources, named, told, groups), (), 1.0)]
    citations = _first_words(story) if story is not None else ()
    sentences += [Sentence(each.quote, (each.number,), 1.0) for each in citations]
    table = Table("Articles by outlet", ("outlet", "articles"), rows)
    return StoryAnswer("archive", tuple(sentences), citations, (table,), short)


def _tell_outlets(
    counted: Counter[str], sources: Sequence[Source], named: Sequence[Source], told: str, groups: dict[str, str]
) -> str:
    outlets, articles = _count_articles(len(counted), "outlet"), _count_articles(len(named))
    first = f"{outlets} in the archive published {articles}{told}: {', '.join(counted)}."
    if unnamed := len(sources) - len(named):
        first += f" {_count_articles(unnamed)} more {'name' if unnamed > 1 else 'names'} no outlet."
    apart = independent(named, groups)
    if apart < len(counted):
        first += f" Copies and reports of one agency counted once, {apart} of them {'is' if apart == 1 else 'are'} independent."
    return first


def _first_words(story: Story) -> tuple[Citation, ...]:
    """The weightiest of the first sentences of each outlet."""
    notes = Footnotes(story.articles)
    seen: set[str] = set()
    for one in story.found:
        outlet = outlet_name(one.statement.quote.source) or one.statement.quote.source.title
        if outlet not in seen and one.statement.place < FIRST and one.statement.quote.source.id in story.articles:
            seen.add(outlet)
            notes.cite([one.statement.quote])
    return notes.citations


def _one(sources: Sequence[Source], told: str, zone: tzinfo, newest: bool) -> StoryAnswer:
    dated = [source for source in sources if source.day(zone)]
    if not dated:
        return _list_titles(sources, told, zone)
    edge = (max if newest else min)(day for source in dated if (day := source.day(zone)))
    of_day = [source for source in dated if source.day(zone) == edge]
    kind = "newest" if newest else "oldest"
    more = f" and {_count_articles(len(of_day) - 1, 'other')} of that day" if len(of_day) > 1 else ""
    first = (
        f"The {kind} article{told} is “{of_day[0].title}”{f' ({name})' if (name := outlet_name(of_day[0])) else ''}, "
        f"{long_day(edge)}{more}."
    )
    return StoryAnswer("archive", (Sentence(first, (), 1.0),), parts=(_table(of_day, zone),), short_answer=of_day[0].title)


def _list_titles(sources: Sequence[Source], told: str, zone: tzinfo) -> StoryAnswer:
    outlets = list(dict.fromkeys(name for source in sources if (name := outlet_name(source))))
    of = f", from {', '.join(outlets[:SHOWN])}" if outlets and len(outlets) > 1 else ""
    shown = f" The newest {SHOWN} are listed." if len(sources) > SHOWN else ""
    first = f"The archive has {_count_articles(len(sources))}{told}{of}.{shown}"
    return StoryAnswer("archive", (Sentence(first, (), 1.0),), parts=(_table(sources, zone),), short_answer=str(len(sources)))


def _table(sources: Sequence[Source], zone: tzinfo) -> Table:
    rows = tuple((_day(source.day(zone)), outlet_name(source) or "", source.title, source.id) for source in sources[:SHOWN])
    return Table("Articles", ("published", "outlet", "title", "id"), rows)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "no date"
