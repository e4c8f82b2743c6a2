"""Two checkouts' rates of ingest beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import ingest_rate
from eval.ingest_rate import HERE, Ingested, ingest_with, main, ratio
from rag.errors import DatelineError, InputError
from tests.eval.datasets.test_formats import lines


def test_the_ratio_is_of_medians_on_the_processor() -> None:
    this = [Ingested(2.0, 9.0, 5), Ingested(4.0, 9.0, 5), Ingested(30.0, 9.0, 5)]
    assert ratio(this, [Ingested(6.0, 1.0, 5)]) == 6 / 4


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkout"):
        main(lines(tmp_path / "articles.jsonl", [{"text": "Rates rose."}]), tmp_path)


def test_a_checkout_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "ingest").mkdir()
    (tmp_path / "ingest" / "pipeline.py").write_text("raise SystemExit('no such luck')")
    (tmp_path / "ingest" / "__init__.py").touch()
    with pytest.raises(DatelineError, match="code 1: no such luck"):
        ingest_with(tmp_path, [], tmp_path / "archive")


def test_they_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ingest").mkdir()
    (tmp_path / "ingest" / "pipeline.py").touch()
    asked: list[bool] = []

    def ingest(checkout: Path, inputs: list[Path], archive: Path) -> Ingested:
        assert not archive.exists()
        asked.append(checkout == HERE)
        return Ingested(2.0 if checkout == HERE else 3.0, 1.0, len(inputs))

    monkeypatch.setattr(ingest_rate, "ingest_with", ingest)
    main(lines(tmp_path / "articles.jsonl", [{"id": "1", "text": "Rates rose."}]), tmp_path, turns=2)
    assert asked == [False, True, True, False]
    assert "1.50" in capsys.readouterr().out
