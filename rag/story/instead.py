"""What is told in place of a plain answer, or why nothing is: the figures it is one of, yes or no, quotes without a claim.

A plain answer stands where nothing speaks against it. What a reader found is never worded anew.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from rag.english.lexicon import IRREGULAR
from rag.english.names import names
from rag.english.numbers import numbers
from rag.english.words import base, is_verb, tokens
from rag.forms import Figure, Form
from rag.story.briefing import brief
from rag.story.claims import is_of_future, tells_of_future
from rag.story.figures import figures
from rag.story.finder import Finder
from rag.story.gather import Story, about_names
from rag.story.nearby import find_asked, find_covering, gives_reason, lines_nearby, with_neighbours
from rag.story.outlets import outlet_name
from rag.story.quantity import Quantity, asks_size, parse_quantity
from rag.story.quotations import may_be_of
from rag.story.subject import subject_of
from rag.story.tell import StoryAnswer
from rag.story.timeline import timeline
from rag.story.verdict import asks_premise, claim_of, find_contradiction, judge, nearest
from rag.types import Answer, Citation, Question

STORY_FORMS: frozenset[Form] = frozenset(("briefing", "timeline", "comparison"))
BROAD = 0.6
"""The weight that the best statement has at least where a broad question is answered by several."""
SURE = 0.8
"""The share of the topic about a figure from which it is given where the reader is silent, or gives one that nobody else does."""
NOT_SAID = "The articles do not say."
UNSAID = "The articles found do not quote them on this."
NOTHING = "Nothing in the archive is about this."
TO_COME = "The articles tell of it only as of something to come."
_BROAD = re.compile(
    r"^(?:so |and )?what(?:['’]s| is| has| have|)? (?:happen\w*|going on|new)\b|^what (?:do"
    r"|does|did) .{3,60} (?:do|mean|say|involve|change)\W*$"
    r"|^(?:tell me|explain|describe|walk me through)\b|^how (?:did|does|do|has"
    r"|have) .{3,60} (?:go|work|unfold|develop|happen|respond|react)\w*\W*$",
    re.IGNORECASE,
)
"""A question so broad that several lines answer it better than one."""
_DEFINES = re.compile(
    r"^(?:and |so )?what (?:is|are|was|were) (?:an? (?P<kind>[^?]{2,60})|(?:the )?(?P<name>[^?]{2,60}))\W*$", re.IGNORECASE
)
_WHO_DID = re.compile(r"^(?:and |so )?who (?!is\b|are\b|was\b|were\b|am\b)", re.IGNORECASE)
_EXPECTED = frozenset("expected scheduled planned projected predicted hoped wanted set".split())  # noqa: SIM905
_PAST = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)


def tell_instead(finder: Finder, question: Question, form: Form, answer: Answer) -> StoryAnswer | str | None:
    """What is to be told in place of `answer`, or why nothing is; None where it stands."""
    if form == "yes/no":
        return _judge(finder, question, answer)
    if form in STORY_FORMS and answer.status != "answered":
        story = finder.story(question)
        return _tell_anyway(story, form) if story.found else NOTHING
    if form in ("count", "fact", "latest") and (told := _figures(finder, question, form, answer)):
        return told
    premise = asks_premise(question.text) and form != "reason"
    if premise and (told := find_contradiction(question.text, finder.asked_story(question))):
        return told
    if answer.status == "answered":
        return _instead_of_answer(finder, question, form, answer)
    return _break_silence(finder, question, form, answer)


def _instead_of_answer(finder: Finder, question: Question, form: Form, answer: Answer) -> StoryAnswer | str | None:
    """What is wrong with an answer that was found, or missing from it."""
    quotes = [citation.quote for citation in answer.citations]
    names_one = partial(_names_anybody, question.text)
    if form == "quotation":
        return None if may_be_of(question.text, quotes) else UNSAID
    if all(quote.rstrip("”\"' ").endswith("?") for quote in quotes):
        return NOT_SAID  # a question of an article answers none
    if _asks_of_past(question.text) and _is_to_come(quotes[0]):
        return f"{TO_COME} {_teller(answer.citations[0])}"
    if form == "reason" and not any(map(gives_reason, quotes)):
        return with_neighbours(answer, finder.asked_story(question), form, "gives no reason")
    if not answer.short_answer and form == "fact" and _WHO_DID.match(question.text) and not any(map(names_one, quotes)):
        return with_neighbours(answer, finder.asked_story(question), form, "names nobody", names_one)
    if answer.short_answer and _defines(question.text):
        return StoryAnswer("fact", answer.sentences, answer.citations, confidence=answer.confidence, passages=answer.passages)
    return None


def _break_silence(finder: Finder, question: Question, form: Form, answer: Answer) -> StoryAnswer | None:
    """Lines that may help where no answer was found."""
    if _BROAD.search(question.text):
        return _tell_anyway(finder.story(question), "briefing")
    if form == "latest" and not asks_size(question.text):
        return _tell_anyway(finder.story(question), form)
    if question.behind:
        story = about_names(finder.story(question))
        return lines_nearby(find_asked(question.text, story, finder.terms), story, form)
    if answer.cause == "disagreement":
        return lines_nearby(find_covering(story := finder.story(question)), story, form)
    return None


def _tell_anyway(story: Story, form: Form) -> StoryAnswer | None:
    """An account of a topic that some statement is surely about, however little others are."""
    if form == "comparison" or max((one.weight for one in story.found), default=0.0) < BROAD:
        return None
    told = timeline(story) if form == "timeline" else brief(story)
    return replace(told, form=form) if told else None


def _figures(finder: Finder, question: Question, form: Form, answer: Answer) -> StoryAnswer | None:
    """The figures of which a plain answer gives one, or those that are surely asked for where it gives another or none."""
    if not asks_size(question.text) and not parse_quantity(question.text).unit:
        return None
    story = finder.story(question)
    told = figures(question.text, story, "count", reader=finder.reader)
    if told is None or not told.citations:
        return None
    given = [_digits(part.value) for part in told.parts if isinstance(part, Figure)]
    sure = form != "fact" and _is_sure(told, story, parse_quantity(question.text))
    if answer.status != "answered":
        return told if sure or answer.cause == "disagreement" else None
    plain = {_digits(answer.short_answer)} if answer.short_answer else _all_digits(answer)
    own = finder.reader is None and sure  # what reads single sentences has said already which figures are asked for
    return told if len(given) > 1 and (plain & set(given) or own) else None


def _is_sure(told: StoryAnswer, story: Story, wanted: Quantity) -> bool:
    """Whether the first figure stands with nearly all of what it is of, and with all of its names, about it."""
    quote = told.sentences[0].text
    one = next((each.statement for each in story.found if each.statement.text == quote), None)
    if one is None:
        return False
    there = one.terms | one.around
    subject = subject_of(story, wanted)
    return subject.cover(there) >= SURE and subject.named & subject.weights.keys() <= there


def _judge(finder: Finder, question: Question, answer: Answer) -> StoryAnswer | str | None:
    """Yes or no by the statements that the reader quotes; else that the articles do not say, with the nearest quote."""
    if claim_of(question.text) is None:
        return None
    story = finder.asked_story(question)
    story = about_names(story) if question.behind else story
    quotes = [citation.quote for citation in answer.citations] if answer.status == "answered" else []
    if told := judge(question.text, story, quotes):
        return told
    one = nearest(question.text, story)
    if one is None:
        return NOT_SAID
    quote = one.statement.quote
    where = ", ".join(each for each in (outlet_name(quote.source), str(one.statement.reported or "")) if each)
    return f"{NOT_SAID} The nearest says: “{quote.text}”{f' ({where})' if where else ''}"


def _teller(citation: Citation) -> str:
    where = outlet_name(citation.source)
    return f"The nearest says: “{citation.quote}”{f' ({where})' if where else ''}"


def _asks_of_past(question: str) -> bool:
    """Whether a question asks of what has happened, and not of what could."""
    if is_of_future(question):
        return False
    said = [token.low for token in tokens(question)]
    return bool(_PAST.search(question)) or any(
        is_verb(word) and base(word) != word and not word.endswith("s") for word in said[1:4]
    )


def _is_to_come(quote: str) -> bool:
    """Whether a quote tells of what is expected or wanted, and of nothing that has happened."""
    past = [token.low for token in tokens(quote) if not token.capital and token.low not in _EXPECTED and _is_past(token.low)]
    return tells_of_future(quote) and not past


def _is_past(word: str) -> bool:
    return is_verb(word) and (word.endswith("ed") or IRREGULAR.get(word, word) != word)


def _defines(question: str) -> bool:
    """Whether a question asks what something is that it names: no name or number is an answer."""
    found = _DEFINES.match(question)
    if found is None:
        return False
    return bool(found["kind"]) or all(word[0].isupper() for word in found["name"].split())


def _names_anybody(question: str, quote: str) -> bool:
    """Whether a quote has a name, other than at its head, that the question has not."""
    asked = {word for name in names(question) for word in name.words}
    return any(not set(name.words) <= asked for name in names(quote) if name.kind == "person")


def _all_digits(answer: Answer) -> set[str]:
    return {f"{number.value:g}" for citation in answer.citations for number in numbers(citation.quote)}


def _digits(text: str) -> str:
    """A value without commas, signs and words about it, for comparison."""
    found = numbers(text)
    return f"{found[0].value:g}" if found else ""
