"""What stands in cells and lists of terms is not glued together."""

from __future__ import annotations

import pytest

from ingest.load.html import plain_text


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
