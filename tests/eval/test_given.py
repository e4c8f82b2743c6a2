"""Answers from the passage that comes with a question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.datasets import Gold
from eval.given import PassageQuestion, read_given, row
from rag.types import Chunk, Claim, Draft, Passage, Question, Quote, Source

TEXT = "The port reopened on Monday. Ships came in."


def given(answerable: bool) -> PassageQuestion:
    gold = Gold(Question("When?", id="1"), long_answers=(TEXT[:28],) if answerable else (), answerable=answerable)
    return PassageQuestion(gold, Passage(Chunk(Source("1-1", "Port"), 0, len(TEXT), TEXT), 1.0))


def draft(text: str, confidence: float) -> Draft:
    return Draft((Claim(text, (Quote(Source("1-1", "Port"), 0, len(text), text),), 0.9),), confidence)


def test_questions_come_with_their_passage(tmp_path: Path) -> None:
    record = {
        "id": "7",
        "input": "when did it reopen",
        "passages": [{"title": "Port", "text": TEXT}],
        "output": [{"answer": "On Monday .", "selected_sentences": [TEXT[:28]]}],
    }
    path = tmp_path / "half.jsonl"
    path.write_text(json.dumps(record) + "\n", "utf-8")
    (one,) = read_given([path])
    assert (one.gold.text, one.passage.chunk.text, one.passage.chunk.source.title) == ("when did it reopen", TEXT, "Port")


def test_what_is_not_said_earns_nothing() -> None:
    asked = [given(True), given(True), given(False), given(False)]
    made = [draft(TEXT[:28], 0.9), draft(TEXT[:28], 0.3), draft(TEXT, 0.6), draft(TEXT, 0.2)]
    assert [cell.split(" ")[0] for cell in row("all", asked, made, 0.0)[2:]] == ["1.000", "0.000"]
    assert [cell.split(" ")[0] for cell in row("half", asked, made, 0.5)[2:]] == ["0.500", "0.500"]
    assert row("none", asked[:2], made[:2], 0.5)[2:] == ("-", "-")


@pytest.mark.parametrize("words", [("The", "port"), ("Ships",)])
def test_rouge_is_of_the_claims_joined(words: tuple[str, ...]) -> None:
    claims = tuple(claim for word in words for claim in draft(word, 0.9).claims)
    (cell,) = row("x", [given(True), given(False)], [Draft(claims, 0.9), draft("x", 0.1)], 0.5)[2:3]
    expected = 2 * len(words) / (len(words) + 5) if words[0] == "The" else 0.0
    assert cell.startswith(f"{expected:.3f}")
