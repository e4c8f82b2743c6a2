"""Times that a sentence names, held against those of its source and the day on which that was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date

from rag.types import Mention, Source
from rag.when import in_words, mentions


def times(text: str, source: Source) -> tuple[Mention, ...]:
    """The times in `text`, told from the day on which `source` was published; without one, today's year stands in."""
    return mentions(text, source.day(UTC) or date.today())


def wrong_date(said: str, of_said: Sequence[Mention], span: str, of_span: Sequence[Mention], source: Source) -> str | None:
    """A time that `said` names and its source does not, in words; None where every one of them holds.

    It holds when the source says the same days, or fewer within them, or the same words, or was published then.
    """
    published = source.day(UTC)
    plain = span.casefold()
    for mention in of_said:
        words = said[mention.start : mention.end]
        if words.casefold() in plain or any(_within(other, mention) for other in of_span):
            continue
        if published and mention.first <= published < mention.before and not of_span:
            continue
        return f"{words} ({in_words(mention.first, mention.before)})" if words[-1].isalpha() else words
    return None


def _within(inner: Mention, outer: Mention) -> bool:
    """Whether what happened in `inner` happened in `outer`."""
    return outer.first <= inner.first and inner.before <= outer.before
