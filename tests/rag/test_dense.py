"""Chroma, and the plain index of memory that it is measured against."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.dense import ChromaIndex
from rag.protocols import DenseIndex
from rag.types import Entry, Filters, Hit, Vectors
from tests.fakes import MemoryDense
from tests.rag.index_contract import ANY, EMBEDDER, IndexContract, Searched, ids, make_entries


@pytest.fixture(params=["chroma", "memory"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DenseIndex]:
    opened: DenseIndex = ChromaIndex(tmp_path / "chroma") if request.param == "chroma" else MemoryDense()
    yield opened
    opened.close()


@pytest.fixture
def oracle() -> DenseIndex:
    return MemoryDense()


class TestDense(IndexContract):
    @staticmethod
    def search(index: Searched, words: str, k: int, filters: Filters = ANY) -> list[Hit]:
        assert isinstance(index, (ChromaIndex, MemoryDense))
        return index.search(EMBEDDER.embed_query(words), k, filters)

    def test_scores_are_cosines(self, index: DenseIndex) -> None:
        entries = make_entries(20)
        index.replace([], entries)
        vector = EMBEDDER.embed_query("mayor number7x0 flood")
        cosines = {entry.id: float(entry.vector @ vector) for entry in entries}
        for hit in index.search(vector, 10, Filters()):
            assert hit.score == pytest.approx(cosines[hit.chunk_id], abs=1e-5)


def unit_vectors(count: int, dimension: int = 64) -> Vectors:
    """In clusters, as vectors of texts are."""
    chance = np.random.default_rng(7)
    centres = chance.normal(size=(40, dimension))
    vectors = centres[chance.integers(40, size=count)] + 0.5 * chance.normal(size=(count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_finds_nearly_all_true_neighbours_with_and_without_a_filter(tmp_path: Path) -> None:
    vectors = unit_vectors(2_000)
    entries = [Entry(f"a{n}#0-1", f"a{n}", 1000 + n % 50, None, "", "", vector) for n, vector in enumerate(vectors)]
    chroma, oracle = ChromaIndex(tmp_path), MemoryDense()
    for each in (chroma, oracle):
        each.replace([], entries)
    few = Filters(since=date.fromordinal(1000), before=date.fromordinal(1002))
    for filters in (Filters(), few):
        found = [
            len(set(ids(chroma.search(vector, 50, filters))) & set(ids(oracle.search(vector, 50, filters))))
            for vector in vectors[:40]
        ]
        assert np.mean(found) / 50 > 0.97
    chroma.close()


def test_many_threads_may_open_and_ask_at_once(tmp_path: Path) -> None:
    entries = make_entries(30)
    start = threading.Barrier(16)

    def use(number: int) -> list[str]:
        start.wait()
        opened = ChromaIndex(tmp_path / str(number))
        opened.replace([], entries)
        found = ids(opened.search(entries[number].vector, 1, Filters()))
        opened.close()
        return found

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(use, range(16))) == [[entries[n].id] for n in range(16)]


def test_asking_while_writing(tmp_path: Path) -> None:
    opened = ChromaIndex(tmp_path)
    entries = make_entries(200)
    opened.replace([], entries[:100])
    with ThreadPoolExecutor(4) as threads:
        writing = threads.submit(opened.replace, [], entries[100:])
        found = list(threads.map(lambda entry: ids(opened.search(entry.vector, 1, Filters())), entries[:100]))
        writing.result()
    exact = sum(hits == [entry.id] for hits, entry in zip(found, entries[:100], strict=True))
    assert exact >= 95  # the graph is approximate: once in a few hundred questions it does not reach the nearest of these vectors
    assert all(len(hits) == 1 for hits in found)
    assert opened.count() == len(entries)
    opened.close()


class Bomb:
    """A pickle that writes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self._path,)


def test_a_poisoned_pickle_runs_no_code(tmp_path: Path) -> None:
    directory, canary = tmp_path / "chroma", tmp_path / "canary"
    entries = make_entries(600)
    first = ChromaIndex(directory)
    first.replace([], entries)
    first.close()
    pickles = list(directory.rglob("*.pickle"))
    assert pickles, "the index is large enough to have been flushed"
    for file in pickles:
        file.write_bytes(pickle.dumps(Bomb(canary)))
    code = (
        "import sys; from pathlib import Path; from rag.probe import examine\n"
        "print(examine('dense', Path(sys.argv[1]), None, [{'id': 'x', 'vector': [1.0] * 32, 'words': ''}]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(directory)], capture_output=True, timeout=120)
    assert done.returncode != 0 or b"None" not in done.stdout, "the damage is noticed"
    assert not canary.exists()
    pickle.loads(pickles[0].read_bytes())
    assert canary.exists(), "the pickle is live: reading it as one runs its code"
