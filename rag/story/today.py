"""What day it is for the archive: the day of asking where the archive lives, else that of its newest article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.days import long_day
from rag.types import Scope

LIVES = timedelta(days=31)
"""How old the newest article of an archive that lives is at most."""
_YEAR = re.compile(r"\d{4}")


def today_of(newest: date | None, asked: date) -> date:
    """The day from which "last month" and bare dates are told."""
    return newest if newest and asked - newest > LIVES else asked


def as_of_notice(scopes: Sequence[Scope], today: date, asked: date) -> str | None:
    """What to say where a time was told from another day than that of asking."""
    relative = any(scope.filters.dated and not all(_YEAR.search(words) for words in _list_times(scope)) for scope in scopes)
    return f"Times are told as of {long_day(today)}, the day of the newest article." if relative and today != asked else None


def _list_times(scope: Scope) -> list[str]:
    named = {name.casefold() for name in scope.filters.outlets}
    return [words for words in scope.words if words.casefold() not in named]
