"""One time zone an archive, by the command line: days are shown, filtered by and told of in it until `rebuild` changes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.conftest import Run

LATE = {"id": "seal", "published": "2025-08-05T04:30:00Z", "text": "A seal came ashore at Orm beach today, a warden said."}
FOURTH, FIFTH = "2025-08-04", "2025-08-05"


def found_on(dateline: Run, day: str) -> bool:
    """Whether the article is found when that day alone is searched."""
    found = dateline("search", "seal ashore", "--since", day, "--until", day, "--json")
    assert found.code == 0, found.err
    return bool(json.loads(found.out)["hits"])


@pytest.mark.slow
def test_an_archives_days_are_of_its_own_zone_until_it_is_rebuilt(
    dateline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_INDEX", "archive")
    monkeypatch.setenv("DATELINE_TIME_ZONE", "America/Chicago")
    Path("late.jsonl").write_text(json.dumps(LATE) + "\n")
    assert dateline("ingest", "late.jsonl").code == 0
    assert (found_on(dateline, FOURTH), found_on(dateline, FIFTH)) == (True, False)

    monkeypatch.setenv("DATELINE_TIME_ZONE", "Europe/Lisbon")
    assert (found_on(dateline, FOURTH), found_on(dateline, FIFTH)) == (True, False)
    told = dateline("ask", "What came ashore at Orm beach?", "--json")
    assert any("America/Chicago" in notice and "rebuild" in notice for notice in json.loads(told.out)["notices"])

    assert dateline("rebuild").code == 0
    assert (found_on(dateline, FOURTH), found_on(dateline, FIFTH)) == (False, True)
    told = dateline("ask", "What came ashore at Orm beach?", "--json")
    assert not any("America/Chicago" in notice for notice in json.loads(told.out)["notices"])
