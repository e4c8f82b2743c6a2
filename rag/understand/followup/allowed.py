"""What a language model's rewrite of a follow-up must keep to: nothing in it that neither question nor conversation has."""

from __future__ import annotations

import regex

from rag.english.folding import fold
from rag.english.lexicon import FUNCTION
from rag.english.questions import is_question
from rag.english.words import base, is_content, stem, tokens
from rag.understand.followup.conversation import Context

MOST = 3.0
SHORTEST = 160
"""Characters that a rewrite may always have; of a longer question, MOST times as many."""
FREE = FUNCTION | frozenset(("occur", "involve", "concern", "regard", "relate", "following", "describe", "mention"))
_MARKUP = regex.compile(r"[<>\[\]{}|`*_#\\=]|https?:|www\.|\p{C}")
_NUMBER = regex.compile(r"\d+(?:[.,:–-]\d+)*")


def is_allowed(written: str, question: str, context: Context) -> bool:
    """Whether `written` is one plain question, not too long, of the conversation's words, that keeps what `question` names."""
    return (
        _is_one_question(written)
        and len(written) <= max(SHORTEST, MOST * len(question))
        and _is_carried(written, question, context)
        and _keeps(written, question, context)
    )


def _is_one_question(written: str) -> bool:
    inside = written.strip()
    return (
        "\n" not in inside
        and is_question(inside)
        and not _MARKUP.search(inside)
        and not regex.search(r"[.!:]\s+\p{Lu}\p{Ll}+\s\p{Ll}+", inside)
    )


def _stems(text: str) -> set[str]:
    return {
        form
        for token in tokens(text)
        for part in (token.low, fold(token.text), *regex.split(r"[-–’']", token.low))
        for form in (stem(part), stem(base(part)))
    }


def _is_carried(written: str, question: str, context: Context) -> bool:
    """Whether every word of content and number comes from the question, the conversation or the outlets that these name."""
    spoken = " ".join([question, *(f"{one.question} {one.answer}" for one in context.exchanges[-3:])])
    known = _stems(spoken) | {word for outlet in context.outlets if _stems(outlet) & _stems(question) for word in _stems(outlet)}
    if not set(_NUMBER.findall(written)) <= set(_NUMBER.findall(spoken)):
        return False
    return all(token.low in FREE or stem(token.low) in known or stem(base(token.low)) in known for token in tokens(written))


def _keeps(written: str, question: str, context: Context) -> bool:
    """Whether the names and numbers of the question are all there, and at least half of its other words of content."""
    if not set(_NUMBER.findall(question)) <= set(_NUMBER.findall(written)):
        return False
    kept = _stems(written)
    names = {word for name in context.names(question) if name.sure for word in name.words}
    if any(stem(word) not in kept for word in names):
        return False
    content = [token.low for token in tokens(question) if is_content(token) and token.low not in names]
    held = sum(stem(word) in kept or stem(base(word)) in kept for word in content)
    return 2 * held >= len(content)
