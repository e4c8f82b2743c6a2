"""Names that are not known, with the known one that is nearest."""

from __future__ import annotations

import pytest

from rag.nearest import suggestion


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("lama3", ("none", "llama3", "qwen"), "; did you mean 'llama3'?"),
        ("LLAMA3", ("Llama3", "none"), "; did you mean 'Llama3'?"),
        ("gemma", ("none", "llama3"), ""),
        ("gemma", (), ""),
    ],
)
def test_the_nearest_is_suggested_where_one_is_near(name: str, known: tuple[str, ...], told: str) -> None:
    assert suggestion(name, known) == told
