"""The canary: what Dateline relies on of Gradio's undocumented protocol is still there.

Where one of these fails after an upgrade, `ui/web/gradio_protocol.py` is what to adapt, and the bound on `gradio` in
`pyproject.toml` what to lower until then.
"""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import gradio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from gradio import data_classes

from ui.web import gradio_protocol as protocol

ROOT = Path(__file__).parents[2]
ADAPT = "Gradio has changed: adapt ui/web/gradio_protocol.py"
SESSIONS = 7


@pytest.fixture(scope="module")
def app() -> FastAPI:
    with gradio.Blocks(analytics_enabled=False) as blocks:
        box = gradio.Textbox()
        box.submit(lambda text: text, box, box)
    blocks.queue()
    protocol.bound_sessions(blocks, SESSIONS)
    app = FastAPI(openapi_url=None)
    gradio.mount_gradio_app(app, blocks, "/", ssr_mode=False)
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


@pytest.mark.parametrize(
    "path",
    ["queue/join", "queue/data", "run/predict", "cancel", "reset", "startup-events", "heartbeat/abc"],
)
def test_the_paths_of_the_page_are_there_and_let_in(path: str, client: TestClient) -> None:
    assert client.delete(f"{protocol.PREFIX}nothing").status_code == 404
    assert client.delete(f"{protocol.PREFIX}{path}").status_code == 405, f"{ADAPT}: there is no {path} any more"
    assert re.fullmatch(protocol.CLIENT_PATHS, f"{protocol.PREFIX}{path}")


@pytest.mark.parametrize("path", ["upload", "file=/etc/passwd", "proxy=http://a.example", "info", "monitoring", "call/predict"])
def test_other_paths_are_not_let_in(path: str) -> None:
    assert not re.fullmatch(protocol.CLIENT_PATHS, f"{protocol.PREFIX}{path}")


@pytest.mark.parametrize("name", ["SOCIAL_CARD", "BASE", "FRAME_SCRIPT", "INLINE_SCRIPT"])
def test_what_is_taken_out_of_the_document_or_hashed_is_found_in_it(name: str, client: TestClient) -> None:
    document = client.get("/").text
    assert getattr(protocol, name).search(document), f"{ADAPT}: the document has no {name} as it looks there"
    cleaned = protocol.clean_document(document)
    assert "window.gradio_config" in cleaned, f"{ADAPT}: cleaning took out the page itself"
    assert "iframeResizer" not in cleaned


def test_the_page_asks_for_nothing_that_is_not_let_in(client: TestClient) -> None:
    document = protocol.clean_document(client.get("/").text)
    wanted = {path.split("?")[0] for path in re.findall(r'(?:src|href)="\.?(/[^"/][^"]*)"', document)}
    assert wanted
    assert [path for path in wanted if not re.fullmatch(protocol.CLIENT_PATHS, path)] == [], ADAPT


@pytest.mark.parametrize("name", ["PredictBody", "CancelBody"])
def test_bodies_name_their_session_as_ever(name: str) -> None:
    assert protocol._SESSION in getattr(data_classes, name).model_fields, f"{ADAPT}: {name} names its session otherwise"


def test_a_click_and_a_request_say_what_they_did() -> None:
    assert protocol.event_data(gradio.EventData(None, {"exchange": "1"})) == {"exchange": "1"}, ADAPT
    assert protocol.event_data(gradio.EventData(None, "text")) == {}
    assert protocol.session_of(gradio.Request(session_hash="abc")) == "abc", ADAPT
    assert protocol.session_of(gradio.Request()) == ""


def test_the_number_of_sessions_is_bounded(app: FastAPI) -> None:
    assert protocol.find_mounted_chat(app).state_holder.capacity == SESSIONS, f"{ADAPT}: the bound on sessions has no effect"


def test_open_streams_can_be_ended(app: FastAPI) -> None:
    chat = protocol.find_mounted_chat(app)
    assert isinstance(chat.stop_event, asyncio.Event), f"{ADAPT}: streams are ended otherwise"
    protocol.end_streams(chat)
    assert chat.stop_event.is_set()


def turned(session: str) -> str:
    return session[::-1]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/gradio_api/heartbeat/abc", "", ("/gradio_api/heartbeat/cba", "")),
        ("/gradio_api/queue/data", "session_hash=abc&x=1", ("/gradio_api/queue/data", "session_hash=cba&x=1")),
        ("/gradio_api/queue/data", "", ("/gradio_api/queue/data", "session_hash=")),
        ("/gradio_api/startup-events", "session_hash=abc", ("/gradio_api/startup-events", "session_hash=abc")),
    ],
)
def test_sessions_are_renamed_where_a_request_names_one(path: str, query: str, expected: tuple[str, str]) -> None:
    assert protocol.rename_session(path, query, turned) == expected


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_a_body_without_a_session_is_none(body: bytes) -> None:
    assert protocol.rename_session_in_body(body, turned) is None


def test_the_rest_of_a_body_stays() -> None:
    given: dict[str, Any] = {"session_hash": "abc", "data": ["é"], "fn_index": 3}
    renamed = protocol.rename_session_in_body(json.dumps(given).encode(), turned)
    assert json.loads(renamed or b"") == {**given, "session_hash": "cba"}


def test_nobody_else_touches_it() -> None:
    private = re.compile(r"gradio_api|session_hash|\._data\b|stop_event|state_session_capacity|state_holder")
    others = [path for path in (ROOT / "ui").rglob("*.py") if path.name != "gradio_protocol.py"]
    assert [path.name for path in others if private.search(path.read_text())] == []


@pytest.mark.parametrize("name", ["gradio", "openai"])
def test_the_next_major_version_is_not_taken_unseen(name: str) -> None:
    (wanted,) = [
        one for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"] if one.startswith(name)
    ]
    (pinned,) = re.findall(rf"^{name}==(\d+)\.", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert wanted.endswith(f",<{int(pinned) + 1}")
