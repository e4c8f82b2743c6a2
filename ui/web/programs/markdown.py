"""An answer as Markdown with a link for each citation, and such Markdown as plain words again.

Words of articles are never markup: what would be a picture, a link or a tag in them is shown as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.types import Answer, Citation
from ui.render import answer_json
from ui.silence import tell_silence
from ui.story import foot, sections
from ui.web.article import span_link
from ui.web.wording import day_in_words, showable

NEAREST_SHOWN = 3
SOURCES, NEAREST = "Sources:", "Nearest articles:"
_MARKUP = re.compile(r"([\\`*_\[\]<>|&])")
_AT_START = re.compile(r"^(\s*)([#+\-=~]|\d+[.)])(?=\s|$|[=~#\-])")
_LINK = re.compile(r"\[\\\[\d+\\\]\]\([^()\s]*\)")
_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")
_NOTICE = re.compile(r"\*(?!\*)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|&#+\-=~.)])")


def answer_markdown(answer: Answer, base: str) -> str:
    """The answer as a chat shows it; `base` is the address of this server, for the links to the words cited."""
    if answer.status == "abstained":
        return "\n\n".join([_escape(tell_silence(answer.reason)), *_nearest(answer, base)])
    paragraphs = list(_story(answer, base)) if answer.parts else [body_markdown(answer, base)]
    if answer.short_answer and answer.short_answer not in answer.text[: len(answer.short_answer) + 1]:
        paragraphs.insert(0, f"**{_escape(answer.short_answer)}**")
    paragraphs += [f"*{_escape(notice)}*" for notice in answer.notices]
    if answer.citations:
        paragraphs.append(f"{SOURCES}\n\n" + "\n".join(_source(citation, base) for citation in answer.citations))
    return "\n\n".join(paragraphs)


def body_markdown(answer: Answer, base: str) -> str:
    """The sentences alone, each with the links to the words it rests on."""
    told = (f"{_escape(each.text)} {_links(answer, each.citations, base)}".rstrip() for each in answer.sentences)
    return " ".join(told)


def plain(markdown: str) -> str:
    """What an answer said, without its links and its list of sources: the words that a follow-up can lean on."""
    said = markdown.partition(f"\n\n{SOURCES}\n\n")[0].partition(f"\n\n{NEAREST}\n\n")[0]
    paragraphs = [part for part in _LINK.sub("", said).split("\n\n") if not _NOTICE.match(part)]
    return _ESCAPED.sub(r"\1", _BOLD.sub(r"\1", "\n\n".join(paragraphs))).strip()


def _story(answer: Answer, base: str) -> Iterator[str]:
    """The archive's own account, then the parts of a story under their headings, each a list."""
    document = answer_json(answer)
    if own := [_escape(sentence.text) for sentence in answer.sentences if not sentence.citations]:
        yield "\n\n".join(own)
    for heading, lines in sections(document):
        told = [
            f"- {f'**{_escape(before)}**: ' if before else ''}{_escape(text)} {_links(answer, numbers, base)}".rstrip()
            for before, text, numbers in lines
        ]
        yield (f"**{_escape(heading)}**\n\n" if heading else "") + "\n".join(told)
    if ending := foot(document):
        yield _escape(ending)


def _links(answer: Answer, numbers: Sequence[int], base: str) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    return "".join(f"[\\[{number}\\]]({_link(cited[number], base)})" for number in numbers if number in cited)


def _source(citation: Citation, base: str) -> str:
    source = citation.source
    where = ", ".join(part for part in (source.outlet, day_in_words(source.published)) if part)
    return f"{citation.number}. [{_escape(source.title)}]({_link(citation, base)}), {_escape(where)}"


def _nearest(answer: Answer, base: str) -> Iterator[str]:
    """The articles that come nearest to a question without an answer, one line each."""
    best = {passage.chunk.source.id: passage.chunk for passage in reversed(answer.passages)}
    lines = [
        f"- [{_escape(chunk.source.title)}]({span_link(base, chunk.source.id, chunk.start, chunk.end)})"
        for chunk in list(reversed(best.values()))[:NEAREST_SHOWN]
    ]
    if lines:
        yield f"{NEAREST}\n\n" + "\n".join(lines)


def _link(citation: Citation, base: str) -> str:
    return span_link(base, citation.source.id, citation.start, citation.end)


def _escape(text: str) -> str:
    """Words as Markdown shows them unchanged, on one line."""
    words = _MARKUP.sub(r"\\\1", " ".join(showable(text).split()))
    return _AT_START.sub(lambda found: f"{found[1]}{_backslash(found[2])}", words)


def _backslash(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"
