"""Dates that a page shows of its own article, and not those of the stories, votes and footers around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from ingest.load.around import Own
from ingest.load.blocks import Block
from ingest.load.days import dates_in
from ingest.load.marked import COMING, MAX_LABEL, UPDATED, near_times
from ingest.load.record import DatedField

WEAK = 0.45
"""The trust in a day that stands by itself near the article, without a word that says what it is."""
FAINT = 0.3
"""That in one in a script, or below the text, where days of other things stand more often."""
LEAD = 3
"""Blocks at the beginning of a text below which its day may stand: a summary, an author, a picture."""
MOST_WORDS = 14
MAX_LABEL_ALONE, LABEL_WORDS = 40, 4
"""Characters and words of a label that is set apart from its day, and characters of that day."""
MOST_READ = 40
OPENING = 40
"""Characters at the beginning of a text in which its day may stand, behind a place."""

_PUBLISHED = re.compile(
    r"publi|pubbl|posted|first (?:seen|broadcast)|veröffentlicht|erstellt|created|erschienen"
    r"|datum(?! (?:der|des|vo[nm])\b)|geschrieben|gespeichert"
    r"|eingestellt|submitted|parution|paru|inserito|gepost"
    r"|geplaatst|gepubl|udgivet|utgitt|опублик|дата|yayın|publicerad|julkaistu|zveřejn|közz?ét|megjelen|δημοσ|objav"
    r"|mise? en ligne|online seit|نشر|প্রকাশ|प्रकाश|发布|發[布佈表]|发表|刊登|発表|公開|配信|掲載|등록|입력|게시|게재"
    r"|notizia del|(?:meldung|mitteilung|information|nachricht|news) vom|(?:news|press release) (?:of|from)"
    r"|written|issued|released on|dated?\b(?! (?:of|for|du|de|del)\b)|filed"
    r"|^\W*(?:by|von|par|por|di|door|av)\s+\w",
    re.IGNORECASE,
)
"""What is said of a day of publication, the name of an author in front of it too."""
_POSTED = re.compile(
    r"\b(?:this|the|dieser|der|cet|le)\s+(?:entry|post|article|item|story|beitrag|eintrag|artikel|billet)"
    r"\s+(?:was|wurde|a été)\b",
    re.IGNORECASE,
)
"""How programs for blogs tell below a text when it was posted: "This entry was posted on Friday, 7 March 2025 and is filed …"."""
MAX_POSTED, NEAR_POSTED = 400, 60
_PART = re.compile(r"\s+[/|·•–—]\s+|\s*[;\n]\s*")
"""What stands between the parts of a line that tell of different things."""
_BEFORE = re.compile(r"\W*(?:[^\W\d_][\w.-]+(?: [^\W\d_][\w.-]+){0,2}\W{1,3})?")
_NOTHING = re.compile(r"\W*")
_WORD = re.compile(r"[^\W\d_]+")


def find_seen_dates(
    tree: Element, blocks: Sequence[Block], own: Own, first: int, language: str | None, scripted: str | None = None
) -> list[DatedField]:
    """The days beside the article's text, those before it in front; `first` is the block that it begins with. What the page's
    scripts say, `scripted`, comes before the days below the text."""
    english = (language or "en").lower().startswith("en")
    told, above, below = _find_labelled(blocks, own, first, english)
    near_above, near_below = near_times(tree, own, blocks, first + LEAD)
    alone, behind = _find_opening(blocks, first, english)
    weak = [*alone, *near_above[:1], *above[:1], *behind]
    faint = [one for one in (scripted, *near_below[:1], *below[:1]) if one and one not in weak]
    return [
        *(DatedField(value, "page") for value in told[:1]),
        *(DatedField(value, "page", WEAK) for value in dict.fromkeys(weak)),
        *(DatedField(value, "page", FAINT) for value in dict.fromkeys(faint)),
    ]


def _find_labelled(blocks: Sequence[Block], own: Own, first: int, english: bool) -> tuple[list[str], list[str], list[str]]:
    """The days in short blocks: those that are said to be of publication, and others that may be, above the text and below."""
    strong: list[str] = []
    above: list[str] = []
    below: list[str] = []
    for at in [*range(first, -1, -1), *range(first + 1, len(blocks))]:
        if len(blocks[at].text) > MAX_POSTED or not own.has(blocks[at].element):
            continue
        block = _with_label(blocks, at) if at else blocks[at]
        written = dates_in(block.text, english)
        if not written or len(strong) + len(above) + len(below) >= MOST_READ:
            continue
        told, may_be = _days_told(block, written)
        strong += told
        (above if at <= first + LEAD else below).extend(may_be)
    return strong, above, below


def _with_label(blocks: Sequence[Block], at: int) -> Block:
    """The block, behind its label where that is set in a block of its own, as in lists of terms: "Published", "7 March 2025"."""
    label, block = blocks[at - 1 : at + 1]
    bare = len(block.text) <= MAX_LABEL_ALONE and not _is_label(block)
    near = label.element.getparent() in (block.element.getparent(), block.element.getparent().getparent())
    if not bare or not near or not _is_label(label):
        return block
    return Block(f"{label.text.rstrip(' :')}: {block.text}", block.element, block.linked)


def _is_label(block: Block) -> bool:
    """Whether a block only says what the next one is."""
    if len(block.text) > MAX_LABEL_ALONE or len(block.words) > LABEL_WORDS or any(map(str.isdigit, block.text)):
        return False
    says = _PUBLISHED.search(block.text) or UPDATED.search(block.text)
    return block.text.endswith(":") or block.element.tag in ("dt", "th") or bool(says and not block.is_heading)


def _days_told(block: Block, written: Sequence[tuple[str, tuple[int, int]]]) -> tuple[list[str], list[str]]:
    """Of the days in a block the one said to be of publication, or the one that may be."""
    (value, (start, end)), *others = written
    if len(block.text) > MAX_LABEL:
        posted = _POSTED.search(block.text, max(0, start - NEAR_POSTED - len(value)), start)
        return ([value] if posted and not others else []), []
    if others:
        return _one_of_several(block.text, written), []
    rest = block.text[:start] + _PART.split(block.text[end:], maxsplit=1)[0]
    if _is_of_another_kind(block, rest, block.text[:start] + block.text[end:]):
        return [], []
    return ([value], []) if _PUBLISHED.search(rest) else ([], [value])


def _one_of_several(text: str, written: Sequence[tuple[str, tuple[int, int]]]) -> list[str]:
    """Of several days in a line the one of publication: by the words before it, or because the others are of changes."""
    ends = [0, *(end for _, (_, end) in written)]
    labels = [(value, text[before:start]) for before, (value, (start, _)) in zip(ends, written, strict=False)]
    first = [value for value, label in labels if not UPDATED.search(label) and not COMING.search(label)]
    said = [value for value, label in labels if value in first and _PUBLISHED.search(label)]
    changed = len(first) == 1 and all(UPDATED.search(label) for value, label in labels if value not in first)
    return said if len(said) == 1 else first if changed else []


def _find_opening(blocks: Sequence[Block], first: int, english: bool) -> tuple[list[str], list[str]]:
    """The day with which a text opens, by itself or behind some words: "(18.01.2018) Farmers …", "Orlen, 12 May 2021. …".

    By itself it may open one of the first paragraphs; where several open so, it is a list of events.
    """
    heads = [block.text[: 2 * OPENING] for block in blocks[first:] if len(block.words) > MOST_WORDS][:LEAD]
    found = [(head, value, start) for head in heads for value, (start, _) in dates_in(head, english)[:1] if start <= OPENING]
    alone = {value for head, value, start in found if _NOTHING.fullmatch(head[:start])}
    behind = [value for head, value, start in found if head is heads[0] and _BEFORE.fullmatch(head[:start])]
    return [*alone] if len(alone) == 1 else [], behind


def _is_of_another_kind(block: Block, rest: str, whole: str) -> bool:
    """Whether the day in the block is one of change or of something told, not one of publication. `rest` is said of the day,
    `whole` all that stands beside it."""
    about = f"{block.element.get('class') or ''} {block.element.get('itemprop') or ''}"
    words = len(_WORD.findall(whole))
    coming = COMING.search(rest) and not _PUBLISHED.search(rest)
    return bool(words > MOST_WORDS or UPDATED.search(rest) or UPDATED.search(about) or coming)


def named_date(texts: Sequence[str | None], language: str | None) -> str | None:
    """The day in what a page is called or summed up as, where it is said to be one of publication: "(News of 4 May 2025)"."""
    english = (language or "en").lower().startswith("en")
    for text in texts:
        found = dates_in(text or "", english)
        if text and len(found) == 1 and _PUBLISHED.search(text[max(0, found[0][1][0] - NEAR_POSTED) : found[0][1][0]]):
            return found[0][0]
    return None


def guess_date(tree: Element, own: Own, blocks: Sequence[Block]) -> str | None:
    """A day in some other mark of the article, found by a library that knows many; what belongs to others is taken away first."""
    from htmldate import find_date

    for tag in [tag for tag in tree.iter() if isinstance(tag.tag, str)]:
        foreign = tag.tag in ("head", "script", "footer", "nav", "aside") or not own.has(tag)
        if foreign and tag is not tree and tag.getparent() is not None:
            tag.drop_tree()
    for block in blocks:
        told = len(block.text) > MAX_LABEL or UPDATED.search(block.text) or COMING.search(block.text)
        if (
            told
            and block.element.tag not in ("body", "div", "main", "article", "section")
            and block.element.getparent() is not None
        ):
            block.element.drop_tree()
    try:
        return find_date(tree, original_date=True, extensive_search=False)
    except Exception:  # a date is not worth an article; the library lets any error of its parsers through
        return None
