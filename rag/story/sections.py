"""Sections of an archive: what a question asks for the news of, and the articles that are in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.protocols import Terms
from rag.types import Source

FEWEST = 3
"""Articles of a section."""
_NEW_IN = re.compile(
    r"\b(?:what(?:['’]s| is| was| are)?|anything) (?:new|happening|going on|the (?:latest"
    r"|news)) (?:in|from|on) (?:the )?(?:world of )?(?P<word>(?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?: (?:news|today|now|this week|right now|lately|these days))?\W*$"
    r"|\b(?:latest|recent|today['’]s|this week['’]s) (?P<news>[\w-]+) news\W*$",
    re.IGNORECASE,
)


def section_named(question: str) -> str | None:
    """The words of which a question asks what is new: "sport" of "What's new in sport?"."""
    found = _NEW_IN.search(question)
    return (found["word"] or found["news"]) if found else None


def articles_of(sources: Sequence[Source], stem: str, terms: Terms) -> list[Source]:
    """The articles of a section whose name has this stem, by what they say, else by their address; none of a few."""
    found = [source for source in sources if stem in _sections_of(source, terms)]
    return found if len(found) >= FEWEST else []


def _sections_of(source: Source, terms: Terms) -> set[str]:
    """The stems of the names of an article's sections."""
    if source.section:
        return set(terms.split(source.section))
    parts = urlsplit(source.url or "").path.split("/")[:-1]
    return {stem for part in parts if part.isalpha() for stem in terms.split(part)}
