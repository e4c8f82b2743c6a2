"""A stream of text cut into sentences as they are whole, markers before the full stop that they stand behind.

The cut does not depend on how the stream is divided: it is looked for after each word, and what has been given is never cut anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex

from rag.sentences import sentence_spans

LONGEST_SENTENCE = 1_500
"""Characters; a longer run without an end is given as it is."""
_BEHIND = regex.compile(r"([.!?…][”\"’)]*)[ \t]*((?:(?:\[[^\[\]\n]{1,40}\]|【[^】\n]{1,40}】)[ \t]*)+)")
_BULLET = regex.compile(r"^(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|#{1,6}\s+|(?:answer|response)\s*:\s*)+", regex.IGNORECASE)
_MARKS = regex.compile(r"\*\*|__|^>+\s*")
_OPEN = ("[", "【", "(")


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of the stream, without bullets and emphasis, as soon as the next one has begun; "" for each empty piece."""
    held = ""
    for piece in pieces:
        if not piece:
            yield ""
        for part in regex.findall(r"\S+|\s+", piece):
            held += part
            if part.isspace() or len(held) > LONGEST_SENTENCE:
                whole, held = _cut(held)
                yield from map(_plain, whole)
    yield from map(_plain, _all(held))


def _cut(held: str) -> tuple[list[str], str]:
    """The sentences that are whole for certain, and what is left."""
    text = _move_markers(held)
    spans = sentence_spans(text)
    rest = text[spans[-1][0] :].strip() if spans else ""
    if len(spans) < 2 or rest.startswith(_OPEN):
        return ([text], "") if len(text) > LONGEST_SENTENCE else ([], held)
    return [text[start:end] for start, end in spans[:-1]], text[spans[-1][0] :]


def _all(held: str) -> list[str]:
    text = _move_markers(held)
    return [text[start:end] for start, end in sentence_spans(text)]


def _move_markers(text: str) -> str:
    """The text with markers that follow a full stop put before it."""
    return str(_BEHIND.sub(lambda found: f" {found[2].strip()}{found[1]} ", text))


def _plain(sentence: str) -> str:
    return str(_MARKS.sub("", _BULLET.sub("", sentence.strip()))).strip()
