"""Citation markers in what a language model wrote: taken out, and told apart by whether they name a passage that it was given."""

from __future__ import annotations

from dataclasses import dataclass

import regex

_MARKER = regex.compile(
    r"\s*(?:\[(?P<in>\s*(?:passages?|sources?|articles?|no\.?|#)?\s*\d[\d\s,;:&#–-]*)\]|【(?P<in>[^】]{0,40})】|"
    r"\((?P<in>(?:passages?|sources?|articles?)\s*#?\d[\d\s,;&–-]*)\)|\^(?P<in>\d{1,2})\b|\[\^(?P<in>\d{1,3})\])",
    regex.IGNORECASE,
)
_CUT_OFF = regex.compile(r"\s*[\[【]\s*(?:passages?|sources?|articles?)?\s*#?[\d\s,;]*$", regex.IGNORECASE)
_RANGE = regex.compile(r"(\d{1,4})\s*[–-]\s*(\d{1,4})|(\d+)")
MOST_OF_A_RANGE = 20


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text without its markers. `cited` are the numbers of the passages they name, each once; `invalid` counts other ones."""

    text: str
    cited: tuple[int, ...]
    invalid: int


def strip_markers(text: str, given: int) -> MarkedText:
    """`text` without its markers, which may name the passages 1 to `given`. A marker cut off at the end counts as invalid."""
    cited: dict[int, None] = {}
    invalid = 0
    for found in _MARKER.finditer(text):
        named = _parse_numbers(next((group for group in found.captures("in") if group), ""))
        valid = [number for number in named if 1 <= number <= given]
        invalid += len(named) - len(valid) or (0 if named else 1)
        cited.update(dict.fromkeys(valid))
    plain = _MARKER.sub("", text)
    whole = _CUT_OFF.sub("", plain)
    return MarkedText(_tidy(whole), tuple(cited), invalid + (whole != plain))


def _parse_numbers(inside: str) -> list[int]:
    numbers: list[int] = []
    for first, last, single in _RANGE.findall(inside):
        if single:
            numbers.append(int(single[:6]))
        else:
            low, high = int(first), int(last)
            numbers += range(low, high + 1) if low <= high < low + MOST_OF_A_RANGE else [low, high]
    return numbers


def _tidy(text: str) -> str:
    return str(regex.sub(r"\s+([.,;:!?])", r"\1", text)).strip()
