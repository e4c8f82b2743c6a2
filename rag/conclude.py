"""A draft to an answer: with exact citations, or withheld with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.cite import cite
from rag.types import Answer, Article, Citation, Draft, Filters, Mention

YEAR = re.compile(r"\d{4}")
NOT_ANSWERED = "The nearest articles do not answer this."
NOT_PROMISED = "No confidence is high enough to promise so small a risk of being wrong; state a larger one."


def conclude(empty: Answer, draft: Draft, articles: Mapping[str, Article], least: float) -> Answer:
    """`draft` as an answer with citations, or `empty` with the reason when its confidence is below `least`."""
    notices = empty.notices + draft.notices
    empty = replace(empty, mode=draft.mode or empty.mode, writing=draft.writing, calibrated=draft.calibrated)
    withheld = replace(
        empty, reason=draft.reason or NOT_ANSWERED, cause=draft.cause, confidence=draft.confidence, notices=notices
    )
    if draft.claims and least > 1:
        return replace(withheld, reason=NOT_PROMISED)
    if not draft.claims or draft.confidence < least:
        return withheld
    cited = cite(draft.claims, articles)
    if cited.refused:
        notices += (f"{cited.refused} quotes were not in their articles as quoted and have been left out.",)
    if not cited.sentences:
        return replace(withheld, reason=NOT_ANSWERED, cause="not answered", notices=notices)
    return replace(
        empty, status="answered", reason=None, cause=None, sentences=cited.sentences, short_answer=draft.short_answer,
        citations=cited.citations, confidence=draft.confidence, notices=notices,
    )  # fmt: skip


def find_times_in(citation: Citation, times: Sequence[Mention]) -> tuple[Mention, ...]:
    """The times that a quote names and does not say in full."""
    inside = (time for time in times if citation.start <= time.start and time.end <= citation.end)
    return tuple(
        time for time in inside if not YEAR.search(citation.quote[time.start - citation.start : time.end - citation.start])
    )


def describe_filters(filters: Filters) -> str:
    """The filters in words, for a message."""
    parts = []
    if filters.since:
        parts.append(f"since {filters.since}")
    if filters.until:
        parts.append(f"until {filters.until}")
    if filters.outlets:
        parts.append(f"from {' or '.join(filters.outlets)}")
    return ", ".join(parts)
