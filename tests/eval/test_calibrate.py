"""`dateline calibrate`: confidence for the parts in use, kept with the archive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.fit_trust import rescale
from rag.extract.model import Logistic
from rag.extract.trust import FILE, load_trust
from rag.parts import NOT_CALIBRATED
from rag.pipeline import Rag
from rag.settings import load_settings
from ui.cli.app import app


@pytest.fixture
def archive(sample_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_archive, tmp_path / "archive"))


def questions(sample_dir: Path, file: Path, answerable: int, silent: int) -> Path:
    """So many of the sample's questions of each kind, as a gold file."""
    lines = [line for line in (sample_dir / "gold.jsonl").read_text("utf-8").splitlines() if line]
    kinds = {wanted: [line for line in lines if json.loads(line)["answerable"] is wanted] for wanted in (True, False)}
    file.write_text("\n".join([*kinds[True][:answerable], *kinds[False][:silent]]), "utf-8")
    return file


def test_a_formula_keeps_its_order_when_it_is_rescaled() -> None:
    rows = [np.asarray([[0.0], [1.0], [2.0]]), np.asarray([[3.0], [-1.0]])]
    labels = [np.asarray([False, False, True]), np.asarray([True, False])]
    before = Logistic(("evidence",), (1.0,), 0.5)
    after = rescale(before, rows, labels)
    together = np.vstack(rows)
    assert after.logits(together).argsort().tolist() == before.logits(together).argsort().tolist()
    assert abs(after.probabilities(together).mean() - 0.4) < 0.05  # two of five are labelled


@pytest.mark.slow
def test_the_archive_keeps_what_was_fitted(archive: Path, sample_dir: Path, tmp_path: Path) -> None:
    gold = questions(sample_dir, tmp_path / "gold.jsonl", 28, 14)
    environment = {"DATELINE_INDEX": str(archive), "DATELINE_RERANKER": "none"}
    settings = load_settings(index=archive, reranker="none")
    with Rag.open(archive, settings) as rag:
        assert NOT_CALIBRATED in rag.notices
    result = CliRunner().invoke(app, ["calibrate", str(gold), "--json"], env=environment)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["questions"] == 42
    assert said["setup"]["reranker"] == "none"
    assert 0 <= said["right"] <= 1
    trust, setup = load_trust(archive)
    assert setup.reranker == "none"
    assert len(trust.calibration) == 42
    with Rag.open(archive, settings) as rag:
        assert rag.notices == ()
        assert rag.ask("When did the bridge open?").calibrated
    with Rag.open(archive, load_settings(index=archive)) as rag:  # the packaged parts keep what came with them
        assert rag.notices == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answerable", "silent", "reader", "message"),
    [(6, 4, "packaged", "at least 30"), (28, 14, "none", "DATELINE_READER")],
)
def test_what_cannot_be_calibrated_says_why(
    archive: Path, sample_dir: Path, tmp_path: Path, answerable: int, silent: int, reader: str, message: str
) -> None:
    gold = questions(sample_dir, tmp_path / "gold.jsonl", answerable, silent)
    environment = {"DATELINE_INDEX": str(archive), "DATELINE_READER": reader}
    result = CliRunner().invoke(app, ["calibrate", str(gold)], env=environment)
    assert result.exit_code != 0
    assert message in f"{result.output}{result.exception}"
    assert not (archive / FILE).exists()
