"""Make an archive's articles and its gold questions of a public data set.

    python -m eval.prepare realtimeqa --data DIR --out OUT
    dateline ingest OUT/articles.jsonl --index INDEX
    dateline eval OUT/gold.jsonl --index INDEX

Writes `articles.jsonl` and `gold.jsonl` into OUT. The files of a set are those that its folder in DIR has (DIR is
$DATELINE_DATA unless given); `--questions` and `--articles` name others of the same format.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets import Gold, clapnq, multihop, realtimeqa, spans, squad
from eval.datasets.gold import gold_record
from eval.datasets.records import write_records
from eval.metrics.answers import answer_terms
from eval.terminal import run, say
from rag.errors import UsageError

Articles = Iterator[dict[str, object]]
DRAW, SEED = 400, 2022


class Name(StrEnum):
    """The sets that can be prepared."""

    REALTIMEQA = "realtimeqa"
    SQUAD = "squad"
    CLAPNQ = "clapnq"
    MULTIHOP = "multihop"
    CHUNKING = "chunking"
    SILENT = "silent"
    """Questions of another part of RealTime QA that its articles cannot answer."""


@dataclass(frozen=True, slots=True)
class Files:
    """The question files and what the articles are made of: files, or a folder of them."""

    questions: tuple[Path, ...]
    articles: tuple[Path, ...]


def files_of(name: Name, data: Path, split: str = "dev") -> Files:
    """Where a data set keeps its files under `data`."""
    folder = data / "realtimeqa"
    if name is Name.REALTIMEQA:
        return Files((folder / f"questions_{split}.jsonl",), (folder / f"docs_{split}.jsonl.gz",))
    if name is Name.SILENT:
        other = "train" if split == "dev" else "dev"
        return Files((folder / f"questions_{other}.jsonl",), (folder / f"docs_{split}.jsonl.gz",))
    if name is Name.MULTIHOP:
        folder = data / "multihop_rag"
        return Files((folder / f"queries_{split}.jsonl",), (folder / "facts_corpus.jsonl",))
    if name is Name.CHUNKING:
        return Files((data / "chunking_evaluation" / "questions_df.csv",), (data / "chunking_evaluation" / "corpora",))
    if name is Name.CLAPNQ:
        both = tuple(data / "clapnq" / f"{half}_{split}.jsonl" for half in ("answerable", "unanswerable"))
        return Files(both, both)
    return Files((data / "squad" / "squad2_18_articles.json",), (data / "squad" / "squad2_18_articles.json",))


def prepare(
    name: Name, files: Files, out: Path, joined: bool = False, draw: int = DRAW, seed: int = SEED, every: bool = False
) -> tuple[int, int]:
    """Write both files and return how many articles and questions they have. InputError on a bad file.

    RealTime QA keeps the questions whose answer is known to be in the articles, or all with `every`, and of `article_ids` those
    that are kept.
    `joined` makes one article of all facts of a MultiHop-RAG report. Of `silent`, `draw` questions are drawn by `seed`.
    """
    articles = list(_articles(name, files, joined))
    questions = list(_questions(name, files, joined))
    if name is Name.REALTIMEQA:
        kept = {str(article["id"]) for article in articles}
        linked = (replace(gold, article_ids=tuple(one for one in gold.article_ids if one in kept)) for gold in questions)
        questions = [gold for gold in linked if every or gold.article_ids or gold.kind == "found"]
    if name is Name.SILENT:
        questions = select_unanswered(questions, articles, draw, seed)
    return (
        write_records(out / "articles.jsonl", articles),
        write_records(out / "gold.jsonl", (gold_record(gold) for gold in questions)),
    )


def select_unanswered(questions: Iterable[Gold], articles: Iterable[Mapping[str, object]], draw: int, seed: int) -> list[Gold]:
    """Of `draw` questions drawn at random, those none of whose answers stands in any article: the archive cannot answer them.

    Raises UsageError when there are not so many questions.
    """
    known = list(questions)
    if not 1 <= draw <= len(known):
        raise UsageError(f"--draw is {draw}; there are {len(known)} questions to draw from")
    drawn = random.Random(seed).sample(known, draw)
    said = "\n".join(" " + answer_terms("{title} {text}".format_map(article)) + " " for article in articles)
    silent = (gold for gold in drawn if not any(f" {answer_terms(answer)} " in said for answer in gold.answers))
    return [replace(gold, answers=(), article_ids=(), answerable=False, kind="silent") for gold in silent]


def _articles(name: Name, files: Files, joined: bool) -> Articles:
    if name is Name.MULTIHOP:
        return chain.from_iterable(multihop.articles(path, joined) for path in files.articles)
    readers: dict[Name, Callable[[Path], Articles]] = {
        Name.REALTIMEQA: realtimeqa.articles,
        Name.SILENT: realtimeqa.articles,
        Name.SQUAD: squad.articles,
        Name.CLAPNQ: clapnq.articles,
        Name.CHUNKING: spans.articles,
    }
    return chain.from_iterable(readers[name](path) for path in files.articles)


def _questions(name: Name, files: Files, joined: bool) -> Iterator[Gold]:
    if name is Name.MULTIHOP:
        return chain.from_iterable(multihop.gold(path, files.articles[0], joined) for path in files.questions)
    readers: dict[Name, Callable[[Path], Iterator[Gold]]] = {
        Name.REALTIMEQA: realtimeqa.gold,
        Name.SILENT: realtimeqa.gold,
        Name.SQUAD: squad.gold,
        Name.CLAPNQ: clapnq.gold,
        Name.CHUNKING: spans.gold,
    }
    return chain.from_iterable(readers[name](path) for path in files.questions)


def main(
    name: Annotated[Name, typer.Argument(help="The data set.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help="The folder of all data sets.")] = None,
    split: Annotated[str, typer.Option(help="The part of a set that has parts: dev or train.")] = "dev",
    questions: Annotated[list[Path] | None, typer.Option(help="Question files instead of the set's own.")] = None,
    articles: Annotated[
        list[Path] | None, typer.Option(help="Article files (chunking: a folder) instead of the set's own.")
    ] = None,
    joined: Annotated[bool, typer.Option("--joined", help="multihop: one article of all facts of a report.")] = False,
    every: Annotated[
        bool, typer.Option("--every", help="realtimeqa: also questions that no article is known to answer.")
    ] = False,
    draw: Annotated[int, typer.Option(help="silent: how many questions to draw.")] = DRAW,
    seed: Annotated[int, typer.Option(help="silent: the seed of the draw.")] = SEED,
) -> None:
    """Make articles.jsonl and gold.jsonl of a public data set."""
    if data is None and not (questions and articles):
        raise UsageError("say where the data sets are with --data or DATELINE_DATA, or name --questions and --articles")
    own = files_of(name, data or Path(), split)
    files = Files(tuple(questions or own.questions), tuple(articles or own.articles))
    article_count, question_count = prepare(name, files, out, joined, draw, seed, every)
    say(f"{out / 'articles.jsonl'}: {article_count} articles\n{out / 'gold.jsonl'}: {question_count} questions")


if __name__ == "__main__":
    run(main)
