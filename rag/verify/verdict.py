"""What comes of holding a sentence against its sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.types import Quote

Check = Literal["number", "date", "name", "negation", "quotation", "quantity", "speaker", "words", "support"]
"""What a sentence can fail by: a number, a date, a name, a negation, quoted words, a quantity in words or who said something that
its source does not have; words that no source has; or too little likeness as a whole."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quotes` are the narrowest spans that carry the sentence, `support` how well they do (0 to 1).

    Of a sentence that is not supported, `check` says which test it failed and `reason` why, in a few words.
    """

    supported: bool
    support: float
    quotes: tuple[Quote, ...] = ()
    check: Check | None = None
    reason: str | None = None
