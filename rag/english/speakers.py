"""Who is quoted in a sentence: a speaker is no actor.

"Thieves took the clock, said Samir Cole, the detective" names Cole as the one who says it. A question about the taking is not
answered by him; one about the saying is.
"""

from __future__ import annotations

import re

from rag.english.saying import ASKED_NOW, ASKED_OF_WORDS, REMARKING, STATING, any_of, reporting_forms, third_of
from rag.english.words import past

_SAID = any_of({"saying"} | reporting_forms(STATING | REMARKING) - {"states"})
_SAID_BEFORE = any_of({"saying"} | reporting_forms(STATING | REMARKING) - {"states", "reports"})
"""Those that may stand before their speaker; there "reports" is a noun."""
_ASKED = ASKED_OF_WORDS | {past(verb) for verb in ASKED_OF_WORDS} - {"thought"} | {third_of(verb) for verb in ASKED_NOW}
_ABOUT_SAYING = re.compile(rf"\b(?:according|spokes\w+|{any_of(_ASKED)})\b", re.IGNORECASE)
_AFTER = re.compile(rf"(?:,[^,.;]{{1,90}},)?\s+(?:(?:has|have|had|also|later|then)\s+){{0,2}}(?:{_SAID})\b")
_BEFORE = re.compile(
    rf"(?:\b(?:{_SAID_BEFORE})(?:\s+(?:on|in)\s+\w+)?|\b[Aa]ccording to|\b[Ii]n the words of)\s+(?:[\w.’'-]+\s+){{0,5}}$"
)


def is_speaker(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is named as saying what the sentence around it says."""
    if _AFTER.match(text, end):
        return True
    before = text[max(0, start - 60) : start]
    return bool(_BEFORE.search(before)) and not re.search(r"\bthat\s|[“\"][^”\"]*$", before)


def asks_about_saying(question: str) -> bool:
    """Whether the question is about somebody's words, so that a speaker may answer it."""
    return bool(_ABOUT_SAYING.search(question))
