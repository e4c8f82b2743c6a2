"""Fits how probably a span supports a sentence, `rag/verify/support.json`, which checking goes by.

    python -m eval.fit_support --fever DIR --wice DIR --summedits DIR --paragraphs FILE.json.gz [--each N] [--rows FILE]

Fitted on up to N true and N false sentences of each data set (`eval.support_sets`), none of them about news, and on the
development half of the project's own claims, whose sentences weigh more since they are news. Those that are held back and the
newest 150 are not looked at. Which of its spans a sentence rests on is not known, so the formula chooses: it is fitted again on
the spans that it finds most probable until these stay the same. The threshold is the lowest that refuses the share CAUGHT of the
false claims, each passage being left out of the fit in turn. `--rows` keeps what was computed of the sentences, to fit again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.claims import SET, read_set
from eval.support_sets import Example, change_sentences, draw, fever, summedits, wice
from eval.terminal import note, run, say, table
from rag.embed import DEFAULT_MODEL, SentenceEmbedder
from rag.types import Chunk, Passage
from rag.verify import Verifier
from rag.verify.checks import Failure
from rag.verify.support import FILE, NAMES, Support

Matrix = NDArray[np.float64]
CLAIMS = "claims"
CAUGHT = 0.95
"""The share of the false claims to refuse."""
EACH = 100
FOLDS = 6
ROUNDS = 4
CLAIM_WEIGHT = 3
"""What a claim of the project's counts in the fit, a sentence of the other sets counting 1."""
PARAGRAPHS = 60
EVEN = Support((0.0,) * len(NAMES), 0.0, 0.5)
"""That of a checker which has not been fitted yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with the features of each span that has all that is exact in it, shape (spans, len(NAMES))."""

    data: str
    group: str
    supported: bool
    spans: Matrix


def claims(held: bool) -> Iterator[Example]:
    """The project's own sentences: those that were looked at, or those that were held back."""
    for pair in read_set(Path(str(files("eval") / "sample" / SET))):
        if pair.held == held:
            passage = Passage(Chunk(pair.source, 0, len(pair.passage), pair.passage), 1.0)
            yield Example(CLAIMS, pair.passage[:80], (passage,), pair.sentence, pair.supported)


def read_rows(examples: Iterable[Example], verifier: Verifier) -> Iterator[Row]:
    for done, one in enumerate(examples):
        if done % 50 == 0:
            note(f"{done} sentences")
        yield read_row(one, verifier)


def read_row(one: Example, verifier: Verifier) -> Row:
    found = [each.row() for _, each in verifier.compare(one.sentence, one.passages) if not isinstance(each, Failure)]
    return Row(one.data, one.group, one.supported, np.asarray(found, np.float64).reshape(-1, len(NAMES)))


def fit(rows: Sequence[Row]) -> Support:
    """The formula, its threshold left at an even chance."""
    from eval.fitting import fit_logistic

    used = [row for row in rows if len(row.spans)]
    labels = np.asarray([row.supported for row in used], np.float64)
    counts = np.asarray([CLAIM_WEIGHT if row.data == CLAIMS else 1 for row in used])
    everything = np.vstack([row.spans for row in used])
    middle, spread = everything.mean(0), everything.std(0) + 1e-9
    best = [int(np.argmax(row.spans[:, 0] + row.spans[:, NAMES.index("coverage")])) for row in used]
    found = EVEN
    for _ in range(ROUNDS):
        chosen = np.asarray([row.spans[at] for row, at in zip(used, best, strict=True)])
        scaled = fit_logistic(NAMES, np.repeat((chosen - middle) / spread, counts, 0), np.repeat(labels, counts))
        slopes = np.asarray(scaled.weights) / spread
        found = Support(tuple(map(float, slopes)), float(scaled.bias - middle @ slopes), 0.5)
        nearest = [int(np.argmax(found.probabilities(list(row.spans)))) for row in used]
        if nearest == best:
            break
        best = nearest
    return found


def scores(support: Support, rows: Sequence[Row]) -> Matrix:
    """The probability of each sentence by its best span, 0 without any."""
    return np.asarray([max(support.probabilities(list(row.spans)), default=0.0) if len(row.spans) else 0.0 for row in rows])


def leave_out(rows: Sequence[Row]) -> Matrix:
    """The probability of each claim from a formula fitted without the claims of its fold's passages, other rows kept."""
    mine = [row for row in rows if row.data == CLAIMS]
    others = [row for row in rows if row.data != CLAIMS]
    groups = {group: at % FOLDS for at, group in enumerate(dict.fromkeys(row.group for row in mine))}
    found = np.zeros(len(mine))
    for fold in range(FOLDS):
        support = fit([*others, *(row for row in mine if groups[row.group] != fold)])
        for at, row in enumerate(mine):
            if groups[row.group] == fold:
                found[at] = scores(support, [row])[0]
    return found


def threshold(chances: Matrix, supported: Sequence[bool], caught: float = CAUGHT) -> float:
    """The lowest probability that refuses the share `caught` of what is not supported."""
    false = np.sort(chances[~np.asarray(supported)])
    return float(np.nextafter(false[min(len(false) - 1, int(np.ceil(caught * len(false))) - 1)], 1.0))


def rates(chances: Matrix, supported: Sequence[bool], least: float) -> tuple[float, float]:
    """The shares of what is false that is caught, and of what is true that is kept; 1 where there is none."""
    label = np.asarray(supported)
    caught, kept = chances[~label] < least, chances[label] >= least
    return (float(caught.mean()) if len(caught) else 1.0), (float(kept.mean()) if len(kept) else 1.0)


def document(support: Support, record: dict[str, object]) -> str:
    weights = {name: round(weight, 4) for name, weight in zip(NAMES, support.weights, strict=True)}
    whole = {**record, "least": round(support.least, 4), "bias": round(support.bias, 4), "weights": weights}
    return json.dumps(whole, indent=1) + "\n"


def examples(sets: Sequence[Iterable[Example]], each: int) -> list[Example]:
    """The claims that were looked at, and up to `each` true and `each` false sentences of every one of `sets`."""
    return [*claims(held=False), *(one for some in sets for one in draw(list(some), each))]


def main(
    fever_dir: Annotated[Path | None, typer.Option("--fever", help="A folder with validation.jsonl and test.jsonl.")] = None,
    wice_dir: Annotated[Path | None, typer.Option("--wice", help="A folder with dev.jsonl and test.jsonl.")] = None,
    edits: Annotated[Path | None, typer.Option("--summedits", help="A folder with summedits_*.json.")] = None,
    paragraphs: Annotated[Path | None, typer.Option(help="Paragraphs in the layout of SQuAD, gzip.")] = None,
    each: Annotated[int, typer.Option(min=2, help="The most true, and the most false, sentences of a data set.")] = EACH,
    kept: Annotated[Path | None, typer.Option("--rows", help="A file of this command's own with what was computed.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; the package's own file unless given.")] = None,
) -> None:
    """Fit the formula of support and its threshold, and print what they do."""
    if kept and kept.is_file():
        rows = load_rows(kept)
    else:
        sets: list[Iterable[Example]] = []
        sets += [fever(fever_dir)] if fever_dir else []
        sets += [wice(wice_dir)] if wice_dir else []
        sets += [summedits(edits)] if edits else []
        sets += [change_sentences(paragraphs, PARAGRAPHS)] if paragraphs else []
        rows = list(read_rows(examples(sets, each), Verifier(SentenceEmbedder(), EVEN)))
        if kept:
            save_rows(rows, kept)
    finish(rows, out or Path(str(files("rag.verify") / FILE)))


def load_rows(file: Path) -> list[Row]:
    found = map(json.loads, file.read_text("utf-8").splitlines())
    return [Row(**{**row, "spans": np.asarray(row["spans"], np.float64).reshape(-1, len(NAMES))}) for row in found]


def save_rows(rows: Sequence[Row], file: Path) -> None:
    lines = (json.dumps({**asdict(row), "spans": row.spans.tolist()}) for row in rows)
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def finish(rows: Sequence[Row], out: Path) -> None:
    mine = [row.supported for row in rows if row.data == CLAIMS]
    chances = leave_out(rows)
    least = threshold(chances, mine)
    caught, true = rates(chances, mine, least)
    support = replace(fit(rows), least=least)
    counts = {name: sum(row.data == name for row in rows) for name in dict.fromkeys(row.data for row in rows)}
    left = {"caught": round(caught, 3), "kept": round(true, 3)}
    record: dict[str, object] = {
        "model": DEFAULT_MODEL, "fitted": date.today().isoformat(), "sentences": counts, "claims_left_out": left,
    }  # fmt: skip
    out.write_text(document(support, record), "utf-8")
    say(f"{len(rows)} sentences; claims, each passage left out: caught {caught:.3f}, kept {true:.3f}, from {least:.3f} on")
    say(table(("data", "n", "caught", "kept"), [_row(name, rows, support) for name in counts]))
    say("\n".join(f"  {name:10} {weight:+.3f}" for name, weight in zip(NAMES, support.weights, strict=True)))


def _row(name: str, rows: Sequence[Row], support: Support) -> tuple[str, ...]:
    mine = [row for row in rows if row.data == name]
    caught, kept = rates(scores(support, mine), [row.supported for row in mine], support.least)
    return name, str(len(mine)), f"{caught:.3f}", f"{kept:.3f}"


if __name__ == "__main__":
    run(main)
