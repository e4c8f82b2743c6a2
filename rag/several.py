"""The answers to several questions, asked in one breath, as one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.forms import Row
from rag.story.outlets import outlet_name
from rag.types import Answer, Citation, Sentence, Understood, Writing

SHORT_APART = "; "
UNANSWERED = "“{question}” is not answered: {reason}"


def join_answers(whole: Answer, questions: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """`whole`, which is an abstention, as what `answers` say to `questions`, one after the other, with citations numbered anew.

    The confidence is the least of those answered. What is not answered is said in a notice; an abstention where nothing is. Times
    and outlets are those of all questions, and it is written by a language model where one of them is.
    """
    whole = _with_understanding(whole, answers)
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
        corroboration=min(backed, key=lambda one: one.outlets, default=None), writing=_join_writings(told),
    )  # fmt: skip


def _with_understanding(whole: Answer, answers: Sequence[Answer]) -> Answer:
    """`whole` with how the questions of `answers` were understood and answered. Those after the first lean on it alone."""
    by = next((one.understood.rewritten_by for one in answers if one.understood.rewritten_by), None)
    scopes = tuple(dict.fromkeys(scope for one in answers for scope in one.understood.scopes))
    return replace(
        whole,
        understood=Understood(by, scopes, answers[0].understood.behind),
        standalone_question=" ".join(one.standalone_question for one in answers) if by else whole.standalone_question,
        mode=next((one.mode for one in answers if one.writing), answers[0].mode),
        show_struck=any(one.show_struck for one in answers),
    )


def _join_writings(told: Sequence[tuple[str, Answer]]) -> Writing | None:
    """What a language model wrote to all the questions, as one; the prompt is that of the first."""
    found: list[Writing] = []
    before = 0
    for _, answer in told:
        if writing := answer.writing:
            struck = tuple(replace(one, after=one.after + before) for one in writing.struck)
            found.append(replace(writing, struck=struck))
        before += len(answer.sentences)
    if not found:
        return None
    return replace(
        found[0], raw="\n\n".join(one.raw for one in found), checked=tuple(each for one in found for each in one.checked),
        passages=sum(one.passages for one in found), left_out=sum(one.left_out for one in found),
        error=next((one.error for one in found if one.error), None), struck=tuple(each for one in found for each in one.struck),
    )  # fmt: skip


def _row(question: str, sentence: Sentence, citations: Sequence[Citation]) -> Row:
    cited = [one.source for one in citations if one.number in sentence.citations]
    outlets = tuple(dict.fromkeys(name for source in cited if (name := outlet_name(source))))
    return Row("answer", sentence.text, sentence.citations, outlets, label=question)
