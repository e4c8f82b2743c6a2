"""The day of pages: how often it is the right one, and how sure the wrong ones are.

A folder as htmldate tests with: `eval_*.json` maps an address to `{"file": …, "date": "2025-08-04"}`, and the file lies somewhere
below. The address is not told to Dateline, only what is in the file, and its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from eval.metrics.intervals import mean_interval
from eval.terminal import note
from ingest.article import AssembledArticle
from ingest.files import FoundFile
from ingest.parse import parse
from rag.errors import InputError

SURE = 0.5
"""From this confidence on a date counts as told for sure."""
STEP = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Dating:
    """What was found for one page; `found` is None where nothing was, `changed` the day of the last change that the page gives.

    `read` is False where the page gave no article.
    """

    file: str
    expected: date
    found: date | None = None
    found_in: str = "none"
    confidence: float = 0.0
    changed: date | None = None
    read: bool = True

    @property
    def right(self) -> bool:
        return self.found == self.expected

    @property
    def wrong(self) -> bool:
        return self.found is not None and not self.right

    @property
    def is_near(self) -> bool:
        """Whether a day is found that is one day from the expected one, as in another time zone."""
        return self.found is not None and abs((self.found - self.expected).days) == 1


def read_expected(folder: Path) -> list[tuple[Path, date]]:
    """Each page and its day. Raises InputError when the folder names none."""
    where = {path.name: path for path in sorted(folder.rglob("*")) if path.is_file()}
    known: dict[str, dict[str, str | None]] = {}
    for listing in sorted(folder.glob("eval_*.json")):
        known.update(json.loads(listing.read_text("utf-8")))
    dated = [one for one in known.values() if _DAY.fullmatch(str(one.get("date"))) and one.get("file") in where]
    pages = [(where[str(one["file"])], date.fromisoformat(str(one["date"]))) for one in dated]
    if not pages:
        raise InputError(f"{folder}: no eval_*.json in it names a page that lies below; give the folder with both")
    return pages


def datings(pages: Sequence[tuple[Path, date]]) -> Iterator[Dating]:
    now = datetime.now(UTC)
    for number, (path, expected) in enumerate(pages, start=1):
        if number % STEP == 0:
            note(f"{number} of {len(pages)} pages")
        yield _date(path, expected, now)


def _date(path: Path, expected: date, now: datetime) -> Dating:
    made = next((one for one in parse(FoundFile(path.absolute()), None, now) if isinstance(one, AssembledArticle)), None)
    if made is None:
        return Dating(path.name, expected, read=False)
    source = made.article.source
    days = [value.date() if isinstance(value, datetime) else value for value in (source.published, source.modified)]
    return Dating(path.name, expected, days[0], source.published_from, source.published_confidence or 0.0, days[1])


def rows_of(found: Sequence[Dating]) -> list[tuple[str, str]]:
    """What the table says of all pages."""
    right = mean_interval([float(one.right) for one in found])
    assert right
    wrong = [one for one in found if one.wrong]
    unsure = sum(one.confidence < SURE for one in wrong)
    sure = [one.right for one in found if one.found and one.confidence >= SURE]
    trusted = [one for one in wrong if one.confidence >= SURE]
    of_change = sum(one.expected == one.changed for one in trusted)
    near = sum(one.expected != one.changed and one.is_near for one in trusted)
    articles = [one.right for one in found if one.read]
    return [
        ("same day, of all pages", f"{right.value:.3f} [{right.low:.3f}, {right.high:.3f}] ({sum(one.right for one in found)})"),
        ("same day, of those that give an article", f"{sum(articles) / max(1, len(articles)):.3f} ({len(articles)})"),
        ("another day", f"{len(wrong)}"),
        ("no day", f"{sum(one.found is None for one in found)}"),
        (f"other days with confidence under {SURE}", f"{unsure} of {len(wrong)}"),
        ("of the others, the day of the page's last change; one day apart", f"{of_change}; {near}"),
        (
            f"same day, of those with confidence from {SURE}",
            f"{sum(sure) / max(1, len(sure)):.3f} ({len(sure)})",
        ),
    ]


def lines_of(found: Sequence[Dating]) -> Iterator[str]:
    """The pages whose day is not the expected one, a line each."""
    for one in found:
        if not one.right:
            yield f"{one.file}\texpected {one.expected}\tfound {one.found} in {one.found_in}, {one.confidence:.2f}"
