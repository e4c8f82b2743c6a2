"""What a reader makes of a text for a question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to read, with the title of the article it stands in."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A short answer: characters `start` to `end` of the text; `score` is the sum of its start's and its end's logit."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text. `spans` are best first.

    `silence` is the score, on the scale of the spans', of there being no answer. `sentences` has for each sentence, and
    `answers` for the whole text, the logit of its answering: 0 is an even chance.
    """

    spans: tuple[Span, ...]
    silence: float
    sentences: tuple[float, ...]
    answers: float
