"""Ingest into a catalog in PostgreSQL, by one program or several, and when the database goes away in the middle."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from ingest.pipeline import Outcome, Report, ingest
from rag.archive import Archive, open_catalog
from rag.errors import StorageError
from rag.settings import Settings, load_settings
from tests.fakes import HashEmbedder
from tests.postgres import PostgresServer
from tests.rag.stored import check_whole, make_article

FILES = 300
"""Of one chunk each: more than are committed together."""


def write_files(folder: Path, count: int = FILES) -> Path:
    """Texts that differ in many words: an approximate search may miss the vector it is given among nearly equal ones."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(make_article(number).text)
    return folder


def settings_for(address: str) -> Settings:
    return load_settings(catalog=address)


@pytest.mark.slow
def test_what_an_ingest_reported_is_stored_when_the_database_goes(own_postgres: PostgresServer, tmp_path: Path) -> None:
    news, address = write_files(tmp_path / "news"), own_postgres.address()
    reported: list[Outcome] = []

    def told(outcome: Outcome) -> None:
        reported.append(outcome)
        if len(reported) == 40:
            own_postgres.stop()

    with pytest.raises(StorageError, match="cannot be reached"):
        ingest([str(news)], tmp_path / "ix", settings_for(address), embedder=HashEmbedder(), told=told)
    stored = {outcome.article_id for outcome in reported if outcome.outcome == "stored"}
    assert len(stored) >= 40
    own_postgres.start()
    with open_catalog(tmp_path / "ix", address=address) as catalog:
        assert stored <= set(catalog.origins())
    again = ingest([str(news)], tmp_path / "ix", settings_for(address), embedder=HashEmbedder())
    assert again.stored + again.unchanged == FILES
    with Archive.open(tmp_path / "ix", address=address) as archive:
        assert archive.catalog.counts().articles == FILES
        check_whole(archive, every=11)


def test_two_programs_that_ingest_the_same_store_it_once(postgres: PostgresServer, tmp_path: Path) -> None:
    news, address = write_files(tmp_path / "news", 60), postgres.address()
    reports: list[Report] = []

    def run(directory: str) -> None:
        reports.append(ingest([str(news)], tmp_path / directory, settings_for(address), embedder=HashEmbedder()))

    with open_catalog(tmp_path, create=True, address=address):
        pass
    programs = [Thread(target=run, args=(name,)) for name in ("one", "two")]
    for each in programs:
        each.start()
    for each in programs:
        each.join()
    assert len(reports) == 2
    assert all(report.counts["failed"] == 0 for report in reports)
    with open_catalog(tmp_path, address=address) as catalog:
        assert catalog.counts().articles == 60
