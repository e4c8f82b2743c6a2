"""Retrieval on a real archive: BM25 alone, dense alone, both, and both reranked as the settings say.

    python -m eval.prepare realtimeqa --data DIR --out OUT
    dateline ingest OUT/articles.jsonl --index INDEX
    python -m eval.retrieval --index INDEX --gold DIR/realtimeqa/questions_dev.jsonl

Article measures run over the questions with a gold article in the archive. The answer's words are sought in single passages for
questions that have short answers: of RealTime QA, those marked `answer_specific` whose answer some page is known to hold.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eval.comparison import Scores, Search, score_table, searches, transpose
from eval.datasets import Gold, load_gold, realtimeqa
from eval.datasets.detect import is_realtimeqa
from eval.metrics.answers import contains_answer
from eval.metrics.ranking import ndcg, recall, reciprocal_rank
from eval.relevance import find_articles, rank_articles
from eval.run import deep_search
from eval.terminal import run, say
from rag.embed import SentenceEmbedder
from rag.errors import ArchiveDamaged, InputError
from rag.parts import load_reader, load_reranker
from rag.settings import load_settings
from rag.types import Passage

DEPTH = 10


def _find(search: Search, gold: Gold, k: int) -> tuple[Passage, ...]:
    return tuple(search(gold, k))


def article_scores(questions: Sequence[Gold], search: Search) -> Scores:
    """Recall, MRR and nDCG of the ranked articles."""
    scores = []
    for gold in questions:
        passages = deep_search(partial(_find, search, gold))
        found, wanted = find_articles(rank_articles(passages)[:DEPTH], gold), len(gold.article_ids)
        measured = {f"R@{k}": recall(found, wanted, k) for k in (1, 5, 10)}
        scores.append(measured | {"MRR@10": reciprocal_rank(found, DEPTH), "nDCG@10": ndcg(found, wanted, DEPTH)})
    return transpose(scores)


def answer_scores(questions: Sequence[Gold], search: Search) -> Scores:
    """Whether the first passage, or one of the first five, holds the answer's words."""
    scores = []
    for gold in questions:
        held = [contains_answer(passage.chunk.text, gold.answers) for passage in search(gold, 5)]
        scores.append({f"answer hit@{k}": float(any(held[:k])) for k in (1, 5)})
    return transpose(scores)


def select_linked(questions: Sequence[Gold], stored: Container[str]) -> list[Gold]:
    """The questions with gold articles among the `stored` ids, and those articles alone."""
    kept = (replace(gold, article_ids=tuple(one for one in gold.article_ids if one in stored)) for gold in questions)
    return [gold for gold in kept if gold.article_ids]


def with_words(questions: Sequence[Gold], path: Path) -> list[Gold]:
    """The questions whose answer's words can be sought; `path` is their file, which may mark the specific ones."""
    if not is_realtimeqa(path):
        return [gold for gold in questions if gold.answerable and gold.answers]
    specific = realtimeqa.specific_ids(path)
    return [gold for gold in questions if gold.id in specific]


def main(
    gold: Annotated[Path, typer.Option(help="Questions, in any format of eval.datasets.")],
    index: Annotated[Path | None, typer.Option(help="The archive directory.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many questions.")] = None,
    dates: Annotated[bool, typer.Option(help="Tell every retriever on what day a question was asked.")] = True,
) -> None:
    """BM25, dense, hybrid and reranked retrieval on an archive, with 95 % intervals and paired differences."""
    from rag.archive import Archive

    settings = load_settings(index=index)
    questions = [
        item if dates else replace(item, question=replace(item.question, as_of=None)) for item in load_gold(gold)[:limit]
    ]
    with Archive.open(settings.index, address=settings.catalog_address) as archive:
        if archive.dense is None:
            raise ArchiveDamaged(f"{settings.index}: the dense index is damaged; run `dateline rebuild`")
        embedder, reranker = SentenceEmbedder(settings.model), load_reranker(settings, load_reader(settings.reader))
        outlets = archive.catalog.outlets()
        systems = searches(embedder, archive.dense, archive.lexical, archive.catalog.chunks, reranker, outlets)
        stored = archive.catalog.articles([article_id for item in questions for article_id in item.article_ids])
        known, worded = select_linked(questions, stored), with_words(questions, gold)
        if not known and not worded:
            raise InputError(f"{gold}: no question names an article of {settings.index} or has answers")
        if known:
            scores = {name: article_scores(known, search) for name, search in systems.items()}
            say(f"articles, {len(known)} questions\n{score_table(scores)}\n")
        if worded:
            scores = {name: answer_scores(worded, search) for name, search in systems.items()}
            say(f"passages, {len(worded)} questions\n{score_table(scores)}")


if __name__ == "__main__":
    run(main)
