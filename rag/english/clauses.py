"""A sentence in the parts that can each rest on a span of their own: "A did this, and B did that"."""

from __future__ import annotations

import regex

from rag.english.lexicon import IRREGULAR

_JOINT = regex.compile(
    r"(?:;\s+|,?\s+(?:while|whereas|but|although|though)\s+|,\s+and\s+)"
    r"(?=\p{Lu}|\d|(?:the|a|an|its?|he|she|they|his|her|their)\b)"
)
_VERB_LIKE = regex.compile(rf"\b(?:\p{{Ll}}+(?:ed|s|en)|was|were|is|are|had|has|have|will|would|did|cut|{'|'.join(IRREGULAR)})\b")
SHORTEST = 4


def clauses(sentence: str) -> list[str]:
    """The parts of `sentence` in order, each with a verb of its own; the whole where it cannot be parted."""
    parts = [part.strip() for part in _JOINT.split(sentence) if part and part.strip()]
    if len(parts) > 1 and all(len(part.split()) >= SHORTEST and _VERB_LIKE.search(part) for part in parts):
        return parts
    return [sentence]
