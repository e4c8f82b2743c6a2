"""How well copies are told from other stories on the same event, by how much they were edited.

    python -m eval.copies --threshold 0.3 --threshold 0.5 --threshold 0.7
    python -m eval.copies --articles OUT/articles.jsonl

The set is made here, with a fixed seed, from the sample articles: each is edited as desks edit a wire story, and the hard
negatives are all pairs of sample articles that are no reprints, and stories into which a fifth or two fifths of another story
have been copied as background. A pair is found when it shares a band and overlaps by the threshold. With `--articles` an archive
of these is made in a temporary folder, and its groups are shown and timed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from eval.datasets.records import Record, read_records
from eval.metrics.intervals import Interval, mean_interval, ratio_interval
from eval.terminal import note, run, say, table
from ingest.article import AssembledArticle
from ingest.copies import Signer
from ingest.dateline import read_head
from ingest.files import find_files
from ingest.parse import parse
from rag.catalog import Catalog, Signature, StoredArticle
from rag.catalog.copies import COPIED, overlap
from rag.sentences import sentence_spans
from rag.types import Article, Fingerprint, Source

SAMPLE = Path(__file__).parent / "sample" / "articles"
SEED = 20_251_101
DIMENSION = 8
BATCH = 50
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts; `level` is what was done to the one to make the other, or how they are alike without being copies."""

    level: str
    one: str
    other: str
    copies: bool


Edit = Callable[[str, random.Random, Sequence[str]], str]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _replace(share: float) -> Edit:
    def edit(text: str, chance: random.Random, vocabulary: Sequence[str]) -> str:
        return " ".join(chance.choice(vocabulary) if chance.random() < share else word for word in text.split(" "))

    return edit


def _cut(share: float) -> Edit:
    def edit(text: str, _chance: random.Random, _vocabulary: Sequence[str]) -> str:
        sentences = _sentences(text)
        return " ".join(sentences[: max(1, round(len(sentences) * (1 - share)))])

    return edit


def _change_credit(text: str, _chance: random.Random, _vocabulary: Sequence[str]) -> str:
    return f"LONDON (Reuters) – {text[read_head(text).body :]}\n\nReporting by Reuters"


def _reorder(text: str, chance: random.Random, _vocabulary: Sequence[str]) -> str:
    sentences = _sentences(text)
    return " ".join(chance.sample(sentences, len(sentences)))


def _new_intro(text: str, chance: random.Random, vocabulary: Sequence[str]) -> str:
    sentences = _sentences(text)
    rewritten = [" ".join(chance.choices(vocabulary, k=len(sentence.split()))) + "." for sentence in sentences[:2]]
    return " ".join((*rewritten, *sentences[2:]))


def _desk(text: str, chance: random.Random, vocabulary: Sequence[str]) -> str:
    edited = _cut(0.3)(_replace(0.05)(text, chance, vocabulary), chance, vocabulary)
    return _change_credit(edited, chance, vocabulary)


EDITS: Mapping[str, Edit] = {
    "credit line swapped": _change_credit,
    "a third cut from the end": _cut(0.33),
    "two thirds cut from the end": _cut(0.67),
    "sentences reordered": _reorder,
    "intro rewritten": _new_intro,
    "5 % of words replaced": _replace(0.05),
    "10 % of words replaced": _replace(0.1),
    "20 % of words replaced": _replace(0.2),
    "40 % of words replaced": _replace(0.4),
    "credit, 5 % of words, 30 % cut": _desk,
}


def pairs(articles: Sequence[Article], seed: int = SEED) -> Iterator[Pair]:
    """Copies at each level of editing, and pairs that are none. `articles` must hold no copies of each other."""
    chance = random.Random(seed)
    vocabulary = [word for article in articles for word in article.text.split()]
    for level, edit in EDITS.items():
        for article in articles:
            yield Pair(level, article.text, edit(article.text, chance, vocabulary), True)
    for one, other in combinations(articles, 2):
        yield Pair("another sample article", one.text, other.text, False)
    for share in (0.2, 0.4):
        for article in articles:
            other = chance.choice([each for each in articles if each is not article])
            yield Pair(f"{share:.0%} of it as background", article.text, _with_background(other.text, article.text, share), False)


def _with_background(text: str, other: str, share: float) -> str:
    """The text with the end of another story, where its background stands, as its own end."""
    return f"{text}\n\n{' '.join(other.split()[-round(len(other.split()) * share) :])}"


def without_reprints(articles: Sequence[Article]) -> list[Article]:
    """The articles without those that the sample reprints from its news agency: they name it in the dateline."""
    return [
        article
        for article in articles
        if "(Meridian Wire)" not in article.text[:80] or "Meridian" in (article.source.outlet or "")
    ]


def find_copies(one: Signature, other: Signature, threshold: float) -> bool:
    """Whether the two would be in one group if there were nothing else."""
    return bool(set(one.bands) & set(other.bands)) and overlap(one.shingles, other.shingles) >= threshold


def measure_levels(made: Sequence[Pair], threshold: float) -> dict[str, Interval]:
    """By level the share of pairs found as copies, and under `precision` how many of all found are copies."""
    signer = Signer()
    hits = [find_copies(signer.signature(pair.one), signer.signature(pair.other), threshold) for pair in made]
    levels = dict.fromkeys(pair.level for pair in made)
    shares = {
        level: mean_interval([float(hit) for pair, hit in zip(made, hits, strict=True) if pair.level == level])
        for level in levels
    }
    right = [float(hit and pair.copies) for pair, hit in zip(made, hits, strict=True)]
    shares["precision"] = ratio_interval(right, [float(hit) for hit in hits])
    return {level: share for level, share in shares.items() if share}


def sample() -> list[Article]:
    """The sample's articles, in the order of their files."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = (one for file in find_files([str(SAMPLE)]) for one in parse(file, None, now))
    return [one.article for one in made if isinstance(one, AssembledArticle)]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What became of a set of articles: group sizes by the title of the group's first, and milliseconds for each article."""

    articles: int
    groups: Mapping[str, int]
    titles: Mapping[str, tuple[str, ...]]
    sign_ms: float
    store_ms: float
    store_alone_ms: float


def behaviour(path: Path, count: int | None) -> Behaviour:
    """Store the articles with and without signatures, each in a catalog of its own, without chunks."""
    records = list(read_records(path))
    wanted = count or len(records)
    articles = [_number(number, records[number % len(records)], again=number // len(records)) for number in range(wanted)]
    signer, started = Signer(), time.perf_counter()
    signatures = [signer.signature(article.text) for article in articles]
    signing = time.perf_counter() - started
    with TemporaryDirectory() as folder:
        alone, _, _ = _store(Path(folder, "alone"), articles, [None] * len(articles))
        seconds, sizes, titles = _store(Path(folder, "signed"), articles, signatures)
    each = 1000 / max(1, wanted)
    return Behaviour(wanted, sizes, titles, signing * each, seconds * each, alone * each)


def _number(number: int, record: Record, again: int) -> Article:
    """An article used again is shuffled, so that its words are as many and its shingles others."""
    text = record.text("text")
    if again:
        words = text.split()
        random.Random(number).shuffle(words)
        text = " ".join(words)
    title, outlet = record.optional_text("title") or "untitled", record.optional_text("outlet")
    return Article(Source(f"article-{number}", title, outlet, record.optional_text("url")), text)


def _store(
    directory: Path, articles: Sequence[Article], signatures: Sequence[Signature | None]
) -> tuple[float, dict[str, int], dict[str, tuple[str, ...]]]:
    vectors = np.zeros((0, DIMENSION), np.float32)
    with Catalog.open(directory / "catalog.sqlite3", create=True) as catalog:
        catalog.adopt(Fingerprint("none", "1", DIMENSION, True, "", "", True, "none", 1, 0))
        waiting = [StoredArticle(one, "eval", (), vectors, signed) for one, signed in zip(articles, signatures, strict=True)]
        started = time.perf_counter()
        for first in range(0, len(waiting), BATCH):
            catalog.put(waiting[first : first + BATCH])
        seconds = time.perf_counter() - started
        sizes = catalog.group_sizes()
        named = {article.source.id: article.source.title for article in articles}
        others = catalog.copies(list(sizes))
    titles = {id: (named[id], *(copy.source.title for copy in others.get(id, ()))) for id in sizes}
    return seconds, sizes, titles


def main(
    threshold: Annotated[list[float] | None, typer.Option(help="Overlap from which a pair is a copy; can be repeated.")] = None,
    articles: Annotated[Path | None, typer.Option(help="Articles in Dateline's JSONL: show and time their groups.")] = None,
    count: Annotated[int | None, typer.Option(min=1, help="Articles to store, those of the file again, shuffled.")] = None,
) -> None:
    """Precision and recall of copies by edit level, with 95 % intervals; or the groups of an archive."""
    if articles:
        _say_behaviour(behaviour(articles, count))
        return
    made = list(pairs(without_reprints(sample())))
    note(f"{len(made)} pairs")
    thresholds = threshold or [COPIED]
    columns = [measure_levels(made, each) for each in thresholds]
    rows = [(level, *(_percent(column.get(level)) for column in columns)) for level in columns[0]]
    say(table(("% found as copies", *(f"at {each:g}" for each in thresholds)), rows))


def _say_behaviour(seen: Behaviour) -> None:
    grouped = sum(seen.groups.values())
    say(f"{seen.articles} articles, {len(seen.groups)} groups with {grouped} articles ({grouped / seen.articles:.1%})")
    say(f"milliseconds an article: {seen.sign_ms:.2f} to sign, {seen.store_ms:.2f} to store ({seen.store_alone_ms:.2f} unsigned)")
    for group, size in list(seen.groups.items())[:SHOWN]:
        say(f"\n{size} in {group}")
        for title in seen.titles[group][:SHOWN]:
            say(f"  {title}")


def _percent(interval: Interval | None) -> str:
    return f"{100 * interval.value:.1f} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]" if interval else "none"


if __name__ == "__main__":
    run(main)
