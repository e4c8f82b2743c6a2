"""The lexicon: English words by class, read from one data file, and the forms of irregular verbs."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

IRREGULAR_CLASS = "irregular"
"""The one class of verbs with their forms: "take took taken, …"."""


@cache
def _classes() -> dict[str, str]:
    data: dict[str, str] = json.loads((files("rag.english") / "lexicon.json").read_text("utf-8"))
    return data


def text_of(name: str) -> str:
    """A class as it is written, for those with an order of their own. Raises KeyError for one that is not in the file."""
    return _classes()[name]


def list_words(*classes: str) -> frozenset[str]:
    """The words of one or several classes, in lower case. Raises KeyError for a class that is not in the file."""
    return frozenset(word for name in classes for word in _classes()[name].split())


def _verbs() -> list[list[str]]:
    return [verb.split() for verb in _classes()[IRREGULAR_CLASS].split(",")]


IRREGULAR = {form: forms[0] for forms in _verbs() for form in forms[1:]}
"""Irregular forms, past and participle, to the infinitive: "taken" to "take"."""
PAST = {forms[0]: forms[1] for forms in _verbs()}
"""Infinitives of irregular verbs to their past form."""

PARTICIPLES = {forms[1]: forms[-1] for forms in _verbs()}
"""Past forms of irregular verbs to their participle: "took" to "taken"."""

ASKING = list_words("asking")
AUXILIARIES = list_words("auxiliaries")
PREPOSITIONS = list_words("prepositions")
FUNCTION = list_words("asking", "auxiliaries", "prepositions", "pronouns", "determiners", "joining", "adverbs")
"""Words without content of their own."""
VAGUE = list_words("vague")
"""Words of content that point to no topic."""
VERBS = list_words("verbs")
"""Verbs as they stand after "did": where a name or a noun before them ends."""
MEN = list_words("men")
WOMEN = list_words("women")
"""Words beside a name that say whether it is a man's or a woman's."""
ROLES = list_words("men", "women", "titles", "offices")
"""Titles, offices and trades of people."""
EVENTS = list_words("events")
"""Nouns of what happens, though some are verbs too."""
