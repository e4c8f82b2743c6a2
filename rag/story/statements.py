"""Articles to statements: what they say, sentence by sentence, when, and who says it; what is said twice is one statement.

Headings, captions, datelines and the links of a page are no statements. Two sentences say the same when they have most of their
words in common and all of their numbers; a copy that differs in a figure is therefore a statement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from rag.english.numbers import Number, numbers
from rag.protocols import Terms
from rag.sentences import sentence_spans
from rag.types import Article, Mention, Quote

ONE = timedelta(days=1)
NARROW = 3
"""Days that a time spans at most to say on which day something happened."""
SHORTEST, LONGEST = 5, 70
"""Words of a statement."""
BESIDE = 3
"""Sentences before and after one that show whether its article goes on about the same there."""
HEADING, SECTION = 8, 1500
"""Words of a heading, and characters of the section under it, at most."""
_HEADING = re.compile(r"^[ \t]*(?:\d{1,2}[.)]\s+)?((?:[A-Z0-9][^\n.!?…]{2,70}))[ \t]*$", re.MULTILINE)
_END = re.compile(r"[.!?…][”\"’')\]]*$")
_DATELINE = re.compile(
    r"\s*(?:[•*·▪-]\s+)?(?:(?:[A-Z][\w.'’/,-]* ){0,6}\((?:[A-Z]{2,}|[A-Z][\w ]{2,30})\)\s*(?:[–—:-]+\s*)?"
    r"|(?:[A-Z][A-Z.'’-]+[A-Z](?:[ ,/]+[\w.'’]+){0,4}"
    r"|(?:[A-Z][\w.'’]+ ){1,3}[A-Z]{2,5})\s*(?:\([^)]{1,40}\)\s*)?[–—:-]+\s+)?(?=[A-Z“\"‘0-9])"
)
"""Where and by whom a report was written, before its first word, or a bullet."""
_NO_STATEMENT = re.compile(
    r"^(?:read (?:more|also)|see also|related|photos?|image|video|watch|listen|click|sign up"
    r"|subscribe|share|follow us|advertisement"
    r"|story highlights|editor['’]s note|correction|updated?|more (?:from|on)|©|copyright|getty|file photo|by [A-Z])\b"
    r"|(?:getty images|afp|/ap|reuters)\)?\.?$|\b(?:contributed to this (?:report|story)"
    r"|follow .{3,30} on twitter|all rights reserved|hide caption|just watched|replay more"
    r"|\d+ of \d+ photos?)\b"
    r"|^for (?:the |our |more )?(?:latest|live|full|more)?\b.{0,50}?,? (?:please )?(?:see|visit|follow|click|read|go to)\b",
    re.IGNORECASE,
)


_CREDIT = re.compile(
    r"[^,;:“\".]{0,60}?(?:/(?:AP|AFP|EPA|Reuters|Getty|Redux|Shutterstock|Pool|Zuma|Anadolu"
    r"|NurPhoto|Bloomberg|Sipa|Xinhua|Kyodo)\b|\bGetty Images\b"
    r"|/[A-Z][\w ]{1,25}/[A-Z])|(?:[A-Z][\w.'’-]+ ){1,3}for [A-Z]{2,} [A-Z]"
)
"""Whose picture it is, before what it shows."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What `quote` says, in the sentence number `place` of its article, and `also` what else says the same.

    `first <= day < before` is the day that it describes, by a time that it names where `told`, else that of its report.
    `numbers` have their offsets in the quote, `terms` are its stems, `around` those of the title and of the sentences before too.
    `before_it` is the sentence before, `beside` are the stems of each sentence near it, and `days` the days that it names, each
    with its place in the quote. `heading` are the stems of the heading that it stands under.
    """

    quote: Quote
    place: int
    reported: date | None
    first: date | None
    before: date | None
    told: bool
    numbers: tuple[Number, ...]
    terms: frozenset[str]
    around: frozenset[str]
    title: frozenset[str] = frozenset()
    also: tuple[Quote, ...] = ()
    before_it: str = ""
    beside: tuple[frozenset[str], ...] = ()
    days: tuple[tuple[int, date], ...] = ()
    heading: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return self.quote.text

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return (self.quote, *self.also)


def statements(
    articles: Iterable[Article], times: Mapping[str, Sequence[Mention]], terms: Terms, zone: tzinfo
) -> list[Statement]:
    """The statements of `articles` in the order given; `times` are those that each names, by its id."""
    return [
        one
        for article in articles
        for one in _of_article(article, times.get(article.source.id, ()), terms, article.source.day(zone))
    ]


def _of_article(article: Article, times: Sequence[Mention], terms: Terms, day: date | None) -> list[Statement]:
    """`around` are the terms of the title and of the sentences beside, which say what a sentence is about."""
    spans = [span for span in (_trim(article.text, *span) for span in sentence_spans(article.text)) if span]
    stems = [frozenset(terms.split(article.text[start:end])) for start, end in spans]
    title = frozenset(terms.split(article.source.title))
    headings = [(at, frozenset(terms.split(words))) for at, words in _headings(article.text)]
    found = []
    for place, (start, end) in enumerate(spans):
        text = article.text[start:end]
        if not is_statement(text, article.source.title):
            continue
        inside = [time for time in times if start <= time.start and time.end <= end]
        first, before, told = _find_described_day(inside, day)
        counted = numbers(text, [(time.start - start, time.end - start) for time in inside])
        around = title.union(*stems[max(0, place - 2) : place + 1])
        quote = Quote(article.source, start, end, text)
        lead = article.text[slice(*spans[place - 1])] if place else ""
        beside = (*stems[max(0, place - BESIDE) : place], *stems[place + 1 : place + 1 + BESIDE])
        found.append(
            Statement(
                quote,
                place,
                day,
                first,
                before,
                told,
                tuple(counted),
                stems[place],
                around,
                title,
                (),
                lead,
                tuple(beside),
                tuple((time.start - start, time.first) for time in _narrow(inside)),
                next((stems for at, stems in reversed(headings) if start - SECTION < at < start), frozenset()),
            )
        )
    return found


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """Lines of few words that end like no sentence, each with its place."""
    for found in _HEADING.finditer(text):
        if len(found[1].split()) <= HEADING:
            yield found.start(), found[1]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The sentence without a dateline before it."""
    found = _DATELINE.match(text, start, end)
    first = found.end() if found and found.end() - start < 60 else start
    return (first, end) if first < end else None


def is_statement(text: str, title: str = "") -> bool:
    """Whether a sentence of an article says something: not its heading again, a caption, a link, or a question."""
    words = text.split()
    if not SHORTEST <= len(words) <= LONGEST or not _END.search(text) or text.rstrip("”\"’')").endswith("?"):
        return False
    if _NO_STATEMENT.search(text) or _CREDIT.match(text) or text.casefold().strip(" .") == title.casefold().strip(" ."):
        return False
    return any(word[0].islower() for word in words) and not text[0].islower()


def _find_described_day(times: Sequence[Mention], day: date | None) -> tuple[date | None, date | None, bool]:
    """The day that a sentence describes: the first narrow time that it names, else the day of its report."""
    narrow = _narrow(times)
    if narrow:
        return narrow[0].first, narrow[0].before, True
    return (day, day + ONE, False) if day else (None, None, False)


def _narrow(times: Sequence[Mention]) -> list[Mention]:
    return [time for time in times if (time.before - time.first).days <= NARROW]
