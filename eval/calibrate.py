"""Fit the confidence of answers for the parts that an archive is read with, on questions about that archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.fit_trust import SHORT_PRECISION, calibrate, collect
from eval.fitting import GoldSet
from eval.metrics.abstention import expected_calibration_error, reliability
from rag.errors import UsageError
from rag.extract.trust import Setup, Trust, save_trust, trust_for
from rag.parts import load_embedder, load_reader, load_reranker, setup_of, trust_folders
from rag.settings import Settings

MANY = 400
"""From so many questions on all weights are fitted; with fewer, those of the parts that the package brings are kept."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, for which parts, on how many `questions`, and what it gives on questions left out of the fit.

    `shown` answers would be shown, and `right` is the share of them that is; `shorts` of them with a short answer, of which
    `shorts_right` are right. `error` is the expected calibration error of all.
    """

    setup: Setup
    trust: Trust
    questions: int
    answered_right: int
    shown: int
    right: float | None
    shorts: int
    shorts_right: float | None
    error: float

    def described(self) -> str:
        """In sentences."""
        of_shown = f", {self.right:.0%} of them right" if self.right is not None else ""
        of_shorts = f", {self.shorts_right:.0%} of them right" if self.shorts_right is not None else ""
        return (
            f"{self.questions} questions asked, {self.answered_right} answered right if none were withheld.\n"
            f"On questions left out of the fit, {self.shown} answers would be shown{of_shown},"
            f" {self.shorts} with a short answer{of_shorts}.\n"
            f"Calibration error {self.error:.3f}. Short answers aim at {SHORT_PRECISION:.0%} right by their words."
        )


def calibrate_archive(
    gold: Path, settings: Settings, keep: float, limit: int | None = None, reading: Callable[[], None] = lambda: None
) -> Calibration:
    """Fit it and keep it with the archive, whose answers show it from the next opening on.

    `reading` is called once the models are loaded. Raises UsageError without a reader, InputError for questions that do not do.
    """
    reader = load_reader(settings.reader)
    if reader is None:
        raise UsageError("DATELINE_READER is none: there is no reader to calibrate; set it to packaged or to a model")
    setup = setup_of(settings, reader, load_embedder(settings))
    reading()
    asked = collect(GoldSet(settings.index, gold), reader, load_reranker(settings, reader), limit)
    known = trust_for(setup, *trust_folders(settings.reader))
    found = calibrate(asked, keep, None if len(asked) >= MANY else known)
    save_trust(found.trust, setup, settings.index)
    sure = [
        one for one, value in zip(found.shown, found.confidences, strict=True) if value >= found.trust.min_confidence
    ]  # fmt: skip
    shorts = [one.short_right for one in sure if one.short_chance >= found.trust.min_short]
    labels = [one.right for one in found.shown]
    return Calibration(
        setup, found.trust, len(asked), sum(labels), len(sure), _share([one.right for one in sure]), len(shorts),
        _share(shorts), expected_calibration_error(reliability(found.confidences.tolist(), labels)) or 0.0,
    )  # fmt: skip


def _share(outcomes: list[bool]) -> float | None:
    return sum(outcomes) / len(outcomes) if outcomes else None
