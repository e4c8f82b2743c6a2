"""When an article was published: of all the places that say so the most trusted one, and how far it can be trusted.

What has been modified or seen is never taken for what was published, and nothing that the text or the run itself would have to
date is filled in: an article that nothing dates has no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from urllib.parse import urlsplit

from ingest.dates import read_date
from ingest.load.record import DatedField, Record
from ingest.signs import DOUBT, LOCAL, Sign, choose_day, combine, day_of, in_its_own_zone, split_changes
from rag.types import PublishedFrom

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH = rf"(?:0?[1-9]|1[0-2]|{'|'.join(_MONTHS)})"
_PATH_DAY_FIRST = re.compile(rf"(?:^|[/_.-])([0-3]?\d)([_.-])({_MONTH})\2((?:19|20)\d\d)(?=$|[/_. -])", re.IGNORECASE)
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
    signs, notes = _read_signs(_list_places(record, dateline, name), now)
    signs, of_change = split_changes(signs, read_date(record.modified, now).value)
    if not signs:
        return PublicationDate(notes=tuple(dict.fromkeys(notes)))
    agreeing, against = choose_day(signs)
    first, *others = agreeing
    near = [(sign.place.found_in, sign.value) for sign in (*others, *against) if sign.speaks and sign.place.found_in in LOCAL]
    value = in_its_own_zone(first.value, near)
    notes += [
        f"published {day_of(value)} by its {first.place.found_in}, {sign.day} by its {sign.place.found_in}"
        for sign in against
        if sign.place.trust is None
    ]
    sure = combine(agreeing) * (DOUBT if against or of_change else 1)
    return PublicationDate(value, first.place.found_in, round(sure, 3), tuple(dict.fromkeys(notes)))


def _read_signs(places: Iterable[DatedField], now: datetime) -> tuple[list[Sign], list[str]]:
    """The places whose date can be read, and what to tell of the others."""
    signs: list[Sign] = []
    notes: list[str] = []
    for written in places:
        read = read_date(written.value, now)
        if read.value is not None:
            signs.append(Sign(written, read.value))
        elif read.note and written.found_in not in ("URL", "file name"):
            notes.append(read.note)
    return signs, notes


def _list_places(record: Record, dateline: date | None, name: str) -> Iterator[DatedField]:
    """Every place that may say the date, the most trusted first."""
    yield DatedField(record.published, record.published_from)
    yield from (dated for dated in record.dates if dated.trust is None)
    yield DatedField(dateline, "dateline")
    yield DatedField(day_in_path(urlsplit(record.url).path if record.url else ""), "URL")
    yield DatedField(day_in_path(PurePath(name).name), "file name")
    yield from (dated for dated in record.dates if dated.trust is not None)


def day_in_path(path: str) -> date | None:
    """The whole day in the path of an address or the name of a file: `/2025/08/04/`, `/2025/aug/4/`, `2025-08-04`, `20250804`,
    and `24-08-2025`, which can be read in one way only."""
    if found := _PATH_DAY.search(path):
        return _calendar_day(found[1], _number(found[3]), found[4])
    if found := _COMPACT_DAY.search(path):
        return _calendar_day(*found.groups())
    if (found := _PATH_DAY_FIRST.search(path)) and (int(found[1]) > 12 or found[3].isalpha()):
        return _calendar_day(found[4], _number(found[3]), found[1])
    return None


def _number(month: str) -> str:
    return str(_MONTHS.index(month.lower()) + 1) if month.lower() in _MONTHS else month


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
