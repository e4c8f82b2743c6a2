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
from rag.when.calendar import MONTH_NAMES, WEEKDAY_NAMES

LEAST = 4
"""Letters of a word that is looked at."""
NEAR, COMMON, PLAIN = 0.82, 0.86, 0.85
"""The ratio (Ratcliff and Obershelp) from which one name is taken for another; the second for a name that is common, which is
rarely misspelt ("March" is not "Marco"); the third for a word without a capital."""
LONGER = 1
"""Letters that one of the two has more at most."""
_DAYS = re.compile(f"{MONTH_NAMES}|{WEEKDAY_NAMES}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_BESIDE = (r"\b([A-Z][\w.’'-]*) {}\b", r"\b{} ([A-Z][\w.’'-]*)")
"""The word with a capital before a name, and the one after it."""
_PLAIN = re.compile(r"\b[a-z]{4,}\b")
_NAME = re.compile(r"(?<![.!?“\"]\s)\b[A-Z][^\W\d_]{2,}")


def respelt(question: str, terms: Terms, passages: Callable[[], Sequence[Passage]]) -> str | None:
    """The question with each word that no article has replaced by the name most like it in `passages`; None where none is.

    Days and months are no names, and letters that stand for words are not looked at.
    """
    words = [word for word in _WORD.findall(question) if len(word) >= LEAST and word.lower() not in FUNCTION]
    stems = {word: terms.split(word) for word in words}
    _, holders = terms.frequencies([stem for some in stems.values() for stem in some])
    unknown = [word for word in words if stems[word] and not any(holders.get(stem, 0) for stem in stems[word])]
    unknown = [word for word in unknown if not _DAYS.fullmatch(word) and not word.isupper()]
    if not unknown:
        return None
    found = [f"{passage.chunk.source.title}. {passage.chunk.text}" for passage in passages()]
    known = Counter(name for text in found for name in _NAME.findall(text))
    plain = Counter(name for text in found for name in _PLAIN.findall(text))
    changed = question
    for word in unknown:
        near = _nearest(word, known, COMMON if _is_common(word) else NEAR)
        if near and not _stands_so(word, near, question, found):
            continue  # whoever is meant is not in the archive
        if nearest := near or _mend(word, plain):
            changed = re.sub(rf"\b{word}\b", nearest if word[0].isupper() else nearest.lower(), changed)
    return changed if changed != question else None


def _stands_so(word: str, near: str, question: str, found: Sequence[str]) -> bool:
    """Whether `near` stands in the texts beside what stands beside `word` in the question, where that is a name.

    "Tom Carper" is no "Casper" of whom no article says Tom.
    """
    beside = _beside(word, question)
    there = {name for text in found for name in _beside(near, text)} if beside else ()
    return not beside or any(difflib.get_close_matches(name, there, n=1, cutoff=NEAR) for name in beside)


def _beside(word: str, text: str) -> list[str]:
    """The words with a capital right before and after `word`, which is letters alone."""
    return [name for pattern in _BESIDE for name in re.findall(pattern.format(word), text)]


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
    return None if word[0].isupper() or _is_common(word) else _nearest(word, known)


def _is_common(word: str) -> bool:
    """Whether a word is so common that the tokenizer has it whole."""
    return count_tokens(f" {word}") == 1


def _nearest(word: str, known: Counter[str], least: float = NEAR) -> str | None:
    folded = {name.casefold(): name for name, _ in reversed(known.most_common())}
    cutoff = least if word[0].isupper() else PLAIN
    alike = difflib.get_close_matches(
        word.casefold(),
        [name for name in folded if name[0] == word[0].casefold() and abs(len(name) - len(word)) <= LONGER],
        n=1,
        cutoff=cutoff,
    )
    return folded[alike[0]] if alike else None
