"""An archive of invented articles: what is invented is sound, and the measuring runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.million import CHUNKS_AN_ARTICLE, DIMENSION, Invented, main
from rag.archive import open_catalog


def test_articles_are_cut_exactly_and_come_out_the_same_again() -> None:
    one, again = Invented().article(7), Invented().article(7)
    assert [one.article.text[chunk.start : chunk.end] for chunk in one.chunks] == [chunk.text for chunk in one.chunks]
    assert len(one.chunks) == CHUNKS_AN_ARTICLE
    assert (one.article, one.chunks) == (again.article, again.chunks)
    assert np.array_equal(one.vectors, again.vectors)


def test_vectors_of_one_topic_are_near_each_other() -> None:
    invented = Invented()
    near, far = invented.vectors(3, 10), invented.vectors(4, 10)
    assert near.shape == (10, DIMENSION)
    assert near.dtype == np.float32
    assert np.allclose(np.linalg.norm(near, axis=1), 1, atol=1e-5)
    assert (near @ near.T).mean() > (near @ far.T).mean() + 0.4


@pytest.mark.slow
def test_every_figure_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(tmp_path / "archive", chunks=300, queries=20, as_json=True)
    figures = json.loads(capsys.readouterr().out)
    assert (figures.pop("chunks"), figures.pop("lacking")) == (300, 0)
    assert all(value > 0 for value in figures.values())
    with open_catalog(tmp_path / "archive") as catalog:
        assert (catalog.counts().articles, catalog.counts().chunks) == (30, 300)
