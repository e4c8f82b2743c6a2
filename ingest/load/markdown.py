"""Markdown: the text is what a reader of the rendered page sees; front matter gives the fields of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.load.decode import decoded
from ingest.load.fields import named, record_of
from ingest.load.record import Content, Record, Refused

MAX_MARKDOWN_CHARACTERS = 2_000_000
MAX_INLINE = 5_000
"""A longer paragraph is taken as it stands: the time to render one grows with the square of its brackets."""
MAX_NESTING = 100
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z][\w -]*):[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.+)")


def load_markdown(content: Content) -> Iterator[Record | Refused]:
    text, note = decoded(content.path.read_bytes())
    if len(text) > MAX_MARKDOWN_CHARACTERS:
        yield Refused("failed", f"{len(text):,} characters of Markdown, the limit is {MAX_MARKDOWN_CHARACTERS:,}")
        return
    matter = _FRONT_MATTER.match(text)
    fields = _fields(matter[1]) if matter else {}
    title, body = rendered(text[matter.end() :] if matter else text, wants_title="title" not in fields)
    found = record_of({"title": title or "", **fields, "text": body or " "}, None)
    if isinstance(found, Refused):
        yield found
        return
    yield Record(
        body, found.title, found.id, found.url, found.outlet, found.authors, found.published, "front matter", found.modified,
        found.language, found.section, notes=(note,) if note else (),
    )  # fmt: skip


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


def _fields(matter: str) -> dict[str, object]:
    """`key: value` lines; a list is `[a, b]` or indented `- a` lines. The first of two names for one field counts."""
    fields: dict[str, object] = {}
    key = None
    for line in matter.splitlines():
        if (item := _ITEM.fullmatch(line)) and key:
            held = fields.get(key)
            fields[key] = [*(held if isinstance(held, list) else []), _unquoted(item[1])]
        elif found := _FIELD.fullmatch(line):
            key = named(found[1])
            if key and key not in fields:
                fields[key] = _value(found[2])
    return fields


def _value(written: str) -> object:
    if written.startswith("[") and written.rstrip().endswith("]"):
        return [_unquoted(part) for part in written.strip()[1:-1].split(",") if part.strip()]
    return _unquoted(written)


def _unquoted(written: str) -> str:
    plain = written.strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain
