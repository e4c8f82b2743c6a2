"""The conversation as a follow-up leans on it: the last exchanges, their questions made to stand alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import regex

from rag.types import Turn
from rag.understand.followup.entities import Entity, Gender, entities
from rag.understand.followup.words import content_stems

REMEMBERED_TURNS = 12
"""Earlier turns do not matter to a follow-up."""
LONGEST_QUESTION = 600
LONGEST_ANSWER = 2_000
"""Characters of a turn that are looked at."""

Reads = Callable[[str, str], str | None]
"""A question and its answer to the words of the answer that answer it; None where there are none."""

_MARKS = regex.compile(r"\[\s*\d[\d\s,;–-]*\]|【[^】]*】|<[^<>\n]{1,200}>|https?://\S+|[*_`#|]+")
_UNSEEN = regex.compile(r"[\p{C}]+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that stands alone and what was answered, "" where nothing was. `reads` finds the words that answer it."""

    question: str
    answer: str = ""
    reads: Reads | None = field(default=None, compare=False, repr=False)

    @property
    def focus(self) -> str | None:
        """The words that answer the question, sought only when asked for; None where nothing reads or nothing answers."""
        return self.reads(self.question, self.answer) if self.reads and self.answer else None


@dataclass(frozen=True, slots=True)
class Context:
    """The exchanges so far, the last one last, the archive's outlets, and whom an earlier "he" or "she" meant."""

    exchanges: tuple[Exchange, ...] = ()
    outlets: tuple[str, ...] = ()
    genders: Mapping[str, Gender] = field(default_factory=dict)

    @property
    def last(self) -> Exchange:
        return self.exchanges[-1]

    def names(self, text: str) -> list[Entity]:
        return entities(text, self.outlets)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words of content of the last exchange."""
        return frozenset(content_stems(f"{self.last.question} {self.last.answer}"))


def turns_asked(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The last questions of a conversation with their answers, cut to what can matter; thanks and greetings left out."""
    found: list[tuple[str, str]] = []
    for turn in history[-REMEMBERED_TURNS:]:
        if turn.role == "user":
            question = _seen(turn.content[: LONGEST_QUESTION * 4])[:LONGEST_QUESTION].strip()
            if question and (content_stems(question) or question.endswith("?")) and not _IDLE.fullmatch(question):
                found.append((question, ""))
        elif found:
            question, answer = found[-1]
            told = _seen(turn.content[:LONGEST_ANSWER])
            found[-1] = (question, answer if _SILENT.match(told) else f"{answer} {told}".strip()[:LONGEST_ANSWER])
    return found


_SILENT = regex.compile(
    r"(?:the nearest articles|no article|nothing in the archive|the archive is empty|the articles do not)\b", regex.IGNORECASE
)
_IDLE = regex.compile(
    r"(?:(?:ok(?:ay)?|thanks?|thank you|thx|cheers|great|good|nice|cool|perfect|hello|hi|hey|yes|no|right|i see|interesting|wow"
    r"|very much|a lot|so much)[\s,.!]*)+",
    regex.IGNORECASE,
)


def _seen(text: str) -> str:
    """`text` as words alone: without citations, markup and what is not seen."""
    return " ".join(_MARKS.sub(" ", _UNSEEN.sub(" ", text)).split())
