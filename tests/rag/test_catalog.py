"""What every catalog has to do, in whichever database it is: the contract, run on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.copies import Signer
from rag.catalog import (
    Catalog,
    Derivation,
    IngestFailure,
    KnownArticle,
    Page,
    StagedArticle,
    StoredArticle,
    Underived,
    WatchedSource,
)
from rag.catalog.names import address_name, id_name
from rag.errors import ArchiveMissing, FingerprintMismatch, InputError, ModelError
from rag.types import Article, Mention, Source
from tests.rag.stored import FINGERPRINT, make_article, make_stored, many_stored

Opening = Callable[..., Catalog]
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Opening:
    """Opens one and the same catalog, as often as it is called."""
    if request.param == "sqlite":
        return lambda **options: Catalog.open(tmp_path / "c.sqlite3", **{"create": True, **options})
    address = request.getfixturevalue("postgres").address()
    return lambda **options: Catalog.connect(address, **{"create": True, **options})


@pytest.fixture
def catalog(opening: Opening) -> Iterator[Catalog]:
    """With five articles, a0 to a4."""
    with opening() as made:
        made.adopt(FINGERPRINT)
        made.put(many_stored(range(5)))
        yield made


def wire(number: int, extra: str = "") -> StoredArticle:
    """One long text that several articles tell."""
    text = (
        "\n".join(f"The ferry {word} left the pier at dawn and came back by night, they said." for word in "abcdefghij") + extra
    )
    article = Article(Source(f"w{number}", "The ferry", f"Paper {number}", published=date(2025, 3, 1)), text)
    stored = make_stored(article)
    return StoredArticle(article, stored.origin, stored.chunks, stored.vectors, Signer().signature(text))


def test_there_is_none_until_one_is_made(opening: Opening) -> None:
    with pytest.raises(ArchiveMissing, match="dateline ingest"):
        opening(create=False)
    opening().close()
    opening(create=False).close()


@pytest.mark.usefixtures("catalog")
def test_what_is_put_is_read_back(opening: Opening) -> None:
    article = make_article(2)
    with opening() as other:
        assert other.article("a2") == article
        assert other.articles(["a2", "none"]) == {"a2": article}
        assert [entry.article_id for entry in other.entries(["a2"])] == ["a2"] * 3
        assert np.array_equal(other.entries(["a2"])[0].vector, make_stored(article).vectors[0])
        chunk_ids = [entry.id for entry in other.entries(["a3", "a2"])][::-1]
        assert list(other.chunks([*chunk_ids, "a9#0-3"])) == chunk_ids
        assert (other.counts().articles, other.counts().chunks, other.counts().undated, other.counts().versions) == (5, 15, 1, 5)
        assert other.extent() == (other.sequence, 15)
        assert other.fingerprint == FINGERPRINT


def test_versions_pile_up_and_the_last_one_counts(catalog: Catalog) -> None:
    catalog.put(many_stored([1], edition=1, lines=5))
    assert [version.number for version in catalog.versions("a1")] == [1, 2]
    assert catalog.article("a1") == make_article(1, 1, 5)
    assert len(catalog.entries(["a1"])) == 5


def test_every_change_gets_the_next_number(catalog: Catalog) -> None:
    before = catalog.sequence
    assert [article_id for _, article_id in catalog.changes(0, 10)] == ["a0", "a1", "a2", "a3", "a4"]
    catalog.put(many_stored([1]))
    catalog.forget("a0")
    assert [article_id for _, article_id in catalog.changes(before, 10)] == ["a1", "a0"]
    assert catalog.count_changes(before) == 2
    assert len(catalog.changes(0, 3)) == 3


def test_what_is_forgotten_is_gone_and_known_again(catalog: Catalog) -> None:
    assert catalog.forget("a1", for_good=True)
    assert not catalog.forget("a1")
    assert (catalog.article("a1"), catalog.versions("a1"), catalog.has_forgotten()) == (None, (), True)
    assert catalog.is_forgotten([id_name("a1")])
    assert not catalog.is_forgotten([id_name("a2")])
    catalog.put(many_stored([1]))
    assert not catalog.is_forgotten([id_name("a1")])


def test_an_article_is_known_by_its_id_its_address_and_its_origin(catalog: Catalog) -> None:
    url = "https://www.gazette.example/2025/" + "story-" * 40 + "?utm_source=x"
    article = make_article(7, url=url)
    catalog.put([make_stored(article)])
    wanted = KnownArticle("a7", 1, article.digest, "a7.json")
    assert catalog.find_known("a7", None, "") == wanted
    assert catalog.find_known(None, url.replace("https://www.", "http://"), "") == wanted
    assert catalog.find_known(None, None, "a7.json") == wanted
    assert catalog.find_known(None, None, "nowhere") is None
    assert catalog.find_by_name([address_name(url) or ""]) == "a7"
    assert catalog.names_of("a7") == (address_name(url),)
    assert catalog.origins()["a7"] == "a7.json"


def test_lists_newest_first_in_the_same_order_everywhere(catalog: Catalog) -> None:
    for id in ("Ä", "a", "Z", "_", "é", "日"):
        catalog.put([make_stored(Article(Source(id, "Title", "The Gazette", published=date(2026, 1, 1)), "One line."))])
    listed = [source.id for source in catalog.listing()]
    assert listed == ["Z", "_", "a", "Ä", "é", "日", "a4", "a3", "a2", "a1", "a0"]
    paged, after = [], None
    while page := catalog.page(None, None, (), 3, after):
        paged += [source.id for _, source in page]
        after = page[-1][0]
    assert paged == listed
    assert [source.id for source in catalog.listing(date(2025, 1, 2), date(2025, 1, 4))] == ["a2", "a1"]


def test_counts_outlets_and_days(catalog: Catalog) -> None:
    assert catalog.outlets() == ("Morning Post", "The Gazette")
    assert [(each.name, each.articles) for each in catalog.outlet_tallies()] == [("Morning Post", 2), ("The Gazette", 2)]
    assert [each.articles for each in catalog.day_tallies(None, None, (), None)] == [1, 1, 1, 1]
    assert catalog.days() == (date(2025, 1, 2), date(2025, 1, 5))
    assert catalog.count_undated() == 1
    assert catalog.count_undated(["the gazette"]) == 1
    assert [chunk.source.id for chunk in catalog.first_chunks(None, None, ["morning post"], 5)] == ["a4", "a1"]


def test_times_are_found_by_the_days_that_they_mean(catalog: Catalog) -> None:
    stored = make_stored(make_article(8))
    narrow = Mention(0, 4, date(2025, 5, 5), date(2025, 5, 6), "day")
    wide = Mention(stored.chunks[1].start, stored.chunks[1].start + 4, date(2025, 5, 1), date(2025, 5, 4), "days")
    catalog.put([StoredArticle(stored.article, "a8.json", stored.chunks, stored.vectors, mentions=(narrow, wide))])
    assert catalog.times(["a8", "a1"]) == {"a8": (narrow, wide)}
    assert catalog.naming(date(2025, 5, 3), date(2025, 5, 7), 5) == [stored.chunks[0].id, stored.chunks[1].id]
    assert catalog.naming(date(2025, 6, 3), date(2025, 6, 7), 5) == []


def test_copies_form_groups_and_part_again(catalog: Catalog) -> None:
    catalog.put([wire(1), wire(2, " And more was not said."), wire(3)])
    assert catalog.groups(["w1", "w2", "w3", "a1"]) == {"w1": "w1", "w2": "w1", "w3": "w1"}
    assert catalog.group_sizes() == {"w1": 3}
    assert [(copy.source.id, copy.kind) for copy in catalog.copies(["w3"])["w3"]] == [("w1", "exact"), ("w2", "near")]
    catalog.forget("w1")
    assert catalog.group_sizes() == {"w2": 2}
    catalog.forget("w2")
    assert catalog.group_sizes() == {}


def test_other_vectors_are_made_beside_and_switched_to_at_once(catalog: Catalog) -> None:
    from dataclasses import replace

    other = replace(FINGERPRINT, revision="2", dimension=8)
    with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
        catalog.adopt(other)
    while unstaged := catalog.find_unstaged(other, 2):
        assert not catalog.promote(other)
        made = [make_stored(make_article(int(article_id[1:])), 8) for article_id, _ in unstaged]
        catalog.stage(other, [StagedArticle(each.article.source.id, 1, each.chunks, each.vectors) for each in made])
    assert catalog.count_staged() == 5
    assert catalog.promote(other)
    assert (catalog.fingerprint, catalog.entries(["a1"])[0].vector.shape, catalog.count_staged()) == (other, (8,), 0)


def test_times_and_signatures_can_be_handed_over_later(catalog: Catalog) -> None:
    assert catalog.count_underived() == 0
    assert catalog.change_zone(ZoneInfo("Asia/Tokyo")) == 0
    assert str(catalog.zone) == "Asia/Tokyo"
    told = Mention(0, 4, date(2025, 5, 5), date(2025, 5, 6), "day")
    catalog.write_derived([Derivation(Underived("a1", 1, date(2025, 1, 2)), (told,), Signer().signature("Line " * 40))])
    catalog.write_derived([Derivation(Underived("a2", 7, None), (told,), None)])
    assert catalog.times(["a1", "a2"]) == {"a1": (told,)}
    assert catalog.find_underived(5) == []


def test_damaged_articles_are_named_and_left_out(catalog: Catalog) -> None:
    from rag.catalog import Fault

    catalog.put_aside([Fault("a1", "source", "it is garbled\0", "a1.json")])
    assert [fault.article_id for fault in catalog.faults()] == ["a1"]
    assert "a1" not in {source.id for source in catalog.listing()}
    assert (catalog.examine(), catalog.problems()) == ((), [])
    made = make_stored(make_article(1))
    catalog.replace_chunks(FINGERPRINT, [StagedArticle("a1", 1, made.chunks, made.vectors)])
    assert catalog.faults() == ()


def test_samples_are_of_settled_articles(catalog: Catalog) -> None:
    settled = catalog.sequence
    catalog.put(many_stored([30]))
    sample = catalog.sample(8, settled)
    assert {entry.article_id for entry in sample} <= {"a0", "a1", "a2", "a3", "a4"}
    assert len(sample) >= 4


def test_the_journal_has_the_last_ingests(catalog: Catalog) -> None:
    first = catalog.begin_ingest(["a folder"])
    second = catalog.begin_ingest(["\udcff"])
    catalog.end_ingest(second, "done", {"stored": 2}, [IngestFailure("a.html", 3, "no text")])
    last, before = catalog.ingests(5)
    assert (last.id, last.state, last.counts, last.failures) == (
        second,
        "done",
        {"stored": 2},
        (IngestFailure("a.html", 3, "no text"),),
    )
    assert (before.id, before.ended, last.arguments) == (first, None, ("\udcff",))


def test_sources_pages_and_dead_letters_are_remembered(catalog: Catalog) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    watched = WatchedSource("https://a.example/\udcff", now, None, now, 1, "it ends with \0")
    catalog.sources.write_watched(watched)
    catalog.sources.write_pages([Page("https://a.example/", '"1"', None)])
    catalog.sources.write_dead_letters(["/in/\udcff"], [IngestFailure("/in/\udcff", None, "a \0 in it")])
    assert [(each.address, each.error) for each in catalog.sources.list_watched()] == [(watched.address, "it ends with \ufffd")]
    assert catalog.sources.page("https://a.example/") == Page("https://a.example/", '"1"', None)
    assert [(each.path, each.line, each.reason) for each in catalog.sources.dead_letters()] == [
        ("/in/\udcff", None, "a \ufffd in it")
    ]


def test_one_article_that_cannot_be_stored_costs_no_other(catalog: Catalog) -> None:
    broken = make_stored(Article(Source("a50", "Title"), "One \ud800 line."))
    with pytest.raises(InputError, match="a50"):
        catalog.put([broken, *many_stored([51])])
    assert (catalog.article("a50"), catalog.article("a51")) == (None, make_article(51))
    with pytest.raises(ModelError, match="shape"):
        catalog.put([make_stored(make_article(52), dimension=3), *many_stored([53])])
    assert catalog.article("a53") is None


def test_a_reader_sees_one_state_while_a_writer_commits(catalog: Catalog, opening: Opening) -> None:
    with catalog._database.reading() as connection:
        before = connection.exec_driver_sql("select count(*) from articles").scalar()
        with opening() as other:
            other.put(many_stored([40]))
            assert other.counts().articles == 6
        assert connection.exec_driver_sql("select count(*) from articles").scalar() == before
    assert catalog.counts().articles == 6


def test_space_is_given_back_while_it_is_open(catalog: Catalog) -> None:
    catalog.forget("a1")
    catalog.vacuum()
    assert catalog.counts().articles == 4


WRITERS, EACH = 8, 12


@pytest.mark.slow
def test_no_follower_skips_a_change_of_many_writers(catalog: Catalog, opening: Opening) -> None:
    """A number that is seen is never followed by a smaller one that is committed later."""

    def write(writer: int) -> None:
        with opening() as own:
            for step in range(EACH):
                own.put(many_stored([100 * (writer + 1) + step, 100 * (writer + 1) + step + 50], lines=1))
                if step % 4 == 3:
                    own.forget(f"a{100 * (writer + 1) + step}")

    writers = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    seen, numbers = set(), [catalog.sequence]
    for each in writers:
        each.start()
    while True:
        alive = any(each.is_alive() for each in writers)
        changes = catalog.changes(numbers[-1], 7)
        numbers += [number for number, _ in changes]
        seen |= {article_id for _, article_id in changes}
        if not changes and not alive:
            break
    wanted = {f"a{100 * (writer + 1) + step + more}" for writer in range(WRITERS) for step in range(EACH) for more in (0, 50)}
    assert seen == wanted
    assert numbers == sorted(set(numbers))
