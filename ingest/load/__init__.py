"""Files to records, one format a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.load.decode import binary_kind
from ingest.load.json import load_json
from ingest.load.jsonl import load_jsonl
from ingest.load.markdown import load_markdown
from ingest.load.record import MAX_FILE_BYTES, MAX_RECORD_CHARACTERS, Record, Refused
from ingest.load.text import load_text
from rag.errors import InputError

__all__ = ["FORMATS", "Record", "Refused", "load"]

FORMATS: dict[str, Callable[[Path], Iterator[Record | Refused]]] = {
    ".txt": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".json": load_json,
    ".jsonl": load_jsonl,
    ".ndjson": load_jsonl,
}
"""The loader of a suffix; a suffix that is not here is read as plain text, unless it is one of `NOT_YET`."""
NOT_YET = frozenset(
    """
    .atom .bib .css .csv .doc .docx .eml .epub .htm .html .js .mbox .mhtml .odt .opml .parquet .pdf .ppt .pptx .rdf .rss .rtf .srt
    .tsv .vtt .xhtml .xls .xlsx .xml .yaml .yml
    """.split()  # noqa: SIM905
)
LINE_BY_LINE = frozenset({".jsonl", ".ndjson"})


def load(
    path: Path, address: str | None = None, charset: str | None = None, media_type: str | None = None
) -> Iterator[Record | Refused]:
    """The records of a file and what in it cannot be read. Nothing is raised for the content of a file."""
    suffix = path.suffix.lower()
    try:
        if refused := _refused(path, suffix):
            yield refused
            return
        for found in FORMATS.get(suffix, load_text)(path):
            yield _within_limits(found)
    except InputError as error:
        yield Refused("failed", str(error))
    except OSError as error:
        yield Refused("failed", f"it cannot be read: {error.strerror or error}")
    except (MemoryError, RecursionError) as error:
        yield Refused("failed", f"it is too large or too deeply nested to be read ({type(error).__name__})")


def _refused(path: Path, suffix: str) -> Refused | None:
    if suffix in NOT_YET:
        return Refused("skipped", f"the format {suffix} is not read yet")
    size = path.stat().st_size
    if size == 0:
        return Refused("skipped", "the file is empty")
    with path.open("rb") as file:
        kind = binary_kind(file.read(4096))
    if kind:
        return Refused("skipped", kind)
    if size > MAX_FILE_BYTES and suffix not in LINE_BY_LINE:
        return Refused("failed", f"the file has {size:,} bytes, the limit is {MAX_FILE_BYTES:,}; split it, or use JSON Lines")
    return None


def _within_limits(found: Record | Refused) -> Record | Refused:
    if isinstance(found, Record) and len(found.text) > MAX_RECORD_CHARACTERS:
        reason = f"the text has {len(found.text):,} characters, the limit is {MAX_RECORD_CHARACTERS:,}"
        return Refused("failed", reason, found.line)
    return found
