"""What a tool found, in words for a language model: quotes as they stand in the articles, each with the place it is from."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from rag.types import Answer
from ui.render import Json, answer_json
from ui.silence import tell_silence
from ui.story import foot, sections

SCHEME = "dateline://articles/"


def uri_of(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The resource of an article, or of its characters from `start` to `end`."""
    span = "" if start is None else f"#{start}-{end}"
    return f"{SCHEME}{quote(article_id, safe='', errors='replace')}{span}"


def answer(found: Answer) -> str:
    document = answer_json(found)
    lines = [f"Understood as: {found.standalone_question}"] if found.standalone_question != found.question.text else []
    if found.status == "abstained":
        lines.append(tell_silence(found.reason))
        nearest = {passage.chunk.source.id: passage.chunk.source for passage in found.passages}
        lines += [f"Nearest: {source.title} ({uri_of(source.id)})" for source in list(nearest.values())[:3]]
        return "\n".join([*lines, *(f"Note: {notice}" for notice in found.notices)])
    lines += [f"Short answer: {found.short_answer}"] if found.short_answer else []
    lines += _story(document) if found.parts else [_mark(each.text, each.citations) for each in found.sentences]
    lines.append(f"Confidence: {found.confidence:.0%}")
    lines += [f"Note: {notice}" for notice in found.notices]
    return "\n".join([*lines, "", "Sources:", *(line for each in document["citations"] for line in _citation(each))])


def hits(document: Json) -> str:
    if not document["hits"]:
        return "Nothing was found."
    return "\n\n".join(
        f"{number}. {_where(hit)} ({uri_of(hit['article_id'], hit['start'], hit['end'])})\n“{hit['text']}”"
        for number, hit in enumerate(document["hits"], start=1)
    )


def article(document: Json) -> str:
    place = f"characters {document['start']} to {document['end']} of {document['characters']}"
    return f"{_where(document)}\n{uri_of(document['article_id'])}, {place}\n\n{document['text']}"


def articles(document: Json) -> str:
    lines = [f"- {_where(each)} ({uri_of(each['article_id'])})" for each in document["articles"]]
    more = [f"More with after={document['next']}"] if document["next"] else []
    return "\n".join([*lines, *more]) or "There are no such articles."


def outlets(document: Json) -> str:
    lines = [f"- {each['name']}: {each['articles']}, {each['first']} to {each['last']}" for each in document["outlets"]]
    return "\n".join(lines) or "No article names its outlet."


def days(document: Json) -> str:
    return (
        "\n".join(f"- {each['day']}: {each['articles']}" for each in document["days"]) or "There are no articles of these days."
    )


def _story(document: Json) -> list[str]:
    lines = [sentence["text"] for sentence in document["sentences"] if not sentence["citations"]]
    for heading, told in sections(document):
        lines += [f"{heading}:"] if heading else []
        lines += [f"- {before + ': ' if before else ''}{_mark(text, numbers)}" for before, text, numbers in told]
    ending = foot(document)
    return [*lines, ending] if ending else lines


def _mark(text: str, numbers: Sequence[int]) -> str:
    return f"{text} {''.join(f'[{number}]' for number in numbers)}".rstrip()


def _citation(citation: Json) -> list[str]:
    place = uri_of(citation["article_id"], citation["start"], citation["end"])
    url = f" {citation['url']}" if citation["url"] else ""
    return [f"[{citation['number']}] {_where(citation)} ({place}){url}", f"    “{citation['quote']}”"]


def _where(document: Json) -> str:
    parts = (document["outlet"], (document["published"] or "undated")[:10], document["title"])
    return ", ".join(" ".join(part.split()) for part in parts if part)
