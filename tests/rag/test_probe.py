"""The look at an index from another process: what it finds, and what may become of it meanwhile."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.archive import Archive
from rag.dense import ChromaIndex
from rag.errors import ArchiveDamaged, UsageError
from rag.guard import translate_panics
from rag.lexical import TantivyIndex
from rag.probe import NEIGHBOURS, Expected, Part, examine, probe
from rag.types import Entry
from tests.rag.stored import FINGERPRINT, many_stored

ARTICLES = 12


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    with Archive.open(tmp_path_factory.mktemp("entries") / "archive", create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(ARTICLES)))
        return archive.catalog.entries([f"a{number}" for number in range(ARTICLES)])


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> dict[Part, Path]:
    directory = tmp_path_factory.mktemp("indexes")
    for index in (ChromaIndex(directory / "dense"), TantivyIndex(directory / "lexical")):
        index.replace((), entries)
        index.close()
    return {"dense": directory / "dense", "lexical": directory / "lexical"}


def as_sample(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [{"id": one.id, "words": f"{one.title} {one.text}", "vector": one.vector.tolist()} for one in entries]


PARTS: list[Part] = ["dense", "lexical"]
LIMITED = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS)


@pytest.mark.parametrize("part", PARTS)
def test_a_whole_index_has_no_problem(part: Part, indexes: dict[Part, Path], entries: list[Entry]) -> None:
    assert examine(part, indexes[part], len(entries), as_sample(entries)) is None
    assert examine(part, indexes[part], None, as_sample(entries)) is None
    assert probe(part, indexes[part], Expected(len(entries), entries[::5])) is None


@pytest.mark.parametrize("part", PARTS)
def test_a_wrong_number_is_a_problem(part: Part, indexes: dict[Part, Path], entries: list[Entry]) -> None:
    problem = examine(part, indexes[part], len(entries) + 1, as_sample(entries))
    assert problem == f"it holds {len(entries)} chunks where the catalog has {len(entries) + 1}"


def test_what_cannot_be_found_is_a_problem(indexes: dict[Part, Path], entries: list[Entry]) -> None:
    absent = {"id": "gone#0-9", "words": "zeppelin quagga", "vector": (-entries[0].vector).tolist()}
    for part in PARTS:
        problem = examine(part, indexes[part], None, [*as_sample(entries[:3]), absent])
        assert problem == "1 of 4 chunks looked for are not found in it, gone#0-9 for one"


def test_words_that_no_index_keeps_are_not_looked_for(indexes: dict[Part, Path]) -> None:
    vector = np.zeros(32).tolist()
    assert examine("lexical", indexes["lexical"], None, [{"id": "marks#0-3", "words": "— … —", "vector": vector}]) is None


def test_one_of_more_copies_than_are_looked_at_may_be_missing_from_them(tmp_path: Path, entries: list[Entry]) -> None:
    copies = [replace(entries[0], id=f"copy#{number}") for number in range(NEIGHBOURS + 8)]
    for index in (ChromaIndex(tmp_path / "dense"), TantivyIndex(tmp_path / "lexical")):
        index.replace((), copies)
        index.close()
    sample = as_sample([*copies, replace(entries[0], id="one more#0")])
    assert examine("dense", tmp_path / "dense", len(copies), sample) is None
    assert examine("lexical", tmp_path / "lexical", len(copies), sample) is None
    lost = examine("dense", tmp_path / "dense", None, [{**sample[0], "vector": (-entries[0].vector).tolist()}])
    assert lost == "1 of 1 chunks looked for are not found in it, copy#0 for one"


def test_a_vector_of_other_words_is_a_problem(indexes: dict[Part, Path], entries: list[Entry]) -> None:
    first, other = as_sample(entries[:2])
    problem = examine("dense", indexes["dense"], None, [{**first, "vector": other["vector"]}])
    assert problem == f"1 of 1 chunks looked for are not found in it, {first['id']} for one"


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_index_is_a_problem(part: Part, tmp_path: Path, entries: list[Entry]) -> None:
    for name in ("chroma.sqlite3", "meta.json"):
        (tmp_path / name).write_bytes(b"\x00 garbled")
    with pytest.raises(ArchiveDamaged, match=str(tmp_path)):
        examine(part, tmp_path, None, as_sample(entries[:2]))
    problem = probe(part, tmp_path, Expected(None, entries[:2]))
    assert problem
    assert "fails" in problem


def child(code: str) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """`subprocess.run`, but that the process runs other code."""
    run = subprocess.run

    def instead(_: Sequence[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return run([sys.executable, "-c", code], check=False, **options)

    return instead


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "it ends the process that opens it (SIGSEGV)"),
        ("import time; time.sleep(60)", "it does not open within 1 seconds"),
        ("import sys; sys.exit('no such thing')", "it cannot be opened (no such thing)"),
        ("import sys; sys.exit(5)", "it cannot be opened (exit code 5)"),
        ("print('[]')", "it cannot be opened (exit code 0)"),
        ("print('{}')", "it cannot be opened (exit code 0)"),
        (r"import os; os.write(1, b'\xff\xfe')", "it cannot be opened (exit code 0)"),
        ("import sys; sys.exit('x' * 999)", f"it cannot be opened ({'x' * 200})"),
        ("print('Chroma says hello'); print('{\"problem\": null}')", None),
        ('print(\'{"problem": "it leaks"}\')', "it leaks"),
    ],
)
def test_whatever_becomes_of_the_process_is_told(
    code: str, problem: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.probe.subprocess.run", child(code))
    monkeypatch.setattr("rag.probe.SECONDS", 1.0 if "sleep" in code else 30.0)
    assert probe("dense", tmp_path, Expected(None, ())) == problem


ENDLESS = """
import json, sys
from rag import probe
probe.SPARE_BYTES, probe.SPARE_MEMORY = 1_000_000, 2_000_000_000
probe.examine = lambda part, directory, *_: {work}
sys.argv = ["probe", "dense", {directory!r}, "0"]
probe.main()
"""


@pytest.mark.parametrize(
    ("work", "problem"),
    [
        ("(directory / 'endless').write_bytes(bytes(3_000_000))", "File too large"),
        ("bytearray(4_000_000_000)", "MemoryError"),
        ("(directory / 'short').write_bytes(bytes(900_000)) and None", None),
    ],
)
def test_an_index_without_end_is_stopped(work: str, problem: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that looks has limits on its files and memory; this one stays the same."""
    monkeypatch.setattr("rag.probe.subprocess.run", child(ENDLESS.format(work=work, directory=str(tmp_path))))
    limits = [resource.getrlimit(kind) for kind in LIMITED]
    found = probe("dense", tmp_path, Expected(None, ()))
    assert found is None if problem is None else problem in str(found)
    assert all(file.stat().st_size <= 1_000_000 for file in tmp_path.iterdir())
    assert [resource.getrlimit(kind) for kind in LIMITED] == limits


class PanicException(BaseException):
    """Named as Rust's panics arrive."""


@pytest.mark.parametrize("error", [RuntimeError("bad page\nmore"), PanicException("bad page"), ValueError("bad page")])
def test_what_goes_wrong_in_an_index_is_one_error(error: BaseException, tmp_path: Path) -> None:
    with (
        pytest.raises(ArchiveDamaged, match=r"the dense index in .* fails: bad page; .*dateline rebuild"),
        translate_panics("dense", tmp_path),
    ):
        raise error


@pytest.mark.parametrize(
    ("error", "told"),
    [(PanicException(), "fails: PanicException;"), (OSError(" \n"), "fails: OSError;"), (OSError("x" * 999), "x;")],
)
def test_an_error_without_words_is_named_and_a_long_one_is_cut(error: BaseException, told: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match=told) as raised, translate_panics("dense", tmp_path):
        raise error
    assert raised.value.__cause__ is error
    assert len(str(raised.value)) < 400 + len(str(tmp_path))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit(), UsageError("k is 0")])
def test_signals_and_our_own_errors_pass(error: BaseException, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as raised, translate_panics("dense", tmp_path):
        raise error
    assert raised.value is error
