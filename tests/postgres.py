"""A PostgreSQL server of the tests' own: in a temporary directory, on a socket there, run by a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

LIKELY = "/usr/lib/postgresql/*/bin/postgres"
UNPRIVILEGED = ("postgres", "nobody")
SECONDS = 120
OPTIONS = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300")


class Unobtainable(Exception):
    """Why there can be no server here."""


class PostgresServer:
    """Started with `start`, ended with `stop`, as often as a test likes; `remove` ends it and deletes what it stored."""

    def __init__(self) -> None:
        self._programs = find_programs()
        self._user = unprivileged_user()
        self._directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has few characters
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._own(self._directory)
        self._run("initdb", "--pgdata", str(self._data), "--username=dateline", "--auth=trust", "--encoding=UTF8", "--no-sync")

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def start(self) -> None:
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._directory), *OPTIONS]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user())
        until = time.monotonic() + SECONDS
        while self._run("pg_isready", "--quiet", "--host", str(self._directory), check=False):
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError((self._directory / "log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """At once, with every connection cut."""
        if self._process is not None:
            self._process.send_signal(2)  # SIGINT: fast shutdown
            self._process.wait(SECONDS)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def address(self) -> str:
        """Of a new, empty database."""
        self._made += 1
        name = f"archive{self._made}"
        self._run("createdb", "--host", str(self._directory), "--username=dateline", name)
        return f"postgresql+psycopg://dateline@/{name}?host={quote(str(self._directory), safe='')}"

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run(
            [str(self._programs / program), *arguments], capture_output=True, timeout=SECONDS, **self._as_user()
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.returncode

    def _own(self, path: Path) -> None:
        if self._user:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _as_user(self) -> dict[str, Any]:
        user = self._user
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"} if user else {"cwd": "/"}


def find_programs() -> Path:
    """Where `initdb` and the others are. Raises Unobtainable."""
    found = shutil.which("initdb")
    likely = [Path(found).resolve().parent] if found else sorted({path.parent for path in Path("/").glob(LIKELY[1:])})
    if not likely:
        raise Unobtainable("PostgreSQL is not installed: apt-get install postgresql")
    return likely[-1]


def unprivileged_user() -> pwd.struct_passwd | None:
    """The server refuses to run as root: who it runs as instead. None where the tests are somebody without rights themselves."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unobtainable(f"the tests run as root, and none of the users {', '.join(UNPRIVILEGED)} is there to run PostgreSQL")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server of this process's own; tests that want it are skipped where it cannot be had."""
    server = new_postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A running server that a test may stop and start."""
    server = new_postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def new_postgres() -> PostgresServer:
    pytest.importorskip("psycopg", reason='psycopg is not installed: pip install "dateline[postgres]"')
    try:
        return PostgresServer()
    except Unobtainable as error:
        pytest.skip(str(error))
