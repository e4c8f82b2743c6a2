"""The conversation so far, as a caller gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.errors import UsageError
from rag.types import Turn

History = Sequence[Turn | Mapping[str, str]]


def turns_of(history: History) -> tuple[Turn, ...]:
    """The conversation as turns. Raises UsageError for a role that is neither user nor assistant."""
    turns = []
    for item in history:
        turn = item if isinstance(item, Turn) else _turn(item)
        if turn.role not in ("user", "assistant"):
            raise UsageError(f"history: the role {str(turn.role)[:40]!r} is neither user nor assistant")
        turns.append(turn)
    return tuple(turns)


def _turn(item: Mapping[str, str]) -> Turn:
    try:
        return Turn(item["role"], str(item["content"]))  # type: ignore[arg-type]  # checked by the caller
    except (KeyError, TypeError) as error:
        raise UsageError('history: write a list of {"role": "user" or "assistant", "content": "…"}') from error
