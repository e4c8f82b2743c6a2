"""Fitting the confidence of the reader's answers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from eval.datasets import Gold
from eval.fit_trust import Outcome, judge, least_short, main, risk_table
from rag.errors import UsageError
from rag.extract.evidence import NAMES, Read, Statement
from rag.extract.reading import Selection
from rag.extract.trust import ANSWER_NAMES, Judgement, load_trust
from rag.read import SHIPPED
from rag.types import Chunk, Passage, Question, Quote, Source


def test_a_set_is_an_archive_and_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="INDEX=GOLD"):
        main([str(tmp_path)])


def test_the_table_says_what_a_stated_risk_gives() -> None:
    sure, doubtful = (
        [Judgement(0.97, True)] * 95 + [Judgement(0.97, False)] * 2,
        [Judgement(0.4, False)] * 60 + [Judgement(0.4, True)] * 40,
    )
    lines = {line.split()[0]: line.split()[1:] for line in risk_table([*sure, *doubtful]).splitlines()[2:]}
    assert lines["0.05"] == ["0.970", "0.492", "0.021"]
    assert lines["0.20"] == ["0.970", "0.492", "0.021"]
    assert dict.fromkeys(risk_table([Judgement(0.9, False)] * 9).split())["inf"] is None


def a_read(*sentences: tuple[str, str]) -> Read:
    found, at = [], 0
    for number, (text, short) in enumerate(sentences):
        span = (at + text.index(short), at + text.index(short) + len(short)) if short else None
        found.append(Statement(Quote(Source("a", "Title"), at, at + len(text), text), 0, span, number))
        at += len(text)
    whole = "".join(text for text, _ in sentences)
    passage = Passage(Chunk(Source("a", "Title"), 0, len(whole), whole), 0.9)
    return Read((passage,), (), (), tuple(found), np.zeros((len(found), len(NAMES))))


def test_a_sentence_is_right_by_its_words_and_a_short_answer_by_its_own() -> None:
    read = a_read(("The port opened on Monday.", "Monday"), ("Monday saw Ada Brunn.", "Ada Brunn"), ("It rained.", ""))
    asked = judge(Gold(Question("When did it open?", id="q"), answers=("Monday",)), read)
    assert asked.stated.tolist() == [True, True, False]
    assert asked.short.tolist() == [True, False, False]
    elsewhere = judge(Gold(Question("When did it open?", id="q"), answers=("Monday",), article_ids=("b",)), read)
    assert not elsewhere.stated.any()
    assert not judge(Gold(Question("When?", id="q"), answerable=False), read).stated.any()


def test_short_answers_are_shown_from_where_enough_of_them_are_right() -> None:
    def shown(chance: float, right: bool) -> Outcome:
        return Outcome(Selection((0,), 0, np.ones(1)), np.zeros(5), right, chance, right)

    some = [shown(0.9, True), shown(0.8, True), shown(0.7, False), shown(0.6, True), shown(0.5, True), shown(0.4, False)]
    assert least_short(some, 0.8) == 0.5
    assert least_short(some, 0.9) == 0.8
    assert least_short([shown(0.9, False)], 0.5) == 1.0


@pytest.mark.slow
def test_the_command_writes_what_loads(
    sample_archive: Path, sample_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for file in ("weights.safetensors", "weights.json"):
        shutil.copy(SHIPPED / file, weights)
    questions = [json.loads(line) for line in (sample_dir / "gold.jsonl").open(encoding="utf-8")]
    answerable, silent = ([one for one in questions if one["answerable"] is wanted] for wanted in (True, False))
    sets = []
    for name, chosen in (("one", [*answerable[:16], *silent[:8]]), ("two", [*answerable[16:28], *silent[8:14]])):
        gold, index = tmp_path / f"{name}.jsonl", tmp_path / name
        gold.write_text("".join(json.dumps(one) + "\n" for one in chosen), "utf-8")
        shutil.copytree(sample_archive, index)
        sets.append(f"{index}={gold}")
    main(sets, str(weights))
    said = capsys.readouterr().out
    assert said.startswith("42 questions, ")
    assert "the set left out: " in said
    assert re.search(r"^each set left out in turn: \d+ right, \d+ short .*; 0\.85 of the right ones kept, ", said, re.MULTILINE)
    trust, _ = load_trust(weights)
    assert (trust.statement.names, trust.short.names, trust.answer.names) == (NAMES, NAMES, ANSWER_NAMES)
    assert len(trust.calibration) == 42
    assert 0 < trust.min_confidence < 1
