"""Composing an answer: the one sentence that most probably states it, and few others that add to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.english.kinds import Wanted
from rag.english.prose import leans
from rag.extract.evidence import Read, Statement
from rag.sentences import sentence_spans
from rag.types import Article, Quote

Chances = NDArray[np.float64]
MAX_SENTENCES = 3
REPEATED = 0.6
NEXT = {"short": 0.7, "list": 0.6, "sentences": 0.6}
"""The share of the first sentence's chance of stating the answer that a further one has at least."""
BEFORE = 60
"""The most words of two sentences quoted as one, the second of which leans on the first."""


def choose(read: Read, chances: Chances, max_words: int, kind: Wanted) -> list[int]:
    """Indices of at most three sentences in the order in which they are to be said; empty where there is none.

    The first is the one most probable to state the answer, whatever its length; another follows while words are left when it is
    nearly as probable and says another answer, or, where an explanation or a list is asked for, something more.
    """
    picked: list[int] = []
    words_left = max_words
    for i in map(int, np.argsort(-chances, kind="stable")):
        if picked and (chances[i] < NEXT[kind] * chances[picked[0]] or not _adds(i, read.found, picked, words_left)):
            continue
        picked.append(i)
        words_left -= len(read.found[i].quote.text.split())
        if len(picked) == MAX_SENTENCES:
            break
    return _readable(read.found, picked)


def _adds(i: int, found: Sequence[Statement], picked: Sequence[int], words_left: int) -> bool:
    """Whether the sentence says another answer than those picked, in words mostly its own, and is short enough."""
    words = found[i].quote.text.split()
    said = {found[j].vote for j in picked} - {None}
    new = found[i].vote is None or found[i].vote not in said
    return new and len(words) <= words_left and not any(repeats(words, found[j].quote.text.split()) for j in picked)


def repeats(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether most of the shorter sentence's words stand in the other (overlap coefficient, Szymkiewicz-Simpson)."""
    one, other = ({word.lower().strip(".,;:“”\"'") for word in side} for side in (words, others))
    return len(one & other) >= REPEATED * min(len(one), len(other))


def _readable(found: Sequence[Statement], picked: Sequence[int]) -> list[int]:
    """Sentences of one article together and in its order, the article of the first one picked first."""
    articles = list(dict.fromkeys(found[i].quote.source.id for i in picked))
    return sorted(picked, key=lambda i: (articles.index(found[i].quote.source.id), found[i].quote.start))


def with_before(quote: Quote, article: Article | None) -> Quote:
    """The quote, with the sentence before it where it leans on that one: "He" and "It" name nobody by themselves."""
    if article is None or not leans(quote.text):
        return quote
    head = article.text[max(0, quote.start - 600) : quote.start]
    at = quote.start - len(head)
    if not head.strip() or "\n\n" in head[len(head.rstrip()) :]:
        return quote
    start = at + sentence_spans(head)[-1][0]
    text = article.text[start : quote.end]
    if len(text.split()) > BEFORE or "\n" in text:
        return quote
    return replace(quote, start=start, text=text)


def narrow_quote(quote: Quote, max_words: int, around: str | None) -> Quote:
    """The quote itself, or of one that is longer than `max_words` the words about its answer, from a comma where there is one."""
    words = list(re.finditer(r"\S+", quote.text))
    if len(words) <= max_words:
        return quote
    at = quote.text.find(around) if around else 0
    middle = next((i for i, word in enumerate(words) if word.end() > max(0, at)), 0)
    first = min(max(0, middle - max_words // 2), len(words) - max_words)
    after_comma = [i + 1 for i in range(first, middle) if words[i][0].endswith((",", ";", ":", "—", "–"))]
    first = after_comma[0] if after_comma and first else first
    last = min(len(words), first + max_words) - 1
    start, end = words[first].start(), words[last].end()
    return replace(quote, start=quote.start + start, end=quote.start + end, text=quote.text[start:end])
