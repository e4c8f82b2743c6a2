"""What is asked, what restricts it, and how it was understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question may be answered from; an article without a date never passes a date filter.

    `since` is the first day allowed and `before` the first day no longer allowed. `outlets` are names, compared without case.
    """

    since: date | None = None
    before: date | None = None
    outlets: tuple[str, ...] = ()

    @property
    def until(self) -> date | None:
        """The last day allowed."""
        return self.before - timedelta(days=1) if self.before else None

    @property
    def folded_outlets(self) -> list[str]:
        """The names as entries of an index have them, each once; lone surrogates, which no index takes, replaced."""
        return sorted({name.casefold().encode("utf-8", "replace").decode("utf-8") for name in self.outlets})

    @property
    def dated(self) -> bool:
        return self.since is not None or self.before is not None

    def __bool__(self) -> bool:
        return self.dated or bool(self.outlets)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A report that a question's own words point to: one of the outlets or from the days of `filters`.

    It is inferred, and so a preference: passages outside it are found too, further down. `words` are the parts of the question
    that say so, in order; `about` is what it asks of this report alone, "" where that is all of it.
    """

    filters: Filters
    words: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question that stands alone, and who made it so: "rules", `llm:NAME`, or None where it is as it was typed.

    `behind` is the earlier topic that it leans on all the same, for retrieval alone; "" where it leans on nothing.
    """

    text: str
    by: str | None = None
    behind: str = ""

    @property
    def sought(self) -> str:
        """What retrieval looks for: the question, behind the topic that it leans on."""
        return f"{self.behind} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that may come with it; `rag.request.read_question` makes and checks it, whoever asks.

    `text` is not blank. `history` is the conversation before it, oldest first, `as_of` the day taken as today, and `id` whatever
    should come back with the answer. `max_risk` is the share of answers, between 0 and 1, that may be wrong, where whoever asks
    states one; with `insist` an answer is wanted however weak its evidence. `llm` names the language model that words the answer,
    None for that of the settings. A `literal` question is taken at its word: it is not rewritten and nothing is inferred from it;
    parts of it that are `ignored` are not taken for times or outlets. `k` is how many passages a search gives.

    `scopes` are those found in it. `cancelled` says that nobody waits for the answer any more.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    id: object = field(default=None, hash=False)
    max_risk: float | None = None
    insist: bool = False
    literal: bool = False
    ignored: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    behind: str = ""
    cancelled: Callable[[], bool] | None = field(default=None, compare=False, repr=False)
    llm: str | None = None
    k: int = 10

    @property
    def sought(self) -> str:
        """What retrieval looks for: the question, behind the topic that it leans on."""
        return f"{self.behind} {self.text}".strip()
