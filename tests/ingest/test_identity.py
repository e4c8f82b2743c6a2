from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.chunk import Chunker
from ingest.identity import Identities, Place, Settled
from rag.catalog import Catalog, Stored
from rag.types import Article, Source
from tests.fakes import HashEmbedder


class Desk:
    """A catalog that stores what is settled, one run after the other."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.next_run()

    def next_run(self) -> None:
        self.identities = Identities(self.catalog)

    def take(
        self, place: Place, text: str, title: str = "T", id: str = "", url: str | None = None, outlet: str | None = None
    ) -> Settled:
        settled = self.identities.settled(Article(Source(id, title, outlet, url), text), place)
        if settled.ending in ("stored", "replaced"):
            self.catalog.put([Stored(settled.article, place.origin, (), np.zeros((0, 32), np.float32))])
        return settled


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Catalog.open(tmp_path / "catalog", create=True) as catalog:
        catalog.adopt(Chunker(200, 0, HashEmbedder()).fingerprint)
        yield Desk(catalog)


def file(name: str, folder: Path = Path("/nowhere")) -> Place:
    return Place(name, str(folder / name), None)


def line(number: int) -> Place:
    return Place("all.jsonl", "/nowhere/all.jsonl", number)


def id_of(settled: Settled) -> str:
    return settled.article.source.id


def test_a_given_id_is_kept_and_decides(desk: Desk) -> None:
    assert id_of(desk.take(file("a.json"), "Words", id="mine", url="http://x.y/1")) == "mine"
    desk.next_run()
    again = desk.take(file("elsewhere.json"), "Other words", id="mine", url="http://x.y/2")
    assert (id_of(again), again.ending) == ("mine", "replaced")
    other = desk.take(file("b.json"), "Other words", id="yours", url="http://x.y/2")
    assert (id_of(other), other.ending) == ("yours", "stored")


def test_a_file_is_known_again_and_its_change_replaces(desk: Desk) -> None:
    first = desk.take(file("My Story.txt"), "Words")
    assert (id_of(first)[:-8], first.ending) == ("my-story-", "stored")
    desk.next_run()
    assert desk.take(file("My Story.txt"), "Words").ending == "unchanged"
    desk.next_run()
    changed = desk.take(file("My Story.txt"), "Other words")
    assert (id_of(changed), changed.ending) == (id_of(first), "replaced")


def test_a_url_is_known_in_another_file(desk: Desk) -> None:
    first = desk.take(line(1), "Words", url="http://x.y/1")
    desk.next_run()
    changed = desk.take(file("a.json"), "New words", url="http://x.y/1")
    assert (id_of(changed), changed.ending) == (id_of(first), "replaced")


def test_two_urls_with_one_text_are_two_articles(desk: Desk) -> None:
    first, second = (desk.take(line(number), "Words", url=f"http://x.y/{number}") for number in (1, 2))
    assert id_of(first) != id_of(second)
    assert second.ending == "stored"


def test_a_copy_is_skipped_and_a_moved_file_is_the_same_article(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words")
    first = desk.take(file("a.txt", tmp_path), "Words")
    copy = desk.take(file("b.txt", tmp_path), "Words")
    assert (copy.ending, id_of(copy)) == ("skipped", id_of(first))
    assert "a.txt" in str(copy.reason)
    desk.next_run()
    assert desk.take(file("b.txt", tmp_path), "Words").ending == "skipped"
    (tmp_path / "a.txt").unlink()
    desk.next_run()
    moved = desk.take(file("b.txt", tmp_path), "Words")
    assert (moved.ending, id_of(moved)) == ("unchanged", id_of(first))
    assert "moved from" in str(moved.reason)


def test_the_same_words_from_another_outlet_are_another_article(desk: Desk) -> None:
    first = desk.take(file("a.txt", Path("/one")), "Words", outlet="Dawn")
    second = desk.take(file("a.txt", Path("/two")), "Words", outlet="AP")
    assert second.ending == "stored"
    assert id_of(first) != id_of(second)


def test_one_id_and_two_texts_in_one_run_the_first_is_kept_and_it_is_said(desk: Desk) -> None:
    desk.take(line(1), "Words", id="a")
    for number, words in ((2, "Other words"), (3, "Words")):
        later = desk.take(line(number), words, id="a")
        assert (later.ending, "line 1" in str(later.reason)) == ("skipped", True)
    assert len(desk.catalog.versions("a")) == 1


def test_records_without_id_are_known_by_their_words_wherever_their_line_is(desk: Desk) -> None:
    ids = [id_of(desk.take(line(number), f"Words {number}", title=f"T{number}")) for number in (1, 2)]
    desk.next_run()
    inserted = desk.take(line(1), "New words", title="New")
    assert inserted.ending == "stored"
    again = [desk.take(line(number + 1), f"Words {number}", title=f"T{number}") for number in (1, 2)]
    assert [(id_of(each), each.ending) for each in again] == [(id_, "unchanged") for id_ in ids]


def test_a_record_with_the_title_of_the_one_in_its_place_is_a_change_of_it(desk: Desk) -> None:
    first = desk.take(line(1), "Words", title="The one")
    desk.next_run()
    changed = desk.take(line(1), "Corrected words", title="The one")
    assert (id_of(changed), changed.ending) == (id_of(first), "replaced")


@pytest.mark.parametrize("name", ["...txt", "\\xff.txt", "Ünïcode №5.txt", "x" * 251 + ".txt", "#?&.txt"])
def test_ids_made_from_names_are_short_and_plain(desk: Desk, name: str) -> None:
    id_ = id_of(desk.take(file(name), "Words"))
    assert id_.replace("-", "").isalnum()
    assert len(id_) <= 70
