"""Copies found at ingest: exact, near, and neither."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.agency import is_credit, read_agency
from ingest.copies import MAX_WORDS, PERMUTATIONS, ROWS, Signer, make_shingles
from ingest.pipeline import ingest
from rag.catalog import Catalog
from rag.catalog.copies import LEAST, overlap
from rag.settings import load_settings
from tests.fakes import HashEmbedder

WORDS = [f"{first}{second}{third}" for first in "bdfglmnprst" for second in "aeiou" for third in "bdklmnrst"]


def story(number: int, words: int = 150) -> str:
    """A report of sentences of ten words in paragraphs of three; no two numbers share more than chance has it."""
    chance = random.Random(number)
    sentences = [" ".join(chance.choices(WORDS, k=10)).capitalize() + "." for _ in range(words // 10)]
    return "\n\n".join(" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3))


def edited(text: str, share: float, seed: int = 0) -> str:
    """The text with this share of its words replaced."""
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) if chance.random() < share else word for word in text.split())


def write(path: Path, texts: Mapping[str, str], **fields: object) -> str:
    records = [{"id": name, "title": f"Title of {name}", "text": text, **fields} for name, text in texts.items()]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return str(path)


def take_in(archive: Path, *paths: str) -> None:
    ingest(paths, archive, load_settings(), embedder=HashEmbedder())


def catalog_of(archive: Path) -> Catalog:
    return Catalog.open(archive / "catalog.sqlite3", create=False)


def groups(archive: Path, *ids: str) -> dict[str, str]:
    with catalog_of(archive) as catalog:
        return catalog.groups(ids)


def test_exact_and_near_copies_are_one_group_and_told_apart(tmp_path: Path) -> None:
    original = story(1)
    texts = {"a": original, "b": original.upper(), "c": edited(original, 0.05), "d": story(2)}
    take_in(tmp_path / "archive", write(tmp_path / "in.jsonl", texts))
    assert groups(tmp_path / "archive", *texts) == {"a": "a", "b": "a", "c": "a"}
    with catalog_of(tmp_path / "archive") as catalog:
        copies = catalog.copies(["a", "c", "d"])
        assert [(copy.source.id, copy.kind) for copy in copies["a"]] == [("b", "exact"), ("c", "near")]
        assert [(copy.source.id, copy.kind) for copy in copies["c"]] == [("a", "near"), ("b", "near")]
        assert "d" not in copies
        assert catalog.group_sizes() == {"a": 3}


def test_an_original_and_its_copy_in_two_runs_are_one_group(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "first.jsonl", {"a": story(1)}))
    take_in(archive, write(tmp_path / "second.jsonl", {"b": f"LONDON (Reuters) - {story(1)}"}))
    assert groups(archive, "a", "b") == {"a": "a", "b": "a"}


def test_ingesting_again_changes_nothing(tmp_path: Path) -> None:
    archive, path = tmp_path / "archive", write(tmp_path / "in.jsonl", {"a": story(1), "b": edited(story(1), 0.1)})
    take_in(archive, path)
    before = groups(archive, "a", "b")
    take_in(archive, path)
    assert groups(archive, "a", "b") == before == {"a": "a", "b": "a"}


def test_new_words_at_the_same_url_are_a_new_version_and_no_copy(tmp_path: Path) -> None:
    archive, url = tmp_path / "archive", "https://gazette.example/story"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1)}, url=url))
    report = ingest(
        [write(tmp_path / "in.jsonl", {"a": edited(story(1), 0.05)}, url=url)], archive, load_settings(), embedder=HashEmbedder()
    )
    assert report.counts["replaced"] == 1
    assert groups(archive, "a") == {}


def test_a_copy_that_is_rewritten_leaves_its_group(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1), "b": story(1) + " More.", "c": edited(story(1), 0.1)}))
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(9)}))
    assert groups(archive, "a", "b", "c") == {"b": "b", "c": "b"}


def test_other_metadata_leaves_the_group_as_it_is(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1), "b": edited(story(1), 0.1)}))
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1)}, outlet="The Gazette"))
    assert groups(archive, "a", "b") == {"a": "a", "b": "a"}


@pytest.mark.parametrize(
    ("gone", "left"),
    [("a", {"b": "b", "c": "b"}), ("b", {"a": "a", "c": "a"}), ("c", {"a": "a", "b": "a"})],
)
def test_forgetting_one_of_a_group_keeps_the_others_together(tmp_path: Path, gone: str, left: dict[str, str]) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1), "b": edited(story(1), 0.05), "c": edited(story(1), 0.05, 1)}))
    with catalog_of(archive) as catalog:
        assert catalog.forget(gone)
        assert catalog.groups(["a", "b", "c"]) == left
        assert catalog.problems() == []


def test_the_last_of_a_group_is_no_group(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": story(1), "b": edited(story(1), 0.05)}))
    with catalog_of(archive) as catalog:
        catalog.forget("a")
        assert catalog.groups(["b"]) == {}
        assert catalog.group_sizes() == {}


def test_two_members_joined_only_by_a_third_part_when_it_goes(tmp_path: Path) -> None:
    archive, first, second = tmp_path / "archive", story(1), story(2)
    take_in(archive, write(tmp_path / "in.jsonl", {"both": f"{first}\n\n{second}", "one": first, "two": second}))
    assert groups(archive, "one", "two") == {"one": "both", "two": "both"}
    with catalog_of(archive) as catalog:
        catalog.forget("both")
        assert catalog.groups(["one", "two"]) == {}


CHILD = """
import sys
from pathlib import Path
from tests.ingest.test_copies import take_in
take_in(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.slow
def test_two_processes_at_once_agree(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "start.jsonl", {"other": story(99)}))
    names = [[f"{side}{number}" for number in range(20)] for side in "xy"]
    paths = [
        write(tmp_path / f"{side[0]}.jsonl", {name: edited(story(number), 0.03, seed) for number, name in enumerate(side)})
        for seed, side in enumerate(names)
    ]
    children = [subprocess.Popen([sys.executable, "-c", CHILD, str(archive), path]) for path in paths]
    assert [child.wait(120) for child in children] == [0, 0]
    found = groups(archive, *names[0], *names[1])
    assert len(found) == 40
    for one, other in zip(*names, strict=True):
        assert found[one] == found[other]
        assert found[one] in (one, other)


def test_what_an_interrupted_run_left_is_gone_on_with(tmp_path: Path) -> None:
    class Failing(HashEmbedder):
        def embed_documents(self, texts):  # type: ignore[no-untyped-def]
            if any("Title of b" in text for text in texts):
                raise KeyboardInterrupt
            return super().embed_documents(texts)

    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "one.jsonl", {"a": story(1)}))
    path = write(tmp_path / "two.jsonl", {"b": story(1)})
    with pytest.raises(KeyboardInterrupt):
        ingest([path], archive, load_settings(), embedder=Failing())
    assert groups(archive, "a", "b") == {}
    take_in(archive, path)
    assert groups(archive, "a", "b") == {"a": "a", "b": "a"}


def test_short_items_are_no_copies_by_accident() -> None:
    stub = make_shingles("Please subscribe to go on reading this article in full on our site.")
    assert overlap(stub, stub) == 0.0


@given(st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_overlap_is_the_containment_of_the_smaller_set(one: set[int], other: set[int]) -> None:
    arrays = [np.array(sorted(each), np.uint32) for each in (one, other)]
    shared = len(one & other)
    assert overlap(*arrays) == (shared / min(len(one), len(other)) if shared >= LEAST else 0.0)
    assert overlap(*arrays) == overlap(*reversed(arrays))


@given(st.text(alphabet="ab \n(AP)—", max_size=400))
def test_any_text_has_a_signature_that_white_space_does_not_change(text: str) -> None:
    signer = Signer()
    signature = signer.signature(text)
    assert len(signature.bands) in (0, PERMUTATIONS // ROWS)
    assert list(signature.shingles) == sorted(set(signature.shingles))
    assert signer.signature(text).bands == signature.bands


def test_a_lone_surrogate_and_no_words_at_all_have_signatures() -> None:
    assert Signer().signature("\udcff " * 40).bands == ()
    assert Signer().signature("").bands == ()


def test_only_the_beginning_of_an_endless_text_is_compared() -> None:
    assert len(make_shingles(" ".join(map(str, range(100_000))))) <= MAX_WORDS
    assert len(make_shingles("word " * 1_000_000)) == 1
    assert len(make_shingles("x" * 20_000_000)) == 0


def test_credits_and_datelines_do_not_count() -> None:
    body = story(1)
    credited = f"LONDON (Reuters) - {body}\n\nReporting by Reuters\n\nThe Associated Press contributed to this report."
    assert list(make_shingles(credited)) == list(make_shingles(f"PARIS, France (AP) — {body}\n\n© 2025 The Gazette"))


@pytest.mark.parametrize(
    ("text", "dateline", "authors", "outlet", "agency"),
    [
        ("Words of a report.", "Reuters", (), None, "Reuters"),
        ("Words of a report.", None, ("Jane Roe, Associated Press",), None, "AP"),
        ("Words of a report.", None, ("AFP",), "The Gazette", "AFP"),
        ("By The Associated Press\n\nWords of a report.", None, (), None, "AP"),
        ("Words of a report.\n\n— Reuters", None, (), None, "Reuters"),
        ("Words of a report.\n\n(With inputs from PTI)", None, (), None, "PTI"),
        ("Words of a report. (Xinhua)", None, (), None, "Xinhua"),
        ("Words of a report.", None, (), "Agence France-Presse", "AFP"),
        ("Words of a report.\n\nThe Associated Press contributed to this report.", None, (), None, None),
        ("The new app\n\nIt tells Reuters of all that happens in the town and more.", None, (), None, None),
        ("Words of a report.", "Staff", ("Jane Roe",), "The Gazette", None),
    ],
)
def test_the_agency_of_a_report(
    text: str, dateline: str | None, authors: tuple[str, ...], outlet: str | None, agency: str | None
) -> None:
    assert read_agency(text, dateline, authors, outlet) == agency


def test_a_sentence_is_no_credit() -> None:
    assert is_credit("(AP)")
    assert not is_credit("Download our app")
    assert not is_credit("The minister told Reuters on Monday that he would go.")


def test_the_agency_is_stored_with_the_article_and_leaves_its_digest_alone(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    take_in(archive, write(tmp_path / "in.jsonl", {"a": f"LONDON (Reuters) - {story(1)}"}))
    with catalog_of(archive) as catalog:
        article = catalog.article("a")
        assert article
        assert article.source.origin == "Reuters"
