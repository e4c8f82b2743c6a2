"""Outlets as questions name them: "according to the Gazette", "What does the Lantern say about it?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.english.lexicon import list_words
from rag.english.words import POSSESSIVE, Token, tokens

_COMMON = list_words("outlet_words")
MAX_OUTLETS = 5_000


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet named at `text[start:end]`, "the" included, by its full name in the archive."""

    start: int
    end: int
    name: str

    @property
    def spoken(self) -> str:
        """The name as it stands in a sentence: with the article that its words call for."""
        if self.name.lower().startswith("the ") or len(self.name.split()) == 1 or self.name.endswith(("Wire", "News", "Online")):
            return self.name
        return f"the {self.name}"


def outlets_in(text: str, outlets: Sequence[str]) -> list[Outlet]:
    """The `outlets` that `text` names, in full or by a part that only one of them has, in order."""
    ways, longest = _list_spoken_forms(tuple(outlets[:MAX_OUTLETS]))
    words = tokens(text) if ways else []
    found: list[Outlet] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(min(longest, len(words) - at), 0, -1) if _match_outlet(text, words, at, n, ways)), 0)
        if size:
            first = at - 1 if at and words[at - 1].low == "the" else at
            found.append(Outlet(words[first].start, _end(words[at + size - 1]), ways[_key(words[at : at + size])]))
        at += max(size, 1)
    return found


def _key(words: Sequence[Token]) -> str:
    return " ".join(word.low for word in words)


def _end(word: Token) -> int:
    """Where a word ends without its possessive."""
    return word.start + len(POSSESSIVE.sub("", word.text))


def _match_outlet(text: str, words: Sequence[Token], at: int, size: int, ways: Mapping[str, str]) -> bool:
    spoken = _key(words[at : at + size])
    name = ways.get(spoken)
    first = words[at - 1] if at and words[at - 1].low == "the" else words[at]
    return name is not None and _is_meant(text, first.start, _end(words[at + size - 1]), spoken == _whole(name))


def _is_meant(text: str, start: int, end: int, whole: bool) -> bool:
    """A part of a name, or a name of one word, counts where it is written as a name or said to report."""
    words = text[start:end]
    bare = regex.sub(r"^the\s", "", words, flags=regex.IGNORECASE)
    if bare[:1].isupper() and start + len(words) - len(bare) > 0:
        return True
    if whole and " " in bare:
        return True
    return bool(_REPORTS.search(text[:start]) or (not text[:start].strip() and not text[end:].strip(" ?!.")))


_REPORTS = regex.compile(
    r"(?:according to|reported by|what does|what did|what about|how about|^and|did|^(?:no,? )?i mean[t]?)\s*$", regex.IGNORECASE
)


def _whole(name: str) -> str:
    """An outlet's name as it is looked up: its words in lower case, without the article."""
    return _key([word for at, word in enumerate(tokens(name)) if at or word.low != "the"])


@lru_cache(maxsize=4)
def _list_spoken_forms(outlets: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """The ways to say each outlet, its name and its last words where no other has them, and the words of the longest."""
    full = {_whole(name): name for name in outlets if _whole(name)}
    parts: dict[str, set[str]] = {}
    for whole, name in full.items():
        words = whole.split(" ")
        for cut in range(1, len(words)):
            part = " ".join(words[cut:])
            if part not in _COMMON:
                parts.setdefault(part, set()).add(name)
    ways = {part: next(iter(names)) for part, names in parts.items() if len(names) == 1} | full
    return ways, max((way.count(" ") + 1 for way in ways), default=0)


def with_outlet(question: str, outlet: Outlet, outlets: Sequence[str]) -> str:
    """`question` asked of `outlet`: in the place of the outlet that it names, or at its end."""
    named = outlets_in(question, outlets)
    if named:
        old = named[-1]
        return f"{question[: old.start]}{outlet.spoken}{question[old.end :]}"
    return f"{question} according to {outlet.spoken}"
