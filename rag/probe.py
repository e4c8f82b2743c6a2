"""A look at an index from a process that may die of it.

A damaged index can end the process that opens it, run for ever, or write without end. So a child opens it first, with limits on
time, memory and file size, and says what it found.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.errors import DatelineError
from rag.protocols import DenseIndex, LexicalIndex
from rag.types import Entry, Filters
from rag.unix import limit_process

if TYPE_CHECKING:
    from rag.dense import ChromaIndex
    from rag.lexical import TantivyIndex

Part = Literal["dense", "lexical"]

NEIGHBOURS = 32
SAME = 0.999
"""A vector's cosine to itself, less what float32 loses."""
SECONDS = 90.0
BYTES_A_SECOND = 5_000_000
SPARE_BYTES = 256_000_000
SPARE_MEMORY = 8_000_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What the catalog says is in an index: how many entries, where that is certain, and some of them."""

    count: int | None
    sample: Sequence[Entry]


def probe(part: Part, directory: Path, expected: Expected) -> str | None:
    """What is wrong with the index in `directory`; None when it holds what is expected."""
    size = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rag.probe", part, str(directory.absolute()), str(size)],
            input=_question(expected),
            capture_output=True,
            timeout=SECONDS + size / BYTES_A_SECOND,
            cwd=Path(__file__).parents[1],
        )
    except subprocess.TimeoutExpired as error:
        return f"it does not open within {error.timeout:.0f} seconds"
    if done.returncode < 0:
        return f"it ends the process that opens it ({signal.Signals(-done.returncode).name})"
    try:
        return _run_child(done.stdout)
    except (ValueError, LookupError, TypeError):
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"it cannot be opened ({' '.join(last)[:200] or f'exit code {done.returncode}'})"


def _question(expected: Expected) -> bytes:
    sample = [
        {"id": entry.id, "words": f"{entry.title} {entry.text}", "vector": entry.vector.tolist()} for entry in expected.sample
    ]
    return json.dumps({"count": expected.count, "sample": sample}).encode()


def _run_child(output: bytes) -> str | None:
    problem = json.loads(output.splitlines()[-1])["problem"]
    return problem if problem is None else str(problem)


def examine(part: Part, directory: Path, count: int | None, sample: Sequence[dict[str, Any]]) -> str | None:
    """What `probe` returns, found out in this process."""
    index: ChromaIndex | TantivyIndex
    if part == "dense":
        from rag.dense import ChromaIndex

        index = ChromaIndex(directory)
        lost = [item["id"] for item in sample if not _reaches_vector(index, item)]
    else:
        from rag.lexical import TantivyIndex

        index = TantivyIndex(directory)
        lost = [item["id"] for item in sample if not _reaches_words(index, item)]
    held = index.count()
    if count is not None and held != count:
        return f"it holds {held} chunks where the catalog has {count}"
    if lost:
        return f"{len(lost)} of {len(sample)} chunks looked for are not found in it, {lost[0]} for one"
    return None


def _reaches_vector(index: DenseIndex, item: dict[str, Any]) -> bool:
    """Copies of a text share a vector; where they fill the whole list, the one looked for may be missing from it."""
    hits = index.search(np.asarray(item["vector"], np.float32), NEIGHBOURS, Filters())
    scores = {hit.chunk_id: hit.score for hit in hits}
    return scores.get(item["id"], 0.0) >= SAME or (len(hits) == NEIGHBOURS and hits[-1].score >= SAME)


def _reaches_words(index: LexicalIndex, item: dict[str, Any]) -> bool:
    if not index.split(item["words"]):
        return True
    hits = index.search(item["words"], NEIGHBOURS, Filters())
    return len(hits) == NEIGHBOURS or item["id"] in {hit.chunk_id for hit in hits}


def main() -> None:
    part, directory, size = sys.argv[1:]
    limit_process(memory=8 * int(size) + SPARE_MEMORY, file_size=2 * int(size) + SPARE_BYTES)
    question = json.loads(sys.stdin.buffer.read())
    try:
        problem = examine("dense" if part == "dense" else "lexical", Path(directory), question["count"], question["sample"])
    except DatelineError as error:
        problem = str(error)
    print(json.dumps({"problem": problem}), flush=True)
    os._exit(0)  # a damaged index may also hang or die when it is closed


if __name__ == "__main__":
    main()
