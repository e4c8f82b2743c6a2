"""What may be quoted of a text: its sentences, without headings, captions, datelines, list numbers and what pages say about
themselves.

Plain signs alone: how a line ends, how many words it has, how it begins. Non-goals: parsing.
"""

from __future__ import annotations

import re

from rag.english.datelines import DATELINE

SHORTEST = 4
UNENDED = 20
"""Words of a line without an end that may still be a sentence are more than this many: most are headings and links."""
LINK = re.compile(r"[a-z’']:[A-Z“\"‘']")
"""A colon between words without a space is where a link begins: "More theatres in crisis:Summer films leave"."""
ENDED = re.compile(r"[.!…][\"”’'»)\]]*\s*$")
ASKING = re.compile(r"\?[\"”’'»)\]]*\s*$")
"""A question, such as the heading "When is the eclipse?", states nothing."""
PAGE = re.compile(
    r"^\W*(?:(?:photo|image|picture|video|graphic|illustration|credit|source|caption|watch|read more|see also|related|more on|"
    r"sign up|subscribe|follow us|click here|advertisement|share this|copyright|all rights reserved|ai[- ]assisted summary|"
    r"this (?:article|story|page) (?:was|is|has been)|correction|editor[’']?s note|by the numbers|key points)\b\s*(?:[:|©(]|$|"
    r"by\b|more\b|to\b|for\b|now\b|here\b|first\b|originally\b|updated\b|published\b)|©)",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:\((?:AP |Photo|Reuters|Getty|Image|Credit)[^)]*\)|/(?:AP|AFP|Getty Images|Reuters))\s*\.?$", re.IGNORECASE
)
MARK = re.compile(r"\s*(?:(?:\d{1,2}|[a-z])[.)]\s+(?=[A-Z“\"])|[•▪●■·*–—-]\s+|#{1,6}\s+|>\s+)")
"""The number or sign of a list's item, or of a heading, before its first word."""


def is_prose(text: str) -> bool:
    """Whether the line can be quoted as a sentence: it ends as one or is long, asks nothing, and is not about its page."""
    words = text.split()
    if ASKING.search(text) or PAGE.search(text) or CREDIT.search(text) or not any(char.islower() for char in text):
        return False
    if ENDED.search(text):
        return len(words) >= SHORTEST or (len(words) >= 2 and text[:1] in "“\"‘'")
    return len(words) > UNENDED and not LINK.search(text) and not text.rstrip().endswith(":")


def find_beginning(text: str, *, first: bool) -> int:
    """How many characters stand before the sentence itself: a list's mark, and at the head of an article a dateline."""
    at = 0
    if first and (found := DATELINE.match(text)):
        at = found.end()
    if mark := MARK.match(text, at):
        at = mark.end()
    return at if at < len(text) else 0


LEANING = re.compile(
    r"^[“\"‘']?(?:(?:But |And |Then )?(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)|This|That|These|Those|Both|"
    r"Neither|The (?:former|latter|pair|trio|two|three))\b(?! (?:is|was) (?:the first time|clear|unclear|likely|possible|not))"
)


def leans(sentence: str) -> bool:
    """Whether the sentence begins with a word that only the sentence before explains."""
    return bool(LEANING.match(sentence))
