"""The measure of the checking of sentences, and the changes that it makes to true ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from eval.changes import Statement, changes
from eval.claims import SET, Judgement, Pair, judge, main, of_changes, read_set, summary
from rag.errors import InputError, UsageError
from rag.types import Passage, Source, Verdict

SAMPLE = Path("eval/sample")
ROW = {
    "id": "c1", "passage": "The boats returned on Monday.", "title": "Boats", "outlet": "Gazette", "published": "2024-03-18",
    "sentence": "The boats returned.", "supported": True, "class": "shortened", "held": False,
}  # fmt: skip


class Credulous:
    """Believes every sentence that has not the word "not"."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def verify(self, sentence: str, passages: Sequence[Passage], cited: Sequence[int] = ()) -> Verdict:  # noqa: ARG002
        self.seen.append(len(passages))
        kept = " not " not in sentence
        return Verdict(kept, 0.9, check=None if kept else "negation")


def pair(sentence: str, supported: bool, kind: str, passage: str = "A.") -> Pair:
    return Pair("c1", passage, Source("c1", "Title"), sentence, supported, kind, False)


def test_a_sentence_is_right_when_the_verdict_is_its_label() -> None:
    judged = judge(
        [pair("It is so.", True, "voice"), pair("It is so.", False, "role"), pair("It is not so.", False, "role")], Credulous()
    )
    assert [one.right for one in judged] == [True, False, True]
    rows = [line.split() for line in summary(judged).splitlines()]
    assert ["role", "2", "0.500"] in [row[:3] for row in rows]
    assert ["true", "kept", "1", "1.000"] in [row[:4] for row in rows]
    assert any(row[:2] == ["corrupted", "caught"] and row[-2:] == ["negation", "1"] for row in rows)


def test_other_passages_of_the_set_stand_beside_its_own() -> None:
    verifier = Credulous()
    judge([pair("x", True, "voice", text) for text in ("A.", "B.", "C.")], verifier, passages=8)
    assert verifier.seen == [3, 3, 3]
    judge([pair("x", True, "voice")], verifier)
    assert verifier.seen[-1] == 1


def test_the_project_s_own_set_is_whole() -> None:
    pairs = read_set(SAMPLE / SET)
    false = [one.kind for one in pairs if not one.supported]
    assert sum(one.supported for one in pairs) >= 110
    assert len(false) >= 150
    assert {kind for kind in false if false.count(kind) < 18} == set()
    assert 0.4 < sum(one.held for one in pairs) / len(pairs) < 0.6
    assert len({one.id for one in pairs}) == len({(one.passage, one.sentence) for one in pairs}) == len(pairs)
    held = {one.passage for one in pairs if one.held}
    assert not held & {one.passage for one in pairs if not one.held}


def test_passages_of_the_sample_archive_are_its_own_words() -> None:
    texts = [path.read_text("utf-8") for path in sorted((SAMPLE / "articles").iterdir())]
    stored = [text for whole in texts for text in _texts(whole)]
    titles = {one.passage for one in read_set(SAMPLE / SET) if any(one.passage in text for text in stored)}
    assert len(titles) >= 12


def _texts(whole: str) -> list[str]:
    try:
        rows = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
    except ValueError:
        return [whole]
    return [row.get("text") or row.get("body", "") for row in rows] or [whole]


@pytest.mark.parametrize(
    ("row", "why"),
    [({**ROW, "published": "soon"}, "soon"), ({key: ROW[key] for key in ROW if key != "class"}, "class"), ([], "indices")],
)
def test_a_line_that_is_wrong_is_named(row: object, why: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(row) + "\n")
    with pytest.raises(InputError, match=f"line 2: .*{why}"):
        read_set(path)


def test_what_is_not_right_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.jsonl"
    rows = [ROW, {**ROW, "id": "c2", "sentence": "Forty whales sang.", "held": True}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    main(path, errors=True, data=None)
    printed = capsys.readouterr().out
    assert "c2 shortened (refused" in printed
    assert "c1 shortened" not in printed
    with pytest.raises(InputError, match="no sentence"):
        main(path, held=True, tuned=True, data=None)


def test_the_data_sets_must_be_named_and_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DATELINE_DATA"):
        main(None, facts=True, data=None)
    with pytest.raises(InputError, match="has no data"):
        main(None, facts=True, data=tmp_path)


STATED = [
    Statement(
        "In spring, the mayor Ada Lund said 45 percent of the harbour was sold on Monday.", "p", "t", "o", date(2023, 1, 2)
    ),
    Statement("Reporters of Ivo Renn wrote that the company of Jan Orme sued Kestrel Bank over 17 boats.", "q", "t"),
    Statement("It was then that Tom Hale told them not to go, and the council in Orrin was not asked.", "r", "t"),
]


def test_changes_change_one_thing() -> None:
    made = changes(STATED)
    of_first = {one.kind: one for one in made if one.passage == "p"}
    assert of_first["itself"].supported
    assert of_first["without its opening"].sentence.startswith("The mayor Ada Lund said 45 percent")
    assert of_first["figures"].sentence == STATED[0].sentence.replace("45 percent", "45%")
    assert of_first["number"].sentence == STATED[0].sentence.replace("45", "17")
    assert "Monday" not in of_first["date"].sentence
    assert of_first["negation"].sentence == STATED[0].sentence.replace("was sold", "was not sold")
    assert "Ada Lund" not in of_first["speaker"].sentence
    assert not any(one.supported for one in made if one.kind in ("number", "date", "name", "negation", "speaker", "word", "role"))
    assert changes(STATED) == made


def test_a_negation_is_taken_out_where_there_is_one() -> None:
    made = {one.kind: one.sentence for one in changes(STATED) if one.passage == "r"}
    assert made["negation"].endswith("was asked.")


def test_changed_facts_are_pairs_of_their_own() -> None:
    made = of_changes(changes(STATED))
    assert all(isinstance(one, Pair) and one.held for one in made)
    assert len({one.id for one in made}) == len(made)
    assert isinstance(Judgement(made[0], Verdict(True, 1.0), 1.0).right, bool)
