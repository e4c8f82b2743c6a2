"""The head of a GGUF file: whether it is one, and how much context its model was trained on.

Not more: the file is read by the library that runs it. The layout is that of GGUF 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from rag.errors import LanguageModelError

MAGIC = b"GGUF"
MOST_ENTRIES = 10_000
LONGEST_KEY = 65_535
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of a value by the number of its type."""
_INTEGERS = {4: "<I", 5: "<i", 10: "<Q", 11: "<q"}


def read_trained_context(path: Path) -> int | None:
    """The number of tokens that the model was trained to see at once; None where the head does not say.

    Raises LanguageModelError for a file that cannot be read or is no GGUF.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise LanguageModelError(f"{path} is no GGUF file; give the path of a model in that format")
            return _context(file)
    except OSError as error:
        raise LanguageModelError(
            f"{path} cannot be read ({error.strerror or type(error).__name__}); set DATELINE_LLM_GGUF to a GGUF file"
        ) from error
    except (struct.error, ValueError, OverflowError):
        return None  # cut short or garbled: whoever loads it says in what way


def _context(file: BinaryIO) -> int | None:
    _version, _tensors, entries = _read(file, "<IQQ")
    for _ in range(min(entries, MOST_ENTRIES)):
        (length,) = _read(file, "<Q")
        if length > LONGEST_KEY:
            return None
        key = file.read(length)
        (kind,) = _read(file, "<I")
        if key.endswith(b".context_length") and kind in _INTEGERS:
            (tokens,) = _read(file, _INTEGERS[kind])
            return int(tokens) if tokens > 0 else None
        if not _skip(file, kind):
            return None
    return None


def _skip(file: BinaryIO, kind: int) -> bool:
    """Passes over a value; False for one that is of no known size, and for lists of words, which come after what is sought."""
    if kind == _STRING:
        size = _read(file, "<Q")[0]
    elif kind == _ARRAY:
        of, count = _read(file, "<IQ")
        if of not in _SIZES:
            return False
        size = _SIZES[of] * count
    elif kind in _SIZES:
        size = _SIZES[kind]
    else:
        return False
    file.seek(size, 1)
    return True


def _read(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))
