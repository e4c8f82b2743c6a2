"""Questions made from articles, and offered only where the archive answers them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from threading import Event

from rag.types import Answer, Article, Question, Source
from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom, cited
from ui.web.suggestions import OFFERED, Aside, Suggestions, candidates

VOTE = Article(
    Source("vote", "Lena Vasko wins the vote in Tarnholm", "Meridian Wire"),
    "Lena Vasko was elected mayor of Tarnholm on Sunday. “It is a beginning,” Lena Vasko said in Tarnholm.\n\n"
    "“We fought well,” said Thomas Reed, her opponent, before midnight. Turnout in Tarnholm was high.",
)


class Archive(Newsroom):
    """Answers from the article whose id is in `knows`, with this confidence, and counts what it is asked."""

    knows: tuple[str, ...] = ("vote",)
    confidence = 0.9

    def _answer(self, question: Question) -> Answer:
        self.questions.append(question)
        known = next((article for article in self.stock if article.source.id in self.knows), None)
        if known is None:
            return super()._answer(replace(question, text="Who is the mayor?"))
        return cited(question, [(known, known.text[:50])], self.confidence)


def test_each_question_names_somebody_or_something_of_the_articles() -> None:
    asked = list(candidates([VOTE]))
    assert "Who is Lena Vasko?" in asked
    assert "What did Thomas Reed say?" in asked
    assert any("Tarnholm" in question for question in asked)


def test_the_first_ones_are_of_different_kinds() -> None:
    first = list(candidates([VOTE, FERRY, ACCOUNTS]))[:3]
    assert len({question.split()[0] + question.split()[1] for question in first}) == 3


def test_articles_without_names_make_none() -> None:
    assert list(candidates([Article(Source("a", ""), "it rained all day. it rained all night.")])) == []


def test_what_the_archive_answers_is_offered() -> None:
    archive = Archive([VOTE])
    offered = Suggestions(archive.rag()).examples()
    assert 0 < len(offered) <= OFFERED
    assert [question.text for question in archive.questions][: len(offered)] == offered


def test_what_it_does_not_answer_or_not_surely_or_from_elsewhere_is_not() -> None:
    silent = Archive([VOTE])
    silent.knows = ()
    unsure = Archive([VOTE])
    unsure.confidence = 0.3
    elsewhere = Archive([FERRY, VOTE])
    elsewhere.knows = ("ferry",)
    assert Suggestions(silent.rag()).examples() == []
    assert Suggestions(unsure.rag()).examples() == []
    answer = cited(Question("Who won?"), [(VOTE, VOTE.text[:50])])
    assert Suggestions(elsewhere.rag()).next(answer) == []


def test_examples_are_made_once_for_each_state_of_the_archive() -> None:
    archive = Archive([VOTE])
    suggestions = Suggestions(archive.rag())
    suggestions.examples()
    asked = len(archive.questions)
    suggestions.examples()
    assert len(archive.questions) == asked
    archive.stock.append(FERRY)
    suggestions.examples()
    assert len(archive.questions) > asked


def test_what_was_asked_is_not_suggested_again() -> None:
    archive = Archive([VOTE])
    answer = cited(Question("Who is Lena Vasko?"), [(VOTE, VOTE.text[:50])])
    suggested = Suggestions(archive.rag()).next(answer, ["What did Lena Vasko say?"])
    assert suggested
    assert not {"Who is Lena Vasko?", "What did Lena Vasko say?"} & set(suggested)


def test_what_nobody_asked_for_does_not_pile_up() -> None:
    let = Event()

    def work() -> list[str]:
        let.wait(20)
        return ["done"]

    async def crowd() -> list[list[str] | None]:
        aside = Aside(room=2)
        asked = [asyncio.ensure_future(aside.run(work)) for _ in range(5)]
        await asyncio.sleep(0)
        let.set()
        found = await asyncio.gather(*asked)
        return [*found, await aside.run(work)]

    assert asyncio.run(crowd()) == [["done"], ["done"], None, None, None, ["done"]]


def test_a_server_that_stops_waits_for_none_of_it() -> None:
    let, begun = Event(), Event()

    def work() -> list[str]:
        begun.set()
        let.wait(20)
        return []

    async def stop() -> list[list[str] | None]:
        aside = Aside()
        first, second = (asyncio.ensure_future(aside.run(work)) for _ in range(2))
        await asyncio.to_thread(begun.wait, 20)
        aside.close()
        let.set()
        return [*await asyncio.gather(first, second), await aside.run(work)]

    assert asyncio.run(stop()) == [[], None, None]


def test_no_further_question_is_tried_after_the_end() -> None:
    archive = Archive([VOTE])
    suggestions = Suggestions(archive.rag())
    suggestions.end()
    assert len(suggestions.examples()) <= 1
    assert len(archive.questions) == 1
