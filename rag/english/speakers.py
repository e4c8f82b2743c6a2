"""Who is quoted in a sentence: a speaker is no actor.

"Thieves took the clock, said Samir Cole, the detective" names Cole as the one who says it. A question about the taking is not
answered by him; one about the saying is.
"""

from __future__ import annotations

import re

SAYING = (
    r"(?:said|says|saying|told|tells|added|adds|noted|notes|explained|wrote|writes|tweeted|posted|argued|argues|claimed|claims|insisted|"
    r"warned|stated|commented|remarked|acknowledged|recalled|reported|quipped|testified|announced|declared|confirmed|estimates?d?)"
)
ABOUT_SAYING = re.compile(
    r"\b(?:say|says|said|tell|told|tells|describe|described|call|called|calls|claim|claimed|warn|warned|announce|announced|argue|argued|"
    r"comment|commented|quote|quoted|according|write|wrote|tweet|tweeted|post|posted|react|reacted|respond|responded|criticise|"
    r"criticised|criticize|criticized|accuse|accused|deny|denied|confirm|confirmed|explain|explained|report|reported|think|thinks|"
    r"speak|spoke|declare|declared|promise|promised|predict|predicted|spokes\w+|blame|blamed|blames|state|stated)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"(?:,[^,.;]{{1,90}},)?\s+(?:(?:has|have|had|also|later|then)\s+){{0,2}}{SAYING}\b")
_BEFORE = re.compile(rf"(?:\b{SAYING}(?:\s+(?:on|in)\s+\w+)?|\b[Aa]ccording to|\b[Ii]n the words of)\s+(?:[\w.’'-]+\s+){{0,5}}$")


def is_speaker(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is named as saying what the sentence around it says."""
    if _AFTER.match(text, end):
        return True
    before = text[max(0, start - 60) : start]
    return bool(_BEFORE.search(before)) and not re.search(r"\bthat\s|[“\"][^”\"]*$", before)


def asks_about_saying(question: str) -> bool:
    """Whether the question is about somebody's words, so that a speaker may answer it."""
    return bool(ABOUT_SAYING.search(question))
