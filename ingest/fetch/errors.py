"""Why a page was not fetched."""

from __future__ import annotations

from rag.errors import InputError


class FetchRefused(InputError):
    """The page is not asked for, or not taken: its address, robots.txt, its type or its size forbid it."""


class FetchFailed(InputError):
    """The page cannot be had now. `retry_after` is the number of seconds that its server asks to wait."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
