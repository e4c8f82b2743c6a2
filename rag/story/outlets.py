"""What an outlet is called where its articles do not say: by the site that they were published on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.origins import registrable
from rag.types import Quote, Source

_WORD = re.compile(r"\w+")


def outlet_name(source: Source) -> str | None:
    """The outlet, else the site; None where neither is known."""
    return source.outlet or registrable(source.url)


def outlets_of(quotes: Iterable[Quote]) -> tuple[str, ...]:
    """The outlets that say so, each once; the title of an article where it names none."""
    return tuple(dict.fromkeys(outlet_name(quote.source) or quote.source.title for quote in quotes))


def sites_named(question: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """The sites, of articles that name no outlet, whose name the question has: "USA Today" for usatoday.com."""
    sites = dict.fromkeys(site for source in sources if not source.outlet and (site := registrable(source.url)))
    words = [word.casefold() for word in _WORD.findall(question)]
    runs = {"".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
    return tuple(site for site in sites if _bare(site) in runs and len(_bare(site)) > 2)


def site_words(question: str, sites: Sequence[str]) -> list[str]:
    """The words of the question that name the sites, as it writes them."""
    found = []
    for site in sites:
        letters = r"\W?".join(map(re.escape, _bare(site)))
        found += [match[0] for match in re.finditer(rf"\b{letters}\b", question, re.IGNORECASE)]
    return found


def _bare(site: str) -> str:
    return site.split(".")[0].casefold()
