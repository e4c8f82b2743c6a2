"""A fragment such as "And in June?" or "What about Corvane Mobile?": it takes the place of its like in the earlier question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from rag.english.lexicon import FUNCTION
from rag.english.name_kinds import Kind
from rag.english.names import Name, plain_name
from rag.english.outlets import outlets_in, with_outlet
from rag.english.phrases import phrases
from rag.english.questions import ASKS_TIME
from rag.english.times import replace_time, times
from rag.english.words import is_verb, lower_first, tokens, without_mark
from rag.understand.followup.conversation import Context

_ADDED = frozenset(("in", "at", "after", "before", "during", "under"))
"""Prepositions whose phrase a question may be given at its end where it has none with them."""
_EVERYWHERE = regex.compile(r"\s(?:worldwide|globally|nationwide|nationally|overall|in total|around the world|in the world)\b")
_OWN = regex.compile(r"\b(?:his|her)\b(?=\s\p{Ll})")
"""Whose it was of the one whose place another takes."""
_NUMBERED = regex.compile(r"\s\p{Ll}+\s\p{L}*\d")
"""After a name that only tells which one of many: "Air France flight 447"."""
_REPORTED = frozenset(("according", "said", "report", "reports", "reported"))
_NEAR: dict[Kind, tuple[Kind, ...]] = {
    "person": ("person", "name", "body", "place", "thing"),
    "body": ("body", "name", "thing", "place"),
    "place": ("place", "name", "body"),
    "thing": ("thing", "body", "name", "place"),
    "name": ("name", "place", "body", "person", "thing"),
}
"""Kinds of names by the kinds whose place they may take, the likeliest first."""


def fill_slot(fragment: str, question: str, context: Context) -> str | None:
    """`question` with `fragment` in the place of its like; None where it fits nowhere."""
    question, fragment = without_mark(question), lower_first(without_mark(fragment))
    named = outlets_in(fragment, context.outlets)
    if named and not _rest(fragment, [(outlet.start, outlet.end) for outlet in named]):
        return with_outlet(question, named[-1], context.outlets)
    found = times(fragment)
    if found and not _rest(fragment, [(time.start, time.end) for time in found]):
        return None if ASKS_TIME.search(question) else replace_time(question, found[-1])
    new = _name(fragment, context)
    return _after_preposition(fragment, new, question, context) or (_by_name(new, question, context) if new else None)


def _rest(fragment: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a fragment outside `spans` that are more than a preposition."""
    outside = [token.low for token in tokens(fragment) if not any(start <= token.start < end for start, end in spans)]
    return [word for word in outside if word not in FUNCTION | _REPORTED]


def _after_preposition(fragment: str, new: Name | None, question: str, context: Context) -> str | None:
    """ "And of Denmark?", "And about the army?": in the place of what has the same preposition, or at the end."""
    words = tokens(fragment)
    if len(words) < 2 or words[0].low not in FUNCTION or words[0].low in ("the", "a", "an") or "one" in words[-1].low:
        return None
    before, rest = words[0].low, fragment[words[1].start :]
    for old in context.names(question) if context.names(f"about {rest}") else ():
        if regex.search(rf"\b{before}\s$", question[: old.start], regex.IGNORECASE):
            return f"{question[: old.start]}{rest}{question[old.end :]}"
    for phrase in phrases(question, context.outlets):
        if phrase.before == before:
            return f"{question[: phrase.start]}{rest}{question[phrase.end :]}"
        if inside := regex.search(rf"\s{before}\s", phrase.text, regex.IGNORECASE):
            return f"{question[: phrase.start + inside.end()]}{rest}{question[phrase.end :]}"
    if before not in _ADDED or (new is None and not rest.lower().startswith("the ")):
        return None
    return f"{_EVERYWHERE.sub('', question)} {before} {rest}"


def _by_name(new: Name, question: str, context: Context) -> str | None:
    """A name for a name of the same kind."""
    order = _NEAR["person" if new.kind == "name" and len(new.words) > 1 else new.kind]
    fitting = [name for name in context.names(question) if name.kind in order]
    fitting = [name for name in fitting if not _NUMBERED.match(question, name.end) and not _is_part(name, new, question)]
    if new.kind == "thing":  # nothing happens in a thing
        fitting = [name for name in fitting if not question[: name.start].endswith(" in ")]
    old = min(fitting, key=lambda name: (order.index(name.kind), len(name.words) != len(new.words)), default=None)
    if old is None or set(old.words) == set(new.words):
        return None
    words = new.name
    if old.name.startswith("the ") and words.startswith("The "):
        words = f"the {words[4:]}"
    return f"{question[: old.start]}{words}{_OWN.sub('their', question[old.end :])}"


def _is_part(name: Name, new: Name, question: str) -> bool:
    """Whether a name only tells which noun is meant, "the Marl Beach pier", and the new one is of another kind."""
    after = tokens(question[name.end : name.end + 40])
    noun = after[0].low if after and question[name.end : name.end + 1] == " " and not after[0].capital else "in"
    return name.name.startswith("the ") and name.kind != new.kind and noun not in FUNCTION and not is_verb(noun)


def _name(fragment: str, context: Context) -> Name | None:
    """The fragment as one name, of the kind that the conversation knows it by."""
    known = [name for one in context.exchanges for text in (one.answer, one.question) for name in context.names(text)]
    for name in known:
        if plain_name(name.bare) == plain_name(fragment):
            return replace(name, name=name.name if fragment.islower() else fragment)
    found = context.names(f"about {fragment}")
    if len(found) == 1 and len(found[0].name) >= len(fragment) - 4 and fragment.endswith(found[0].bare):
        return replace(found[0], name=fragment)
    return None
