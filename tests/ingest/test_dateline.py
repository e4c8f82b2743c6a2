from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dateline import read_head

DAY = date(2025, 8, 4)


@pytest.mark.parametrize(
    ("text", "place", "day", "agency"),
    [
        ("ISLAMABAD: Deputy Prime Minister", "ISLAMABAD", None, None),
        ("ISLAMABAD – Deputy Prime Minister", "ISLAMABAD", None, None),
        ("WASHINGTON—Federal agents", "WASHINGTON", None, None),
        ("WASHINGTON (AP) — The U.S.", "WASHINGTON", None, "AP"),
        ("ST. PAUL, Minn. (AP) — A court", "ST. PAUL", None, "AP"),
        ("WASHINGTON, D.C. — The court", "WASHINGTON", None, None),
        ("PORT-AU-PRINCE, Haiti (AP) — A court", "PORT-AU-PRINCE", None, "AP"),
        ("SÃO PAULO — A court", "SÃO PAULO", None, None),
        ("LONDON, Aug. 4 (Reuters) - Sterling", "LONDON", None, "Reuters"),
        ("KYIV, Ukraine, Feb. 24 (Reuters) - Russia", "KYIV", None, "Reuters"),
        ("NEW DELHI, 4 August 2025: The court", "NEW DELHI", DAY, None),
        ("NEW DELHI, August 4, 2025 (PTI) -- The court", "NEW DELHI", DAY, "PTI"),
        ("GENEVA, Aug. 4, 2025 /PRNewswire/ -- The court", "GENEVA", DAY, "PRNewswire"),
        ("MOSCOW, June 31, 2025: “No”", "MOSCOW", None, None),
        (" date 2025-08-04 ISLAMABAD: Deputy", "ISLAMABAD", DAY, None),
        (" date 2025-08-04 The deputy spoke", None, DAY, None),
    ],
)
def test_dateline(text: str, place: str | None, day: date | None, agency: str | None) -> None:
    head = read_head(text)
    assert (head.place, head.day, head.agency) == (place, day, agency)


@pytest.mark.parametrize(
    "text",
    [
        "NOTE: This story was updated.",
        "BREAKING – The mayor resigned.",
        "EU – US trade talks stalled.",
        "WHO: The agency spoke.",
        "FACT CHECK: No, he did not.",
        "UPDATE 1-Sterling fell.",
        "COVID-19: What we know.",
        "KEY POINTS: Three things.",
        "LONDON: the pound fell",
        "The ISLAMABAD: a ship",
        "ISLAMABAD:",
        "date of birth: 1970",
        "date 2025-13-04 is no day",
        "",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    head = read_head(text)
    assert (head.start, head.body, head.place, head.day) == (0, 0, None, None)


def test_the_machine_date_is_before_the_text_and_the_dateline_in_it() -> None:
    text = " date 2025-08-04 ISLAMABAD: Deputy"
    head = read_head(text)
    assert text[head.start :] == "ISLAMABAD: Deputy"
    assert text[head.body :] == "Deputy"


@given(
    st.lists(
        st.sampled_from(
            ["date ", "2025-08-04", " ", "KYIV", ", ", "Aug. ", "4", "2025", " (AP)", " — ", ":", "\n", "İ", "ß", "(", "-"]
        ),
        max_size=12,
    ).map("".join)
)
def test_offsets_lie_in_the_text(text: str) -> None:
    head = read_head(text)
    assert 0 <= head.start <= head.body <= len(text)
