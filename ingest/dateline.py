"""The head of an article's text: a date that a machine put there, and the dateline of the story.

`ISLAMABAD: …`, `KARACHI, Pakistan – …`, `WASHINGTON (AP) — …`, `LONDON, Aug. 4 (Reuters) - …`, `NEW DELHI, 4 August 2025: …`.
A date without a year says nothing that can be trusted and is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import regex

_MACHINE_DATE = re.compile(r"\s*date:?\s+(\d{4}-\d{2}-\d{2})(?:T[\d:.]+Z?)?\s+(?=\S)")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?P<month>{_MONTHS}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_DATELINE = regex.compile(
    r"(?P<place>\p{Lu}[\p{Lu}.'’-]+(?:[ /]\p{Lu}[\p{Lu}.'’-]*){0,4})"
    r"(?P<region>,\ \p{Lu}[\p{L}.’']+(?:\ \p{Lu}[\p{L}.’']+){0,2})??"
    rf"(?P<date>,?\ (?:(?:{_MONTH}\ {_DAY}|{_DAY}\ {_MONTH})(?:,?\ (?P<year>\d{{4}}))?))?"
    r"(?P<agency>\ [(/](?P<name>\p{Lu}[\p{L}\d .&/-]{1,30}?)[)/])?"
    r"(?:(?P<colon>:)|\ *[–—]|\ +--?)\s*(?=[\p{Lu}\d“\"‘'(])",
    regex.DOTALL,
)
_NOT_PLACES = frozenset(
    """
    ALERT ANALYSIS ANSWER AUTHOR AUTHORS BREAKING BRIEFING COLUMN COMMENT CORRECTION COVID DETAILS DEVELOPING DISCLAIMER
    EDITOR EDITORIAL EXCLUSIVE EXPLAINED EXPLAINER FACT FACTBOX FACTS FEATURE FIFA FILE FIRST FLASH GALLERY GUIDE HEADLINE
    HEADLINES INTERVIEW INVESTIGATION JUST KEY LATEST LEAD LETTER LETTERS LISTEN LIVE LOOK MORE MUST NASA NATO NEWS NEXT NOTE
    NOTES OBITUARY OFFICIAL OPEC OPINION PERSPECTIVE PHOTO PHOTOS PICTURE PICTURES PODCAST POLL PREVIEW PROFILE PUBLISHED
    QUESTION QUIZ RATING READ RECAP RELATED REPORT RESULT RESULTS REUTERS REVIEW ROUNDUP SCORE SCORES SOURCE SOURCES SPECIAL
    SPOILER STORY SUBJECT SUMMARY TEXT TIMELINE TITLE TODAY TOP TOPLINE TRANSCRIPT UEFA UNESCO UNICEF UPDATE UPDATED UPDATES
    URGENT VIDEO VIDEOS VIEW WARNING WATCH WHAT WHERE WHO WHY
    """.split()  # noqa: SIM905
)
LETTERS = 4
"""A bare word of fewer capitals before a dash or colon is more often a body (EU, WHO, CNN) than a place."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the first words of a text say. The reader's text begins at `start`, the story itself at `body`."""

    start: int = 0
    body: int = 0
    place: str | None = None
    day: date | None = None
    agency: str | None = None


def read_head(text: str) -> Head:
    machine = _MACHINE_DATE.match(text)
    start = machine.end() if machine else 0
    day = _calendar_day(machine[1], "%Y-%m-%d") if machine else None
    if machine and day is None:
        start = 0
    found = _DATELINE.match(text, start)
    if not found or not _is_place(found):
        return Head(start, start, day=day)
    written = f"{found['month'][:3]} {found['day']} {found['year']}" if found["date"] else ""
    return Head(start, found.end(), found["place"], day or _calendar_day(written, "%b %d %Y"), found["name"])


def _is_place(found: regex.Match[str]) -> bool:
    place = found["place"]
    if _NOT_PLACES.intersection(regex.findall(r"\p{Lu}+", place)):
        return False
    if found["date"] or found["agency"] or found["region"]:
        return True
    return len(regex.findall(r"\p{Lu}", place)) >= LETTERS


def _calendar_day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None
