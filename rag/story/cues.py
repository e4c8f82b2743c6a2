"""Cues to the form of a question: what it begins with, and words that belong to one form more than to others. In English.

They are patterns by name, in `cues.json`. None decides by itself; how much each counts is fitted (`python -m eval.fit_form`).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def load_cues() -> dict[str, re.Pattern[str]]:
    """The patterns by name, without regard to case."""
    raw = json.loads((resources.files("rag.story") / "cues.json").read_text("utf-8"))
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in raw.items()}


def cues(question: str) -> set[str]:
    """The names of the cues in the question."""
    return {name for name, pattern in load_cues().items() if pattern.search(question)}
