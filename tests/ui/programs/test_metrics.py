"""What Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from rag.errors import StorageError
from tests.ui.newsroom import Newsroom
from tests.ui.serving import PATIENCE, eventually, serving


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture
def address(newsroom: Newsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address


def read(address: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    families = text_string_to_metric_families(httpx.get(f"{address}/metrics").text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_questions_are_counted_by_how_they_ended(address: str) -> None:
    for question in ("What did the strike cost?", "Who is the mayor?", "damage", "fault", " "):
        httpx.post(f"{address}/api/ask", json={"question": question})
    httpx.post(f"{address}/v1/chat/completions", json={"messages": [{"role": "user", "content": "Who is the mayor?"}]})
    httpx.post(f"{address}/api/brief", json={"topic": "the strike"})
    told = read(address)
    assert told["dateline_questions_total", "fact", "answered"] == 1
    assert told["dateline_questions_total", "fact", "silent"] == 2
    assert told["dateline_questions_total", "briefing", "answered"] == 1
    assert told["dateline_questions_total", "unknown", "failed"] == 2
    assert told["dateline_silences_total", "not answered"] == 2
    assert told["dateline_answer_seconds_count", "extractive"] == 4


def test_who_hangs_up_is_counted(newsroom: Newsroom, address: str) -> None:
    with suppress(httpx.ReadTimeout):
        httpx.post(f"{address}/api/ask", json={"question": "hold"}, timeout=0.5)
    assert newsroom.ended.wait(PATIENCE)
    eventually(lambda: read(address).get(("dateline_questions_total", "unknown", "given up")) == 1)


def test_the_archive_is_told_of(address: str) -> None:
    told = read(address)
    assert told["dateline_articles",] == 2
    assert (told["dateline_catalog_change",], told["dateline_index_lag_changes",]) == (2, 1)
    assert told["dateline_last_ingest_articles", "failed"] == 1
    assert told["dateline_last_ingest_duration_seconds",] == 5
    assert told["dateline_index_following",] == 1


def test_indexes_that_do_not_follow_are_seen() -> None:
    with serving(Newsroom(follow_error=StorageError("disk full"))) as address:
        eventually(lambda: read(address)["dateline_index_following",] == 0)


def test_two_servers_count_apart(address: str) -> None:
    httpx.post(f"{address}/api/ask", json={"question": "Who is the mayor?"})
    with serving(Newsroom()) as other:
        assert ("dateline_questions_total", "fact", "silent") not in read(other)
