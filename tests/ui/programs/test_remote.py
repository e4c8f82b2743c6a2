"""An archive that another process serves is asked like one of this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Rag, StorageError, UsageError
from rag.remote import RemoteRag
from rag.remote.documents import read_answer
from rag.settings import load_settings
from rag.types import Answer, Checked, Question, Verdict
from tests.ui.answers import ABSTAINED, ANSWERED
from tests.ui.newsroom import FERRY, Newsroom
from tests.ui.programs.test_reference import FULL
from tests.ui.serving import PATIENCE, serving
from tests.ui.test_keys import KEY, keys_file
from ui.render import answer_json

assert FULL.writing
MARKED = replace(FULL, writing=replace(FULL.writing, checked=(Checked("", (), 2, Verdict(False, 0)),)))
ASKED = "What did the strike cost?"


@pytest.fixture
def rag(address: str) -> Iterator[Rag]:
    with Rag.open(address) as rag:
        yield rag


@pytest.mark.parametrize("answer", [ANSWERED, ABSTAINED, FULL, MARKED])
def test_an_answer_is_read_back_as_it_was(answer: Answer) -> None:
    document = answer_json(answer)
    assert answer_json(read_answer(document, answer.question)) == document


def test_a_part_of_a_later_release_is_left_out() -> None:
    document = {**answer_json(ANSWERED), "parts": [{"kind": "hologram"}], "more": 1}
    assert read_answer(document, ANSWERED.question).parts == ()


class TestAsked:
    def test_an_answer_is_the_same_as_there(self, rag: Rag, newsroom: Newsroom) -> None:
        question = Question(ASKED, as_of=date(2025, 8, 5), id=object())
        answer = rag.ask(question)
        assert answer.question is question
        assert answer_json(replace(answer, question=replace(question, id=None))) == answer_json(
            newsroom.ask(replace(question, id=None))
        )

    def test_options_and_history_reach_the_archive(self, rag: Rag, newsroom: Newsroom) -> None:
        history = [{"role": "user", "content": "Who?"}]
        rag.ask("And when?", history, since="2024-02", outlets=["Kestrel Bay News"], max_risk=0.1, insist=True, ignored=["May"])
        asked = newsroom.questions[-1]
        assert (str(asked.filters.since), asked.filters.outlets, asked.max_risk) == ("2024-02-01", ("Kestrel Bay News",), 0.1)
        assert (asked.insist, asked.ignored, [turn.content for turn in asked.history]) == (True, ("May",), ["Who?"])

    def test_the_answer_grows(self, rag: Rag) -> None:
        assert [len(answer.sentences) for answer in rag.stream(ASKED)] == [1, 2]

    def test_nobody_waits_any_more(self) -> None:
        held = Newsroom()
        with serving(held) as address, Rag.open(address) as rag:
            assert list(rag.stream("hold", cancelled=held.holding.is_set))
            assert held.ended.wait(PATIENCE)

    def test_passages_are_the_same_as_there(self, rag: Rag) -> None:
        (found,) = rag.search("strike", k=1)
        assert (found.chunk.id, found.chunk.text, found.score) == (f"ferry#0-{len(FERRY.text)}", FERRY.text, 0.7)

    @pytest.mark.parametrize("name", ["brief", "timeline", "compare"])
    def test_stories_are_told(self, rag: Rag, name: str) -> None:
        told: Answer = getattr(rag, name)("the strike", since=date(2024, 1, 1), until="2024-12")
        assert told.form == {"brief": "briefing", "compare": "comparison"}.get(name, name)

    def test_articles_are_looked_through(self, rag: Rag) -> None:
        page = rag.articles(limit=1)
        rest = rag.articles(limit=1, after=page.next)
        assert [source.id for source in (*page.sources, *rest.sources)] == ["ferry", "accounts"]
        assert rag.articles(outlets=["Kestrel Bay News"]).sources == rest.sources
        assert rag.article("ferry") == FERRY
        assert rag.article("nothing") is None
        assert [tally.name for tally in rag.tally_outlets()] == ["The Amberline Courier", "Kestrel Bay News"]
        assert [str(tally.day) for tally in rag.tally_days(limit=3)] == ["2024-03-04"]
        assert rag.notices == ()


class TestRefused:
    def test_what_is_wrong_is_told_before_it_is_sent(self, rag: Rag, newsroom: Newsroom) -> None:
        before = len(newsroom.questions)
        with pytest.raises(UsageError, match="the question is empty"):
            rag.ask(" ")
        with pytest.raises(UsageError, match="no model of yours"):
            rag.ask("Who?", llm=str)
        assert len(newsroom.questions) == before

    def test_what_the_server_refuses_is_told_in_its_words(self, rag: Rag) -> None:
        with pytest.raises(UsageError, match="not offered here"):
            rag.ask("Who?", llm="large")
        with pytest.raises(UsageError, match="after: give the `next`"):
            rag.articles(after="x")
        with pytest.raises(StorageError, match="503"):
            rag.ask("damage")

    def test_the_archive_itself_is_elsewhere(self, rag: Rag) -> None:
        with pytest.raises(UsageError, match="not in this process"):
            rag.archive  # noqa: B018

    def test_a_key_is_sent_and_one_that_is_missing_is_asked_for(self, tmp_path: Path) -> None:
        path = keys_file(tmp_path, f"desk {KEY}")
        newsroom = Newsroom(settings=load_settings(api_keys_file=path, api_keys_loopback=True))
        with serving(newsroom) as address:
            with Rag.open(address) as rag, pytest.raises(UsageError, match="DATELINE_API_KEY"):
                rag.ask(ASKED)
            with Rag.open(address, load_settings(api_key=KEY)) as rag:
                assert rag.ask(ASKED).status == "answered"

    @pytest.mark.parametrize(
        ("reply", "told"),
        [
            (httpx.Response(502, text="<html>bad gateway</html>"), "answers 502"),
            (httpx.Response(200, text="event: answer\ndata: {\n\n"), "cannot be asked"),
            (httpx.Response(200, text=""), "ended without an answer"),
        ],
    )
    def test_what_is_no_dateline_is_told(self, reply: httpx.Response, told: str) -> None:
        rag = RemoteRag("http://127.0.0.1:9", load_settings(), httpx.MockTransport(lambda _: reply))
        with rag, pytest.raises(StorageError, match=told):
            rag.ask("Who?")

    def test_a_server_that_is_gone_is_named(self) -> None:
        def refuse(request: httpx.Request) -> Any:
            raise httpx.ConnectError("refused", request=request)

        with RemoteRag("http://127.0.0.1:9", load_settings(), httpx.MockTransport(refuse)) as rag:
            with pytest.raises(StorageError, match="refused"):
                rag.search("Who?")
            with pytest.raises(StorageError, match=r"http://127\.0\.0\.1:9 cannot be asked"):
                rag.ask("Who?")
