"""Times that a page marks as those of its article: in the attributes of its tags, and in its scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from ingest.load.around import Own, class_and_id
from ingest.load.blocks import Block, ends_sentence, words_of
from ingest.load.days import dates_in

MAX_LABEL = 140
"""A longer text is a sentence, whose days are those of what it tells of."""
TOLD_WORDS = 6
"""A sentence of so many words tells of something on the day that stands in it."""
MAX_SCRIPT = 500_000

_MARKS = frozenset(
    """
    datepublished pubdate published entry-date dt-published date-published published-date publish-date publishdate
    publication-date article-date article__date post-date posted-on datecreated dc:date dc:created dcterms:issued dcterms:created
    schema:datecreated schema:datepublished
    """.split()  # noqa: SIM905
)
UPDATED = re.compile(
    r"updat|modif|aktualisier|geändert|letzte[rs]?\s|mis(?:e)? à jour|actuali[sz]|aggiornat|bijgewerkt|gewijzigd|opdater|oppdater"
    r"|uppdater|atualiza|editad|обновл|оновл|zmieni|aktualiz|frissít|güncel|更新|수정"
    r"|copyright|©|\(c\)|all rights|rechte vorbehalten"
    r"|\bchanged|\blast change|\bedited|\brevised|bearbeitet|\bstand\b|accessed|abgerufen|consulté|retrieved|reviewed",
    re.IGNORECASE,
)
COMING = re.compile(
    r"\b(?:events?|starts?|begins?|until|till|deadline|due|vot(?:e|es|ing)|elections?|meets?|meeting|from|termine?|beginn|bis|ab"
    r"|wahl(?:en)?|abstimmung|veranstaltung\w*|findet|konzert|premiere|kinostart|einsendeschluss"
    r"|valid|gültig|expires?|opens?|closes?|born|died|\*|†|next|upcoming|comments?|antwort\w*|repl(?:y|ies|ied)|registered|joined|since"
    r"|released?|comes?|coming|scheduled)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"updat|modif|expire|event|start|end|coming|birth|death", re.IGNORECASE)
"""What the tags around a time are called that is not one of publication."""
_SCRIPTED = re.compile(
    r"""["'](?:datePublished|publishedDate|publishDate|published_?[aA]t|publicationDate|pubDate|dateCreated|created_?[aA]t)\\?["']"""
    r"""\s*:\s*\\?["'](\d{4}-\d\d-\d\d)"""
)

_TRACKBACK = re.compile(
    r"""<rdf:Description\b(?=[^<>]{0,3000}\btrackback:ping=|[^<>]{0,3000}\bdc:identifier=)[^<>]{0,3000}?\bdc:date=["']([^"'<>]{8,40})["']"""
)


def find_marked_times(tree: Element, own: Own) -> Iterator[str]:
    """The times that the page marks as those of its article's publication; where the mark cannot be read, what it shows."""
    for tag in tree.iter("time", "abbr", "span", "meta", "p", "div"):
        if _MARKS.isdisjoint(_marks(tag)) or not own.has(tag):
            continue
        shown = " ".join(" ".join(tag.itertext()).split())
        if UPDATED.search(shown):
            continue
        if given := tag.get("datetime") or tag.get("content") or tag.get("title"):
            yield str(given)
        if len(shown) <= MAX_LABEL:
            yield from (found for found, _ in dates_in(shown, english=False)[:1])


def _marks(tag: Element) -> list[str]:
    named = " ".join(str(tag.get(key) or "") for key in ("itemprop", "class", "property")).lower().split()
    return [*named, *(["pubdate"] if tag.get("pubdate") is not None else [])]


def near_times(tree: Element, own: Own, blocks: Sequence[Block], last: int) -> tuple[list[str], list[str]]:
    """The times in tags for them that nothing says to be another's: those up to block `last`, nearest first, and those below."""
    places = {tag: at for at, tag in enumerate(tree.iter())}
    start = places.get(blocks[min(last, len(blocks) - 1)].element, 0) if blocks else 0
    times = [tag for tag in tree.iter("time") if tag.get("datetime") and own.has(tag) and not _is_of_change(tag)]
    above = [str(tag.get("datetime")) for tag in times if places[tag] <= start]
    return above[::-1], [str(tag.get("datetime")) for tag in times if places[tag] > start]


def _is_of_change(tag: Element) -> bool:
    parent = tag.getparent()
    about = [tag, *([parent] if parent is not None else [])]
    text = "".join(about[-1].itertext())
    told = len(text) > MAX_LABEL or (ends_sentence(text) and len(words_of(text)) >= TOLD_WORDS)
    return told or bool(UPDATED.search(text) or COMING.search(text)) or any(_CHANGED.search(class_and_id(one)) for one in about)


def find_scripted_date(tree: Element) -> str | None:
    """The day of publication in the page's scripts, where they name but one."""
    texts = ((script.text or "")[:MAX_SCRIPT] for script in tree.iter("script") if not _is_linked_data(script))
    found = {match[1] for text in texts for match in _SCRIPTED.finditer(text)}
    return found.pop() if len(found) == 1 else None


def trackback_date(source: str) -> str | None:
    """The day in the description that programs for blogs leave in a comment for others to link back to; None where a page
    describes several of its stories so."""
    found = _TRACKBACK.findall(source)
    return found[0] if len(found) == 1 else None


def _is_linked_data(script: Element) -> bool:
    """Whether it is JSON-LD that can be read: then it is known which article each of its dates is of."""
    if "ld+json" not in (script.get("type") or "").lower():
        return False
    try:
        json.loads(script.text or "", strict=False)
    except (ValueError, RecursionError):
        return False
    return True
