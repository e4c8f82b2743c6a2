"""The conversation so far, as a caller gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from rag.errors import UsageError
from rag.nearest import refuse_unknown
from rag.types import Role, Turn

History = Sequence[Turn | Mapping[str, str]]
FIELDS = ("role", "content")


def turns_of(history: History) -> tuple[Turn, ...]:
    """The conversation as turns, oldest first. Raises UsageError for a turn that cannot be, such as one of another role."""
    return tuple(_turn(item, f"history.{place}") for place, item in enumerate(history))


def _turn(item: object, place: str) -> Turn:
    fields: Mapping[str, Any]
    if isinstance(item, Turn):
        fields = {"role": item.role, "content": item.content}
    elif isinstance(item, Mapping):
        fields = item
    else:
        raise UsageError(f'{place}: write {{"role": "user" or "assistant", "content": "…"}}')
    refuse_unknown(fields, FIELDS, "field", f"{place}: ")
    role, content = fields.get("role"), fields.get("content")
    if role not in ("user", "assistant"):
        raise UsageError(f"{place}.role: {str(role)[:40]!r} is neither user nor assistant")
    if not isinstance(content, str):
        raise UsageError(f"{place}.content: write a text")
    return Turn(cast("Role", role), content)
