"""Answers worded by a language model, beside those in the archive's own words.

    python -m eval.writing --index INDEX --gold GOLD.jsonl --llm NAME

Every question is asked twice. Of the sentences that the model writes it is counted how many are kept, and why the others are not;
of the kept ones, how many cite a sentence that the gold set has as evidence. An answer is kept when one of the model's sentences
is; right when a cited sentence holds the answer. The times are those until the first sentence is there to be read.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets import Gold, load_gold
from eval.metrics.intervals import Interval, mean_interval, paired_difference, percentile, ratio_interval
from eval.relevance import quote_evidence
from eval.score import answer_scores
from eval.terminal import note, run, say, table
from rag.pipeline import Rag
from rag.settings import NONE, load_settings
from rag.types import Answer, Checked

MEASURES = ("correct", "answered", "exact_match", "token_f1", "evidence_precision", "evidence_recall", "citation_exact")


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """One question's answer, and the seconds until its first sentence; None where it has none."""

    gold: Gold
    answer: Answer
    first: float | None
    scores: dict[str, float]

    @property
    def checked(self) -> tuple[Checked, ...]:
        return self.answer.writing.checked if self.answer.writing else ()

    @property
    def written(self) -> bool:
        """Whether a sentence of the model is in the answer."""
        return any(one.verdict.supported for one in self.checked)


def ask(rag: Rag, gold: Gold, llm: str) -> WrittenAnswer:
    began, first, answer = time.perf_counter(), None, None
    for answer in rag.stream(gold.question, llm=llm):
        if first is None and answer.sentences:
            first = time.perf_counter() - began
    assert answer is not None
    return WrittenAnswer(gold, answer, first, answer_scores(gold, answer, rag.archive.catalog.article))


def fates(asked: Sequence[WrittenAnswer]) -> Counter[str]:
    """What became of the sentences that the model wrote: "kept", or why not."""
    verdicts = (one.verdict for each in asked for one in each.checked)
    return Counter("kept" if one.supported else one.check or one.reason or "" for one in verdicts)


def find_cited_evidence(asked: Iterable[WrittenAnswer], rag: Rag) -> list[tuple[int, int]]:
    """For each answer to a question with gold evidence: its written sentences that cite some of it, and all that it has."""
    found = []
    for one in asked:
        if not (one.written and one.gold.evidence):
            continue
        kept = {check.text for check in one.checked if check.verdict.supported}
        told = quote_evidence(one.answer.citations, one.gold, rag.archive.catalog.article)
        right = {cited.number for cited, evidence in zip(one.answer.citations, told, strict=True) if evidence}
        mine = [sentence for sentence in one.answer.sentences if sentence.text in kept]
        found.append((sum(bool(right & set(sentence.citations)) for sentence in mine), len(mine)))
    return found


def sentence_table(asked: Sequence[WrittenAnswer], rag: Rag) -> str:
    """What became of the sentences, and of the answers."""
    prompted = [one for one in asked if one.answer.writing]
    told = fates(prompted)
    everything = max(1, sum(told.values()))
    rows = [(fate or "other", str(count), f"{count / everything:.3f}") for fate, count in told.most_common()]
    cited = find_cited_evidence(prompted, rag)
    share = ratio_interval([right for right, _ in cited], [all_ for _, all_ in cited])
    marks = [check for one in prompted for check in one.checked]
    placed, invalid = sum(bool(check.cited) for check in marks), sum(check.invalid for check in marks)
    kept = mean_interval([float(one.written) for one in prompted])
    return "\n".join(
        (
            table(("sentences of the model", "number", "share"), rows),
            "",
            f"the model was asked {len(prompted)} of {len(asked)} questions; answers kept {_show_sentence(kept)}",
            f"kept sentences that cite gold evidence {_show_sentence(share)}",
            f"sentences with a marker that names a passage {placed} of {len(marks)}; invalid markers {invalid}",
        )
    )


def score_table(written: Sequence[WrittenAnswer], quoted: Sequence[WrittenAnswer]) -> str:
    """The scores of both, over the questions that have each of them in both, and the paired difference."""
    rows: list[tuple[str, ...]] = []
    for name in MEASURES:
        both = zip((one.scores for one in written), (one.scores for one in quoted), strict=True)
        pairs = [(mine[name], theirs[name]) for mine, theirs in both if name in mine and name in theirs]
        if pairs:
            mine, theirs = zip(*pairs, strict=True)
            gain = paired_difference(mine, theirs)
            rows.append(
                (
                    name,
                    str(len(pairs)),
                    _show_sentence(mean_interval(mine)),
                    _show_sentence(mean_interval(theirs)),
                    _show_sentence(gain),
                )
            )
    for percent in (50, 95):
        times = [[one.first for one in asked if one.first is not None and one.gold.answerable] for asked in (written, quoted)]
        told = [percentile(each, percent) for each in times]
        rows.append((f"first sentence, p{percent}, s", str(len(times[0])), *(f"{each or 0:.2f}" for each in told), ""))
    return table(("", "questions", "worded", "quoted", "difference"), rows)


def main(
    index: Annotated[Path, typer.Option(help="The archive.")],
    gold: Annotated[Path, typer.Option(help="Questions with their answers.")],
    llm: Annotated[str, typer.Option(help="The language model.")],
    every: Annotated[int, typer.Option(min=1, help="Of so many questions only the first: 3 for a third of them.")] = 1,
    show: Annotated[bool, typer.Option("--show", help="Also every sentence of the model and what became of it.")] = False,
) -> None:
    """Compare answers worded by a language model with quotations."""
    items = load_gold(gold)[::every]
    with Rag.open(settings=load_settings(index=index)) as rag:
        quoted = [ask(rag, item, NONE) for item in items]
        written = []
        for number, item in enumerate(items, 1):
            note(f"question {number} of {len(items)}")
            written.append(ask(rag, item, llm))
            if show:
                _show(written[-1])
        say(sentence_table(written, rag))
        say("")
        say(score_table(written, quoted))


def _show(asked: WrittenAnswer) -> None:
    say(f"\n{asked.gold.text}")
    for one in asked.checked:
        verdict = one.verdict
        quoted = " | ".join(quote.text for quote in verdict.quotes) or verdict.reason or ""
        fate = "kept" if verdict.supported else verdict.check or "-"
        say(f"  {fate} {verdict.support:.2f} {one.text} ({quoted})")


def _show_sentence(interval: Interval | None) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


if __name__ == "__main__":
    run(main)
