"""How fast this checkout ingests beside another one, as a ratio that means the same on a busy machine.

    python -m eval.ingest_rate --articles OUT/articles.jsonl --other CHECKOUT [--count 200] [--turns 3] [--pages]

Both ingest the same articles with their own code and the model of the settings, by turns, each time in a process of its own and
into a new archive. What counts is the time on the processor, that of the processes which read files included; loading the model
does not count. The ratio is the other's time over this one's: above 1 this checkout is faster.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from eval.speed import as_pages, split
from eval.terminal import note, run, say, table
from rag.errors import DatelineError, InputError

HERE = Path(__file__).parents[1]
INGEST = """
import json, resource, sys, time
from pathlib import Path
from ingest.pipeline import ingest
from rag.embed import SentenceEmbedder
from rag.settings import load_settings

def used():
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)

settings = load_settings()
embedder = SentenceEmbedder(settings.model)
embedder.embed_documents(["warm"])
before, started = used(), time.perf_counter()
report = ingest(sys.argv[2:], Path(sys.argv[1]), settings, embedder=embedder)
json.dump({"cpu": used() - before, "wall": time.perf_counter() - started, "stored": report.stored}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """Seconds on the processor and by the clock, and the articles stored in them."""

    cpu: float
    wall: float
    stored: int


def ingest_with(checkout: Path, inputs: Sequence[Path], archive: Path) -> Ingested:
    """Ingest with a checkout's own code. Raises DatelineError with the last words of a process that fails."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", INGEST, str(archive), *map(str, inputs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=checkout)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise DatelineError(f"ingest with {checkout} ended with code {done.returncode}: {last}")
    return Ingested(**json.loads(done.stdout))


def ratio(this: Sequence[Ingested], other: Sequence[Ingested]) -> float:
    """The median time of the other over that of this one."""
    return median(one.cpu for one in other) / median(one.cpu for one in this)


def main(
    articles: Annotated[Path, typer.Option(help="Articles in Dateline's JSONL.")],
    other: Annotated[Path, typer.Option(help="Another checkout of Dateline.")],
    count: Annotated[int, typer.Option(min=1, help="Articles to ingest.")] = 200,
    turns: Annotated[int, typer.Option(min=1, help="How often each ingests them.")] = 3,
    pages: Annotated[bool, typer.Option("--pages", help="Ingest the articles as web pages, a file each.")] = False,
) -> None:
    """Compare this checkout's ingest with another one's."""
    other = other.expanduser().absolute()
    if not (other / "ingest" / "pipeline.py").is_file():
        raise InputError(f"{other} is no checkout of Dateline: it has no ingest/pipeline.py")
    done: dict[Path, list[Ingested]] = {HERE: [], other: []}
    with TemporaryDirectory() as folder:
        inputs = split(articles, count, 1, Path(folder))
        inputs = [as_pages(part) for part in inputs] if pages else inputs
        for turn in range(turns):
            for checkout in (HERE, other) if turn % 2 else (other, HERE):
                note(f"turn {turn + 1} of {turns}: {checkout}")
                took = ingest_with(checkout, inputs, Path(folder, f"{turn}-{checkout.name}-{checkout is HERE}"))
                note(f"{took.cpu:.1f} s on the processor")
                done[checkout].append(took)
    rows = [
        (str(checkout), str(some[-1].stored), f"{median(one.cpu for one in some):.1f}", f"{median(one.wall for one in some):.1f}")
        for checkout, some in done.items()
    ]
    say(table(("checkout", "stored", "seconds on the processor", "by the clock"), rows))
    say(f"The other's time over this one's: {ratio(done[HERE], done[other]):.2f}")


if __name__ == "__main__":
    run(main)
