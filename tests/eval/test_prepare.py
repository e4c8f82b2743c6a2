from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.datasets import Gold, load_gold
from eval.prepare import Files, Name, files_of, prepare, select_unanswered
from rag.errors import UsageError
from rag.types import Question
from tests.eval.datasets.test_formats import PAGE, QUIZ, lines


def test_realtimeqa_keeps_what_its_articles_answer(tmp_path: Path) -> None:
    questions = [
        QUIZ | {"gold_doc_ids": ["d1", "d9"]},
        QUIZ | {"id": "found", "gold_doc_ids": []},
        QUIZ | {"id": "gone", "gold_doc_ids": ["d9"]},
        QUIZ | {"id": "open", "gold_doc_ids": [], "gcs_docs_with_answer": []},
    ]
    files = Files((lines(tmp_path / "questions.jsonl", questions),), (lines(tmp_path / "docs.jsonl", [PAGE]),))
    assert prepare(Name.REALTIMEQA, files, tmp_path / "out") == (1, 2)
    assert [(gold.id, gold.article_ids) for gold in load_gold(tmp_path / "out" / "gold.jsonl")] == [
        ("20220617_0", ("d1",)),
        ("found", ()),
    ]
    assert prepare(Name.REALTIMEQA, files, tmp_path / "all", every=True) == (1, 4)


def test_silent_questions_have_no_answer_in_any_article() -> None:
    articles = [{"title": "Rates", "text": "The bank raised rates to 4.5 per cent on Monday."}]
    answers = {"1": ("Monday",), "2": ("Tuesday",), "3": ("4.5", "five"), "4": ("4",), "5": ("Rate",)}
    questions = [Gold(Question("?", id=id), answers=said, article_ids=("a",)) for id, said in answers.items()]
    silent = select_unanswered(questions, articles, len(questions), seed=1)
    assert {gold.id for gold in silent} == {"2", "4", "5"}
    assert all((gold.answers, gold.article_ids, gold.answerable, gold.kind) == ((), (), False, "silent") for gold in silent)
    draws = [[gold.id for gold in select_unanswered(questions, articles, 3, seed)] for seed in (1, 1, 2, 3, 4, 5)]
    assert draws[0] == draws[1]
    assert any(draw != draws[0] for draw in draws)
    with pytest.raises(UsageError, match="--draw is 6; there are 5"):
        select_unanswered(questions, articles, 6, seed=1)


def test_command_says_what_it_wrote_and_what_is_missing(tmp_path: Path) -> None:
    questions, articles = lines(tmp_path / "q.jsonl", [QUIZ]), lines(tmp_path / "a.jsonl", [PAGE])
    out = tmp_path / "out"
    command = [sys.executable, "-m", "eval.prepare", "realtimeqa", "--out", str(out), "--questions", str(questions)]
    environment = {name: value for name, value in os.environ.items() if name != "DATELINE_DATA"}
    good = subprocess.run([*command, "--articles", str(articles)], capture_output=True, text=True, env=environment, check=False)
    bad = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (good.returncode, good.stdout.splitlines()) == (
        0,
        [f"{out / 'articles.jsonl'}: 1 articles", f"{out / 'gold.jsonl'}: 1 questions"],
    )
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "DATELINE_DATA" in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize("name", list(Name))
def test_the_public_sets_can_be_prepared(tmp_path: Path, name: Name) -> None:
    data = os.environ.get("DATELINE_DATA")
    if not data:
        pytest.skip("DATELINE_DATA does not say where the public data sets are")
    articles, questions = prepare(name, files_of(name, Path(data)), tmp_path)
    ids = {json.loads(line)["id"] for line in (tmp_path / "articles.jsonl").open(encoding="utf-8")}
    items = load_gold(tmp_path / "gold.jsonl")
    assert (len(ids), len(items)) == (articles, questions)
    assert {article_id for item in items for article_id in item.article_ids} <= ids
