"""The results in the documentation, made from the files of the runs: `python -m eval.results_page`.

A file of `eval/results` is one run:

    {"set", "command", "commit", "note"?, "measures": [{"measure", "n"?, "value", "low"?, "high"?, "unit"?}]}

`--check` changes nothing and fails where the page is not what the files say. `--add SUMMARY.json` makes a file of a summary that
`dateline eval --report` writes, at the commit that is checked out:

    python -m eval.results_page --add report/summary.json --name 30-sample --set "The sample" --command "dateline eval GOLD.jsonl"
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rag.errors import InputError

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
FOLDER = Path(__file__).parent / "results"
BEGIN, END = "<!-- made by `python -m eval.results_page`: begin -->", "<!-- end of the results -->"


class Measure(BaseModel):
    """One figure: of `n` items where that is known, with its 95 % interval where there is one. Without a unit it is a share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str = Field(min_length=1)
    n: int | None = Field(None, ge=0)
    value: float
    low: float | None = None
    high: float | None = None
    unit: str | None = None

    @model_validator(mode="after")
    def _interval_holds_value(self) -> Measure:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has both ends")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] does not hold {self.value}")
        return self


class Result(BaseModel):
    """What one command measured, at one commit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: str = Field(min_length=1)
    command: str = Field(min_length=1)
    commit: str = Field(pattern=r"^[0-9a-f]{7,40}$")
    note: str | None = None
    measures: tuple[Measure, ...] = Field(min_length=1)


def read_results(folder: Path = FOLDER) -> list[Result]:
    """The runs, by the names of their files. Raises InputError that names a file that is none."""
    return [read_result(path) for path in sorted(folder.glob("*.json"))]


def read_result(path: Path) -> Result:
    try:
        return Result.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path}: {place + ': ' if place else ''}{first['msg']}") from error


def render_results(results: Sequence[Result]) -> str:
    """One table; what a run's rows share stands in the first of them."""
    rows = [row for result in results for row in _rows(result)]
    header = ["| Set | Measured | n | Value | 95 % interval | Command | Commit |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*header, *rows])


def with_results(page: str, table: str) -> str:
    """The page with `table` between its marks. Raises InputError when a mark is not there, or they are the wrong way round."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise InputError(f"the page has to hold {BEGIN!r} and, behind it, {END!r}")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def result_of_summary(path: Path, title: str, command: str, commit: str) -> Result:
    """The run whose summary `dateline eval --report` has written. Raises InputError for a file that is no summary."""
    try:
        metrics = json.loads(path.read_text("utf-8"))["metrics"]
        found = [
            {"measure": name.replace("_", " "), "n": one["count"], **{key: one[key] for key in ("value", "low", "high")}}
            for name, one in metrics.items()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a summary of `dateline eval --report`: {error}") from error
    return Result.model_validate({"set": title, "command": command, "commit": commit, "measures": found})


def _rows(result: Result) -> Iterator[str]:
    note = f" {result.note}" if result.note else ""
    shared = f"{result.set}.{note}", f"`{result.command}`", f"`{result.commit}`"
    for number, one in enumerate(result.measures):
        title, command, commit = shared if number == 0 else ("", "″", "″")
        n = "" if one.n is None else f"{one.n:,}"
        interval = "" if one.low is None or one.high is None else f"{_figure(one.low)}, {_figure(one.high)}"
        unit = f" {one.unit}" if one.unit else ""
        yield f"| {title} | {one.measure} | {n} | {_figure(one.value, one.unit)}{unit} | {interval} | {command} | {commit} |"


def _figure(value: float, unit: str | None = None) -> str:
    """A share with three places and without its 0, as statistics write it; what has a unit as it was measured."""
    if unit or abs(value) > 1:
        return f"{value:,g}"
    return f"{value:.3f}".replace("0.", ".", 1)


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the results of the runs into the documentation.")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where the page is not up to date")
    parser.add_argument("--add", type=Path, metavar="SUMMARY", help="a summary.json of `dateline eval --report` to keep first")
    parser.add_argument("--name", help="the name of its file, without the ending")
    parser.add_argument("--set", dest="title", help="what it was measured on")
    parser.add_argument("--command", help="what was run")
    parser.add_argument("--commit", help="at which commit [default: the one that is checked out]")
    given = parser.parse_args(arguments)
    if given.add:
        if not (given.name and given.title and given.command):
            parser.error("--add needs --name, --set and --command")
        result = result_of_summary(given.add, given.title, given.command, given.commit or _commit())
        kept = result.model_dump_json(indent=1, exclude_none=True)
        (given.folder / f"{given.name}.json").write_text(f"{kept}\n", "utf-8")
    page = given.page.read_text("utf-8")
    made = with_results(page, render_results(read_results(given.folder)))
    if given.check and made != page:
        sys.exit(f"{given.page} is not what the files in {given.folder} say; run `python -m eval.results_page`")
    given.page.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
