"""Bytes to text, and the names of what is not text.

What the bytes are counts for more than what is said of them. Valid UTF-8 is UTF-8, and so is UTF-8 with a few stray bytes; then a
declaration counts under which they decode cleanly; then windows-1252, where that gives the text of a Western language; then a
guess for other scripts. What none of these makes readable is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence

from charset_normalizer import from_bytes

from ingest.load.letters import COVERED, cover, has_few_letters_beyond, measure_misplaced
from ingest.load.record import Note
from rag.errors import InputError

SAMPLE = 100_000
"""Bytes that the encoding is guessed from."""
CONTROLS_SHARE = 0.02
"""Of the characters of a text, more are not controls."""
ZEROS = 0.02
"""A text with a larger share of zero bytes is none, unless it is UTF-16."""
FEW, SHORT = 3, 0.05
WIDE_SHARE = 0.05
"""Of UTF-16 at least this share of characters has a zero for one of its bytes, and always for the same one."""
MISPLACED = 0.2
"""Of the letters beyond ASCII, a larger share in places where no text has them speaks against an encoding."""
LEAST_WIDE = 20
NO_TEXT = "binary data, not text"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-2": "cp1250", "iso8859-5": "cp1251", "iso8859-6": "cp1256",
    "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-9": "cp1254", "iso8859-13": "cp1257", "shift_jis": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What is meant by a name that stands for less than its writers use (https://encoding.spec.whatwg.org/#names-and-labels)."""
WESTERN = ("cp1252", "mac_roman", "cp850")
_NEIGHBOURS = ("cp1250", "iso8859-2", "cp1254")
"""Encodings of other languages in Latin letters."""
ENOUGH = 4
"""With fewer bytes beyond ASCII nothing speaks for an encoding that is rare."""
_ESCAPED = ("iso2022_jp", "iso2022_kr", "hz")
"""Encodings of which every byte is ASCII."""
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
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff\ue000-\uf8ff]")
_STRAY = "dateline stray byte"
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that are nothing in windows-1252."""


def binary_kind(head: bytes) -> str | None:
    """What a file is that begins with `head`, if it is not text."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return _ARCHIVE.format("tar")
    if any(head.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS) or wide_encoding(head):
        return None
    controls = sum(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in head)
    few = min(FEW, SHORT * len(head))  # of a short text a few are a large share
    zeros = head.count(0)
    return NO_TEXT if zeros > max(ZEROS * len(head), few) or (zeros and controls > max(CONTROLS_SHARE * len(head), few)) else None


def decode_bytes(raw: bytes, declared: Iterable[str | None] = ()) -> tuple[str, Note | None]:
    """The text of `raw` and a note where its encoding had to be guessed or characters were lost.

    `declared` are the encodings that its server and the text itself name, the more trusted first. Raises InputError when it is
    not text.
    """
    text, note = _read(raw, [encoding for name in declared if (encoding := _find_codec(name))])
    if len(_CONTROL.findall(text, 0, SAMPLE)) > CONTROLS_SHARE * len(text[:SAMPLE]):
        raise InputError(NO_TEXT)
    if zeros := text.count("\x00"):
        text = text.replace("\x00", "")
        note = note or Note(f"{zeros:,} characters with the number 0 were left out", "characters-dropped")
    return text, note


def wide_encoding(raw: bytes) -> str | None:
    """UTF-16 without a byte order mark, which its zeros give away: all of them at odd places, or at even ones."""
    some = raw[: SAMPLE // 2 * 2]
    if len(some) < LEAST_WIDE:
        return None
    low, high = some[0::2].count(0), some[1::2].count(0)
    least = max(FEW, WIDE_SHARE * len(some) / 2)
    if high > least and low * 20 < high:
        return "utf-16-le"
    if low > least and high * 20 < low:
        return "utf-16-be"
    return None


def _read(raw: bytes, declared: Sequence[str]) -> tuple[str, Note | None]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            raw = raw[len(mark) :]
            if encoding != "utf-8" and (b"\x00" in raw or not _decodes(raw, "utf-8")):
                return _with_losses(raw, encoding)
            break
    if wide := wide_encoding(raw):
        return _with_losses(raw, wide)
    for encoding in declared:
        if encoding in _ESCAPED and (text := _decodes(raw, encoding)) is not None:
            return text, None
    if (text := _decodes(raw, "utf-8")) is not None:
        return text, None
    if (mixed := _mostly_utf8(raw)) is not None:
        return mixed
    for encoding in declared:
        for tried in (encoding, _WIDER.get(encoding, "")):
            if tried and (text := _decodes(raw, tried)) is not None and not _CONTROL.search(text):
                return text, None
    return _guess_encoding(raw)


def _find_codec(name: str | None) -> str | None:
    """Python's name of an encoding; None where it knows none, or where it is no encoding of text."""
    try:
        found = codecs.lookup((name or "").strip())
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding else None


def _decodes(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _mostly_utf8(raw: bytes) -> tuple[str, Note] | None:
    """UTF-8 in which there are fewer stray bytes than characters beyond ASCII; each stray one is read as windows-1252 alone."""
    strays: list[int] = []

    def read_stray(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        strays.append(error.start)
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end

    codecs.register_error(_STRAY, read_stray)
    text = raw.decode("utf-8", _STRAY)
    if sum(len(found) for found in re.findall(r"[^\x00-\x7f]+", text)) - len(strays) < len(strays):
        return None
    said = f"{len(strays):,} bytes are not UTF-8 as the others are; read as windows-1252"
    lost = any(position < len(raw) and raw[position] in _UNDEFINED for position in strays)
    return text, Note(said, "characters-lost" if lost else "encoding-guessed", lost)


def _guess_encoding(raw: bytes) -> tuple[str, Note | None]:
    beyond = sum(byte > 127 for byte in raw[:SAMPLE])
    if beyond < ENOUGH:
        return _with_guess(raw, "cp1252") or _with_losses(raw, "cp1252")
    found = [(encoding, *guess) for encoding in (*WESTERN, *_NEIGHBOURS) if (guess := _with_guess(raw, encoding))]
    if found and found[0][0] in WESTERN and has_few_letters_beyond(found[0][1][:SAMPLE]):
        return found[0][1:]
    covers = [cover(encoding, text[:SAMPLE]) for encoding, text, _ in found]
    if covers and max(covers) >= COVERED:
        return found[covers.index(max(covers))][1:]
    best = from_bytes(raw[:SAMPLE]).best()
    if best and best.encoding not in (*WESTERN, *_NEIGHBOURS) and best.coherence > 0 and (text := _decodes(raw, best.encoding)):
        return text, _guess(best.encoding)
    if found or measure_misplaced(raw[:SAMPLE].decode("cp1252", "replace")) > MISPLACED:
        raise InputError("text in an encoding that cannot be told; convert it to UTF-8")
    return _with_losses(raw, "cp1252")


def _with_guess(raw: bytes, encoding: str) -> tuple[str, Note | None] | None:
    """The text as the encoding reads it, where every sign stands where a text of its languages has it."""
    text = _decodes(raw, encoding)
    if text is None or _CONTROL.search(text) or measure_misplaced(text[:SAMPLE]) > MISPLACED:
        return None
    return text, _guess(encoding)


def _guess(encoding: str) -> Note:
    return Note(f"not UTF-8; read as {encoding}", "encoding-guessed")


def _with_losses(raw: bytes, encoding: str) -> tuple[str, Note | None]:
    if (whole := _decodes(raw, encoding)) is not None:
        return whole, None
    text = raw.decode(encoding, "replace")
    said = f"{text.count(chr(0xFFFD))} characters cannot be read as {encoding}; they are shown as \N{REPLACEMENT CHARACTER}"
    return text, Note(said, "characters-lost", lost=True)
