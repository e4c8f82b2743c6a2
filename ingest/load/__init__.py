"""Files to records, one format a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path, PurePath
from typing import TypeAlias

from ingest.load.csv import load_csv
from ingest.load.decode import binary_kind
from ingest.load.feed import load_feed
from ingest.load.gzip import load_gzip
from ingest.load.html import load_html
from ingest.load.json import load_json
from ingest.load.jsonl import load_jsonl
from ingest.load.markdown import load_markdown
from ingest.load.pdf import load_pdf
from ingest.load.record import MAX_FILE_BYTES, MAX_LINE_CHARACTERS, MAX_RECORD_CHARACTERS, Content, Record, Refusal
from ingest.load.sniff import sniff_suffix
from ingest.load.text import load_text
from ingest.load.zipped import load_docx, load_epub
from rag.errors import InputError

__all__ = ["FORMATS", "PLUGINS", "Content", "Loader", "Record", "Refusal", "load"]

Loader: TypeAlias = Callable[[Content], Iterator[Record | Refusal]]
"""Yields the articles of a file and what in it gives none. What it raises is told as the reason why the file failed."""

FORMATS: Mapping[str, Loader] = {
    ".txt": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".json": load_json,
    ".jsonl": load_jsonl,
    ".ndjson": load_jsonl,
    ".htm": load_html,
    ".html": load_html,
    ".xhtml": load_html,
    ".xml": load_feed,
    ".rss": load_feed,
    ".atom": load_feed,
    ".rdf": load_feed,
    ".csv": load_csv,
    ".tsv": load_csv,
    ".pdf": load_pdf,
    ".docx": load_docx,
    ".epub": load_epub,
}
"""The loader of a suffix; a suffix that is not here is read as plain text, unless it is one of `NOT_READ`."""
PLUGINS = "dateline.loaders"
"""The group of entry points by which a package adds the loader of a suffix, ".nitf" for one; it comes before those above."""
NOT_READ = frozenset(
    """
    .bib .css .doc .eml .js .mbox .mhtml .odt .opml .parquet .ppt .pptx .rtf .srt .vtt .xls .xlsx .yaml .yml
    """.split()  # noqa: SIM905
)
LINE_BY_LINE = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})
BINARY = frozenset({".pdf", ".docx", ".epub"})


def load(
    path: Path, address: str | None = None, charset: str | None = None, media_type: str | None = None
) -> Iterator[Record | Refusal]:
    """The records of a file and what in it cannot be read. Nothing is raised for the content of a file.

    Of a page that was fetched, `address` is its URL, `charset` and `media_type` what its server said of it.
    """
    try:
        yield from _load(Content(path, path.name, address, charset, media_type))
    except InputError as error:
        yield Refusal("failed", str(error))
    except OSError as error:
        yield Refusal("failed", f"it cannot be read: {error.strerror or error}")
    except (MemoryError, RecursionError) as error:
        yield Refusal("failed", f"it is too large or too deeply nested to be read ({type(error).__name__})")
    except Exception as error:  # whatever the libraries of formats, or a loader of somebody else's, let through
        yield Refusal("failed", f"reading it failed ({type(error).__name__}: {error})")


def _load(content: Content) -> Iterator[Record | Refusal]:
    suffix = PurePath(content.name).suffix.lower()
    own = plugins().get(suffix)
    if not own and suffix in NOT_READ:
        yield Refusal("skipped", f"the format {suffix} is not read")
        return
    size = content.path.stat().st_size
    if size == 0:
        yield Refusal("skipped", "the file is empty")
        return
    with content.path.open("rb") as file:
        head = file.read(4096)
    if not own and head.startswith(b"\x1f\x8b"):
        yield from load_gzip(content, _load)
        return
    suffix = suffix if own else sniff_suffix(head, suffix)
    kind = None if own or suffix in BINARY else binary_kind(head)
    if kind:
        yield Refusal("skipped", kind)
        return
    if size > MAX_FILE_BYTES and suffix not in LINE_BY_LINE:
        yield Refusal("failed", f"the file has {size:,} bytes, the limit is {MAX_FILE_BYTES:,}; split it, or use JSON Lines")
        return
    for found in (own or FORMATS.get(suffix, load_text))(content):
        yield _within_limits(found)


@cache
def plugins() -> dict[str, Loader]:
    """The loaders that other packages bring, by suffix. One that cannot be loaded fails the files that it is for."""
    return {_suffix(point.name): _plugin(point) for point in entry_points(group=PLUGINS)}


def _plugin(point: EntryPoint) -> Loader:
    def load_with_plugin(content: Content) -> Iterator[Record | Refusal]:
        try:
            loader: Loader = point.load()
        except Exception as error:
            raise InputError(f"the loader {point.value} for {point.name} cannot be used ({error}); mend or remove it") from error
        yield from loader(content)

    return load_with_plugin


def _suffix(name: str) -> str:
    return f".{name.lower().lstrip('.')}"


def _within_limits(found: Record | Refusal) -> Record | Refusal:
    if isinstance(found, Record) and len(found.text) > MAX_RECORD_CHARACTERS:
        reason = f"the text has {len(found.text):,} characters, the limit is {MAX_RECORD_CHARACTERS:,}"
        return Refusal("failed", reason, found.line)
    if isinstance(found, Record) and (longest := max(map(len, found.text.split("\n")))) > MAX_LINE_CHARACTERS:
        reason = f"a line has {longest:,} characters, the limit is {MAX_LINE_CHARACTERS:,}; break it into paragraphs"
        return Refusal("failed", reason, found.line)
    return found
