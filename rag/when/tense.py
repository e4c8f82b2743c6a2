"""Whether a sentence speaks of what has been or of what is to come, near a time that it names."""

from __future__ import annotations

import re

REACH = 90
"""Characters before a time, and after it, that are looked at; never beyond the sentence."""

_COMING = (
    r"(?:will|won['’]t|shall|would|could|may|might|should|must|can)\s+(?:not\s+|also\s+|only\s+|\w+ly\s+)?(?:be\s+|have\s+)?\w+"
    r"|\w+['’]ll\s+(?:be\s+)?\w+"
    r"|(?:is|are|was|were|be)\s+(?:now\s+)?(?:due|set|scheduled|expected|planned|likely|slated|billed|about|going|to)\b"
    r"(?:\s+to)?(?:\s+be)?(?:\s+\w+)?"
    r"|(?:due|scheduled|slated|expected|planned|plans?|hopes?|aims?|wants?|needs?|ready|begins?|starts?|opens?|takes place|meets?"
    r"|returns?)\b(?:\s+to\s+(?:be\s+)?\w+)?"
    r"|(?:upcoming|forthcoming|ahead of|deadline|scheduled)\b"
)
_PAST = (
    r"\b(?:was|were|had|did|said|told|has|have|took|came|went|made|held|met|won|lost|died|fell|rose|began|ran|saw|left|sent|gave|got"
    r"|\w{2,}ed)\b"
)
_CUE = re.compile(rf"\b(?P<coming>{_COMING})|(?P<past>{_PAST})", re.IGNORECASE)
_END = re.compile(r"[.!?](?=[\s”\"’')])|\n|;|[”\"]\s")


def coming(text: str, start: int, end: int) -> bool:
    """Whether the time in `text[start:end]` is one to come: by the nearest verb before it, else by the first one after it."""
    before = text[max(0, start - REACH) : start]
    ends = [found.end() for found in _END.finditer(before)]
    cues = list(_CUE.finditer(before[ends[-1] if ends else 0 :]))
    if cues:
        return cues[-1]["coming"] is not None
    after = text[end : end + REACH]
    stop = _END.search(after)
    found = _CUE.search(after[: stop.start() if stop else REACH])
    return found is not None and found["coming"] is not None
