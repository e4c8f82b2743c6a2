"""Lines as a page is set, joined to paragraphs as they are read."""

from __future__ import annotations

import re

_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zß-ÿ])")
FULL_LINE = 0.7
"""A line shorter than this share of the longest ones that ends a sentence ends a paragraph."""


def joined_lines(text: str) -> str:
    """One line a paragraph, with empty lines between them; words that a line's end divided are whole again."""
    text = _HYPHENATED.sub("", text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    widest = sorted(map(len, lines))[-max(1, len(lines) // 10)] if lines else 0
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        if not line or (len(line) < FULL_LINE * widest and line.endswith((".", "?", "!", "”", '"', ":"))):
            paragraphs.append([])
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)
