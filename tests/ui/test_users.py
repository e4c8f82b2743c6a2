"""Who may do what: tokens, roles, how often one may ask, and the server below a path of a proxy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rag.errors import UsageError
from rag.settings import load_settings
from tests.ui.newsroom import Newsroom
from tests.ui.proxy import passing_on
from tests.ui.serving import Visitor, serving
from ui.web.below import root_path
from ui.web.rates import Rates, TooOften
from ui.web.roles import User
from ui.web.users import Users, role_named

ANNA, BEN = "a-token-that-is-long", "b-token-that-is-long"
FILE = {"upload": ("a.txt", b"The bridge is open.")}


@pytest.fixture
def users(tmp_path: Path) -> Users:
    hashed = hashlib.sha256(BEN.encode()).hexdigest()
    (tmp_path / "users").write_text(f"# who may come in\nanna editor {ANNA}\n\nben reader sha256:{hashed}\n")
    return Users.read(tmp_path / "users")


@pytest.fixture
def address(users: Users) -> Iterator[str]:
    with serving(Newsroom(), users=users) as address:
        yield address


@contextmanager
def entered(address: str, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, follow_redirects=True, trust_env=False) as client:
        assert client.get("/dateline/enter", params={"token": token}).status_code == 200
        yield client


class TestUsers:
    def test_a_token_tells_who_somebody_is(self, users: Users) -> None:
        assert users.find(ANNA) == User("editor", "anna")
        assert users.find(BEN) == User("reader", "ben")
        assert users.find("") is None

    def test_a_shared_link_is_one_user_more(self, users: Users) -> None:
        more, token = users.and_shared("reader")
        assert (found := more.find(token))
        assert found.role == "reader"
        assert more.find(ANNA) == User("editor", "anna")
        assert users.find(token) is None

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "has no user"),
            ("anna editor", "line 1: write NAME reader TOKEN"),
            (f"anna owner {ANNA}", "'owner' is no role"),
            ("anna editor short", "shorter than 16"),
            (f"anna editor {ANNA}\nanna reader {BEN}", "is there twice"),
        ],
    )
    def test_a_file_that_cannot_be_meant_is_refused_without_its_tokens(self, tmp_path: Path, text: str, told: str) -> None:
        (tmp_path / "users").write_text(text)
        with pytest.raises(UsageError, match=told) as refused:
            Users.read(tmp_path / "users")
        assert ANNA not in str(refused.value)

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            Users.read(tmp_path / "none")

    def test_an_unknown_role_is_refused(self) -> None:
        assert role_named("Editor") == "editor"
        with pytest.raises(UsageError, match="reader and editor"):
            role_named("owner")


class TestDoor:
    def test_nobody_gets_in_without_a_token(self, address: str) -> None:
        page = httpx.get(address)
        assert page.status_code == 401
        assert "asks who you are" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        for path in ("/dateline/library", "/a/ferry", "/docs"):
            assert httpx.get(address + path).status_code == 401
        assert httpx.post(address + "/api/ask", json={"question": "Who?"}).status_code == 401
        assert httpx.get(address + "/dateline/chat.css").status_code == 200

    def test_what_watches_the_process_on_its_own_machine_needs_none(self, address: str) -> None:
        assert httpx.get(address + "/api/health").status_code == 200
        assert httpx.get(address + "/api/health", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401

    def test_a_wrong_token_is_told(self, address: str) -> None:
        refused = httpx.post(address + "/dateline/enter", data={"token": "guessed"})
        assert refused.status_code == 401
        assert "not known here" in refused.text

    def test_the_token_of_a_link_stays_in_a_cookie_that_scripts_cannot_read(self, address: str) -> None:
        entering = httpx.get(address + "/dateline/enter", params={"token": BEN})
        assert entering.headers["location"] == "/"
        assert "HttpOnly" in entering.headers["set-cookie"]
        assert "SameSite=lax" in entering.headers["set-cookie"]
        with entered(address, BEN) as client:
            assert "gradio" in client.get("/").text
            assert client.get("/dateline/leave").status_code == 401

    def test_programs_send_the_token(self, address: str) -> None:
        headers = {"Authorization": f"Bearer {BEN}"}
        assert httpx.post(address + "/api/ask", json={"question": "What did it cost?"}, headers=headers).status_code == 200

    @pytest.mark.parametrize(("token", "status"), [(ANNA, 303), (BEN, 403)])
    def test_editors_alone_delete(self, address: str, token: str, status: int) -> None:
        with entered(address, token) as client:
            client.follow_redirects = False
            assert client.post("/dateline/library/forget", data={"id": "ferry"}).status_code == status
            assert ("Delete for good" in client.get("/dateline/library/accounts").text) == (status == 303)

    @pytest.mark.parametrize(("token", "status"), [(ANNA, 200), (BEN, 404)])
    def test_editors_alone_send_files(self, address: str, token: str, status: int) -> None:
        with entered(address, token) as client:
            assert client.post("/gradio_api/upload", files={"files": FILE["upload"]}).status_code == status

    @pytest.mark.parametrize("function", ["_look_at", "_try_again"])
    def test_a_reader_who_calls_what_the_page_calls_is_refused(self, address: str, function: str) -> None:
        with entered(address, BEN) as client:
            visitor = Visitor(address, client=client)
            given = [None, "https://a.example/", ""] if function == "_look_at" else []
            visitor.post("queue/join", given, function)
            assert "You may read here, and not add" in json.dumps(list(visitor.messages()))


def test_what_a_proxy_passes_on_is_a_readers() -> None:
    with serving(Newsroom()) as address:
        assert httpx.post(address + "/gradio_api/upload", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
        assert "Delete for good" not in httpx.get(address + "/dateline/library/ferry", headers={"Via": "1.1 a"}).text
        assert "Delete for good" in httpx.get(address + "/dateline/library/ferry").text


def test_a_page_that_came_over_tls_sends_over_tls() -> None:
    with serving(Newsroom()) as address:
        page = httpx.get(address, headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}).text
        assert f'"root":"{address.replace("http", "https")}"' in page.replace(" ", "")
        assert "evil.example" not in page


class TestRates:
    def test_a_visitor_asks_so_often_in_a_minute_and_another_as_often(self) -> None:
        now = 0.0
        rates = Rates(2, lambda: now)
        rates.count("one")
        now = 20.0
        rates.count("one")
        with pytest.raises(TooOften, match="2 questions a minute are answered here; ask again in 40 seconds"):
            rates.count("one")
        rates.count("other")
        now = 61.0
        rates.count("one")

    def test_without_a_limit_nobody_is_held_back(self) -> None:
        rates = Rates(None)
        for _ in range(1000):
            rates.count("one")

    def test_programs_are_told_when_to_come_back_and_the_page_says_it_beside_the_box(self) -> None:
        with serving(Newsroom(settings=load_settings(questions_per_minute=1))) as address:
            question = {"question": "What did it cost?"}
            assert httpx.post(address + "/api/ask", json=question).status_code == 200
            refused = httpx.post(address + "/api/ask", json=question)
            assert refused.status_code == 429
            assert 0 < int(refused.headers["retry-after"]) <= 60
            visitor = Visitor(address)
            told = ""
            for _ in range(2):
                visitor.ask("What did it cost?")
                told = json.dumps(list(visitor.messages()))
            assert "1 questions a minute" in told


class TestBelow:
    @pytest.mark.parametrize(("given", "path"), [("", ""), ("/", ""), ("archive", "/archive"), ("/a/b/", "/a/b")])
    def test_a_path_is_written_with_one_slash_in_front(self, given: str, path: str) -> None:
        assert root_path(given) == path

    @pytest.mark.parametrize("given", ["/a b", "https://a.example/x", "/a/../b?", "/<b>"])
    def test_what_is_no_path_is_refused(self, given: str) -> None:
        with pytest.raises(UsageError, match="write a path"):
            root_path(given)

    @pytest.mark.parametrize("stripped", [False, True])
    def test_every_link_stays_below_the_path(self, users: Users, stripped: bool) -> None:
        newsroom = Newsroom(settings=load_settings(root_path="/archive"))
        with serving(newsroom, users=users) as behind, passing_on(behind, "/archive", stripped=stripped) as address:
            assert httpx.get(address + "/").status_code == 401
            with httpx.Client(follow_redirects=True, trust_env=False) as client:
                page = client.get(address + "/dateline/enter", params={"token": ANNA})
                assert str(page.url) == address + "/"
                assert f'"root":"{address}"' in page.text.replace(" ", "")
                assert 'href="/archive/dateline/chat.css"' in page.text
                assert client.get(address + "/dateline/chat.css").status_code == 200
                library = client.get(address + "/dateline/library")
                assert 'href="/archive/dateline/library/ferry"' in library.text
                gone = client.post(address + "/dateline/library/forget", data={"id": "ferry"})
                assert str(gone.url).startswith(address + "/dateline/library?forgotten=ferry")
                assert 'href="/archive/' in client.get(address + "/a/accounts").text

    def test_the_path_itself_leads_to_its_page(self) -> None:
        with serving(Newsroom(settings=load_settings(root_path="/archive"))) as behind:
            assert httpx.get(behind + "/archive").headers["location"] == "/archive/"
            assert httpx.get(behind + "/archive/").status_code == 200
