"""Indexes that lag far behind their catalog, as after a kill: questions are answered meanwhile, and told how much is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.archive import Archive, open_catalog
from tests.rag.stored import FINGERPRINT, check_whole, many_stored

MANY = 5_000


def lagging(directory: Path, articles: int, ahead: int) -> None:
    """An archive whose indexes hold the first `ahead` articles of those in its catalog."""
    with Archive.open(directory, create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(ahead), lines=1))
        archive.follow()
    with open_catalog(directory) as catalog:
        for first in range(ahead, articles, 500):
            catalog.put(many_stored(range(first, min(articles, first + 500)), lines=1))


def test_what_lags_when_an_archive_is_opened_follows_between_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.archive.archive.CATCH_UP", 0)
    monkeypatch.setattr("rag.archive.archive.WHILE_ASKED", 0)
    lagging(tmp_path, 130, 20)
    with Archive.open(tmp_path) as archive:
        assert archive.notices == ("The indexes lack 78 changes of articles, which follow meanwhile.",)
        assert archive.lexical.count() == 52
        archive.keep_up()
        assert archive.notices == ("The indexes lack 46 changes of articles, which follow meanwhile.",)
        archive.follow()
        assert list(archive.notices) == []
        check_whole(archive, every=7)


def test_what_hardly_lags_is_there_at_once(tmp_path: Path) -> None:
    lagging(tmp_path, 60, 20)
    with Archive.open(tmp_path) as archive:
        assert (archive.notices, archive.lexical.count()) == ((), 60)


@pytest.mark.slow
def test_thousands_that_lag_keep_nobody_waiting(tmp_path: Path) -> None:
    lagging(tmp_path, MANY, 100)
    with Archive.open(tmp_path) as archive:
        assert archive.lexical.count() >= 100
        assert archive.lexical.count() == MANY or "which follow meanwhile" in archive.notices[-1]
        archive.follow()
        assert list(archive.notices) == []
        check_whole(archive, every=501)
