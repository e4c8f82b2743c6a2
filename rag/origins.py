"""How many outlets say something on their own.

Articles count as one voice when their outlets are of one family or they tell one text: an agency's report is one source, whoever
prints it, and so is a publisher, under whatever name. A family is a registrable domain (`edition.cnn.com`, `cnn.com`) or a name
without its section (`BBC News`, `BBC Sport`). Who owns whom is not known here, and suffixes under which anyone can register
(`co.uk`) are recognised by their shape, not from the public list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from rag.types import Source

SECTIONS = frozenset(
    "business culture entertainment international money news online politics radio sport sports television tv us world".split()  # noqa: SIM905
)
"""Last words of an outlet's name that say which part of it this is."""
NO_NAMES = frozenset("daily evening morning sunday weekly global local national".split())  # noqa: SIM905
"""Words that name nothing once what follows them is taken away."""
SECOND_LEVEL = frozenset("ac co com edu gov ltd net or org".split())  # noqa: SIM905
_LABEL = re.compile(r"[^\W_]+")


def independent(sources: Sequence[Source], groups: Mapping[str, str]) -> int:
    """The number of independent outlets among `sources`; `groups` is the group of copies by article id.

    All sources that name neither an outlet nor an address count as one: nothing says that they are two.
    """
    voices: list[set[str]] = []
    for source in sources:
        voice = _voice(source, groups)
        joined = [other for other in voices if other & voice]
        voices = [other for other in voices if not other & voice]
        voices.append(voice.union(*joined))
    return len(voices)


def _voice(source: Source, groups: Mapping[str, str]) -> set[str]:
    """All that makes the source one with others that have it too."""
    of_outlet = {f"name {family(source.outlet)}"} if source.outlet and source.outlet.strip() else set()
    of_site = {f"site {site}"} if (site := registrable(source.url)) else set()
    of_group = {f"group {groups[source.id]}"} if source.id in groups else set()
    return (of_outlet | of_site or {"unnamed"}) | of_group


def family(outlet: str) -> str:
    """The outlet's name without case, "The", ".com" and sections at its end."""
    name = " ".join(outlet.casefold().split()).removeprefix("www.")
    name = re.sub(r"\.(?:com?(?:\.\w\w)?|org|net)$", "", name).removeprefix("the ")
    words = _LABEL.findall(name) or [name]
    while len(words) > 1 and words[-1] in SECTIONS and not (len(words) == 2 and words[0] in NO_NAMES):
        words.pop()
    return " ".join(words)


def registrable(url: str | None) -> str | None:
    """The part of a URL's host that someone registered; None where there is none, and for numbers."""
    try:
        host = (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return None
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if country else labels[-2:])
