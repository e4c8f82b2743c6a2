"""The HTTP API, the fragments of the page and the life of the server."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import DatelineError, StorageError
from rag.types import Answer, Article, Question, Source
from tests.ui.answers import ABSTAINED, ANSWERED, ARTICLE
from tests.ui.newsroom import ACCOUNTS, DAY, FERRY, Newsroom, hostile
from tests.ui.serving import PATIENCE, eventually, serving
from ui.render import answer_json, article_json, hits_json
from ui.web.conversation import Conversation, Exchange
from ui.web.follower import Follower
from ui.web.html import Fragments
from ui.web.server import listen, serve
from ui.web.shell import policy, tidy_document
from ui.web.store import Kept
from ui.web.stream import follow
from ui.web.wording import safe_link, showable


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture(scope="module")
def address(newsroom: Newsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address


class TestApi:
    def test_asking_gives_the_document_of_the_command_line(self, address: str, newsroom: Newsroom) -> None:
        question = {
            "id": "q1",
            "question": "What did the strike cost?",
            "since": "2024",
            "outlets": ["Kestrel Bay News"],
        }
        document = httpx.post(address + "/api/ask", json=question).json()
        whole = newsroom.ask("What did the strike cost?", since="2024", outlets=("Kestrel Bay News",))
        assert document == {**answer_json(whole), "id": "q1"}
        assert document["filters"] == {"since": "2024-01-01", "until": None, "outlets": ["Kestrel Bay News"]}

    def test_a_stated_risk_reaches_the_archive(self, address: str, newsroom: Newsroom) -> None:
        httpx.post(address + "/api/ask", json={"question": "What did the strike cost?", "max_risk": 0.1}).raise_for_status()
        assert newsroom.questions[-1].max_risk == 0.1
        response = httpx.post(address + "/api/ask", json={"question": "What?", "max_risk": "much"})
        assert response.status_code == 422
        assert "max_risk" in response.json()["detail"]

    @pytest.mark.parametrize("route", ["ask", "search"])
    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"untl": "2024"}, "unknown field 'untl': did you mean 'until'?"),
            ({"qestion": "Who?"}, "unknown field 'qestion': did you mean 'question'?"),
            ({"zzz": 1}, "unknown field 'zzz'; known are as_of, "),
            ({"history": [{"role": "user", "contnt": "Hi"}]}, "history.0: unknown field 'contnt': did you mean 'content'?"),
            ({"k": 0}, "k: give a whole number from 1 to 1000"),
            ({"insist": "yes"}, "insist: write true or false"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, address: str, newsroom: Newsroom, route: str, wrong: dict[str, object], told: str
    ) -> None:
        before = len(newsroom.questions)
        response = httpx.post(f"{address}/api/{route}", json={"question": "What did the strike cost?", **wrong})
        assert response.status_code == 422
        assert response.json()["detail"].startswith(told)
        assert len(newsroom.questions) == before

    def test_a_body_that_is_no_object_is_refused(self, address: str) -> None:
        assert httpx.post(address + "/api/ask", json=["Who?"]).status_code == 422
        assert httpx.post(address + "/api/ask", json={"id": 1}).json()["detail"].startswith("question: is missing")

    def test_searching_gives_the_document_of_the_command_line(self, address: str, newsroom: Newsroom) -> None:
        document = httpx.post(address + "/api/search", json={"id": 7, "question": "strike", "k": 1}).json()
        assert document == hits_json(Question("strike", id=7, k=1), newsroom.search("strike", k=1))

    def test_an_abstention_is_an_answer(self, address: str) -> None:
        response = httpx.post(address + "/api/ask", json={"question": "Who is the mayor?"})
        assert response.status_code == 200
        assert response.json()["status"] == "abstained"

    def test_an_article_can_be_read(self, address: str) -> None:
        assert httpx.get(address + "/api/articles/ferry").json() == article_json(FERRY)

    def test_an_id_may_be_an_address(self) -> None:
        article = Article(Source("https://a.example/b?c", "Title"), "Text \ud800 with half a character.")
        with serving(Newsroom([article])) as address:
            response = httpx.get(address + "/api/articles/https%3A%2F%2Fa.example%2Fb%3Fc")
            assert response.json()["text"] == article.text

    def test_an_unknown_article_is_not_found(self, address: str) -> None:
        assert httpx.get(address + "/api/articles/nothing").status_code == 404

    def test_a_damaged_archive_is_said_to_be_unavailable(self, address: str) -> None:
        assert httpx.post(address + "/api/ask", json={"question": "damage"}).status_code == 503

    def test_health_counts(self, address: str) -> None:
        health = httpx.get(address + "/api/health").json()
        assert (health["status"], health["articles"], health["since"]) == ("ok", 2, "2024-03-04")

    def test_health_tells_that_articles_do_not_arrive(self) -> None:
        newsroom = Newsroom(follow_error=StorageError("disk full"))
        with serving(newsroom) as address:
            eventually(lambda: httpx.get(address + "/api/health").json()["status"] == "degraded")
            newsroom.follow_error = None
            eventually(lambda: httpx.get(address + "/api/health").json()["status"] == "ok")


class TestFollower:
    def test_it_goes_on_after_an_error(self, caplog: pytest.LogCaptureFixture) -> None:
        newsroom = Newsroom(follow_error=RuntimeError("once"))
        follower = Follower(newsroom, every=0.01)  # type: ignore[arg-type]  # stands in for the archive
        follower.start()
        eventually(lambda: newsroom.followed > 2)
        assert follower.failure == "RuntimeError: once"
        newsroom.follow_error = None
        eventually(lambda: follower.failure is None)
        follower.stop()
        assert [record.getMessage() for record in caplog.records] == ["the indexes do not follow the catalog: RuntimeError: once"]

    def test_it_mends_what_is_damaged_once(self) -> None:
        newsroom = Newsroom(dense=None)
        follower = Follower(newsroom, every=0.01)  # type: ignore[arg-type]  # stands in for the archive
        follower.start()
        eventually(lambda: newsroom.followed > 2)
        follower.stop()
        assert newsroom.mended == 1


class TestStream:
    def test_every_answer_arrives_and_waiting_is_seen(self) -> None:
        newsroom = Newsroom()

        async def collect() -> list[Answer | None]:
            return [answer async for answer in follow(newsroom.stream("What did it cost?"), tick=10)]

        seen = asyncio.run(collect())
        assert [len(answer.sentences) for answer in seen if answer] == [1, 2]

    def test_leaving_ends_the_answer(self) -> None:
        newsroom = Newsroom()

        async def leave() -> None:
            async with aclosing(follow(newsroom.stream("hold"))) as answers:
                async for _ in answers:
                    if newsroom.holding.is_set():
                        break

        asyncio.run(leave())
        assert newsroom.ended.wait(PATIENCE)

    def test_an_error_reaches_the_reader(self) -> None:
        async def read() -> None:
            async for _ in follow(Newsroom().stream("fault")):
                pass

        with pytest.raises(RuntimeError, match="secret detail"):
            asyncio.run(read())


class Reader(HTMLParser):
    """The text of a fragment, the marked part of it, and every tag and attribute that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = self.marked = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "mark" or (tag == "div" and ("class", "text") in attrs):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data
        if "mark" in self._inside:
            self.marked += data


class TestFragments:
    words = st.text(st.sampled_from("ab &<>\"'\n{}$`é漢😀"), max_size=30)

    @given(words, words.filter(bool), words)
    def test_exactly_the_quote_is_marked(self, before: str, quote: str, after: str) -> None:
        article = Article(ARTICLE.source, before + quote + after)
        html = Fragments().source(article, len(before), len(before) + len(quote), quote)
        assert (Reader(html).text, Reader(html).marked) == (article.text, quote)

    def test_nothing_is_marked_in_an_article_that_has_changed(self) -> None:
        html = Fragments().source(ARTICLE, 0, 8, "The ship")
        assert "<mark>" not in html
        assert "has changed" in html

    def test_no_field_becomes_markup(self) -> None:
        article = hostile("http://evil.example")
        answer = replace(
            ANSWERED,
            citations=(replace(ANSWERED.citations[0], source=article.source, quote=article.text),),
            sentences=(replace(ANSWERED.sentences[0], text=article.text),),
            notices=(article.text,),
            standalone_question=article.text,
        )
        found = replace(ABSTAINED.passages[0], chunk=replace(ABSTAINED.passages[0].chunk, source=article.source))
        abstained = replace(ABSTAINED, reason=article.text, passages=(found,))
        fragments = Fragments()
        html = fragments.source(article, 0, len(article.text), article.text) + fragments.exchanges(
            [
                Exchange(1, article.text, answer, working=False),
                Exchange(2, article.text, abstained, working=False),
                Exchange(3, article.text, error=article.text, working=False),
            ]
        )
        html += (
            fragments.welcome(1, True)
            + fragments.questions("Next", [article.text])
            + fragments.masthead(1, 1, None, [article.text], True)
        )
        html += fragments.sources(Exchange(1, article.text, answer, working=False)) + fragments.told(article.text)
        html += fragments.conversations([(Kept(article.text, article.text, 0.0), DAY)], None, article.text, DAY)
        reader = Reader(html)
        assert not {"img", "form", "script", "svg", "iframe", "link"} & set(reader.tags)
        assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("style", "src")]
        assert all(str(value).startswith(("/dateline/", "#")) for name, value in reader.attributes if name == "href")

    def test_an_abstention_looks_different_and_has_no_numbers(self) -> None:
        html = Fragments().exchanges([Exchange(1, "Who?", ABSTAINED, working=False)])
        assert ABSTAINED.reason is not None
        assert ABSTAINED.reason in html
        assert "data-citation" not in html
        assert html.count("data-passage") == 1  # two passages of one article
        assert "Show" not in html

    def test_what_was_understood_can_be_edited_and_what_was_inferred_taken_back(self) -> None:
        answer = Newsroom().ask("And what did it cost in March?")
        html = Fragments().exchanges([Exchange(3, answer.question.text, answer, working=False)])
        assert "Understood as: What about what did it cost in March?" in html
        assert "The Amberline Courier, March 2024" in html
        wishes = [value for name, value in Reader(html).attributes if name == "data-wish"]
        assert wishes == ["edit", "literal", "only", "without", "retry", "reword"]
        working = Fragments().exchanges([Exchange(3, answer.question.text, answer, working=True)])
        assert "data-wish" not in working

    def test_what_a_question_is_limited_to_is_not_shown_as_inferred_too(self) -> None:
        answer = Newsroom().ask("What did it cost in March?")
        limited = replace(answer, question=replace(answer.question, filters=answer.understood.scopes[0].filters))
        assert "Looked first in" in Fragments().exchanges([Exchange(1, "What?", answer, working=False)])
        assert "Looked first in" not in Fragments().exchanges([Exchange(1, "What?", limited, working=False)])

    def test_a_short_answer_stands_in_front_in_bold(self) -> None:
        answer = Newsroom().ask("What did the strike cost?")
        html = Fragments().exchanges([Exchange(1, "What?", answer, working=False)])
        assert html.index("<strong>$3.2 million</strong>") < html.index('<p class="answer"')
        without = Fragments().exchanges([Exchange(1, "What?", replace(answer, short_answer=None), working=False)])
        assert "<strong>" not in without

    def test_a_quote_that_has_its_own_quotation_marks_gets_no_others(self) -> None:
        answer = Newsroom().ask("What did the strike cost?")
        said = replace(answer, citations=(replace(answer.citations[0], quote="“We wait,” he said."), answer.citations[1]))
        html = Fragments().exchanges([Exchange(1, "What?", said, working=False)])
        assert html.count('class="marked"') == 1

    def test_cited_sources_are_listed_in_their_order(self) -> None:
        answer = Newsroom().ask("What did the strike cost?")
        listed = Fragments().sources(Exchange(1, "What?", answer, working=False))
        assert FERRY.source.title in listed
        assert listed.index(FERRY.source.title) < listed.index(ACCOUNTS.source.title.split("$")[0])

    @pytest.mark.parametrize(("confidence", "word", "looks_weak"), [(0.3, "Not sure", True), (0.6, "Fairly sure", False)])
    def test_a_weak_answer_looks_weak_and_is_explained(self, confidence: float, word: str, looks_weak: bool) -> None:
        answer = replace(Newsroom().ask("What did the strike cost?"), confidence=confidence)
        html = Fragments().exchanges([Exchange(1, "What?", answer, working=False)])
        assert f">{word}<" in html
        assert f"about {confidence:.0%}".removesuffix("%") in html
        assert ("reply weak" in html) == looks_weak

    def test_what_is_being_done_is_told(self) -> None:
        fragments = Fragments()
        assert "Searching the archive" in fragments.exchanges([Exchange(1, "What?")])
        answer = Newsroom().ask("What did the strike cost?")
        assert "Reading the articles" in fragments.exchanges([Exchange(1, "What?", answer)])
        assert "Writing, and checking" in fragments.exchanges([Exchange(1, "What?", replace(answer, mode="llm:some"))])

    def test_an_answer_is_copied_with_its_sources(self) -> None:
        answer = Newsroom().ask("What did the strike cost?")
        copied = dict(Reader(Fragments().exchanges([Exchange(1, "What?", answer, working=False)])).attributes)["data-copy"]
        assert copied is not None
        assert copied.startswith("$3.2 million")
        assert "[1] The Amberline Courier" in copied

    @pytest.mark.parametrize(
        ("url", "safe"),
        [
            ("https://a.example/b", True), ("http://a.example", True), ("javascript:alert(1)", False),
            (" javascript:alert(1)", False), ("data:text/html,x", False), ("//a.example", False), ("https:/a", False),
            ("https://user:word@a.example", False),
            ("http://[", False), ("", False), (None, False),
        ],
    )  # fmt: skip
    def test_only_web_pages_are_linked(self, url: str | None, safe: bool) -> None:
        assert (safe_link(url) is not None) == safe

    def test_disguises_and_half_characters_are_shown_as_such(self) -> None:
        assert showable("a\u202eb\0c\ud800d") == "a\ufffdb\ufffdc?d"


class TestConversation:
    def test_only_the_last_exchanges_are_kept_and_their_turns_passed_on(self) -> None:
        conversation = Conversation()
        for number in range(5):
            conversation = conversation.with_question(str(number), keep=3).with_answer(ANSWERED)
        assert [exchange.number for exchange in conversation.exchanges] == [3, 4, 5]
        assert [turn.role for turn in conversation.turns(4)] == ["user", "assistant", "user", "assistant"]
        assert conversation.turns(2)[0].content == "4"

    def test_what_got_no_answer_is_not_passed_on(self) -> None:
        assert Conversation().with_question("What?", 3).with_answer(error="it failed").turns(4) == ()


class TestShell:
    def test_the_policy_knows_each_inline_script_and_no_other(self) -> None:
        rules = policy("<script>alert(1)</script><script src='/a.js'></script><script type='module'>2</script>")
        assert rules.count("'sha256-") == 2

    def test_social_cards_go(self) -> None:
        document = '<head><base href="./" /><meta property="og:image" content="https://x" /><title>T</title></head>'
        assert "https://x" not in tidy_document(document)
        assert "<base" not in tidy_document(document)


class TestServing:
    def test_a_taken_port_is_named(self) -> None:
        listener = listen("127.0.0.1", 0)
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(DatelineError, match=str(port)):
            serve(Newsroom().rag(), "127.0.0.1", port)
        listener.close()

    @pytest.mark.slow
    def test_a_signal_ends_the_server_while_a_page_is_open(self) -> None:
        program = (
            "import sys; from tests.ui.newsroom import Newsroom; from ui.web.server import Server, create_app, listen\n"
            "listener = listen('127.0.0.1', 0); port = listener.getsockname()[1]\n"
            "app = create_app(Newsroom().rag(), port=port); print(port, flush=True)\n"
            "Server(app).run(sockets=[listener])"
        )
        server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert server.stdout is not None
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        with httpx.Client(base_url=address, timeout=PATIENCE, transport=httpx.HTTPTransport(retries=7)) as client:
            client.get("/")
            with client.stream("GET", "/gradio_api/heartbeat/session") as heartbeat:
                next(heartbeat.iter_bytes())
                server.send_signal(signal.SIGTERM)
                _, errors = server.communicate(timeout=PATIENCE)
        assert server.returncode == -signal.SIGTERM
        assert "Traceback" not in errors
