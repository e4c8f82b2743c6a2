"""A packed file: unpacked beside the others that are being read, up to a limit, and read as what is in it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from ingest.load.record import MAX_FILE_BYTES, Content, Record, Refusal

BLOCK = 1 << 20


def load_gzip(content: Content, load: Callable[[Content], Iterator[Record | Refusal]]) -> Iterator[Record | Refusal]:
    """`load` reads what is in it."""
    name = content.name[: -len(".gz")] if content.name.lower().endswith(".gz") else content.name
    if PurePath(name).suffix.lower() in (".tar", ".tgz"):
        yield Refusal("skipped", "an archive (tar); unpack it and ingest the files in it")
        return
    with TemporaryDirectory(prefix="dateline-") as folder:
        inner = Path(folder, "content" + PurePath(name).suffix)
        try:
            size = _unpack(content.path, inner)
        except (OSError, EOFError, zlib.error) as error:
            yield Refusal("failed", f"not a gzip file that can be unpacked ({error})")
            return
        if size > MAX_FILE_BYTES:
            yield Refusal("failed", f"unpacked it has more than {MAX_FILE_BYTES:,} bytes; unpack it and split what is in it")
            return
        yield from load(replace(content, path=inner, name=name))


def _unpack(packed: Path, unpacked: Path) -> int:
    """The bytes written, which end soon after the limit."""
    size = 0
    with gzip.open(packed) as source, unpacked.open("wb") as target:
        while size <= MAX_FILE_BYTES and (block := source.read(BLOCK)):
            size += target.write(block)
    return size
