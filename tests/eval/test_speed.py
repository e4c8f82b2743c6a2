from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets.records import read_records, write_records
from eval.speed import IngestRate, as_pages, chunk_texts, run_child, split
from ingest.load import Record, load
from rag.embed import SentenceEmbedder
from rag.errors import DatelineError, InputError
from rag.settings import load_settings
from tests.eval.datasets.test_formats import lines


def test_ratio_is_of_speeds() -> None:
    assert IngestRate(chunks=10, ingest_seconds=4.0, encode_seconds=2.0).ratio == 2 / 4


def test_a_child_tells_its_output_and_memory() -> None:
    small = run_child("import sys; print(sys.argv[1])", "words")
    large = run_child("block = bytearray(80_000_000); block[::4096] = b'x' * len(block[::4096])")
    assert small.output == "words\n"
    assert small.seconds > 0
    assert large.peak_bytes > small.peak_bytes + 60_000_000


def test_a_failed_child_is_told_with_its_last_words() -> None:
    with pytest.raises(DatelineError, match="code 3: no space left"):
        run_child("import sys; sys.stderr.write('noise\\nno space left'); sys.exit(3)")


def test_split_shares_out_the_first_articles(tmp_path: Path) -> None:
    path = lines(tmp_path / "articles.jsonl", [{"id": str(number), "text": "x"} for number in range(10)])
    parts = split(path, 7, 3, tmp_path)
    ids = [[record.text("id") for record in read_records(part)] for part in parts]
    assert [len(part) for part in ids] == [3, 2, 2]
    assert sorted(one for part in ids for one in part) == [str(number) for number in range(7)]
    with pytest.raises(InputError, match="no article"):
        split(lines(tmp_path / "empty.jsonl", []), 7, 3, tmp_path)


def test_the_chunks_are_those_that_are_embedded(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    path = lines(tmp_path / "articles.jsonl", [{"title": "News", "text": "Rates rose. Nobody knew why."}])
    assert chunk_texts(path, load_settings(), embedder) == ["News\nRates rose. Nobody knew why."]


def test_articles_as_pages_are_read_back(tmp_path: Path) -> None:
    words = "The council of the harbour town met on Monday and spoke about the new bridge & its cost for the town."
    write_records(
        tmp_path / "batch.jsonl", [{"title": "A bridge <soon>", "text": f"{words}\n\n{words} Again.", "published": "2025-08-04"}]
    )
    folder = as_pages(tmp_path / "batch.jsonl")
    (found,) = load(folder / "0.html")
    assert isinstance(found, Record)
    assert (found.title, found.published, found.published_from) == ("A bridge <soon>", "2025-08-04", "JSON-LD")
    assert found.text == f"{words}\n\n{words} Again."
