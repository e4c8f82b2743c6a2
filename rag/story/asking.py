"""What the pipeline asks of the stories: the form of a question, talk, an answer in that form, and what is to be said besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from rag.archive import Archive
from rag.forms import Form
from rag.protocols import Embedder, Reader
from rag.retrieve import Retriever
from rag.settings import MAX_K
from rag.story.form import form_of
from rag.story.outlets import site_words, sites_named
from rag.story.people import whom
from rag.story.spelling import near_name, respelt
from rag.story.talk import answer_about_answer, corrected, earlier_question, parse_talk, small_talk
from rag.story.tell import StoryAnswer
from rag.story.teller import Teller
from rag.story.today import today_of
from rag.types import Answer, Filters, Passage, Question, Turn

SPELLING_PASSAGES = 200
LISTED = 500
"""Articles, the newest, whose sites are looked at."""
WORDED: frozenset[Form] = frozenset({"fact", "list", "count", "reason", "quotation", "person", "yes/no"})
"""Forms that a language model words itself, from the passages."""


@dataclass(frozen=True, slots=True)
class Stories:
    """Story answers from one archive; `reader` tells what single sentences say, where there is one that can."""

    archive: Archive
    embedder: Embedder
    zone: tzinfo
    reader: Reader | None = None

    def form(self, asked: Question) -> Form:
        """The form that the answer should have; a fact for a question to be taken at its word."""
        return "fact" if asked.literal else form_of(asked.text, self._outlets(asked.text))

    def talk(self, asked: Question, again: Callable[[str, Sequence[Turn]], Answer]) -> StoryAnswer:
        """Talk, and what is asked about the last answer; `again` asks an earlier question anew, for its citations."""
        about = parse_talk(asked.text)
        earlier = earlier_question(asked.history, _is_talk)
        if about is None or earlier is None:
            return small_talk(asked.text)
        answer = again(*earlier)
        if about == "more" and (told := self._more(asked, answer)):
            return told
        cited = [citation.source.id for citation in answer.citations]
        return answer_about_answer(about, answer, self.archive.catalog.articles(cited))

    def _more(self, asked: Question, answer: Answer) -> StoryAnswer | None:
        """Further statements of the story that the last question was about, without what has been shown."""
        question = replace(asked, text=answer.standalone_question)
        said = [*(citation.quote for citation in answer.citations), *(turn.content for turn in asked.history)]
        return self.teller().more(question, said, [citation.source.id for citation in answer.citations])

    def tell(self, question: Question, form: Form, worded: bool = False) -> StoryAnswer | None:
        """The answer in a story form; None where the plain answerer, which is one that words where `worded`, is to answer."""
        if form == "talk" or (worded and form in WORDED):
            return None
        self.archive.keep_up()
        told = self.teller().tell(question, form)
        return told if told and told.sentences else None

    def unread(self, question: Question, form: Form, answer: Answer) -> StoryAnswer | str | None:
        """What is told in place of a plain answer, or why nothing is; None where the plain answer stands."""
        return self.teller().unread(question, form, answer)

    def corrected(self, asked: Question) -> Question:
        """The question before asked again, where this one only says that its latest state is meant."""
        meant = None if asked.literal else corrected(asked.text, asked.history, _is_talk)
        return replace(asked, text=meant) if meant else asked

    def account(self, question: Question, form: Form, outlets: Sequence[str], lines: int) -> StoryAnswer | None:
        """The story of a topic in a form that is stated: a briefing, a timeline or a comparison; None where there is none."""
        self.archive.keep_up()
        teller = self.teller()
        if form == "timeline":
            return teller.timeline(question, lines)
        return teller.compare(question, outlets) if form == "comparison" else teller.brief(question)

    def teller(self) -> Teller:
        return Teller(self.archive.catalog, self.archive.lexical, self.zone, self._search, self.reader)

    def today(self, asked: date | None) -> date:
        """The day from which the times of a question are told, `asked` being the one given for it."""
        days = self.archive.catalog.days()
        return asked or today_of(days[1] if days else None, date.today())

    def respelt(self, question: Question) -> Question:
        """The question with names as the archive has them, where it has none of those written."""
        text = respelt(
            question.text, self.archive.lexical, lambda: self._search(question.text, SPELLING_PASSAGES, question.filters)
        )
        if text is None and (name := whom(question.text)):
            other = near_name(name, self._search(name, SPELLING_PASSAGES, question.filters))
            text = question.text.replace(name, other) if other else None
        return replace(question, text=text) if text else question

    def _outlets(self, question: str) -> tuple[str, ...]:
        """The archive's outlets, and the names of sites that the question has, for articles that name no outlet."""
        catalog = self.archive.catalog
        sites = sites_named(question, catalog.listing(limit=LISTED))
        return (*catalog.outlets(), *site_words(question, sites))

    def _search(self, text: str, k: int, filters: Filters) -> list[Passage]:
        archive = self.archive
        retriever = Retriever(self.embedder, archive.dense, archive.lexical, archive.catalog.chunks, groups=lambda _: {})
        return retriever.retrieve(text, min(k, MAX_K), filters)


def _is_talk(text: str) -> bool:
    return form_of(text) == "talk"
