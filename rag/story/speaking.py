"""Who speaks in a sentence, as it writes the name."""

from __future__ import annotations

from rag.verify.names import names
from rag.verify.speakers import sayings


def speaker_of(sentence: str) -> str | None:
    """The name beside a verb of saying, as the sentence writes it."""
    said = [one for one in sayings(sentence) if one.words]
    if not said:
        return None
    named = next((name for name in names(sentence) if name.words == said[0].words), None)
    return sentence[named.start : named.end] if named else None
