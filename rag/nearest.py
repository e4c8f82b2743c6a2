"""Names that are not known, refused with the known one that is nearest: a misspelt filter must never be left out in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from rag.errors import UsageError

LIKE = 0.6
"""The share of characters in common (Ratcliff and Obershelp) from which a known name is suggested."""
SHOWN_CHARACTERS = 60


def suggestion(name: str, known: Collection[str]) -> str:
    """ "; did you mean …?" with the known name nearest to `name`; "" where none is near."""
    near = get_close_matches(name.casefold(), [each.casefold() for each in known], n=1, cutoff=LIKE)
    return next((f"; did you mean {each!r}?" for each in known if near and each.casefold() == near[0]), "")


def refuse_unknown(names: Iterable[object], known: Collection[str], kind: str, place: str = "") -> None:
    """Raises UsageError for the first of `names` that is not `known`. `kind` says what they are, `place` where they stand."""
    for name in names:
        if name in known:
            continue
        near = get_close_matches(str(name), sorted(known), n=1, cutoff=LIKE)
        shown = str(name)[:SHOWN_CHARACTERS]
        hint = f": did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"
        raise UsageError(f"{place}unknown {kind} {shown!r}{hint}")
