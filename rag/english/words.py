"""Words: tokens with their places, which of them carry content, and what is a form of what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex
import tantivy

from rag.english.lexicon import FUNCTION, IRREGULAR, PARTICIPLES, PAST, VERBS, list_words
from rag.terms import Analysis

TOKEN = regex.compile(
    r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[’'&.,–-](?=[\p{L}\p{N}])[\p{L}\p{M}\p{N}]+)*(?:(?<=\b(?:\p{Lu}|St|Mt|Mr|Mrs|Ms|Dr|Det|Insp|Supt|Sgt|Gov|Sen|Rep|Capt|Cmdr|Lt|Col|Maj|Gen|Prof|Rev|Jr|Sr))\.)?"
)
POSSESSIVE = regex.compile(r"[’']s$|(?<=s)[’']$", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `text[start:end]`; `low` is its lower case without a possessive ending."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return str(POSSESSIVE.sub("", self.text)).lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def possessive(self) -> bool:
        return POSSESSIVE.search(self.text) is not None or self.text.endswith(("’", "'"))


def tokens(text: str) -> list[Token]:
    return [Token(found[0], found.start(), found.end()) for found in TOKEN.finditer(text)]


def is_content(token: Token) -> bool:
    return token.low not in FUNCTION


def base(word: str) -> str:
    """A verb as it stands after "did", or a word's stem."""
    return IRREGULAR.get(word.lower()) or stem(word.lower())


_DOUBLING = frozenset({"admit", "quip"})
"""Verbs whose last letter is doubled: "admitted"."""


def past(verb: str) -> str:
    """A verb in its past form, from that after "did": "said", "warned", "denied", "quipped"."""
    if known := PAST.get(verb):
        return known
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1] if verb in _DOUBLING else ''}ed"


def participle(past_form: str) -> str | None:
    """The participle of a verb in its past form; None for a word that is no such form."""
    return PARTICIPLES.get(past_form, past_form if past_form.endswith("ed") and is_verb(past_form) else None)


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return Analysis().build()


def stem(word: str) -> str:
    found = _analyzer().analyze(word.encode("utf-8", "replace").decode())
    return found[0] if found else word


def content_stems(text: str) -> list[str]:
    """The stems of the words of content in `text`, in order, verbs in their first form."""
    return [stem(base(token.low)) for token in tokens(text) if is_content(token)]


def is_plural(word: str) -> bool:
    """Whether a lower-case noun looks like more than one."""
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is", "news")) and len(word) > 3)


_PLURALS = list_words("plurals")


def is_verb(word: str) -> bool:
    """Whether a lower-case word looks like a verb: known as one, irregular, or past by its ending."""
    past_form = word.endswith("ed") and (len(word) > 4 or word[:-1] in VERBS)
    return word in VERBS or word in IRREGULAR or past_form


def lower_first(text: str) -> str:
    """`text` as it goes on a sentence: its first letter small unless the first word is a name or "I"."""
    first = text.split(" ", 1)[0]
    if first[:1].isupper() and first.lower() in FUNCTION and first != "I":
        return text[:1].lower() + text[1:]
    return text


def as_question(text: str) -> str:
    """`text` as a question: a capital at its head and one question mark at its end."""
    bare = regex.sub(r"[\s?.!,;:…–-]+$", "", " ".join(text.split()))
    bare = regex.sub(r"\s+([,;:?.!])", r"\1", bare)
    return f"{bare[:1].upper()}{bare[1:]}?" if bare else ""


def without_mark(text: str) -> str:
    """`text` without what ends a question."""
    return str(regex.sub(r"[\s?!.…]+$", "", text.strip()))
