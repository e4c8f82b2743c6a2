"""A question and what it needs from an earlier one, put together: its topic, its time, its outlet."""

from __future__ import annotations

import regex

from rag.understand.followup.context import Context
from rag.understand.followup.lexicon import AUXILIARIES, DETERMINERS, IRREGULAR, VERBS
from rag.understand.followup.papers import papers
from rag.understand.followup.phrases import HEADS_OF_EVENTS, phrases, place_phrase, topic
from rag.understand.followup.times import times
from rag.understand.followup.words import base, content_stems, lower_first, tokens, without_mark

_ASKS_TIME = regex.compile(
    r"\bwhen\b|\b(?:what|which)\s(?:year|month|day|date|time|week)\b|\bhow\s(?:long\sago|soon|recently|old)\b|\bsince\swhen\b",
    regex.IGNORECASE,
)


def with_topic(question: str, context: Context) -> str:
    """`question` with what the earlier one was about at its end: as its place, else as its event, else in brackets."""
    earlier, bare = context.last.question, without_mark(question)
    place = place_phrase(earlier, context.outlets)
    about = topic(earlier, context.outlets, frozenset(content_stems(bare)))
    if not about:
        told = topic(earlier, context.outlets) or without_mark(earlier).lower() in bare.lower()
        return bare if told else f"{bare} ({lower_first(without_mark(earlier))})"
    if place is not None:
        return f"{bare} {place}"
    found = phrases(about, context.outlets)
    if found and found[0].head in HEADS_OF_EVENTS and about.lower().startswith("the ") and not _set_in(bare):
        return f"{bare} in {about}"
    return f"{bare} ({about})"


def _set_in(question: str) -> bool:
    return regex.search(r"\bin(?:\sthe)?\s[\w-]+$", question) is not None


def with_object(question: str, context: Context) -> str:
    """`question`, when it ends in a verb of the earlier one, with what that had: "did she win" becomes "… win the vote"."""
    words = tokens(question)
    if (
        len(words) < 2
        or not _is_verb(words[-1].low)
        or words[-2].low in DETERMINERS
        or words[0].low in ("what", "which", "who", "whom")
    ):
        return question
    earlier = context.last.question
    for phrase in phrases(earlier, context.outlets):
        before = [token for token in tokens(earlier) if token.end <= phrase.start]
        if before and base(before[-1].low) == base(words[-1].low) and phrase.text.lower() not in question.lower():
            return f"{question} {phrase.text}"
    return question


def _is_verb(word: str) -> bool:
    return word in VERBS or word in IRREGULAR


def with_scope(question: str, context: Context) -> str:
    """`question` with the time and the outlet that the earlier one named, unless it has its own or asks for a time."""
    earlier, bare = context.last.question, without_mark(question)
    bracket = regex.search(r"\s\([^()]*\)$", bare)
    if bracket:
        bare = bare[: bracket.start()]
    told = [time for time in times(earlier) if (time.year or time.grain == "other") and not time.within]
    if told and not times(bare) and not _ASKS_TIME.search(bare) and not (_is_present(bare) and not _is_present(earlier)):
        time = told[-1]
        bare = f"{bare} {time.text}" if time.lead or time.grain == "other" else f"{bare} in {time.text}"
    named = papers(earlier, context.outlets)
    if named and not papers(bare, context.outlets) and _according(earlier, named[-1].start):
        bare = f"{bare} according to {named[-1].spoken}"
    return f"{bare}{bracket[0]}" if bracket else bare


def _is_present(question: str) -> bool:
    """Whether a question asks for what is so now."""
    first = next((token.low for token in tokens(question) if token.low in AUXILIARIES), "")
    return first in ("is", "are", "does", "do")


def _according(question: str, start: int) -> bool:
    return regex.search(r"\b(?:according to|reported by|reported in)\s*$", question[:start], regex.IGNORECASE) is not None
