"""Words that the end of a line divided, made whole; a hyphen that belongs to the word stays."""

from __future__ import annotations

import re

from rag.errors import ModelError
from rag.tokens import count_tokens

_BEFORE = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_AFTER = re.compile(r"[^\W\d_]+")
_FIRST_PARTS = frozenset(
    "all anti cross ex far half high ill long low mid multi much non post pre pro self semi short so then vice well".split()  # noqa: SIM905
)
"""Words before a hyphen that is seldom a printer's."""
LEAST_LETTERS = 3


def join_hyphenated(line: str, after: str, text: str) -> str | None:
    """The two lines as one where a hyphen divides them, else None. `text` tells how the word is written elsewhere in it."""
    first, second = _BEFORE.search(line), _AFTER.match(after)
    if not first:
        return line + after if line.endswith(("-", "–")) and line[-2:-1].isdigit() and after[:1].isdigit() else None
    if not second:
        return None
    if line[-1] == "\u00ad":
        return line[:-1] + after
    return (line if _is_kept(first[1], second[0], text) else line[:-1]) + after


def _is_kept(first: str, second: str, text: str) -> bool:
    """Whether the hyphen is part of the word: as the text has it elsewhere, else as words of this kind are written."""
    if re.search(rf"\b{first}-{second}", text):
        return True
    if re.search(rf"\b{first}{second}", text):
        return False
    if second[0].isupper() or first.isupper() or first.casefold() in _FIRST_PARTS:
        return True
    if first[0].isupper() or min(len(first), len(second)) < LEAST_LETTERS:
        return False
    return _are_words(first, second)


def _are_words(first: str, second: str) -> bool:
    """Whether both parts are common words and the two together are none, by the tokens that they take."""
    try:
        apart = count_tokens(f" {first}") == count_tokens(f" {second}") == 1
        return apart and count_tokens(f" {first}{second}") > 1
    except ModelError:
        return False
