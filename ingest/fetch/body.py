"""The body of a response: its kind, and its bytes unpacked as they come, up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.fetch.errors import FetchFailed, FetchRefused

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/rdf+xml": ".rdf",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/pdf": ".pdf",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""The types that are taken, and the suffix of a file that holds such a thing."""
UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""What servers say that do not know; then the name in the address decides."""
PIECE = 65_536
"""Bytes that are unpacked at once."""
_GZIP = b"\x1f"
"""The first byte of a member; the second may not have come yet."""


def media_type(header: str) -> tuple[str, str | None]:
    """The type in a Content-Type header, and the character set."""
    kind, _, rest = header.partition(";")
    for part in rest.split(";"):
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset" and value:
            return kind.strip().lower(), value.strip("\"' ").lower()
    return kind.strip().lower(), None


def suffix_of(kind: str, url: str) -> str:
    """The suffix that a file with the body should have. Raises FetchRefused for what no article can be in."""
    in_address = PurePosixPath(urlsplit(url).path).suffix.lower()
    if kind in UNTOLD:
        return in_address if in_address in SUFFIXES.values() else ""
    if kind not in SUFFIXES:
        raise FetchRefused(f"{url}: its type is {kind}, in which there are no articles")
    if kind == "text/plain" and in_address in SUFFIXES.values():
        return in_address  # servers say this of any text that they do not know
    suffix = SUFFIXES[kind]
    return PurePosixPath(urlsplit(url).path).name.lower()[-12:].lstrip(".") if suffix == ".gz" and in_address == ".gz" else suffix


def unpack(chunks: Iterable[bytes], encoding: str, limit: int, url: str) -> Iterator[bytes]:
    """The bytes of a body with this Content-Encoding. Raises FetchRefused beyond `limit` bytes, packed or unpacked."""
    parts = _limit(chunks, limit, url)
    if encoding in ("gzip", "x-gzip", "deflate"):
        yield from _limit(_inflate(parts, encoding, url), limit, url)
    elif encoding in ("", "identity"):
        yield from parts
    else:
        raise FetchRefused(f"{url}: packed as {encoding[:40]}, which was not asked for")


def _limit(parts: Iterable[bytes], limit: int, url: str) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > limit:
            raise FetchRefused(f"{url}: larger than {limit:,} bytes")
        yield part


def _inflate(chunks: Iterable[bytes], encoding: str, url: str) -> Iterator[bytes]:
    """Small pieces, whatever a few bytes unfold to. Gzip may come in several members; what else follows its end is left out."""
    unpacker = None
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker is None or (unpacker.eof and encoding != "deflate" and rest.startswith(_GZIP)):
                    unpacker = _unpacker(encoding, rest)
                elif unpacker.eof:
                    break
                yield unpacker.decompress(rest, PIECE)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error as error:
        raise FetchFailed(f"{url}: it cannot be unpacked ({error})") from error
    if unpacker is not None and not unpacker.eof:
        raise FetchFailed(f"{url}: it ends too early")


def _unpacker(encoding: str, start: bytes) -> zlib._Decompress:
    """Some servers send deflate without the frame that belongs around it."""
    if encoding != "deflate":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    framed = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if framed or len(start) == 1 else -zlib.MAX_WBITS)
