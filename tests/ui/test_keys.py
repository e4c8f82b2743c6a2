"""Keys: who must send one, and what is told to who sends none."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import httpx
import pytest

from rag.errors import UsageError
from rag.settings import load_settings
from tests.ui.newsroom import Newsroom
from tests.ui.serving import serving
from ui.web.keys import Keys

KEY, OTHER = "correct-horse-battery", "another-long-enough-key"


def keys_file(folder: Path, text: str) -> Path:
    path = folder / "keys"
    path.write_text(text)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    hashed = hashlib.sha256(OTHER.encode()).hexdigest()
    return keys_file(tmp_path, f"# who may ask\n\ndesk {KEY}\n  wire   sha256:{hashed.upper()}\n")


class TestFile:
    def test_keys_are_written_as_they_are_or_as_their_hashes(self, path: Path) -> None:
        keys = Keys.read(path)
        assert (keys.holder(KEY), keys.holder(OTHER)) == ("desk", "wire")
        hashed = hashlib.sha256(OTHER.encode()).hexdigest()
        assert [keys.holder(each) for each in ("", KEY[:-1], KEY + " ", f"sha256:{hashed}", "\udcff")] == [None] * 5

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("desk", "line 1: write NAME KEY"),
            (f"desk {KEY} {KEY}", "line 1: write NAME KEY"),
            ("\ndesk short", "line 2: the key of 'desk' is shorter than 16"),
            ("desk sha256:abc", "line 1: sha256: wants the 64"),
            (f"desk {KEY}\ndesk {OTHER}", "line 2: the name 'desk' is there twice"),
            ("# nobody\n", "has no key"),
        ],
    )
    def test_what_is_no_key_is_refused_without_telling_it(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(UsageError, match=told) as refused:
            Keys.read(keys_file(tmp_path, text))
        assert KEY not in str(refused.value)

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="nowhere"):
            Keys.read(tmp_path / "nowhere")


class TestServing:
    def test_programs_on_this_machine_need_none(self, path: Path) -> None:
        with serving(Newsroom(settings=load_settings(api_keys_file=path))) as address:
            assert httpx.get(f"{address}/api/health").status_code == 200
            assert httpx.get(address).status_code == 200

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
    def test_who_comes_through_a_proxy_needs_one(self, path: Path, header: str) -> None:
        with serving(Newsroom(settings=load_settings(api_keys_file=path))) as address:
            assert httpx.get(f"{address}/api/health", headers={header: "203.0.113.7"}).status_code == 401
            sent = {header: "203.0.113.7", "Authorization": f"Bearer {KEY}"}
            assert httpx.get(f"{address}/api/health", headers=sent).status_code == 200

    def test_everyone_may_be_asked_for_one(self, path: Path) -> None:
        newsroom = Newsroom(settings=load_settings(api_keys_file=path, api_keys_loopback=True))
        with serving(newsroom) as address:
            for route, scheme in (
                ("/api/health", "Bearer"), ("/v1/models", "Bearer"), ("/mcp", "Bearer"), ("/", "Basic"), ("/a/ferry", "Basic"),
                ("/docs", "Basic"), ("/dateline/chat.css", "Basic"), ("/gradio_api/queue/data", "Basic"),
            ):  # fmt: skip
                response = httpx.get(address + route)
                assert (response.status_code, response.headers["www-authenticate"].split()[0]) == (401, scheme), route
                assert response.headers["x-content-type-options"] == "nosniff"
            assert httpx.get(f"{address}/v1/models").json()["error"]["code"] == "invalid_api_key"
            for given in (f"Bearer {KEY}", f"bearer {OTHER}", basic("anyone", KEY)):
                assert httpx.get(address, headers={"Authorization": given}).status_code == 200
            for given in ("Bearer", f"Bearer x{KEY}", KEY, basic(KEY, ""), "Basic é", "Basic !", f"Token {KEY}"):
                headers = {"Authorization": given.encode("latin-1")}
                assert httpx.get(f"{address}/api/health", headers=headers).status_code == 401  # type: ignore[arg-type]
            assert newsroom.questions == []

    def test_a_wrong_file_is_told_of_before_anything_is_served(self, tmp_path: Path) -> None:
        settings = load_settings(api_keys_file=tmp_path / "nowhere")
        with pytest.raises(UsageError, match="DATELINE_API_KEYS_FILE"), serving(Newsroom(settings=settings)):
            pass


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
