from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eval.against import against
from eval.datasets import Evidence, Gold
from eval.failures import plain, select_missed, wrong_abstentions, wrong_answers
from eval.report import render_text, report_json, write_report
from eval.run import save
from rag.errors import UsageError
from rag.types import Question
from tests.eval.test_run import PORT, RATES, abstention, answer, mixed, passage, rag, run_of

PLOTS = ["latency", "reliability", "retrieval", "risk_coverage"]


def test_report_has_tables_failures_and_plots(tmp_path: Path) -> None:
    path = write_report(mixed(tmp_path), tmp_path / "report")
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "report" / "report.md"
    for heading in (
        "Measures",
        "By kind of question",
        "By type of question",
        "Missed answers",
        "Wrong abstentions",
        "Answers to the unanswerable",
    ):
        assert f"## {heading}" in text
    assert "| correct, all questions | 0.400 |" in text
    for name in PLOTS:
        assert f"({name}.png)" in text
        assert (path.parent / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (path.parent / f"{name}.svg").read_text(encoding="utf-8")


def test_report_without_matplotlib_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = write_report(mixed(tmp_path), tmp_path / "report").read_text(encoding="utf-8")
    assert 'pip install "dateline[report]"' in text
    assert "| correct, all questions |" in text
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["report.md", "run.json", "summary.json"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="report: the report cannot be written"):
        write_report(mixed(tmp_path), tmp_path / "report")


def test_failures_are_told_apart(tmp_path: Path) -> None:
    records = mixed(tmp_path).records
    assert [record.gold.id for record in select_missed(records)] == ["2"]
    assert [record.gold.id for record in wrong_abstentions(records)] == ["3"]
    assert [record.gold.id for record in wrong_answers(records)] == ["5"]


def test_abstentions_over_a_found_article_come_first(tmp_path: Path) -> None:
    (found,) = wrong_abstentions(mixed(tmp_path).records)
    lost = replace(found, scores={**found.scores, "article_mrr@10": 0.0})
    assert wrong_abstentions([lost, found]) == [found, lost]


def test_words_of_an_archive_are_no_markup(tmp_path: Path) -> None:
    article = replace(RATES, text="Look ![x](http://evil.example/?q=1) <img src=x>\n\n# HACKED | now. " * 3)
    gold = Gold(Question("Who?", id="1"), answers=("Ada",))
    run = run_of(tmp_path, [gold], rag([answer("Who?", article, 0, 60)], {"Who?": [passage(article, 0, 120)]}))
    text = write_report(run, tmp_path / "report").read_text(encoding="utf-8")
    assert "![x]" not in text
    assert "<img" not in text
    assert "\n# HACKED" not in text
    assert r"\!\[x\](http://evil.example/?q=1) &lt;img" in text


def test_long_text_is_cut() -> None:
    assert plain("x" * 1000).endswith("x…")
    assert len(plain("x" * 1000)) == 300


def test_text_lines_up_in_columns(tmp_path: Path) -> None:
    lines = render_text(mixed(tmp_path)).splitlines()
    correct = next(line for line in lines if line.startswith("correct, all questions"))
    header = next(line for line in lines if line.startswith("measure"))
    assert correct.split()[3:] == ["0.400", correct.split()[4], "5"]
    assert len(correct) == len(header)
    assert any(line.startswith("unanswerable ") for line in lines)


def test_the_facts_say_what_can_be_answered_at_which_risk(tmp_path: Path) -> None:
    run = mixed(tmp_path)
    assert "0.200 at 5%, 0.200 at 10%, 0.200 at 20%" in render_text(run)
    assert "0.200 at 5%" in write_report(run, tmp_path / "report").read_text(encoding="utf-8")
    silent = run_of(tmp_path, [Gold(Question("Who?", id="1"), answers=("Ada",))], rag([abstention("Who?")]))
    assert "0.000 at 5%, 0.000 at 10%" in render_text(silent)


def test_groups_are_shown_where_there_are_several(tmp_path: Path) -> None:
    several = render_text(mixed(tmp_path))
    headings = [line.split()[0] for line in several.splitlines() if line.startswith(("kind ", "type "))]
    assert list(dict.fromkeys(headings)) == ["kind", "type"]  # a wide table is folded, and has its first column each time
    assert "exact match" in next(line for line in several.splitlines() if line.startswith("type "))
    one = run_of(tmp_path, [Gold(Question("When?", id="1"), answers=("Monday",))], rag([answer("When?", PORT, 0, 28)]))
    assert not [line for line in render_text(one).splitlines() if line.startswith(("kind ", "type "))]
    assert "## By" not in write_report(one, tmp_path / "one").read_text(encoding="utf-8")


def test_short_answers_and_evidence_have_labels(tmp_path: Path) -> None:
    gold = Gold(Question("When?", id="1"), answers=("Monday",), evidence=(Evidence("reopened on Monday"),))
    lines = render_text(run_of(tmp_path, [gold], rag([answer("When?", PORT, 0, 28)]))).splitlines()
    labels = ("short answer, exact match", "short answer, F1", "citations of gold evidence", "gold evidence cited")
    assert [label for label in labels if any(line.startswith(label + "  ") for line in lines)] == list(labels)


def test_a_comparison_is_in_every_form_of_the_report(tmp_path: Path) -> None:
    run = mixed(tmp_path)
    save(run, tmp_path / "old.json")
    compared = against(run.records, tmp_path / "old.json")
    text = write_report(run, tmp_path / "report", compared).read_text(encoding="utf-8")
    assert "## Against another run" in text
    assert "| correct, all questions | 0.400 | 0.400 | +0.000 |" in text
    assert "old.json over 5 questions" in render_text(run, compared)
    document = json.loads((tmp_path / "report" / "summary.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(report_json(run, compared)))
    assert document["against"]["questions"] == 5
    assert "against" not in report_json(run)
