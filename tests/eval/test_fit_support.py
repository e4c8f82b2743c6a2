"""Fitting the checking: sets read, rows kept, a formula found, and a threshold that catches what it promises."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from eval.claims import of_edits
from eval.fit_support import CLAIMS, Row, claims, finish, fit, leave_out, load_rows, rates, save_rows, scores, threshold
from eval.support_sets import PASSAGE, change_sentences, draw, fever, join_tokens, pieces, summedits, wice
from rag.errors import InputError
from rag.verify.support import NAMES


def rows(data: str, count: int, seed: int) -> list[Row]:
    """Sentences whose true ones are likelier, each with a second span that says nothing."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        supported = number % 2 == 0
        spans = draw.normal(0, 0.1, (2, len(NAMES)))
        spans[0, NAMES.index("likeness")] += 1.0 if supported else 0.2
        spans[0, NAMES.index("coverage")] += 1.0
        found.append(Row(data, f"{data} {number // 4}", supported, spans))
    return found


def test_the_formula_tells_true_from_false_by_the_best_span() -> None:
    some = [*rows(CLAIMS, 60, 1), *rows("fever", 40, 2)]
    support = fit(some)
    fresh = rows("other", 60, 3)
    assert rates(scores(support, fresh), [row.supported for row in fresh], 0.5) == (1.0, 1.0)
    assert support.weights[NAMES.index("likeness")] > abs(support.weights[NAMES.index("two")])


def test_a_sentence_without_a_span_has_no_support() -> None:
    empty = Row(CLAIMS, "x", True, np.zeros((0, len(NAMES))))
    assert scores(fit(rows(CLAIMS, 40, 1)), [empty]).tolist() == [0.0]
    assert len(leave_out([*rows(CLAIMS, 40, 1), empty])) == 41


def test_the_threshold_is_the_lowest_that_catches_enough() -> None:
    chances, supported = np.asarray([0.1, 0.2, 0.3, 0.4, 0.35, 0.9]), [False, False, False, False, True, True]
    least = threshold(chances, supported, 0.75)
    assert 0.3 < least < 0.301
    assert rates(chances, supported, least) == (0.75, 1.0)
    assert rates(chances, supported, threshold(chances, supported, 1.0)) == (1.0, 0.5)


def test_rows_are_kept_and_the_formula_is_written_with_what_it_was_fitted_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = [*rows(CLAIMS, 48, 1), *rows("fever", 8, 2)]
    save_rows(some, tmp_path / "rows.jsonl")
    again = load_rows(tmp_path / "rows.jsonl")
    assert all(np.array_equal(one.spans, other.spans) for one, other in zip(some, again, strict=True))
    finish(again, tmp_path / "support.json")
    written = json.loads((tmp_path / "support.json").read_text())
    assert tuple(written["weights"]) == NAMES
    assert written["sentences"] == {"claims": 48, "fever": 8}
    assert written["claims_left_out"]["caught"] >= 0.95
    assert "fever" in capsys.readouterr().out


def test_the_claims_held_back_are_not_those_fitted_on() -> None:
    assert not {one.group for one in claims(False)} & {one.group for one in claims(True)}


def lines(file: Path, *found: object) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in found))


def test_claims_with_evidence(tmp_path: Path) -> None:
    row = {
        "claim": "The boat sank .",
        "label": "SUPPORTS",
        "evidence": ["The `` Lady '' -LRB- a boat -RRB- sank .", "It was old ."],
    }
    lines(tmp_path / "validation.jsonl", row, {**row, "evidence": ["x" * 2000]})
    lines(tmp_path / "test.jsonl", {**row, "label": "REFUTES"})
    first, second = fever(tmp_path)
    assert (first.sentence, first.supported, second.supported) == ("The boat sank.", True, False)
    assert first.passages[0].chunk.text == "The “Lady” (a boat) sank. It was old."
    assert join_tokens("They do n't , he said") == "They don't, he said"


def test_sentences_of_pages_with_their_neighbours(tmp_path: Path) -> None:
    evidence = [f"Line {number}." for number in range(9)] + ["The old boat sank in May."]
    row = {"claim": "The boat sank.", "evidence": evidence, "meta": {"claim_title": "Boat"}}
    lines(tmp_path / "dev.jsonl", {**row, "label": "supported", "supporting_sentences": [[4], [1]]})
    lines(tmp_path / "test.jsonl", {**row, "label": "partially_supported", "supporting_sentences": []})
    first, second = wice(tmp_path)
    assert first.passages[0].chunk.text == "Line 3. Line 4. Line 5."
    assert "The old boat sank" in second.passages[0].chunk.text
    assert (first.supported, second.supported) == (True, False)


EDIT = {"doc": "A boat sank in May.\n\nNobody was hurt.", "original_summary": "A boat sank. Nobody was hurt."}


def test_only_the_sentences_that_an_edit_changed(tmp_path: Path) -> None:
    rows = [
        {**EDIT, "label": 1, "summary": "A boat went down. Nobody was hurt."},
        {**EDIT, "label": 0, "summary": "A boat sank. A man was hurt."},
        {**EDIT, "label": 0, "summary": "A ship sank. A man was hurt."},
    ]
    (tmp_path / "summedits_news.json").write_text(json.dumps(rows))
    (tmp_path / "summedits_mail.json").write_text(json.dumps(rows[:1]))
    assert [(one.sentence, one.supported) for one in summedits(tmp_path)] == [("A boat went down.", True)]
    pairs = of_edits(tmp_path, 60)
    assert {(pair.sentence, pair.supported) for pair in pairs} == {("A boat went down.", True), ("A man was hurt.", False)}
    (tmp_path / "summedits_news.json").write_text("{")
    with pytest.raises(InputError, match="no summaries"):
        of_edits(tmp_path, 60)


def test_sentences_changed_by_rule(tmp_path: Path) -> None:
    text = "In spring, the mayor Ada Lund said 45 percent of the harbour was sold on Monday."
    data = {"data": [{"title": "The_harbour", "paragraphs": [{"context": text}]}]}
    with gzip.open(tmp_path / "p.json.gz", "wt") as stream:
        json.dump(data, stream)
    found = list(change_sentences(tmp_path / "p.json.gz", 5))
    assert {one.supported for one in found} == {True, False}
    assert all(one.passages[0].chunk.source.title == "The harbour" for one in found)
    assert len(draw(found, 1)) == 2


def test_long_texts_are_cut_into_passages() -> None:
    text = "\n".join(["A short line."] * 3 + ["A sentence of a long paragraph. " * 120])
    cut = pieces(text)
    assert len(cut) > 2
    assert all(len(one) <= 2 * PASSAGE for one in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())
