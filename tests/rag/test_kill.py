"""Processes killed at named points and at random moments: nothing acknowledged is lost, and the same work run again ends well."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.archive import Archive, open_catalog
from rag.interrupt import finish_batch
from tests.rag.killed import ARTICLES, POINTS
from tests.rag.stored import check_whole


def start(directory: Path, point: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.rag.killed", str(directory), point]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def acknowledged(output: str) -> dict[str, str]:
    """Digests by article id, of the last version that was printed whole."""
    return dict(line.split("=", 1) for line in output.splitlines(keepends=True) if line.endswith("\n"))


def check_kept(directory: Path, output: str) -> None:
    with open_catalog(directory) as catalog:
        for article_id, digest in acknowledged(output).items():
            digests = [version.digest for version in catalog.versions(article_id)]
            assert digest.strip() in digests or article_id == "a7"


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_at(point: str, tmp_path: Path) -> None:
    directory = tmp_path / "archive"
    child = start(directory, point)
    output, _ = child.communicate(timeout=300)
    assert child.returncode == (0 if point == "never" else -signal.SIGKILL)
    check_kept(directory, output)
    with Archive.open(directory) as archive:
        check_whole(archive, dense=archive.dense is not None, every=5)
        assert archive.dense or archive.notices
    again = start(directory, "never")
    output, _ = again.communicate(timeout=300)
    assert again.returncode == 0
    check_kept(directory, output)
    with Archive.open(directory) as archive:
        check_whole(archive, every=5)
        assert archive.notices == ()
        assert archive.catalog.counts().articles == ARTICLES - 1
    assert len(list((directory / "generations").iterdir())) == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_again_and_again_at_random(number: signal.Signals, tmp_path: Path) -> None:
    directory = tmp_path / "archive"
    chance = random.Random(number)
    for _ in range(6):
        child = start(directory, "never")
        time.sleep(chance.uniform(1.5, 6))
        child.send_signal(number)
        output, _ = child.communicate(timeout=300)
        if (directory / "catalog.sqlite3").exists():
            check_kept(directory, output)
            with Archive.open(directory) as archive:
                check_whole(archive, dense=archive.dense is not None, every=13)
    assert start(directory, "never").wait(timeout=300) == 0
    with Archive.open(directory) as archive:
        check_whole(archive, every=5)


def test_a_signal_waits_for_the_end_of_the_batch() -> None:
    done = []

    def work() -> None:
        with finish_batch() as stopping:
            assert not stopping()
            with finish_batch():
                signal.raise_signal(signal.SIGINT)
                done.append("the inner batch")
            assert stopping()
            done.append("the outer batch")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had this process ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["the inner batch", "the outer batch"]
