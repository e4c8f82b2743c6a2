"""What a language model is asked and writes, and what comes of checking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.types.passage import Quote


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is asked: its instructions, and the text they are about. `max_tokens` bounds its answer."""

    system: str
    user: str
    max_tokens: int


Check = Literal[
    "number", "date", "name", "negation", "quotation", "quantity", "speaker", "relation", "words", "support", "relevance"
]  # fmt: skip
"""What a sentence can fail by: a number, a date, a name, a negation, quoted words, a quantity in words, who said something, or
who did what to whom, that its source does not have; a word that no source has; too little likeness as a whole; or having nothing
to do with the question."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of holding a sentence against passages: the narrowest `quotes` that carry it, and how well they do (0 to 1).

    Of a sentence that is not supported, `check` says which test it failed and `reason` why, in a few words.
    """

    supported: bool
    support: float
    quotes: tuple[Quote, ...] = ()
    check: Check | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence as a language model wrote it, without its markers, and what came of checking it.

    `cited` are the numbers of the passages that its markers named, `invalid` counts markers that named none.
    """

    text: str
    cited: tuple[int, ...]
    invalid: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Struck:
    """A sentence of a language model that no source carries, why, and after how many of the answer's sentences it stood."""

    text: str
    reason: str
    check: Check | None
    after: int


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model was asked and answered, word for word, and what came of each of its sentences.

    `passages` is how many were in the prompt, `left_out` how many there was no room for, `error` why its answer is not whole,
    `struck` its sentences that were not kept.
    """

    model: str
    prompt: Prompt
    raw: str
    checked: tuple[Checked, ...]
    passages: int
    left_out: int
    error: str | None = None
    struck: tuple[Struck, ...] = ()

    @property
    def invalid_markers(self) -> int:
        return sum(one.invalid for one in self.checked)
