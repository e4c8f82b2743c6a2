"""Hard negatives: what our own retrieval finds for a question among paragraphs that do not hold its answer.

(Karpukhin et al., "Dense Passage Retrieval", EMNLP 2020, take BM25's; here both indexes are asked and fused as for a user.)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.metrics.answers import contains_answer
from eval.reader.examples import ReadingSet
from rag.lexical import TantivyIndex
from rag.protocols import Embedder
from rag.retrieve import DENSE_WEIGHT, fuse
from rag.types import Entry, Filters, Hit, Vectors

DEPTH = 50


def hard_negatives(reading: ReadingSet, embedder: Embedder, directory: Path, count: int) -> list[tuple[int, ...]]:
    """For each example the indices of the `count` best paragraphs other than its own that do not contain an answer of it.

    None for a question without an answer: its own paragraph is the hard one. The lexical index is made in `directory`.
    """
    texts = [f"{paragraph.text.title}\n{paragraph.text.text}" for paragraph in reading.paragraphs]
    vectors = embedder.embed_documents(texts)
    lexical = _lexical(reading, vectors, directory)
    asked = [i for i, example in enumerate(reading.examples) if example.marked]
    questions = embedder.embed_documents([reading.examples[i].question for i in asked])
    found: list[tuple[int, ...]] = [()] * len(reading.examples)
    for i, vector in zip(asked, questions, strict=True):
        example = reading.examples[i]
        cosines = vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:DEPTH]
        dense = [Hit(str(j), float(cosines[j])) for j in nearest]
        fused = fuse(dense, lexical.search(example.question, DEPTH, Filters()), DENSE_WEIGHT)
        others = (int(hit.chunk_id) for hit in fused if int(hit.chunk_id) != example.paragraph)
        silent = (j for j in others if not contains_answer(reading.paragraphs[j].text.text, example.answers))
        found[i] = tuple(j for j, _ in zip(silent, range(count), strict=False))
    lexical.close()
    return found


def _lexical(reading: ReadingSet, vectors: Vectors, directory: Path) -> TantivyIndex:
    index = TantivyIndex(directory)
    entries: Sequence[Entry] = [
        Entry(str(i), str(i), None, None, paragraph.text.title, paragraph.text.text, vectors[i])
        for i, paragraph in enumerate(reading.paragraphs)
    ]
    index.replace([], entries)
    return index
