"""Whether characters stand where a text of a Western language has them: what was read in a wrong encoding does not."""

from __future__ import annotations

import re
import unicodedata

FOREIGN = 0.5
"""Of the letters of a Western text fewer are beyond ASCII."""

_LOANS = "éèêëáàçñöäü"
_WESTERN = tuple(
    map(
        frozenset,
        (
            f"îïôœùûÿâæ{_LOANS}", f"ß{_LOANS}", f"íóúïòº{_LOANS}", "áâãàçéêíóôõúüèº", f"ìíîòóù{_LOANS}", f"íóïâ{_LOANS}",
            f"æøåôòó{_LOANS}", f"åšž{_LOANS}", "áéíóúýþðæö", f"íóúìòù{_LOANS}", f"îôûíó{_LOANS}", "äõöüšž",
        ),
    )
)  # fmt: skip
"""The letters beyond ASCII of the languages that windows-1252 is for, with those of the names and loan words in their papers."""
_CENTRAL = tuple(
    map(frozenset, ("áčďéěíňóřšťúůýžöäü", "áäčďéíĺľňóôŕšťúýžöü", "ąćęłńóśźżöü", "áéíóöőúüűä", "ăâîşţșțéá", "čćđšžöü"))
)
_OF = {
    "cp1252": _WESTERN,
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1254": (frozenset("çğıöşüâîûi"),),
}
"""The letters of the languages that an encoding is for."""
COVERED = 0.85
"""Of the letters beyond ASCII of a text, those that one language has."""
DENSE = 0.015
"""The share of letters beyond ASCII in a text that is in another language than English; in English they are those of names."""

ENGLISH = 0.08
"""The share of the commonest words in an English text."""

_ENGLISH = re.compile(r"\b(?:the|and|of|said|was|with|that|his|from)\b", re.IGNORECASE)
_BEYOND = re.compile(r"[^\x00-\x7f]")
_ANYWHERE = frozenset("’‘“”–—…•·\xa0\xad«»‹›©®™°§¶†‡€")
_BETWEEN = frozenset("’‘–—·\xad\xa0…•")
"""Signs that may stand between two letters."""
_NOWHERE = frozenset("¤¦¨¬¯¸ˆ˜´")
_NO_WRITING = frozenset(("Cc", "Cn", "Co", "So", "Sm", "Sk"))
_NO_LETTERS = frozenset(("So", "Sm", "Sk", "Sc", "No"))
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


def has_few_letters_beyond(text: str) -> bool:
    """Whether the letters beyond ASCII are so few that they may be those of names, or the words are English, where they are."""
    if len(_ENGLISH.findall(text)) >= ENGLISH * len(text.split()):
        return True
    return len(_letters_beyond(text)) < DENSE * sum(map(str.isalpha, text))


def cover(encoding: str, text: str) -> float:
    """Of the letters beyond ASCII of a text, the share that one language of the encoding has, the one that has most."""
    letters = _letters_beyond(text)
    return max(sum(letter in own for letter in letters) for own in _OF[encoding]) / len(letters) if letters else 1.0


def _letters_beyond(text: str) -> list[str]:
    """The letters beyond ASCII, and the signs that stand in words as letters do."""
    places = (found.start() for found in _BEYOND.finditer(text))
    return [text[at].lower() for at in places if text[at].isalpha() or _stands_for_letter(text, at)]


def _stands_for_letter(text: str, at: int) -> bool:
    before, after = text[at - 1 : at].islower(), text[at + 1 : at + 2].islower()
    if text[at] in "–‘•‡":
        return before and after
    return (before or after) and (text[at] in "¶¿¡§µ" or unicodedata.category(text[at]) in _NO_LETTERS)


def _is_misplaced(text: str, place: int) -> bool:
    sign, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if sign in _NOWHERE or (unicodedata.category(sign) in _NO_WRITING and sign not in _SIGNS):
        return True
    if sign.isalpha() and sign not in "ªº":
        return (before.islower() and sign.isupper()) or (sign.islower() and after.isupper() and not before.isalpha())
    inside = before.isalpha() and after.isalpha()
    return (inside and sign not in _BETWEEN) or (sign not in _ANYWHERE and sign in "¿¡" and before.isalpha())
