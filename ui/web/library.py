"""The archive as a shelf to look through: its articles by outlet, month, section and words, and one of them whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from rag.types import Source

if TYPE_CHECKING:
    from rag.catalog import Version
    from rag.pipeline import Rag

PAGE = 50
MONTH = re.compile(r"\d{4}-\d{2}")
FOUND = 60
"""Passages that words are looked up with."""
PIECE = re.compile(r"\S+|\s+")
LONGEST = 20_000
"""Words of two texts together that are compared word by word; longer ones are compared line by line."""
NO_OUTLET = "no outlet"
"""What stands for the outlet of the articles that name none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the archive is looked at; "" wants all."""

    outlet: str = ""
    month: str = ""
    section: str = ""
    words: str = ""
    page: int = 1

    def link(self, **changed: object) -> str:
        """The query of an address that shows this with something changed, from its first page on."""
        asked = {name: getattr(self, name) for name in ("outlet", "month", "section", "words")} | {"page": 1} | changed
        return "?" + urlencode(
            {name: str(value).encode("utf-8", "replace") for name, value in asked.items() if value not in ("", 1)}
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of what is wanted, how many there are of it, and how all of the archive spreads over outlets and months."""

    articles: tuple[Source, ...]
    found: int
    pages: int
    outlets: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    sections: tuple[str, ...]


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """What an address asks for; what cannot be is taken as not asked."""
    month, page = given.get("month", ""), given.get("page", "")
    return Wanted(
        given.get("outlet", "")[:300],
        month if MONTH.fullmatch(month) else "",
        given.get("section", "")[:300],
        " ".join(given.get("words", "").split())[:300],
        int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) > 0 else 1,
    )


class Library:
    """Reads the list of articles once for each state of the archive. Safe between threads."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self._lock = Lock()
        self._read: tuple[int, tuple[Source, ...]] | None = None

    def outlets(self, limit: int) -> list[tuple[str, int]]:
        """The outlets with the most articles, each in one spelling and with how many it has."""
        counts = Counter(source.outlet.casefold() for source in self._every() if source.outlet)
        return [(name, counts[name.casefold()]) for name in self._rag.archive.catalog.outlets()[:limit]]

    def shelf(self, asked: Wanted) -> Shelf:
        every = self._every()
        found = self._narrow(every, asked)
        pages = max(1, -(-len(found) // PAGE))
        first = (min(asked.page, pages) - 1) * PAGE
        outlets = Counter(source.outlet or NO_OUTLET for source in self._but(every, asked, "outlet"))
        months = Counter(month for source in self._but(every, asked, "month") if (month := month_of(source)))
        sections = sorted({source.section for source in every if source.section})
        return Shelf(
            tuple(found[first : first + PAGE]), len(found), pages, tuple(outlets.most_common()), tuple(sorted(months.items())),
            tuple(sections),
        )  # fmt: skip

    def _every(self) -> tuple[Source, ...]:
        catalog = self._rag.archive.catalog
        with self._lock:
            if self._read is None or self._read[0] != catalog.sequence:
                self._read = catalog.sequence, tuple(catalog.listing())
            return self._read[1]

    def _narrow(self, sources: Sequence[Source], asked: Wanted) -> list[Source]:
        found = [source for source in sources if _fits(source, asked)]
        return self._find_saying(found, asked.words) if asked.words else found

    def _but(self, sources: Sequence[Source], asked: Wanted, name: str) -> list[Source]:
        """What the other filters leave: a plot shows what a click in it can choose."""
        others = {each: getattr(asked, each) for each in ("outlet", "month", "section") if each != name}
        return self._narrow(sources, Wanted(**others, words=asked.words))

    def _find_saying(self, sources: Sequence[Source], words: str) -> list[Source]:
        """Those whose titles have all of the words, then those with a passage that a search finds, best first."""
        sought = words.casefold().split()
        titled = [source for source in sources if all(word in (source.title or "").casefold() for word in sought)]
        places: dict[str, int] = {}
        for place, passage in enumerate(self._rag.search(words, k=FOUND, literal=True)):
            places.setdefault(passage.chunk.source.id, place)
        known = {source.id for source in titled}
        rest = [source for source in sources if source.id in places and source.id not in known]
        return [*titled, *sorted(rest, key=lambda source: places[source.id])]


def month_of(source: Source) -> str:
    return f"{source.published:%Y-%m}" if source.published else ""


def _fits(source: Source, asked: Wanted) -> bool:
    outlet = not asked.outlet or (source.outlet or NO_OUTLET).casefold() == asked.outlet.casefold()
    return outlet and (not asked.month or month_of(source) == asked.month) and asked.section in ("", source.section)


def compare_texts(older: str, newer: str) -> list[tuple[str, str]]:
    """The newer text in pieces, each "same", "added" or "removed" from the older."""
    old, new = PIECE.findall(older), PIECE.findall(newer)
    if len(old) + len(new) > LONGEST:
        old, new = older.splitlines(keepends=True), newer.splitlines(keepends=True)
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in ("delete", "replace"):
            pieces.append(("removed", "".join(old[a:b])))
        if kind != "delete":
            pieces.append(("same" if kind == "equal" else "added", "".join(new[c:d])))
    return pieces


def changes(versions: Sequence[Version]) -> list[tuple[Version, Version, list[tuple[str, str]]]]:
    """What each version changed of the one before it, newest first."""
    return [(older, newer, compare_texts(older.text, newer.text)) for older, newer in reversed(list(pairwise(versions)))]
