"""The measures of pages and feeds, on archives made here."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date
from pathlib import Path

import pytest

from eval import feeds, pages
from eval.pages import Shares, f1, f1_interval, shares, shingles, title_is_right
from eval.pages_dates import Dating, rows_of
from rag.errors import InputError, UsageError

WORDS = "The council of the harbour town met on Monday and spoke about the new bridge and its cost for the town. "


def packed(path: Path, files: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))


def test_shares_of_shingles() -> None:
    assert len(shingles("one two three four five")) == 2
    assert sum(shingles("one two").values()) == 1
    assert shingles("") == {}
    found = shares("a b c d e", "b c d e f")
    assert (found.both, found.added, found.missed) == (1 / 3, 1 / 3, 1 / 3)
    assert shares("", "") == Shares(0, 0, 0)


def test_f1_is_of_mean_precision_and_recall() -> None:
    rows = [Shares(1, 0, 0), Shares(0, 0, 1)]
    assert f1(rows) == pytest.approx(2 / 3)
    assert f1([Shares(0, 1, 0)]) == 0
    found = f1_interval(rows, [Shares(0, 0, 1)] * 2)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("found", "expected", "right"),
    [
        ("Bridge: agreed", "bridge agreed", True),
        ("Bridge", "Bridge | Gazette", True),
        ("Bridge", "Bridge falls", False),
        (None, "B", False),
    ],
)
def test_a_title_without_its_site_is_right(found: str | None, expected: str, right: bool) -> None:
    assert title_is_right(found, expected) is right


def test_pages_are_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (
        f"<html><head><title>Bridge agreed at last</title></head><body><article>{f'<p>{WORDS}</p>' * 4}</article></body></html>"
    )
    known = {"title": "Bridge agreed at last", "publishedTime": None}
    expected = f"<div>{f'<p>{WORDS}</p>' * 4}<script>no</script></div>"
    packed(
        tmp_path / pages.ARCHIVE,
        {"p/one/source.html": source, "p/one/expected.html": expected, "p/one/expected-metadata.json": json.dumps(known)},
    )
    (page,) = pages.read_pages(tmp_path / pages.ARCHIVE)
    assert (page.name, page.day, "no" in page.text.split()) == ("one", None, False)
    pages.main(tmp_path)
    said = capsys.readouterr().out
    assert f1([shares(page.text, page.text)]) == 1
    assert "1.000 (1 of 1)" in said
    assert "0.000 (0 of 0)" in said


def test_a_published_day_is_read(tmp_path: Path) -> None:
    known = {"title": "T", "publishedTime": "2021-11-01T23:52:50+0100"}
    packed(
        tmp_path / "a.tar.gz",
        {"p/source.html": "<p>a", "p/expected.html": "<p>a</p>", "p/expected-metadata.json": json.dumps(known), "p/x": "y"},
    )
    assert [page.day for page in pages.read_pages(tmp_path / "a.tar.gz")] == [date(2021, 11, 1)]


def test_feeds_are_counted_by_what_became_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed(
        tmp_path / feeds.ARCHIVE,
        {
            "f/good.xml": f"<rss><channel><item><title>T</title><description>{WORDS * 9}</description></item></channel></rss>",
            "f/empty.xml": "<rss><channel/></rss>",
            "f/none.xml": "nothing",
        },
    )
    feeds.main(tmp_path)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[2:]]
    assert sorted((row[0], row[-1]) for row in rows) == [("all", "3"), ("failed:", "1"), ("read", "1"), ("skipped:", "1")]


@pytest.mark.parametrize("main", [pages.main, feeds.main])
def test_the_data_must_be_named_and_there(main: object, tmp_path: Path) -> None:
    assert callable(main)
    with pytest.raises(UsageError, match="DATELINE_DATA"):
        main(None)
    for name in (pages.ARCHIVE, feeds.ARCHIVE):
        packed(tmp_path / name, {})
    with pytest.raises(InputError, match="there is no"):
        main(tmp_path)


def test_days_are_counted_by_what_is_wrong_with_them() -> None:
    day, next_day, old = date(2025, 3, 7), date(2025, 3, 8), date(2024, 1, 5)
    found = [
        Dating("right", day, day, "meta", 0.9),
        Dating("changed", day, old, "meta", 0.9, changed=day),
        Dating("zone", day, next_day, "meta", 0.9),
        Dating("doubted", day, old, "page", 0.3),
        Dating("none", day),
        Dating("wall", day, read=False),
    ]
    rows = dict(rows_of(found))
    assert rows["same day, of all pages"].startswith(f"{1 / 6:.3f}")
    assert rows["same day, of those that give an article"] == f"{1 / 5:.3f} (5)"
    assert (rows["another day"], rows["no day"]) == ("3", "2")
    assert rows["other days with confidence under 0.5"] == "1 of 3"
    assert rows["of the others, the day of the page's last change; one day apart"] == "1; 1"
    assert rows["same day, of those with confidence from 0.5"] == f"{1 / 3:.3f} (3)"
