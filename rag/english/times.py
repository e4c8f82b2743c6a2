"""Times as questions name them: where they stand, and one put in the place of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

from rag.when.calendar import MONTHS, SHORT_MONTHS, WEEKDAY_NAMES

Grain = Literal["day", "month", "year", "other"]

_PLAIN_MONTHS = "|".join(month for month in MONTHS if month not in ("march", "may"))
"""Without those that are words too."""
_MONTH = (
    rf"(?:(?:{_PLAIN_MONTHS})"
    r"|(?-i:March|May)|(?<=\b(?:in|since|by|until|of|during|from|before|after|early|late|mid|last|next)\s)(?:march|may)"
    rf"|(?:{SHORT_MONTHS})\b\.?(?=\s\d))"
)
_WEEKDAY = f"(?:{WEEKDAY_NAMES})"
_DAY = r"(?:[0-3]?\d(?:st|nd|rd|th)?)"
_YEAR = r"(?:(?:1[6-9]|20)\d\d)"
_LEAD = (
    r"(?:(?:back\s)?(?:in|on|since|until|till|by|during|before|after|from|as\sof|at|of|between|around|towards?|throughout)\s)?"
    r"(?:the\s(?:(?:beginning|start|end|middle|first\shalf|second\shalf|course)\sof|(?:spring|summer|autumn|fall|winter)(?:\sof)?"
    r"|month\sof|year|week\sof)\s)?(?:(?:early|late|mid|the)[\s-])?"
)
_BODY = (
    rf"(?P<day>\d{{4}}-\d\d-\d\d|(?:{_WEEKDAY},?\s)?(?:{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s{_DAY}(?!\d))(?:,?\s{_YEAR})?"
    rf"|(?:(?:last|next|this)\s)?{_WEEKDAY})"
    rf"|(?P<month>(?:(?:last|next|this)\s)?{_MONTH}(?:\s(?:of\s)?{_YEAR})?|\d{{4}}-\d\d)"
    rf"|(?P<year>(?:the\s)?{_YEAR}s?)"
    r"|(?P<other>(?:yesterday|today|tonight|tomorrow)(?:\s(?:morning|evening|night))?|(?:last|next|this)\s"
    r"(?:week|month|year|quarter|decade|century|weekend|night|season|term|spring|summer|autumn|fall|winter)"
    rf"|(?:the\s)?(?:past|last|previous|following|next|coming)\s(?:(?:few|two|three|four|five|six|ten|\d+)\s)?(?:days?|weeks?|months?|years?|decades?)"
    r"|(?:a|one|two|three|four|five|six|ten|\d+)\s(?:days?|weeks?|months?|years?|decades?)\s(?:ago|earlier|later|before|after(?:wards)?)"
    r"|(?:spring|summer|autumn|winter)(?:\s(?:of\s)?(?:1[6-9]|20)\d\d)|(?:first|second|third|fourth)\squarter(?:\sof\s(?:1[6-9]|20)\d\d)?"
    r"|the\s(?:year|month|week|day)\s(?:before|after))"
)
_TIME = regex.compile(rf"(?<![\w-])(?P<lead>{_LEAD})(?:{_BODY})(?![\w]|-\d)", regex.IGNORECASE)
_YEAR_IN = regex.compile(rf"(?<!\d){_YEAR}(?!\d)")
_MONTH_IN = regex.compile(rf"\b(?:{_MONTH})", regex.IGNORECASE)
_WITHIN_BEFORE = regex.compile(r"\b(?:the|an?)\s(?:\p{L}+\s)?$", regex.IGNORECASE)
_WITHIN_AFTER = regex.compile(r"\s(?!(?:and|or|in|on|at|by|was|is|did|to|of|that|as)\b)\p{L}{3,}", regex.IGNORECASE)
_ORDER = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Time:
    """`text[start:end]` with the preposition before it, which is `lead`.

    A year `within` a phrase ("the 2024 election") stands without one.
    """

    start: int
    end: int
    text: str
    lead: str
    grain: Grain
    within: bool = False

    @property
    def year(self) -> str | None:
        found = _YEAR_IN.search(self.text)
        return found[0] if found else None

    @property
    def month(self) -> int | None:
        found = _MONTH_IN.search(self.text)
        return _ORDER.index(found[0].lower()[:3]) if found else None


def times(text: str) -> list[Time]:
    """The times that `text` names, in order."""
    return [_time(found) for found in _TIME.finditer(text)]


def _time(found: regex.Match[str]) -> Time:
    grains: tuple[Grain, ...] = ("day", "month", "year", "other")
    grain = next(name for name in grains if found[name])
    before, after = found.string[: found.start(grain)], found.string[found.end() :]
    if grain == "year" and _WITHIN_BEFORE.search(before) and _WITHIN_AFTER.match(after):
        return Time(found.start("year"), found.end(), found["year"], "", grain, within=True)
    return Time(found.start(), found.end(), found[0], found["lead"].strip().lower(), grain)


def without_times(text: str) -> str:
    """`text` without the times in it."""
    for time in reversed(times(text)):
        text = f"{text[: time.start].rstrip(' ,')} {text[time.end :].lstrip(' ,')}"
    return " ".join(text.split())


def complete_time(new: Time, old: Time | None) -> str:
    """The words of `new`, with a preposition, and with the year of `old` where that must be meant."""
    words = new.text if new.lead else f"{_preposition(new, old)}{new.text}"
    if new.year or old is None or old.year is None or new.month is None:
        return words
    if old.month is not None and new.month < old.month and new.grain != "other":
        return words  # may be of the next year: left open
    return f"{words} {old.year}"


def _preposition(new: Time, old: Time | None) -> str:
    if new.grain == "other" or regex.match(r"(?:last|next|this|the)\b", new.text, regex.IGNORECASE):
        return (
            "in the " if new.text[:1].isdigit() is False and regex.match("spring|summer|autumn|winter", new.text, regex.I) else ""
        )
    if old is not None and old.grain == new.grain and old.lead:
        return f"{old.lead} "
    return "on " if new.grain == "day" else "in "


def replace_time(question: str, new: Time) -> str:
    """`question` with its last time, the one of the same grain before others, replaced by `new`; else with `new` at its end."""
    found = times(question)
    same = [time for time in found if time.grain == new.grain] or found
    if not same:
        return f"{question} {complete_time(new, None)}"
    old = same[-1]
    if old.within:
        if new.grain != "year" or new.year is None:
            return f"{question} {complete_time(new, old)}"
        return f"{question[: old.start]}{new.year}{question[old.end :]}"
    return f"{question[: old.start]}{complete_time(new, old)}{question[old.end :]}"
