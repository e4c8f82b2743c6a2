"""The questions that went wrong, in Markdown, with what is needed to see why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from eval.record import ItemRecord, Reply

SHOWN = 20
SNIPPET = 300
NEAREST = 3


def failures(records: Sequence[ItemRecord]) -> list[str]:
    """The paragraphs of all three sections; a section without questions is left out."""
    sections = {
        "Missed answers": select_missed(records),
        "Wrong abstentions": wrong_abstentions(records),
        "Answers to the unanswerable": wrong_answers(records),
    }
    return [part for title, wrong in sections.items() for part in _section(title, wrong)]


def select_missed(records: Sequence[ItemRecord]) -> list[ItemRecord]:
    """Answerable questions that were answered without a right answer, the most confident first."""
    return _surest(record for record in records if record.answered and record.scores.get("correct_answerable") == 0)


def wrong_abstentions(records: Sequence[ItemRecord]) -> list[ItemRecord]:
    """Answerable questions that were not answered; first those whose article or evidence was found at the top."""
    silent = [record for record in records if record.reply and record.gold.answerable and not record.answered]
    return sorted(silent, key=lambda record: -_format_found(record.scores))


def wrong_answers(records: Sequence[ItemRecord]) -> list[ItemRecord]:
    """Unanswerable questions that were answered, the most confident first."""
    return _surest(record for record in records if record.answered and not record.gold.answerable)


def plain(text: str) -> str:
    """Text of an archive on one line, cut, and without what Markdown would take for its own."""
    line = " ".join(text.split())
    line = line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"
    return escape("".join("\\" + char if char in "\\`*_[]!|#" else char for char in line), quote=False)


def _section(title: str, records: Sequence[ItemRecord]) -> list[str]:
    shown = f", the first {SHOWN} of them" if len(records) > SHOWN else ""
    return [f"## {title} ({len(records)}{shown})", *map(_describe, records[:SHOWN])] if records else []


def _describe(record: ItemRecord) -> str:
    """One question with what was wanted, said, cited and found, as a Markdown list."""
    gold = record.gold
    answers = " / ".join(gold.answers or gold.long_answers) or "no answer"
    articles = f", in {plain(', '.join(gold.article_ids))}" if gold.article_ids else ""
    lines = [
        f"- **{plain(gold.text)}** ({plain(gold.id)}, {plain(gold.kind)})",
        f"  - wanted: {plain(answers)}{articles}",
        *(_format_said(record.reply) if record.reply else ()),
        *_nearest(record),
    ]
    return "\n".join(lines)


def _format_said(reply: Reply) -> list[str]:
    text = reply.text if reply.status == "answered" else f"{reply.status}: {reply.reason or 'no reason given'}"
    quotes = [f"  - cited: {plain(one.article_id)} {one.start}–{one.end}: {plain(one.quote)}" for one in reply.citations]
    return [f"  - said: {plain(text)} (confidence {reply.confidence:.2f})", *quotes]


def _nearest(record: ItemRecord) -> list[str]:
    lines = []
    for rank, passage in enumerate(record.passages[:NEAREST], 1):
        mark = " (gold)" if passage.article_id in record.gold.article_ids else ""
        lines.append(f"  - found {rank}: {plain(passage.article_id)}{mark}, {plain(passage.title)}: {plain(passage.text)}")
    return lines


def _surest(records: Iterable[ItemRecord]) -> list[ItemRecord]:
    return sorted(records, key=lambda record: -(record.reply.confidence if record.reply else 0.0))


def _format_found(scores: Mapping[str, float]) -> float:
    return max((scores[name] for name in ("article_mrr@10", "passage_mrr@10") if name in scores), default=0.0)
