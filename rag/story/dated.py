"""The values that a story gives for what is asked, each with its day, newest first, and only those that count the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.story.gather import Story
from rag.story.quantity import Quantity
from rag.story.relation import AT_LEAST, FINAL, OVER, Counted, find_credit
from rag.story.scope import same_scope, scope_of
from rag.story.statements import Statement
from rag.story.subject import is_about, is_of_subject, subject_of
from rag.story.values import Value, nouns_after, values
from rag.types import Quote

APART = (12.0, 40.0)
"""How many times as large as another a value is at most that counts the same; the second over time."""
SUPPORT, SUPPORTING = 0.12, 6
"""What each value that counts the same adds to how surely a value is what is asked for, and how many of them do."""
COUNTED = 0.3
"""What a value gains behind which stands what is counted."""
LOOSE = timedelta(days=10)
"""How far from the days that a question names a value may lie."""
OLD = timedelta(days=300)
"""How long before the report a day lies that is of another time than what is asked."""
COUNTING = timedelta(days=60)
"""How long the victims of a day are counted."""
GROWING = frozenset(("dead", "injured", "missing", "arrested", "charged", "displaced", "destroyed", "powerless", "area"))
"""Classes of what is counted after it happened."""
_AT_FIRST = re.compile(
    r"\b(?:initial(?:ly)?|at first|first (?:said|reported|put|given|thought)|earlier|originally|previously|had (?:stood|been))\b",
    re.I,
)
MORE_THAN = 1.1
"""How much larger a value is at most that another, rounded down, stands for."""
BESIDE = 50
"""Characters between a sum and the day that it is of."""
_DATE = re.compile(
    r"\b(?:as of|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d"
    r"|\d (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec))"
)
_IN_MONTH = re.compile(r"[\w ,]{0,25}?\b(?:in|during|since|last) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\b(?! \d)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with its day: the one that it describes, else that of its report."""

    value: Value
    day: date
    about: float

    @property
    def statement(self) -> Statement:
        return self.value.statement

    @property
    def counted(self) -> Counted:
        text = self.statement.text
        return Counted(self.value.number, scope_of(self.value.number, text), text)

    @property
    def label(self) -> str | None:
        return find_credit(self.counted)

    @property
    def order(self) -> tuple[date, int, date, int]:
        text, said = self.statement.text, self.statement
        return self.day, int(bool(FINAL.search(text))), said.reported or self.day, int(bool(OVER.search(text)))


def find_dated(story: Story, wanted: Quantity, over_time: bool = False) -> list[Dated]:
    """The values that statements of the story give, one a value, newest first; `over_time` where they may differ widely."""
    subject = subject_of(story, wanted)
    about = [one for one in story.found if one.statement.numbers and is_about(one, subject)]
    found = []
    for value in values([one.statement for one in about], wanted):
        said = value.statement
        day = _day_of(value, wanted)
        if (
            day is None
            or (not over_time and _is_of_another_month(value))
            or (said.reported and said.reported - day > OLD and not over_time and not wanted.years)
        ):
            continue
        if is_of_subject(value, subject, wanted, story.topic.text.casefold()):
            told = story.topic.cover(said.terms) + 0.5 * story.topic.cover(said.around)
            told += COUNTED * bool(nouns_after(said.text[value.number.end :]) & wanted.nouns)
            found.append(Dated(value, min(day, said.reported or day), told))
    found = _of_one_measure(found)
    found = _as_reported(found) if wanted.acts & GROWING else found
    newest = _comparable(sorted(found, key=lambda one: one.order, reverse=True), APART[over_time])
    if newest and not over_time:
        newest = [one for one in newest if newest[0].day - one.day <= OLD]
    return _one_a_value(newest)


def within(found: Sequence[Dated], since: date | None, before: date | None) -> list[Dated]:
    """Those of about these days; all where fewer than two are."""
    newest = max((one.day for one in found), default=None)
    if since and newest and since > newest:  # "mid-June" of a question that is asked in May
        since = None
    kept = [one for one in found if (since is None or one.day >= since - LOOSE) and (before is None or one.day < before + LOOSE)]
    return kept if len(kept) > 1 else list(found)


def _day_of(value: Value, wanted: Quantity) -> date | None:
    """The day that stands nearest to the value in its sentence, else that of the report.

    For a sum of money or a percentage, which is told of as it stands, only a date or "as of" beside it.
    """
    said, number = value.statement, value.number
    if said.days and (not wanted.unit or _DATE.search(said.text[max(0, number.start - BESIDE) : number.end + BESIDE])):
        return min(said.days, key=lambda day: abs(day[0] - number.start))[1]
    return said.reported


def _of_one_measure(found: Sequence[Dated]) -> list[Dated]:
    """The values without those for another measure than most are for: a barrel among gallons."""
    each = Counter(one.counted.scope.each for one in found if one.counted.scope.each)
    usual = next((measure for measure, _ in each.most_common(1)), None)
    return [one for one in found if one.counted.scope.each in (None, usual)]


def _as_reported(found: Sequence[Dated]) -> list[Dated]:
    """The values with the day of their report in place of that of what happened, which is the first that any of them names.

    How many died on a day is counted anew by every report of that day.
    """
    first = min((one.day for one in found), default=date.min)
    return [replace(one, day=_count_day(one, first)) for one in found]


def _count_day(one: Dated, first: date) -> date:
    reported, text = one.statement.reported, one.statement.text
    if one.day != first or reported is None or reported - first > COUNTING or _AT_FIRST.search(text):
        return one.day
    return reported


def _is_of_another_month(value: Value) -> bool:
    """Whether a month before that of the report stands right behind the value: "above $5 in June"."""
    reported, after = value.statement.reported, value.statement.text[value.number.end :]
    found = _IN_MONTH.match(after)
    return found is not None and reported is not None and found[1][:3].title() != f"{reported:%b}"


def _comparable(found: Sequence[Dated], ratio: float) -> list[Dated]:
    """Those that count the same as the value which has most of the question and most others beside it."""
    if not found:
        return []
    beside = [[other for other in found if _counts_the_same(one, other, ratio)] for one in found]
    most = max(range(len(found)), key=lambda at: found[at].about + SUPPORT * min(SUPPORTING, len(beside[at])))
    return beside[most]


def _counts_the_same(one: Dated, other: Dated, ratio: float) -> bool:
    """Whether two values have one unit and scope, and neither is much larger than the other."""
    mine, theirs = one.value.number, other.value.number
    if mine.unit != theirs.unit or not mine.value or not 1 / ratio <= theirs.value / mine.value <= ratio:
        return False
    return same_scope(one.counted.scope, other.counted.scope, mine.unit, by_name=False)


def _one_a_value(found: Sequence[Dated]) -> list[Dated]:
    """Of statements that give one value the newest; the quotes of the others go with it."""
    kept: list[Dated] = []
    for one in found:
        alike = next((at for at, other in enumerate(kept) if _stand_for_each_other(one, other)), None)
        if alike is None:
            kept.append(one)
        else:
            held, one = sorted((kept[alike], one), key=lambda each: each.value.number.step)
            said = replace(held.statement, also=_with(held.statement.also, one.statement.quote, held.statement.quote))
            kept[alike] = replace(held, value=replace(held.value, statement=said))
    return kept


def _stand_for_each_other(one: Dated, other: Dated) -> bool:
    """Whether two values are one: equal, or of one day and the coarser said as what the other is more than: "over 300" of 306."""
    mine, theirs = one.value.number, other.value.number
    if mine.value == theirs.value:
        return True
    coarse, fine = (one, other) if mine.value < theirs.value else (other, one)
    at_least = AT_LEAST.search(coarse.statement.text[max(0, coarse.value.number.start - 20) : coarse.value.number.start])
    near = fine.value.number.value <= MORE_THAN * coarse.value.number.value
    return bool(at_least) and near and one.day == other.day and coarse.value.number.step > fine.value.number.step


def _with(also: Sequence[Quote], quote: Quote, first: Quote) -> tuple[Quote, ...]:
    known = {each.source.outlet or each.source.id for each in (*also, first)}
    return (*also, quote) if (quote.source.outlet or quote.source.id) not in known else tuple(also)
