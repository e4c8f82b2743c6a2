"""Every command line of README and documentation is run, but for those that wait, or that need what a test does not have."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag import Rag
from tests.test_readme import FENCED, PAGES, ROOT
from tests.ui.conftest import Run
from ui.web.server import create_app

pytestmark = pytest.mark.slow

NOT_RUN = {
    "serve": "it serves until it is stopped; see tests/ui/test_cli_serve.py",
    "demo": "the same; CI starts it as the README does",
    "--watch": "it looks again and again; see tests/ingest/test_watch.py",
    "move": "there is no database; see tests/rag/test_postgres.py",
    "MODEL": "there is no server of language models; see tests/ui/test_cli_llm.py",
}
ARTICLES = [
    {"id": "a1", "title": "Ministers agree on oil", "published": "2025-08-04", "outlet": "The Gazette",
     "text": "Two ministers agreed on a trade deal on Monday. It covers the oil reserves of Karsovia, the Gazette reported."},
    {"id": "a2", "title": "Bridge shut", "published": "2025-08-11", "outlet": "Harbour News",
     "text": "The old bridge at Holm was closed for repairs. The mayor called the engineer on Friday, a clerk said."},
]  # fmt: skip
QUESTIONS = [{"id": 1, "question": "Who called the engineer?"}, {"id": 2, "question": "What was agreed?"}]
FEW = ("--limit", "20")
"""Questions an evaluation is cut to: what is tried here is the command, not the figures."""
GOLD = [{"id": 1, "question": "Who called the engineer?", "answers": ["the mayor"], "article_ids": ["a2"]}]


def lines(path: Path) -> list[str]:
    shell = [body for found, body in FENCED.findall(PAGES[path]) if found == "sh"]
    return [part.strip() for body in shell for line in body.splitlines() for part in line.split("&&")]


def commands(path: Path) -> list[tuple[str, ...]]:
    """The words behind each `dateline` that is run here; addresses, which no test may reach, are left out of them."""
    words = [tuple(shlex.split(line.partition(" > ")[0])) for line in lines(path) if re.match(r"(\S+=\S+ )*dateline ", line)]
    known = [line[[Path(word).name for word in line].index("dateline") + 1 :] for line in words]
    here = [line for line in known if not NOT_RUN.keys() & set(line)]
    kept = [tuple(word for word in line if not word.startswith("https://") and word != "addresses.txt") for line in here]
    return [line for line in kept if line != ("ingest",)]


def json_lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dateline: Run) -> Path:
    """A directory as that of a reader of the documentation: a checkout's sample, articles, questions, and an archive of them."""
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "sample").symlink_to(ROOT / "eval" / "sample")
    for folder in ("articles", "rt"):
        (tmp_path / folder).mkdir()
        json_lines(tmp_path / folder / "articles.jsonl", ARTICLES)
    json_lines(tmp_path / "more.jsonl", [{"id": "a3", "text": "The mill of Holm was sold on Tuesday."}])
    json_lines(tmp_path / "questions.jsonl", QUESTIONS)
    json_lines(tmp_path / "gold.jsonl", GOLD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_INDEX", str(tmp_path / "own"))
    assert dateline("ingest", "articles").code == 0
    assert dateline("ingest", "eval/sample/articles", "--index", "sample").code == 0
    return tmp_path


@pytest.mark.parametrize("path", [path for path in PAGES if commands(path)], ids=lambda path: path.name)
def test_the_commands_of_a_page_do_what_they_say(path: Path, desk: Path, dateline: Run) -> None:
    for words in commands(path):
        done = dateline(*words, *(FEW if words[0] == "eval" and "--limit" not in words else ()))
        assert done.code == 0, f"{path.name}: dateline {shlex.join(words)}: {done.err}"
        assert desk.joinpath("report").exists() or "--report" not in words


def test_what_is_asked_over_http_is_answered(desk: Path) -> None:
    asked = [shlex.split(line) for path in PAGES for line in lines(path) if line.startswith("curl ")]
    assert len(asked) > 3
    with Rag.open(desk / "own") as rag, TestClient(create_app(rag), base_url="http://127.0.0.1:7860") as client:
        for words in asked:
            (url,) = [word for word in words if word.startswith("http://127.0.0.1:7860/")]
            body = words[words.index("-d") + 1] if "-d" in words else None
            response = client.post(url, json=json.loads(body)) if body else client.get(url)
            assert response.status_code == 200, f"{shlex.join(words)}: {response.text}"


def test_what_is_not_run_is_in_the_documentation() -> None:
    words = {word for path in PAGES for line in lines(path) for word in shlex.split(line)}
    assert NOT_RUN.keys() <= words
