"""Running heads and feet: lines that stand at the edge of page after page, their numbers aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

EDGE = 3
"""Lines at the top and at the bottom of a page that are looked at."""
LEAST_SHARE = 0.3
"""The share of the pages on which a running head stands, and it stands on two at the least."""
MOST_PAGES = 0.6
"""The share of the pages on which a number that counts them stands."""
MAX_LINE = 120

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-–—\s|]*(?:(?:page|p\.|seite)\s*)?\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?[-–—\s|]*", re.IGNORECASE)


def without_heads(pages: Sequence[str]) -> list[str]:
    """The pages without their running heads, feet and numbers; of a single page nothing is taken."""
    lines = _without_numbers([[line.strip() for line in page.splitlines() if line.strip()] for page in pages])
    counted = Counter(form for page in lines for form in {_form(page, i) for i in _edges(page)})
    least = max(2, LEAST_SHARE * sum(map(bool, lines)))
    running = {form for form, count in counted.items() if count >= least}
    return ["\n".join(_inner(page, running)) for page in lines]


def _without_numbers(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without the numbers at their edges that count them, wherever on the edge they stand."""
    numbers = [{int(page[i]) - at for i in _edges(page) if _is_number(page[i])} for at, page in enumerate(pages)]
    offsets = Counter(offset for found in numbers for offset in found)
    counting = {offset for offset, count in offsets.items() if count >= max(2, MOST_PAGES * sum(map(bool, pages)))}
    return [
        [line for i, line in enumerate(page) if not (i in _edges(page) and _is_number(line) and int(line) - at in counting)]
        for at, page in enumerate(pages)
    ]


def _is_number(line: str) -> bool:
    return line.isascii() and line.isdigit() and len(line) <= 4


def _edges(page: Sequence[str]) -> set[int]:
    return {i for i in range(len(page)) if i < EDGE or i >= len(page) - EDGE}


def _form(page: Sequence[str], i: int) -> tuple[str, int]:
    """The line without its digits; a mere number is the same one only in the same place."""
    form = _NUMBER.sub("0", " ".join(page[i].casefold().split()))
    return form, 0 if any(map(str.isalpha, form)) else i + 1 if i < EDGE else i - len(page)


def _inner(page: Sequence[str], running: set[tuple[str, int]]) -> Sequence[str]:
    """The page from its first to its last line that is no running one."""
    start, end = 0, len(page)
    while start < min(EDGE, end) and _is_running(page, start, running):
        start += 1
    while end > max(start, len(page) - EDGE) and _is_running(page, end - 1, running):
        end -= 1
    return page[start:end]


def _is_running(page: Sequence[str], i: int, running: set[tuple[str, int]]) -> bool:
    form = _form(page, i)
    number = form[1] == 0 or _PAGE_NUMBER.fullmatch(page[i]) is not None
    return form in running and len(page[i]) <= MAX_LINE and number
