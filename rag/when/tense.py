"""Whether a sentence speaks of what has been or of what is to come near a time; where neither is plain, nothing."""

from __future__ import annotations

from typing import Literal, TypeAlias

import regex

Tense: TypeAlias = Literal["coming", "past"]
Cue: TypeAlias = "regex.Match[str]"

REACH = 120
"""Characters before a time, and after it, that are looked at; never beyond the sentence."""

_ADVERB = r"(?:(?:not|also|only|now|still|then|soon|\w+ly)\s+)?"
_MODAL = rf"(?:will|won['’]t|shall|would|could|(?-i:may)|might|should|must|can|\w+['’]ll)\s+{_ADVERB}(?!have\s)(?:be\s+)?\w+"
_ARRANGED = "due|set|scheduled|expected|planned|likely|slated|billed|about|going|to|ready|supposed|meant|forecast|projected"
_BOUND = rf"(?:is|are|was|were|be|been)\s+{_ADVERB}(?:{_ARRANGED})\b(?:\s+to)?(?:\s+be)?(?:\s+\w+)?"
_INTENT = (
    r"(?:plan|hope|aim|want|need|intend|expect|agree|promise|pledge|vow|prepare|decide|mean|threaten|offer|order|ask|urge|seek|propose"
    r"|wish|undertake)(?:s|d|ed|ned|red|ing|ning)?\s+(?:(?!to\b)\w+\s+){0,3}to\s+(?:be\s+)?\w+|(?:has|have|had)\s+(?:yet\s+)?to\s+\w+"
    r"|(?:plan|deadline|bid|offer|proposal|deal|agreement|chance|time|ahead|target|goal)s?\s+(?:to|for|of)\b(?:\s+\w+)?"
)
_TO_COME = rf"{_MODAL}|{_BOUND}|{_INTENT}|upcoming|forthcoming|scheduled|planned|due|expected|deadline|in\s+force|as\s+from"
_FUTURATE = (
    "arrive|become|begin|change|close|come|compete|decide|depart|drop|elect|end|enter|expire|face|fall|finish|get|go|host|increase"
    "|kick|lapse|launch|leave|meet|move|open|pay|perform|play|premiere|reopen|restart|resume|retire|return|rise|sail|sit|stand|start"
    "|step|switch|take|tour|travel|turn|visit|vote|gather|decline|double|convene|conclude|appear|fly|run|air|debut|join|debate|replace"
)
_NO_VERB = (
    r"(?<!\b(?:to|the|a|an|its|his|her|their|our|this|that|of|for|in|on|from|by|with|and|or|no|new|first|last|each|every)\s)"
)
_PRESENT = (
    rf"{_NO_VERB}\b(?:{_FUTURATE})(?:e?s)?\b"
    r"|(?<=\w\s)(?<!\b(?:the|a|an|of|in|for|with|\d+)\s)\b(?!this|its|his|was|has|is|as|us)[a-z]{3,}s\s"
    r"(?=(?:the|a|an|its|his|her|their|to|up|down|out|off|into|more|less|no)\s|\d|(?-i:[A-Z]))"
)
_IRREGULAR = (
    "was|were|had|did|said|told|has|have|took|came|went|made|held|met|won|lost|died|fell|rose|began|begun|ran|saw|left|sent|gave|got"
    "|burst|cut|shut|hit|put|set|cost|spread|quit|beat|split|hurt|broke|bought|brought|built|caught|chose|drew|drove|fought|flew|found"
    "|froze|grew|heard|hid|kept|knew|laid|led|lent|paid|rode|sank|sold|shook|shot|sang|slid|slept|spoke|spent|stood|stole|struck|swam"
    "|swore|taught|thought|threw|understood|woke|wore|wrote|became|felt|meant|read|sought|swept|sat|arose|blew|dealt|dug|ate|forgot"
    "|forgave|hung|overtook|proved|sprang|stuck|tore|withdrew|wound|born|been|done|gone|taken|given|seen|shown|known|written|driven"
)
_NO_PAST = "hundred|need|speed|feed|indeed|seed|weed|breed|exceed|proceed|succeed|sacred|naked|red|bed|hatred|kindred|embed"
_PAST = (
    rf"(?<!\b(?:is|are|be|to)\s)(?:{_IRREGULAR})"
    rf"|(?<!\b(?:the|a|an|its|his|her|their|is|are|be|to)\s)(?!(?:{_NO_PAST})\b)\w{{2,}}ed"
    r"|(?:would|could|should|might|must)\s+have"
)
_CUE = regex.compile(rf"\b(?:(?P<coming>{_TO_COME})|(?P<past>{_PAST})|(?P<present>{_PRESENT}))\b", regex.IGNORECASE)
_REPORTED = regex.compile(
    r"(?:said|says|told|reported|wrote|announced|approved|revealed|confirmed|added|warned|noted|called|booked|moved|delayed|postponed"
    r"|put|ordered|backed|agreed|proposed|discussed|argued|promised|pledged|set|has|have)$",
    regex.IGNORECASE,
)
"""What was told then may be of any time."""
_BETWEEN = regex.compile(
    r"(?:\s|,|(?:back|late|early|earlier|later|again|once|more|up|down|off|out|over|away|on|in|that|the|of)\b)*", regex.IGNORECASE
)
_END = regex.compile(r"[.!?](?=[\s”\"’')])|\n|;|[”\"]\s")


def tense(text: str, start: int, end: int) -> Tense | None:
    """That of the time in `text[start:end]`: by the nearest verb before it, else by the first one after it; None where unsure."""
    before = text[max(0, start - REACH) : start]
    ends = [found.end() for found in _END.finditer(before)]
    before = before[ends[-1] if ends else 0 :]
    after = text[end : end + REACH]
    stop = _END.search(after)
    after = after[: stop.start() if stop else REACH]
    nearest = list(_CUE.finditer(before))
    if not nearest:
        return _find_following(after, not before.strip())
    cue = nearest[-1]
    if cue["past"] and _REPORTED.search(cue[0]) and not _BETWEEN.fullmatch(before[cue.end() :]):
        return "coming" if _find_following(after, opens=False) == "coming" else None
    return _of(cue)


def _find_following(after: str, opens: bool) -> Tense | None:
    """The tense of the first verb after a time. Unless the time opens the sentence, "…, the council said" tells nothing of it."""
    cue = next((cue for cue in _CUE.finditer(after) if opens or not _is_aside(cue, after)), None)
    return _of(cue) if cue else None


def _is_aside(cue: Cue, after: str) -> bool:
    return "," in after[: cue.start()] and _REPORTED.search(cue[0]) is not None


def _of(cue: Cue) -> Tense:
    return "past" if cue["past"] else "coming"
