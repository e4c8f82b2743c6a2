"""The short answer in front: words of the first sentence, the items of a list, or none where a few words cannot answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.english.kinds import Wanted
from rag.extract.evidence import NAMES, Read
from rag.read import Vote
from rag.read.votes import same_answer

EDGES = " \t\n.,;:!?“”„\"‘’'()[]«»–—-"
ITEM = 0.15
"""The share of the first item's belief that a further item of a list has at least."""
MAX_ITEMS = 6
JOINED = (" and ", ", ", "; ", " & ")


def short_answer(kind: Wanted, read: Read, picked: Sequence[int], first: int) -> str | None:
    """The short answer of the sentence `first`; of a list the others that the sentences `picked` say too, in their order."""
    said = trim(read.short(first) or "")
    if kind == "sentences" or not said or is_impossible(read.rows[first]):
        return None
    if kind == "short" or any(sign in said for sign in JOINED):
        return said
    quoted = " ".join(read.found[i].quote.text for i in picked)
    told = f" {same_answer(quoted)} "
    items = [vote for vote in read.voted if trim(vote.answer) and f" {same_answer(vote.answer)} " in told]
    return ", ".join(_items(items, quoted)) or said


def is_impossible(row: NDArray[np.float64]) -> bool:
    """Whether the short answer of a sentence, by its row of NAMES, cannot be one.

    It is of another kind or in another unit than is asked for, names who said it, or repeats the question.
    """
    kind, unit, speaker, echo = row[[NAMES.index(name) for name in ("kind", "unit", "speaker", "echo")]]
    return bool(kind == 0 or unit == 0 or speaker == 1 or echo == 1)


def trim(answer: str) -> str:
    """Without quotation marks and other signs at its ends, unless they are half of a pair inside it or an abbreviation's."""
    plain = answer.strip(EDGES)
    if " (" in plain and ")" not in answer:
        plain = plain[: plain.index(" (")].rstrip(EDGES)  # one bracket of a pair
    after = answer.strip()[answer.strip().find(plain) + len(plain) :] if plain else ""
    if after.startswith(".") and "." in plain.rsplit(" ", 1)[-1]:
        plain += "."  # U.S.
    return plain + (")" if plain.count("(") > plain.count(")") and after.startswith(")") else "")


def _items(votes: Sequence[Vote], quoted: str) -> list[str]:
    items: list[Vote] = []
    for vote in votes:
        words = set(same_answer(vote.answer).split())
        apart = all(not words & set(same_answer(other.answer).split()) for other in items)
        if vote.share >= ITEM * votes[0].share and apart and len(items) < MAX_ITEMS:
            items.append(vote)
    return sorted((trim(item.answer) for item in items), key=lambda item: quoted.find(item))
