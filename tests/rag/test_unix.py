"""Locks and limits, and what another system is told."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from rag import unix
from rag.archive import Archive
from rag.errors import UnsupportedSystem

ROOT = Path(__file__).parents[2]


def child(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", f"from rag import unix\n{code}"], cwd=ROOT, capture_output=True, text=True)


def test_a_lock_is_exclusive_until_its_file_is_closed(tmp_path: Path) -> None:
    first, second = (os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(2))
    unix.lock(first)
    with pytest.raises(BlockingIOError):
        unix.lock(second, shared=True)
    os.close(first)
    unix.lock(second, shared=True)
    os.close(second)


def test_a_process_that_takes_more_memory_than_it_may_has_none_left() -> None:
    done = child("unix.limit_process(memory=1 << 30)\nbytearray(1 << 31)")
    assert "MemoryError" in done.stderr
    assert child("unix.limit_process(memory=1 << 30)\nbytearray(1 << 20)").returncode == 0


def test_a_process_that_writes_more_than_it_may_is_refused(tmp_path: Path) -> None:
    code = (
        f"import pathlib\nunix.limit_process(file_size=1000)\npathlib.Path({str(tmp_path / 'file')!r}).write_bytes(bytes(5000))"
    )
    assert child(code).returncode != 0
    assert (tmp_path / "file").stat().st_size == 1000


def test_a_process_that_computes_longer_than_it_may_is_ended() -> None:
    assert child("unix.limit_process(cpu_seconds=1)\nwhile True: pass").returncode < 0


def test_the_peak_is_at_least_what_is_held() -> None:
    done = child("held = bytearray(200 << 20)\nprint(unix.peak_memory())")
    assert 200 << 20 <= int(done.stdout) < 2 << 30


@pytest.mark.parametrize("name", ["fcntl", "resource"])
def test_a_system_without_them_is_told_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(UnsupportedSystem, match=rf"win32.*{name}.*WSL"):
        unix.lock(0) if name == "fcntl" else unix.limit_process()
    if name == "fcntl":
        with pytest.raises(UnsupportedSystem):
            Archive.open(tmp_path / "archive", create=True)


def test_nobody_else_imports_them() -> None:
    wanted = re.compile(r"^\s*(import|from) (fcntl|resource|msvcrt|pwd|grp|termios)\b", re.MULTILINE)
    files = [path for folder in ("rag", "ingest", "ui", "eval") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 100
    assert [str(path.relative_to(ROOT)) for path in files if wanted.search(path.read_text())] == []


def test_memory_that_only_refers_to_itself_is_given_back() -> None:
    class Ring:
        def __init__(self) -> None:
            self.own = self

    ring = Ring()
    kept = weakref.ref(ring)
    gc.disable()  # so that nothing else frees it
    try:
        del ring
        assert kept() is not None
        unix.give_back_memory()
        assert kept() is None
    finally:
        gc.enable()
