"""Paragraphs of pages: how many of those that a crawler's own rules for each outlet find are in the article.

A folder as fundus tests with: for an outlet `NAME.json`, the article that is expected by each version of its rules, and beside it
`NAME_2024_08_01.html.gz`, its pages. A page belongs to the version most of whose paragraphs it holds.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from eval.metrics.intervals import mean_interval
from eval.terminal import note
from ingest.article import AssembledArticle
from ingest.dates import read_date
from ingest.files import FoundFile
from ingest.parse import parse
from rag.errors import InputError

STEP = 50
HALF = 0.5
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one page, the paragraphs that are expected and those that are not in the article; whether its day is right."""

    file: str
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    day_is_right: bool | None

    @property
    def share(self) -> float:
        return 1 - len(self.missing) / len(self.expected)


def read_expected(folder: Path) -> list[tuple[Path, Mapping[str, Any]]]:
    """Each page and what is expected of it. Raises InputError when the folder holds no such pages."""
    pairs: list[tuple[Path, Mapping[str, Any]]] = []
    for path in sorted(folder.rglob("*.html.gz")):
        name = re.sub(r"_\d{4}_\d\d_\d\d$", "", path.name.removesuffix(".html.gz"))
        listing = path.with_name(f"{name}.json")
        if listing.exists():
            versions = [one for one in json.loads(listing.read_text("utf-8")).values() if paragraphs_of(one)]
            there = letters(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
            if versions:
                pairs.append((path, max(versions, key=lambda one: _share_held(one, there))))
    if not pairs:
        raise InputError(f"{folder}: no NAME.json with pages NAME_YEAR_MONTH_DAY.html.gz beside it")
    return pairs


def _share_held(version: Mapping[str, Any], there: str) -> float:
    return sum(letters(one) in there for one in paragraphs_of(version)) / len(paragraphs_of(version))


def paragraphs_of(version: Mapping[str, Any]) -> tuple[str, ...]:
    """The summary and the paragraphs of all sections, without those that have no letter."""
    body = version.get("body") or {}
    parts = [*body.get("summary", ()), *(one for part in body.get("sections", ()) for one in part.get("paragraphs", ()))]
    return tuple(part for part in parts if letters(part))


def letters(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())


def keep_paragraphs(pages: Sequence[tuple[Path, Mapping[str, Any]]]) -> Iterator[Kept]:
    now = datetime.now(UTC)
    for number, (path, version) in enumerate(pages, start=1):
        if number % STEP == 0:
            note(f"{number} of {len(pages)} pages")
        made = next((one for one in parse(FoundFile(path.absolute()), None, now) if isinstance(one, AssembledArticle)), None)
        there = letters(made.article.text) if made else ""
        expected = paragraphs_of(version)
        missing = tuple(one for one in expected if letters(one) not in there)
        yield Kept(path.name, expected, missing, _day_is_right(version, made, now))


def _day_is_right(version: Mapping[str, Any], made: AssembledArticle | None, now: datetime) -> bool | None:
    if (expected := read_date(version.get("publishing_date"), now).value) is None:
        return None
    return made is not None and _day(made.article.source.published) == _day(expected)


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def rows_of(found: Sequence[Kept]) -> list[tuple[str, str]]:
    """What the table says of all pages."""
    mean = mean_interval([one.share for one in found])
    assert mean
    dated = [one.day_is_right for one in found if one.day_is_right is not None]
    all_ = sum(len(one.expected) for one in found)
    lost = sum(len(one.missing) for one in found)
    return [
        ("paragraphs found, mean of pages", f"{mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]"),
        ("paragraphs found, of all", f"{1 - lost / all_:.3f} ({all_ - lost} of {all_})"),
        (f"pages with less than {HALF:.0%}", f"{sum(one.share < HALF for one in found)} of {len(found)}"),
        ("same day", f"{sum(dated) / max(1, len(dated)):.3f} ({sum(dated)} of {len(dated)})"),
    ]


def lines_of(found: Sequence[Kept]) -> Iterator[str]:
    """The pages that lack some of their paragraphs, those that lack most first, with a paragraph that is missing."""
    for one in sorted(found, key=lambda one: one.share):
        if one.missing:
            yield f"{one.share:.2f}\t{one.file}\t{len(one.missing)} of {len(one.expected)}\t{one.missing[0][:160]!r}"
