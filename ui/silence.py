"""How an abstention is told: that the articles do not say, and what is known beyond that."""

from __future__ import annotations

from rag.conclude import NOT_ANSWERED

NOT_SAID = "The articles do not say."


def beyond(reason: str | None) -> str:
    """What a reason says besides that the articles do not say, "" where that is all."""
    rest = (reason or "").removeprefix(NOT_SAID).strip()
    return rest.removeprefix(NOT_ANSWERED).strip()


def tell_silence(reason: str | None) -> str:
    return f"{NOT_SAID} {beyond(reason)}".strip()
