"""Servers that misbehave in ways of their own: odd headers, bodies that go on after their end, certificates and rules."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch import FetchedPage, Fetcher, FetchFailed, FetchRefused, Limits, Unchanged
from ingest.fetch.address import NotAllowed, check_address, is_public, numbers_of, system_resolver
from ingest.fetch.body import SUFFIXES, UNTOLD, media_type, suffix_of, unpack
from ingest.fetch.robots import Robots
from tests.ingest.web import Names, Request, Site, only_test_server, serving

QUICK = Limits(size=100_000, between=0.0)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    names = Names({"news.example": [["127.0.0.1"]]})
    with Fetcher(names, limits=QUICK, allow=only_test_server, sleep=lambda _: None) as found:
        yield found


def moved(to: str) -> Callable[[Request], None]:
    return lambda request: request.give(b"", status=302, Location=to)


def test_a_state_that_no_header_can_carry_is_not_asked_about(site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = lambda request: request.give(b"words", ETag='"été"')
    first = fetcher.fetch(site.url("/story"))
    assert isinstance(first, FetchedPage)
    assert isinstance(fetcher.fetch(site.url("/story"), first.etag, "yesterday\r\nX-Evil: 1"), FetchedPage)
    assert not {"if-none-match", "if-modified-since", "x-evil"} & set(site.asked[-1][2])


def test_a_page_unchanged_that_nobody_asked_about_is_a_fault(site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = lambda request: request.give(b"", status=304)
    with pytest.raises(FetchFailed, match="304"):
        fetcher.fetch(site.url("/story"))
    assert fetcher.fetch(site.url("/story"), '"1"') == Unchanged(site.url("/story"))


def test_a_redirect_may_be_written_in_another_script(site: Site, fetcher: Fetcher) -> None:
    def nowhere(request: Request) -> None:
        request.send_response_only(301)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def raw(request: Request) -> None:
        request.wfile.write("HTTP/1.1 301 Moved\r\nLocation: /straße\r\nContent-Length: 0\r\n\r\n".encode())

    site.pages |= {"/story": raw, "/stra%C3%9Fe": b"words", "/nowhere": nowhere}
    page = fetcher.fetch(site.url("/story"))
    assert page.url == site.url("/stra%C3%9Fe")
    with pytest.raises(FetchFailed, match="301"):
        fetcher.fetch(site.url("/nowhere"))


@pytest.mark.parametrize("tail", [b"\0" * 65_536, gzip.compress(b"", mtime=0)], ids=["zeros", "another member"])
def test_what_follows_a_packed_body_is_not_kept(tail: bytes, site: Site, fetcher: Fetcher) -> None:
    def endless(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(gzip.compress(b"words"))
        while True:
            request.wfile.write(tail * (65_536 // len(tail)))

    site.pages["/story"] = endless
    tracemalloc.start()
    try:
        with pytest.raises(FetchRefused, match="larger than"):
            fetcher.fetch(site.url("/story"))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_half_a_packed_page_is_a_fault(encoding: str, site: Site, fetcher: Fetcher) -> None:
    words = b" ".join(b"%d" % number for number in range(5_000))
    packed = gzip.compress(words) if encoding == "gzip" else zlib.compress(words)
    site.pages["/story"] = lambda request: request.give(packed[: len(packed) // 2], Content_Encoding=encoding)
    with pytest.raises(FetchFailed, match="too early"):
        fetcher.fetch(site.url("/story"))


def test_a_page_may_be_packed_in_members_or_without_a_frame(site: Site, fetcher: Fetcher) -> None:
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    raw = bare.compress(b"two words") + bare.flush()
    site.pages["/raw"] = lambda request: request.give(raw, Content_Encoding="deflate")
    site.pages["/members"] = lambda request: request.give(
        gzip.compress(b"two ") + gzip.compress(b"words"), Content_Encoding="gzip"
    )
    for path in ("/raw", "/members"):
        page = fetcher.fetch(site.url(path))
        assert isinstance(page, FetchedPage)
        assert page.body.read_bytes() == b"two words"


@pytest.mark.parametrize(("path", "suffix"), [("/a.jsonl", ".jsonl"), ("/a.csv", ".csv"), ("/a.md", ".md"), ("/a", ".txt")])
def test_plain_text_goes_by_its_name(path: str, suffix: str, site: Site, fetcher: Fetcher) -> None:
    site.pages[path] = lambda request: request.give(b"words", "text/plain; charset=utf-8")
    page = fetcher.fetch(site.url(path))
    assert isinstance(page, FetchedPage)
    assert page.body.suffix == suffix


def test_a_robots_txt_that_fails_is_not_asked_for_with_every_page(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = lambda request: request.give(b"", status=429, Retry_After="3600")
    for path in ("/one", "/two"):
        with pytest.raises(FetchFailed, match=r"robots\.txt") as failure:
            fetcher.fetch(site.url(path))
        assert failure.value.retry_after == 3600.0
    assert [path for _, path, _ in site.asked] == ["/robots.txt"]


def test_of_a_long_robots_txt_the_start_counts(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /private\n" + b"# filler\n" * 100_000
    site.pages["/story"] = b"words"
    assert isinstance(fetcher.fetch(site.url("/story")), FetchedPage)
    with pytest.raises(FetchRefused, match="robots"):
        fetcher.fetch(site.url("/private"))


def test_a_closed_fetcher_can_be_used_again_and_knows_the_rules(site: Site, fetcher: Fetcher) -> None:
    site.pages["/story"] = b"words"
    for _ in range(2):
        page = fetcher.fetch(site.url("/story"))
        assert isinstance(page, FetchedPage)
        assert page.body.exists()
        fetcher.close()
        assert not page.body.exists()
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/story", "/story"]


@pytest.mark.parametrize(
    "url",
    ["http://me:sec/ret@news.example/", "http:me:secret@news.example/", "http:/\\me:secret@news.example", "http://me:secret@[/"],
)
def test_no_message_tells_a_password(url: str) -> None:
    with pytest.raises(FetchRefused) as refusal:
        check_address(url)
    assert "sec" not in str(refusal.value)


def test_no_message_commands_a_terminal() -> None:
    with pytest.raises(FetchRefused) as refusal:
        check_address("http://news.example/\x1b[2J\r\nHost: evil.example")
    assert str(refusal.value).isprintable()


def test_a_name_is_sent_as_browsers_send_it() -> None:
    assert check_address("https://faß.example/").netloc == "xn--fa-hia.example"
    assert check_address("https://BÜCHER.example/").netloc == "xn--bcher-kva.example"


@pytest.fixture
def canary(site: Site) -> Iterator[socket.socket]:
    """Listens where the site does, but at the IPv6 address of this machine, which is not allowed."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with socket.socket(socket.AF_INET6) as found:
        found.bind(("::1", site.port))
        found.listen()
        found.setblocking(False)
        yield found


def touched(canary: socket.socket) -> bool:
    try:
        canary.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize(
    "target",
    [
        "http://[::1]:{port}/admin", "http://[0:0:0:0:0:0:0:1]:{port}/admin", "http://[::1%25lo]:{port}/", "http://[::1%lo]:{port}/",
        "//six.example:{port}/admin", "http://turning.example:{port}/admin", "http://two.example:{port}/admin",
        "http://@[::1]:{port}/", "http:\\\\[::1]:{port}/", "http://0x7f.1:{port}/", "http://2130706433:{port}/",
    ],
)  # fmt: skip
def test_a_redirect_to_this_machine_connects_to_nothing(target: str, site: Site, canary: socket.socket) -> None:
    turning = [["127.0.0.1"], ["::1"], ["127.0.0.1"]]
    here = {"six.example": [["::1"]], "two.example": [["127.0.0.1", "::1"]], "turning.example": turning}
    site.pages["/robots.txt"] = lambda request: request.give(b"", "text/plain", Connection="close")
    site.pages["/story"] = moved(target.format(port=site.port))
    with Fetcher(Names({"news.example": [["127.0.0.1"]], **here}), limits=QUICK, allow=only_test_server) as fetcher:
        with pytest.raises(FetchRefused):
            fetcher.fetch(site.url("/story"))
        assert site.paths() == ["/story"]
        assert not touched(canary)


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/a", "http://inside.example/a", "http://unknown.example/a", "http://0x7f.1/a"]
)
def test_a_message_names_the_page(address: str) -> None:
    names = Names({"inside.example": [["10.0.0.1"]]})
    with Fetcher(names, limits=QUICK) as fetcher, pytest.raises((FetchRefused, FetchFailed)) as fault:
        fetcher.fetch(address)
    assert str(fault.value).startswith(f"{address}: ")


def test_the_canary_would_tell(site: Site, canary: socket.socket) -> None:
    names = Names({"six.example": [["::1"]]})
    with Fetcher(names, limits=Limits(read=0.1), allow=lambda _: True) as fetcher, pytest.raises(FetchFailed, match="in time"):
        fetcher.fetch(site.url("/", "six.example"))
    assert touched(canary)


def test_nothing_is_kept_of_a_page_that_is_too_large(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {
        "/bomb": lambda request: request.give(gzip.compress(b"\0" * 200_000), Content_Encoding="gzip"),
        "/story": b"words",
    }
    with pytest.raises(FetchRefused, match="larger than"):
        fetcher.fetch(site.url("/bomb"))
    page = fetcher.fetch(site.url("/story"))
    assert isinstance(page, FetchedPage)
    assert list(page.body.parent.iterdir()) == [page.body]


LINES = st.sampled_from(["User-agent: *", "User-agent: Dateline", "Disallow: /*a*$", "Allow: /%zz", "Crawl-delay: "]).flatmap(
    lambda line: st.text(max_size=20).map(line.__add__))  # fmt: skip


@given(st.lists(LINES | st.sampled_from(["Crawl-delay: nan", "Crawl-delay: inf", "Crawl-delay: -9", "Crawl-delay: 1e9"])))
def test_whatever_a_robots_txt_says_it_is_understood(lines: list[str]) -> None:
    robots = Robots(lambda _: "\n".join(lines))
    parts = check_address("https://news.example/a")
    assert robots.allows(parts) in (True, False)
    assert 0 <= robots.delay(parts) <= 30


LOCAL = ["::/8", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]


@given(st.sampled_from(LOCAL).map(IPv6Network).flatmap(lambda network: st.builds(
    lambda offset: network[offset], st.integers(0, network.num_addresses - 1))))  # fmt: skip
def test_no_number_of_a_network_of_its_own_is_public(number: object) -> None:
    address = ip_address(str(number))
    mapped = getattr(address, "ipv4_mapped", None)
    assert not is_public(address) or (mapped is not None and is_public(mapped))


@pytest.mark.parametrize(
    "number", ["::127.0.0.1", "::8.8.8.8", "2001:0:808:808::1", "192.0.0.8", "192.88.99.1", "fec0::1", "0.0.0.1"]
)
def test_numbers_that_lead_nowhere_public(number: str) -> None:
    assert not is_public(ip_address(number))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of news.example with its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    path = tmp_path / "news.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example",
            "-keyout", path, "-out", tmp_path / "cert.pem",
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return path


@pytest.fixture
def secured(site: Site, certificate: Path) -> list[str | None]:
    """Makes the site speak TLS; the names that clients ask it for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    return asked


def test_a_secure_server_is_asked_for_by_its_name(
    site: Site, secured: list[str | None], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    site.pages |= {"/story": b"words", "/down": lambda request: request.give(b"", status=302, Location=site.url("/story"))}
    base = f"https://news.example:{site.port}"
    names = Names({"news.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
    with Fetcher(names, limits=QUICK, allow=only_test_server) as fetcher:
        page = fetcher.fetch(f"{base}/story")
        assert isinstance(page, FetchedPage)
        assert page.url == f"{base}/story"
        assert site.asked[-1][0] == f"news.example:{site.port}"
        assert set(secured) == {"news.example"}
        with pytest.raises(FetchRefused, match="https"):
            fetcher.fetch(f"{base}/down")
        with pytest.raises(FetchFailed, match="certificate"):
            fetcher.fetch(f"https://other.example:{site.port}/story")
    assert secured[-1] == "other.example"


def test_a_certificate_of_nobody_is_refused(site: Site, secured: list[str | None], fetcher: Fetcher) -> None:
    with pytest.raises(FetchFailed, match="certificate"):
        fetcher.fetch(f"https://news.example:{site.port}/story")
    assert secured == ["news.example"]
    assert site.asked == []


def test_no_proxy_of_the_environment_is_used(site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/story"] = b"words"
    with serving() as canary:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
        names = Names({"news.example": [["127.0.0.1"]]})
        with Fetcher(names, limits=QUICK, allow=only_test_server) as fetcher:
            assert isinstance(fetcher.fetch(site.url("/story")), FetchedPage)
        assert canary.asked == []


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60))
def test_any_type_that_a_server_claims_is_taken_or_refused(claimed: str) -> None:
    kind, charset = media_type(claimed)
    assert charset != ""
    if kind in UNTOLD or kind in SUFFIXES:
        assert suffix_of(kind, "https://news.example/a") == SUFFIXES.get(kind, "")
    else:
        with pytest.raises(FetchRefused):
            suffix_of(kind, "https://news.example/a")


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(1, 40), st.sampled_from(["gzip", "deflate"]))
def test_it_does_not_matter_where_a_packed_body_is_cut(one: bytes, two: bytes, size: int, encoding: str) -> None:
    packed = gzip.compress(one) + gzip.compress(two) if encoding == "gzip" else zlib.compress(one + two)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(unpack(chunks, encoding, 10_000, "https://news.example/")) == one + two
    with pytest.raises(FetchFailed):
        list(unpack([packed[:-1]], encoding, 10_000, "https://news.example/"))


def spelled(number: int) -> list[str]:
    """An IPv4 number in the ways that resolvers read."""
    first, *rest = number.to_bytes(4, "big")
    last = [str(int.from_bytes(number.to_bytes(4, "big")[start:], "big")) for start in range(4)]
    return [
        str(number), hex(number), f"0{number:o}",
        f"{first}.{last[1]}", f"{first}.{rest[0]}.{last[2]}", f"{hex(first)}.{last[1]}",
        ".".join(f"0{part:o}" for part in (first, *rest)), ".".join(hex(part) for part in (first, *rest)),
        ".".join(map(str, (first, *rest))), ".".join(map(str, (first, *rest))) + ".",
        "。".join(map(str, (first, *rest))), ".".join(map(str, (first, *rest))).translate(WIDE),
        f"[::ffff:{IPv4Address(number)}]", f"[64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]", f"[::{IPv4Address(number)}]",
    ]  # fmt: skip


WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
PRIVATE = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
]  # fmt: skip
PRIVATE_NUMBERS = st.sampled_from(PRIVATE).map(IPv4Network).flatmap(
    lambda network: st.integers(int(network[0]), int(network[-1])))  # fmt: skip


@given(PRIVATE_NUMBERS)
def test_a_private_number_is_refused_however_it_is_spelled(number: int) -> None:
    for host in spelled(number):
        with pytest.raises(NotAllowed):
            numbers_of(str(check_address(f"http://{host}/").hostname), 80, system_resolver, is_public)
