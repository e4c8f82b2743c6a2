"""Follow-up questions: whether what is made of them finds the right article.

    dateline ingest eval/sample/articles --index INDEX
    python -m eval.followups --index INDEX [--llm MODEL]

Each follow-up of the set is searched for as it was typed, behind the question before it, as the rules have it (rewritten, or as
typed behind the topic) without and with the reader, as a language model rewrites it where one is named, and as a person wrote it
to stand alone. A right article is any that the set names for it. Every second follow-up was held back while the rules were
written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from eval.metrics.intervals import Interval, mean_interval, paired_difference
from eval.metrics.ranking import hit, reciprocal_rank
from eval.relevance import rank_articles
from eval.terminal import note, run, say, table
from rag.errors import ArchiveDamaged, InputError
from rag.types import Passage, Rewrite, Role, Turn

SET = "followups.jsonl"
DEPTH = 10
NEW_TOPIC = "new topic"
TYPED, BEHIND, RULES, READER, WRITTEN = "as typed", "earlier question + follow-up", "rules", "rules + reader", "by hand"
MEASURES = ("R@1", "R@5", "MRR@10")

Search = Callable[[str], Sequence[Passage]]
Way = Callable[["FollowUp"], Rewrite]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question with the turns before it, what it means, and the articles that answer it."""

    id: str
    kind: str
    history: tuple[Turn, ...]
    question: str
    written: str
    article_ids: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one way makes of a follow-up, and how well that is searched for."""

    rewrite: Rewrite
    scores: Mapping[str, float]


def read_set(path: Path) -> list[FollowUp]:
    """Raises InputError that names the line that is wrong."""
    return list(_follow_ups(path))


def _follow_ups(path: Path) -> Iterator[FollowUp]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            history = tuple(Turn(cast(Role, turn["role"]), str(turn["content"])) for turn in row["history"])
            found = FollowUp(
                row["id"], row["kind"], history, row["question"], row["standalone"], tuple(row["article_ids"]),
                {"dev": False, "held": True}[row["part"]],
            )  # fmt: skip
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not a follow-up ({error})") from error
        if not found.history or not found.article_ids:
            raise InputError(f"{path}, line {number}: a follow-up needs a history and an article")
        yield found


def put_behind(item: FollowUp) -> Rewrite:
    """The follow-up behind the question before it, whatever it is."""
    earlier = [turn.content for turn in item.history if turn.role == "user"]
    return Rewrite(f"{earlier[-1]} {item.question}" if earlier else item.question, "before")


def scores(item: FollowUp, passages: Sequence[Passage]) -> dict[str, float]:
    """Whether a right article is first or among the first five, and the reciprocal of its rank."""
    found = [frozenset({one} & set(item.article_ids)) for one in rank_articles(passages)[:DEPTH]]
    return {"R@1": hit(found, 1), "R@5": hit(found, 5), "MRR@10": reciprocal_rank(found, DEPTH)}


def try_ways(items: Sequence[FollowUp], ways: Mapping[str, Way], search: Search) -> dict[str, list[Attempt]]:
    """What every way makes of every item, in order; a text is searched for once."""
    known: dict[str, Sequence[Passage]] = {}
    step = max(1, len(items) // 10)
    found: dict[str, list[Attempt]] = {name: [] for name in ways}
    for done, item in enumerate(items):
        if done % step == 0:
            note(f"{done} of {len(items)} follow-ups")
        for name, way in ways.items():
            rewrite = way(item)
            if rewrite.sought not in known:
                known[rewrite.sought] = search(rewrite.sought)
            found[name].append(Attempt(rewrite, scores(item, known[rewrite.sought])))
    return found


def main(
    index: Annotated[Path | None, typer.Option(help="An archive of the sample's articles.")] = None,
    questions: Annotated[Path | None, typer.Option(help="Another file of follow-ups.")] = None,
    llm: Annotated[str | None, typer.Option(help="A language model to rewrite as well.")] = None,
    show: Annotated[bool, typer.Option("--show", help="List what was made of each follow-up that was not held back.")] = False,
) -> None:
    """Score rewriting of follow-ups by retrieval, on those worked with and those held back, and by kind."""
    from rag import Rag
    from rag.llm import load_language_model
    from rag.parts import load_reader
    from rag.settings import load_settings
    from rag.understand import Rewriter

    items = read_set(questions or Path(str(files("eval") / "sample" / SET)))
    settings = load_settings(index=index)
    with Rag.open(settings.index, settings) as rag:
        outlets = rag.archive.catalog.outlets()
        wanted = {one for item in items for one in item.article_ids}
        if not rag.archive.catalog.articles(list(wanted)):
            raise InputError(f"{settings.index}: none of the articles that the follow-ups ask for is in this archive")
        if rag.archive.dense is None:
            raise ArchiveDamaged(f"{settings.index}: the dense index is damaged; run `dateline rebuild`")
        plain, reading = Rewriter(), Rewriter(load_reader(settings.reader))
        ways: dict[str, Way] = {
            TYPED: lambda item: Rewrite(item.question),
            BEHIND: put_behind,
            RULES: lambda item: plain.rewrite(item.question, item.history, outlets),
            READER: lambda item: reading.rewrite(item.question, item.history, outlets),
        }
        if llm is not None:
            model = load_language_model(llm, settings)
            ways[f"llm:{model.name}"] = lambda item: reading.rewrite(item.question, item.history, outlets, model)
        ways[WRITTEN] = lambda item: Rewrite(item.written)
        found = try_ways(items, ways, lambda text: rag.search(text, 3 * DEPTH))
    report(items, found)
    if show:
        _list(items, found)


def report(items: Sequence[FollowUp], found: Mapping[str, Sequence[Attempt]]) -> None:
    """Print the scores of those worked with and those held back, then of all by kind."""
    for name, held in (("worked with", False), ("held back", True)):
        keep = [item.held == held for item in items]
        say(f"{name}, {sum(keep)} follow-ups\n{_scores(found, keep)}\n{_shares(items, found, keep)}\n")
    kinds = list(dict.fromkeys(item.kind for item in items))
    for held in (False, True):
        say(f"R@5 by kind, {'held back' if held else 'worked with'}\n{_by_kind(items, found, kinds, held)}\n")


def _scores(found: Mapping[str, Sequence[Attempt]], keep: Sequence[bool]) -> str:
    columns = {
        name: {measure: _select_kept([one.scores[measure] for one in tries], keep) for measure in MEASURES}
        for name, tries in found.items()
    }
    rows = [(name, *(_value(mean_interval(values[measure])) for measure in MEASURES)) for name, values in columns.items()]
    pairs = [(READER, TYPED), (READER, BEHIND), (READER, RULES), (READER, WRITTEN)]
    pairs += [(name, READER) for name in columns if name.startswith("llm:")]
    for name, other in pairs:
        gains = (paired_difference(columns[name][measure], columns[other][measure]) for measure in MEASURES)
        rows.append((f"{name} − {other}", *map(_format_signed, gains)))
    return table(("", *MEASURES), rows)


def _shares(items: Sequence[FollowUp], found: Mapping[str, Sequence[Attempt]], keep: Sequence[bool]) -> str:
    """How many new topics are left as they are, and how many other follow-ups are rewritten."""
    lines = []
    for name, tries in found.items():
        if name in (TYPED, BEHIND, WRITTEN):
            continue
        new = [
            float(one.rewrite.sought == item.question) for one, item in zip(tries, items, strict=True) if item.kind == NEW_TOPIC
        ]
        rest = [
            float(one.rewrite.sought != item.question) for one, item in zip(tries, items, strict=True) if item.kind != NEW_TOPIC
        ]
        of_new = _select_kept(new, [kept for kept, item in zip(keep, items, strict=True) if item.kind == NEW_TOPIC])
        of_rest = _select_kept(rest, [kept for kept, item in zip(keep, items, strict=True) if item.kind != NEW_TOPIC])
        lines.append((name, _value(mean_interval(of_new)), _value(mean_interval(of_rest))))
    return table(("", "new topics left alone", "others rewritten or sought behind the topic"), lines)


def _by_kind(items: Sequence[FollowUp], found: Mapping[str, Sequence[Attempt]], kinds: Sequence[str], held: bool) -> str:
    rows = []
    for kind in kinds:
        keep = [item.kind == kind and item.held == held for item in items]
        values = [_select_kept([one.scores["R@5"] for one in tries], keep) for tries in found.values()]
        rows.append((kind, str(sum(keep)), *(f"{sum(one) / len(one):.2f}" if one else "–" for one in values)))
    return table(("kind", "items", *found), rows)


def _list(items: Sequence[FollowUp], found: Mapping[str, Sequence[Attempt]]) -> None:
    last = [name for name in found if name != WRITTEN][-1]
    for item, one, by_hand in zip(items, found[last], found[WRITTEN], strict=True):
        if not item.held:
            say(f"{item.id} {item.kind}: {item.question}\n  {one.rewrite.sought} [{one.scores['MRR@10']:.2f}, {one.rewrite.by}]")
            say(f"  {item.written} [{by_hand.scores['MRR@10']:.2f}]")


def _select_kept(values: Sequence[float], keep: Sequence[bool]) -> list[float]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]


def _value(interval: Interval | None) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


def _format_signed(interval: Interval | None) -> str:
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]" if interval else "–"


if __name__ == "__main__":
    run(main)
