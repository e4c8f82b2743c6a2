"""What only a catalog in PostgreSQL has: a server that can go away, an address, waiting writers."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from rag.archive import move
from rag.catalog import Catalog
from rag.catalog.engines.postgres import read_address
from rag.catalog.schema import METADATA
from rag.errors import ArchiveMissing, InputError, StorageError, UsageError
from rag.types import Article, Source
from tests.postgres import PostgresServer
from tests.rag.stored import FINGERPRINT, make_article, make_stored, many_stored
from tests.rag.test_catalog import wire


def filled(catalog: Catalog) -> None:
    catalog.adopt(FINGERPRINT)
    catalog.put([*many_stored(range(1, 30)), wire(1), wire(2)])
    catalog.put(many_stored([3], edition=1))
    catalog.forget("a4", for_good=True)
    catalog.end_ingest(catalog.begin_ingest(["news"]), "done", {"stored": 31}, [])


@pytest.mark.parametrize("address", ["", "news", "sqlite:///a.sqlite3", "mysql://me:secret@host/news", "http://x/"])
def test_what_is_no_address_is_refused_and_no_password_shown(address: str) -> None:
    with pytest.raises(UsageError, match=r"postgresql\+psycopg://USER:PASSWORD@HOST") as told:
        read_address(address)
    assert "secret" not in str(told.value)


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError, match="see that the server runs") as told:
        Catalog.connect(f"postgresql://me:secret@/news?host={tmp_path}", create=True)
    assert "secret" not in str(told.value)
    assert "me:***@" in str(told.value)


def test_a_database_that_is_not_there_is_named(postgres: PostgresServer) -> None:
    address = postgres.address()
    with pytest.raises(StorageError, match='"elsewhere" does not exist'):
        Catalog.connect(address.replace(read_address(address).database or "", "elsewhere"), create=True)


def test_other_tables_are_no_catalog(postgres: PostgresServer) -> None:
    address = postgres.address()
    with Catalog.connect(address, create=True) as catalog, catalog._database.writing() as connection:
        connection.exec_driver_sql("update properties set value = '99' where name = 'schema'")
    with pytest.raises(StorageError, match=r"schema 99.*upgrade Dateline, or name another database"):
        Catalog.connect(address, create=False)


def test_archives_in_one_database_stand_apart(postgres: PostgresServer) -> None:
    address = postgres.address()
    with Catalog.connect(address, create=True) as catalog, catalog._database.writing() as connection:
        connection.exec_driver_sql("create schema sports")
    with Catalog.connect(f"{address}&options=-csearch_path%3Dsports", create=True) as sports:
        sports.adopt(FINGERPRINT)
        sports.put(many_stored([1]))
        with Catalog.connect(address, create=False) as first, first._database.writing():
            sports.put(many_stored([2]))  # does not wait for a writer of the other
            assert (sports.counts().articles, first.counts().articles) == (2, 0)


def test_a_writer_waits_for_another_and_says_when_it_took_too_long(postgres: PostgresServer) -> None:
    address = postgres.address()
    with Catalog.connect(address, create=True) as one, Catalog.connect(address, create=False, busy_timeout=0.2) as other:
        one.adopt(FINGERPRINT)
        with one._database.writing(), pytest.raises(StorageError, match="writing to it for too long"):
            other.begin_ingest(["news"])
        assert other.begin_ingest(["news"]) == 1


@pytest.mark.parametrize(
    ("id", "text", "told"),
    [("a60", "a \0 in it", "its text has a character at 2"), ("a" * 3000, "words", "more than 2,000 bytes")],
)
def test_what_postgresql_does_not_take_costs_no_other_article(postgres: PostgresServer, id: str, text: str, told: str) -> None:
    with Catalog.connect(postgres.address(), create=True) as catalog:
        catalog.adopt(FINGERPRINT)
        with pytest.raises(InputError, match=told):
            catalog.put([make_stored(Article(Source(id, "Title"), text)), *many_stored([61])])
        assert catalog.article("a61") == make_article(61)
        assert catalog.counts().articles == 1


def test_a_server_that_went_away_is_told_and_found_again(own_postgres: PostgresServer) -> None:
    with Catalog.connect(own_postgres.address(), create=True) as catalog:
        filled(catalog)
        counts = catalog.counts()
        own_postgres.stop()
        for call in (catalog.counts, lambda: catalog.put(many_stored([90])), lambda: catalog.begin_ingest(["news"])):
            with pytest.raises(StorageError, match="cannot be reached"):
                call()
        own_postgres.start()
        assert catalog.counts() == counts
        catalog.put(many_stored([90]))


def test_what_was_acknowledged_before_the_server_went_is_kept(own_postgres: PostgresServer) -> None:
    acknowledged: list[str] = []

    def ingest(catalog: Catalog) -> None:
        try:
            for number in range(100, 100_000):
                catalog.put(many_stored([number], lines=1))
                acknowledged.append(f"a{number}")
        except StorageError:
            return

    with Catalog.connect(own_postgres.address(), create=True) as catalog:
        catalog.adopt(FINGERPRINT)
        writer = Thread(target=ingest, args=(catalog,))
        writer.start()
        while len(acknowledged) < 10:
            time.sleep(0.01)
        own_postgres.stop()
        writer.join()
        own_postgres.start()
        assert set(acknowledged) <= set(catalog.origins())


def test_a_bell_rings_at_a_commit_and_outlives_the_server(own_postgres: PostgresServer) -> None:
    address = own_postgres.address()
    with Catalog.connect(address, create=True) as catalog, Catalog.connect(address, create=False) as other:
        bell, rung = catalog.hang_bell(), []

        def wait() -> None:
            bell.wait(60)
            rung.append(other.sequence)

        for number in (1, 2):
            other.adopt(FINGERPRINT)
            bell.wait(0.01)  # listens from now on
            waiting = Thread(target=wait)
            waiting.start()
            other.put(many_stored([number]))
            waiting.join(50)
            assert rung == list(range(1, number + 1))
            own_postgres.stop()
            bell.wait(0.01)
            own_postgres.start()
        bell.close()
        bell.wait(60)  # returns at once


def rows(catalog: Catalog) -> dict[str, list[str]]:
    """All of them but the identity of the catalog."""
    with catalog._database.reading() as connection:
        read = {table.name: connection.execute(select(table)).all() for table in METADATA.sorted_tables}
    return {name: sorted(repr(row) for row in rows if row[0] != "id") for name, rows in read.items()}


def test_moved_there_and_back_it_is_the_same(postgres: PostgresServer, tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "one" / "catalog.sqlite3", create=True) as catalog:
        filled(catalog)
        wanted = rows(catalog)
    address = postgres.address()
    moved = move(str(tmp_path / "one"), address)
    assert move(address, str(tmp_path / "two")).rows == moved.rows
    assert (moved.rows["articles"], moved.rows["versions"], moved.rows["changes"]) == (30, 31, 31)
    with (
        Catalog.connect(address, create=False) as there,
        Catalog.open(tmp_path / "two" / "catalog.sqlite3", create=False) as back,
    ):
        assert rows(there) == rows(back) == wanted
        for each in (there, back):  # new numbers are beyond those that came along
            each.put([wire(3), *many_stored([70])])
            assert each.groups(["w3"]) == {"w3": "w1"}
            assert [article_id for _, article_id in each.changes(wanted_last(wanted), 9)] == ["w3", "a70"]
            assert each.begin_ingest(["more"]) == 2
        assert rows(there)["changes"] == rows(back)["changes"]


def wanted_last(wanted: dict[str, list[str]]) -> int:
    return max(int(row.strip("(").split(",")[0]) for row in wanted["changes"])


def test_a_move_overwrites_nothing_and_leaves_nothing_half_done(postgres: PostgresServer, tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite3", create=True) as catalog:
        filled(catalog)
        catalog.put([make_stored(Article(Source("a80", "Title"), "a \0 in it"))])
    taken, empty = postgres.address(), postgres.address()
    with Catalog.connect(taken, create=True) as catalog:
        filled(catalog)
    with pytest.raises(UsageError, match="there already"):
        move(str(tmp_path), taken)
    with pytest.raises(InputError, match="a80"):
        move(str(tmp_path), empty)
    with pytest.raises(ArchiveMissing):
        move(str(tmp_path / "nowhere"), empty)
    with Catalog.open(tmp_path / "catalog.sqlite3", create=False) as catalog:
        catalog.forget("a80")
    assert move(str(tmp_path), empty).rows["articles"] == 30
