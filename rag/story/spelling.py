"""Names that the archive does not have, matched to the nearest that it has."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence

from rag.english.lexicon import FUNCTION
from rag.protocols import Terms
from rag.tokens import count_tokens
from rag.types import Passage

LEAST = 4
"""Letters of a word that is looked at."""
NEAR, PLAIN = 0.74, 0.85
"""The ratio (Ratcliff and Obershelp) from which one name is taken for another; the second for a word without a capital."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"\b[a-z]{4,}\b")
_NAME = re.compile(r"(?<![.!?“\"]\s)\b[A-Z][^\W\d_]{2,}")


def respelt(question: str, terms: Terms, passages: Callable[[], Sequence[Passage]]) -> str | None:
    """The question with each word that no article has replaced by the name most like it in `passages`; None where none is."""
    words = [word for word in _WORD.findall(question) if len(word) >= LEAST and word.lower() not in FUNCTION]
    stems = {word: terms.split(word) for word in words}
    _, holders = terms.frequencies([stem for some in stems.values() for stem in some])
    unknown = [word for word in words if stems[word] and not any(holders.get(stem, 0) for stem in stems[word])]
    if not unknown:
        return None
    found = [f"{passage.chunk.source.title}. {passage.chunk.text}" for passage in passages()]
    known = Counter(name for text in found for name in _NAME.findall(text))
    plain = Counter(name for text in found for name in _PLAIN.findall(text))
    changed = question
    for word in unknown:
        if nearest := _nearest(word, known) or _mend(word, plain):
            changed = re.sub(rf"\b{word}\b", nearest if word[0].isupper() else nearest.lower(), changed)
    return changed if changed != question else None


def near_name(name: str, passages: Sequence[Passage]) -> str | None:
    """A name of the passages that differs from a full one in its last word alone, and little; None where the name is there."""
    first, *_, last = name.split() if " " in name else (name, name)
    found = [f"{passage.chunk.source.title}. {passage.chunk.text}" for passage in passages]
    if first == last or any(name in text for text in found):
        return None
    known = Counter(other for text in found for other in re.findall(rf"\b{re.escape(first)} ([A-Z][^\W\d_]{{2,}})", text))
    nearest = _nearest(last, known)
    return f"{first} {nearest}" if nearest else None


def _mend(word: str, known: Counter[str]) -> str | None:
    """The word of the articles that a misspelt one stands for; None for one that is a word, which merely is in no article."""
    return None if word[0].isupper() or count_tokens(f" {word}") == 1 else _nearest(word, known)


def _nearest(word: str, known: Counter[str]) -> str | None:
    folded = {name.casefold(): name for name, _ in reversed(known.most_common())}
    cutoff = NEAR if word[0].isupper() else PLAIN
    alike = difflib.get_close_matches(
        word.casefold(),
        [name for name in folded if name[0] == word[0].casefold() and abs(len(name) - len(word)) <= 2],
        n=1,
        cutoff=cutoff,
    )
    return folded[alike[0]] if alike else None
