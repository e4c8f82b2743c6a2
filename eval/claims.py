"""Sentences held against the passages that they are said to rest on: how many false ones are caught, how many true ones kept.

    python -m eval.claims [--file CLAIMS.jsonl] [--held] [--errors] [--passages N]
    python -m eval.claims --facts
    python -m eval.claims --summedits DIR [--each N]

On sentences written for this, each with a passage that carries it or, with one thing changed, does not. Those of every second
passage were held back while the rules were made; `--held` scores them alone. `--facts` scores sentences of public data sets that
nothing was tuned on, changed by rules (`eval.changes`); `--summedits` scores N true and N false sentences of edited summaries of
news, beside the passages of the article that have most of their words. The embedder is that of the settings.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.changes import Change, make_changed_facts
from eval.metrics.intervals import mean_interval, percentile
from eval.support_sets import draw, summedits
from eval.terminal import note, run, say, table
from rag.embed import SentenceEmbedder
from rag.errors import InputError, UsageError
from rag.protocols import Verifies
from rag.settings import load_settings
from rag.types import Chunk, Passage, Source, Verdict
from rag.verify import Verifier

SET = "claims.jsonl"
HEADER = ("class", "n", "right", "by which check")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with its passage. `supported` says whether the passage carries it, `kind` in which way it was made.

    `beside` are further passages of the same article.
    """

    id: str
    passage: str
    source: Source
    sentence: str
    supported: bool
    kind: str
    held: bool
    beside: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A pair, what came of verifying it, and in how many milliseconds."""

    pair: Pair
    verdict: Verdict
    milliseconds: float

    @property
    def right(self) -> bool:
        return self.verdict.supported == self.pair.supported


def read_set(path: Path) -> list[Pair]:
    """Raises InputError that names the line that is wrong."""
    return list(_pairs(path))


def _pairs(path: Path) -> Iterator[Pair]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            source = Source(row["id"], row["title"], row["outlet"], published=date.fromisoformat(row["published"]))
            supported, held = bool(row["supported"]), bool(row["held"])
            yield Pair(row["id"], row["passage"], source, row["sentence"], supported, row["class"], held)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not a sentence with its passage ({error})") from error


def _of_data(folder: Path | None) -> list[Pair]:
    if folder is None:
        raise UsageError("--facts needs the public data sets: say where they are with --data or DATELINE_DATA")
    try:
        return of_changes(make_changed_facts(folder))
    except OSError as error:
        raise InputError(f"{folder} has no data for --facts ({error})") from error


def of_changes(changes: Sequence[Change]) -> list[Pair]:
    return [
        Pair(f"f{number}", one.passage, Source(f"f{number}", one.title, one.outlet, published=one.published), one.sentence,
             one.supported, one.kind, True)
        for number, one in enumerate(changes, start=1)
    ]  # fmt: skip


def of_edits(folder: Path, each: int) -> list[Pair]:
    """Up to `each` true and `each` false sentences of edited summaries of news. Raises InputError where there are none."""
    try:
        found = draw(list(summedits(folder, news=True)), each)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder} has no summaries for --summedits ({error!r})") from error
    return [
        Pair(f"s{number}", one.passages[0].chunk.text, one.passages[0].chunk.source, one.sentence, one.supported,
             "true" if one.supported else "edited", True, one.passages[1:])
        for number, one in enumerate(found, start=1)
    ]  # fmt: skip


def judge(pairs: Sequence[Pair], verifier: Verifies, passages: int = 1) -> list[Judgement]:
    """Each pair's verdict, its passage standing first among `passages`; the others are those of the pairs that follow it."""
    texts = list({pair.passage: pair for pair in pairs}.values())
    place = {pair.passage: at for at, pair in enumerate(texts)}
    judged: list[Judgement] = []
    for pair in pairs:
        at = place[pair.passage]
        others = [texts[(at + more) % len(texts)] for more in range(1, min(passages, len(texts)))]
        first, *rest = (Passage(Chunk(one.source, 0, len(one.passage), one.passage), 1.0) for one in (pair, *others))
        found = [first, *pair.beside, *rest]
        start = time.perf_counter()
        verdict = verifier.verify(pair.sentence, found)
        judged.append(Judgement(pair, verdict, 1e3 * (time.perf_counter() - start)))
    return judged


def summary(judged: Sequence[Judgement]) -> str:
    """A table: first what true sentences are made of and how many were kept, then the false ones by what was changed."""
    rows: list[tuple[str, ...]] = []
    for supported, title in ((True, "true kept"), (False, "corrupted caught")):
        of_them = [one for one in judged if one.pair.supported == supported]
        kinds = sorted({one.pair.kind for one in of_them})
        rows += [_row(kind, [one for one in of_them if one.pair.kind == kind]) for kind in kinds]
        rows.append(_row(title, of_them))
    return table(HEADER, [row for row in rows if row[1] != "0"])


def _row(title: str, judged: Sequence[Judgement]) -> tuple[str, ...]:
    refused = Counter(str(one.verdict.check) for one in judged if not one.verdict.supported)
    checks = ", ".join(f"{check} {count}" for check, count in refused.most_common())
    return title, str(len(judged)), _share([one.right for one in judged]), checks


def _share(right: Sequence[bool]) -> str:
    interval = mean_interval([float(one) for one in right])
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


def _error(one: Judgement) -> str:
    verdict = one.verdict
    why = f"kept, support {verdict.support:.2f}" if verdict.supported else f"refused, {verdict.check}: {verdict.reason}"
    return f"{one.pair.id} {one.pair.kind} ({why}): {one.pair.sentence}"


def report(judged: Sequence[Judgement], errors: bool, write: Callable[[str], None] = say) -> None:
    write(summary(judged))
    times = [one.milliseconds for one in judged]
    write(f"\na sentence takes {percentile(times, 50):.1f} ms (p50), {percentile(times, 95):.1f} ms (p95)")
    if errors and (wrong := [_error(one) for one in judged if not one.right]):
        write("\nnot right:\n" + "\n".join(wrong))


def main(
    file: Annotated[Path | None, typer.Option(help="Another file of sentences with passages.")] = None,
    held: Annotated[bool, typer.Option("--held", help="Only the sentences held back.")] = False,
    tuned: Annotated[bool, typer.Option("--tuned", help="Only the sentences that were looked at.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what went wrong.")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="Sentences of public data sets, changed by rules.")] = False,
    edits: Annotated[Path | None, typer.Option("--summedits", help="A folder with edited summaries of news.")] = None,
    each: Annotated[int, typer.Option(min=1, help="The most true, and the most false, of these.")] = 60,
    data: Annotated[Path | None, typer.Option(envvar="DATELINE_DATA", help="The folder with multihop_rag and squad.")] = None,
    passages: Annotated[int, typer.Option(min=1, help="How many passages a sentence is held against.")] = 1,
) -> None:
    """Score the checking of sentences, by class."""
    if edits:
        pairs = of_edits(edits, each)
    else:
        pairs = _of_data(data) if facts else read_set(file or Path(str(files("eval") / "sample" / SET)))
    pairs = [pair for pair in pairs if pair.held or not held]
    pairs = [pair for pair in pairs if not (pair.held and tuned)]
    if not pairs:
        raise InputError("there is no sentence to score")
    note(f"{len(pairs)} sentences, {len({pair.passage for pair in pairs})} passages")
    report(judge(pairs, Verifier(SentenceEmbedder(load_settings().model)), passages), errors)


if __name__ == "__main__":
    run(main)
