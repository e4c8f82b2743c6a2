"""From a question to a cited answer, on the sample archive and on small ones made here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest

from rag import Rag
from rag.archive import Archive
from rag.embed import SentenceEmbedder
from rag.errors import ArchiveInUse, ArchiveMissing, FingerprintMismatch, UsageError
from rag.extract import ExtractiveAnswerer
from rag.settings import load_settings
from rag.types import Answer, Article, Claim, Draft, Passage, Question, Quote, Source, Turn
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, make_stored, many_stored

FOUND = "Where was the stolen Heron Clock discovered?"
SILENT = "How do I descale an espresso machine?"


def quoted(passage: Passage) -> Quote:
    chunk = passage.chunk
    return Quote(chunk.source, chunk.start, chunk.end, chunk.text)


class Scripted:
    """Quotes the first words of every passage, however little they answer."""

    mode = "extractive"
    min_confidence = 0.5

    def __init__(self, confidence: float = 0.9, reason: str | None = None) -> None:
        self.confidence = confidence
        self.reason = reason
        self.asked: list[Question] = []

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del articles
        self.asked.append(question)
        claims = tuple(Claim(passage.chunk.text, (quoted(passage),), passage.score) for passage in passages)
        yield Draft(claims, self.confidence, reason=self.reason)


@pytest.fixture(scope="module")
def rag(sample_archive: Path, embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    directory = Path(shutil.copytree(sample_archive, tmp_path_factory.mktemp("asked") / "archive"))
    archive = Archive.open(directory)
    answerer = ExtractiveAnswerer(embedder, lambda: archive.lexical)
    with Rag(archive, embedder, answerer, load_settings(index=directory)) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Rag]:
    """Forty small articles, and an answerer that always quotes."""
    with scripted(tmp_path / "archive", Scripted()) as opened:
        opened.archive.catalog.put(many_stored(range(40)))
        yield opened


def scripted(directory: Path, answerer: Scripted) -> Rag:
    archive = Archive.open(directory, create=True)
    archive.catalog.adopt(FINGERPRINT)
    return Rag(archive, HashEmbedder(), answerer, load_settings(index=directory))


def check_exact(rag: Rag, answer: Answer) -> None:
    articles = rag.archive.catalog.articles([citation.source.id for citation in answer.citations])
    for citation in answer.citations:
        assert articles[citation.source.id].text[citation.start : citation.end] == citation.quote
    assert {number for sentence in answer.sentences for number in sentence.citations} == {
        citation.number for citation in answer.citations
    }


def test_an_answer_quotes_its_articles_to_the_character(rag: Rag) -> None:
    answer = rag.ask(FOUND)
    assert (answer.status, answer.reason, answer.mode) == ("answered", None, "extractive")
    assert 1 <= len(answer.sentences) <= 3
    assert all(sentence.citations for sentence in answer.sentences)
    assert "Heron Clock" in answer.citations[0].quote
    assert answer.confidence >= rag.ask(SILENT).confidence
    check_exact(rag, answer)


def test_the_last_state_of_the_stream_is_the_answer(rag: Rag) -> None:
    states = list(rag.stream(FOUND))
    assert [len(state.sentences) for state in states] == list(range(1, len(states) + 1))
    last, asked = states[-1], rag.ask(FOUND)
    assert replace(last, timings_ms={}) == replace(asked, timings_ms={})
    assert {"retrieve", "answer", "total"} <= asked.timings_ms.keys()


def test_weak_evidence_is_an_abstention_with_the_nearest_articles(rag: Rag) -> None:
    answer = rag.ask(SILENT)
    assert (answer.status, answer.sentences, answer.citations) == ("abstained", (), ())
    assert answer.reason == "The nearest articles do not answer this."
    assert answer.passages
    assert 0 < answer.confidence < 0.5


@pytest.mark.parametrize(("threshold", "status"), [(0.0, "answered"), (1.0, "abstained")])
def test_the_threshold_is_the_settings(rag: Rag, threshold: float, status: str) -> None:
    set_by_user = Rag(
        rag.archive,
        HashEmbedder(384),
        Scripted(confidence=0.9),
        load_settings(index=rag.settings.index, min_confidence=threshold),
    )
    assert set_by_user.ask(FOUND).status == status


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ({"since": "2025"}, lambda source: source.day(UTC) >= date(2025, 1, 1)),
        ({"until": "2024-06"}, lambda source: source.day(UTC) <= date(2024, 6, 30)),
        ({"since": date(2024, 3, 5), "until": "2024-03-05"}, lambda source: source.day(UTC) == date(2024, 3, 5)),
        ({"outlets": ["MERIDIAN wire"]}, lambda source: source.outlet == "Meridian Wire"),
    ],
)
def test_every_passage_passes_the_filters(rag: Rag, filters: dict[str, object], passing: object) -> None:
    passages = rag.search("ferry strike vote", 20, **filters)  # type: ignore[arg-type]
    assert passages
    assert all(passing(passage.chunk.source) for passage in passages)  # type: ignore[operator]


def test_nothing_passes_the_filters(rag: Rag) -> None:
    answer = rag.ask(FOUND, since="1999", until="1999")
    assert (answer.status, answer.passages) == ("abstained", ())
    assert answer.reason == "No article in the archive passes the filters (since 1999-01-01, until 1999-12-31)."


def test_an_unknown_outlet_is_told_with_those_that_there_are(rag: Rag) -> None:
    answer = rag.ask(FOUND, outlets=["The Moon", "meridian wire"])
    (notice,) = answer.notices
    assert "The Moon" in notice
    assert "meridian wire" not in notice
    assert "Meridian Wire" in notice


def test_articles_without_a_date_are_counted_out_loud(small: Rag) -> None:
    answer = small.ask("mayor", since="2025")
    assert answer.notices == ("6 articles without a date left out by the date filter.",)


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with scripted(tmp_path / "archive", Scripted()) as empty:
        answer = empty.ask("Who is the mayor?")
    assert (answer.status, answer.reason) == ("abstained", "The archive is empty: no articles have been ingested.")


def test_a_draft_without_claims_gives_its_reason(tmp_path: Path) -> None:
    class Silent(Scripted):
        def draft(self, *_: object) -> Iterator[Draft]:
            yield Draft((), 0.0, reason="The passages found hold no sentences.")

    with scripted(tmp_path / "archive", Silent()) as silent:
        silent.archive.catalog.put(many_stored(range(3)))
        answer = silent.ask("mayor")
    assert (answer.status, answer.reason) == ("abstained", "The passages found hold no sentences.")


def test_a_quote_that_is_not_in_its_article_is_left_out(tmp_path: Path) -> None:
    class Inventive(Scripted):
        def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
            del question, articles
            quote = replace(quoted(passages[0]), text="Words of its own.")
            yield Draft((Claim(quote.text, (quote,), 1.0),), 1.0)

    with scripted(tmp_path / "archive", Inventive()) as inventive:
        inventive.archive.catalog.put(many_stored(range(3)))
        answer = inventive.ask("mayor")
    assert (answer.status, answer.citations) == ("abstained", ())
    assert any("left out" in notice for notice in answer.notices)


def test_a_follow_up_is_asked_with_the_question_before_it(tmp_path: Path) -> None:
    answerer = Scripted()
    history: list[Turn | dict[str, str]] = [{"role": "user", "content": "Who is the mayor?"}, Turn("assistant", "Nobody knows.")]
    with scripted(tmp_path / "archive", answerer) as opened:
        opened.archive.catalog.put(many_stored(range(3)))
        answer = opened.ask("Where was he born?", history)
    assert answer.question.text == "Where was he born?"
    assert answer.standalone_question == answerer.asked[0].text == "Who is the mayor? Where was he born?"


@pytest.mark.parametrize("history", [[{"role": "system", "content": "x"}], [{"content": "x"}], ["words"]])
def test_a_history_of_another_shape_is_refused(small: Rag, history: list[dict[str, str]]) -> None:
    with pytest.raises(UsageError, match="history"):
        small.ask("mayor", history)


@pytest.mark.parametrize("question", ["", " \x00\n", "x" * 1_000_000])
def test_what_is_no_question_is_refused(small: Rag, question: str) -> None:
    with pytest.raises(UsageError, match="question"):
        small.ask(question)
    with pytest.raises(UsageError, match="question"):
        small.search(question)


@pytest.mark.parametrize("question", ["?!", "市長は誰ですか", "כמה עלה הגשר", "mayor \ud800 bridge", "🙂"])
def test_any_script_is_asked(rag: Rag, question: str) -> None:
    answer = rag.ask(question)
    check_exact(rag, answer)
    assert all(0 <= passage.score <= 1 for passage in answer.passages)


@pytest.mark.parametrize("k", [0, -1, 10_000])
def test_k_is_bounded(small: Rag, k: int) -> None:
    with pytest.raises(UsageError, match=str(k)):
        small.search("mayor", k)


@pytest.mark.parametrize("given", [{"since": "soon"}, {"until": "2025-13"}, {"since": "2025", "until": "2024"}, {"as_of": "now"}])
def test_a_filter_that_cannot_be_read_is_refused(small: Rag, given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        small.ask("mayor", **given)  # type: ignore[arg-type]


def test_as_of_a_day_the_fresh_article_comes_first(tmp_path: Path) -> None:
    days = {1: date(2025, 3, 1), 2: date(2025, 6, 1), 3: date(2025, 9, 1)}
    with scripted(tmp_path / "archive", Scripted()) as opened:
        same = [
            Article(Source(f"a{n}", "Vote", published=day), f"The council will vote. {'abcd'[n] * 9} was there.")
            for n, day in days.items()
        ]
        opened.archive.catalog.put([make_stored(article) for article in same])
        for day in days.values():
            assert opened.search("Vote", 5, as_of=day)[0].chunk.source.published == day


def test_without_the_dense_index_words_still_find(small: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    small.search("mayor", 1)
    directory = small.settings.index
    small.close()
    shutil.rmtree(next(directory.glob("generations/*/chroma")))
    monkeypatch.setattr("rag.archive.archive.MADE_BY_ITSELF", 0)
    with Rag(Archive.open(directory), HashEmbedder(), Scripted(), load_settings(index=directory)) as damaged:
        answer = damaged.ask("mayor")
    assert answer.status == "answered"
    assert any("dateline rebuild" in notice for notice in answer.notices)


def test_an_article_forgotten_between_finding_and_citing_is_not_cited(small: Rag) -> None:
    class Forgetful(Scripted):
        def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
            small.archive.catalog.forget(passages[0].chunk.source.id)
            articles.pop(passages[0].chunk.source.id)
            yield from super().draft(question, passages, articles)

    answer = Rag(small.archive, HashEmbedder(), Forgetful(), small.settings).ask("mayor")
    first = answer.passages[0].chunk.source.id
    assert first not in {citation.source.id for citation in answer.citations}
    assert first not in {passage.chunk.source.id for passage in small.search("mayor", 50)}


def test_opening_says_what_is_wrong(own_archive: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="dateline ingest"):
        Rag.open(tmp_path / "nothing")
    with Rag.open(own_archive) as opened:
        assert opened.ask(FOUND).status == "answered"
        with pytest.raises(ArchiveInUse):
            Rag.open(own_archive)
    with Archive.open(tmp_path / "other", create=True) as other:
        other.catalog.adopt(FINGERPRINT)
        other.catalog.put(many_stored(range(2)))
    with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
        Rag.open(tmp_path / "other")
