"""Sentences of public data sets beside what they rest on, to fit the checking of sentences on.

fever       claims with the sentences of an encyclopedia that support or refute them (Thorne et al., NAACL 2018), in the form of
            athnlp/athnlp-labs: validation.jsonl and test.jsonl with claim, label and evidence
wice        sentences of an encyclopedia with the pages they cite (Kamoi et al., EMNLP 2023): dev.jsonl and test.jsonl
summedits   summaries with one edit, true or false (Laban et al., EMNLP 2023): summedits_*.json, news left out for testing
paragraphs  questions in the form of SQuAD, whose paragraphs give sentences to change by rule (`eval.changes`)
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.changes import Statement, changes
from rag.sentences import sentence_spans
from rag.types import Chunk, Passage, Source

SEED = 4
LONGEST_SENTENCE = 45
"""Words; longer ones are summaries rather than sentences of an answer."""
LONGEST_EVIDENCE = 900
PASSAGE = 1200
"""Characters of a passage cut from a longer text."""
PASSAGES = 4
"""Passages kept of a longer text: those with most of the sentence's longer words."""
NEWS = "summedits_news"
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": "“", "''": "”"}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence beside the passages it may rest on, and whether they support it. Those of one `group` share a text."""

    data: str
    group: str
    passages: tuple[Passage, ...]
    sentence: str
    supported: bool


def passage(text: str, title: str = "", outlet: str | None = None, published: date | None = None) -> Passage:
    return Passage(Chunk(Source(title or "text", title, outlet, published=published), 0, len(text), text), 1.0)


def fever(folder: Path) -> Iterator[Example]:
    for name in ("validation.jsonl", "test.jsonl"):
        for number, row in enumerate(_lines(folder / name)):
            text = " ".join(join_tokens(one) for one in row["evidence"])
            if len(text) <= LONGEST_EVIDENCE:
                yield Example(
                    "fever", f"fever {name} {number}", (passage(text),), join_tokens(row["claim"]), row["label"] == "SUPPORTS"
                )


def wice(folder: Path) -> Iterator[Example]:
    """Each sentence with those that its annotators chose of the page, or share most words with it, and their neighbours."""
    for name in ("dev.jsonl", "test.jsonl"):
        for number, row in enumerate(_lines(folder / name)):
            lines, title = row["evidence"], row["meta"]["claim_title"]
            chosen = row["supporting_sentences"][0] if row["supporting_sentences"] else _likest(row["claim"], lines, 3)
            near = sorted({at for one in chosen for at in (one - 1, one, one + 1) if 0 <= at < len(lines)})
            text = " ".join(lines[at] for at in near)[: PASSAGES * PASSAGE]
            yield Example("wice", f"wice {name} {number}", (passage(text, title),), row["claim"], row["label"] == "supported")


def summedits(folder: Path, news: bool = False) -> Iterator[Example]:
    """The sentences that an edit has changed; of summaries that stay true also those that it has not. One text is one group."""
    for file in sorted(folder.glob("summedits_*.json")):
        if (file.stem == NEWS) != news:
            continue
        seen: set[tuple[str, str]] = set()
        for row in json.loads(file.read_text("utf-8")):
            cut, group = pieces(row["doc"]), f"{file.stem} {row['doc'][:80]}"
            for sentence in _list_edited(row):
                if (group, sentence) not in seen:
                    seen.add((group, sentence))
                    yield Example(file.stem, group, tuple(map(passage, choose(cut, sentence))), sentence, bool(row["label"]))


def _list_edited(row: dict[str, Any]) -> list[str]:
    mine = [row["summary"][start:end].strip() for start, end in sentence_spans(row["summary"])]
    changed = [one for one in mine if one not in row["original_summary"]]
    if not row["label"]:
        return changed if len(changed) == 1 else []
    return changed or mine


def change_sentences(file: Path, paragraphs: int) -> Iterator[Example]:
    """One sentence of each of `paragraphs` paragraphs in the layout of SQuAD, as it stands, in other forms and changed."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        data = json.load(stream)["data"]
    found = [(article["title"].replace("_", " "), each["context"]) for article in data for each in article["paragraphs"]]
    draw = random.Random(SEED)
    draw.shuffle(found)
    stated = []
    for title, text in found[:paragraphs]:
        cut = [text[start:end].strip() for start, end in sentence_spans(text)]
        fitting = [one for one in cut if 8 <= len(one.split()) <= LONGEST_SENTENCE]
        if fitting:
            stated.append(Statement(draw.choice(fitting), text, title))
    for one in changes(stated, SEED):
        yield Example("changed", f"changed {one.passage[:80]}", (passage(one.passage, one.title),), one.sentence, one.supported)


def draw(examples: Sequence[Example], each: int, seed: int = SEED) -> list[Example]:
    """Up to `each` true and `each` false sentences, neither long ones nor those of one text alone."""
    draw = random.Random(seed)
    shuffled = [one for one in examples if len(one.sentence.split()) <= LONGEST_SENTENCE]
    draw.shuffle(shuffled)
    return [one for label in (True, False) for one in [each_ for each_ in shuffled if each_.supported == label][:each]]


def pieces(text: str) -> list[str]:
    """A text as passages of whole paragraphs, or sentences, of about PASSAGE characters."""
    found: list[str] = []
    for paragraph in (part.strip() for part in re.split(r"\n+", text)):
        while len(paragraph) > PASSAGE * 1.5:
            end = paragraph.rfind(". ", 0, PASSAGE) + 1 or PASSAGE
            found.append(paragraph[:end])
            paragraph = paragraph[end:].strip()
        if found and len(found[-1]) + len(paragraph) < PASSAGE:
            found[-1] = f"{found[-1]}\n\n{paragraph}".strip()
        elif paragraph:
            found.append(paragraph)
    return found


def choose(texts: Sequence[str], sentence: str) -> list[str]:
    return [texts[at] for at in _likest(sentence, texts, PASSAGES)]


def _likest(sentence: str, texts: Sequence[str], count: int) -> list[int]:
    wanted = _words(sentence)
    return sorted(range(len(texts)), key=lambda at: -len(wanted & _words(texts[at])))[:count]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.lower()))


def join_tokens(text: str) -> str:
    """Text cut into tokens as people write it."""
    for token, mark in _BRACKETS.items():
        text = text.replace(token, mark)
    text = re.sub(r"\s+([,.;:!?)\]”])", r"\1", text)
    text = re.sub(r"([(\[“])\s+", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"\s+('s|n't|'re|'ve|'ll|')", r"\1", text)).strip()


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)
