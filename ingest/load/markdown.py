"""Markdown: the text is what a reader of the rendered page sees; front matter gives the fields of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.load.decode import decode_bytes
from ingest.load.fields import find_field, record_of
from ingest.load.matter import split_matter
from ingest.load.record import Content, Record, Refusal

MAX_MARKDOWN_CHARACTERS = 2_000_000
MAX_INLINE = 5_000
"""A longer paragraph is taken as it stands: the time to render one grows with the square of its brackets."""
MAX_NESTING = 100
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def load_markdown(content: Content) -> Iterator[Record | Refusal]:
    text, note = decode_bytes(content.path.read_bytes())
    if len(text) > MAX_MARKDOWN_CHARACTERS:
        yield Refusal("failed", f"{len(text):,} characters of Markdown, the limit is {MAX_MARKDOWN_CHARACTERS:,}")
        return
    fields, below = split_matter(text)
    fields = {name: value for name, value in fields.items() if find_field(name) != "text"}
    title, body = render_markdown(below, wants_title="title" not in map(find_field, fields))
    found = record_of({**fields, **({"title": title} if title else {}), "text": body or " "}, None)
    if isinstance(found, Refusal):
        yield found
        return
    yield replace(found, text=body, published_from="front matter", notes=(note,) if note else ())


def render_markdown(source: str, *, wants_title: bool) -> tuple[str | None, str]:
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
        elif shown := _render_text(token, markdown, references):
            (blocks if cells is None else cells).append(shown)
    if not blocks:
        return None, source.strip()
    if wants_title and tokens[0].tag == "h1" and tokens[1].content:
        return blocks[0], "\n\n".join(blocks[1:])
    return None, "\n\n".join(blocks)


def _render_text(token: Token, markdown: MarkdownIt, references: dict[str, object]) -> str:
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
