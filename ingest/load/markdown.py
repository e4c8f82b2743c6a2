"""Markdown: the text is what a reader of the rendered page sees; front matter gives the fields of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.load.decode import decoded
from ingest.load.fields import named, record_of
from ingest.load.matter import divided
from ingest.load.record import Content, Record, Refused

MAX_MARKDOWN_CHARACTERS = 2_000_000
MAX_INLINE = 5_000
"""A longer paragraph is taken as it stands: the time to render one grows with the square of its brackets."""
MAX_NESTING = 100
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def load_markdown(content: Content) -> Iterator[Record | Refused]:
    text, note = decoded(content.path.read_bytes())
    if len(text) > MAX_MARKDOWN_CHARACTERS:
        yield Refused("failed", f"{len(text):,} characters of Markdown, the limit is {MAX_MARKDOWN_CHARACTERS:,}")
        return
    fields, below = divided(text)
    fields = {name: value for name, value in fields.items() if named(name) != "text"}
    title, body = rendered(below, wants_title="title" not in map(named, fields))
    found = record_of({**fields, **({"title": title} if title else {}), "text": body or " "}, None)
    if isinstance(found, Refused):
        yield found
        return
    yield replace(found, text=body, published_from="front matter", notes=(note,) if note else ())


def rendered(source: str, *, wants_title: bool) -> tuple[str | None, str]:
    """The first heading, if it opens the text and is wanted as its title, and the text that is shown below."""
    markdown = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    markdown.core.ruler.disable("inline")
    references: dict[str, object] = {}
    tokens = markdown.parse(source, references)
    blocks: list[str] = []
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            blocks.append(" | ".join(cells))
            cells = None
        elif shown := _shown(token, markdown, references):
            (blocks if cells is None else cells).append(shown)
    if not blocks:
        return None, source.strip()
    if wants_title and tokens[0].tag == "h1" and tokens[1].content:
        return blocks[0], "\n\n".join(blocks[1:])
    return None, "\n\n".join(blocks)


def _shown(token: Token, markdown: MarkdownIt, references: dict[str, object]) -> str:
    if token.type == "html_block":
        return unescape(_TAG.sub("", _UNSEEN.sub("", token.content))).strip()
    if token.type == "inline" and len(token.content) <= MAX_INLINE:
        children: list[Token] = []
        markdown.inline.parse(token.content, markdown, references, children)
        return _inline(children).strip()
    return token.content.strip()


def _inline(tokens: Sequence[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    shown = {"text", "text_special", "code_inline", "image"}
    return "".join(token.content if token.type in shown else breaks.get(token.type, "") for token in tokens)
