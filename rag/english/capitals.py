"""Names: words that are written with a capital for what they are, not for where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.english.lexicon import list_words
from rag.when import calendar

_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}]*(?:[.’'&-]\p{L}[\p{L}\p{M}\p{N}]*)*\.?")
_JOINING = regex.compile(r"[ \u00a0](?:(?:de|van|von|der|la|bin|al|&)\s(?:der\s)?)?")
_SHORTENED = regex.compile(
    r"\p{L}\.|(?:\p{L}\.)+|(?:St|Mr|Mrs|Ms|Dr|Prof|Rev|Gov|Sen|Rep|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Det|Insp|Supt|Jr|Sr)\."
)
_PHRASE = regex.compile(r"\p{Lu}\p{L}+(?:[’']s?)?(?:\s(?:(?:and|of|for|the|&)\s)*\p{Lu}\p{L}+(?:[’']s?)?)+")
_OPENS = regex.compile(r"(?:^|[.!?:;…]|[“\"‘(\[–—])\s*[“\"‘(\[]*$")
_TITLES = list_words("titles_left_out")
_NOT_NAMES = frozenset((*calendar.MONTHS, *calendar.WEEKDAYS, "i", "a.m", "p.m"))
_COMMON = list_words("first_words")


@dataclass(frozen=True, slots=True)
class Name:
    """`text[start:end]`, and its words folded: no case, accents, dots or possessive."""

    words: tuple[str, ...]
    start: int
    end: int


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A word without case, accents, dots, and the possessive."""
    plain = unicodedata.normalize("NFKD", regex.sub(r"['’]s$|['’]$", "", word.rstrip(".")))
    return "".join(char for char in plain if not unicodedata.combining(char) and char not in ".’'").casefold()


def names(text: str, known: Iterable[str] = ()) -> list[Name]:
    """The names in `text`, in order. A first word counts when it is in `known` (folded words of names) or no common word."""
    certain = frozenset(known)
    found: list[Name] = []
    for run in _runs(text):
        kept = [match for match in run if _is_name(match, text, run, certain)]
        words = tuple(word for match in kept if (word := fold(match[0])) and word not in _TITLES)
        if words:
            found.append(Name(words, kept[0].start(), kept[-1].end() - _ends(kept[-1][0])))
    return found


def name_words(found: Iterable[Name]) -> set[str]:
    return {word for name in found for word in name.words}


def acronyms(text: str) -> set[str]:
    """The initials, in lower case, of the names of two to eight words that `text` writes out."""
    found: set[str] = set()
    for phrase in _PHRASE.finditer(text):
        initials = "".join(word[0] for word in regex.findall(r"\p{Lu}\p{L}*", phrase[0])).casefold()
        found |= {initials[i : i + size] for size in range(2, 9) for i in range(len(initials) - size + 1)}
    return found


def written_out(text: str, short: Iterable[str]) -> set[str]:
    """The words of the names in `text` whose initials are one of `short`, folded."""
    wanted = set(short)
    found: set[str] = set()
    for phrase in _PHRASE.finditer(text):
        words = regex.findall(r"\p{Lu}[\p{L}’']*", phrase[0])
        for start in range(len(words)):
            for end in range(start + 2, len(words) + 1):
                if "".join(word[0] for word in words[start:end]) in wanted:
                    found |= {fold(word) for word in words[start:end]}
    return found


def _runs(text: str) -> Iterator[list[regex.Match[str]]]:
    """Capitalised words that follow each other, small joining words between them allowed."""
    run: list[regex.Match[str]] = []
    for match in _TOKEN.finditer(text):
        if not match[0][0].isupper() or fold(match[0]) in _NOT_NAMES:
            continue
        if run and (_ends(run[-1][0]) or not _JOINING.fullmatch(text, run[-1].end(), match.start())):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _ends(word: str) -> bool:
    """Whether a word with a full stop ends its sentence, and is not an initial or a title."""
    return word.endswith(".") and not _SHORTENED.fullmatch(word)


def _is_name(match: regex.Match[str], text: str, run: Sequence[regex.Match[str]], known: frozenset[str]) -> bool:
    word = fold(match[0])
    if len(word) > 1 and match[0].isupper():
        return word not in _COMMON
    if match is not run[0] or not _OPENS.search(text[: match.start()]):
        return word not in _COMMON or len(run) > 1
    return word in known or (word not in _COMMON and (match is not run[-1] or not known))
