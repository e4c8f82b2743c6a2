"""Serving, and asking an archive that another process serves."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Rag
from rag.errors import ArchiveInUse, StorageError, UsageError
from rag.settings import load_settings
from rag.types import Question
from tests.ui.conftest import Run, dateline_process
from ui.cli.desk import ServedDesk, open_desk, open_rag
from ui.cli.serve import DEMO_QUESTIONS, address_of, check_address, name_users, open_browser


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(*arguments: object) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`dateline` with these arguments and a free port, once it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = dateline_process(*arguments, "--port", port)
    try:
        while program.poll() is None:
            try:
                httpx.get(f"{url}/api/health", trust_env=False).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.2)
            else:
                break
        yield url, program
    finally:
        program.kill()
        program.communicate()


@pytest.mark.slow
def test_ask_and_search_go_to_the_process_that_serves_the_archive(dateline: Run, own_archive: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": 1, "question": "Who built the Heron Clock?"}\n{"id": 2, "question": ""}\n')
    with serving("serve", "--index", own_archive) as (url, program):
        asked = dateline("ask", DEMO_QUESTIONS[0], "--since", "2024", "--index", own_archive, "--json")
        found = dateline("search", "Heron Clock", "-k", "2", "--index", own_archive, "--json")
        lines = dateline("ask", "--batch", batch, "--index", own_archive, "--json")
        rebuilt = dateline("rebuild", "--index", own_archive)
        program.send_signal(signal.SIGTERM)
        out, _ = program.communicate(timeout=60)
    assert (asked.code, json.loads(asked.out)["filters"]["since"]) == (0, "2024-01-01")
    assert url in asked.err
    assert len(json.loads(found.out)["hits"]) == 2
    assert lines.code == 3
    assert [json.loads(line)["id"] for line in lines.out.splitlines()] == [1, 2]
    assert (rebuilt.code, str(program.pid) in rebuilt.err) == (1, True)
    assert (program.returncode, out) == (143, "")


@pytest.mark.slow
def test_what_another_process_ingests_is_answered_without_a_restart(dateline: Run, own_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("The tramway of Quellport was opened by the engineer Ines Calder on 3 May 2025.")
    with serving("serve", "--index", own_archive) as (url, program):
        done = dateline("ingest", tmp_path / "news.txt", "--index", own_archive, "--json")
        assert (done.code, json.loads(done.out)["stored"], str(program.pid) in done.err) == (0, 1, True)
        for _ in range(100):
            asked = httpx.post(f"{url}/api/ask", json={"question": "Who opened the tramway of Quellport?"}, trust_env=False)
            if "Ines Calder" in asked.json()["text"]:
                break
            time.sleep(0.2)
        else:
            pytest.fail("the new article is not answered from")


@pytest.mark.slow
def test_an_archive_with_nothing_in_it_is_served(tmp_path: Path) -> None:
    with serving("serve", "--index", tmp_path / "new") as (url, _):
        answer = httpx.post(f"{url}/api/ask", json={"question": "Who?"}, trust_env=False).json()
    assert answer["status"] == "abstained"


def test_a_port_in_use_is_said_before_anything_is_made(dateline: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            done = dateline(command, "--port", port, "--index", tmp_path / "ix")
            assert (done.code, str(port) in done.err) == (1, True)
    assert not (tmp_path / "ix").exists()


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_an_address_that_others_can_reach_is_warned_of(host: str, warned: bool, capsys: pytest.CaptureFixture[str]) -> None:
    check_address(host, free_port())
    assert ("no login" in capsys.readouterr().err) == warned


def test_the_browser_opens_once_the_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        open_browser("127.0.0.1", port)
    assert opened == [f"http://127.0.0.1:{port}"]
    assert address_of("::1", 80) == "http://[::1]:80"


def test_the_demo_asks_what_its_gold_set_asks(sample_dir: Path) -> None:
    with (sample_dir / "gold.jsonl").open() as file:
        assert set(DEMO_QUESTIONS) <= {json.loads(line)["question"] for line in file}


def desk(status: int, content: bytes) -> ServedDesk:
    return ServedDesk(
        "http://127.0.0.1:9", httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, content=content)))
    )


@pytest.mark.parametrize(
    ("status", "content", "error", "words"),
    [
        (400, b'{"detail": "since: what?"}', UsageError, "since: what?"),
        (503, b'{"detail": "busy"}', StorageError, "busy"),
        (200, b"<html>", StorageError, "does not answer"),
        (200, b"[]", StorageError, "200"),
    ],
)
def test_what_a_server_refuses_is_an_error(status: int, content: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        desk(status, content).ask(Question("Who?"))


def test_a_server_that_is_gone_is_an_error() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(StorageError, match="refused"):
        ServedDesk("http://127.0.0.1:9", httpx.Client(transport=httpx.MockTransport(refuse))).search(Question("Who?"))


@pytest.mark.parametrize("url", [None, "http://198.51.100.7:80", "http://evil.example", "http://127.0.0.1.evil.example"])
def test_a_question_never_leaves_the_machine(url: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(**_: Any) -> None:
        raise ArchiveInUse("in use by pid 7", 7, url)

    monkeypatch.setattr("rag.pipeline.Rag.open", refuse)
    with pytest.raises(ArchiveInUse), open_desk(load_settings(index=tmp_path)):
        pass


@pytest.mark.slow
def test_a_served_archive_is_backed_up_and_asked_from_python_and_over_mcp(
    dateline: Run, own_archive: Path, tmp_path: Path
) -> None:
    with serving("serve", "--index", own_archive) as (url, _):
        done = dateline("backup", tmp_path / "whole.tar", "--index", own_archive, "--json")
        assert (done.code, json.loads(done.out)["articles"] > 0) == (0, True)
        with Rag.open(url) as rag, open_rag(load_settings(index=own_archive)) as other:
            told = rag.ask(DEMO_QUESTIONS[0])
            assert told.status == "answered"
            for citation in told.citations:
                article = rag.article(citation.source.id)
                assert article is not None
                assert article.text[citation.start : citation.end] == citation.quote
            assert other.ask(DEMO_QUESTIONS[0]).text == told.text
            assert rag.timeline("the Heron Clock", lines=3).form == "timeline"
        metrics = httpx.get(f"{url}/metrics", trust_env=False).text
        assert "dateline_index_lag_changes 0.0" in metrics


@pytest.mark.parametrize(
    ("option", "told"), [(("--share-token", "owner"), "reader and editor"), (("--root-path", "/a b"), "write a path")]
)
def test_what_cannot_be_shared_or_reached_is_refused(dateline: Run, tmp_path: Path, option: tuple[str, str], told: str) -> None:
    finished = dateline("serve", "--index", tmp_path / "none", *option)
    assert finished.code == 2
    assert told in finished.err
    assert not (tmp_path / "none").exists()


def test_links_are_made_for_the_roles_that_are_asked_for_and_nobody_else_gets_in() -> None:
    assert name_users(load_settings(), ()) == (None, [])
    users, tokens = name_users(load_settings(), ("reader", "editor"))
    assert users
    assert [role for role, _ in tokens] == ["reader", "editor"]
    assert [found.role for _, token in tokens if (found := users.find(token))] == ["reader", "editor"]
