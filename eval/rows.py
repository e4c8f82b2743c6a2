"""What the rules about English make of every row of their sets, to hold a change of them against the state before it.

    python -m eval.rows --save BEFORE.json
    python -m eval.rows --against BEFORE.json

Follow-ups (by rules alone), times and outlets in questions, checked sentences, times in texts: one line a row. A change that is
meant to keep what is done prints no line; each line that it prints wants a reason. Conversations, one JSON object a line with
`turns` that have a `question`, can be added with `--conversations`: each turn is read after the questions before it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from eval import claims, followups, scopes, when
from eval.terminal import run, say
from rag.errors import InputError, UsageError
from rag.types import Rewrite, Turn
from rag.understand import Rewriter
from rag.when import mentions

OUTLETS = (
    "Meridian Wire", "Northmarch Tribune", "Port Maravel Gazette", "The Amberline Courier", "The Daily Lantern",
    "The Tarnholm Observer",
)  # fmt: skip
"""Those of the sample archive."""

CLEAN = "claims_clean.jsonl"
Rows = Mapping[str, str]
"""What was made of a row, by the name of its set and what stands in it."""


def read_rows(verified: bool, conversations: Path | None = None) -> dict[str, str]:
    """Every row of the sets with what is made of it; with the checked sentences, which load the embedder, where `verified`."""
    sample = Path(str(files("eval") / "sample"))
    rows = {**dict(_follow_ups(sample / followups.SET)), **dict(_scopes(sample / scopes.SET)), **dict(_times(sample / when.SET))}
    if conversations is not None:
        rows |= dict(_conversations(conversations))
    return rows | dict(_claims([sample / claims.SET, sample / CLEAN])) if verified else rows


def _follow_ups(path: Path) -> Iterator[tuple[str, str]]:
    rewriter = Rewriter()
    for item in followups.read_set(path):
        yield f"follow-up {item.id}: {item.question}", _format_rewrite(rewriter.rewrite(item.question, item.history, OUTLETS))


def _conversations(path: Path) -> Iterator[tuple[str, str]]:
    rewriter = Rewriter()
    for line in path.read_text("utf-8").splitlines():
        try:
            talk: dict[str, Any] = json.loads(line)
            questions = [str(turn["question"]) for turn in talk["turns"]]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: not a conversation ({error!r})") from error
        for at, question in enumerate(questions):
            history = [Turn("user", earlier) for earlier in questions[:at]]
            yield f"conversation {talk.get('id', '')}.{at + 1}: {question}", _format_rewrite(rewriter.rewrite(question, history))


def _format_rewrite(rewrite: Rewrite) -> str:
    return f"{rewrite.text} [behind: {rewrite.behind}]" if rewrite.behind else rewrite.text


def _scopes(path: Path) -> Iterator[tuple[str, str]]:
    for at, item in enumerate(scopes.read_set(path), start=1):
        yield f"scope {at}: {item.question}", "; ".join(map(str, scopes.find_filters(item))) or "none"


def _times(path: Path) -> Iterator[tuple[str, str]]:
    for at, item in enumerate(when.read_set(path), start=1):
        found = (f"{item.text[one.start : one.end]} = {one.first}–{one.before}" for one in mentions(item.text, item.published))
        yield f"time {at}: {item.text}", "; ".join(found) or "none"


def _claims(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    from rag.embed import SentenceEmbedder
    from rag.settings import load_settings
    from rag.verify import Verifier

    pairs = [pair for path in paths for pair in claims.read_set(path)]
    for one in claims.judge(pairs, Verifier(SentenceEmbedder(load_settings().model))):
        verdict = one.verdict
        why = "kept" if verdict.supported else f"refused, {verdict.check}: {verdict.reason}"
        yield f"claim {one.pair.id} ({one.pair.kind}): {one.pair.sentence}", why


def compare_rows(before: Rows, now: Rows) -> list[str]:
    """A paragraph for each row of which something else is made now, or that only one of the two has."""
    keys = [*before, *(key for key in now if key not in before)]
    changed = (key for key in keys if before.get(key) != now.get(key))
    return [f"{key}\n  before: {before.get(key, '(no such row)')}\n  now:    {now.get(key, '(no such row)')}" for key in changed]


def main(
    save: Annotated[Path | None, typer.Option(help="Write the rows to this file.")] = None,
    against: Annotated[Path | None, typer.Option(help="Print what differs from the rows of this file.")] = None,
    conversations: Annotated[Path | None, typer.Option(help="A file of conversations to read as well.")] = None,
    no_claims: Annotated[bool, typer.Option("--no-claims", help="Leave out the checked sentences, which load a model.")] = False,
) -> None:
    """Save what the rules about English make of every row of their sets, or print what has changed since."""
    if save is None and against is None:
        raise UsageError("say where to write the rows with --save, or with which rows to compare with --against")
    rows = read_rows(not no_claims, conversations)
    if against is not None:
        try:
            before: dict[str, str] = json.loads(against.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{against}: no rows that --save wrote ({error})") from error
        if no_claims:
            before = {key: made for key, made in before.items() if not key.startswith("claim ")}
        changed = compare_rows(before, rows)
        say("\n".join([*changed, f"{len(changed)} of {len(rows)} rows differ"]))
    if save is not None:
        save.write_text(json.dumps(rows, ensure_ascii=False, indent=0), "utf-8")
        say(f"{len(rows)} rows written to {save}")


if __name__ == "__main__":
    run(main)
