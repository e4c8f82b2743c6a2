"""Fitting the confidence of the reader's answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eval.fit_trust import main, risk_table
from rag.errors import UsageError
from rag.extract.trust import TRUST_NAMES, Judged, load_trust
from rag.read import SHIPPED


def test_a_set_is_an_archive_and_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="INDEX=GOLD"):
        main([str(tmp_path)])


def test_the_table_says_what_a_stated_risk_gives() -> None:
    sure, doubtful = [Judged(0.97, True)] * 95 + [Judged(0.97, False)] * 2, [Judged(0.4, False)] * 60 + [Judged(0.4, True)] * 40
    lines = {line.split()[0]: line.split()[1:] for line in risk_table([*sure, *doubtful]).splitlines()[2:]}
    assert lines["0.05"] == ["0.970", "0.492", "0.021"]
    assert lines["0.20"] == ["0.970", "0.492", "0.021"]
    assert dict.fromkeys(risk_table([Judged(0.9, False)] * 9).split())["inf"] is None


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
    main(sets, weights)
    said = capsys.readouterr().out
    assert said.startswith("42 questions, ")
    assert "the set left out: " in said
    trust = load_trust(weights)
    assert trust.formula.names == TRUST_NAMES
    assert len(trust.calibration) == 42
    assert 0 < trust.min_confidence < 1
