"""Quotes without a claim: the lines of a story that come nearest to what is asked, where nothing answers it surely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rag.english.lexicon import list_words
from rag.english.words import base, is_content, past, stem, tokens
from rag.forms import Form, Row
from rag.protocols import Terms
from rag.story.choose import distinct
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlets_of
from rag.story.speaking import speaker_of
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Answer, Citation, Sentence

SHOWN = 3
COVERED = 0.6
"""The share of the topic that such a line has in its own words at least."""
WEIGHED = 0.5
"""What the weight of such a line counts beside that share."""
NEAR = "No line answers this surely; these come nearest."
AROUND = "Shown with the lines before and behind it, since it {lacks} itself."
_LIGHT = list_words("light", "vague")
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|thanks to|after|over|amid|following|as a result|result(?:s"
    r"|ed)? (?:of|from)|caused?|causing|blam\w+|prompt\w+|led|leads"
    r"|driv(?:en|ing)|drove|reasons?|why|in (?:order|response|protest|retaliation)|motives?"
    r"|motivat\w+|grudges?|argu\w+|(?:hold|rul|say|find|claim)ing that"
    r"|so that|since|accus\w+|alleg\w+|for (?:his|her|its|their|failing|breaking|violating"
    r"|being|having)|stem\w*|trigger\w*|spark\w*|to (?:avoid|prevent|protect"
    r"|stop|ease|boost|help))\b",
    re.IGNORECASE,
)


def lines_nearby(found: Iterable[ScoredStatement], story: Story, form: Form, count: int = SHOWN) -> StoryAnswer | None:
    """The weightiest of the statements, none of which repeats another, without a short answer; None without any."""
    picked = distinct(list(found), count, -1.0)
    return _quote(picked, story, form, NEAR) if picked else None


def find_covering(story: Story) -> list[ScoredStatement]:
    """The statements with most of the topic in their own words, not names alone, and all of its names about them."""
    topic = story.topic
    asked = topic.weights.keys() - topic.named
    told = [one for one in story.found if _has_names(one, story) and (not asked or asked & one.statement.terms)]
    own = [(topic.cover(one.statement.terms), one) for one in told]
    return [ScoredStatement(one.statement, share + WEIGHED * one.weight) for share, one in own if share >= COVERED]


def find_asked(question: str, story: Story, terms: Terms) -> list[ScoredStatement]:
    """The statements with every word of content of a question that leans on another: "gun" of "How did he make the gun?"."""
    said = [(base(token.low) in _LIGHT, _forms(token.low, terms)) for token in tokens(question) if is_content(token)]
    wanted, beside = [forms for light, forms in said if not light], [forms for light, forms in said if light]
    if not wanted:
        return []
    found = [
        one for one in story.found if all(forms & one.statement.terms for forms in wanted) and _has_names(one, story, few=True)
    ]
    return [
        ScoredStatement(one.statement, one.weight + sum(bool(forms & one.statement.terms) for forms in beside)) for one in found
    ]


def gives_reason(text: str) -> bool:
    """Whether a sentence has a word by which reasons are given."""
    return _CAUSE.search(text) is not None


def with_neighbours(
    answer: Answer, story: Story, form: Form, lacks: str, has: Callable[[str], bool] = bool
) -> StoryAnswer | None:
    """What a plain answer quotes first, with those of the statements right before and behind that may have what it `lacks`; None
    where neither has."""
    first = answer.citations[0]
    at = next((one.statement.place for one in story.found if _holds(one, first)), None)
    if at is None:
        return None
    beside = [
        one
        for one in story.found
        if one.statement.quote.source.id == first.source.id
        and (one.statement.place == at or (abs(one.statement.place - at) == 1 and has(one.statement.text)))
    ]
    return (
        _quote(sorted(beside, key=lambda one: one.statement.place), story, form, AROUND.format(lacks=lacks))
        if len(beside) > 1
        else None
    )


def _holds(one: ScoredStatement, cited: Citation) -> bool:
    quote = one.statement.quote
    return quote.source.id == cited.source.id and cited.start <= quote.start < cited.end


def _forms(word: str, terms: Terms) -> frozenset[str]:
    """The stems of a word and of the other forms of its verb."""
    plain = base(word)
    return frozenset(terms.split(f"{word} {plain} {past(plain)}")) | {stem(word)}


def _has_names(one: ScoredStatement, story: Story, few: bool = False) -> bool:
    """Whether all names of the topic, or some where a `few` do, stand about a statement."""
    there = one.statement.terms | one.statement.around
    named = story.topic.named & story.topic.weights.keys()
    return not named or (bool(named & there) if few else named <= there)


def _quote(picked: Sequence[ScoredStatement], story: Story, form: Form, notice: str) -> StoryAnswer | None:
    notes = Footnotes(story.articles)
    rows = []
    for one in picked:
        said = one.statement
        rows.append(
            Row("more", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported, speaker_of(said.text))
        )
    told = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    if not told:
        return None
    return StoryAnswer(form, told, notes.citations, tuple(rows), None, 0.5, (notice,), story.passages)
