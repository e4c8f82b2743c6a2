"""A whole question with its pronouns told: "When did she resign?" after "Who led the council?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.english.lexicon import VAGUE
from rag.english.name_kinds import Gender
from rag.english.names import Name
from rag.english.questions import is_question
from rag.english.times import without_times
from rag.english.words import as_question, content_stems, stem
from rag.understand.followup.anaphors import Anaphor, anaphors, has_definite, tells_first
from rag.understand.followup.antecedents import antecedent, gender_of
from rag.understand.followup.conversation import Context

_KEPT_IT = regex.compile(r"\b(?:do|did|does|done|doing|say|said|saying|make|made)\s+$", regex.IGNORECASE)
"""Before an "it" that stands for what was done or said as a whole, for which no noun can be put."""
_HAPPENED = regex.compile(
    r"\s(?:happen|occur|take place)|\s(?:(?:first|last|also)\s)?(?:published|printed|posted|updated)\b", regex.I
)
"""After an "it" that is an event, or the article itself: "When was it published?"."""
_LASTS = regex.compile(r"\s(?:begin|start|last|end|finish|continue)\b", regex.IGNORECASE)
"""What events do, and no places or people: "When does it begin?"."""
_STEMS_OF_A_TOPIC = 3
"""A question with so many words of content brings its own topic."""
_VAGUE_STEMS = frozenset(stem(word) for word in VAGUE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A question, and what it is searched for `behind`, "" where it stands alone. `genders` are those that it told of people.

    It is `weak` where only its shortness says that it leans on another.
    """

    text: str
    behind: str = ""
    genders: tuple[tuple[str, Gender], ...] = ()
    weak: bool = False


def resolve(bare: str, question: str, context: Context, led_in: bool) -> Resolution | None:
    """A whole question with its pronouns told; behind the topic where some are not; None where it leans on nothing."""
    own = context.names(bare)
    found = anaphors(bare, own)
    if not found:
        return Resolution(question, context.last.topic, weak=True) if _leans(bare, own, led_in) else None
    text, genders, left = bare, list[tuple[str, Gender]](), False
    for anaphor in reversed(_first_mentions(found)):
        meant = None if _stays(anaphor, bare) else antecedent(anaphor, context)
        if meant is None or meant.lower() in bare.lower() or _misfits(anaphor, bare, meant, context):
            left = True
            continue
        text = _replace_anaphor(text, anaphor, meant)
        if anaphor.sort == "person":
            genders.append((meant, gender_of(anaphor.word)))
    if text == bare or not is_question(as_question(text)):
        return Resolution(question, context.last.topic)
    return Resolution(as_question(text), context.last.topic if left else "", tuple(genders))


def _stays(anaphor: Anaphor, question: str) -> bool:
    """Whether an "it" is what was done or said as a whole."""
    of_thing = anaphor.sort != "it" or anaphor.owner or anaphor.subject
    happened = anaphor.sort == "it" and _HAPPENED.match(question, anaphor.end) is not None
    return happened or (not of_thing and _KEPT_IT.search(question[: anaphor.start]) is not None)


def _misfits(anaphor: Anaphor, question: str, meant: str, context: Context) -> bool:
    """Whether an "it" begins or lasts, which what is meant cannot: a name of a place, or of nobody knows what."""
    named = any(name.name == meant and name.kind in ("place", "name", "body") for name in context.names(f"about {meant}"))
    return anaphor.sort == "it" and named and _LASTS.match(question, anaphor.end) is not None


def _leans(question: str, own: Sequence[Name], led_in: bool) -> bool:
    """Whether a question without pronouns is likely to go on with the topic: it names nobody and nothing, and says little."""
    if own or tells_first(question):
        return False
    stems = [one for one in content_stems(without_times(question)) if one not in _VAGUE_STEMS]
    return len(stems) < _STEMS_OF_A_TOPIC or (len(stems) < 2 * _STEMS_OF_A_TOPIC and (led_in or has_definite(question)))


def _first_mentions(found: Sequence[Anaphor]) -> list[Anaphor]:
    """The first of each sort: "she" may go on as "she" once it is told who she is."""
    first: dict[str, Anaphor] = {}
    for one in found:
        first.setdefault(gender_of(one.word) if one.sort == "person" else one.sort, one)
    return sorted(first.values(), key=lambda one: one.start)


def _replace_anaphor(text: str, anaphor: Anaphor, meant: str) -> str:
    """`text` with the anaphor's words replaced by `meant`, as an owner where they are one."""
    before, after = text[: anaphor.start], text[anaphor.end :]
    meant = f"the {meant[4:]}" if meant.startswith("The ") else meant
    if anaphor.owner:
        meant = f"{meant}’" if meant.endswith("s") else f"{meant}’s"
    return f"{before}{meant}{after}"
