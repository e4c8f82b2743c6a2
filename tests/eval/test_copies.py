"""The set that copies are measured on, and what is measured."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

from eval.copies import EDITS, Pair, behaviour, measure_levels, pairs, sample, without_reprints
from tests.ingest.test_copies import edited, story


def test_the_set_is_the_same_every_time_and_has_every_level() -> None:
    articles = without_reprints(sample())[:6]
    made = list(pairs(articles))
    assert made == list(pairs(articles))
    assert {pair.level for pair in made if pair.copies} == set(EDITS)
    assert sum(not pair.copies for pair in made) == 6 * 5 // 2 + 2 * 6


def test_the_reprints_of_the_sample_are_not_among_the_stories() -> None:
    assert len(sample()) - len(without_reprints(sample())) == 5


def test_recall_and_precision_count_what_is_found() -> None:
    made = [Pair("light", story(1), edited(story(1), 0.02), True), Pair("light", story(2), story(3), True)]
    made += [Pair("other", story(4), story(5), False), Pair("other", story(6), story(6), False)]
    shares = measure_levels(made, 0.5)
    assert shares["light"].value == 1 / 2
    assert shares["other"].value == 1 / 2
    assert shares["precision"].value == 1 / 2


def test_an_archive_shows_its_groups(tmp_path: Path) -> None:
    texts = [story(1), edited(story(1), 0.03), story(2)]
    path = tmp_path / "articles.jsonl"
    records = [{"id": str(n), "title": f"Story {n}", "text": text} for n, text in enumerate(texts)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    seen = behaviour(path, None)
    assert (seen.articles, seen.groups, seen.titles) == (3, {"article-0": 2}, {"article-0": ("Story 0", "Story 1")})
    assert behaviour(path, 6).groups == {"article-0": 2}


def test_the_command_prints_a_row_for_each_level() -> None:
    done = subprocess.run([sys.executable, "-m", "eval.copies"], capture_output=True, text=True, check=True, timeout=120)
    assert all(level in done.stdout for level in islice(EDITS, 3))
    assert "precision" in done.stdout
