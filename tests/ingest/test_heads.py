"""Running heads of pages, and what looks like one and is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.load.heads import without_heads
from ingest.load.pdf import NO_AES, read

PAGES = [
    f"ORM POST, 2 May 2024\n{i}\n{body}\n© Orm Post {i} / 3"
    for i, body in enumerate(("The lamp cost\n41", "crowns and", "a day."), 1)
]


def test_heads_feet_and_numbers_go() -> None:
    assert without_heads(PAGES) == ["The lamp cost\n41", "crowns and", "a day."]


@pytest.mark.parametrize(
    "pages",
    [
        ["ORM POST\nOne page alone.\n1"],
        ["The lamp is lit.\nA", "The boat is late.\nB"],
        ["Totals\n12 400\nx", "Other\n13 700\ny"],
        [],
    ],
)
def test_lines_that_do_not_repeat_stay(pages: list[str]) -> None:
    assert without_heads(pages) == pages


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pypdf.errors import DependencyError

    def fails(_path: Path) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr("pypdf.PdfReader", fails)
    assert read(tmp_path / "a.pdf") == {"problem": NO_AES}


def test_numbers_that_count_the_pages_go_on_whichever_side_they_stand() -> None:
    pages = ["12\nGLASS\nThe ovens are cold.", "GLASS\n13\nThey crack.", "14\nGLASS\nGas is dear.\n40"]
    assert without_heads(pages) == ["The ovens are cold.", "They crack.", "Gas is dear.\n40"]
