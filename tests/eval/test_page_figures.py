"""The table of what the page costs; the measuring itself needs a browser and is done by hand."""

from __future__ import annotations

from eval.page_figures import table


def test_figures_become_a_table_in_their_order() -> None:
    told = table({"first contentful paint (ms)": None, "bytes over the wire": 1234567, "heap after (MB)": 20.5})
    assert told.splitlines() == [
        "| Measure | Value |",
        "|---|---|",
        "| first contentful paint (ms) | – |",
        "| bytes over the wire | 1,234,567 |",
        "| heap after (MB) | 20.5 |",
    ]
