"""Who said a phrase, and what somebody said: word for word or nearly so, quoted whole, the speaker told across sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.english.folding import fold
from rag.english.names import names
from rag.english.reporting import sayings
from rag.forms import Row
from rag.sentences import sentence_spans
from rag.story.gather import Story
from rag.story.outlets import outlets_of
from rag.story.speaking import speaker_of
from rag.story.statements import Statement
from rag.story.tell import Footnotes, StoryAnswer, day_of
from rag.types import Article, Passage, Quote, Sentence

NEARLY = 0.8
"""The share of a phrase's words that stand in order in a sentence which quotes it nearly."""
BACK = 4
"""Sentences before a quotation in which its speaker is looked for."""
ABOUT = 1.1
"""What a statement is worth at least as words of somebody on something: its own words for it, those around it, and
quotation marks."""
SHOWN = 3
_PHRASE = re.compile(r"[“\"«]([^”\"»]{3,})[”\"»]|[‘']([^’']{12,})[’'](?!\w)")
_SAID = re.compile(
    r"\bwho(?:m| has| had)? (?:first )?(?:said|says|wrote|used|called|told|tweeted|coined"
    r"|claimed|warned|argued)\b(?: that| the phrase| the words)? (.{12,}?)\??$",
    re.I,
)
_WORD = re.compile(r"\w+")
_MARKED = re.compile(r"[“\"].{8,}")
_LONG = re.compile(r"[“\"][^”\"]{25,}")
_ABOUT_WHOM = re.compile(
    r"\b(?:did|does|do|has|have|had|was|were|is) (?:the )?(.{2,60}?)(?:['’]s?)? (?:exactly "
    r"|really )?(?:say|said|tell|told|call|called|tweet|write|written|respond|react"
    r"|comment|describe|answer|announce|think|claim|warn|promise|words|reaction|response)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation, whole, the name of who says it as the article writes it, and where that name stands where it is elsewhere."""

    quote: Quote
    speaker: str | None
    named: Quote | None = None


def phrase_in(question: str) -> str | None:
    """The words that the question asks to find: those in quotation marks, else those after "who said"."""
    marked = _PHRASE.search(question)
    if marked:
        return (marked[1] or marked[2]).strip(" .,!?")
    said = _SAID.search(question)
    return said[1].strip(" .,!?") if said else None


def who_said(phrase: str, passages: Sequence[Passage], articles: dict[str, Article]) -> StoryAnswer | None:
    """Where the phrase stands, exactly or nearly, and who says it; None where it stands nowhere."""
    found: list[tuple[float, Quotation]] = []
    for source in dict.fromkeys(passage.chunk.source.id for passage in passages):
        if article := articles.get(source):
            spans = sentence_spans(article.text)
            best = max(
                ((_likeness(phrase, article.text[start:end]), at) for at, (start, end) in enumerate(spans)), default=(0.0, 0)
            )
            if best[0] >= NEARLY:
                found.append(
                    (
                        best[0] + 0.01 * bool(_MARKED.search(article.text[slice(*spans[best[1]])])),
                        find_quotation(article, spans, best[1]),
                    )
                )
    found.sort(key=lambda one: (-round(one[0], 2), one[1].speaker is None))
    exact = [pair for pair in found if pair[0] >= 1.0]
    return _format_said([one for _, one in exact or found][:SHOWN], articles, 0.9) if found else None


def _likeness(phrase: str, sentence: str) -> float:
    """1 where the phrase stands in the sentence word for word; else the share of its words that stand there in order."""
    wanted, words = _fold(phrase), _fold(sentence)
    if f" {' '.join(wanted)} " in f" {' '.join(words)} ":
        return 1.0
    return 0.99 * _in_order(wanted, words) / len(wanted) if len(wanted) >= 3 else 0.0


def _fold(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(re.sub(r"\[[^\]]*\]", " ", text).replace("’", "").replace("'", ""))]


def _in_order(wanted: Sequence[str], words: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(words) + 1)
    for one in wanted:
        before = 0
        for at, word in enumerate(words, start=1):
            kept = row[at]
            row[at] = before + 1 if one == word else max(row[at], row[at - 1])
            before = kept
    return row[-1]


def find_quotation(article: Article, spans: Sequence[tuple[int, int]], at: int) -> Quotation:
    """The quotation that the sentence number `at` is part of, as far as its marks are closed, and its speaker."""
    first = last = at
    text = article.text
    while first > 0 and first > at - 3 and _continues(text, spans, first):
        first -= 1
    while last + 1 < len(spans) and last < at + 3 and _continues(text, spans, last + 1):
        last += 1
    quote = Quote(article.source, spans[first][0], spans[last][1], text[spans[first][0] : spans[last][1]])
    speaker = speaker_of(quote.text)
    if speaker:
        return Quotation(quote, speaker)
    for near in (*range(first - 1, max(-1, first - 1 - BACK), -1), last + 1):
        if 0 <= near < len(spans):
            start, end = spans[near]
            speaker = speaker_of(text[start:end]) or (_full_name(text[start:end]) if near < first else None)
            if speaker:
                return Quotation(quote, speaker, Quote(article.source, start, end, text[start:end]))
    return Quotation(quote, None)


def _continues(text: str, spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether the sentence number `at` goes on with a quotation that the one before it opened, in the same paragraph."""
    before, (start, end) = text[slice(*spans[at - 1])], spans[at]
    if "\n" in text[spans[at - 1][1] : start]:
        return False
    return before.count("“") > before.count("”") or (before.count('"') % 2 == 1 and text[start:end].count('"') % 2 == 1)


def _full_name(sentence: str) -> str | None:
    found = [name for name in names(sentence) if len(name.words) >= 2]
    return sentence[found[0].start : found[0].end] if found else None


_CALL = re.compile(r"\b(?:call|name|dub|label|nickname)(?:s|ed|led)?\b(?! (?:for|on|off|in|out)\b)", re.IGNORECASE)
_CALLS = re.compile(r"\b(?:call|nam|dubb|label|nicknam|describ|branded)\w*\b(?! (?:for|on|off|in)\b)", re.IGNORECASE)
"""How a question asks what somebody called somebody else, and how a sentence tells it."""


def _calls(text: str, whom: set[str]) -> bool:
    """Whether a sentence tells what one of these calls somebody or something."""
    call = _CALLS.search(text)
    return call is not None and any(name.start < call.start() and set(name.words) & whom for name in names(text))


def _is_said_by(said: Statement, whom: set[str]) -> bool:
    return _says(said) and bool({word for saying in sayings(said.text) for word in saying.words} & whom)


def find_said_by(question: str, story: Story) -> StoryAnswer | None:
    """What the one asked about said; None where no statement has such a speaker."""
    asked = _ABOUT_WHOM.search(question.replace("’", "'"))
    named = names(question[0].lower() + question[1:])
    if asked is None or not named:
        return None
    inside = [name for name in named if asked.start(1) <= name.start < asked.end(1)] or named[:1]
    whom = set(inside[0].words)
    names_something = _CALL.search(question) is not None
    rest = {term: weight for term, weight in story.topic.weights.items() if term not in {fold(word)[:4] for word in whom}}
    found = []
    for one in story.found:
        said = one.statement
        if _calls(said.text, whom) if names_something else _is_said_by(said, whom):
            about = sum(weight for term, weight in rest.items() if term in said.terms | said.around) / (sum(rest.values()) or 1)
            own = sum(weight for term, weight in rest.items() if term in said.terms) / (sum(rest.values()) or 1)
            found.append((own + 0.5 * about + 0.3 * bool(_MARKED.search(said.text)), said))
    found.sort(key=lambda pair: -pair[0])
    if not found or found[0][0] < ABOUT:
        return None
    picked = [one for worth, one in found if worth >= 0.7 * found[0][0]][:SHOWN]
    name = question[inside[0].start : inside[0].end] if inside[0].start else None
    spoken_ones = [_name_speaker(_whole(one, story), whom, name) for one in picked]
    return _format_said(spoken_ones, story.articles, min(0.9, 0.45 + 0.25 * found[0][0]))


def _name_speaker(one: Quotation, whom: set[str], name: str | None) -> Quotation:
    """The quotation with the name asked about, where another one in the sentence was taken for its speaker."""
    words = {fold(word) for word in (one.speaker or "").split()}
    return one if words & whom or name is None else replace(one, speaker=name)


def may_be_of(question: str, quotes: Sequence[str]) -> bool:
    """Whether a quote names the one asked about, or has words in quotation marks, perhaps theirs; True where none is named."""
    asked = _ABOUT_WHOM.search(question.replace("’", "'"))
    inside = [
        name for name in names(question[:1].lower() + question[1:]) if asked and asked.start(1) <= name.start < asked.end(1)
    ]
    if not inside:
        return True
    last = inside[0].words[-1]
    return any(_LONG.search(quote) or last in {fold(word) for word in re.findall(r"[\w'’-]+", quote)} for quote in quotes)


def _says(one: Statement) -> bool:
    return bool(_MARKED.search(one.text)) or any(saying.words for saying in sayings(one.text))


def _whole(one: Statement, story: Story) -> Quotation:
    article = story.articles[one.quote.source.id]
    spans = sentence_spans(article.text)
    at = next((at for at, (start, end) in enumerate(spans) if start <= one.quote.start < end), None)
    return Quotation(one.quote, speaker_of(one.text)) if at is None else find_quotation(article, spans, at)


def _format_said(found: Sequence[Quotation], articles: dict[str, Article], confidence: float) -> StoryAnswer:
    notes = Footnotes(articles)
    rows: list[Row] = []
    sentences: list[Sentence] = []
    for one in found:
        numbers = notes.cite([one.quote, *([one.named] if one.named else ())])
        rows.append(
            Row("quotation", one.quote.text, numbers, outlets_of([one.quote]), day_of(one.quote.source.published), one.speaker)
        )
        if not any(sentence.text == one.quote.text for sentence in sentences):
            sentences.append(Sentence(one.quote.text, numbers, confidence))
    return StoryAnswer("quotation", tuple(sentences), notes.citations, tuple(rows), found[0].speaker, confidence)
