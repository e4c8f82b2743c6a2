"""Sentences of news prose, as character spans.

The library `sentencex` finds the boundaries. What news text needs beyond it is repaired here: times with their zone or day,
party labels (D-W.Va.), initials, quotation marks left on the wrong side, bracketed sentences, and quotations too long to stay
one sentence. A line break always ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

WINDOW = 4_000
"""Characters given to the library at once: its time grows with the square of unclosed quotation marks."""
LONG = 300
"""A longer sentence is split inside its quotations; 99 of 100 sentences of news are shorter."""

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MARKS = str.maketrans(dict.fromkeys('“”"«»„', " "))

_OPENING = re.compile(r"(?:(?<=\s)|^)[“‘«„(\[\"']+\s*$")
_CLOSING = re.compile(r"[”’»)\]\"']+(?=\s|$)")
_WORD_BEFORE = re.compile(r"\S+\s*$")
_WORD_AFTER = re.compile(r"[^\s,;:.!?]+")

_STARTERS = frozenset(
    """
    A According After Although An And As At Before But By Even For From He Her His However I If In It Its Many Meanwhile No Now On
    Or Our She Since So Some That The Their Then There These They This Those Though To Under We What When While Who With You Your
    """.split()  # noqa: SIM905
)
"""Words that begin a sentence far more often than they follow an abbreviation."""
_NEVER_LAST = re.compile(r"(?:^|[\s(“\"‘])(?:Avg|Govs?|Max|Min|Mr|Mrs|Ms|Messrs|Pct|Prop|Reps?|Sens?|Cong)\.$")
_BEFORE_NUMBER = re.compile(
    r"(?:^|\s)(?:approx|cf|est|fig|figs|no|nos|pp|vol|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$", re.I
)
_HALF_DAY = re.compile(r"(?:^|[\s\d])[ap]\.m\.$")
_AFTER_HALF_DAY = re.compile(
    r"(?:[ECMP][SD]?T|GMT|BST|CEST|UTC|IST|PKT|JST|AEST|Eastern|Central|Mountain|Pacific|Greenwich|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|(?:January|February|March|April|June|July|August|September|October|November|"
    r"December)|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)(?=\.))(?![\w’'])"
)
_INITIAL = re.compile(r"(?:^|[\s.(“\"-])[A-Z]\.$")
_COUNTRY = re.compile(r"(?:^|[\s(“\"‘])(?:U\.S|U\.K|U\.N|E\.U|D\.C|L\.A)\.(?:[AC]\.)?$")
_LOWER_WORD = re.compile(r"[a-zß-öø-ÿ]+(?:[’'-][a-z]+)?(?=[\s,;:]|$)")
_ENDS_PLAINLY = re.compile(r"(?:^|[\s“‘(\"'—–-])[a-z]{4,}[.!?…]+$")
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,3}|[A-Z])[.)]\s*$")

_BRACKETED = re.compile(r"[(\[][^()\[\]]*[a-z]{3}[.!?][)\]](?=\s+[A-Z“\"])")
_DISTRICT = re.compile(r"\bD\.C\.[”\"]?\s+(?=(?:" + "|".join(sorted(_STARTERS)) + r")\s)")


def sentence_spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Spans `(start, end)` of the sentences of `text`, in order, trimmed, none across a line break.

    Every character that is not white space lies in exactly one span. `language` is an ISO 639-1 code; an unknown one is cut by
    the rules for English.
    """
    readable = _SURROGATE.sub("\ufffd", text)
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(readable):
        if not line[0].isspace():
            spans += ((line.start() + start, line.start() + end) for start, end in _line_spans(line[0], language))
    return spans


def _line_spans(line: str, language: str) -> list[tuple[int, int]]:
    cuts = _boundaries(line, line, language)
    cuts += [found.end() for found in _DISTRICT.finditer(line)]
    cuts += [found.end() for found in _BRACKETED.finditer(line) if found.start() == 0 or found.start() in cuts]
    spans = list(_between(line, cuts))
    for start, end in spans:
        if end - start > LONG:
            part = line[start:end]
            cuts += (start + cut for cut in _boundaries(part, part.translate(_MARKS), language))
    return list(_between(line, cuts))


def _boundaries(line: str, plain: str, language: str) -> list[int]:
    """Where sentences begin inside `line`: found by the library in `plain`, window by window, and repaired."""
    cuts: list[int] = []
    start = 0
    while start < len(line):
        window = plain[start : start + WINDOW]
        ends = [start + found["end_index"] for found in get_sentence_boundaries(language, window)]
        whole = start + len(window) == len(line)
        if not whole and len(ends) == 1:
            start += window.rfind(" ") + 1 or len(window)
            cuts.append(start)
            continue
        last = ends.pop()  # the end of the line, or a sentence that the window may have cut
        cuts += (moved for end in ends if not _is_joined(line, moved := _move_marks(line, end)))
        start = last if whole else ends[-1]
    return cuts


def _move_marks(line: str, cut: int) -> int:
    """The cut with opening marks on its right side and closing marks on its left."""
    if opening := _OPENING.search(line, max(0, cut - 8), cut):
        return opening.start()
    if closing := _CLOSING.match(line, cut):
        straight = closing[0][0] in "\"'" and line[cut - 1].isspace()
        return cut if straight else closing.end()
    return cut


def _is_joined(line: str, cut: int) -> bool:
    """Whether the words on both sides of the cut belong to one sentence."""
    last = _WORD_BEFORE.search(line, max(0, cut - 40), cut)
    after = line[cut : cut + 40].lstrip()
    if not last or not after:
        return False
    before, word = " " + last[0].rstrip(), _WORD_AFTER.match(after)
    if word is None:
        return False
    if cut < 8 and _LIST_NUMBER.fullmatch(line, 0, cut):
        return True
    starter = word[0] in _STARTERS
    if _LOWER_WORD.match(after):
        return not _ENDS_PLAINLY.search(before)
    if _HALF_DAY.search(before):
        return bool(_AFTER_HALF_DAY.match(after))
    if _BEFORE_NUMBER.search(before):
        return word[0][0].isdigit()
    if _INITIAL.search(before) and not _COUNTRY.search(before):
        return not starter and word[0][0].isupper()
    return bool(_NEVER_LAST.search(before))


def _between(line: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """The trimmed spans between the cuts; one without a letter or digit joins the one before."""
    pending: tuple[int, int] | None = None
    for start, end in zip((starts := sorted({0, *cuts})), (*starts[1:], len(line)), strict=True):
        part = line[start:end]
        if not part.strip():
            continue
        begin, stop = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if pending and len(part) < 20 and not any(map(str.isalnum, part)):
            pending = pending[0], stop
            continue
        if pending:
            yield pending
        pending = begin, stop
    if pending:
        yield pending
