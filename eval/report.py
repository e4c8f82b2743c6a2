"""A run as a report: plain text for the terminal, and a folder with Markdown, JSON and plots.

The folder has report.md, summary.json (see `eval.run.summary_json`), run.json (see `eval.record`), and retrieval, risk_coverage,
reliability and latency, each as .png and .svg.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.failures import failures
from eval.metrics.intervals import Interval
from eval.plots import draw
from eval.run import Run, mode, save, summary_json
from eval.summary import Summary
from eval.terminal import table
from rag.errors import UsageError

LABELS = {
    "correct": "correct, all questions",
    "correct_answerable": "correct, answerable questions",
    "answered": "answered, answerable questions",
    "exact_match": "exact match",
    "token_f1": "token F1",
    "rouge_l": "ROUGE-L",
    "citation_answer": "a quote holds the answer",
    "citation_article": "citations of a gold article",
    "citation_exact": "citations exact",
    "abstention_precision": "abstention precision",
    "abstention_recall": "abstention recall",
    "abstention_f1": "abstention F1",
}
BY_KIND = ("article_recall@5", "passage_recall@5", "answered", "correct", "token_f1", "rouge_l", "citation_exact")
"""The columns of the table by kind, where a run has them."""


def write_report(run: Run, directory: Path) -> Path:
    """Write the report's files and return the path of `report.md`. Without matplotlib the report says how to get the plots.

    UsageError where the folder cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        save(run, directory / "run.json")
        (directory / "summary.json").write_text(json.dumps(summary_json(run), indent=1), encoding="utf-8")
        path = directory / "report.md"
        path.write_text(_markdown_report(run, directory), encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{directory}: the report cannot be written: {error.strerror}; name another folder") from error
    return path


def render_text(run: Run) -> str:
    """The measures as plain tables for a terminal."""
    parts = ["\n".join(_facts(run)), table(("measure", "value", "95 % interval", "questions"), _mean_rows(run.summary.means))]
    if len(run.summary.by_kind) > 1:
        header, rows = _kind_rows(run.summary)
        parts.append(table(header, rows))
    return "\n\n".join(parts)


def _markdown_report(run: Run, directory: Path) -> str:
    plots = draw(run.summary, [record.reply.milliseconds for record in run.records if record.reply], directory)
    parts = [
        "# Evaluation",
        "\n".join(f"- {fact}" for fact in _facts(run)),
        *_markdown_tables(run.summary),
        *(plots.notices or [f"![{path.stem.replace('_', ' ')}]({path.name})" for path in plots.files]),
        *failures(run.records),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(run: Run) -> list[str]:
    summary = run.summary
    lines = [f"{summary.items} questions of {run.gold}, {summary.answerable} answerable"]
    lines += [f"answers: {how}"] if (how := mode(run.records)) else []
    if found := summary.confidence:
        lines.append(f"area under risk–coverage {_number(found.area)}, calibration error {_number(found.calibration_error)}")
    if summary.abstention:
        lines.append(
            f"abstained {summary.abstention.abstained} times, {summary.abstention.right} of them from the "
            f"{summary.abstention.unanswerable} unanswerable"
        )
    if times := summary.latency:
        lines.append(f"ms to answer: p50 {times.p50:.0f}, p95 {times.p95:.0f}, longest {times.longest:.0f}")
    return lines


def _markdown_tables(summary: Summary) -> list[str]:
    parts = ["## Measures", _markdown(("measure", "value", "95 % interval", "questions"), _mean_rows(summary.means))]
    if len(summary.by_kind) > 1:
        parts += ["## By kind of question", _markdown(*_kind_rows(summary))]
    return parts


def _mean_rows(means: Mapping[str, Interval]) -> list[tuple[str, ...]]:
    order = [*LABELS, *(name for name in means if name not in LABELS)]
    return [
        (LABELS.get(name, name.replace("_", " ")), _number(one.value), f"{one.low:.3f}–{one.high:.3f}", str(one.count))
        for name in order
        if (one := means.get(name))
    ]


def _kind_rows(summary: Summary) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    columns = [name for name in BY_KIND if name in summary.means]
    rows = []
    for kind, means in summary.by_kind.items():
        count = max((interval.count for interval in means.values()), default=0)
        rows.append((kind, str(count), *(_with_half_width(means.get(name)) for name in columns)))
    return ("kind", "questions", *(name.replace("_", " ") for name in columns)), rows


def _with_half_width(interval: Interval | None) -> str:
    return f"{interval.value:.3f} ±{(interval.high - interval.low) / 2:.3f}" if interval else "–"


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (header, rule, *rows))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
