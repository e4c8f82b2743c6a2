"""When an article was published: of all the places that say so the most trusted one, and how far it can be trusted.

What has been modified or seen is never taken for what was published, and nothing that the text or the run itself would have to
date is filled in: an article that nothing dates has no date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit

from ingest.dates import read_date
from ingest.load.record import DatedField, Record
from rag.types import PublishedFrom

TRUST: Mapping[PublishedFrom, float] = {
    "record": 0.98,
    "front matter": 0.98,
    "JSON-LD": 0.97,
    "feed": 0.95,
    "meta": 0.94,
    "dateline": 0.9,
    "URL": 0.9,
    "page": 0.8,
    "file name": 0.7,
    "none": 0.0,
}
"""How sure a date is that stands in one place alone. Estimates, not measured shares: they order the places and no more."""
DOUBT = 0.5
"""What remains of the trust in a date that another place contradicts by more than SAME days."""
SAME = 1
"""Days by which two places may differ and mean the same: zones, and the paper of the next morning."""

SILENT = ("dateline", "file name")
"""Places that may agree and say nothing against another: the day of an event, and the day on which a file was saved."""
LOCAL = ("URL", "page", "meta")
"""Places that tell a publisher's own day, where they do not count in UTC."""
WEST, EAST = timedelta(hours=12), timedelta(hours=14)
"""How far from UTC the clocks of publishers go."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH = rf"(?:0?[1-9]|1[0-2]|{'|'.join(_MONTHS)})"
_PATH_DAY = re.compile(rf"(?:^|[/_.-])((?:19|20)\d\d)([/_.-])({_MONTH})\2([0-3]?\d)(?=$|[/_. -])", re.IGNORECASE)
_COMPACT_DAY = re.compile(r"(?:^|[^\d])((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?=$|[^\d])")


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The date of publication, the place it was found in, and how sure it is (0 to 1). `notes` tell of dates not trusted."""

    value: date | datetime | None = None
    found_in: PublishedFrom = "none"
    confidence: float = 0.0
    notes: tuple[str, ...] = ()


def find_published(record: Record, dateline: date | None, name: str, now: datetime) -> PublicationDate:
    """The date of a record. `dateline` is the day in its first words, `name` the name of its file."""
    readable: list[tuple[DatedField, date | datetime]] = []
    notes: list[str] = []
    for written in _list_places(record, dateline, name):
        read = read_date(written.value, now)
        if read.value is not None:
            readable.append((written, read.value))
        elif read.note and written.found_in not in ("URL", "file name"):
            notes.append(read.note)
    if not readable:
        return PublicationDate(notes=tuple(dict.fromkeys(notes)))
    (first, value), *others = readable
    value = _in_its_own_zone(value, [(place.found_in, other) for place, other in others if place.found_in in LOCAL])
    doubt = 1 - _trust(first)
    for place, other in others:
        if abs((_day(other) - _day(value)).days) <= SAME:
            doubt *= 1 - _trust(place)
        elif place.found_in not in SILENT and place.trust is None:
            notes.append(f"published {_day(value)} by its {first.found_in}, {_day(other)} by its {place.found_in}")
            doubt = max(doubt, 1 - DOUBT * _trust(first))
    return PublicationDate(value, first.found_in, round(1 - doubt, 3), tuple(dict.fromkeys(notes)))


def _trust(dated: DatedField) -> float:
    return TRUST[dated.found_in] if dated.trust is None else dated.trust


def _in_its_own_zone(value: date | datetime, places: Sequence[tuple[PublishedFrom, date | datetime]]) -> date | datetime:
    """Of a time in UTC the day that it was at its publisher's, who knows the calendar: the day that its readers see, else the day
    that most other places give which are not in UTC themselves, as long as it was that day somewhere."""
    if not isinstance(value, datetime) or value.utcoffset() != timedelta(0):
        return value
    near = {value.date(), (value - WEST).date(), (value + EAST).date()}
    others = [other for _, other in places if not _is_utc(other)]
    seen = [other for place, other in places if place == "page" and not _is_utc(other)]
    said = Counter(_day(other) for other in seen or others if _day(other) in near)
    day, times = max(said.items(), key=lambda one: one[1], default=(value.date(), 0))
    if not times or said[value.date()] >= times:
        return value
    same = (other for other in others if isinstance(other, datetime) and other.tzinfo and other == value and _day(other) == day)
    return next(same, day)


def _is_utc(value: date | datetime) -> bool:
    return isinstance(value, datetime) and value.utcoffset() == timedelta(0)


def _list_places(record: Record, dateline: date | None, name: str) -> Iterator[DatedField]:
    """Every place that may say the date, the most trusted first."""
    yield DatedField(record.published, record.published_from)
    yield from (dated for dated in record.dates if dated.trust is None)
    yield DatedField(dateline, "dateline")
    yield DatedField(day_in_path(urlsplit(record.url).path if record.url else ""), "URL")
    yield DatedField(day_in_path(PurePath(name).name), "file name")
    yield from (dated for dated in record.dates if dated.trust is not None)


def day_in_path(path: str) -> date | None:
    """The whole day in the path of an address or the name of a file: `/2025/08/04/`, `/2025/aug/4/`, `2025-08-04`, `20250804`."""
    if found := _PATH_DAY.search(path):
        month = found[3].lower()
        return _calendar_day(found[1], str(_MONTHS.index(month) + 1) if month in _MONTHS else month, found[4])
    if found := _COMPACT_DAY.search(path):
        return _calendar_day(*found.groups())
    return None


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
