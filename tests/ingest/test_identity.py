from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest.chunk import Chunker
from ingest.identity import Identities, Place, Settlement
from ingest.load.record import Note
from rag.catalog import Catalog, StoredArticle
from rag.catalog.names import address_name, without_tracking
from rag.types import Article, Source
from tests.fakes import HashEmbedder


class Desk:
    """A catalog that stores what is settled, one run after the other."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.next_run()

    def next_run(self, *, restore: bool = False) -> None:
        self.identities = Identities(self.catalog, restore=restore)

    def take(
        self,
        place: Place,
        text: str,
        title: str = "T",
        id: str = "",
        url: str | None = None,
        outlet: str | None = None,
        key: str | None = None,
        day: int | None = None,
    ) -> Settlement:
        published = date(2025, 5, day) if day else None
        settled = self.identities.settle(Article(Source(id, title, outlet, url, published=published), text), place, key)
        if settled.ending in ("stored", "replaced"):
            self.catalog.put([StoredArticle(settled.article, place.origin, (), np.zeros((0, 32), np.float32), key=settled.key)])
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


def id_of(settled: Settlement) -> str:
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


LOCK = "The lock at Tamber opened again on Monday after repairs, the keeper said."
BRIDGE = "A second bridge over the Orr was voted down by nine members of the assembly."
ADDRESS = "https://lock.example/2025/lock-opens"


@pytest.mark.parametrize(
    "written",
    [
        "http://lock.example/2025/lock-opens",
        "https://www.lock.example/2025/lock-opens/",
        "https://LOCK.example:443/2025/lock-opens#comments",
        "https://lock.example/2025/lock-opens?utm_source=rss&utm_medium=feed&fbclid=x",
        "https://lock.example/2025/lock%2Dopens/index.html",
    ],
)
def test_an_address_is_one_however_it_is_written(written: str) -> None:
    assert address_name(written) == address_name(ADDRESS)
    assert address_name(ADDRESS) is not None


@pytest.mark.parametrize(
    "other",
    [
        "https://lock.example/2025/Lock-opens",
        "https://lock.example/2025/lock-opens?id=2",
        "https://m.lock.example/2025/lock-opens",
    ],
)
def test_what_may_be_another_page_is_another_address(other: str) -> None:
    assert address_name(other) != address_name(ADDRESS)


@pytest.mark.parametrize(
    "front", ["https://lock.example/", "https://www.lock.example", "https://lock.example/?utm_source=x", None, "", "http://[x"]
)
def test_a_front_page_is_no_address_of_an_article(front: str | None) -> None:
    assert address_name(front) is None


def test_what_only_says_where_a_reader_came_from_is_no_part_of_an_address() -> None:
    assert without_tracking(f"{ADDRESS}?id=7&utm_source=rss&gclid=z#top") == f"{ADDRESS}?id=7"
    assert without_tracking("https://a.example/#!/story/7") == "https://a.example/#!/story/7"


def test_of_records_at_one_address_the_newest_is_the_article_and_a_second_run_changes_nothing(desk: Desk) -> None:
    records = [
        (f"{ADDRESS}?utm_source=rss", "The toll is 3 crowns.", 1),
        ("http://www.lock.example/2025/lock-opens/", "The toll is 5 crowns.", 3),
        (f"{ADDRESS}#top", "The toll is 4 crowns.", 2),
        (ADDRESS, "The toll is 6 crowns.", 3),
    ]

    def run() -> list[Settlement]:
        desk.next_run()
        return [desk.take(line(number), text, url=url, day=day) for number, (url, text, day) in enumerate(records, start=1)]

    first = run()
    assert [one.ending for one in first] == ["stored", "replaced", "skipped", "skipped"]
    assert len({id_of(one) for one in first}) == 1
    assert [getattr(one.reason, "code", "") for one in first[2:]] == ["older-version", "other-words"]
    assert isinstance(first[3].reason, Note)
    assert first[3].reason.lost
    assert [one.ending for one in run()] == ["skipped", "unchanged", "skipped", "skipped"]
    stored = desk.catalog.article(id_of(first[0]))
    assert stored
    assert stored.text == "The toll is 5 crowns."


def test_another_way_to_write_its_address_is_no_change(desk: Desk) -> None:
    desk.take(line(1), LOCK, url=ADDRESS)
    desk.next_run()
    assert desk.take(line(1), LOCK, url="http://www.lock.example/2025/lock-opens/").ending == "unchanged"


@pytest.mark.parametrize("link", ["https://lock.example/", "https://lock.example/live"])
@pytest.mark.parametrize("keys", [("a", "b"), (None, None)])
def test_entries_that_share_a_link_are_articles_of_their_own(link: str, keys: tuple[str | None, ...], desk: Desk) -> None:
    entries = list(zip((LOCK, BRIDGE), ("Lock", "Bridge"), keys, strict=True))
    first = [desk.take(line(n), text, title, url=link, key=key) for n, (text, title, key) in enumerate(entries, start=1)]
    assert [one.ending for one in first] == ["stored", "stored"]
    for order in (entries, entries[::-1], entries[1:]):
        desk.next_run()
        again = [desk.take(line(n), text, title, url=link, key=key) for n, (text, title, key) in enumerate(order, start=1)]
        assert {one.ending for one in again} == {"unchanged"}


def test_a_feed_names_an_entry_whose_link_changes(desk: Desk) -> None:
    first = desk.take(line(1), LOCK, url=ADDRESS, key="tag:lock.example,7")
    desk.next_run()
    moved = desk.take(line(2), LOCK + " Boats pass.", url="https://lock.example/moved", key="tag:lock.example,7")
    assert (id_of(moved), moved.ending) == (id_of(first), "replaced")


def test_a_new_entry_at_the_link_of_an_earlier_look_does_not_replace_the_old_one(desk: Desk) -> None:
    first = desk.take(line(1), LOCK, "Lock", url="https://lock.example/live", key="a")
    desk.next_run()
    second = desk.take(line(1), BRIDGE, "Bridge", url="https://lock.example/live", key="b")
    assert second.ending == "stored"
    assert id_of(second) != id_of(first)


@pytest.mark.parametrize(
    "known",
    [{"id": "x"}, {"url": ADDRESS}, {"key": "tag:7"}, {}],
    ids=["an id", "an address", "a feed's name", "its words or file"],
)
@pytest.mark.parametrize("place", [file("a.txt"), line(1)], ids=["file", "record"])
def test_what_was_forgotten_stays_so_until_it_is_restored(known: dict[str, str], place: Place, desk: Desk) -> None:
    stored = desk.take(place, LOCK, **known)  # type: ignore[arg-type]
    other = desk.take(Place("b.jsonl", "/b.jsonl", 9), BRIDGE, "Bridge")
    assert desk.catalog.forget(id_of(stored), for_good=True)
    desk.next_run()
    again = desk.take(place, LOCK, **known)  # type: ignore[arg-type]
    assert (again.ending, getattr(again.reason, "code", "")) == ("skipped", "forgotten")
    assert desk.take(Place("b.jsonl", "/b.jsonl", 9), BRIDGE, "Bridge").ending == "unchanged"
    desk.next_run(restore=True)
    assert desk.take(place, LOCK, **known).ending == "stored"  # type: ignore[arg-type]
    desk.next_run()
    assert desk.take(place, LOCK, **known).ending == "unchanged"  # type: ignore[arg-type]
    assert id_of(other)


def test_what_is_gone_from_its_folder_is_not_forgotten_for_good(desk: Desk) -> None:
    stored = desk.take(file("a.txt"), LOCK)
    desk.catalog.forget(id_of(stored))
    desk.next_run()
    assert desk.take(file("a.txt"), LOCK).ending == "stored"
