"""Outlets and times to the reports that they belong to, each with what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import regex

from rag.english.lexicon import list_words
from rag.types import Filters, Scope
from rag.understand.scopes.outlets import OutletMention
from rag.understand.scopes.times import TimeMention

MAX_SCOPES = 6
REPORT_DAYS = 31
"""A time of at most so many days may be that of a report; a longer one is rather what it is about."""
_COMPARED = regex.compile(
    r"\b(?:compar\w+|differ\w*|chang\w+|contrast\w*|contradict\w*|agree\w*|versus|vs|than|consisten\w+|inconsisten\w+|same|again|later"
    r"|earlier|subsequent\w*)\b",
    regex.IGNORECASE,
)
_LEADS = regex.compile(r"[\s,]*(?:the|did|does|do|has|have|had|in|by|an?)?[\s'\"‘“]*", regex.IGNORECASE)
_CUTS = (
    regex.compile(
        r"[;?]\s+|,?\s(?:while|whereas|but|although|though)\s|,?\sin\scontrast\sto\s|,?\sas\scompared\s(?:to|with)\s",
        regex.IGNORECASE,
    ),
    regex.compile(
        r",\s(?:and|or|who|whose|which|as)\s|\s(?:before|after|to\show)\s|\s(?:and|or|than)\s(?=(?:the|then|again|an?|another|did|does|what|was|is)\b)",
        regex.IGNORECASE,
    ),
    regex.compile(r",\s|\s(?:and|or|than|contradict|agree\swith|similar\sto)\s", regex.IGNORECASE),
)
_ENDED = regex.compile(r"[’'\"”]?(?:,\s|\?|;|\sand\s|$)")
_NEXT = regex.compile(r"[,;]\s(?:and\s|while\s|whereas\s)?|\s(?:and|while|whereas|but)\s", regex.IGNORECASE)
_TAIL = regex.compile(r",\s(?=(?:is|was|were|are|did|does|do|has|have|had|can|could)\s)", regex.IGNORECASE)
_WORD = regex.compile(r"\w+")
_FRAME = list_words("report_frame")


@dataclass(frozen=True, slots=True)
class _Report:
    start: int
    end: int
    outlets: tuple[str, ...]
    times: tuple[TimeMention, ...]
    words: tuple[tuple[int, int], ...]


def reports(question: str, named: Sequence[OutletMention], mentioned: Sequence[TimeMention]) -> tuple[Scope, ...]:
    """A scope for each report, in order; at most MAX_SCOPES."""
    if not named:
        return _periods(question, mentioned)
    found = [part for report in _with_times(question, named, mentioned) for part in _split_reports(question, report)]
    if len(found) == 1:
        return (_scope(question, found[0], ""),)
    abouts = _abouts(question, found)
    scopes: dict[tuple[Filters, str], Scope] = {}
    for report, about in zip(found, abouts, strict=True):
        scope = _scope(question, report, about)
        scopes.setdefault((scope.filters, scope.about), scope)
    kept = _without_repeats(list(scopes.values()))
    return tuple(kept[:MAX_SCOPES]) if len(kept) > 1 else (replace(kept[0], about=""),)


def _periods(question: str, mentioned: Sequence[TimeMention]) -> tuple[Scope, ...]:
    """Of a question that names no outlet: one period, or those that it compares."""
    if not mentioned:
        return ()
    words = [question[one.start : one.end] for one in mentioned]
    closed = all(one.since and one.before for one in mentioned)
    if len(mentioned) > 1 and closed and _COMPARED.search(question):
        scopes: dict[Filters, Scope] = {}
        for one, word in zip(mentioned, words, strict=True):
            scopes.setdefault(Filters(one.since, one.before), Scope(Filters(one.since, one.before), (word,)))
        return tuple(scopes.values())[:MAX_SCOPES]
    return (Scope(Filters(*_hull(mentioned)), tuple(words)),)


def _hull(mentioned: Sequence[TimeMention]) -> tuple[date | None, date | None]:
    """The days that the times have in common; where there are none, from the first to the last of them.

    An end left open that contradicts an earlier one ("since 2020" and "before 2018") does not count.
    """
    starts, ends = [one.since for one in mentioned if one.since], [one.before for one in mentioned if one.before]
    since, before = max(starts, default=None), min(ends, default=None)
    if since is None or before is None or since < before:
        return since, before
    return (min(starts), max(ends)) if min(starts) < max(ends) else (since, None)


def _with_times(question: str, named: Sequence[OutletMention], mentioned: Sequence[TimeMention]) -> list[_Report]:
    """Each outlet with the times that stand nearest to it: those after it, or right before it."""
    times: dict[int, list[TimeMention]] = {}
    for one in mentioned:
        after = [at for at, name in enumerate(named) if name.start >= one.end]
        before = [at for at, name in enumerate(named) if name.end <= one.start]
        leads = after and _LEADS.fullmatch(question, one.end, named[after[0]].start)
        times.setdefault(after[0] if leads or not before else before[-1], []).append(one)
    return [
        _Report(
            name.start, name.end, name.outlets, tuple(times.get(at, ())),
            ((name.start, name.end), *((one.start, one.end) for one in times.get(at, ()))),
        )
        for at, name in enumerate(named)
    ]  # fmt: skip


def _split_reports(question: str, report: _Report) -> list[_Report]:
    """A report for each of several times that may be those of reports: "in its article of 4 May and the one on 11 May"."""
    short = [
        one for one in report.times if one.since is None or one.before is None or (one.before - one.since).days <= REPORT_DAYS
    ]
    if len(short) < 2 or not (all(one.since and one.before for one in short) or _COMPARED.search(question)):
        return [report]
    first, *others = short
    name = (report.start, report.end)
    parts = [replace(report, times=(first,), words=(name, (first.start, first.end)))]
    return parts + [_Report(one.start, one.end, report.outlets, (one,), (name, (one.start, one.end))) for one in others]


def _abouts(question: str, found: Sequence[_Report]) -> list[str]:
    """The part of the question about each report; that of a list ("both the Lantern and the Gazette") is of all in it."""
    cuts: list[int | None] = [_cut(question, one, other) for one, other in pairwise(found)]
    tail = _TAIL.search(question, found[-1].end)
    end = tail.start() if tail else len(question)
    if all(cut is None for cut in cuts):
        return [""] * len(found)
    edges = [0, *cuts, end]
    parts = []
    for at in range(len(found)):
        first = next(edge for edge in reversed(edges[: at + 1]) if edge is not None)
        last = next(edge for edge in edges[at + 1 :] if edge is not None)
        part = question[first:last].strip(" ,;?")
        parts.append(part if _says(part, found[at]) else "")
    return parts


def _cut(question: str, one: _Report, other: _Report) -> int | None:
    """Where the part about one report ends and that about the next begins; None where they stand in one list."""
    end = max((last for _, last in one.words if last <= other.start), default=one.end)
    if end == one.end and not _content(question[end : other.start]):
        return None
    if _ENDED.match(question, end) and _ENDED.match(question, other.end) and (after := _NEXT.search(question, end, other.start)):
        return int(after.start())
    for pattern in _CUTS:
        cuts = list(pattern.finditer(question, end, other.start))
        if cuts:
            return int(cuts[-1].start())
    return None if end == one.end else end


def _says(part: str, report: _Report) -> bool:
    """Whether a part asks anything besides naming a report."""
    named = {word.casefold() for outlet in report.outlets for word in _WORD.findall(outlet)}
    return len(_content(part) - named) >= 3


def _content(text: str) -> set[str]:
    return {word for word in (found.casefold() for found in _WORD.findall(text)) if word not in _FRAME}


def _scope(question: str, report: _Report, about: str) -> Scope:
    since, before = _hull(report.times)
    return Scope(Filters(since, before, report.outlets), tuple(question[a:b] for a, b in sorted(report.words)), about)


def _without_repeats(scopes: list[Scope]) -> list[Scope]:
    """Without those that ask nothing of their own of an outlet that another one, which does, is of too."""
    return [
        scope
        for scope in scopes
        if scope.about or not any(other.about and set(other.filters.outlets) & set(scope.filters.outlets) for other in scopes)
    ]
