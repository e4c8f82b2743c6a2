"""The news agency that a report is from: named in its dateline, its byline, its first or last lines, or its outlet's name.

An agency that only "contributed to this report" is not where the report is from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

AGENCIES = {
    "AP": ("ap", "associated press", "ap news"),
    "Reuters": ("reuters", "thomson reuters"),
    "AFP": ("afp", "agence france-presse", "agence france presse"),
    "UPI": ("upi", "united press international"),
    "PA Media": ("pa media", "press association", "pa news agency"),
    "dpa": ("dpa", "deutsche presse-agentur"),
    "ANSA": ("ansa",),
    "EFE": ("efe", "agencia efe"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "Kyodo": ("kyodo", "kyodo news"),
    "Yonhap": ("yonhap", "yonhap news agency"),
    "TASS": ("tass",),
    "Anadolu": ("anadolu", "anadolu agency", "aa"),
    "IANS": ("ians", "indo-asian news service"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani", "asian news international"),
    "APP": ("app", "associated press of pakistan"),
    "AAP": ("aap", "australian associated press"),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "Canadian Press": ("canadian press",),
}
"""By the name that is shown, the spellings in small letters and without "the"."""

EDGE_LINES, EDGE_CHARACTERS = 2, 1_000
LONGEST = 60
"""A longer line is a sentence, not a credit."""
_AGENCY_OF = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_NAMES = "|".join(re.escape(spelling).replace(r"\ ", r"\s+") for spelling in sorted(_AGENCY_OF, key=lambda each: -len(each)))
_CREDIT = re.compile(
    rf"\W*(?:(?:source|credit|by|from|with|via|reporting by|written by)\b:?\s+)?(?:[^\W\d_][\w.'’-]*,?\s+){{0,3}}?"
    rf"(?:the\s+)?(?P<name>{_NAMES})(?:[/,&]\s*\w+)?\W*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"[(\[](?:the\s+)?(?P<name>{_NAMES})(?:\s+photo)?[)\]]\W*$", re.IGNORECASE)
_OUTLET = re.compile(rf"(?:the\s+)?(?P<name>{_NAMES})(?:\.com|\s+news)?", re.IGNORECASE)
_SHORT = 4
"""A name of so few letters is an agency in capitals alone: an app is none, the APP is."""


def read_agency(text: str, in_dateline: str | None, authors: Sequence[str], outlet: str | None) -> str | None:
    """The agency's usual name, or None. `in_dateline` is what a dateline has in brackets."""
    named = (_find_agency(_OUTLET.fullmatch(outlet.strip())) for outlet in (in_dateline, outlet) if outlet)
    lines = [*authors, *edge_lines(text)]
    credited = (_find_agency(_CREDIT.fullmatch(line)) for line in lines if len(line) <= LONGEST)
    bracketed = (_find_agency(_BRACKETED.search(line)) for line in lines)
    return next((name for found in (named, credited, bracketed) for name in found if name), None)


def is_credit(line: str) -> bool:
    """Whether the line does nothing but name an agency."""
    return len(line) <= LONGEST and _find_agency(_CREDIT.fullmatch(line)) is not None


def edge_lines(text: str) -> Iterator[str]:
    """The first and the last lines that have words, without white space around them."""
    first = [line.strip() for line in text[:EDGE_CHARACTERS].splitlines() if line.strip()]
    last = [line.strip() for line in text[-EDGE_CHARACTERS:].splitlines() if line.strip()]
    yield from first[:EDGE_LINES]
    yield from last[-EDGE_LINES:]


def _find_agency(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    name = found["name"]
    spelling = " ".join(name.casefold().split())
    agency = _AGENCY_OF[spelling]
    return None if len(name) <= _SHORT and name not in (name.upper(), agency) else agency
