"""Verbs of saying, and the forms in which news has them: one list for all that asks who says something."""

from __future__ import annotations

from collections.abc import Collection

from rag.english.lexicon import list_words
from rag.english.words import past

STATING = list_words("stating")
"""Verbs that say no more than that something is said: "say", "note"."""
REMARKING = list_words("remarking")
"""Others that may stand before their speaker: "Rates will rise, commented Ada Lund"."""
PROMISING = list_words("promising")
"""Those with a stance or an object of their own: "promise", "deny"."""
HOLDING = list_words("holding")
"""Verbs of a view, which news has from those who told it: "believes". Their past form is more often passive: "is expected"."""
CALLING = list_words("calling")
"""Verbs that tell of speech or of deeds: "The mayor called it a triumph", "The mayor called the police"."""
ASKED_OF_WORDS = list_words("asked_of_words")
"""Those by which a question asks for somebody's words."""
ASKED_NOW = list_words("asked_now")
"""Those of them that it has in the present: "Who blames the crew?"; others are nouns then, as in "which claims"."""
_NOUNS_TOO = list_words("nouns_too")
"""Those whose form beside "she" is more often a noun: "his remarks"."""
_VOWELS = "aeiou"


def third_of(verb: str) -> str:
    """The form beside "she": "says", "denies", "stresses"."""
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return f"{verb[:-1]}ies"
    return f"{verb}{'es' if verb.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def reporting_forms(verbs: Collection[str]) -> set[str]:
    """The forms with which news tells that somebody said something: past, and beside "she" where that is no noun."""
    return {*map(past, verbs), *(third_of(verb) for verb in verbs if verb not in _NOUNS_TOO)}


def any_of(forms: Collection[str]) -> str:
    """A pattern of all of them, the longest first."""
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))
