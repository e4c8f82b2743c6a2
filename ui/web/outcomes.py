"""What became of files and pages, in the words of the view that adds them."""

from __future__ import annotations

from pathlib import PurePath

from ingest.files import is_address
from ingest.report import Outcome, Report

KNOWN_FROM = {
    "record": "the record", "front matter": "the front matter", "JSON-LD": "the page’s JSON-LD", "meta": "the page’s metadata",
    "feed": "the feed", "page": "words on the page", "dateline": "the dateline", "URL": "the address",
    "file name": "the file’s name", "none": "",
}  # fmt: skip
UNSURE = 0.5
WOULD = {
    "stored": "would be stored", "replaced": "would replace an older version", "unchanged": "already there",
    "skipped": "left out", "failed": "cannot be read", "removed": "would be removed",
}  # fmt: skip
IS = {**WOULD, "stored": "stored", "replaced": "stored as a new version", "removed": "removed"}


def count_outcomes(report: Report) -> str:
    """How many of each kind, those of which there are none left out."""
    words = WOULD if report.dry_run else IS
    told = [f"{count:,} {words[ending]}" for ending, count in report.counts.items() if count]
    return ", ".join(told) or "There is nothing to read in what was given"


def file_name(path: str) -> str:
    """The file by its name alone, the page by its address."""
    return path if is_address(path) else PurePath(path).name


def place_given(outcome: Outcome) -> str:
    """Where in what was given the article or the refusal stands."""
    name = file_name(outcome.path)
    return f"{name}, line {outcome.line}" if outcome.line else name


def reason_given(outcome: Outcome) -> str:
    """The reason without the folder that the browser's files lie in meanwhile."""
    folder = "" if is_address(outcome.path) else f"{PurePath(outcome.path).parent}/"
    return (outcome.reason or "").replace(folder, "") if len(folder) > 1 else outcome.reason or ""


def explain_date(outcome: Outcome) -> str:
    """Where the date comes from, and whether it may be another."""
    if outcome.published is None:
        return "–"
    unsure = outcome.published_confidence is not None and outcome.published_confidence < UNSURE
    return KNOWN_FROM[outcome.published_from] + (" (unsure)" if unsure else "")
