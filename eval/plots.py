"""Plots of a summary. They need matplotlib, the extra `report`; without it there are none and a notice says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from eval.score import CUTS
from eval.summary import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MISSING = 'No plots: matplotlib is not installed; run `pip install "dateline[report]"` and make the report again.'
FORMATS = ("png", "svg")
SIZE = (6.0, 4.0)


@dataclass(frozen=True, slots=True)
class Plots:
    """The PNG files written (each has an SVG beside it), and notices of what could not be drawn."""

    files: tuple[Path, ...]
    notices: tuple[str, ...] = ()


def draw(summary: Summary, milliseconds: Sequence[float], directory: Path) -> Plots:
    """Draw what the summary has values for into `directory`."""
    if find_spec("matplotlib") is None:
        return Plots((), (MISSING,))
    drawings: dict[str, Callable[[Axes], None]] = {}
    if any("_recall@" in name for name in summary.means):
        drawings["retrieval"] = lambda axes: _retrieval(axes, summary)
    if summary.confidence and summary.confidence.curve:
        drawings["risk_coverage"] = lambda axes: _risk_coverage(axes, summary)
        drawings["reliability"] = lambda axes: _reliability(axes, summary)
    if milliseconds:
        drawings["latency"] = lambda axes: _latency(axes, milliseconds)
    return Plots(tuple(_save(directory / name, drawing) for name, drawing in drawings.items()))


def _save(stem: Path, drawing: Callable[[Axes], None]) -> Path:
    """Draw without a display and without pyplot, which keeps global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    drawing(axes)
    axes.grid(alpha=0.3)
    for ending in FORMATS:
        figure.savefig(stem.with_suffix(f".{ending}"), dpi=150)
    return stem.with_suffix(f".{FORMATS[0]}")


def _retrieval(axes: Axes, summary: Summary) -> None:
    for unit in ("article", "passage"):
        for measure, style in (("hit", "--"), ("recall", "-")):
            means = [summary.means.get(f"{unit}_{measure}@{k}") for k in CUTS]
            found = [interval for interval in means if interval]
            if len(found) == len(CUTS):
                values = [interval.value for interval in found]
                below = [interval.value - interval.low for interval in found]
                above = [interval.high - interval.value for interval in found]
                axes.errorbar(CUTS, values, yerr=(below, above), fmt="o" + style, capsize=3, label=f"{unit} {measure}")
    axes.set(xlabel="k", ylabel="share of questions or of items found", ylim=(0, 1.02), xticks=CUTS, title="Retrieval")
    axes.legend()


def _risk_coverage(axes: Axes, summary: Summary) -> None:
    curve = summary.confidence.curve if summary.confidence else ()
    axes.step([point.coverage for point in curve], [point.risk for point in curve], where="post")
    axes.plot([point.coverage for point in curve], [point.risk for point in curve], "o", markersize=3)
    for one in summary.confidence.answered_at_risk if summary.confidence else ():
        if one.threshold is not None:
            axes.plot([0, one.coverage], [one.risk, one.risk], ":", color="grey")
            axes.annotate(
                f"{one.coverage:.0%} at {one.risk:.0%}", (one.coverage, one.risk), textcoords="offset points", xytext=(4, 2)
            )
    axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share of answers wrong", title="Risk and coverage")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))


def _reliability(axes: Axes, summary: Summary) -> None:
    bins = [each for each in (summary.confidence.bins if summary.confidence else ()) if each.count]
    axes.plot([0, 1], [0, 1], ":", color="grey")
    axes.bar(
        [each.low for each in bins],
        [each.accuracy for each in bins],
        [each.high - each.low for each in bins],
        align="edge",
        alpha=0.5,
    )
    axes.plot([each.confidence for each in bins], [each.accuracy for each in bins], "o")
    for each in bins:
        axes.annotate(str(each.count), (each.confidence, each.accuracy), textcoords="offset points", xytext=(4, 4))
    axes.set(xlabel="confidence", ylabel="share of answers right", xlim=(0, 1.02), ylim=(0, 1.08), title="Reliability")


def _latency(axes: Axes, milliseconds: Sequence[float]) -> None:
    axes.ecdf(milliseconds)
    axes.set(xlabel="milliseconds to answer", ylabel="share of questions", title="Latency")
