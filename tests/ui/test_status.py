"""The status of an archive in a few lines."""

from __future__ import annotations

from typing import Any

import pytest

from ui.status import summary

WHOLE: dict[str, Any] = {
    "directory": "/archive",
    "counts": {"articles": 1200, "chunks": 3000, "undated": 2, "versions": 0},
    "outlets": 7,
    "first_day": "2024-01-18",
    "last_day": "2025-10-14",
    "sequence": 9,
    "dense": 9,
    "lexical": 9,
    "owner": None,
    "bytes": {"catalog": 1_000_000, "indexes": 500_000},
    "ingests": [{"started": "2026-11-29T06:09:00+00:00", "state": "complete", "counts": {"stored": 56, "failed": 0}}],
    "watched": [],
    "failed": 0,
}


def test_a_healthy_archive_takes_three_lines() -> None:
    assert summary(WHOLE) == [
        "1,200 articles of 7 outlets, 18 January 2024 to 14 October 2025, 2 without a date",
        "indexes up to date; 1.5 MB on the disk",
        "last ingest 29 November 2026 06:09, complete: 56 stored",
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"lexical": 4}, "indexes 5 changes behind"),
        ({"dense": None}, "no indexes yet"),
        ({"owner": {"pid": 7, "url": "http://127.0.0.1:1"}}, "open in process 7, which serves it at http://127.0.0.1:1"),
        ({"owner": {"pid": 7, "url": None}}, "open in process 7"),
        ({"failed": 1}, "1 file or page could not be read: `dateline ingest --retry`"),
        ({"watched": [{"address": "a", "failures": 2}, {"address": "b", "failures": 0}]}, "2 sources watched, 1 of them failing"),
        ({"counts": {"articles": 0, "undated": 0}, "ingests": []}, "`dateline ingest PATH`"),
    ],
)
def test_what_is_to_be_known_is_told(changed: dict[str, Any], told: str) -> None:
    assert told in "\n".join(summary({**WHOLE, **changed}))
    assert told not in "\n".join(summary(WHOLE))
