"""The commands on a real archive: the sample articles and the packaged model."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from rag.archive import Archive, open_catalog
from tests.postgres import PostgresServer
from tests.ui.conftest import Finished, Run, dateline_process


def document(done: Finished) -> dict[str, Any]:
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def lines(done: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def gold(sample_dir: Path) -> str:
    """A question that the sample answers."""
    with (sample_dir / "gold.jsonl").open() as file:
        return next(str(item["question"]) for item in map(json.loads, file) if item.get("answerable", True))


def test_ask_answers_with_quotes_that_show_confirms(dateline: Run, sample_archive: Path, sample_dir: Path) -> None:
    answer = document(dateline("ask", gold(sample_dir), "--index", sample_archive, "--json"))
    assert answer["status"] == "answered"
    for citation in answer["citations"]:
        article = document(dateline("show", citation["article_id"], "--index", sample_archive, "--json"))
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert article["versions"][-1]["text"] == article["text"]


def test_ask_for_people(dateline: Run, sample_archive: Path, sample_dir: Path) -> None:
    done = dateline("ask", gold(sample_dir), "--index", sample_archive)
    assert (done.code, "[1] " in done.out, "“" in done.out) == (0, True, True)


def test_a_filter_that_leaves_nothing_abstains_and_exits_0(dateline: Run, sample_archive: Path) -> None:
    done = dateline("ask", "Who called whom?", "--since", "2090", "--index", sample_archive, "--json")
    answer = document(done)
    assert (done.code, answer["status"], answer["citations"], answer["passages"]) == (0, "abstained", [], [])
    assert answer["filters"]["since"] == "2090-01-01"
    assert "does not answer" in dateline("ask", "Who called whom?", "--since", "2090", "--index", sample_archive).out


def test_an_unknown_outlet_is_not_widened_and_the_known_are_named(dateline: Run, sample_archive: Path) -> None:
    done = dateline("ask", "Who called whom?", "--outlet", "No Such Paper", "--index", sample_archive, "--json")
    answer = document(done)
    assert (done.code, answer["status"]) == (0, "abstained")
    with Archive.open(sample_archive) as archive:
        outlet = archive.catalog.outlets()[0]
    assert outlet in done.err


def test_search_is_best_first_and_exact(dateline: Run, sample_archive: Path) -> None:
    found = document(dateline("search", "council vote", "-k", "3", "--index", sample_archive, "--json"))
    scores = [hit["score"] for hit in found["hits"]]
    assert 1 <= len(scores) <= 3
    assert scores == sorted(scores, reverse=True)
    for hit in found["hits"]:
        article = document(dateline("show", hit["article_id"], "--index", sample_archive, "--json"))
        assert article["text"][hit["start"] : hit["end"]] == hit["text"]


def test_a_batch_keeps_its_order_and_bad_lines_do_not_harm_others(dateline: Run, sample_archive: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_bytes(
        b'\xef\xbb\xbf{"id": "q0", "question": "Who called whom?"}\n'
        b"not json\n"
        b"\n"
        b'{"id": 7, "question": "Who?", "since": "2090"}\n'
        b'{"id": "q2", "question": "", "other": 1}\n'
        b'{"id": "q3"}\n'
        b'["q4"]\n'
        b'{"id": "q5", "question": "Who?", "since": "never"}\n'
        b'{"id": "q6", "question": "And in June?", "history": [{"role": "user", "content": "What did the bank say in May?"}]}'
    )
    done = dateline("ask", "--batch", batch, "--since", "1990", "--index", sample_archive, "--json")
    found = lines(done)
    assert done.code == 3
    assert [line["id"] for line in found] == ["q0", None, 7, "q2", "q3", None, "q5", "q6"]
    assert [line["line"] for line in found if "error" in line] == [2, 5, 6, 7, 8]
    assert found[0]["filters"]["since"] == "1990-01-01"
    assert found[2]["filters"]["since"] == "2090-01-01", "a line's own filter comes before the command line's"
    assert found[-1]["standalone_question"] != found[-1]["question"]


def test_a_batch_of_bad_lines_alone_fails(dateline: Run, sample_archive: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text("[" * 100_000 + "\n" + '{"question": ' + "9" * 5000 + "}\n")
    done = dateline("search", "--batch", batch, "--index", sample_archive, "--json")
    assert (done.code, len(lines(done))) == (1, 2)
    missing = dateline("ask", "--batch", tmp_path / "missing.jsonl", "--index", sample_archive, "--json")
    assert (missing.code, missing.out, "missing.jsonl" in missing.err) == (1, "", True)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_with_its_code_and_how_to_go_on(number: int, code: int, own_archive: Path) -> None:
    program = dateline_process("search", "--batch", "-", "--index", own_archive, "--json", stdin=subprocess.PIPE)
    assert program.stdin
    assert program.stdout
    program.stdin.write('{"id": "q0", "question": "Who?"}\n')
    program.stdin.flush()
    assert json.loads(program.stdout.readline())["id"] == "q0", "each line comes out before the next goes in"
    program.send_signal(number)
    out, err = program.communicate(timeout=60)
    assert (program.returncode, out) == (code, "")
    assert "same command" in err


@pytest.mark.slow
@pytest.mark.parametrize("as_json", [True, False])
def test_an_ingest_that_is_stopped_says_how_far_it_came(as_json: bool, tmp_path: Path) -> None:
    path, index = tmp_path / "news.jsonl", tmp_path / "archive"
    path.write_text(
        "".join(json.dumps({"id": f"n{n}", "text": f"The mayor opened bridge {n}. " * 40}) + "\n" for n in range(4_000))
    )
    program = dateline_process("ingest", path, "--index", index, *(["--json"] if as_json else []))
    deadline = time.monotonic() + 60
    while not (index / "generations").is_dir() and time.monotonic() < deadline:
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=120)
    assert (program.returncode, "same command" in err) == (130, True)
    with open_catalog(index) as catalog:
        stored = catalog.counts().articles
        assert catalog.ingests(1)[0].state == "interrupted"
    assert stored < 4_000
    if as_json:
        report = json.loads(out)
        assert (report["stored"], report["interrupted"]) == (stored, True)
    else:
        assert out.startswith(f"{stored} stored")
        assert "then stopped" in out


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error_message(own_archive: Path) -> None:
    program = dateline_process("search", "--batch", "-", "--index", own_archive, "--json", stdin=subprocess.PIPE)
    assert program.stdin
    assert program.stdout
    program.stdout.close()
    program.stdin.write('{"question": "Who?"}\n' * 3)
    program.stdin.close()
    assert program.stderr
    assert "Broken" not in program.stderr.read()
    assert program.wait(timeout=60) != 0


def test_an_archive_in_use_names_its_owner(dateline: Run, own_archive: Path) -> None:
    with Archive.open(own_archive):
        done = dateline("ask", "Who?", "--index", own_archive, "--json")
    assert (done.code, done.out) == (1, "")
    assert "pid" in done.err


def test_no_archive_is_said(dateline: Run, tmp_path: Path) -> None:
    for words in ("ask Who?", "search who", "show a1", "status", "doctor", "rebuild", "compact", "forget a1", "eval gold.jsonl"):
        arguments = words.split()
        done = dateline(*arguments, "--index", tmp_path / "nothing", "--json")
        assert (done.code, done.out) == (1, ""), arguments
        assert str(tmp_path / "nothing") in done.err
    assert not (tmp_path / "nothing").exists()


def test_show_of_an_unknown_article_fails(dateline: Run, sample_archive: Path) -> None:
    done = dateline("show", "no-such-article", "--index", sample_archive)
    assert (done.code, done.out, "no-such-article" in done.err) == (1, "", True)


def test_ingest_reports_and_is_idempotent(dateline: Run, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    good = [{"id": f"a{n}", "title": f"Title {n}", "text": f"The mayor opened bridge {n} on Monday."} for n in range(2)]
    articles.write_text("\n".join([json.dumps(good[0]), "{broken", json.dumps(good[1])]))
    first = dateline("ingest", articles, "--outlet", "The Gazette", "--index", tmp_path / "ix", "--json")
    report = document(first)
    assert (first.code, report["stored"], report["failed"]) == (3, 2, 1)
    assert [(item["article_id"], item["outlet"]) for item in report["articles"] if item["outcome"] == "stored"] == [
        ("a0", "The Gazette"),
        ("a1", "The Gazette"),
    ]
    assert [item["line"] for item in report["articles"] if item["outcome"] == "failed"] == [2]
    articles.write_text("\n".join(map(json.dumps, good)))
    again = dateline("ingest", articles, "--outlet", "The Gazette", "--index", tmp_path / "ix")
    assert (again.code, "0 stored, 2 unchanged" in again.out) == (0, True)
    missing = dateline("ingest", tmp_path / "missing", "--index", tmp_path / "ix")
    assert (missing.code, "missing" in missing.out + missing.err) == (1, True)


@pytest.mark.slow
def test_status_doctor_rebuild_compact_and_forget(dateline: Run, own_archive: Path) -> None:
    before = document(dateline("status", "--index", own_archive, "--json"))
    healthy = document(dateline("doctor", "--index", own_archive, "--json"))
    assert healthy == {"healthy": True, "findings": [], "not_checked": []}
    for command in ("rebuild", "compact"):
        assert document(dateline(command, "--index", own_archive, "--json"))
    hits = document(dateline("search", "council", "-k", "1", "--index", own_archive, "--json"))["hits"]
    forgotten = dateline("forget", hits[0]["article_id"], "nobody", "--index", own_archive, "--json")
    assert (forgotten.code, document(forgotten)) == (3, {"forgotten": [hits[0]["article_id"]], "unknown": ["nobody"]})
    assert document(dateline("status", "--index", own_archive, "--json")) != before
    assert dateline("show", hits[0]["article_id"], "--index", own_archive).code == 1
    for command in ("status", "doctor", "rebuild", "compact"):
        done = dateline(command, "--index", own_archive)
        assert done.code == 0
        assert done.out.strip()


@pytest.mark.slow
def test_eval_scores_and_writes_its_report(dateline: Run, sample_archive: Path, sample_dir: Path, tmp_path: Path) -> None:
    arguments = ["eval", sample_dir / "gold.jsonl", "--index", sample_archive, "--limit", "2"]
    done = dateline(*arguments, "--json", "--report", tmp_path / "report")
    assert (done.code, document(done)["items"]) == (0, 2)
    assert json.loads((tmp_path / "report" / "summary.json").read_text()) == document(done)
    assert "2 questions" in dateline(*arguments).out
    missing = dateline("eval", tmp_path / "missing.jsonl", "--index", sample_archive)
    assert (missing.code, "missing.jsonl" in missing.err) == (1, True)


@pytest.mark.slow
def test_eval_compares_with_a_saved_run(dateline: Run, sample_archive: Path, sample_dir: Path, tmp_path: Path) -> None:
    arguments = ["eval", sample_dir / "gold.jsonl", "--index", sample_archive, "--limit", "2", "--report", tmp_path / "report"]
    dateline(*arguments)
    saved = tmp_path / "report" / "run.json"
    compared = document(dateline(*arguments, "--against", saved, "--json"))
    assert (compared["against"]["run"], compared["against"]["questions"]) == (str(saved), 2)
    assert compared["against"]["differences"]["answered"]["value"] == 0.0
    assert json.loads((tmp_path / "report" / "summary.json").read_text()) == compared
    assert "## Against another run" in (tmp_path / "report" / "report.md").read_text()
    assert "over 2 questions" in dateline(*arguments, "--against", saved).out


def test_eval_refuses_what_it_cannot_compare_with_before_it_asks(
    dateline: Run, sample_archive: Path, sample_dir: Path, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.json"
    stranger.write_text('{"format": 1, "gold": "other.jsonl", "items": []}')
    for name in (stranger, tmp_path / "gone.json", sample_dir / "gold.jsonl"):
        arguments = ["--index", sample_archive, "--report", tmp_path / "report", "--against", name]
        done = dateline("eval", sample_dir / "gold.jsonl", *arguments)
        assert (done.code, done.out, name.name in done.err) == (1, "", True)
        assert not (tmp_path / "report").exists()


def test_doctor_does_not_call_an_open_archive_damaged(dateline: Run, own_archive: Path) -> None:
    with Archive.open(own_archive):
        done = dateline("doctor", "--index", own_archive, "--json")
    found = document(done)
    assert (done.code, found["healthy"], found["findings"]) == (0, True, [])
    assert "in use by pid" in found["not_checked"][0]["problem"]


def test_status_is_short_unless_all_is_asked_for(dateline: Run, own_archive: Path) -> None:
    short, whole = dateline("status", "--index", own_archive), dateline("status", "-v", "--index", own_archive)
    assert 0 < len(short.out.splitlines()) < len(whole.out.splitlines())
    assert "fingerprint" not in short.out
    assert "fingerprint" in whole.out


def test_an_empty_folder_says_what_to_name(dateline: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = dateline("ingest", tmp_path / "empty", "--index", tmp_path / "archive")
    assert (done.code, "nothing to read in" in done.err) == (0, True)


@pytest.mark.slow
def test_an_archive_may_be_named_by_a_relative_path(dateline: Run, own_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_archive.parent)
    for command in ("rebuild", "doctor", "compact", "status"):
        assert dateline(command, "--index", own_archive.name).code == 0
    assert dateline("search", "clock", "-k", "1", "--index", own_archive.name).err == ""


def test_what_was_noted_is_shown_and_what_was_lost_exits_3(dateline: Run, tmp_path: Path) -> None:
    """A guessed encoding loses nothing; of two records under one id and day the second is in no article."""
    (tmp_path / "a.txt").write_bytes("The toll at the café is £7, the keeper said on Monday.".encode("cp1252"))
    noted = dateline("ingest", tmp_path / "a.txt", "--index", tmp_path / "ix", "--json")
    report = document(noted)
    assert (noted.code, report["noted"], report["lost"]) == (0, {"encoding-guessed": 1}, 0)
    assert report["articles"][0]["codes"] == ["encoding-guessed"]
    lines = [{"id": "x", "text": "The lock opened on Monday."}, {"id": "x", "text": "The lock stayed shut on Monday."}]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, lines)))
    lost = dateline("ingest", tmp_path / "b.jsonl", "--index", tmp_path / "ix")
    assert (lost.code, "other words" in lost.out) == (3, True)
    assert "encoding guessed: not UTF-8" in dateline("ingest", tmp_path / "a.txt", "--index", tmp_path / "iy").out
    assert dateline("forget", "x", "--index", tmp_path / "ix").code == 0
    again = dateline("ingest", tmp_path / "b.jsonl", "--index", tmp_path / "ix", "--json")
    assert document(again)["noted"] == {"forgotten": 2}
    assert document(dateline("ingest", tmp_path / "b.jsonl", "--restore", "--index", tmp_path / "ix", "--json"))["stored"] == 1


@pytest.mark.slow
def test_rebuild_gives_what_is_lacking(dateline: Run, own_archive: Path) -> None:
    with sqlite3.connect(own_archive / "catalog.sqlite3") as database:
        whole = database.execute("SELECT count(*) FROM times").fetchone()
        groups = database.execute("SELECT count(*) FROM copies").fetchone()
        for table in ("times", "copies", "bands", "signatures", "derivations"):
            database.execute(f"DELETE FROM {table}")
    done = dateline("rebuild", "--index", own_archive, "--json")
    assert json.loads(done.out)["derived"] == json.loads(done.out)["articles"]
    with sqlite3.connect(own_archive / "catalog.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM times").fetchone() == whole
        assert database.execute("SELECT count(*) FROM copies").fetchone() == groups
    assert json.loads(dateline("rebuild", "--index", own_archive, "--json").out)["derived"] == 0


@pytest.mark.slow
def test_a_backup_is_an_archive_again(dateline: Run, own_archive: Path, sample_dir: Path, tmp_path: Path) -> None:
    made = document(dateline("backup", tmp_path / "whole.tar", "--index", own_archive, "--json"))
    restored = document(dateline("restore", tmp_path / "whole.tar", "--index", tmp_path / "new", "--json"))
    assert (made["articles"], made["sequence"]) == (restored["articles"], restored["sequence"])
    question = gold(sample_dir)
    before = document(dateline("ask", question, "--index", own_archive, "--json"))
    after = document(dateline("ask", question, "--index", tmp_path / "new", "--json"))
    assert {**before, "timings_ms": 0} == {**after, "timings_ms": 0}
    again = dateline("backup", tmp_path / "whole.tar", "--index", own_archive)
    assert (again.code, "there already" in again.err) == (2, True)


@pytest.mark.slow
def test_an_archive_is_moved_to_a_database_and_asked_there(
    dateline: Run, own_archive: Path, sample_dir: Path, tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, address = gold(sample_dir), postgres.address()
    before = document(dateline("ask", question, "--index", own_archive, "--json"))
    moved = document(dateline("move", own_archive, address, "--json"))
    monkeypatch.setenv("DATELINE_CATALOG", address)
    after = document(dateline("ask", question, "--index", tmp_path / "new", "--json"))
    assert {**before, "timings_ms": 0} == {**after, "timings_ms": 0}
    told = document(dateline("status", "--index", tmp_path / "new", "--json"))
    assert (told["counts"]["articles"], told["lexical"]) == (moved["rows"]["articles"], told["sequence"])
    again = dateline("move", own_archive, address)
    assert (again.code, "there already" in again.err) == (2, True)
    wrong = dateline("restore", tmp_path / "whole.tar", "--index", tmp_path / "other")
    assert (wrong.code, "without DATELINE_CATALOG" in wrong.err) == (2, True)
