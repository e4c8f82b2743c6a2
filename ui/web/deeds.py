"""What is done with an answer that is there: a link to it, and a verdict on it or on one of its citations."""

from __future__ import annotations

from collections.abc import Mapping

from ui.web.again import GONE
from ui.web.conversation import Exchange
from ui.web.html import Fragments
from ui.web.store import Store

LINKED = "Whoever can reach this page can read the answer, as it is today, at"
KEPT = "Thank you. It is kept with the answer for whoever looks after the archive."


class Deeds:
    def __init__(self, store: Store, fragments: Fragments) -> None:
        self._store = store
        self._fragments = fragments

    def done(self, exchange: Exchange | None, chosen: Mapping[str, object], visitor: str) -> str:
        """What the page says of it. `chosen` is what the browser says was clicked."""
        if exchange is None or exchange.answer is None or exchange.key is None:
            return self._fragments.problem(GONE)
        kind = chosen.get("kind")
        if kind == "link":
            return self._fragments.told(LINKED, f"{self._fragments.root}/dateline/answer/{self._store.link(exchange)}")
        if kind not in ("good", "bad"):
            return self._fragments.problem(GONE)
        number = str(chosen.get("citation") or "")
        cited = next((each.number for each in exchange.answer.citations if str(each.number) == number), None)
        self._store.judge(visitor, exchange, kind == "good", str(chosen.get("reason") or ""), cited)
        return self._fragments.told(KEPT)
