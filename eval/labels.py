"""What the measures are called in tables, and their order there."""

from __future__ import annotations

from collections.abc import Iterable

LABELS = {
    "correct": "correct, all questions",
    "correct_answerable": "correct, answerable questions",
    "answered": "answered, answerable questions",
    "exact_match": "short answer, exact match",
    "token_f1": "short answer, F1",
    "evidence_precision": "citations of gold evidence",
    "evidence_recall": "gold evidence cited",
    "rouge_l": "ROUGE-L",
    "citation_answer": "a quote holds the answer",
    "citation_article": "citations of a gold article",
    "citation_exact": "citations exact",
    "abstention_precision": "abstention precision",
    "abstention_recall": "abstention recall",
    "abstention_f1": "abstention F1",
}


def label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def in_order(names: Iterable[str]) -> list[str]:
    """The measures with a label first, in the order of the labels; then the others as they come."""
    given = dict.fromkeys(names)
    return [*(name for name in LABELS if name in given), *(name for name in given if name not in LABELS)]
