"""What comes of holding a sentence against its sources."""

from rag.types import Check, Verdict

__all__ = ["Check", "Verdict"]
