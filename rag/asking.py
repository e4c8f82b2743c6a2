"""A question to its answers: understood, read and concluded, or told as a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from rag.clock import Clock
from rag.conclude import conclude, describe_filters
from rag.corroborate import corroborate
from rag.days import long_day
from rag.finder import Finder, Retrieval
from rag.forms import Form
from rag.notices import explain_cut, explain_filters, explain_silence, explain_zone
from rag.parts import Parts
from rag.protocols import Answerer, LanguageModel
from rag.settings import Settings
from rag.several import join_answers
from rag.story import Stories, StoryAnswer, as_answer, as_of_notice
from rag.types import Answer, Cause, Draft, Filters, Question, Rewrite, Turn, Understood
from rag.understand import questions_in, scopes_asked
from rag.worded import WORDED_STORIES, word_story


class Asking:
    """Answers the questions that are put to one archive."""

    def __init__(self, parts: Parts, settings: Settings, stories: Stories, finder: Finder) -> None:
        self._parts = parts
        self._settings = settings
        self._stories = stories
        self._finder = finder
        self._catalog = parts.archive.catalog

    @property
    def notices(self) -> tuple[str, ...]:
        """What anyone who asks should know of the archive and of the parts that answer."""
        return self._parts.archive.notices + tuple(explain_zone(self._catalog, self._settings)) + self._parts.notices

    def _explain(self, asked: Question) -> tuple[str, ...]:
        """The notices of an answer to the question."""
        used = self._finder.cut(asked).filters
        return (*self.notices, *explain_filters(self._catalog, asked.filters), *explain_cut(self._catalog, asked.filters, used))

    def _understand(self, asked: Question, model: LanguageModel | None) -> tuple[Question, Rewrite]:
        """The question as it stands alone, with the times and outlets that it names."""
        if asked.literal:
            return asked, Rewrite(asked.text)
        rewrite = self._parts.rewriter.rewrite(asked.text, asked.history, self._catalog.outlets(), model, asked.cancelled)
        question = self.find_scopes(replace(asked, text=rewrite.text, behind=rewrite.behind))
        respelt = self._stories.respelt(question)
        return (self.find_scopes(respelt), Rewrite(respelt.text, "spelling")) if respelt is not question else (question, rewrite)

    def find_scopes(self, question: Question) -> Question:
        if question.literal:
            return question
        scopes = scopes_asked(question.text, self._stories.today(question.as_of), self._catalog.outlets(), question.ignored)
        return replace(question, scopes=scopes)

    def answer(self, asked: Question, model: LanguageModel | None) -> Iterator[Answer]:
        """Ever longer answers; the last is whole."""
        clock, meant = Clock(), self._stories.corrected(asked)
        form: Form = "latest" if meant is not asked else self._stories.form(asked)
        asked = meant
        if form == "talk":
            yield self._answer_talk(asked, clock)
            return
        if not asked.literal and len(questions := questions_in(asked.text)) > 1:
            yield self._answer_several(asked, questions, model, clock)
            return
        question, rewrite = self._understand(asked, model)
        form = form if question.text == asked.text else self._stories.form(question)
        question = self._finder.cut(question)
        clock.mark("understand")
        story = self._stories.tell(question, form, worded=model is not None)
        if told := self._conclude_story(asked, question, rewrite, story, clock):
            yield from self._word(told, question, model, clock)
            return
        yield from self._read(asked, question, rewrite, form, model, clock)

    def _read(
        self, asked: Question, question: Question, rewrite: Rewrite, form: Form, model: LanguageModel | None, clock: Clock
    ) -> Iterator[Answer]:
        """Answers from passages; where they do not answer, a story or the reason."""
        answerer = self._parts.answerer_by(model)
        found = self._finder.find(question, clock)
        empty = Answer(
            asked, question.text, "abstained", explain_silence(self._catalog, asked.filters), (), None, (), 0.0, found.passages,
            answerer.mode, self._explain(asked),
            cause="nothing found",
            show_struck=self._settings.unsupported == "strike",
            understood=Understood(rewrite.by, question.scopes, question.behind),
            form=form,
        )  # fmt: skip
        answer = empty
        for draft in _drafts(answerer, question, found):
            clock.mark("answer")
            answer = conclude(empty, draft, found.articles, self._least_confidence(question, draft))
            if answer.status == "answered":
                agreeing = draft.agreeing if answer.short_answer else ()
                yield replace(corroborate(answer, self._catalog, agreeing), timings_ms=clock.timings())
        instead = self._stories.unread(question, form, answer) if model is None else None
        if isinstance(instead, StoryAnswer):
            yield self._with_sources(replace(as_answer(empty, instead), timings_ms=clock.timings()))
        elif instead:
            yield replace(empty, reason=instead, cause="not answered", timings_ms=clock.timings())
        elif answer.status == "abstained":
            yield self._withhold(answer, question, clock)

    def _withhold(self, answer: Answer, question: Question, clock: Clock) -> Answer:
        """An abstention, which says so where articles outside the filters do answer."""
        outside = self._outside(question) if answer.question.filters else None
        clock.mark("answer")
        reason = f"{answer.reason} {outside}" if outside else answer.reason
        cause: Cause | None = "outside the filters" if outside else answer.cause
        return replace(answer, reason=reason, cause=cause, timings_ms=clock.timings())

    def tell(self, asked: Question, form: Form, outlets: Sequence[str], lines: int) -> Answer:
        """The story of a topic in one form, whatever its confidence; an abstention where nothing is about it."""
        clock = Clock()
        question = self._finder.cut(self.find_scopes(self._stories.respelt(asked)))
        told = self._stories.account(question, form, outlets, lines)
        answer = self._conclude_story(
            replace(asked, insist=True), replace(question, insist=True), Rewrite(question.text), told, clock
        )
        if answer:
            return answer
        reason = f"Nothing in the archive is about this{f' ({describe_filters(asked.filters)})' if asked.filters else ''}."
        return Answer(
            asked, question.text, "abstained", reason, (), None, (), 0.0, (), self._parts.answerer.mode,
            self._explain(asked), clock.timings(), "nothing found", form=form,
        )  # fmt: skip

    def _conclude_story(
        self, asked: Question, question: Question, rewrite: Rewrite, told: StoryAnswer | None, clock: Clock
    ) -> Answer | None:
        """A story answer, where there is one of enough confidence."""
        if told is None or told.confidence < self._least_confidence(question, Draft((), 0.0)):
            return None
        clock.mark("answer")
        today = self._stories.today(asked.as_of)
        as_of = as_of_notice(question.scopes, today, asked.as_of or date.today())
        notices = (*self._explain(asked), *((as_of,) if as_of else ()))
        empty = Answer(
            asked, question.text, "abstained", None, (), None, (), 0.0, (), self._parts.answerer.mode, notices,
            understood=Understood(rewrite.by, question.scopes, question.behind),
        )  # fmt: skip
        return self._with_sources(replace(as_answer(empty, told), timings_ms=clock.timings()))

    def _word(self, told: Answer, question: Question, model: LanguageModel | None, clock: Clock) -> Iterator[Answer]:
        """A story as it was told, and where a language model is to word it, then in its words."""
        writers = self._parts.writers
        if model is None or writers is None or told.form not in WORDED_STORIES or not told.citations:
            yield told
            return
        articles = self._catalog.articles([one.source.id for one in told.citations])
        for answer in word_story(told, question, writers, model, articles):
            clock.mark("answer")
            yield replace(self._with_sources(answer), timings_ms=clock.timings())

    def _answer_talk(self, asked: Question, clock: Clock) -> Answer:
        def again(text: str, history: Sequence[Turn]) -> Answer:
            *_, last = self.answer(replace(asked, text=text, history=tuple(history)), None)
            return last

        told = self._stories.talk(asked, again)
        empty = Answer(asked, asked.text, "abstained", None, (), None, (), 0.0, (), self._parts.answerer.mode, self.notices)
        return self._with_sources(replace(as_answer(empty, told), timings_ms=clock.timings()))

    def _answer_several(self, asked: Question, questions: Sequence[str], model: LanguageModel | None, clock: Clock) -> Answer:
        """Each question answered as if it followed those before it."""
        answers: list[Answer] = []
        history = list(asked.history)
        for text in questions:
            *_, last = self.answer(replace(asked, text=text, history=tuple(history)), model)
            answers.append(last)
            history += (Turn("user", last.standalone_question), Turn("assistant", last.text or last.reason or ""))
        empty = Answer(asked, asked.text, "abstained", None, (), None, (), 0.0, (), answers[0].mode, self._explain(asked))
        return replace(join_answers(empty, questions, answers), timings_ms=clock.timings())

    def _with_sources(self, answer: Answer) -> Answer:
        return corroborate(answer, self._catalog) if answer.citations else answer

    def _least_confidence(self, question: Question, draft: Draft) -> float:
        if question.insist:
            return 0.0
        if question.max_risk is None and self._settings.min_confidence is not None:
            return self._settings.min_confidence
        return self._parts.answerer.least_confidence(question.max_risk) if draft.least is None else draft.least

    def _outside(self, question: Question) -> str | None:
        """Where the archive does answer a question that its articles within the filters do not; None where it does nowhere."""
        found = self._finder.find(self._finder.cut(replace(question, filters=Filters())))
        drafts = list(_drafts(self._parts.answerer, question, found))
        last = drafts[-1] if drafts else None
        if last is None or not last.claims or last.confidence < self._least_confidence(question, last):
            return None
        source = last.claims[0].quotes[0].source
        day = source.day(self._catalog.zone)
        told = ", ".join(part for part in (source.outlet, long_day(day) if day else None) if part)
        return f"An article outside the filters answers this: {source.title}{f' ({told})' if told else ''}."


def _drafts(answerer: Answerer, question: Question, found: Retrieval) -> Iterator[Draft]:
    return answerer.draft(question, found.passages, found.articles) if found.passages else iter(())
