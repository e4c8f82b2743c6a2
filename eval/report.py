"""A run as a report: plain text for the terminal, and a folder with Markdown, JSON and plots.

The folder has report.md, summary.json (see `report_json`), run.json (see `eval.record`), and retrieval, risk_coverage,
reliability and latency, each as .png and .svg.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.against import HEADER, Against, against_json, against_rows
from eval.failures import failures
from eval.labels import in_order, label
from eval.metrics.intervals import Interval
from eval.plots import draw
from eval.run import Run, mode, save, summary_json
from eval.summary import Summary
from eval.terminal import fold_table, table
from rag.errors import UsageError

BY_GROUP = (
    "article_recall@5", "passage_recall@5", "answered", "correct", "exact_match", "token_f1", "rouge_l", "citation_exact",
)  # fmt: skip
"""The columns of the tables by kind and by type of question, where a run has them."""

Grouped = Mapping[str, Mapping[str, Interval]]
"""For each group of questions, its measures by name."""


def write_report(run: Run, directory: Path, against: Against | None = None) -> Path:
    """Write the report's files and return the path of `report.md`. Without matplotlib the report says how to get the plots.

    UsageError where the folder cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        save(run, directory / "run.json")
        (directory / "summary.json").write_text(json.dumps(report_json(run, against), indent=1), encoding="utf-8")
        path = directory / "report.md"
        path.write_text(_markdown_report(run, directory, against), encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{directory}: the report cannot be written: {error.strerror}; name another folder") from error
    return path


def report_json(run: Run, against: Against | None = None) -> dict[str, object]:
    """The document of `summary_json`, with `against_json` as its "against" where the run was compared with another."""
    return summary_json(run) | ({"against": against_json(against)} if against else {})


def render_text(run: Run, against: Against | None = None) -> str:
    """The measures as plain tables for a terminal."""
    parts = ["\n".join(_facts(run)), table(("measure", "value", "95 % interval", "questions"), _mean_rows(run.summary.means))]
    parts += [f"{_format_comparison(against)}\n{table(HEADER, against_rows(against))}"] if against else []
    parts += [fold_table(*_group_rows(name, groups, run.summary)) for name, groups in _groups(run.summary)]
    return "\n\n".join(parts)


def _markdown_report(run: Run, directory: Path, against: Against | None) -> str:
    plots = draw(run.summary, [record.reply.milliseconds for record in run.records if record.reply], directory)
    parts = [
        "# Evaluation",
        "\n".join(f"- {fact}" for fact in _facts(run)),
        *_markdown_tables(run.summary),
        *(["## Against another run", _format_comparison(against), _markdown(HEADER, against_rows(against))] if against else []),
        *(plots.notices or [f"![{path.stem.replace('_', ' ')}]({path.name})" for path in plots.files]),
        *failures(run.records),
    ]
    return "\n\n".join(parts) + "\n"


def _format_comparison(against: Against) -> str:
    return f"compared with {against.run} over {against.questions} questions"


def _facts(run: Run) -> list[str]:
    summary = run.summary
    lines = [f"{summary.items} questions of {run.gold}, {summary.answerable} answerable"]
    lines += [f"answers: {how}"] if (how := mode(run.records)) else []
    if found := summary.confidence:
        lines.append(f"area under risk–coverage {_number(found.area)}, calibration error {_number(found.calibration_error)}")
        shares = ", ".join(f"{one.coverage:.3f} at {one.risk:.0%}" for one in found.answered_at_risk)
        lines.append(f"answerable at a risk of being wrong: {shares}")
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
    for name, groups in _groups(summary):
        parts += [f"## By {name} of question", _markdown(*_group_rows(name, groups, summary))]
    return parts


def _groups(summary: Summary) -> list[tuple[str, Grouped]]:
    """The ways in which the questions fall into more than one group."""
    return [(name, groups) for name, groups in (("kind", summary.by_kind), ("type", summary.by_type)) if len(groups) > 1]


def _mean_rows(means: Mapping[str, Interval]) -> list[tuple[str, ...]]:
    rows = ((label(name), means[name]) for name in in_order(means))
    return [(title, _number(one.value), f"{one.low:.3f}–{one.high:.3f}", str(one.count)) for title, one in rows]


def _group_rows(name: str, groups: Grouped, summary: Summary) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    columns = [column for column in BY_GROUP if column in summary.means]
    rows = []
    for group, means in groups.items():
        count = max((interval.count for interval in means.values()), default=0)
        rows.append((group, str(count), *(_with_half_width(means.get(column)) for column in columns)))
    return (name, "questions", *(column.replace("_", " ") for column in columns)), rows


def _with_half_width(interval: Interval | None) -> str:
    return f"{interval.value:.3f} ±{(interval.high - interval.low) / 2:.3f}" if interval else "–"


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (header, rule, *rows))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
