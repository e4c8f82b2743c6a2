"""Dateline: ask a news archive. `from rag import Rag`, then `Rag.open(index).ask(question)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.pipeline import Rag

__all__ = ["Rag"]


def __getattr__(name: str) -> Any:
    """Import `Rag` at first use: the pipeline brings torch with it, which takes seconds."""
    if name == "Rag":
        from rag.pipeline import Rag

        return Rag
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
