"""The blocks of a page: what stands in one paragraph, heading, list item or table row, word for word and in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from ingest.clean import normalise_spaces

BREAKING = frozenset(
    """
    address article aside blockquote body caption dd details dialog dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html
    legend li main menu nav noscript ol optgroup p pre search section summary table tbody td
    template tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
"""Tags that a browser sets on lines of their own; all others stand inside the sentence that is around them."""
UNSEEN = frozenset(
    """
    applet area audio canvas datalist embed frame frameset head iframe input link map math meta noscript object option
    param picture rp rt rtc script select source style svg template textarea title track video
    """.split()  # noqa: SIM905
)
CONTROLS = frozenset({"button", "label"})
"""Words on them are the page's own, unless they stand inside a sentence."""
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905
LONG_CELL = 250
"""A cell with more characters is a part of the page's layout, not of a table."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A word; each sign of Chinese and Japanese, which set no blanks, is one."""
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Text that is set together, and the element that it stands in. `linked` is the share of its characters that are links."""

    text: str
    element: Element
    linked: float = 0.0
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", words_of(self.text))

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS


def ends_sentence(text: str) -> bool:
    return bool(_ENDS_SENTENCE.search(text))


def words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def blocks_of(tree: Element) -> list[Block]:
    """Every block that the page shows, in its order."""
    found: list[Block] = []
    for written in _Walk(tree).written(tree):
        for block in written.blocks():
            if found and _goes_on(found[-1], block):
                block = Block(f"{found.pop().text} {block.text}", block.element, block.linked)
            found.append(block)
    return found


def _goes_on(first: Block, second: Block) -> bool:
    """Whether a sentence goes on in the next block: parsers end a paragraph at tags that writers set inside it."""
    loose = first.element.tag == "p" and second.element is first.element.getparent()
    return loose and not ends_sentence(first.text) and second.text[0].islower()


@dataclass(slots=True)
class _Written:
    """Pieces of one block as they are met: text, whether it is a link's, whether it is on a control."""

    element: Element
    pieces: list[tuple[str, bool, bool]] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        pieces = _without_controls(self.pieces)
        count = sum(len(text.strip()) for text, _, _ in pieces) or 1
        linked = sum(len(text.strip()) for text, link, _ in pieces if link) / count
        for line in _lines("".join(text for text, _, _ in pieces)):
            yield Block(line, self.element, linked)


class _Walk:
    """Goes through a page without recursion: some nest their tags deeper than any stack."""

    def __init__(self, tree: Element) -> None:
        self._links = self._controls = self._unseen = self._kept_lines = 0
        self._row: Element | None = None
        self._now = _Written(tree)

    def written(self, tree: Element) -> Iterator[_Written]:
        for event, tag in etree.iterwalk(tree, events=("start", "end")):
            begins = event == "start"
            self._count(tag.tag, 1 if begins else -1)
            if tag is self._row:
                self._row = None
            if tag.tag in BREAKING and self._row is None:
                yield self._now
                owner = tag if begins else tag.getparent()
                self._now = _Written(tag if owner is None else owner)
            if begins and tag.tag == "tr" and self._row is None and _is_row(tag):
                self._row = tag
            self._add(tag, begins, tag is tree)
        yield self._now

    def _count(self, name: object, step: int) -> None:
        self._unseen += step * (name in UNSEEN)
        self._links += step * (name == "a")
        self._controls += step * (name in CONTROLS)
        self._kept_lines += step * (name == "pre")

    def _add(self, tag: Element, begins: bool, outermost: bool) -> None:
        if self._unseen:
            return
        if begins and tag.tag == "br":
            self._piece("\n")
        elif begins and self._row is not None and tag.tag in BREAKING:
            cell = tag.tag in ("td", "th") and any(text.strip() for text, _, _ in self._now.pieces)
            self._piece(" | " if cell else " ")
        text = tag.text if begins else None if outermost else tag.tail
        if text:
            self._piece(normalise_spaces(text if self._kept_lines else _BLANK.sub(" ", text)))

    def _piece(self, text: str) -> None:
        self._now.pieces.append((text, self._links > 0, self._controls > 0))


def _is_row(row: Element) -> bool:
    """Whether the row is one of a table of data; pages are laid out in tables as well."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return len(cells) > 1 and next(row.iter("table"), None) is None and all(_length(cell) <= LONG_CELL for cell in cells)


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _without_controls(pieces: list[tuple[str, bool, bool]]) -> list[tuple[str, bool, bool]]:
    """The pieces without buttons and labels, but for those that stand inside a sentence."""
    said = [at for at, (text, _, control) in enumerate(pieces) if text.strip() and not control]
    if not said:
        return []
    before = "".join(text for text, _, control in pieces[: said[-1] + 1] if not control)
    end = said[-1] + 1 if ends_sentence(before) else len(pieces)
    start = said[0] if pieces[said[0]][0].lstrip()[:1].isupper() else 0
    return pieces[start:end]


def _lines(text: str) -> Iterator[str]:
    """The paragraphs in a text with line breaks: a break inside a sentence is none, an empty line always is one."""
    line = ""
    for part in text.split("\n"):
        words = " ".join(part.split())
        if line and words and words[0].islower() and not ends_sentence(line):
            line = f"{line} {words}"
            continue
        if line:
            yield line
        line = words
    if line:
        yield line
