"""When an article was published: of all the places that say so the most trusted one, and how far it can be trusted.

What has been modified or seen is never taken for what was published, and nothing that the text or the run itself would have to
date is filled in: an article that nothing dates has no date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log, prod
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
DOUBT = 0.49
"""What remains of the trust in a date that another place contradicts by more than SAME days: one of the two is wrong."""
SHOWN = 3.0
"""The weight of a day that the page shows its readers above the text, in natural logarithms of odds: more than that of a tag
that nobody sees, less than that of two which agree. Chosen on the pages of `eval.pages --dates`."""
LEAST = 0.4
"""A sign with less trust says nothing against another."""
SAME = 1
"""Days by which two places may differ and mean the same: zones, and the paper of the next morning."""

SILENT = ("dateline", "file name")
"""Places that may agree and say nothing against another: the day of an event, and the day on which a file was saved."""
LOCAL = ("URL", "page", "meta")
"""Places that tell a publisher's own day, where they do not count in UTC."""
SEEN = 1.5
"""How much more than that of another place the day counts that readers see."""
WEST, EAST = timedelta(hours=12), timedelta(hours=14)
"""How far from UTC the clocks of publishers go."""

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
    signs = _without_changes(signs, read_date(record.modified, now).value)
    if not signs:
        return PublicationDate(notes=tuple(dict.fromkeys(notes)))
    agreeing, against = _choose_day(signs)
    first, *others = agreeing
    near = [(sign.place.found_in, sign.value) for sign in (*others, *against) if sign.speaks and sign.place.found_in in LOCAL]
    value = _in_its_own_zone(first.value, near)
    notes += [
        f"published {_day(value)} by its {first.place.found_in}, {sign.day} by its {sign.place.found_in}"
        for sign in against
        if sign.place.trust is None
    ]
    sure = _combine(agreeing) * (DOUBT if against else 1)
    return PublicationDate(value, first.place.found_in, round(sure, 3), tuple(dict.fromkeys(notes)))


@dataclass(frozen=True, slots=True)
class _Sign:
    """A place and the day that it gives."""

    place: DatedField
    value: date | datetime

    @property
    def day(self) -> date:
        return _day(self.value)

    @property
    def weight(self) -> float:
        """How much it counts against others, in natural logarithms of odds."""
        return SHOWN if self.place.found_in == "page" and self.speaks else -log(1 - _trust(self.place))

    @property
    def speaks(self) -> bool:
        """Whether it says something against another sign."""
        return self.place.found_in not in SILENT and _trust(self.place) >= LEAST

    def agrees(self, other: _Sign) -> bool:
        return abs((self.day - other.day).days) <= SAME


def _read_signs(places: Iterable[DatedField], now: datetime) -> tuple[list[_Sign], list[str]]:
    """The places whose date can be read, and what to tell of the others."""
    signs: list[_Sign] = []
    notes: list[str] = []
    for written in places:
        read = read_date(written.value, now)
        if read.value is not None:
            signs.append(_Sign(written, read.value))
        elif read.note and written.found_in not in ("URL", "file name"):
            notes.append(read.note)
    return signs, notes


def _without_changes(signs: Sequence[_Sign], modified: date | datetime | None) -> list[_Sign]:
    """Without the days that are shown by themselves and are those of the last change, where another place gives another day."""
    if modified is None or not signs:
        return [*signs]
    weak = [sign for sign in signs if sign.place.trust is not None and sign.day == _day(modified)]
    changed = [sign for sign in weak if not sign.agrees(signs[0])]
    return [sign for sign in signs if sign not in changed]


def _choose_day(signs: Sequence[_Sign]) -> tuple[list[_Sign], list[_Sign]]:
    """The signs of the likeliest day, the most trusted one in front, and those against it. Most likely is that of the most
    trusted sign, unless others of more weight agree on another."""
    speaking = [sign for sign in signs if sign.speaks]
    chosen = signs[0]
    for sign in speaking:
        if not sign.agrees(chosen) and _weigh(sign, speaking) > _weigh(chosen, speaking):
            chosen = sign
    agreeing = [sign for sign in signs if sign is chosen or sign.agrees(chosen)]
    if not (
        isinstance(chosen.value, datetime) and chosen.value.tzinfo
    ):  # one day apart: the edition of the next morning, or a clock elsewhere
        chosen = max(agreeing, key=lambda one: _weigh(one, [each for each in agreeing if each.speaks and each.day == one.day]))
    agreeing.sort(key=lambda one: one is not chosen)
    return agreeing, [sign for sign in speaking if not sign.agrees(chosen)]


def _weigh(sign: _Sign, signs: Sequence[_Sign]) -> float:
    """The weight of all that agree with a sign, each kind of place once: a page often writes one date in many tags."""
    kinds: dict[str, float] = {sign.place.found_in: sign.weight}
    for other in signs:
        if other.agrees(sign):
            kinds[other.place.found_in] = max(other.weight, kinds.get(other.place.found_in, 0.0))
    return sum(kinds.values())


def _combine(signs: Sequence[_Sign]) -> float:
    """How sure a day is that all of them give, each kind of place counted once."""
    doubts: dict[str, float] = {}
    for sign in signs:
        doubts[sign.place.found_in] = min(1 - _trust(sign.place), doubts.get(sign.place.found_in, 1.0))
    return 1 - prod(doubts.values())


def _trust(dated: DatedField) -> float:
    return TRUST[dated.found_in] if dated.trust is None else dated.trust


def _in_its_own_zone(value: date | datetime, places: Sequence[tuple[PublishedFrom, date | datetime]]) -> date | datetime:
    """Of a time in UTC the day that it was at its publisher's, who knows the calendar: the day that its readers see, and
    that most other places give which are not in UTC themselves, as long as it was that day somewhere."""
    if not isinstance(value, datetime) or value.utcoffset() != timedelta(0):
        return value
    near = {value.date(), (value - WEST).date(), (value + EAST).date()}
    others = [other for _, other in places if not _is_utc(other)]
    said: defaultdict[date, float] = defaultdict(float)
    for place, local in {(place, _day(other)) for place, other in places if not _is_utc(other)}:  # each kind of place once
        if local in near:
            said[local] += SEEN if place == "page" else 1
    day, times = max(said.items(), key=lambda one: one[1], default=(value.date(), 0.0))
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


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
