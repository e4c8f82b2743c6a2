"""The measure of follow-up questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.followups import BEHIND, READER, RULES, TYPED, WRITTEN, FollowUp, Way, put_behind, read_set, report, scores, try_ways
from rag.errors import InputError
from rag.types import Chunk, Passage, Rewrite, Source, Turn
from rag.understand import Rewriter

ROW = {
    "id": "f1", "kind": "pronoun", "part": "held", "question": "How old is he?", "standalone": "How old is Tom Reed?",
    "history": [{"role": "user", "content": "Who won?"}, {"role": "assistant", "content": "Tom Reed won."}],
    "article_ids": ["a"],
}  # fmt: skip


def follow_up(kind: str, question: str, held: bool) -> FollowUp:
    history = (Turn("user", "Who won the race in Rome?"), Turn("assistant", "Tom Reed won it."))
    return FollowUp("f1", kind, history, question, "How old is Tom Reed?", ("a",), held)


def passage(article_id: str, start: int = 0) -> Passage:
    return Passage(Chunk(Source(article_id, "A title"), start, start + 4, "Text"), 1.0)


def test_the_project_s_own_set_is_whole_and_half_of_it_is_held_back() -> None:
    from importlib.resources import files

    items = read_set(Path(str(files("eval") / "sample" / "followups.jsonl")))
    assert len(items) == len({item.id for item in items}) == 106
    assert sum(item.held for item in items) == 53
    assert all(item.history[-1].role == "assistant" for item in items)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({**ROW, "part": "both"}, "both"), ({**ROW, "history": []}, "needs a history"),
        ({**ROW, "article_ids": []}, "an article"),
        ({}, "history"), ([], "indices"),
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_is_named(row: object, why: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(row) + "\n")
    with pytest.raises(InputError, match=f"line 2: .*{why}"):
        read_set(path)


def test_the_rank_of_the_best_right_article_counts() -> None:
    item = follow_up("pronoun", "How old is he?", False)
    found = scores(item, [passage("b"), passage("b", 9), passage("a"), passage("c")])
    assert found == {"R@1": 0.0, "R@5": 1.0, "MRR@10": 1 / 2}
    assert scores(item, [passage("c")]) == {"R@1": 0.0, "R@5": 0.0, "MRR@10": 0.0}


def test_each_text_is_searched_for_once_and_the_report_tells_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    items = [
        follow_up("pronoun", "How old is he?", False), follow_up("pronoun", "Where was he born?", True),
        follow_up("new topic", "Why did the Hull ferry stop?", False), follow_up("new topic", "How tall is Big Ben?", True),
    ]  # fmt: skip
    searched: list[str] = []

    def search(text: str) -> list[Passage]:
        searched.append(text)
        return [passage("a" if "Tom Reed" in text else "b")]

    rules = Rewriter()
    ways: dict[str, Way] = {
        TYPED: lambda item: Rewrite(item.question),
        BEHIND: put_behind,
        RULES: lambda item: rules.rewrite(item.question, item.history),
        READER: lambda item: rules.rewrite(item.question, item.history),
        WRITTEN: lambda item: Rewrite(item.written),
    }
    found = try_ways(items, ways, search)
    assert len(searched) == len(set(searched))
    assert [one.scores["R@1"] for one in found[RULES]] == [1.0, 1.0, 0.0, 0.0]
    assert [one.rewrite.by for one in found[RULES]] == ["rules", "rules", None, None]
    report(items, found)
    told = capsys.readouterr().out
    assert "worked with, 2 follow-ups" in told
    assert "held back, 2 follow-ups" in told
    assert [line.split()[1] for line in told.splitlines() if line.startswith("rules + reader − as typed")] != []
    assert "new topics left alone" in told
