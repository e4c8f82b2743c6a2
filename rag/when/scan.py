"""A text to the times that it names."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

import regex

from rag.types import Mention
from rag.when.rules import RULES

MAX_MENTIONS = 1_000
MAX_CHARACTERS = 1_000_000
"""Beyond these no more times are looked for in a text."""

_LEADING = regex.compile(
    r"(?:(?:back\s)?in|on|since|from|until|till|by|during|before|after|as\sof|up\sto|(?:end|start|beginning|middle|month)\sof"
    r"|of|between|through|throughout|and|to)\s(?:the\syear\s)?"
    r"(?!the\s(?:past|last|next|coming))",
    regex.IGNORECASE,
)
_TRIMMED = frozenset({"month", "weekday", "year", "years", "season"})


def mentions(text: str, published: date, limit: int = MAX_MENTIONS) -> tuple[Mention, ...]:
    """The times that `text` names, in order and apart from each other, told from its day of publication.

    A time that cannot be told from that day alone, such as "a day earlier", is left out.
    """
    found: list[tuple[int, int, Mention]] = []
    for order, rule in enumerate(RULES):
        for match in rule.pattern.finditer(text, 0, min(len(text), MAX_CHARACTERS)):
            try:
                span = rule.resolve(match, published)
            except (ValueError, OverflowError):  # a day that no month has, or a year that no calendar has
                continue
            if span and span[0] < span[1]:
                start = match.start()
                if rule.name in _TRIMMED and (lead := _LEADING.match(text, start, match.end())):
                    start = lead.end()
                found.append((match.start() - match.end(), order, Mention(start, match.end(), *span, rule.name)))
    return _apart(found)[:limit]


def _apart(found: list[tuple[int, int, Mention]]) -> tuple[Mention, ...]:
    """The longest, and of equally long ones those of the earlier rule; no two overlap."""
    kept: list[Mention] = []
    starts: list[int] = []
    for _, _, mention in sorted(found, key=lambda each: (each[0], each[1], each[2].start)):
        at = bisect_left(starts, mention.start)
        if (at < len(kept) and kept[at].start < mention.end) or (at and kept[at - 1].end > mention.start):
            continue
        kept.insert(at, mention)
        starts.insert(at, mention.start)
    return tuple(kept)


def in_words(first: date, before: date) -> str:
    """A span of days as people write it: "4 August 2025", "July 2025", "2025", "28 July – 3 August 2025"."""
    last = date.fromordinal(before.toordinal() - 1)
    if first == last:
        return f"{first.day} {first:%B %Y}"
    whole_months = first.day == 1 and before.day == 1
    if whole_months and (first.month, before.month) == (1, 1):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if whole_months:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%B %Y}"
        return f"{first:%B} – {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} – {last:%B %Y}"
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} – {last.day} {last:%B %Y}"
    if first.month != last.month:
        return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
    return f"{first.day}–{last.day} {last:%B %Y}"
