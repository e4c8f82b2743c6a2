"""Fetching from a real server: what is refused before a connection, what is refused after, and manners."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch import FetchedPage, Fetcher, FetchFailed, FetchRefused, Limits, Unchanged
from ingest.fetch.address import check_address, is_public
from tests.ingest.web import Names, Request, Site, only_test_server, serving

QUICK = Limits(size=100_000, between=0.0)
HASTY = Limits(connect=1.0, read=0.3, total=0.6, between=0.0)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def names() -> Names:
    return Names({"news.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def fetcher(names: Names, slept: list[float]) -> Iterator[Fetcher]:
    with Fetcher(names, limits=QUICK, allow=only_test_server, sleep=slept.append) as found:
        yield found


def busy_until(written: str) -> Callable[[Request], None]:
    return lambda request: request.give(b"", status=503, Retry_After=written)


def moved(to: str, status: int = 302) -> Callable[[Request], None]:
    return lambda request: request.give(b"", status=status, Location=to)


def test_a_page_is_fetched_with_what_its_server_says(site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = lambda request: request.give(
        "Zürich".encode("latin-1"), "text/html; charset=ISO-8859-1", ETag='"1"', Last_Modified="Mon, 04 Aug 2025 10:00:00 GMT"
    )
    page = fetcher.fetch(site.url("/story"))
    assert isinstance(page, FetchedPage)
    assert (page.url, page.body.suffix, page.media_type, page.charset) == (site.url("/story"), ".html", "text/html", "iso-8859-1")
    assert (page.etag, page.last_modified) == ('"1"', "Mon, 04 Aug 2025 10:00:00 GMT")
    assert page.body.read_bytes().decode("latin-1") == "Zürich"
    host, _, headers = site.asked[-1]
    assert host == f"news.example:{site.port}"
    assert headers["user-agent"].startswith("Dateline/")
    assert not {"cookie", "authorization", "referer"} & set(headers)


def test_what_was_fetched_is_gone_when_the_fetcher_is_closed(site: Site, names: Names) -> None:
    site.pages["/story"] = b"words"
    with Fetcher(names, limits=QUICK, allow=only_test_server) as fetcher:
        page = fetcher.fetch(site.url("/story"))
        assert isinstance(page, FetchedPage)
        assert page.body.exists()
    assert not page.body.exists()


def test_an_unchanged_page_costs_one_request(site: Site, fetcher: Fetcher) -> None:
    def answer(request: Request) -> None:
        same = request.headers["If-None-Match"] == '"1"'
        request.give(b"" if same else b"words", status=304 if same else 200, ETag='"1"')

    site.pages["/story"] = answer
    first = fetcher.fetch(site.url("/story"))
    assert isinstance(first, FetchedPage)
    assert fetcher.fetch(site.url("/story"), first.etag, first.last_modified) == Unchanged(site.url("/story"))
    assert site.paths() == ["/story", "/story"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example/a",
        "gopher://news.example/",
        "javascript://news.example/%0aalert(1)",
        "http://user@news.example/",
        "http://user:secret@news.example/",
        "http:///path",
        "http://news.example:0/",
        "http://news.example:99999/",
        "http://news.example/a b",
        "http://news.example/\r\nHost: evil.example",
        "http://news.example\\@evil.example/",
        "http://[::1/",
        "http://" + "a" * 70 + ".example/",
        "http://news.example/" + "a" * 5_000,
    ],
)
def test_what_is_no_address_to_ask_is_refused_before_a_name_is_looked_up(url: str, fetcher: Fetcher, names: Names) -> None:
    with pytest.raises(FetchRefused) as refusal:
        fetcher.fetch(url)
    assert names.asked == []
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0",
        "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "１２７.0.0.1",
        "127。0。0。1", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fe80::1]", "[fc00::1]",
        "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_this_machine_and_its_network_are_never_asked(host: str) -> None:
    with serving() as canary, Fetcher(limits=QUICK) as fetcher:
        with pytest.raises((FetchRefused, FetchFailed)) as refusal:
            fetcher.fetch(f"http://{host}:{canary.port}/admin")
        assert canary.asked == []
    assert "not a public address" in str(refusal.value) or "no such host" in str(refusal.value) or "not an" in str(refusal.value)


def test_one_private_number_among_many_refuses_a_name(site: Site, names: Names, fetcher: Fetcher) -> None:
    names.numbers["two.example"] = [["127.0.0.1", "10.0.0.1"]]
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        fetcher.fetch(site.url("/", "two.example"))
    assert site.asked == []


def test_a_name_is_looked_up_once_a_connection_and_cannot_change_after_the_check(site: Site, names: Names) -> None:
    site.pages["/robots.txt"] = lambda request: request.give(b"", "text/plain", Connection="close")
    site.pages["/story"] = b"words"
    names.numbers["turning.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    with Fetcher(names, limits=QUICK, allow=only_test_server) as fetcher, pytest.raises(FetchRefused, match=r"127\.0\.0\.2"):
        fetcher.fetch(site.url("/story", "turning.example"))
    assert names.asked == ["turning.example"] * 2
    assert site.paths() == []


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/admin", "//localhost:{port}/admin", "file:///etc/passwd", "http://u:p@news.example/"]
)
def test_a_redirect_is_checked_like_the_first_address(target: str, site: Site, names: Names, fetcher: Fetcher) -> None:
    names.numbers |= {"localhost": [["127.0.0.2"]], "127.0.0.2": [["127.0.0.2"]]}
    site.pages["/story"] = moved(target.format(port=site.port))
    with pytest.raises(FetchRefused):
        fetcher.fetch(site.url("/story"))
    assert site.paths() == ["/story"]


def test_a_redirect_to_another_port_sees_nothing(site: Site, fetcher: Fetcher) -> None:
    with serving() as canary:
        site.pages["/story"] = moved(canary.url("/admin"))
        with pytest.raises(FetchRefused, match="another port"):
            fetcher.fetch(site.url("/story"))
        assert canary.asked == []


def test_a_few_redirects_are_followed_and_many_are_not(site: Site, fetcher: Fetcher) -> None:
    for number in range(100):
        site.pages[f"/{number}"] = moved(f"/{number - 1}" if number else "/story", 301)
    site.pages["/story"] = b"words"
    page = fetcher.fetch(site.url("/4", "other.example"))
    assert page.url == site.url("/story", "other.example")
    with pytest.raises(FetchRefused, match="more than 5 redirects"):
        fetcher.fetch(site.url("/99"))
    assert len(site.paths()) == 6 + 6


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "application/javascript"])
def test_what_no_article_is_in_is_not_read(kind: str, site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = lambda request: request.give(b"words", kind)
    with pytest.raises(FetchRefused, match=kind):
        fetcher.fetch(site.url("/story"))


@pytest.mark.parametrize(("path", "suffix"), [("/feed.xml", ".xml"), ("/story", ""), ("/a.exe", "")])
def test_what_its_server_does_not_know_goes_by_its_name(path: str, suffix: str, site: Site, fetcher: Fetcher) -> None:
    site.pages[path] = lambda request: request.give(b"words", "application/octet-stream")
    page = fetcher.fetch(site.url(path))
    assert isinstance(page, FetchedPage)
    assert page.body.suffix == suffix


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_page_is_unpacked_and_a_bomb_is_not(
    encoding: str, pack: Callable[[bytes], bytes], site: Site, fetcher: Fetcher
) -> None:
    site.pages["/story"] = lambda request: request.give(pack(b"words " * 1000), Content_Encoding=encoding)
    page = fetcher.fetch(site.url("/story"))
    assert isinstance(page, FetchedPage)
    assert page.body.read_bytes() == b"words " * 1000
    site.pages["/bomb"] = lambda request: request.give(pack(b"\0" * 50_000_000), Content_Encoding=encoding)
    with pytest.raises(FetchRefused, match="larger than 100,000 bytes"):
        fetcher.fetch(site.url("/bomb"))
    site.pages["/broken"] = lambda request: request.give(b"no such thing", Content_Encoding=encoding)
    with pytest.raises(FetchFailed, match="cannot be unpacked"):
        fetcher.fetch(site.url("/broken"))


def test_a_body_without_end_is_left(site: Site, fetcher: Fetcher) -> None:
    def endless(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Connection", "close")
        request.end_headers()
        while True:
            request.wfile.write(b"words " * 1000)

    site.pages["/story"] = endless
    with pytest.raises(FetchRefused, match="larger than"):
        fetcher.fetch(site.url("/story"))
    site.pages["/long"] = lambda request: request.give(b"words " * 50_000)
    with pytest.raises(FetchRefused, match="larger than"):
        fetcher.fetch(site.url("/long"))


def test_a_server_that_dribbles_or_is_silent_is_left(site: Site, names: Names) -> None:
    def dribble(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"w")
            time.sleep(0.1)

    site.pages["/slow"] = dribble
    site.pages["/silent"] = lambda _: time.sleep(2)
    for path in ("/slow", "/silent"):
        with Fetcher(names, limits=HASTY, allow=only_test_server) as fetcher, pytest.raises(FetchFailed, match="in time"):
            fetcher.fetch(site.url(path))


def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FetchFailed, match="cannot be fetched"):
            fetcher.fetch(f"http://news.example:{unused.getsockname()[1]}/")
    with pytest.raises(FetchFailed, match="no such host"):
        fetcher.fetch("http://unknown.example/")


@pytest.mark.parametrize("status", [404, 410, 500, 204])
def test_a_fault_is_told_with_its_number(status: int, site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = lambda request: request.give(b"", status=status)
    with pytest.raises(FetchFailed, match=str(status)) as failure:
        fetcher.fetch(site.url("/story"))
    assert failure.value.retry_after is None


def test_a_short_wait_is_waited_and_a_long_one_is_passed_on(site: Site, fetcher: Fetcher, slept: list[float]) -> None:
    waits = iter(["1"])

    def once_busy(request: Request) -> None:
        wait = next(waits, None)
        request.give(b"words", status=429 if wait else 200, **({"Retry_After": wait} if wait else {}))

    site.pages["/busy"] = once_busy
    assert isinstance(fetcher.fetch(site.url("/busy")), FetchedPage)
    assert slept == [1.0]
    for written, seconds in (("3600", 3600.0), ("garbage", None), ("Mon, 04 Aug 2025 10:00:00 GMT", 0.0)):
        site.pages["/late"] = busy_until(written)
        with pytest.raises(FetchFailed, match="503") as failure:
            fetcher.fetch(site.url("/late"))
        assert failure.value.retry_after == seconds


def test_a_host_is_given_a_rest(site: Site, names: Names, slept: list[float]) -> None:
    site.pages["/robots.txt"] = lambda request: request.give(b"User-agent: *\nCrawl-delay: 7\n", "text/plain")
    site.pages["/story"] = b"words"
    with Fetcher(names, allow=only_test_server, sleep=slept.append) as fetcher:
        for _ in range(2):
            fetcher.fetch(site.url("/story"))
    assert len(slept) == 2  # after robots.txt, and between the two
    assert all(6 < pause <= 7 for pause in slept)


def test_what_robots_txt_forbids_is_left_alone_and_it_is_read_once(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = lambda request: request.give(
        b"User-agent: Dateline\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n", "text/plain"
    )
    site.pages["/public"] = b"words"
    fetcher.fetch(site.url("/public"))
    with pytest.raises(FetchRefused, match="robots"):
        fetcher.fetch(site.url("/private/a"))
    assert site.paths() == ["/public"]
    assert len(site.asked) == 2


def test_a_site_that_cannot_say_what_it_forbids_is_left_for_now(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = lambda request: request.give(b"", status=500)
    with pytest.raises(FetchFailed, match=r"robots\.txt"):
        fetcher.fetch(site.url("/story"))
    assert site.paths() == []


def test_robots_txt_may_be_elsewhere(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = moved("/rules.txt")
    site.pages["/rules.txt"] = b"User-agent: *\nDisallow: /story\n"
    with pytest.raises(FetchRefused, match="robots"):
        fetcher.fetch(site.url("/story"))


def test_names_in_other_scripts_are_sent_in_ascii() -> None:
    assert check_address("https://bücher.example/straße?q=ä#top").geturl() == "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4"
    assert check_address("HTTPS://News.Example:443").geturl() == "https://news.example/"


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_a_number_wrapped_in_another_is_as_public_as_itself(inner: IPv4Address) -> None:
    wrapped = [
        IPv6Address(int(inner) | 0xFFFF << 32),
        IPv6Address(int(inner) | 0x64FF9B << 96),
        IPv6Address(0x2002 << 112 | int(inner) << 80),
    ]
    assert [is_public(number) for number in wrapped] == [is_public(inner)] * 3
    if inner.is_private or inner.is_loopback or inner.is_link_local or inner.is_multicast:
        assert not is_public(inner)


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111"])
def test_public_numbers_are_public(number: str) -> None:
    assert is_public(ip_address(number))
