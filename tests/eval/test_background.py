from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval.background import LEAST, count_terms, main
from rag.extract.background import rarity
from tests.eval.datasets.test_formats import lines
from tests.fakes import MemoryLexical


def test_a_paragraph_counts_once_for_a_term_and_once_in_all() -> None:
    paragraphs, frequencies = count_terms(["Rates rose.\n\nRates, rates fell.", "Rates rose."], MemoryLexical())
    assert paragraphs == 2
    assert frequencies == {"rates": 2, "rose": 1, "fell": 1}


def test_the_command_writes_what_is_not_too_rare(tmp_path: Path) -> None:
    texts = [{"text": f"The port reopened on day {'abcdef'[n] * 4}."} for n in range(LEAST)]
    out = tmp_path / "background.json"
    main([lines(tmp_path / "articles.jsonl", texts)], out)
    written = json.loads(out.read_text("utf-8"))
    assert written["paragraphs"] == LEAST
    assert written["frequencies"]["port"] == LEAST
    assert "aaaa" not in written["frequencies"]


def test_a_small_archive_takes_common_words_for_what_they_are() -> None:
    small = rarity(20, {"the": 0, "how": 0, "much": 0, "rubio": 2})
    assert small["rubio"] > max(small["how"], small["much"]) > min(small["how"], small["much"]) > small["the"]
    assert small["the"] < small["rubio"] / 5


def test_a_large_archive_tells_by_itself() -> None:
    large = rarity(10_000_000, {"zzyzx": 1_000_000})
    assert large["zzyzx"] == pytest.approx(math.log(1 + 9_000_000 / 1_000_000), rel=0.01)
