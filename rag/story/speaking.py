"""Who speaks in a sentence, as it writes the name."""

from __future__ import annotations

import re

from rag.english.names import names
from rag.english.reporting import sayings

_TOLD = re.compile(r"\b(?:told|tells?|asked|asks)\s+(?:the\s)?$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


def speaker_of(sentence: str) -> str | None:
    """The name beside a verb of saying; never whom it is told to, for whom stands the first name outside quotation marks."""
    said = [one for one in sayings(sentence) if one.words]
    if not said:
        return None
    found = names(sentence)
    named = next((name for name in found if name.words == said[0].words), None)
    if named and _TOLD.search(sentence, 0, named.start):
        inside = [quoted.span() for quoted in _QUOTED.finditer(sentence)]
        outside = [name for name in found if not any(start <= name.start < end for start, end in inside)]
        named = outside[0] if outside and outside[0].start < named.start else None
    return sentence[named.start : named.end] if named else None
