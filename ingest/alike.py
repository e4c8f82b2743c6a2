"""Whether two texts may be versions of one story: the share of words that they have in common, from a few words of each.

The words with the smallest hashes are a random sample of all that a text has (Broder, "On the resemblance and containment of
documents", 1997).
"""

from __future__ import annotations

import re
import zlib
from typing import TypeAlias

SAMPLE = 48
ALIKE = 0.3
"""Versions of a story share more of their words than this; two stories of one paper about half as many."""
MAX_CHARACTERS = 20_000

Sketch: TypeAlias = tuple[int, ...]

_WORD = re.compile(r"\w+")


def sketch_of(text: str) -> Sketch:
    words = {word.casefold() for word in _WORD.findall(text, 0, MAX_CHARACTERS)}
    return tuple(sorted(zlib.crc32(word.encode("utf-8", "replace")) for word in words)[:SAMPLE])


def are_alike(one: Sketch, other: Sketch) -> bool:
    """Whether the resemblance |A ∩ B| / |A ∪ B| of their words, as the samples show it, is that of two versions."""
    sample = sorted({*one, *other})[:SAMPLE]
    common = set(one).intersection(other)
    return bool(sample) and sum(word in common for word in sample) / len(sample) >= ALIKE
