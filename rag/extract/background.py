"""How rare a word is: counted in the archive, and in a background of English text that tells where the archive is too small to.

In an archive of a few articles nearly every word of a question is missing or rare, and "how" weighs as much as a name. The
background is the paragraphs of some encyclopedia articles and the facts of some news reports, counted by
`python -m eval.background`; in a large archive its two thousand paragraphs hardly count.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources


def rarity(total: int, holders: Mapping[str, int]) -> dict[str, float]:
    """Inverse document frequency of each term: ln(1 + (N - n + 0.5) / (n + 0.5)) (BM25's).

    N counts the `total` chunks of the archive and the background's paragraphs, n those among both that have the term.
    """
    paragraphs, frequencies = _background()
    everything = total + paragraphs
    holding = {term: n + frequencies.get(term, 0) for term, n in holders.items()}
    return {term: math.log(1 + (everything - n + 0.5) / (n + 0.5)) for term, n in holding.items()}


@cache
def _background() -> tuple[int, dict[str, int]]:
    raw = json.loads((resources.files("rag.extract") / "background.json").read_text("utf-8"))
    return int(raw["paragraphs"]), dict(raw["frequencies"])
