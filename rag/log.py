"""What is logged. Every module logs by its own name; here are the two things that many of them have in common.

A fault that is survived is logged, and noted in the answer that it befell, and so in its trace. An answer that is whole gets one
line with its timings; it tells nothing of what was asked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rag.types import Answer

logger = logging.getLogger(__name__)

_faults: ContextVar[list[str] | None] = ContextVar("faults", default=None)


def log_fault(logger: logging.Logger, message: str) -> None:
    """Logs a fault that is survived as a warning of `logger`, and notes it where `note_faults` is in force."""
    logger.warning("%s", message)
    faults = _faults.get()
    if faults is not None and message not in faults:
        faults.append(message)


@contextmanager
def note_faults(faults: list[str]) -> Iterator[None]:
    """Appends to `faults` what is logged as a fault meanwhile, in this thread."""
    token = _faults.set(faults)
    try:
        yield
    finally:
        _faults.reset(token)


def log_answer(answer: Answer) -> None:
    """One line at INFO; `fields` has its figures for handlers that write them apart."""
    fields: dict[str, object] = {
        "status": answer.status,
        "cause": answer.cause,
        "form": answer.form,
        "mode": answer.mode,
        "confidence": round(answer.confidence, 3),
        "citations": len(answer.citations),
        "passages": len(answer.passages),
        "faults": len(answer.faults),
    }
    words = [f"{name}={str(value).replace(' ', '_')}" for name, value in fields.items() if value is not None]
    times = [f"{step}={milliseconds:.0f}ms" for step, milliseconds in answer.timings_ms.items()]
    logger.info("answer %s", " ".join(words + times), extra={"fields": {**fields, "timings_ms": dict(answer.timings_ms)}})
