"""Count in how many paragraphs each term stands, and write the answerer's background.json.

    python -m eval.background --articles OUT/articles.jsonl --articles OUT2/articles.jsonl

The terms are those of the index of words. Use texts whose licence allows it: SQuAD's (CC BY-SA) and the facts of MultiHop-RAG
(ODC-BY), made into articles by eval.prepare.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from eval.datasets.records import read_records
from eval.terminal import run, say
from rag.protocols import Terms

LEAST = 3
"""Paragraphs that must have a term for it to be written down: rarer ones are told apart by nothing."""


def count_terms(texts: Iterable[str], terms: Terms) -> tuple[int, Counter[str]]:
    """How many paragraphs there are in `texts`, each once, and how many have each term."""
    paragraphs = {line.strip() for text in texts for line in text.splitlines() if line.strip()}
    frequencies: Counter[str] = Counter()
    for paragraph in paragraphs:
        frequencies.update(set(terms.split(paragraph)))
    return len(paragraphs), frequencies


def main(
    articles: Annotated[list[Path], typer.Option(help="Articles in Dateline's JSONL; can be given again.")],
    out: Annotated[Path, typer.Option(help="Where to write the counts.")] = Path("rag/extract/background.json"),
) -> None:
    """Count the background of the extractive answerer."""
    from rag.lexical import TantivyIndex

    texts = (record.text("text") for path in articles for record in read_records(path))
    with TemporaryDirectory() as directory, closing(TantivyIndex(Path(directory))) as terms:
        paragraphs, frequencies = count_terms(texts, terms)
    kept = {term: n for term, n in sorted(frequencies.items()) if n >= LEAST}
    out.write_text(json.dumps({"paragraphs": paragraphs, "frequencies": kept}, ensure_ascii=False) + "\n", "utf-8")
    say(f"{out}: {len(kept)} terms of {paragraphs} paragraphs")


if __name__ == "__main__":
    run(main)
