"""Feeds: whole articles, summaries of pages, and feeds made to break or to abuse their reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.load import Record, Refusal, load

LONG = "The council of the harbour town met and spoke about the new bridge and its cost. " * 10


def rss(*items: str, head: str = "") -> str:
    channel = f"<channel><title>The Gazette</title><language>en</language>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?>{head}<rss version="2.0">{channel}</rss>'


def read(path: Path, content: str | bytes) -> list[Record | Refusal]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(load(path))


def one(path: Path, content: str | bytes) -> Record:
    (found,) = read(path, content)
    assert isinstance(found, Record), found
    return found


def test_a_whole_article_in_rss(tmp_path: Path) -> None:
    record = one(
        tmp_path / "a.rss",
        rss(
            f"<item><title>Bridge &amp;amp; cost</title><link>https://gazette.example/1</link><author>A. Writer</author>"
            f"<pubDate>Mon, 04 Aug 2025 09:00:00 GMT</pubDate><description>&lt;p&gt;{LONG}&lt;/p&gt;</description></item>"
        ),
    )
    assert (record.title, record.outlet, record.url, record.line) == (
        "Bridge & cost",
        "The Gazette",
        "https://gazette.example/1",
        1,
    )
    assert (record.published, record.published_from) == ("Mon, 04 Aug 2025 09:00:00 GMT", "feed")
    assert (record.text, record.link_only, record.language) == (LONG.strip(), False, "en")


def test_a_summary_waits_for_its_page(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.xml",
        rss(
            "<item><title>Bridge</title><link>https://gazette.example/1</link><description>In short.</description></item>",
            "<item><title>Only a title</title><link>https://gazette.example/2</link></item>",
            "<item><title>Bad link</title><link>javascript:alert(1)</link><description>Short.</description></item>",
            "<item/>",
        ),
    )
    first, second, third, empty = found
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Record)
    assert (first.text, first.link_only) == ("In short.", True)
    assert "was not fetched" in first.notes[0]
    assert (second.text, second.link_only) == ("Only a title", True)
    assert (third.url, third.link_only) == (None, False)
    assert empty == Refusal("skipped", "an entry without text", 4)


def test_atom_and_json_feeds(tmp_path: Path) -> None:
    atom = one(
        tmp_path / "a.atom",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gazette</title><entry><title>Bridge</title>'
        '<link href="https://gazette.example/1"/><published>2025-08-04T09:00:00+02:00</published>'
        f"<updated>2025-08-05T09:00:00Z</updated><author><name>A. Writer</name></author>"
        f'<content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>',
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Gazette",
        "items": [
            {
                "title": "Bridge",
                "url": "https://gazette.example/1",
                "content_html": f"<p>{LONG}</p>",
                "date_published": "2025-08-04T09:00:00+02:00",
                "date_modified": "2025-08-05T09:00:00Z",
                "authors": [{"name": "A. Writer"}],
            }
        ],
    }
    as_json = one(tmp_path / "feed.json", json.dumps(feed))
    for record in (atom, as_json):
        assert (record.title, record.outlet, record.authors, record.text) == (
            "Bridge",
            "The Gazette",
            ("A. Writer",),
            LONG.strip(),
        )
        assert (record.published, record.modified) == ("2025-08-04T09:00:00+02:00", "2025-08-05T09:00:00Z")


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>'
    found = read(
        tmp_path / "bomb.xml", rss("<item><title>Bridge</title><description>&l9; said he</description></item>", head=head)
    )
    assert sum(len(record.text) for record in found if isinstance(record, Record)) < 1_000


def test_no_file_is_read_from_within_a_feed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    found = read(tmp_path / "xxe.xml", rss("<item><title>Bridge</title><description>&x; said he</description></item>", head=head))
    assert "TOPSECRET" not in str(found)


def test_what_can_be_read_of_a_broken_feed_is(tmp_path: Path) -> None:
    broken = rss(f"<item><title>Bridge</title><description>{LONG}</description></item>").replace("</channel></rss>", "<item><tit")
    record, *_ = read(tmp_path / "broken.rss", broken)
    assert isinstance(record, Record)
    assert record.title == "Bridge"
    assert "malformed" in record.notes[0]


@pytest.mark.parametrize(
    ("content", "outcome"),
    [("<rss/>", "skipped"), ("<note><to>You</to></note>", "failed"), ("not a feed", "failed"), (b"\xff\xfe\x00\xd8<", "failed")],
)
def test_what_is_no_feed_is_refused(content: str | bytes, outcome: str, tmp_path: Path) -> None:
    (found,) = read(tmp_path / "a.rss", content)
    assert isinstance(found, Refusal)
    assert found.outcome == outcome


@pytest.mark.slow
def test_fifty_thousand_entries_are_cut_and_said(tmp_path: Path) -> None:
    item = "<item><title>A title</title><description>The bridge was opened in the morning.</description></item>"
    found = read(tmp_path / "large.rss", rss(item * 50_000))
    assert sum(isinstance(one, Record) for one in found) == 10_000
    assert isinstance(found[-1], Refusal)
    assert "50,000 entries" in found[-1].reason


def test_bytes_of_a_feed_count_for_more_than_what_it_declares(tmp_path: Path) -> None:
    feed = rss("<item><title>Brücke</title><description>Zoë Maß öffnete die Brücke am Montag.</description></item>")
    for encoding, declared in (("utf-8", "iso-8859-1"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-8")):
        raw = feed.replace("?>", f' encoding="{declared}"?>').encode(encoding)
        assert one(tmp_path / "a.rss", raw).text == "Zoë Maß öffnete die Brücke am Montag."


@pytest.mark.parametrize(
    "description",
    [
        "&lt;![CDATA[The lock opened on Monday.]]&gt;",
        "<![CDATA[The lock opened <b>on</b> Monday.]]>",
        "&lt;p&gt;The lock opened on Monday.&lt;/p&gt;",
        "&amp;lt;p&amp;gt;The lock opened on Monday.&amp;lt;/p&amp;gt;",
    ],
)
def test_what_is_escaped_once_too_often_is_text_all_the_same(description: str, tmp_path: Path) -> None:
    found = one(tmp_path / "a.rss", rss(f"<item><title>Lock</title><description>{description}</description></item>"))
    assert found.text == "The lock opened on Monday."


def test_a_dublin_core_date_is_when_an_rss_entry_was_published_and_an_update_of_atom_is_not(tmp_path: Path) -> None:
    core = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    item = "<title>Lock</title><link>https://lock.example/1</link><description>Boats pass.</description>"
    day = "<dc:date>2025-05-01T09:00:00Z</dc:date>"
    two = f'<rss version="2.0" {core}><channel><title>L</title><item>{item}{day}</item></channel></rss>'
    space = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    dated = f'<item rdf:about="https://lock.example/1">{item}<dc:date>2025-05-01T09:00:00Z</dc:date></item>'
    first = f'<rdf:RDF {space} {core}><channel rdf:about="https://lock.example/"><title>L</title></channel>{dated}</rdf:RDF>'
    for name, feed in (("a.xml", two), ("a.rdf", first)):
        assert one(tmp_path / name, feed).published == "2025-05-01T09:00:00Z"
    entry = "<entry><title>Lock</title><updated>2025-05-01T09:00:00Z</updated><summary>Boats pass.</summary></entry>"
    atom = one(tmp_path / "a.atom", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>L</title>{entry}</feed>')
    assert (atom.published, atom.modified) == (None, "2025-05-01T09:00:00Z")


def test_entries_that_share_a_link_wait_for_no_page_and_a_name_that_all_share_is_none(tmp_path: Path) -> None:
    def item(n: int, guid: str) -> str:
        link = "<link>https://lock.example/live</link>"
        name = f'<guid isPermaLink="false">{guid}</guid>'
        return f"<item><title>T{n}</title>{link}{name}<description>Lock {n} opened.</description></item>"

    named = [found for found in read(tmp_path / "a.rss", rss(item(1, "x-1"), item(2, "x-2"))) if isinstance(found, Record)]
    assert [found.link_only for found in named] == [False, False]
    assert len({found.key for found in named}) == 2
    shared = [found for found in read(tmp_path / "b.rss", rss(item(1, "x"), item(2, "x"))) if isinstance(found, Record)]
    assert [found.key for found in shared] == [None, None]
