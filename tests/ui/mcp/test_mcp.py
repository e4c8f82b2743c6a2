"""The MCP server, spoken to with the official client: in this process, on the streams of a child, and on a port."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason='mcp is not installed: pip install "dateline[mcp]"')

import httpx
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent, TextResourceContents

from rag.request import FIELDS as QUESTION_FIELDS
from rag.request import LISTING_FIELDS, TOPIC_FIELDS
from rag.types import Article, Source
from tests.ui.conftest import dateline_process
from tests.ui.newsroom import FERRY, Newsroom
from tests.ui.serving import eventually, serving
from tests.ui.test_cli_serve import free_port
from ui.fields import FIELDS
from ui.mcp.server import make_server
from ui.mcp.tools import TOOLS

Ask = Callable[[Client], Awaitable[Any]]


def spoken(newsroom: Newsroom, ask: Ask) -> Any:
    async def speak() -> Any:
        async with Client(make_server(newsroom.rag())) as client:
            return await ask(client)

    try:
        return asyncio.run(speak())
    except BaseExceptionGroup as group:  # the client's own tasks are a group
        raise _single(group) from group


def _single(error: BaseException) -> BaseException:
    """The one error that groups of one wrap."""
    return _single(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1 else error


def called(newsroom: Newsroom, tool: str, **arguments: Any) -> CallToolResult:
    found = spoken(newsroom, lambda client: client.call_tool(tool, arguments))
    assert isinstance(found, CallToolResult)
    return found


def words(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


class TestTools:
    def test_an_answer_has_exact_quotes_and_their_places_as_words_and_as_data(self) -> None:
        result = called(Newsroom(), "ask", question="What did the strike cost?")
        data = result.structured_content
        assert data["short_answer"] == "$3.2 million"
        for citation in data["citations"]:
            place = f"dateline://articles/{citation['article_id']}#{citation['start']}-{citation['end']}"
            assert place in words(result)
            assert f"“{citation['quote']}”" in words(result)
        first = data["citations"][0]
        assert FERRY.text[first["start"] : first["end"]] == first["quote"]

    def test_silence_is_said(self) -> None:
        result = called(Newsroom(), "ask", question="Who is the mayor?")
        assert not result.is_error
        assert words(result).startswith("The articles do not say.\nNearest: ")

    def test_filters_and_history_reach_the_archive(self) -> None:
        newsroom = Newsroom()
        called(newsroom, "ask", question="And when?", since="2024", history=[{"role": "user", "content": "Who?"}])
        (asked,) = newsroom.questions
        assert (str(asked.filters.since), [turn.content for turn in asked.history]) == ("2024-01-01", ["Who?"])

    def test_passages_are_found_with_their_places(self) -> None:
        result = called(Newsroom(), "search", question="strike", k=1)
        (hit,) = result.structured_content["hits"]
        assert f"dateline://articles/ferry#0-{len(FERRY.text)}" in words(result)
        assert hit["text"] == FERRY.text

    @pytest.mark.parametrize("tool", ["brief", "timeline", "compare"])
    def test_a_topic_is_told_of(self, tool: str) -> None:
        result = called(Newsroom(), tool, topic="the strike")
        assert result.structured_content["form"] == {"brief": "briefing", "compare": "comparison"}.get(tool, tool)

    def test_an_article_is_read_in_parts(self) -> None:
        result = called(Newsroom(), "read_article", article_id="ferry", start=6, end=11)
        assert (result.structured_content["text"], result.structured_content["end"]) == (FERRY.text[6:11], 11)
        assert words(result).endswith(f"\n\n{FERRY.text[6:11]}")

    def test_a_long_article_is_not_read_at_once(self) -> None:
        long = Article(replace(FERRY.source, id="long"), "word " * 10_000)
        data = called(Newsroom([long]), "read_article", article_id="long").structured_content
        assert (len(data["text"]), data["characters"]) == (20_000, 50_000)

    def test_what_there_is_is_listed(self) -> None:
        newsroom = Newsroom()
        page = called(newsroom, "list_articles", limit=1).structured_content
        rest = called(newsroom, "list_articles", limit=1, after=page["next"]).structured_content
        assert [each["article_id"] for each in (*page["articles"], *rest["articles"])] == ["ferry", "accounts"]
        assert rest["next"] is None
        assert called(newsroom, "list_outlets").structured_content["outlets"][0]["name"] == "The Amberline Courier"
        assert words(called(newsroom, "list_days")) == "- 2024-03-04: 1"

    @pytest.mark.parametrize(
        ("tool", "arguments", "told"),
        [
            ("ask", {"question": "Who?", "sinse": "2024"}, "unknown argument 'sinse': did you mean 'since'?"),
            ("ask", {"question": " "}, "the question is empty"),
            ("ask", {}, "question: is missing"),
            ("ask", {"question": "Who?", "llm": "any"}, "not offered here"),
            ("search", {"question": "Who?", "k": 0}, "k: give a whole number"),
            ("timeline", {"topic": "x", "lines": 0}, "lines: give a whole number"),
            ("brief", {"question": "x"}, "unknown argument 'question'"),
            ("brief", {}, "topic: is missing"),
            ("read_article", {"article_id": "nothing"}, "there is no article 'nothing'"),
            ("read_article", {"article_id": 7}, "there is no article '7'"),
            ("read_article", {"article_id": "ferry", "start": 9, "end": 9}, "end: give a number above start"),
            ("read_article", {"article_id": "ferry", "start": -1}, "start: give a whole number"),
            ("list_articles", {"after": "x"}, "after: give the `next`"),
            ("list_articles", {"limit": 0}, "limit: give a whole number from 1 to 500"),
            ("list_outlets", {"x": 1}, "unknown argument 'x'"),
            ("aks", {}, "unknown tool 'aks': did you mean 'ask'?"),
        ],
    )
    def test_what_cannot_be_is_told_to_the_model(self, tool: str, arguments: dict[str, Any], told: str) -> None:
        result = called(Newsroom(), tool, **arguments)
        assert result.is_error
        assert told in words(result)

    @pytest.mark.parametrize("question", ["damage", "fault"])
    def test_a_fault_is_told_without_its_details(self, question: str) -> None:
        result = called(Newsroom(), "ask", question=question)
        assert result.is_error
        assert "secret" not in words(result)

    def test_half_a_character_spoils_nothing(self) -> None:
        article = Article(Source("odd", "T\ud800"), "Half \ud800 a character.")
        newsroom = Newsroom([article])
        assert called(newsroom, "read_article", article_id="odd").structured_content["text"] == "Half ? a character."
        assert spoken(newsroom, lambda client: client.list_resources()).resources[0].title == "T?"

    def test_every_tool_only_reads_and_knows_its_arguments(self) -> None:
        listed = spoken(Newsroom(), lambda client: client.list_tools()).tools
        assert [tool.name for tool in listed] == [tool.name for tool in TOOLS]
        assert all(tool.annotations.read_only_hint for tool in listed)
        assert all(tool.input_schema["additionalProperties"] is False for tool in listed)


def test_the_fields_described_are_those_that_are_read() -> None:
    described = set(FIELDS) - {"article_id", "start", "end"}
    assert described == {*QUESTION_FIELDS, *TOPIC_FIELDS, *LISTING_FIELDS}


class TestResources:
    def test_articles_are_listed_and_read_whole_or_in_part(self) -> None:
        async def read(client: Client) -> list[str]:
            listed = await client.list_resources()
            whole = await client.read_resource(listed.resources[0].uri)
            part = await client.read_resource(f"{listed.resources[0].uri}#6-11")
            return [each.contents[0].text for each in (whole, part) if isinstance(each.contents[0], TextResourceContents)]

        assert spoken(Newsroom(), read) == [FERRY.text, FERRY.text[6:11]]

    def test_an_id_may_be_an_address(self) -> None:
        article = Article(Source("https://a.example/b?c#d", "Title"), "Text.")

        async def read(client: Client) -> Any:
            (listed,) = (await client.list_resources()).resources
            return await client.read_resource(listed.uri)

        assert spoken(Newsroom([article]), read).contents[0].text == "Text."

    @pytest.mark.parametrize("uri", ["dateline://articles/nothing", "file:///etc/passwd", "dateline://articles/ferry#5-999999"])
    def test_what_is_not_there_is_an_error(self, uri: str) -> None:
        with pytest.raises(MCPError, match=r"no article|not those"):
            spoken(Newsroom(), lambda client: client.read_resource(uri))


async def asked_of_the_sample(client: Client) -> tuple[str, Any]:
    found = await client.call_tool("ask", {"question": "Who heads the union of the ferry workers?"})
    place = found.structured_content["citations"][0]
    read = await client.read_resource(f"dateline://articles/{place['article_id']}#{place['start']}-{place['end']}")
    content = read.contents[0]
    assert isinstance(content, TextResourceContents)
    return found.structured_content["text"], (content.text, place["quote"])


@pytest.mark.slow
class TestTransports:
    def test_on_the_streams_of_a_child_nothing_but_messages_is_written(self, own_archive: Path) -> None:
        started = dateline_process("mcp", "--index", own_archive, stdin=-1)
        hello = {
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        }  # fmt: skip
        out, err = started.communicate(json.dumps(hello) + "\nno message\n", timeout=120)
        assert started.returncode == 0, err
        messages = [json.loads(line) for line in out.splitlines()]
        assert {message["jsonrpc"] for message in messages} == {"2.0"}
        assert messages[0]["result"]["serverInfo"]["name"] == "dateline"

    def test_the_official_client_starts_it_and_asks(self, own_archive: Path) -> None:
        async def ask() -> tuple[str, Any]:
            program = [*("-c", "from ui.cli import main; main()"), "mcp", "--index", str(own_archive)]
            parameters = StdioServerParameters(command=sys.executable, args=program, env=dict(os.environ))
            async with Client(stdio_client(parameters)) as client:
                return await asked_of_the_sample(client)

        said, (read, quoted) = asyncio.run(ask())
        assert "Brightwell" in said
        assert read == quoted

    def test_the_server_of_the_chat_speaks_it_too(self) -> None:
        async def ask(address: str) -> Any:
            async with Client(f"{address}/mcp") as client:
                return await client.call_tool("ask", {"question": "What did the strike cost?"})

        with serving(Newsroom()) as address:
            assert asyncio.run(ask(address)).structured_content["short_answer"] == "$3.2 million"
            asked = httpx.post(f"{address}/mcp", json={}, headers={"Origin": "http://evil.example"})
            assert asked.status_code == 403
            waiting = httpx.get(f"{address}/mcp")
            assert (waiting.status_code, waiting.headers["allow"]) == (405, "POST")

    def test_the_official_client_asks_over_http(self, own_archive: Path) -> None:
        port = free_port()
        program = dateline_process("mcp", "--http", "--port", port, "--index", own_archive)
        try:
            address = f"http://127.0.0.1:{port}/mcp"
            eventually(lambda: answers(address))

            async def ask() -> tuple[str, Any]:
                async with Client(address) as client:
                    return await asked_of_the_sample(client)

            said, (read, quoted) = asyncio.run(ask())
            assert "Brightwell" in said
            assert read == quoted
            foreign = httpx.post(address, json={}, headers={"Origin": "http://evil.example"}, trust_env=False)
            assert foreign.status_code == 403
            program.terminate()
            out, _ = program.communicate(timeout=60)
            assert out == ""
        finally:
            program.kill()
            program.wait()


def answers(address: str) -> bool:
    try:
        return httpx.post(address, json={}, trust_env=False).status_code > 0
    except httpx.TransportError:
        return False
