"""Numbers as values: "$4.7 million", "thirty thousand" and "6.4 percent", and whether one stands for another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
)
UNITS = {word: number for number, word in enumerate(_UNITS.split(), 1)}
TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
ORDINALS = {word: number for number, word in enumerate(_ORDINALS.split(), 1)}
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
    "dozen": 12,
}  # fmt: skip
CURRENCIES = {
    "$": "$", "dollar": "$", "€": "€", "euro": "€", "£": "£", "pound": "£", "¥": "¥", "yen": "¥", "₹": "₹", "rupee": "₹",
}  # fmt: skip
ROUGHLY = 0.1
"""How far a number said with "about" may be from the one it stands for, as a share of it."""

_WORD = rf"(?:{'|'.join((*UNITS, *TENS))})"
_SCALE = r"hundred|thousand|million|billion|trillion|dozen"
_NUMBER = regex.compile(
    rf"""
    (?<![\w.,])(?P<sign>[$€£¥₹])?\s?
    (?: (?P<digits>\d{{1,3}}(?:(?:,\d{{3}})+|(?:[\ \u00a0\u202f]\d{{3}})+(?!\d))(?:\.\d+)?|\d+(?:\.\d+)?)
        (?P<ordinal>st|nd|rd|th)?(?:[\s-]?(?P<scale>{_SCALE}|bn|mn|m|k)\b)?
      | (?P<words>\b(?:an?(?=\s(?:{_SCALE})\b)|{_WORD}\b)(?:(?:[\s-]|\sand\s)(?:{_WORD}|{_SCALE})\b)*)
      | \b(?P<place>{"|".join(ORDINALS)})\b
    )
    (?![\s-](?:thirds?|quarters?|fifths?|tenths?|fold|times)\b)
    (?:[\s-]?(?:(?P<percent>%|percent\b|per\scent\b|percentage)|(?P<money>dollar|euro|pound|yen|rupee)s?\b))?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_SPACE = regex.compile(r"\s")
_HEDGE = regex.compile(
    r"\b(?:about|around|roughly|approximately|some|nearly|almost|close to|an estimated|estimated|more than|over|at least|"
    r"up to|as many as|under|below|less than|fewer than|just (?:over|under)|well over)\s*$",
    regex.IGNORECASE,
)
GROUPED = regex.compile(r"(?<=(?<![\d,.])\d{1,3}(?:[ \u00a0\u202f]\d{3})*)[ \u00a0\u202f](?=\d{3}(?!\d))")
"""The spaces inside one number: "1 250 000"."""
OF_WHOLE = regex.compile(r"\s+of\s+(?:the|its|their|his|her|our)?\s*(?:some\s|about\s)?\d[\d,.]*")
"""A whole of which a number is a part: "64 of its 310 branches"."""
FORMER = regex.compile(
    r"\b(?:(?:up|down|rising|falling) from|compared (?:with|to)|against|than the)\s(?:an?\s\w+\sof\s)?(?:about\s|some\s)?$"
)
"""What stands before a number that was so before: "1.4 billion, up from 1.1 billion in 2023"."""
_NOT_A_COUNT = regex.compile(r"\b(?:no|the|this|that|every|each|any|some|only)\s$", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]` says `value`, of `unit`: a currency, "%", "th" for a place in an order, or nothing.

    `step` is the place value of its last digit that counts, and `rough` whether it is said to be about that much.
    """

    value: float
    unit: str
    step: float
    rough: bool
    start: int
    end: int

    def stands_for(self, other: Number) -> bool:
        """Whether this one, in an answer, says what `other` says in its source: the same, or rounded to the digits it has."""
        if self.unit != other.unit and ((self.unit and other.unit) or "%" in (self.unit, other.unit)):
            return False
        apart = abs(self.value - other.value)
        if apart <= 1e-9 * max(1.0, abs(self.value)):
            return True
        rounded = self.step >= other.step and apart <= self.step / 2 and self.value >= 10 * self.step / 10
        if self.rough or other.rough:
            return apart <= ROUGHLY * abs(other.value)
        return rounded and self.step > 1 and apart <= 0.05 * abs(other.value)


def numbers(text: str, apart_from: Sequence[tuple[int, int]] = ()) -> list[Number]:
    """The numbers of `text` in order, apart from those inside the spans `apart_from`, which are times."""
    return [one for one in _numbers(text) if not any(start <= one.start < end for start, end in apart_from)]


def _numbers(text: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(text):
        if found["words"] and found["words"].lower() == "one" and not _counts(text, found):
            continue
        value, step = _value(found)
        unit = CURRENCIES.get(found["sign"] or (found["money"] or "").lower(), "")
        unit = "%" if found["percent"] else "th" if found["ordinal"] or found["place"] else unit
        yield Number(value, unit, step, _HEDGE.search(text[: found.start()]) is not None, *found.span())


def _counts(text: str, found: regex.Match[str]) -> bool:
    """Whether "one" is a number there, and not a pronoun or part of "no one"."""
    alone = _NOT_A_COUNT.search(text[: found.start()]) is None
    return alone and regex.match(r"[\s-](?!of\b|who\b|that\b|is\b)\p{L}", text[found.end() :]) is not None


def _value(found: regex.Match[str]) -> tuple[float, float]:
    """The value and the place value of its last digit that counts."""
    if found["place"]:
        return float(ORDINALS[found["place"].lower()]), 1.0
    if found["words"]:
        value = read_spelled(found["words"])
        return value, _last_place(value)
    written = _SPACE.sub("", found["digits"]).replace(",", "")
    scale = SCALES[found["scale"].lower()] if found["scale"] else 1.0
    whole, _, part = written.partition(".")
    step = 10.0 ** -len(part) if part else _last_place(float(whole))
    return float(written) * scale, step * scale


def _last_place(value: float) -> float:
    """1000 for 30,000 or 34,000: the place of the last digit that is not a nought; 1 for what has none such."""
    step = 1.0
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def read_spelled(words: str) -> float:
    """The value of a number in words: 250000 for "two hundred and fifty thousand"."""
    total = part = 0.0
    for word in regex.findall(r"[a-z]+", words.lower()):
        if word in UNITS or word in TENS:
            part += UNITS.get(word) or TENS[word]
        elif word in ("hundred", "dozen"):
            part = (part or 1) * SCALES[word]
        elif word in SCALES:
            total += (part or 1) * SCALES[word]
            part = 0
    return total + part
