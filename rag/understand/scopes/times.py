"""The days that a question names, each time with the word that opens one of its ends: "since May", "before 2023", "by June"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regex

from rag.types import Mention
from rag.when import mentions
from rag.when.calendar import MONTH_NAMES

ONE = timedelta(days=1)
REACH = 120
"""Characters before a time in which the word that opens it is looked for."""
_EVENT = (
    r"(?:(?:the|an?|his|her|its|their)\s)(?:(?!(?:report|article|stor|piece|account|coverage))[\w'’-]+\s){1,5}?(?:in|on|of)\s"
)
"""What a time is counted from: "since the ceasefire in May"."""
_SIDE = regex.compile(
    r"(?<!\w)(?P<how>since|ever\ssince|after|following|from|before|prior\sto|until|till|up\sto|up\suntil|by|as\sof|through)\s"
    rf"(?P<event>{_EVENT})?(?:the\s)?(?:very\s)?(?P<edge>(?:end|close|start|beginning)\sof\s)?(?:the\s(?:year\s)?)?$",
    regex.IGNORECASE,
)
_ONWARDS = regex.compile(r",?\s(?:on\b(?!\s(?:the|an?)\b)|onwards?\b|and\s(?:after|later)\b)", regex.IGNORECASE)
_PAIR = regex.compile(
    r"(?<!\w)(?:between|from)\s(?P<first>[\w.,]{1,12}(?:\s[\w.,]{1,12}){0,3}?)\s(?:and|to|until|till|through)\s(?:the\s)?$",
    regex.IGNORECASE,
)
_MONTH = f"(?:{MONTH_NAMES})"
_MONTHS = regex.compile(
    rf"(?<!\w)(?:[Bb]etween|[Ff]rom)\s(?P<first>{_MONTH})\s(?:and|to|until|till|through)\s(?P<last>{_MONTH})(?![\s,]+\d)(?!\w)"
)
_YEAR = regex.compile(r"(?<!\d)\d{4}(?!\d)")
_COMING = regex.compile(
    r"\b(?:will|won['’]t|shall|going\sto|due|plan(?:s|ned)?|expect(?:s|ed)?|scheduled|set\sto|to\scome|next|upcoming|coming|tomorrow)\b",
    regex.IGNORECASE,
)
_A_NAME = regex.compile(r"\s(?:[A-Z][\w'’-]+|the\s\d+th\b(?!\sof))")
_BACK = {"month": 365, "day of a month": 365, "weekday": 7}
"""By how many days, about, the time before is away that is called the same."""


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time in `question[start:end]`: the days `since <= day < before`, where either end may be open."""

    start: int
    end: int
    since: date | None
    before: date | None

    def is_after(self, day: date) -> bool:
        """Whether nothing that was published up to `day` can be of this time alone, as in "the next six months"."""
        return self.since is not None and (self.since > day or (self.since == day and self.before not in (None, day + ONE)))


def times_asked(question: str, today: date, names: Sequence[tuple[int, int]] = ()) -> tuple[TimeMention, ...]:
    """The times that `question` names outside the spans of `names`, in order and apart from each other.

    Those whose year is not said are the most recent ones, unless the question looks ahead.
    """
    found: list[TimeMention] = []
    for mention in sorted((*_spans(question, today), *_single(question, today, names)), key=lambda one: one.start - one.end):
        if all(mention.end <= start or end <= mention.start for start, end in names) and all(
            mention.end <= other.start or other.end <= mention.start for other in found
        ):
            found.append(mention)
    return tuple(sorted(found, key=lambda one: one.start))


def _single(question: str, today: date, names: Sequence[tuple[int, int]]) -> Iterator[TimeMention]:
    for mention in mentions(question, today):
        if not _is_a_name(question, mention):
            one = _past(question, mention, today)
            opened = _open_end(question, one)
            apart = all(opened.end <= start or end <= opened.start for start, end in names)
            yield opened if apart else TimeMention(one.start, one.end, one.first, one.before)


def _open_end(question: str, mention: Mention) -> TimeMention:
    """The mention with an end left open where the words around it say so."""
    side = _SIDE.search(question, max(0, mention.start - REACH), mention.start)
    if side is None or side.end() != mention.start:
        return TimeMention(mention.start, mention.end, mention.first, mention.before)
    how, edge, event = side["how"].lower(), (side["edge"] or "").lower(), bool(side["event"])
    start = side.start()
    if how == "from":
        on = _ONWARDS.match(question, mention.end)
        return (
            TimeMention(start, on.end(), mention.first, None)
            if on
            else TimeMention(mention.start, mention.end, mention.first, mention.before)
        )
    if event and how not in ("since", "ever since", "after", "before", "prior to", "until", "till"):
        return TimeMention(mention.start, mention.end, mention.first, mention.before)
    if "since" in how:
        late = edge.startswith(("end", "close"))
        return TimeMention(start, mention.end, mention.before - ONE if late else mention.first, None)
    if how in ("after", "following"):
        early = event or edge.startswith(("start", "beginning"))
        return TimeMention(start, mention.end, mention.first if early else mention.before, None)
    if how in ("before", "prior to"):
        late = event or edge.startswith(("end", "close"))
        return TimeMention(start, mention.end, None, mention.before if late else mention.first)
    early = edge.startswith(("start", "beginning"))
    return TimeMention(start, mention.end, None, mention.first + ONE if early else mention.before)


def _spans(question: str, today: date) -> Iterator[TimeMention]:
    """From one time to another: "between March and June 2024", "from 3 May to 2 June"."""
    for found in _MONTHS.finditer(question):
        last = _only(mentions(f"in {found['last']}", today))
        first = last and _earlier(found["first"], last)
        if first and last:
            yield TimeMention(found.start(), found.end(), first.first, last.before)
    for last in mentions(question, today):
        pair = _PAIR.search(question, max(0, last.start - REACH), last.start)
        if pair and pair.end() == last.start:
            said = pair["first"]
            first = _only(mentions(said, today)) if _YEAR.search(said) else _earlier(said, last)
            first = first or _only(mentions(f"in {said}", today))
            if first and first.first < last.before:
                yield TimeMention(pair.start(), last.end, first.first, last.before)


def _earlier(said: str, last: Mention) -> Mention | None:
    """The time that is called `said` in the year of `last`, or in the year before where that would be later."""
    for year in (last.first.year, last.first.year - 1):
        first = _only(mentions(f"in {said} {year}", last.first))
        if first and first.first < last.before:
            return first
    return None


def _only(found: Sequence[Mention]) -> Mention | None:
    return found[0] if len(found) == 1 else None


def _past(question: str, mention: Mention, today: date) -> Mention:
    """The one before that is called the same where the time is to come and the question does not look ahead."""
    words = question[mention.start : mention.end]
    back = _BACK.get(mention.rule)
    if back is None or mention.first <= today or _YEAR.search(words) or _COMING.search(question):
        return mention
    return next(
        (
            Mention(mention.start, mention.end, one.first, one.before, mention.rule)
            for one in mentions(f"in {words}" if mention.rule == "month" else words, mention.first - back * ONE)[:1]
            if one.first <= today
        ),
        mention,
    )


def _is_a_name(question: str, mention: Mention) -> bool:
    """Whether a month or weekday is part of something else, as in "June Hallam" and "Friday the 13th"."""
    if mention.rule not in ("month", "weekday", "season") or _YEAR.search(question[mention.start : mention.end]):
        return False
    return _A_NAME.match(question, mention.end) is not None
