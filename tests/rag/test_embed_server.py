"""An embedder behind OpenAI's `/v1/embeddings`, on a server that exists in this process alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import numpy as np
import pytest

from rag.embed_server import AT_ONCE, LONGEST_PAUSE, TRIES, ServedEmbedder
from rag.errors import ModelError
from tests.fakes import HashEmbedder

URL = "http://embeddings.example/v1"
Answering = Callable[[httpx.Request], httpx.Response]


class EmbeddingServer:
    """Answers with the vectors of HashEmbedder, twice as long and in no order, after the answers that are `first`."""

    def __init__(self, *first: httpx.Response | Exception) -> None:
        self.requests: list[httpx.Request] = []
        self.first = list(first)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.first:
            answer = self.first.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        texts = json.loads(request.content)["input"]
        vectors = 2 * HashEmbedder(8).embed_documents(texts)
        rows = [{"index": place, "embedding": vector.tolist()} for place, vector in enumerate(vectors)]
        return httpx.Response(200, json={"data": rows[::-1]})


def embedder(answering: Answering, pauses: list[float] | None = None, **options: object) -> ServedEmbedder:
    pause = (lambda _: None) if pauses is None else pauses.append
    transport = httpx.MockTransport(answering)
    return ServedEmbedder("acme/news-8@abc", URL, transport=transport, pause=pause, **options)  # type: ignore[arg-type]


def test_texts_become_unit_vectors_in_their_order() -> None:
    server = EmbeddingServer()
    one = embedder(server)
    texts = [f"the mayor of town {number}" for number in range(2 * AT_ONCE + 1)]
    vectors = one.embed_documents(texts)
    assert (one.model, one.revision, one.dimension, one.window) == ("acme/news-8", "abc", 8, 512)
    assert np.allclose(vectors, HashEmbedder(8).embed_documents(texts), atol=1e-6)
    assert np.allclose(one.embed_query(texts[40]), vectors[40])
    assert len(server.requests) == 1 + 3 + 1
    assert str(server.requests[0].url) == f"{URL}/embeddings"
    assert one.embed_documents([]).shape == (0, 8)


def test_a_half_character_is_replaced_before_it_is_sent() -> None:
    server = EmbeddingServer()
    embedder(server).embed_query("half \ud800 of one")
    assert json.loads(server.requests[-1].content)["input"] == ["half ? of one"]


def test_lengths_leave_room_for_another_tokenizer() -> None:
    short, long = embedder(EmbeddingServer()).lengths(["word", "word " * 100])
    assert short >= 3
    assert 120 <= long <= 150


def test_the_key_is_sent_and_never_told() -> None:
    server = EmbeddingServer(httpx.Response(401, text="no such key: very-secret"))
    with pytest.raises(ModelError, match="DATELINE_EMBED_KEY") as told:
        embedder(server, key="very-secret")
    assert server.requests[0].headers["Authorization"] == "Bearer very-secret"
    assert "very-secret" not in str(told.value)


def test_a_busy_server_is_asked_again_as_it_wishes() -> None:
    pauses: list[float] = []
    busy = (httpx.Response(429, headers={"Retry-After": "7"}), httpx.ConnectError("gone"), httpx.Response(503))
    assert embedder(EmbeddingServer(*busy), pauses).dimension == 8
    assert pauses == [7, 2, 4]


def test_one_that_stays_away_is_given_up() -> None:
    pauses: list[float] = []
    server = EmbeddingServer(*[httpx.Response(503, headers={"Retry-After": "9999"})] * TRIES)
    with pytest.raises(ModelError, match="says 503; check that the server runs"):
        embedder(server, pauses)
    assert pauses == [LONGEST_PAUSE] * (TRIES - 1)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(200, text="<html>"), "is it a server with"),
        (httpx.Response(200, json={"data": []}), "is it a server with"),
        (httpx.Response(200, json={"data": [{"index": 0, "embedding": "AAAA"}]}), "is it a server with"),
        (httpx.Response(200, json={"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "not finite"),
        (httpx.Response(400, text="input is too long"), "400 .input is too long"),
        (httpx.Response(302, headers={"Location": "http://elsewhere.example"}), "302"),
    ],
)
def test_what_is_no_answer_is_told(answer: httpx.Response, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        embedder(EmbeddingServer(answer))


def test_vectors_of_another_size_are_refused() -> None:
    server = EmbeddingServer()
    one = embedder(server)
    server.first = [httpx.Response(200, json={"data": [{"index": 0, "embedding": [1.0]}]})]
    with pytest.raises(ModelError, match="not of 8 dimensions"):
        one.embed_query("mayor")
