"""Copies and independent outlets, as JSON, in a terminal and on the page."""

from __future__ import annotations

import io
from dataclasses import replace

from rag.types import Copy, Corroboration, Source
from tests.ui.answers import ANSWERED
from ui.render import answer_json
from ui.terminal import Page
from ui.web.conversation import Exchange
from ui.web.html import Fragments

OTHERS = tuple(Copy(Source(id=f"c{n}", title=f"Copy {n}", outlet=f"<b>Site {n}</b>"), "near") for n in range(6))
CARRIED = replace(
    ANSWERED, citations=(replace(ANSWERED.citations[0], copies=OTHERS),), corroboration=Corroboration(1, 7)
)  # fmt: skip


def printed(document: dict[str, object]) -> str:
    stream = io.StringIO()
    Page(stream).answer(document)
    return stream.getvalue()


def test_the_json_names_the_copies_and_counts_outlets() -> None:
    document = answer_json(CARRIED)
    assert document["corroboration"] == {"independent_outlets": 1, "articles": 7}
    assert document["citations"][0]["copies"][0] == {
        "article_id": "c0", "title": "Copy 0", "outlet": "<b>Site 0</b>", "published": None, "url": None, "kind": "near",
    }  # fmt: skip
    alone = answer_json(ANSWERED)
    assert alone["corroboration"] is None
    assert alone["citations"][0]["copies"] == []


def test_the_terminal_has_one_line_of_each() -> None:
    shown = printed(answer_json(CARRIED))
    assert "1 independent outlet, 7 articles" in shown
    assert "also in <b>Site 0</b>" in shown
    assert shown.rstrip().endswith("and 1 more")
    assert "independent" not in printed(answer_json(ANSWERED))


def test_the_page_escapes_the_names_of_copies() -> None:
    exchange = Exchange(number=1, question="When?", answer=CARRIED, working=False)
    page = Fragments().exchanges([exchange])
    assert "1 independent outlet, 7 articles" in page
    assert "&lt;b&gt;Site 0" in page
    assert "<b>Site" not in page
