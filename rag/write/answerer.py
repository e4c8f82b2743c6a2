"""Answers that a language model writes and Dateline checks: of each sentence, only what a passage carries is kept.

Whether there is an answer is not left to the model: the extractive answer is made first, and where its evidence is too weak the
model is not asked. Whatever goes wrong with it, the extractive answer is there to take its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date

import regex

from rag.errors import LanguageModelError, PromptTooLong
from rag.log import log_fault
from rag.protocols import Answerer, LanguageModel, Verifies
from rag.types import Article, Checked, Claim, Draft, Passage, Question, Quote, Struck, Verdict, Writing
from rag.write.flow import sentences
from rag.write.markers import MarkedText, strip_markers
from rag.write.prompt import Request, format_heading, make_request
from rag.write.relevance import ANSWERING, BESIDE, Relevance, overlaps

logger = logging.getLogger(__name__)

MOST_SENTENCES = 8
"""Sentences looked at; a model that goes on is stopped."""
SHORTEST_HEADING = 5
"""Words from which a sentence made of those above a passage says nothing: fewer may be the answer."""
MOST_REPEATS = 2
"""A model that says again what it has said before is stopped: small ones go round in circles."""
MOST_CHARACTERS = 8_000
_DECLINED = regex.compile(
    r"\b(?:articles?|passages?|sources?|archive|texts?|information|context)\b[^.]{0,60}\b(?:do(?:es)? not|don['’]t|doesn['’]t|no)"
    r"\b[^.]{0,40}\b(?:say|mention|answer|contain|provide|state|specify|information|enough)"
    r"|\bI (?:can(?:no|['’])t|do not|don['’]t|am (?:not able|unable))\b",
    regex.IGNORECASE,
)


@dataclass(slots=True)
class Pages:
    """What has been written so far in one answer."""

    claims: list[Claim] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    declined: bool = False
    repeats: int = 0

    def says(self, text: str) -> bool:
        """Whether `text` has been written before, be it kept or struck."""
        plain = _words(text)
        return any(_words(one.text) == plain for one in self.checked)


class WritingAnswerer:
    """Asks `model`, checks with `verifier`, and falls back on `quoting`, whose confidence and short answer it keeps.

    `latest` gives the day of the archive's last article. Safe to use from many threads where the model is.
    """

    def __init__(
        self,
        model: LanguageModel,
        verifier: Verifies,
        quoting: Answerer,
        latest: Callable[[], date | None] = lambda: None,
        prompt_tokens: int = 3000,
        answer_tokens: int = 400,
        relevance: Relevance | None = None,
    ) -> None:
        self._model = model
        self._verifier = verifier
        self._quoting = quoting
        self._latest = latest
        self._prompt_tokens = prompt_tokens
        self._answer_tokens = answer_tokens
        self._relevance = relevance

    @property
    def mode(self) -> str:
        return f"llm:{self._model.name}"

    def least_confidence(self, max_risk: float | None = None) -> float:
        return self._quoting.least_confidence(max_risk)

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        """A draft for each sentence that has been checked, then the whole; the extractive answer where there is none to keep."""
        quoted = list(self._quoting.draft(question, passages, articles))
        last = quoted[-1]
        least = self.least_confidence(question.max_risk) if last.least is None else last.least
        if not question.insist and (not last.claims or last.confidence < least):
            yield replace(last, mode=self._quoting.mode)
            return
        pages, request = Pages(), self._request(question, passages)
        error = None
        try:
            yield from self._write(question, pages, request, last)
        except PromptTooLong as too_long:
            pages, request = Pages(), self._request(question, passages[: max(1, len(request.passages) // 2)])
            error = str(too_long)
            log_fault(logger, f"asked again with half of the passages: {error}")
            try:
                yield from self._write(question, pages, request, last)
                error = None
            except LanguageModelError as failed:
                error = str(failed)
        except LanguageModelError as failed:
            error = str(failed)
        if error:
            log_fault(logger, f"{self.mode} could not finish the answer: {error}")
        yield from self._conclude(question.text, pages, request, quoted, error)

    def _request(self, question: Question, passages: Sequence[Passage]) -> Request:
        window = self._model.window
        room = self._prompt_tokens if window is None else min(self._prompt_tokens, max(256, window - self._answer_tokens - 64))
        today = question.as_of or date.today()
        return make_request(question.text, passages, today, self._latest(), room, self._answer_tokens)

    def _write(self, question: Question, pages: Pages, request: Request, last: Draft) -> Iterator[Draft]:
        """One draft more for each sentence that passes, and for each that is struck."""
        with closing(self._pieces(question, pages, request)) as pieces:
            for sentence in sentences(pieces):
                marked = strip_markers(sentence, len(request.passages))
                if not sentence or (not _words(marked.text) and not marked.invalid):
                    continue
                if self._keep(question.text, marked, pages, request, last):
                    yield self._draft(pages, request, last)
                if len(pages.checked) >= MOST_SENTENCES + pages.repeats or pages.repeats >= MOST_REPEATS:
                    return

    def _pieces(self, question: Question, pages: Pages, request: Request) -> Generator[str]:
        """The model's words, up to a limit, and for as long as anybody waits for them."""
        told = 0
        stream = self._model.stream(request.prompt)
        try:
            for piece in stream:
                if question.cancelled and question.cancelled():
                    return
                pages.raw.append(piece)
                told += len(piece)
                yield piece
                if told > MOST_CHARACTERS:
                    return
        finally:
            if close := getattr(stream, "close", None):
                close()

    def _keep(self, question: str, marked: MarkedText, pages: Pages, request: Request, last: Draft) -> bool:
        """Checks a sentence and puts it where it belongs; False when nothing is shown of it."""
        declines = _DECLINED.search(marked.text) is not None
        if declines or not _words(marked.text) or _is_heading(marked.text, request):
            pages.declined = pages.declined or declines
            pages.checked.append(Checked(marked.text, marked.cited, marked.invalid, Verdict(False, 0.0, reason="says nothing")))
            return False
        if pages.says(marked.text):
            pages.repeats += 1
            pages.checked.append(Checked(marked.text, marked.cited, marked.invalid, Verdict(False, 0.0, reason="said before")))
            return False
        verdict = self._verifier.verify(marked.text, request.passages, [number - 1 for number in marked.cited])
        if verdict.supported and not self._relevant(question, marked.text, verdict.quotes, request, last, BESIDE):
            verdict = Verdict(False, verdict.support, check="relevance", reason="it does not answer the question")
        pages.checked.append(Checked(marked.text, marked.cited, marked.invalid, verdict))
        if verdict.supported and verdict.quotes:
            pages.claims.append(Claim(marked.text, verdict.quotes, verdict.support))
        else:
            pages.struck.append(Struck(marked.text, verdict.reason or "", verdict.check, len(pages.claims)))
        return True

    def _relevant(self, question: str, text: str, quotes: Sequence[Quote], request: Request, last: Draft, least: float) -> bool:
        """Whether a sentence says the short answer, cites what would be quoted, or rests on what answers as well as `least`."""
        if last.short_answer and _words(last.short_answer) in _words(text):
            return True
        chosen = [quote for claim in last.claims for quote in claim.quotes]
        if any(overlaps(one, other.source, other.start, other.end) for one in quotes for other in chosen):
            return True
        logit = self._relevance.of(question, quotes, request.passages) if self._relevance else None
        return logit is None or logit >= least

    def _draft(self, pages: Pages, request: Request, last: Draft, error: str | None = None) -> Draft:
        said = _words(" ".join(claim.text for claim in pages.claims))
        short = last.short_answer if last.short_answer and _words(last.short_answer) in said else None
        return Draft(
            tuple(pages.claims), last.confidence, short, last.reason, last.cause, last.least, last.notices, last.agreeing,
            self.mode, self._record_writing(pages, request, error), last.calibrated,
        )  # fmt: skip

    def _record_writing(self, pages: Pages, request: Request, error: str | None) -> Writing:
        return Writing(
            self._model.name, request.prompt, "".join(pages.raw), tuple(pages.checked), len(request.passages), request.left_out,
            error, tuple(pages.struck),
        )  # fmt: skip

    def _conclude(
        self, question: str, pages: Pages, request: Request, quoted: Sequence[Draft], error: str | None
    ) -> Iterator[Draft]:
        """The whole answer: as written, or what was kept of it with quotations, or those alone, and a notice that says why."""
        last = quoted[-1]
        written = self._draft(pages, request, last, error)
        kept = {quote for claim in pages.claims for quote in claim.quotes}
        rest = [claim for claim in last.claims if not kept & set(claim.quotes)]
        answers = any(self._relevant(question, one.text, one.quotes, request, last, ANSWERING) for one in pages.claims)
        if answers and error is None:
            yield replace(written, notices=(*last.notices, *self._describe_fallback(pages, complete=True)))
            return
        mode = self.mode if pages.claims else self._quoting.mode
        notices = (*last.notices, *self._describe_fallback(pages, error))
        whole = replace(written, mode=mode, notices=notices, short_answer=last.short_answer)
        for count in range(1, len(rest) + 1):
            yield replace(whole, claims=(*pages.claims, *rest[:count]))
        if not rest:
            yield whole

    def _describe_fallback(self, pages: Pages, error: str | None = None, complete: bool = False) -> Iterator[str]:
        name = self._model.name
        if error:
            rest = "the rest is quoted" if pages.claims else "the answer is quoted"
            yield f"{name} did not answer to the end: {error}. So {rest} from the archive."
        elif not pages.claims and pages.declined:
            yield f"{name} found no answer in the passages, so the answer is quoted from the archive."
        elif not pages.claims:
            yield f"Nothing that {name} wrote is carried by the passages, so the answer is quoted from the archive."
        elif not complete:
            yield f"{name} left out what answers the question, so that is quoted from the archive."
        beside = sum(one.check == "relevance" for one in pages.struck)
        if count := len(pages.struck) - beside:
            yield f"{count} sentence{'s' * (count > 1)} of {name} {'have' if count > 1 else 'has'} no support in the passages."
        if beside:
            verb = "have" if beside > 1 else "has"
            yield f"{beside} sentence{'s' * (beside > 1)} of {name} {verb} nothing to do with the question."


def _is_heading(text: str, request: Request) -> bool:
    """Whether a sentence is no more than what stands above a passage: outlet, day and title."""
    said = set(_words(text).split())
    return len(said) >= SHORTEST_HEADING and any(
        said <= set(_words(format_heading(passage)).split()) for passage in request.passages
    )


def _words(text: str) -> str:
    """The words of a text alone, to compare it with another."""
    return " ".join(regex.findall(r"[\p{L}\p{N}]+", text.casefold()))
