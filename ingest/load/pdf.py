"""PDF: its text, read by a process that may take so much time and memory and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ingest.load.fields import record_of
from ingest.load.heads import without_heads
from ingest.load.record import MAX_RECORD_CHARACTERS, Content, Record, Refusal
from ingest.paragraphs import join_lines
from rag.unix import limit_process

MAX_PDF_BYTES = 100_000_000
SECONDS = 60
MEMORY = 2_000_000_000
MAX_PAGES = 2_000
NO_AES = "AES encryption needs the package cryptography; pip install cryptography, and ingest it again"


def load_pdf(content: Content) -> Iterator[Record | Refusal]:
    size = content.path.stat().st_size
    if size > MAX_PDF_BYTES:
        yield Refusal("failed", f"the PDF has {size:,} bytes, the limit is {MAX_PDF_BYTES:,}")
        return
    found = read_apart(content.path)
    if "problem" in found:
        yield Refusal("failed" if found.get("failed", True) else "skipped", str(found["problem"]))
        return
    pages = found["pages"]
    assert isinstance(pages, list)
    yield record_of(
        {"text": join_lines("\n".join(without_heads(pages))), "title": found.get("title"), "url": content.address}, None
    )


def read_apart(path: Path) -> dict[str, object]:
    """What `read` returns, found out by a child process; or the problem that ended it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ingest.load.pdf", str(path.absolute())],
            capture_output=True,
            timeout=SECONDS + 10,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        return {"problem": f"reading it takes more than {SECONDS} seconds"}
    try:
        found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return {"problem": _explain_ending(done.returncode, done.stderr)}
    return found


def _explain_ending(code: int, errors: bytes) -> str:
    """What ended the process that read it."""
    last = (errors.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    if code < 0 or "MemoryError" in last or not last:
        return f"it ends the process that reads it (it takes more than {SECONDS} seconds, or too much memory)"
    return f"not a PDF that can be read ({last[:120]})"


def read(path: Path) -> dict[str, object]:
    """The text of each page and the title, or the problem. When a file was made says nothing of when it was published."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "it is encrypted; remove its password and ingest it again"}
        pages: list[str] = []
        size = 0
        for page in reader.pages[:MAX_PAGES]:
            pages.append(page.extract_text() or "")
            size += len(pages[-1])
            if size > MAX_RECORD_CHARACTERS:
                return {"problem": f"its text has more than {MAX_RECORD_CHARACTERS:,} characters"}
        title = reader.metadata.title if reader.metadata else None
    except DependencyError:
        return {"problem": NO_AES}
    except (
        PyPdfError,
        MemoryError,
        RecursionError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OSError,
        IndexError,
    ) as error:
        return {"problem": f"not a PDF that can be read ({str(error)[:120] or type(error).__name__})"}
    if not any(map(str.strip, pages)):
        return {"problem": "there is no text in it; it may be a scan", "failed": False}
    return {"pages": pages, "title": title if isinstance(title, str) and len(title.split()) > 2 else None}


def main() -> None:
    limit_process(memory=MEMORY, cpu_seconds=SECONDS)
    print(json.dumps(read(Path(sys.argv[1]))), flush=True)


if __name__ == "__main__":
    main()
