"""What may be asked for: web addresses, and of the machines behind them only those that anyone can reach.

A page names addresses, and whoever writes a page could otherwise make this machine ask its own neighbours. So what counts is the
very number that will be connected to, however the address spells it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urlsplit

import idna

from ingest.fetch.errors import FetchRefused

Number: TypeAlias = IPv4Address | IPv6Address
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""From a host's name and a port to the numbers of its machine."""
Allowed: TypeAlias = Callable[[Number], bool]

MAX_URL = 4_000
PORTS = {"http": 80, "https": 443}
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv6 numbers that stand for IPv4 ones (RFC 6052)."""
_UNICAST = IPv6Network("2000::/3")
"""All that is given out of IPv6 so far; the standard library takes the rest for global."""
_NOBODYS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Numbers of protocols, of which the same holds."""
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f\\]")
_COUNTED = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
"""What a number ends with, and no name."""
_WITHOUT_USER = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(\[[^\]]*\]|[^/?#\\@:\[\]]*)(:[0-9]*)?([/?#]|$)")


class NotAllowed(Exception):
    """No connection is made to this host."""


def check_address(url: str) -> SplitResult:
    """The parts of a web address, its host in ASCII. Raises FetchRefused for what is none, or holds a name and password."""
    shown = without_secrets(url)
    if len(url) > MAX_URL or _UNSENDABLE.search(url):
        raise FetchRefused(f"{shown[:200]}: not an address that can be asked for; it is too long or has blanks in it")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _in_ascii(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        why = f" ({error})" if shown == url else ""  # it may quote what is not shown
        raise FetchRefused(f"{shown}: not an address that can be asked for{why}") from error
    if parts.scheme not in PORTS:
        raise FetchRefused(f"{shown}: only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(f"{shown}: an address with a user's name in it is not fetched")
    if not host or port == 0:
        raise FetchRefused(f"{shown}: not an address that can be asked for; it names no machine")
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port and port != PORTS[parts.scheme] else "")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return SplitResult(parts.scheme, netloc, path, quote(parts.query, safe="/?%:@!$&'()*+,;=~-._"), "")


def without_secrets(url: str) -> str:
    """The address as it may be shown: what stands before an @ can be a password, and a control character a command."""
    bare = url if _WITHOUT_USER.match(url) else re.sub(r"^([^/\\:]*:?[/\\]*).*@", r"\1…@", url, flags=re.DOTALL)
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in bare)


def _in_ascii(host: str) -> str:
    """As it is looked up. Names in other scripts as browsers write them (UTS 46), not as Python's codec of 2003 does."""
    name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    return name.rstrip(".").encode("idna").decode("ascii")


def is_public(number: Number) -> bool:
    """Whether it is a machine's on the internet: not this one, its network's, nor one of many, in whatever form it is wrapped."""
    if isinstance(number, IPv6Address):
        if number.scope_id:
            return False
        inner = number.ipv4_mapped or number.sixtofour
        if number in _TRANSLATED:
            inner = IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if number not in _UNICAST:
            return False
    elif any(number in network for network in _NOBODYS):
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved


def numbers_of(host: str, port: int, resolve: Resolver, allowed: Allowed) -> list[str]:
    """The numbers to connect to. Raises NotAllowed when one of them is not allowed, OSError when there is none."""
    try:
        found = _parse_number(host) or list(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise OSError(f"{host}: no such host ({error})") from error
    if not found:
        raise OSError(f"{host}: no such host")
    for number in found:
        if not allowed(ip_address(number)):
            raise NotAllowed(f"it leads to {number}, which is not a public address")
    return found


def _parse_number(host: str) -> list[str]:
    """The number that a host is given as; none for a name. Raises NotAllowed for spellings that programs read differently."""
    if ":" not in host and not _COUNTED.fullmatch(host.rpartition(".")[2]):
        return []
    try:
        return [str(ip_address(host))]
    except ValueError:
        raise NotAllowed(f"{host} is not an address in its usual spelling") from None


def system_resolver(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
