"""What an abstention says: once, that the articles do not say, and what is known beyond."""

from __future__ import annotations

import pytest

from rag.conclude import NOT_ANSWERED
from ui.silence import tell_silence


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (None, "The articles do not say."),
        (NOT_ANSWERED, "The articles do not say."),
        (f"{NOT_ANSWERED} An article outside the filters answers this: X.",
         "The articles do not say. An article outside the filters answers this: X."),
        ("The articles do not say. The nearest says: “It rained.”", "The articles do not say. The nearest says: “It rained.”"),
        ("The archive has no articles.", "The articles do not say. The archive has no articles."),
    ],
)  # fmt: skip
def test_silence_is_told_once(reason: str | None, told: str) -> None:
    assert tell_silence(reason) == told
