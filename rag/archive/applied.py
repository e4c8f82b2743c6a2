"""How far the indexes of a generation have followed the catalog, as a file beside them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from rag.archive.layout import read_json, write_json
from rag.catalog import UNREADABLE
from rag.types import Fingerprint

APPLIED = "applied.json"


@dataclass(frozen=True, slots=True)
class AppliedState:
    """The last change that each index has applied, what made their vectors, and how many chunks they were ever given."""

    fingerprint: Fingerprint | None
    dense: int = 0
    lexical: int = 0
    added: int = 0


def is_made_by(applied: AppliedState | None, fingerprint: Fingerprint | None) -> bool:
    """Whether what has applied that may hold what `fingerprint` made; a garbled one speaks neither for nor against it."""
    return applied is not None and (applied.fingerprint in (None, fingerprint) or fingerprint == UNREADABLE)


def read_applied(directory: Path) -> AppliedState | None:
    """None when the file is missing or garbled."""
    document = read_json(directory / APPLIED)
    try:
        if document is None:
            return None
        maker = document.pop("fingerprint")
        return AppliedState(Fingerprint(**maker) if maker else None, **{name: int(value) for name, value in document.items()})
    except (TypeError, ValueError, KeyError):
        return None


def write_applied(directory: Path, applied: AppliedState) -> None:
    write_json(directory / APPLIED, asdict(applied))
