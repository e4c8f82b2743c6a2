"""The table of results in the documentation, made from the files of the runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.results_page import (
    BEGIN,
    END,
    PAGE,
    Measure,
    Result,
    main,
    read_result,
    read_results,
    render_results,
    result_of_summary,
    with_results,
)
from rag.errors import InputError

RUN = Result(
    set="Three questions",
    command="dateline eval gold.jsonl",
    commit="abc1234",
    note="Of one day.",
    measures=(
        Measure(measure="right", n=1200, value=0.5, low=0.25, high=1.0),
        Measure(measure="time", n=None, value=243, unit="ms"),
    ),
)


def test_the_page_of_the_documentation_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--check"])
    assert capsys.readouterr().out == ""


def test_every_run_names_its_command_and_its_measures_once() -> None:
    results = read_results()
    assert len(results) > 20
    for result in results:
        names = [one.measure for one in result.measures]
        assert len(names) == len(set(names)), result.set
    assert len({(result.set, result.command) for result in results}) == len(results)


def test_a_run_is_a_row_for_each_measure() -> None:
    assert render_results([RUN]).splitlines()[2:] == [
        "| Three questions. Of one day. | right | 1,200 | .500 | .250, 1.000 | `dateline eval gold.jsonl` | `abc1234` |",
        "|  | time |  | 243 ms |  | ″ | ″ |",
    ]


def test_the_table_replaces_what_stood_between_the_marks() -> None:
    assert with_results(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    with pytest.raises(InputError, match="has to hold"):
        with_results(f"{END}\n{BEGIN}", "new")


def test_a_page_that_is_not_up_to_date_is_told_and_then_written(tmp_path: Path) -> None:
    page, folder = tmp_path / "page.md", tmp_path / "results"
    folder.mkdir()
    (folder / "1.json").write_text(RUN.model_dump_json(exclude_none=True))
    page.write_text(f"{BEGIN}\n{END}\n")
    arguments = ["--page", str(page), "--folder", str(folder)]
    with pytest.raises(SystemExit, match="is not what the files"):
        main([*arguments, "--check"])
    assert page.read_text() == f"{BEGIN}\n{END}\n"
    main(arguments)
    main([*arguments, "--check"])
    assert "Three questions" in page.read_text()


def test_the_summary_of_an_evaluation_becomes_a_run(tmp_path: Path) -> None:
    page, folder, summary = tmp_path / "page.md", tmp_path / "results", tmp_path / "summary.json"
    folder.mkdir()
    page.write_text(f"{BEGIN}\n{END}\n")
    summary.write_text(json.dumps({"metrics": {"token_f1": {"value": 0.5, "low": 0.4, "high": 0.6, "count": 156}}}))
    made = result_of_summary(summary, "The sample", "dateline eval g", "abc1234")
    assert made.measures == (Measure(measure="token f1", n=156, value=0.5, low=0.4, high=0.6),)
    arguments = ["--page", str(page), "--folder", str(folder), "--add", str(summary)]
    main([*arguments, "--name", "30-sample", "--set", "The sample", "--command", "dateline eval g", "--commit", "abc1234"])
    assert read_result(folder / "30-sample.json").measures == made.measures
    assert "| token f1 | 156 | .500 | .400, .600 |" in page.read_text()
    with pytest.raises(SystemExit):
        main(arguments)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"commit": "HEAD"}, "commit"),
        ({"measures": []}, "measures"),
        ({"measures": [{"measure": "right", "value": 0.5, "low": 0.6, "high": 0.7}]}, "does not hold"),
        ({"measures": [{"measure": "right", "value": 0.5, "low": 0.4}]}, "both ends"),
        ({"measures": [{"measure": "right", "vlaue": 0.5}]}, "value"),
        ({"set": None}, "set"),
    ],
)
def test_a_file_that_is_no_run_is_named(change: dict[str, object], reason: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**RUN.model_dump(mode="json"), **change}))
    with pytest.raises(InputError, match=rf"run\.json: .*{reason}"):
        read_result(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"metrics": {"x": {}}}', '{"metrics": 3}'])
def test_what_is_no_summary_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(content)
    with pytest.raises(InputError, match="not a summary"):
        result_of_summary(tmp_path / "summary.json", "x", "x", "abc1234")


def test_the_page_has_its_marks() -> None:
    assert BEGIN in PAGE.read_text("utf-8")
