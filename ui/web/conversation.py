"""What one visitor has asked and been told. Held by the server, so that no visitor can write or read that of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what has come of it so far: an answer, which may still grow, or an error.

    `key` is what the store knows it by, None until it is kept.
    """

    number: int
    question: str
    answer: Answer | None = None
    error: str | None = None
    working: bool = True
    key: int | None = None

    def turns(self) -> tuple[Turn, ...]:
        if self.answer is None:
            return ()
        told = self.answer.text or self.answer.reason or ""
        return Turn("user", self.question), Turn("assistant", told)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last exchanges, oldest first; `id` is what the store knows it by, None until it is kept."""

    exchanges: tuple[Exchange, ...] = ()
    id: str | None = None

    def with_question(self, question: str, keep: int) -> Conversation:
        """With `question` as a new exchange that is being worked on, and only the last `keep` exchanges."""
        number = self.exchanges[-1].number + 1 if self.exchanges else 1
        return Conversation((*self.exchanges, Exchange(number, question))[-keep:], self.id)

    def with_answer(self, answer: Answer | None = None, *, error: str | None = None, working: bool = False) -> Conversation:
        """With what has come of the last question."""
        last = self.exchanges[-1]
        return Conversation(
            (*self.exchanges[:-1], replace(last, answer=answer or last.answer, error=error, working=working)), self.id
        )

    def turns(self, limit: int) -> tuple[Turn, ...]:
        """At most the last `limit` messages of the exchanges that got an answer."""
        return tuple(turn for exchange in self.exchanges for turn in exchange.turns())[-limit:]

    def exchange(self, number: int) -> Exchange | None:
        return next((exchange for exchange in self.exchanges if exchange.number == number), None)
