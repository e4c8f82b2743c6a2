"""Times that a sentence names, held against those of its source and the day on which that was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta

import regex

from rag.types import Mention, Source
from rag.when import in_words, mentions

_PARTS = {"early": "start|beginning|early", "mid": "middle|mid", "late": "end|late"}
_WEEK, _YEAR = timedelta(days=7), timedelta(days=366)


def times(text: str, source: Source) -> tuple[Mention, ...]:
    """The times in `text`, told from the day on which `source` was published; without one, today's year stands in."""
    return mentions(text, source.day(UTC) or date.today())


def wrong_date(said: str, of_said: Sequence[Mention], span: str, of_span: Sequence[Mention], source: Source) -> str | None:
    """A time that `said` names and its source does not, in words; None where every one of them holds.

    It holds when the source says the same days, or fewer within them, or the same words, or was published then; or where the
    source names its weekday or its month without saying whether the last or the next is meant.
    """
    published = source.day(UTC)
    plain = span.casefold()
    open_words = _untold(span, of_span)
    for mention in of_said:
        words = said[mention.start : mention.end]
        if words.casefold() in plain or any(_within(other, mention) for other in of_span):
            continue
        if published and mention.first <= published < mention.before and not of_span:
            continue
        if _same_part(mention, words, plain) or (published and _may_be(mention, words, open_words, published)):
            continue
        return f"{words} ({in_words(mention.first, mention.before)})" if words[-1].isalpha() else words
    return None


def _within(inner: Mention, outer: Mention) -> bool:
    """Whether what happened in `inner` happened in `outer`."""
    return outer.first <= inner.first and inner.before <= outer.before


def _same_part(mention: Mention, words: str, span: str) -> bool:
    """Whether the span says the same part of a month in other words: "mid-January" and "the middle of January"."""
    part = next((names for first, names in _PARTS.items() if words.casefold().startswith(first)), None)
    month = f"{mention.first:%B}".casefold()
    return part is not None and regex.search(rf"\b(?:{part})(?:\sof|-)?\s?{month}", span) is not None


def _untold(span: str, of_span: Sequence[Mention]) -> str:
    """The span without the times in it that could be told, in lower case."""
    for mention in reversed(of_span):
        span = f"{span[: mention.start]} {span[mention.end :]}"
    return span.casefold()


def _may_be(mention: Mention, words: str, span: str, published: date) -> bool:
    """Whether a weekday or a month that the span names may be the one meant: "ruled on Thursday" for the last or the next one."""
    if mention.before - mention.first == timedelta(days=1) and regex.search(rf"\b{mention.first:%A}\b".casefold(), span):
        return abs(mention.first - published) <= _WEEK
    days = regex.findall(r"\b\d{1,2}\b", words)
    named = regex.search(rf"\b{mention.first:%B}\b".casefold(), span) is not None
    return named and abs(mention.first - published) <= _YEAR and all(regex.search(rf"\b{day}\b", span) for day in days)
