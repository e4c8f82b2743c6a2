"""Answers worded by a language model, measured beside quotations."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from eval.datasets import Evidence, Gold
from eval.writing import WrittenAnswer, fates, find_cited_evidence, score_table, sentence_table
from rag.pipeline import Rag
from rag.types import Answer, Check, Checked, Citation, Prompt, Question, Sentence, Verdict, Writing
from tests.fakes import ScriptedRag
from tests.ui.answers import ANSWERED, ARTICLE, SOURCE

FIRST, SECOND = "The port reopened on Monday.", "Ships came in by noon."
GOLD = Gold(Question("When did the port reopen?", id="1"), answers=("Monday",), article_ids=("a1",), evidence=(Evidence(FIRST),))


def checked(text: str, check: Check | None = None, reason: str | None = None, supported: bool = False) -> Checked:
    return Checked(text, (1,) if supported else (), 0 if supported else 1, Verdict(supported, 0.9, (), check, reason))


def quote(text: str, number: int) -> Citation:
    start = ARTICLE.text.index(text)
    return Citation(number, SOURCE, start, start + len(text), text)


def written(*sentences: Checked) -> Answer:
    kept = [one.text for one in sentences if one.verdict.supported]
    writing = Writing("small", Prompt("", "", 9), "", sentences, 1, 0)
    told = tuple(Sentence(text, (number,), 0.9) for number, text in enumerate(kept, 1))
    cited = tuple(quote(text, number) for number, text in enumerate(kept, 1))
    return replace(ANSWERED, writing=writing, sentences=told, citations=cited, mode="llm:small")


def asked(answer: Answer, correct: float, first: float | None = 1.5) -> WrittenAnswer:
    return WrittenAnswer(GOLD, answer, first, {"correct": correct})


RAG = cast("Rag", ScriptedRag({}, {}, [ARTICLE]))
ALL = written(
    checked(FIRST, supported=True),
    checked(SECOND, supported=True),
    checked("Two ships sank.", "number", "the source does not say two"),
    checked(FIRST, reason="said before"),
)


def test_every_sentence_has_one_fate() -> None:
    assert fates([asked(ALL, 1.0)]) == {"kept": 2, "number": 1, "said before": 1}


def test_kept_sentences_that_cite_the_evidence_are_counted() -> None:
    assert find_cited_evidence([asked(ALL, 1.0)], RAG) == [(1, 2)]
    assert find_cited_evidence([asked(written(checked("Nothing.", "words")), 0.0)], RAG) == []


def test_the_tables_tell_of_both() -> None:
    quoted = asked(ANSWERED, 1.0, 0.2)
    told = sentence_table([asked(ALL, 0.0), quoted], RAG)
    assert "the model was asked 1 of 2 questions; answers kept 1.000" in told
    assert "kept sentences that cite gold evidence 0.500" in told
    assert "2 of 4; invalid markers 2" in told
    scores = score_table([asked(ALL, 0.0)], [quoted])
    assert "-1.000 [-1.000, -1.000]" in scores
    assert "1.50" in scores
    assert "0.20" in scores
