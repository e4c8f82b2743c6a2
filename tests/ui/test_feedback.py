"""What visitors said, as gold items."""

from __future__ import annotations

import json
from pathlib import Path

from eval.datasets import load_gold
from tests.ui.answers import ABSTAINED, ANSWERED
from tests.ui.conftest import Run
from ui.web.conversation import Conversation
from ui.web.deeds import KEPT, Deeds
from ui.web.html import Fragments
from ui.web.store import Store, opened


def judged(folder: Path) -> None:
    store = opened(folder)
    deeds = Deeds(store, Fragments())
    first = store.keep("ann", Conversation().with_question("When did it reopen?", 20).with_answer(ANSWERED)).exchanges[-1]
    second = store.keep("ann", Conversation().with_question("Who is the mayor?", 20).with_answer(ABSTAINED)).exchanges[-1]
    assert KEPT in deeds.done(first, {"kind": "good"}, "ann")
    assert KEPT in deeds.done(first, {"kind": "bad", "citation": "1", "reason": "It is about ships."}, "ann")
    assert KEPT in deeds.done(second, {"kind": "bad"}, "ann")
    store.close()


def test_the_export_is_a_gold_set(dateline: Run, tmp_path: Path) -> None:
    judged(tmp_path)
    done = dateline("feedback", "export", "--index", tmp_path)
    assert done.code == 0
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["kind"] for line in lines] == ["said right", "said wrong", "said wrong"]
    assert lines[1]["note"].endswith("citation 1 called wrong: It is about ships.")
    (tmp_path / "gold.jsonl").write_text(done.out)
    items = load_gold(tmp_path / "gold.jsonl")
    assert [item.answerable for item in items] == [True, True, False]
    assert items[0].answers == ("on Monday",)
    assert items[0].evidence[0].article_id == "a1"


def test_where_nothing_was_said_it_says_so(dateline: Run, tmp_path: Path) -> None:
    done = dateline("feedback", "export", "--index", tmp_path)
    assert done.code == 1
    assert "no feedback yet" in done.err
    assert list(tmp_path.iterdir()) == []


def test_where_something_was_asked_and_nothing_said_it_says_so_too(dateline: Run, tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.keep("ann", Conversation().with_question("When?", 20).with_answer(ANSWERED))
    store.close()
    done = dateline("feedback", "export", "--index", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "no feedback yet" in done.err


def test_what_is_not_there_is_not_judged() -> None:
    store = Store()
    deeds = Deeds(store, Fragments())
    kept = store.keep("ann", Conversation().with_question("When?", 20).with_answer(ANSWERED)).exchanges[-1]
    for exchange, chosen in ((None, {"kind": "good"}), (kept, {"kind": "other"}), (kept, {})):
        assert "no longer known" in deeds.done(exchange, chosen, "ann")
    assert store.verdicts() == []
    store.close()
