"""The places that give an article's day, weighed against each other: which day is the likeliest, and how sure it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log, prod

from ingest.load.record import DatedField
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


@dataclass(frozen=True, slots=True)
class Sign:
    """A place and the day that it gives."""

    place: DatedField
    value: date | datetime

    @property
    def day(self) -> date:
        return day_of(self.value)

    @property
    def weight(self) -> float:
        """How much it counts against others, in natural logarithms of odds."""
        return SHOWN if self.place.found_in == "page" and self.speaks else -log(1 - _trust(self.place))

    @property
    def speaks(self) -> bool:
        """Whether it says something against another sign."""
        return self.place.found_in not in SILENT and _trust(self.place) >= LEAST

    def agrees(self, other: Sign) -> bool:
        return abs((self.day - other.day).days) <= SAME


def split_changes(signs: Sequence[Sign], modified: date | datetime | None) -> tuple[list[Sign], list[Sign]]:
    """The signs without the days that are shown by themselves and are those of the last change, where another place gives another
    day; and of these the ones that stand where readers look for the day of publication, which is told nowhere else."""
    if modified is None or not signs:
        return [*signs], []
    weak = [sign for sign in signs if sign.place.trust is not None and sign.day == day_of(modified)]
    changed = [sign for sign in weak if not sign.agrees(signs[0])]
    rest = [sign for sign in signs if sign not in changed]
    shown = any(sign.place.found_in == "page" and sign.agrees(signs[0]) for sign in rest)
    return rest, [] if shown else [sign for sign in changed if sign.speaks]


def choose_day(signs: Sequence[Sign]) -> tuple[list[Sign], list[Sign]]:
    """The signs of the likeliest day, the most trusted one in front, and those against it. Most likely is that of the most
    trusted sign, unless others of more weight agree on another."""
    speaking = [sign for sign in signs if sign.speaks]
    chosen = signs[0]
    for sign in speaking:
        if not sign.agrees(chosen) and _weigh(sign, speaking) > _weigh(chosen, speaking):
            chosen = sign
    agreeing = [sign for sign in signs if sign is chosen or sign.agrees(chosen)]
    if not isinstance(chosen.value, datetime) or chosen.value.tzinfo is None:  # one may be the day of the printed edition
        chosen = max(agreeing, key=lambda one: _weigh(one, [each for each in agreeing if each.speaks and each.day == one.day]))
    agreeing.sort(key=lambda one: one is not chosen)
    return agreeing, [sign for sign in speaking if not sign.agrees(chosen)]


def _weigh(sign: Sign, signs: Sequence[Sign]) -> float:
    """The weight of all that agree with a sign, each kind of place once: a page often writes one date in many tags."""
    kinds: dict[str, float] = {sign.place.found_in: sign.weight}
    for other in signs:
        if other.agrees(sign):
            kinds[other.place.found_in] = max(other.weight, kinds.get(other.place.found_in, 0.0))
    return sum(kinds.values())


def combine(signs: Sequence[Sign]) -> float:
    """How sure a day is that all of them give, each kind of place counted once."""
    doubts: dict[str, float] = {}
    for sign in signs:
        doubts[sign.place.found_in] = min(1 - _trust(sign.place), doubts.get(sign.place.found_in, 1.0))
    return 1 - prod(doubts.values())


def in_its_own_zone(value: date | datetime, places: Sequence[tuple[PublishedFrom, date | datetime]]) -> date | datetime:
    """Of a time in UTC the day that it was at its publisher's, who knows the calendar: the day that its readers see, and
    that most other places give which are not in UTC themselves, as long as it was that day somewhere."""
    if not isinstance(value, datetime) or value.utcoffset() != timedelta(0):
        return value
    near = {value.date(), (value - WEST).date(), (value + EAST).date()}
    others = [other for _, other in places if not _is_utc(other)]
    said: defaultdict[date, float] = defaultdict(float)
    told = ((place, day_of(other)) for place, other in places if not _is_utc(other))
    for place, local in dict.fromkeys(told):  # each kind of place once
        if local in near:
            said[local] += SEEN if place == "page" else 1
    day, times = max(said.items(), key=lambda one: one[1], default=(value.date(), 0.0))
    if not times or said[value.date()] >= times:
        return value
    same = (other for other in others if isinstance(other, datetime) and other.tzinfo and other == value and day_of(other) == day)
    return next(same, day)


def _is_utc(value: date | datetime) -> bool:
    return isinstance(value, datetime) and value.utcoffset() == timedelta(0)


def _trust(dated: DatedField) -> float:
    return TRUST[dated.found_in] if dated.trust is None else dated.trust


def day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
