"""Who somebody is, from what stands beside the name: an office before it, an apposition after it, or "is" and "was"."""

from __future__ import annotations

import re
from collections import Counter

from rag.english.folding import fold
from rag.english.names import names
from rag.forms import Row
from rag.story.choose import distinct
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlets_of
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Sentence

SHOWN = 3
PERSONS = 4
_PLAIN = r"(?:[^,.;:()–—]|(?<=\b[A-Z])\.)"
"""A character of the words that say who somebody is: up to a comma or full stop, other than that of an initial."""
_APART = r"(?:by|or|and|either|to|with|from|for|than|as)\b"
"""What does not stand within the name of an office."""
_RELATIVE = re.compile(
    r"\s(?:(?:who|whom|whose|which|that|where)\b|(?:as|while|when|after|before|because|since) (?:s?he|it|they)\b)", re.IGNORECASE
)
"""How a clause begins that says more of somebody, or when it was: "… chief as he worked to calm the city"."""
_ASKED = re.compile(
    r"\b(?:who(?:'s| is| was| are| were)|who exactly is|profile of|biography of"
    r"|background on)(?: the (?:late|suspect|man|woman))?"
    r" (?:(?:the|this|that|professor|dr|mr|mrs|ms|sir|judge|general|senator"
    r"|commissioner) )*([^?,]{2,60})|what (?:is|was) ([^?,]{2,60}?) known for",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:(?:former|acting|prime|vice|deputy|chief|foreign|interior|finance|defen[cs]e|health|home|senior|outgoing|ex-)[ -]?)*"
    r"(?:president|minister|secretary|chancellor|senator|representative|congress(?:man|woman)|governor|mayor|judge|justice|king|queen|prince(?:ss)?|pope"
    r"|general|director|executive|officer|chair(?:man|woman)?|leader|spokes(?:man|woman|person)|professor|doctor|coach|captain|player|actor|actress|singer|star"
    r"|author|champion|commissioner|ambassador|prosecutor|lawyer|attorney|activist|candidate|founder|head|inspector|chief|suspect|striker|economist|analyst)"
)

_ROLE = re.compile(rf"\b(?:{_OFFICE}|of|in|at|for|to|who|that|behind|with)\b", re.IGNORECASE)
_PARTICLES = frozenset("al bin da de del der di du el la le van von".split())  # noqa: SIM905


def whom(question: str) -> str | None:
    """The name that the question asks about; None where it asks who has an office, which is a fact to be looked up.

    In a question without capitals two or three plain words pass for a name.
    """
    found = _ASKED.search(question.replace("’", "'"))
    if not found:
        return None
    name = (found[1] or found[2]).strip(" .!'\"")
    words = name.split()
    if name == name.lower() and question[1:] == question[1:].lower():
        return name if len(words) <= 3 and not _ROLE.search(name) else None
    proper = all(word[0].isupper() or word in _PARTICLES for word in words)
    return name if words and proper else None


def introduction(question: str, story: Story) -> StoryAnswer | None:
    """Sentences that say who the one asked about is; of a name that several have, one for each, the most written of first."""
    name = whom(question)
    if not name:
        return None
    persons = _persons(name, story) if len(name.split()) == 1 else []
    if len(persons) > 1:
        picked = [best for person in persons[:PERSONS] if (best := _best(person, story))]
    else:
        ranked = _rank_people(persons[0] if persons else name, story)
        picked = distinct(ranked, SHOWN, 0.3)
    if not picked or (len(persons) < 2 and picked[0].weight < 0.8):
        return None
    notes = Footnotes(story.articles)
    rows = []
    for one in picked:
        said = one.statement
        rows.append(Row("introduction", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported, None))
    sentences = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    short = " / ".join(persons[:PERSONS]) if len(persons) > 1 else words_for(name, picked[0].statement.text)
    return StoryAnswer("person", sentences, notes.citations, tuple(rows), short, 0.75, passages=story.passages)


def _persons(name: str, story: Story) -> list[str]:
    """The full names that end in `name`, the most frequent first, where more than one is frequent."""
    wanted = fold(name)
    counted: Counter[str] = Counter()
    for one in story.found:
        text = one.statement.text
        for found in names(text):
            if len(found.words) == 2 and found.words[-1] == wanted and "&" not in text[found.start : found.end]:
                words = text[found.start : found.end].split()[-2:]
                counted[" ".join(words).removesuffix("'s").removesuffix("’s")] += 1
    return [full for full, _ in counted.most_common()]


def _best(person: str, story: Story) -> ScoredStatement | None:
    ranked = [one for one in _rank_people(person, story) if person in one.statement.text]
    return ranked[0] if ranked else None


def _rank_people(name: str, story: Story) -> list[ScoredStatement]:
    last = re.escape(name.split()[-1])
    full = re.escape(name)
    found = []
    for one in story.found:
        if re.search(rf"\b{last}\b", one.statement.text, re.IGNORECASE):
            rank = _rank(full, last, one.statement.text)
            found.append(ScoredStatement(one.statement, rank + 0.2 * one.weight))
    return sorted(found, key=lambda one: -one.weight)


def _rank(full: str, last: str, text: str) -> float:
    """How surely the sentence says who this is."""
    whole = re.search(rf"\b{full}\b", text, re.IGNORECASE) is not None
    own = _own(full, last)
    is_one = rf"\b{own} (?:is|was|became|has become|has been|remains|serves as|works as|identified)\b(?: \w+)?"
    for pattern, rank in (
        (
            rf"\b{own},? (?:\d+, |aged \d+, )?(?:an?|the|who (?:is|was|leads|heads|runs)|chief|head|director"
            r"|leader|professor|former)\b",
            1.0 if whole else 0.8,
        ),
        (rf"{is_one} an?\b", 0.95),
        (rf"{is_one} (?:the|as)\b", 0.9),
        (_office_of(full), 0.96),
        (rf"{is_one} one\b|\b{own},? one of\b", 0.7 if whole else 0.5),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            return rank
    return 0.6 if re.search(rf"\b{full}, \d+\b|\b[a-z]+ {full}\b", text) else 0.0


def _office_of(full: str) -> str:
    """A pattern for an office with the body or place that it is of, before a name: right before it, or set off by commas."""
    of = rf"(?: of (?!{_APART})[\w’'-]+(?: (?!{_APART})[\w’'-]+){{0,5}}?)?"
    titled = "(?:(?-i:[A-Z][\\w.]+) )?"
    return rf"\b((?:(?-i:[A-Z][\w’']+) ){{0,3}}{_OFFICE}{of})(?: {titled}{full}\b|, {titled}{full},)"


def _own(full: str, last: str) -> str:
    """A pattern for a name: the whole, or the last word of it where no other first name stands before that."""
    return rf"(?:{full}|(?<![\w’.] ){last})"


def words_for(name: str, text: str) -> str | None:
    """The words beside the name that say who this is; None where they cannot be told apart."""
    full = re.escape(name)
    own = _own(full, re.escape(name.split()[-1]))
    for pattern in (
        rf"\b{own},? ((?:\d+, )?(?:an?|the|one of|who (?:is|was|leads|heads|runs)|chief"
        rf"|head|director|leader|professor|former)\b{_PLAIN}{{3,90}})",
        rf"\b{own} (?:is|was) ((?:an?|the|one of)\b{_PLAIN}{{3,90}})",
        _office_of(full),
    ):
        if found := re.search(pattern, text, re.IGNORECASE):
            return _without_clause(_whole_words(found[1].strip(), text))
    return None


def _whole_words(words: str, text: str) -> str:
    """The words without the last one where it goes on in the text."""
    end = text.find(words) + len(words)
    return words.rsplit(" ", 1)[0] if text[end : end + 1].isalnum() else words


def _without_clause(words: str) -> str:
    """The words before a clause about them: "an economist" of "an economist who led the inquiry"."""
    cut = _RELATIVE.search(words)
    return words[: cut.start()] if cut and cut.start() and " " in words[: cut.start()] else words
