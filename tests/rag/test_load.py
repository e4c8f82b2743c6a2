"""Many questions at once while the archive changes under them, and very many one after the other."""

from __future__ import annotations

import gc
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag import Rag
from rag.archive import Archive
from rag.extract import ExtractiveAnswerer
from rag.parts import Parts
from rag.settings import Settings, load_settings
from rag.types import Answer
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, WORDS, check_whole, make_article, many_stored

ASKERS = 20
ARTICLES = 80
AN_FILE = 20
EDITIONS = (0, 1)
STATM = Path("/proc/self/statm")
WARM_UP, SEARCHES = 300, 1_500
GROWTH = 20_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an archive in which every question is answered, however weak the evidence."""
    return load_settings(index=tmp_path / "archive", min_confidence=0.0)


@pytest.fixture
def filled(settings: Settings) -> Settings:
    with Archive.open(settings.index, create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(30)))
    return settings


@contextmanager
def asked(settings: Settings) -> Iterator[Rag]:
    embedder = HashEmbedder()
    archive = Archive.open(settings.index)
    with Rag(Parts(archive, embedder, ExtractiveAnswerer(embedder, lambda: archive.lexical)), settings) as opened:
        yield opened


def write_edition(folder: Path, edition: int) -> None:
    """Every edition changes all articles, has no more those of the oldest file, and has a new file of twenty."""
    numbers = range(edition * AN_FILE, edition * AN_FILE + ARTICLES)
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for first in numbers[::AN_FILE]:
        some = [make_article(number, edition) for number in range(first, first + AN_FILE)]
        lines = [
            json.dumps(
                {"id": article.source.id, "title": article.source.title, "outlet": article.source.outlet, "text": article.text}
            )
            for article in some
        ]
        (folder / f"{first}.jsonl").write_text("\n".join(lines))


def read_in(folder: Path, settings: Settings) -> None:
    report = ingest([str(folder)], settings.index, settings, embedder=HashEmbedder(), prune=True)
    assert report.failures == ()


def ask(rag: Rag, number: int) -> Answer:
    words = [WORDS[number * step % len(WORDS)] for step in (1, 5, 7)]
    return rag.ask(f"What of the {' '.join(words)}?", outlets=["The Gazette"] if number % 3 == 0 else [])


def ask_until(done: threading.Event, started: threading.Barrier, rag: Rag, number: int) -> list[Answer]:
    """The first answer comes before the archive changes, the others meanwhile."""
    answers = [ask(rag, number)]
    started.wait()
    while not done.is_set():
        answers.append(ask(rag, number + len(answers)))
    return answers


def answers_during(change: Callable[[], None], rag: Rag, askers: int) -> list[Answer]:
    """What as many threads are answered before and during `change`."""
    done, started = threading.Event(), threading.Barrier(askers + 1, timeout=120)
    with ThreadPoolExecutor(askers) as threads:
        asking = [threads.submit(ask_until, done, started, rag, number) for number in range(askers)]
        try:
            started.wait()
            change()
        finally:
            done.set()
        return [answer for one in asking for answer in one.result()]


def check_exact(answer: Answer, editions: Sequence[int]) -> None:
    """All that an answer cites of an article stands in one of these editions of it, and every passage in one."""
    assert (answer.status, answer.reason) == ("answered", None)
    assert answer.citations
    for id in {one.source.id for one in answer.citations}:
        cited = [one for one in answer.citations if one.source.id == id]
        assert any(all(text[one.start : one.end] == one.quote for one in cited) for text in texts(id, editions))
    for chunk in (passage.chunk for passage in answer.passages):
        assert any(text[chunk.start : chunk.end] == chunk.text for text in texts(chunk.source.id, editions))


def texts(id: str, editions: Sequence[int]) -> list[str]:
    return [make_article(int(id[1:]), edition).text for edition in editions]


@pytest.mark.slow
def test_twenty_threads_ask_while_articles_are_added_changed_and_forgotten(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_edition(folder, 0)
    read_in(folder, settings)

    def change() -> None:
        for edition in EDITIONS[1:]:
            write_edition(folder, edition)
            read_in(folder, settings)

    with asked(settings) as rag:
        answers = answers_during(change, rag, ASKERS)
        rag.archive.follow()
        settled = [ask(rag, number) for number in range(ASKERS)]
        assert rag.archive.catalog.counts().articles == ARTICLES
        check_whole(rag.archive, every=7)
    assert all("follow meanwhile" in notice for answer in answers for notice in answer.notices)  # a change of a moment ago
    assert {answer.notices for answer in settled} == {()}
    for answer in answers:
        if answer.passages:  # there are none while the indexes still know the old chunks of all that has changed
            check_exact(answer, EDITIONS)
    for answer in settled:
        check_exact(answer, EDITIONS[-1:])
    assert len([answer for answer in answers if answer.passages]) > max(ASKERS, len(answers) // 2)


@pytest.mark.slow
def test_questions_are_answered_while_the_indexes_are_made_anew(filled: Settings) -> None:
    with asked(filled) as rag:
        old = rag.archive.dense

        def change() -> None:
            rag.archive.rebuild()
            rag.archive.rebuild()

        answers = answers_during(change, rag, 4)
        assert rag.archive.dense is not old
        check_whole(rag.archive, every=7)
    assert {answer.notices for answer in answers} == {()}
    for answer in answers:
        check_exact(answer, [0])


@pytest.mark.slow
@pytest.mark.skipif(not STATM.exists(), reason="tells its memory in /proc on Linux alone")
def test_memory_stays_flat_over_many_searches(filled: Settings) -> None:
    with asked(filled) as rag:
        for number in range(WARM_UP + SEARCHES):
            if number == WARM_UP:
                before = resident()
            question = f"What of the {WORDS[number % len(WORDS)]} and story {number}?"
            assert rag.search(question, 1 + number % 20, since="2025" if number % 4 == 0 else None)
        assert resident() - before < GROWTH


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
