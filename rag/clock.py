"""How long the steps of an answer take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Milliseconds since it was made, and up to each mark from the one before."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        self.marks[step] = self._measure() - sum(value for name, value in self.marks.items() if name != step)

    def timings(self) -> dict[str, float]:
        return {**{step: round(value, 2) for step, value in self.marks.items()}, "total": round(self._measure(), 2)}

    def _measure(self) -> float:
        return (time.perf_counter() - self.started) * 1000
