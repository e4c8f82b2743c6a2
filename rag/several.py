"""The answers to several questions, asked in one breath, as one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.forms import Row
from rag.story.outlets import outlet_name
from rag.types import Answer, Citation, Sentence

SHORT_APART = "; "
UNANSWERED = "“{question}” is not answered: {reason}"


def join_answers(whole: Answer, questions: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """`whole`, which is an abstention, as what `answers` say to `questions`, one after the other, with citations numbered anew.

    The confidence is the least of those answered. What is not answered is said in a notice; an abstention where nothing is.
    """
    told = [(question, answer) for question, answer in zip(questions, answers, strict=True) if answer.status == "answered"]
    missed = [
        UNANSWERED.format(question=question, reason=answer.reason or "")
        for question, answer in zip(questions, answers, strict=True)
        if answer.status != "answered"
    ]
    passages = tuple({id(passage): passage for answer in answers for passage in answer.passages}.values())
    if not told:
        return replace(whole, reason=" ".join(missed), cause=answers[0].cause, passages=passages)
    sentences, citations, parts = list[Sentence](), list[Citation](), list[Row]()
    for question, answer in told:
        before = len(citations)
        citations += (replace(one, number=one.number + before) for one in answer.citations)
        for sentence in answer.sentences:
            numbers = tuple(number + before for number in sentence.citations)
            sentences.append(replace(sentence, citations=numbers))
            parts.append(_row(question, sentences[-1], citations))
    shorts = [answer.short_answer for _, answer in told if answer.short_answer]
    notices = (notice for _, answer in told for notice in answer.notices)
    backed = [answer.corroboration for _, answer in told if answer.corroboration]
    return replace(
        whole, status="answered", reason=None, cause=None, sentences=tuple(sentences), citations=tuple(citations),
        short_answer=SHORT_APART.join(shorts) if len(shorts) == len(answers) else None,
        confidence=min(answer.confidence for _, answer in told), calibrated=all(answer.calibrated for _, answer in told),
        passages=passages, parts=tuple(parts), form="list",
        notices=tuple(dict.fromkeys((*whole.notices, *notices, *missed))),
        corroboration=min(backed, key=lambda one: one.outlets, default=None),
    )  # fmt: skip


def _row(question: str, sentence: Sentence, citations: Sequence[Citation]) -> Row:
    cited = [one.source for one in citations if one.number in sentence.citations]
    outlets = tuple(dict.fromkeys(name for source in cited if (name := outlet_name(source))))
    return Row("answer", sentence.text, sentence.citations, outlets, label=question)
