"""What an answerer proposes, before it is cited or withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.types.article import Source
from rag.types.passage import Quote
from rag.types.writing import Struck, Writing

Cause = Literal["nothing found", "not answered", "outside the filters", "disagreement"]
"""Why there is no answer: no passage at all; passages that do not answer; passages that would answer but do not pass the filters;
passages that give different answers."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that an answerer proposes, the quotes it rests on, and how well they support it (0 to 1)."""

    text: str
    quotes: tuple[Quote, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer makes of the passages. `confidence` is the probability that the quotes contain the right answer.

    `reason` and `cause` say why there are no claims, or too little confidence in them. `least` is the confidence from which the
    draft is worth showing where that is not the answerer's own, `notices` what whoever asked should know about how it was made,
    `agreeing` the sources of passages found to give the same short answer, `mode` how it was made where that is not the usual
    way of the answerer. Where nobody `calibrated` the parts that made it, `confidence` decides whether the draft is shown and is
    no probability. `writing` is all that a language model was asked and wrote.
    """

    claims: tuple[Claim, ...]
    confidence: float
    short_answer: str | None = None
    reason: str | None = None
    cause: Cause = "not answered"
    least: float | None = None
    notices: tuple[str, ...] = ()
    agreeing: tuple[Source, ...] = ()
    mode: str | None = None
    writing: Writing | None = None
    calibrated: bool = True

    @property
    def struck(self) -> tuple[Struck, ...]:
        """The sentences of a language model that were not kept."""
        return self.writing.struck if self.writing else ()
