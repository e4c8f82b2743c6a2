"""Months and days to come are not told as past, and where the sentence does not tell, neither is."""

from __future__ import annotations

from datetime import date

import pytest

from rag.when import in_words, mentions


def told(text: str, day: str) -> list[str]:
    return [in_words(one.first, one.before) for one in mentions(text, date.fromisoformat(day))]


@pytest.mark.parametrize(
    ("text", "day", "times"),
    [
        ("The fare rises to 30 crowns from June, the council said.", "2025-02-20", ["June 2025"]),
        ("From June, riders pay more on the river line.", "2025-02-20", ["June 2025"]),
        ("The house of clocks reopens in April, its head said.", "2025-02-20", ["April 2025"]),
        ("The line wants to close its depot this autumn.", "2025-02-20", ["September – November 2025"]),
        ("Entries close Friday, the port said.", "2025-02-20", ["21 February 2025"]),
        ("The act takes effect on 1 January next year.", "2025-02-20", ["1 January 2026"]),
        ("The repairs will be done by the end of April.", "2024-03-12", ["April 2024"]),
        ("The new mayor takes office in January.", "2024-11-20", ["January 2025"]),
        ("The mayor took office in January.", "2024-11-20", ["January 2024"]),
        ("Rain has fallen since Sunday.", "2025-02-20", ["16 February 2025"]),
        ("The firm has until May to answer.", "2025-02-20", ["May 2025"]),
        ("The board approved a budget in November.", "2025-02-20", []),
        ("A walk in June", "2025-02-20", []),
        ("Elections are held in November.", "2025-02-20", []),
        ("The pier burst in October.", "2025-02-20", ["October 2024"]),
    ],
)
def test_times_to_come_and_gone(text: str, day: str, times: list[str]) -> None:
    assert told(text, day) == times
