"""What stands in cells and lists of terms is not glued together."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.load import load
from ingest.load.html import plain_text
from ingest.load.record import MAX_LINE_CHARACTERS, Refusal


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "<table><tr><th>Club</th><th>Points</th></tr><tr>\n<td>Orm</td>\n<td><p>12</p></td></tr></table>",
            "Club | Points\n\nOrm | 12",
        ),
        ("<dl><dt>Lamp</dt><dd>a light</dd><dt>Quay</dt><dd>a wall</dd></dl>", "Lamp\n\na light\n\nQuay\n\na wall"),
        ("<table><caption>Tides</caption><tr><td>Monday</td></tr></table>", "Tides\n\nMonday"),
    ],
)
def test_cells_and_terms_stay_apart(source: str, text: str) -> None:
    assert plain_text(source) == text


def test_a_line_without_end_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The quay is shut. " * (MAX_LINE_CHARACTERS // 18 + 1))
    (found,) = load(tmp_path / "a.txt")
    assert isinstance(found, Refusal)
    assert found.outcome == "failed"
    assert "break it into paragraphs" in found.reason


def test_a_long_text_in_lines_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The quay is shut.\n" * (MAX_LINE_CHARACTERS // 18 + 1))
    (found,) = load(tmp_path / "a.txt")
    assert not isinstance(found, Refusal)
