"""The conversation as a follow-up leans on it: the last exchanges, their questions made to stand alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import regex

from rag.english.name_kinds import Gender
from rag.english.names import Name, names
from rag.english.words import content_stems
from rag.types import Turn
from rag.understand.followup.idle import is_idle

REMEMBERED_TURNS = 12
"""Earlier turns do not matter to a follow-up."""
LONGEST_QUESTION = 600
LONGEST_ANSWER = 2_000
LONGEST_TOPIC = 300
"""Characters of a turn that are looked at."""

Reads = Callable[[str, str], str | None]
"""A question and its answer to the words of the answer that answer it; None where there are none."""

_MARKS = regex.compile(r"\[\s*\d[\d\s,;–-]*\]|【[^】]*】|<[^<>\n]{1,200}>|https?://\S+|[*_`#|]+")
_UNSEEN = regex.compile(r"[\p{C}]+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, as it stands alone where that was found, and what was answered, "" where nothing was.

    `behind` is what it leans on where it does not stand alone. `reads` finds the words of the answer that answer it.
    It `hides` a person where its "he" or "she" is told nowhere: whoever it names is somebody else.
    """

    question: str
    answer: str = ""
    reads: Reads | None = field(default=None, compare=False, repr=False)
    behind: str = ""
    hides: bool = False

    @property
    def topic(self) -> str:
        """What a question that follows may lean on: this one, behind what it leans on itself."""
        return f"{self.behind} {self.question}".strip()[-LONGEST_TOPIC:]

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

    def names(self, text: str) -> list[Name]:
        return names(text, self.outlets)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words of content of the last exchange."""
        return frozenset(content_stems(f"{self.last.question} {self.last.answer}"))


def turns_asked(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The last questions of a conversation with their answers, cut to what can matter; thanks and the like left out."""
    found: list[tuple[str, str]] = []
    for turn in history[-REMEMBERED_TURNS:]:
        if turn.role == "user":
            question = _strip_markup(turn.content[: LONGEST_QUESTION * 4])[:LONGEST_QUESTION].strip()
            if question:
                found.append((question, ""))
        elif found:
            question, answer = found[-1]
            words = _strip_markup(turn.content[:LONGEST_ANSWER])
            found[-1] = (question, answer if _SILENT.match(words) else f"{answer} {words}".strip()[:LONGEST_ANSWER])
    return [(question, answer) for question, answer in found if not is_idle(question)]


_SILENT = regex.compile(
    r"(?:the nearest articles|no article|nothing in the archive|the archive is empty|the articles do not)\b", regex.IGNORECASE
)


def _strip_markup(text: str) -> str:
    """`text` as words alone: without citations, markup and what is not seen."""
    return " ".join(_MARKS.sub(" ", _UNSEEN.sub(" ", text)).split())
