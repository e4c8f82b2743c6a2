"""What a value is to be of, and whether a statement and a value in it are: the subject itself, and no other thing or place."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.english.numbers import Number
from rag.story.acts import ACTS
from rag.story.gather import ScoredStatement, Story
from rag.story.quantity import Quantity
from rag.story.relation import OVER
from rag.story.topic import Topic
from rag.story.values import Value, sums_up

ABOUT, NAMING = 0.55, 0.45
"""The share of the subject that a statement and what stands around it have at least; the second with all its names in
the statement."""
OWN = 0.25
"""The share that a statement with a sum of money or a percentage has in its own words at least."""
_QUANTITY = re.compile(
    r"(?:current|averag|number|figur|total|toll|count|tall|worldwid|global|world|cost|price|peopl|latest|newest|mani|much|exact|now|today|record|official"
    r"|estim|amount|sum|rate|level|size|nation|nationwid|case|chang|rise|risen|rose|fall|fell|fallen|grow|grown|grew|increas|decreas|died?|death)\w{0,2}"
)
"""Stems of words that ask for a quantity, and name nothing that it is of."""
_OPENS_IN = re.compile(
    r"(?:(?:Even|But|And|Just) )?[Ii]n ((?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]\w+)(?: [A-Z]\w+)?,"
)
_JUST_IN = re.compile(r"\bin (?:the )?((?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]\w+)\b[^.;,]{0,25}$")
_EXTREME = re.compile(r"([A-Z]\w+)(?: [A-Z]\w+)? has the (?:cheapest|lowest|highest|most expensive)\b")
_OF_WHAT = re.compile(
    r"\b(?:gallon|lit(?:re|er)|barrel|tonne|ton|pound|kilo|price|cost)s? (?:of|for) (?:an? |the )?((?:[\w-]+ ?){1,3})"
    r"|^(?!The|Th[eo]se|Average|Record|Rising|Falling|Higher|Lower|Current)([A-Z][\w-]+) prices\b"
)
_ELSEWHERE = re.compile(r"[\w ,]{0,25}?\bin (?:the )?((?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]\w+)")
"""A place beside a sum, of which alone it may be."""
_PRONOUN = re.compile(r"^(?:it|they)\b", re.IGNORECASE)
_IT = re.compile(r"^(?:it|its|the|that|this|they|their|he|she|his|her)\b", re.IGNORECASE)


def subject_of(story: Story, wanted: Quantity) -> Topic:
    """The topic without what is counted, what befell it, and words for quantities: these are looked for beside the number."""
    topic = story.topic
    kept = {term: weight for term, weight in topic.weights.items() if term in topic.named or not _is_counted(term, wanted)}
    return replace(topic, weights=kept or topic.weights)


def _is_counted(term: str, wanted: Quantity) -> bool:
    if any(noun.startswith(term[:5]) for noun in wanted.nouns) or _QUANTITY.fullmatch(term):
        return True
    forms = (term, f"{term}e", f"{term}ed", f"{term}d", f"{term}s")
    return any(ACTS[name].fullmatch(form) for name in wanted.acts for form in forms)


def is_about(one: ScoredStatement, subject: Topic) -> bool:
    """Whether a statement, with what stands around it, has most of the subject, and half of its names."""
    there = one.statement.terms | one.statement.around
    named = [term for term in subject.named if term in subject.weights]
    if any(term in one.statement.terms for term in named):  # "the fire", told of beside its name
        there = there.union(*one.statement.beside)
    least = NAMING if named and all(term in one.statement.terms for term in named) else ABOUT
    return subject.cover(there) >= least and (not named or 2 * sum(term in there for term in named) >= len(named))


def is_of_subject(value: Value, subject: Topic, wanted: Quantity, question: str) -> bool:
    """Whether a sum of money or a percentage is of the subject itself, and not of another thing or place told of beside it."""
    said = value.statement
    if wanted.unit and any(place.casefold() not in question for place in _places_beside(said.text, value.number)):
        return False
    if wanted.unit and _is_of_other_thing(said.text, question):
        return False
    if subject.cover(said.terms) >= OWN or not (wanted.unit or "area" in wanted.acts):
        return True
    if not wanted.unit:
        return bool(_PRONOUN.match(said.text))
    return bool(_IT.match(said.text) or OVER.search(said.text)) or sums_up(said, value.number, wanted)


def _places_beside(text: str, number: Number) -> list[str]:
    """The places right beside a sum, and the one of which it is told that it has the highest or lowest."""
    before, after = text[: number.start], text[number.end :]
    found = (_ELSEWHERE.match(after), _JUST_IN.search(before), _EXTREME.match(text), _OPENS_IN.match(text))
    return [one[1] for one in found if one]


def _is_of_other_thing(text: str, question: str) -> bool:
    """Whether a price is said to be that of something which the question does not name: "a gallon of diesel"."""
    priced = [words for found in _OF_WHAT.finditer(text) for words in found.groups() if words]
    return bool(priced) and not any(word[:3].casefold() in question for words in priced for word in words.split())
