"""Whatever goes wrong inside a native index, as one error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import ArchiveDamaged, DatelineError


@contextmanager
def translate_panics(index: str, directory: Path) -> Iterator[None]:
    """Raises ArchiveDamaged for exceptions and for Rust's panics, which arrive as a BaseException; signals pass through."""
    try:
        yield
    except DatelineError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ArchiveDamaged(
            f"the {index} index in {directory} fails: {_first_line(error)}; free space if the disk is full, `dateline doctor`"
            " names what is damaged, `dateline rebuild` makes it anew"
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
