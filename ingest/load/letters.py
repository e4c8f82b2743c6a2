"""Whether characters stand where a text of a Western language has them: what was read in a wrong encoding does not."""

from __future__ import annotations

import re
import unicodedata

FOREIGN = 0.5
"""Of the letters of a Western text fewer are beyond ASCII."""

_BEYOND = re.compile(r"[^\x00-\x7f]")
_ANYWHERE = frozenset("’‘“”–—…•·\xa0\xad«»‹›©®™°§¶†‡€")
_BETWEEN = frozenset("’‘–—·\xad\xa0…•")
"""Signs that may stand between two letters."""
_NOWHERE = frozenset("¤¦¨¬¯¸ˆ˜´")
_NO_WRITING = frozenset(("Cc", "Cn", "Co", "So", "Sm", "Sk"))
_SIGNS = frozenset("©®™°±×÷")


def measure_misplaced(text: str) -> float:
    """The share of characters beyond ASCII that stand where no Western text has them; 1 where most letters are beyond ASCII."""
    places = [found.start() for found in _BEYOND.finditer(text)]
    if not places:
        return 0.0
    letters = sum(map(str.isalpha, text))
    if sum(text[place].isalpha() for place in places) > FOREIGN * letters > 0:
        return 1.0
    return sum(_is_misplaced(text, place) for place in places) / len(places)


def _is_misplaced(text: str, place: int) -> bool:
    sign, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if sign in _NOWHERE or (unicodedata.category(sign) in _NO_WRITING and sign not in _SIGNS):
        return True
    if sign.isalpha() and sign not in "ªº":
        return (before.islower() and sign.isupper()) or (sign.islower() and after.isupper() and not before.isalpha())
    inside = before.isalpha() and after.isalpha()
    return (inside and sign not in _BETWEEN) or (sign not in _ANYWHERE and sign in "¿¡" and before.isalpha())
