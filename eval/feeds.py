"""Feeds, good and broken: how many are read, and why the others are not.

    python -m eval.feeds --data DIR

On the feeds that feedparser is tested with. Each is read by a process that may take a limited time, so that none can hang or
end the run.
"""

from __future__ import annotations

import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from eval.terminal import note, run, say, table
from ingest.article import AssembledArticle
from ingest.files import FoundFile
from ingest.load import Refusal
from ingest.parse import parse_all
from rag.errors import InputError, UsageError

ARCHIVE = "feeds.tar.gz"
_PARTICULARS = re.compile(r"<unknown>.*|\(.*\)|\d[\d,]*")


def unpack_feeds(archive: Path, folder: Path) -> list[FoundFile]:
    """The feeds of the archive as files of the folder, by name. Raises InputError when there is none."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    files = [FoundFile(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    if not files:
        raise InputError(f"{archive}: there is no feed in it")
    return files


def outcomes(files: list[FoundFile]) -> Iterator[str]:
    """What became of each file: read, or why not in few words."""
    articles, reasons = 0, list[str]()
    for _, found in parse_all(iter(files), None, datetime.now(UTC)):
        if isinstance(found, AssembledArticle):
            articles += 1
        elif isinstance(found, Refusal):
            reasons.append(f"{found.outcome}: {_PARTICULARS.sub('…', found.reason)}")
        else:
            yield "read" if articles else reasons[0] if reasons else "nothing said"
            articles, reasons = 0, []


def main(
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help=f"The folder with {ARCHIVE}.")] = None,
) -> None:
    """Read every feed and count what became of them."""
    if data is None:
        raise UsageError("say where the data sets are with --data or DATELINE_DATA")
    with TemporaryDirectory() as folder:
        files = unpack_feeds(data / ARCHIVE, Path(folder))
        note(f"{len(files)} feeds")
        counts = Counter(outcomes(files))
    rows = [(outcome, str(count)) for outcome, count in counts.most_common()]
    say(table(("outcome", "feeds"), [*rows, ("all", str(counts.total()))]))


if __name__ == "__main__":
    run(main)
