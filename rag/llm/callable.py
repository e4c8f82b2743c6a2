"""Any callable as a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rag.errors import LanguageModelError
from rag.llm.waiting import Cancelled, Limits, Put, wait_for_pieces
from rag.types import Prompt

Says = Callable[[Prompt], str | Iterable[str]]


class CallableModel:
    """Asks `says`, in a thread of its own, for a text or the pieces of one."""

    def __init__(self, says: Says, limits: Limits | None = None, name: str | None = None, window: int | None = None) -> None:
        self.name = name or str(getattr(says, "__name__", type(says).__name__)).strip("<>")
        self.window = window
        self._says = says
        self._limits = limits or Limits()

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Pieces as they come, "" while there are none. Raises LanguageModelError for whatever the callable raises."""

        def produce(put: Put, cancelled: Cancelled) -> None:
            try:
                said = self._says(prompt)
                for piece in [said] if isinstance(said, str) else said:
                    if cancelled.is_set:
                        return
                    put(str(piece))
            except LanguageModelError:
                raise
            except Exception as error:
                said = " ".join(str(error).split())[:200]
                raise LanguageModelError(f"{self.name} raised {type(error).__name__}: {said}") from error

        yield from wait_for_pieces(produce, self._limits, self.name)
