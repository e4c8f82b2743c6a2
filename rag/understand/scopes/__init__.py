"""Times and outlets that a question names in plain words: "last month", "on 2023-11-24", "according to the Gazette"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.types import Scope
from rag.understand.scopes.outlets import outlets_named
from rag.understand.scopes.reports import reports
from rag.understand.scopes.times import times_asked

__all__ = ["scopes_asked"]

MOST_WORDS = 80
"""That are looked at for times and outlets."""


def scopes_asked(question: str, today: date, outlets: Sequence[str], ignored: Sequence[str] = ()) -> tuple[Scope, ...]:
    """The reports that `question` points to, in order; none where it names neither a time nor one of the archive's `outlets`.

    `today` is the day from which "last month" is told. Words that are `ignored` are not taken for times or outlets. Of a very
    long question the last words alone are looked at.
    """
    question = _end_of(question)
    left_out = {_plain(words) for words in ignored}
    named = [one for one in outlets_named(question, tuple(outlets)) if _plain(question[one.start : one.end]) not in left_out]
    times = times_asked(question, today, [(name.start, name.end) for name in named])
    kept = [one for one in times if _plain(question[one.start : one.end]) not in left_out]
    return reports(question, named, [one for one in kept if not one.is_after(today)] if named else kept)


def _end_of(question: str) -> str:
    """The last MOST_WORDS words of a longer one: what is sought stands there, and the rules' work grows faster than the words."""
    words = question.split()
    return question if len(words) <= MOST_WORDS else " ".join(words[-MOST_WORDS:])


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
