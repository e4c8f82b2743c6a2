"""Several servers that answer from one catalog in PostgreSQL, while they, their disks and the database come and go."""

from __future__ import annotations

import shutil
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.archive import move
from tests.postgres import PostgresServer
from tests.ui.conftest import Run
from tests.ui.test_cli_serve import serving

PATIENCE = 120.0
"""Seconds after which what should happen is taken not to happen, on however busy a machine."""
TRAMWAY = (
    "Who opened the tramway of Quellport?",
    "The tramway of Quellport was opened by the engineer Ines Calder on 3 May 2025.",
)
LOCK = (
    "Who drained the lock of Ostrava Mills?",
    "The lock of Ostrava Mills was drained by the warden Pim Roscoe on 9 June 2025.",
)


def ask(url: str, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{url}/api/ask", json={"question": question}, trust_env=False, timeout=PATIENCE).json()
    return answer


def eventually(url: str, question: str, words: str, *, said: bool = True) -> None:
    """Waits until the server's answer has these words, or has them no more."""
    began = time.monotonic()
    while (words in str(ask(url, question))) != said:
        assert time.monotonic() < began + PATIENCE, f"{url} {'does not say' if said else 'still says'} {words!r}"
        time.sleep(0.2)


def replica(address: str, directory: Path) -> AbstractContextManager[tuple[str, Any]]:
    return serving("serve", "--catalog", address, "--index", directory)


@pytest.mark.slow
def test_every_server_answers_from_what_is_there_and_none_from_what_was_forgotten(
    own_postgres: PostgresServer, own_archive: Path, dateline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = own_postgres.address()
    move(str(own_archive), address)
    monkeypatch.setenv("DATELINE_CATALOG", address)
    for name, (_, text) in (("tramway.txt", TRAMWAY), ("lock.txt", LOCK)):
        (tmp_path / name).write_text(text)

    with ExitStack() as running:
        (one, _), (two, killed), (three, _) = (running.enter_context(replica(address, tmp_path / n)) for n in ("1", "2", "3"))
        assert dateline("ingest", tmp_path / "tramway.txt", "--index", tmp_path / "4").code == 0
        for url in (one, two, three):
            eventually(url, TRAMWAY[0], "Ines Calder")

        killed.kill()
        killed.wait()
        shutil.rmtree(tmp_path / "2")
        tramway = ask(one, TRAMWAY[0])["citations"][0]["article_id"]
        assert dateline("forget", tramway, "--index", tmp_path / "4").code == 0
        assert dateline("ingest", tmp_path / "lock.txt", "--index", tmp_path / "4").code == 0
        again, _ = running.enter_context(replica(address, tmp_path / "2"))
        for url in (one, again, three):
            eventually(url, LOCK[0], "Pim Roscoe")
            eventually(url, TRAMWAY[0], "Ines Calder", said=False)

        own_postgres.stop()
        for url in (one, again, three):
            answer = ask(url, LOCK[0])
            assert "Pim Roscoe" in answer["text"]
            assert "cannot be reached" in " ".join(answer["notices"])
        own_postgres.start()
        assert dateline("ingest", tmp_path / "tramway.txt", "--restore", "--index", tmp_path / "4").code == 0
        for url in (one, again, three):
            eventually(url, TRAMWAY[0], "Ines Calder")
            assert ask(url, LOCK[0])["notices"] == []
