"""Bytes to text, and the names of what is not text."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from rag.errors import InputError

SAMPLE = 100_000
"""Bytes that the encoding is guessed from."""
PRINTABLE_SHARE = 0.95
NO_TEXT = "binary data, not text"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ARCHIVE = "an archive ({}); unpack it and ingest the files in it"
_MAGIC = (
    (b"PK\x03\x04", _ARCHIVE.format("ZIP")),
    (b"PK\x05\x06", _ARCHIVE.format("ZIP")),
    (b"BZh", _ARCHIVE.format("bzip2")),
    (b"\xfd7zXZ\x00", _ARCHIVE.format("xz")),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE.format("Zstandard")),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE.format("7z")),
    (b"Rar!\x1a\x07", _ARCHIVE.format("RAR")),
    (b"\x89PNG\r\n", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"RIFF", "a media file (RIFF)"),
    (b"ID3", "a sound file (MP3)"),
    (b"OggS", "a media file (Ogg)"),
    (b"\x7fELF", "a program (ELF)"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; this format is not read"),
)


def binary_kind(head: bytes) -> str | None:
    """What a file is that begins with `head`, if it is not text."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return _ARCHIVE.format("tar")
    if b"\x00" in head and not any(head.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return NO_TEXT
    return None


def decoded(raw: bytes) -> tuple[str, str | None]:
    """The text of `raw` and a note on its encoding where it had to be guessed. Raises InputError when it is not text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _with_losses(raw[len(mark) :], encoding)
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    best = from_bytes(raw[:SAMPLE]).best()
    text, note = _with_losses(raw, best.encoding if best else "cp1252")
    shown = sum(character.isprintable() or character.isspace() for character in text[:SAMPLE])
    if shown < PRINTABLE_SHARE * len(text[:SAMPLE]):
        raise InputError(NO_TEXT)
    return text, note or f"not UTF-8; read as {best.encoding if best else 'cp1252'}"


def _with_losses(raw: bytes, encoding: str) -> tuple[str, str | None]:
    try:
        return raw.decode(encoding), None
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        return (
            text,
            f"{text.count(chr(0xFFFD))} characters cannot be read as {encoding}; they are shown as \N{REPLACEMENT CHARACTER}",
        )
