"""The memory of ingest is measured in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.memory import Costless, main, measure_openings, repeat_articles
from eval.speed import MEGABYTE
from rag.errors import UsageError

GROWTH = 100
"""Megabytes that a process may grow by in three openings after the third one. They were 180, when closed archives kept their
models; the second and third find no room in what the ones before left in pieces."""


def test_no_two_articles_are_alike(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"text": "The mayor opened a bridge on Monday."}\n')
    found = list(repeat_articles(file, 3, 4))
    assert len({record["id"] for record in found}) == len({record["text"] for record in found}) == 3
    assert str(found[0]["text"]).endswith("The mayor opened a")


def test_the_stand_in_gives_unit_vectors() -> None:
    vectors = Costless().embed_documents(["one", "two"])
    assert vectors.shape == (2, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


@pytest.mark.slow
def test_the_table_has_a_row_for_each_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps({"text": f"The mayor opened bridge {n}."}) + "\n" for n in range(5)))
    main(file, few=5, many=20)
    few, many = (line.split() for line in capsys.readouterr().out.splitlines()[-2:])
    assert (few[0], many[0]) == ("5", "20")
    assert int(few[1]) > 10


def test_something_must_be_measured() -> None:
    with pytest.raises(UsageError, match="--index"):
        main()


@pytest.mark.slow
def test_a_process_that_opens_an_archive_again_and_again_does_not_grow(own_archive: Path) -> None:
    held = measure_openings(own_archive, 6)
    assert (held[-1] - held[2]) / MEGABYTE < GROWTH, held
