"""Lines as a page or a mail is set, joined to paragraphs as they are read.

What is no running text stays as it is: lists, tables, verse, headings, quoted lines, and texts with a paragraph on every line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from ingest.hyphens import join_hyphenated

FULL_LINE = 0.7
"""A line shorter than this share of the longest ones that ends a sentence ends a paragraph."""
SHORT_LINE = 0.6
"""A line shorter than this share that is followed by a capital is a heading, a name or a cell."""
WIDTHS = range(28, 161)
"""Characters of the longest lines of a text that was wrapped."""
RUNNING = 0.5
"""The share of lines that end inside a sentence, in a text that was wrapped."""
FULL, LEAST_SMALL, GOING_ON = 0.5, 0.3, 0.7
"""Of these lines, the shares that are full, that a small letter follows, and of which one or the other is true."""

_SENTENCE_END = re.compile(r"[.?!:;…][”\"’')\]]*$")
_ITEM = re.compile(r"(?:[-*•‣▪◦·–—>|#]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")
_CELLS = re.compile(r"\S(?: {3,}|\t)\S|\s\|\s")
_LOOSE = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|that|which|who|as|is|was|were|are|be|will|has|had))$"
)
_NO_SPACE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3001\u3002]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def unwrap_lines(text: str) -> str:
    """The text with one line a paragraph where it was wrapped at a width; else as it is."""
    if "\n" not in text:
        return text
    blocks = [block.split("\n") for block in _BLANK_LINES.split(text)]
    width = _width([line for block in blocks for line in block])
    if width not in WIDTHS or not _is_wrapped(blocks, width):
        return text
    return "\n\n".join(_block(block, width, text) for block in blocks)


def join_lines(text: str) -> str:
    """One line a paragraph, with empty lines between them, of a text that is known to be set in lines."""
    width = _width(text.splitlines())
    blocks = _BLANK_LINES.split("\n".join(" ".join(line.split()) for line in text.splitlines()).strip())
    paragraphs = ("\n\n".join(_runs(block.split("\n"), lambda line, after: _ends(line, after, width), text)) for block in blocks)
    return "\n\n".join(filter(None, paragraphs))


def _width(lines: Sequence[str]) -> int:
    lengths = sorted(len(" ".join(line.split())) for line in lines if line.strip())
    return lengths[-max(1, len(lengths) // 10)] if lengths else 0


def _is_wrapped(blocks: Sequence[Sequence[str]], width: int) -> bool:
    """Whether most lines that another follows end inside a sentence, because the next word had no room there."""
    pairs = [
        (line.strip(), after.strip())
        for block in blocks
        for line, after in pairwise(block)
        if not _ITEM.match(after.strip()) and not _CELLS.search(line.strip())
    ]
    running = [(line, after) for line, after in pairs if not _SENTENCE_END.search(line)]
    full = {pair for pair in running if _is_full(*pair, width)}
    small = {(line, after) for line, after in running if after[:1].islower()}
    if not full or len(running) < RUNNING * len(pairs) or len(small) < LEAST_SMALL * len(running):
        return False
    return len(full) >= FULL * len(running) and len(full | small) >= GOING_ON * len(running)


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the next line's first word would not have stood on the line, or hardly."""
    first = after.split(maxsplit=1)[0] if after else ""
    return len(line) + 1 + len(first) > FULL_LINE * width


def _block(lines: Sequence[str], width: int, text: str) -> str:
    """Lines of one block: its paragraphs on lines of their own, with an empty line between those that are sentences."""
    indents = [len(line) - len(line.lstrip()) for line in lines]
    deeper = {i for i in range(1, len(lines)) if indents[i] > indents[i - 1] and indents[i] >= 2}
    starts = {lines[i].strip() for i in deeper} if len(deeper) < len(lines) / 2 else set()
    plain = [line.strip() for line in lines]

    def ends(line: str, after: str) -> bool:
        return after in starts or _ends(line, after, width)

    return "\n".join(_runs(plain, ends, text)).strip()


def _ends(line: str, after: str, width: int) -> bool:
    """Whether a paragraph ends between two lines."""
    if _ITEM.match(after) or _CELLS.search(line) or _CELLS.search(after):
        return True
    if after[:1].islower() or _LOOSE.search(line):
        return False
    if _SENTENCE_END.search(line):
        return len(line) < FULL_LINE * width and not _is_full(line, after, width)
    return len(line) < SHORT_LINE * width and not line.endswith("-")


def _runs(lines: Sequence[str], ends: Callable[[str, str], bool], text: str) -> list[str]:
    runs: list[list[str]] = []
    for i, line in enumerate(lines):
        if runs and not ends(lines[i - 1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_one_line(run, text) for run in runs]


def _one_line(lines: Sequence[str], text: str) -> str:
    parts = [lines[0]]
    for line in lines[1:]:
        last = parts[-1]
        if (whole := join_hyphenated(last, line, text)) is not None:
            parts[-1] = whole
        elif last[-1:] and _NO_SPACE.match(last[-1]) and _NO_SPACE.match(line[:1]):
            parts.append(line)
        else:
            parts += [" ", line]
    return "".join(parts)
