"""Tells, at the end of a run, how many tests `-m` left out; pytest-xdist alone forgets to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


class LeftOut:
    """A plugin of pytest. Every worker leaves out the same tests and reports their number to the process that started it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._count = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._count += len(items)

    def pytest_sessionfinish(self) -> None:
        if (told := getattr(self._config, "workeroutput", None)) is not None:
            told["left_out"] = self._count

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._count = max(self._count, getattr(node, "workeroutput", {}).get("left_out", 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._count:
            by = [f'-{name} "{said}"' for name, said in self._chosen() if said]
            chosen = " and ".join(by) or "--deselect"
            terminalreporter.write_line(f'{self._count} tests left out by {chosen}; python -m pytest -m "" runs all of them')

    def _chosen(self) -> tuple[tuple[str, str], ...]:
        return ("m", self._config.getoption("markexpr")), ("k", self._config.getoption("keyword"))
