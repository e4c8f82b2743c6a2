"""Ask every question of a gold set, one after the other, and score what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from eval.asker import Asker
from eval.datasets import Gold, load_gold
from eval.metrics.intervals import Interval
from eval.record import ItemRecord, Quotation, RankedPassage, Reply, load_records, save_records
from eval.relevance import rank_articles
from eval.score import DEPTH, answer_scores, retrieval_scores
from eval.summary import Summary, summarise
from rag.errors import UsageError
from rag.settings import MAX_K
from rag.types import Answer, Passage, Question

JSON_FORMAT = 1

Progress = Callable[[int, int], None]
"""Called with (questions done, questions in all) after each."""


@dataclass(frozen=True, slots=True)
class Run:
    """The records of a gold set in its order, and their summary. `gold` is the path of the set."""

    gold: str
    records: tuple[ItemRecord, ...]
    summary: Summary


def evaluate(
    path: Path,
    rag: Asker,
    *,
    progress: Progress | None = None,
    limit: int | None = None,
    retrieval_only: bool = False,
) -> Run:
    """Run the gold set at `path` (any format of `eval.datasets`), or its first `limit` questions, through `rag`.

    InputError for a bad gold file. A question that `rag` refuses with a UsageError is recorded and scores 0; other errors end
    the run.
    """
    items = load_gold(path)[:limit]
    records = []
    for done, gold in enumerate(items, 1):
        records.append(examine(gold, rag, retrieval_only))
        if progress:
            progress(done, len(items))
    return Run(str(path), tuple(records), summarise(records))


def examine(gold: Gold, rag: Asker, retrieval_only: bool = False) -> ItemRecord:
    """Search and ask one question. A follow-up is searched as the system understood it, so it is asked first."""
    started = time.perf_counter()
    try:
        answer = None if retrieval_only else rag.ask(gold.question)
        elapsed = (time.perf_counter() - started) * 1000
        passages = deep_search(partial(rag.search, _make_search(gold.question, answer)))
    except UsageError as error:
        return _make_refused(gold, str(error), None if retrieval_only else (time.perf_counter() - started) * 1000)
    articles = rank_articles(passages)[:DEPTH]
    scores = retrieval_scores(gold, articles, passages[:DEPTH])
    if answer is not None:
        scores |= answer_scores(gold, answer, rag.archive.catalog.article)
    ranked = tuple(_make_ranked(passage) for passage in passages[:DEPTH])
    return ItemRecord(gold, tuple(articles), ranked, _reply(answer, elapsed) if answer else None, scores)


def deep_search(search: Callable[[int], tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """Enough passages of a search by their number for `DEPTH` different articles, or all there are."""
    k = 3 * DEPTH
    while True:
        passages = search(k)
        if len(passages) < k or len(rank_articles(passages)) >= DEPTH or k == MAX_K:
            return passages
        k = min(2 * k, MAX_K)


def save(run: Run, path: Path) -> None:
    """Write the run's records as JSON."""
    save_records(path, run.gold, run.records)


def load(path: Path) -> Run:
    """A saved run, summarised anew. InputError when the file is not one."""
    gold, records = load_records(path)
    return Run(gold, records, summarise(records))


def summary_json(run: Run) -> dict[str, object]:
    """The summary as JSON values; keys may be added, none removed or changed without a new `format`.

    `{"format": 1, "gold", "items", "answerable", "mode", "metrics": {NAME: {"value", "low", "high", "count"}},
    "by_kind": {KIND: {NAME: {…}}}, "by_type": {TYPE: {NAME: {…}}}, "abstention": {"right", "abstained", "unanswerable"},
    "confidence": {"area", "calibration_error", "answered_at_risk": [{"risk", "coverage", "threshold"}], "curve":
    [{"threshold", "coverage", "risk"}], "bins": [{"low", "high", "count", "confidence", "accuracy"}]}, "latency_ms": {"p50",
    "p95", "longest"}}`. `low` and `high` are the 95 % interval. `mode`, `abstention`, `confidence` and `latency_ms` are null
    where nothing was asked, a `threshold` where no confidence will do. A comparison adds "against", see `eval.against`.
    """
    summary = run.summary
    return {
        "format": JSON_FORMAT,
        "gold": run.gold,
        "items": summary.items,
        "answerable": summary.answerable,
        "mode": mode(run.records),
        "metrics": {name: asdict(interval) for name, interval in summary.means.items()},
        "by_kind": _group_json(summary.by_kind),
        "by_type": _group_json(summary.by_type),
        "abstention": asdict(summary.abstention) if summary.abstention else None,
        "confidence": asdict(summary.confidence) if summary.confidence else None,
        "latency_ms": asdict(summary.latency) if summary.latency else None,
    }


def _group_json(groups: Mapping[str, Mapping[str, Interval]]) -> dict[str, dict[str, object]]:
    return {group: {name: asdict(interval) for name, interval in means.items()} for group, means in groups.items()}


def mode(records: Sequence[ItemRecord]) -> str | None:
    """How the answers were made; None where nothing was asked."""
    modes = dict.fromkeys(record.reply.mode for record in records if record.reply and record.reply.mode)
    return ", ".join(modes) or None


def _make_search(asked: Question, answer: Answer | None) -> Question:
    """What is searched for: a follow-up as it was understood, where it was answered."""
    return replace(asked, text=answer.standalone_question, history=()) if answer and asked.history else asked


def _reply(answer: Answer, milliseconds: float) -> Reply:
    return Reply(
        status=answer.status,
        reason=answer.reason,
        text=answer.text,
        short_answer=answer.short_answer,
        confidence=answer.confidence,
        citations=tuple(Quotation(one.source.id, one.start, one.end, one.quote) for one in answer.citations),
        mode=answer.mode,
        milliseconds=milliseconds,
    )


def _make_ranked(passage: Passage) -> RankedPassage:
    chunk = passage.chunk
    return RankedPassage(chunk.source.id, chunk.source.title, chunk.start, chunk.end, passage.score, chunk.text)


def _make_refused(gold: Gold, reason: str, milliseconds: float | None) -> ItemRecord:
    """A refusal earns nothing, neither for what could be found nor for not answering."""
    scores = retrieval_scores(gold, [], [])
    if milliseconds is None:
        return ItemRecord(gold, (), (), None, scores)
    reply = Reply("refused", reason, "", None, 0.0, (), "", milliseconds)
    return ItemRecord(gold, (), (), reply, scores | answer_scores(gold, None, lambda _: None))
