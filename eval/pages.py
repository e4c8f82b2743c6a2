"""Web pages to articles: how much of the text is found, and how often title and date are right.

    python -m eval.pages --data DIR
    python -m eval.pages --dates HTMLDATE/tests [--show]
    python -m eval.pages --paragraphs FUNDUS/tests/resources/parser/test_data [--show]

On the pages of Mozilla's Readability, with the text, title and date that are expected of each. The text is scored as in
Scrapinghub's article-extraction benchmark: shingles of four words, shares of those found, missed and added averaged over pages.
The reference is `trafilatura.extract` as it comes, without comments. With `--dates` or `--paragraphs`, on the test pages of
htmldate or of fundus, which lie in the folder that is given; `--show` lists those that are not as expected.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from lxml import html

from eval import pages_dates, pages_paragraphs
from eval.metrics.intervals import RESAMPLES, SEED, Interval
from eval.terminal import note, run, say, table
from ingest.article import assemble
from ingest.dates import read_date
from ingest.load.html import record_of_page
from ingest.load.record import Record
from rag.errors import InputError, UsageError

ARCHIVE = "html_pages.tar.gz"
SHINGLE = 4

_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    source: str
    text: str
    title: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all shingles found or expected, those found and expected, found alone, and expected alone."""

    both: float
    added: float
    missed: float


def read_pages(archive: Path) -> Iterator[Page]:
    """The pages of the archive by name. Raises InputError when it holds none."""
    files: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            folder, _, name = member.name.rpartition("/")
            if member.isfile() and name in ("source.html", "expected.html", "expected-metadata.json"):
                content = packed.extractfile(member)
                files.setdefault(folder, {})[name] = content.read().decode("utf-8", "replace") if content else ""
    whole = {folder: parts for folder, parts in sorted(files.items()) if len(parts) == 3}
    if not whole:
        raise InputError(f"{archive}: there is no page with what is expected of it")
    for folder, parts in whole.items():
        known: dict[str, Any] = json.loads(parts["expected-metadata.json"])
        published = read_date(known.get("publishedTime"), datetime.now(UTC)).value
        day = published.date() if isinstance(published, datetime) else published
        yield Page(
            folder.rpartition("/")[2], parts["source.html"], extract_shown_text(parts["expected.html"]), known.get("title"), day
        )


def extract_shown_text(page: str) -> str:
    """The words of a page, scripts aside."""
    tree = html.fromstring(page)
    for unseen in list(tree.iter("script", "style")):
        unseen.drop_tree()
    return " ".join(tree.itertext())


def shares(found: str, expected: str) -> Shares:
    left, right = shingles(found), shingles(expected)
    both = sum((left & right).values())
    whole = sum(left.values()) + sum(right.values()) - both or 1
    return Shares(both / whole, (sum(left.values()) - both) / whole, (sum(right.values()) - both) / whole)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))) if words else Counter()


def f1(rows: Sequence[Shares], picked: Sequence[int] | None = None) -> float:
    """Of the mean precision and recall over pages, those picked if any are."""
    chosen = rows if picked is None else [rows[at] for at in picked]
    both, added, missed = (sum(getattr(row, name) for row in chosen) for name in Shares.__slots__)
    return 2 * both / (2 * both + added + missed) if both else 0.0


def f1_interval(rows: Sequence[Shares], others: Sequence[Shares] | None = None) -> Interval:
    """F1, or how much higher it is than that of `others`, with its percentile bootstrap interval over pages."""

    def value(picked: Sequence[int] | None) -> float:
        return f1(rows, picked) - (f1(others, picked) if others else 0.0)

    draws = np.random.default_rng(SEED).integers(0, len(rows), (RESAMPLES, len(rows)))
    low, high = np.percentile([value(draw.tolist()) for draw in draws], [2.5, 97.5])
    return Interval(value(None), float(low), float(high), len(rows))


def title_is_right(found: str | None, expected: str | None) -> bool:
    """Equal but for punctuation and capitals, or without the site's name that is expected after it."""
    left, right = (_PLAIN.sub(" ", (title or "").casefold()).strip() for title in (found, expected))
    tail = (expected or "")[len(found or "") :].strip()
    return left == right or (bool(found) and right.startswith(left) and tail[:1] in "-–—|·:")


def main(
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help=f"The folder with {ARCHIVE}.")] = None,
    dates: Annotated[Path | None, typer.Option(help="A folder with pages and their days, as htmldate has it.")] = None,
    paragraphs: Annotated[Path | None, typer.Option(help="A folder with pages and their paragraphs, as fundus has it.")] = None,
    show: Annotated[bool, typer.Option("--show", help="List the pages that are not as expected.")] = False,
) -> None:
    """Score the text, titles and dates of pages against what is expected, and against plain trafilatura."""
    if dates or paragraphs:
        if dates:
            _say_days(dates, show)
        if paragraphs:
            _say_paragraphs(paragraphs, show)
        return
    if data is None:
        raise UsageError("say where the data sets are with --data or DATELINE_DATA")
    pages = list(read_pages(data / ARCHIVE))
    note(f"{len(pages)} pages")
    found = [record_of_page(page.source, None) for page in pages]
    ours = _score(pages, found)
    plain = [shares(plain_text(page.source), page.text) for page in pages]
    rows = [
        ("text, F1", _format_interval(f1_interval(ours))),
        ("trafilatura.extract, F1", _format_interval(f1_interval(plain))),
        ("difference", _format_interval(f1_interval(ours, plain), sign="+")),
        ("title right", _share(pages, found, lambda page, record: title_is_right(record.title, page.title))),
        ("date right, of pages with one", _share([page for page in pages if page.day], _score_date(pages, found), _day_is_right)),
    ]
    say(table(("", "value, 95 % interval"), rows))


def _say_days(folder: Path, show: bool) -> None:
    found = list(pages_dates.datings(pages_dates.read_expected(folder)))
    _say_all(found, pages_dates.rows_of(found), pages_dates.lines_of(found) if show else ())


def _say_paragraphs(folder: Path, show: bool) -> None:
    found = list(pages_paragraphs.keep_paragraphs(pages_paragraphs.read_expected(folder)))
    _say_all(found, pages_paragraphs.rows_of(found), pages_paragraphs.lines_of(found) if show else ())


def _say_all(found: Sequence[object], rows: Sequence[tuple[str, str]], lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
    say(table((f"{len(found)} pages", "value"), rows))


def plain_text(source: str) -> str:
    import trafilatura

    return trafilatura.extract(source, include_comments=False) or ""


def _score(pages: Sequence[Page], found: Sequence[object]) -> list[Shares]:
    return [
        shares(record.text if isinstance(record, Record) else "", page.text) for page, record in zip(pages, found, strict=True)
    ]


def _score_date(pages: Sequence[Page], found: Sequence[object]) -> list[object]:
    return [record for page, record in zip(pages, found, strict=True) if page.day]


def _day_is_right(page: Page, record: Record) -> bool:
    """By all places of the page that give a day, as at ingest."""
    made = assemble(record, None, datetime.now(UTC))
    found = made.article.source.published if made else None
    return (found.date() if isinstance(found, datetime) else found) == page.day


def _share(pages: Sequence[Page], found: Sequence[object], right: Callable[[Page, Record], bool]) -> str:
    good = sum(isinstance(record, Record) and right(page, record) for page, record in zip(pages, found, strict=True))
    return f"{good / max(1, len(pages)):.3f} ({good} of {len(pages)})"


def _format_interval(interval: Interval, sign: str = "") -> str:
    return f"{interval.value:{sign}.3f} [{interval.low:{sign}.3f}, {interval.high:{sign}.3f}]"


if __name__ == "__main__":
    run(main)
