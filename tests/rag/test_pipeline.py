"""From a question to a cited answer, on the sample archive and on small ones made here."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date
from itertools import count
from pathlib import Path

import pytest

from rag import Rag
from rag.archive import Archive
from rag.embed import SentenceEmbedder
from rag.errors import ArchiveInUse, ArchiveMissing, FingerprintMismatch, ModelError, UsageError
from rag.extract import ExtractiveAnswerer, WithFallback
from rag.parts import Parts
from rag.settings import MAX_K, MAX_QUESTION_CHARACTERS, load_settings
from rag.trace import trace_json
from rag.types import Answer, Article, Claim, Draft, Passage, Question, Quote, Source, Turn
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, make_article, make_stored, many_stored

FOUND = "Where was the stolen Heron Clock discovered?"
SILENT = "How do I descale an espresso machine?"


def quoted(passage: Passage) -> Quote:
    chunk = passage.chunk
    return Quote(chunk.source, chunk.start, chunk.end, chunk.text)


class Scripted:
    """Quotes the first words of every passage, however little they answer."""

    mode = "extractive"

    def __init__(self, confidence: float = 0.9, reason: str | None = None) -> None:
        self.confidence = confidence
        self.reason = reason
        self.asked: list[Question] = []

    def least_confidence(self, max_risk: float | None = None) -> float:
        return 0.5 if max_risk is None else 1 - max_risk

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
    with Rag(Parts(archive, embedder, answerer), load_settings(index=directory)) as opened:
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
    return Rag(Parts(archive, HashEmbedder(), answerer), load_settings(index=directory))


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
    assert all(state.sentences == last.sentences[: len(state.sentences)] for state in states)
    assert len(states) > 1
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
        Parts(rag.archive, HashEmbedder(384), Scripted(confidence=0.9)),
        load_settings(index=rag.settings.index, min_confidence=threshold),
    )
    assert set_by_user.ask(FOUND).status == status


def test_without_a_setting_the_threshold_is_the_answerers(small: Rag) -> None:
    weak = Rag(Parts(small.archive, HashEmbedder(), Scripted(0.49, "Too faint.")), small.settings).ask("Where is the mayor?")
    assert (weak.status, weak.reason, weak.confidence, weak.sentences) == ("abstained", "Too faint.", 0.49, ())
    assert weak.passages
    sure = Rag(Parts(small.archive, HashEmbedder(), Scripted(0.5)), small.settings)
    assert sure.ask("Where is the mayor?").status == "answered"


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


def test_an_answer_rests_on_what_passes_the_filters(rag: Rag) -> None:
    """Two outlets have the same words on that day, and one of them again later."""
    answer = rag.ask(FOUND, since="2025-03-13", until=date(2025, 3, 13), outlets=["Kestrel Bay News"])
    assert answer.status == "answered"
    assert {citation.source.id for citation in answer.citations} == {"kes-2025-theft-3"}
    assert {passage.chunk.source.id for passage in answer.passages} == {"kes-2025-theft-3"}
    assert answer.question.filters.until == date(2025, 3, 13)


def test_nothing_passes_the_filters(rag: Rag) -> None:
    answer = rag.ask(FOUND, since="1999", until="1999")
    assert (answer.status, answer.passages) == ("abstained", ())
    assert answer.reason is not None
    nothing, outside = answer.reason.split(". ", 1)
    assert nothing == "No article in the archive passes the filters (since 1999-01-01, until 1999-12-31)"
    assert outside.startswith("An article outside the filters answers this: ")


def test_an_unknown_outlet_is_told_with_those_that_there_are(rag: Rag) -> None:
    answer = rag.ask(FOUND, outlets=["The Moon", "meridian wire"])
    (notice,) = answer.notices
    assert "The Moon" in notice
    assert "meridian wire" not in notice
    assert "Meridian Wire" in notice


def test_articles_without_a_date_are_counted_out_loud(small: Rag) -> None:
    answer = small.ask("Where is the mayor?", since="2025")
    assert answer.notices == ("6 articles without a date left out by the date filter.",)
    small.archive.catalog.put([make_stored(make_article(50, outlet="The Quiet", published=None))])
    quiet = small.ask("Where is the mayor?", until="2025", outlets=["the quiet"])
    assert quiet.notices == ("1 article without a date left out by the date filter.",)
    assert quiet.reason is not None
    assert quiet.reason.startswith("No article in the archive passes the filters (until 2025-12-31, from the quiet).")
    assert small.ask("Where is the mayor?").notices == ()


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
        answer = silent.ask("Where is the mayor?")
    assert (answer.status, answer.reason) == ("abstained", "The passages found hold no sentences.")


def test_a_quote_that_is_not_in_its_article_is_left_out(tmp_path: Path) -> None:
    class Inventive(Scripted):
        def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
            del question, articles
            quote = replace(quoted(passages[0]), text="Words of its own.")
            yield Draft((Claim(quote.text, (quote,), 1.0),), 1.0)

    with scripted(tmp_path / "archive", Inventive()) as inventive:
        inventive.archive.catalog.put(many_stored(range(3)))
        answer = inventive.ask("Where is the mayor?")
    assert (answer.status, answer.citations) == ("abstained", ())
    assert any("left out" in notice for notice in answer.notices)


def test_a_follow_up_is_asked_as_the_question_that_it_means(tmp_path: Path) -> None:
    answerer = Scripted()
    history: list[Turn | dict[str, str]] = [{"role": "user", "content": "Who is the mayor?"}, Turn("assistant", "Tom Reed is.")]
    with scripted(tmp_path / "archive", answerer) as opened:
        opened.archive.catalog.put(many_stored(range(3)))
        answer = opened.ask("Where was he born?", history)
    assert answer.question.text == "Where was he born?"
    assert answer.standalone_question == answerer.asked[0].text == "Where was Tom Reed born?"
    assert answer.understood.rewritten_by == "rules"


def test_a_follow_up_that_no_rule_makes_a_question_is_asked_as_typed_and_sought_behind_the_topic(tmp_path: Path) -> None:
    answerer = Scripted()
    history = [Turn("user", "Who is the mayor?"), Turn("assistant", "Tom Reed is.")]
    with scripted(tmp_path / "archive", answerer) as opened:
        opened.archive.catalog.put(many_stored(range(3)))
        answer = opened.ask("And then?", history)
    assert answer.standalone_question == answerer.asked[0].text == "And then?"
    assert answerer.asked[0].sought == "Who is the mayor? And then?"
    assert answer.understood.rewritten_by is None
    assert answer.understood.behind == trace_json(answer)["behind"] == "Who is the mayor?"


@pytest.mark.parametrize("history", [[{"role": "system", "content": "x"}], [{"content": "x"}], ["words"]])
def test_a_history_of_another_shape_is_refused(small: Rag, history: list[dict[str, str]]) -> None:
    with pytest.raises(UsageError, match="history"):
        small.ask("Where is the mayor?", history)


@pytest.mark.parametrize("question", ["", " \x00\n", "x" * 1_000_000])
def test_what_is_no_question_is_refused(small: Rag, question: str) -> None:
    with pytest.raises(UsageError, match="question"):
        small.ask(question)
    with pytest.raises(UsageError, match="question"):
        small.stream(question)  # at once, before the first state is asked for
    with pytest.raises(UsageError, match="question"):
        small.search(question)


def test_the_longest_question_and_the_largest_k_are_taken(small: Rag) -> None:
    assert small.ask("mayor " * (MAX_QUESTION_CHARACTERS // 6)).status == "answered"
    found = small.search("mayor", MAX_K)
    assert 10 < len(found) <= 120
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)


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
        small.ask("Where is the mayor?", **given)  # type: ignore[arg-type]


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


def test_as_of_a_day_nothing_newer_is_read(tmp_path: Path) -> None:
    days = {1: date(2025, 3, 1), 2: date(2025, 6, 1), 3: None}
    with scripted(tmp_path / "archive", Scripted()) as opened:
        same = [
            Article(Source(f"a{n}", "Vote", published=day), f"The council of Teal will hold the vote. {'abcd'[n] * 9} was there.")
            for n, day in days.items()
        ]
        opened.archive.catalog.put([make_stored(article) for article in same])
        cut = opened.search("Vote", 5, as_of=date(2025, 4, 1))
        assert [passage.chunk.source.id for passage in cut] == ["a1"]
        assert not any("may be newer" in notice for notice in opened.brief("the vote", as_of=date(2025, 6, 1)).notices)
        answer = opened.brief("the vote", as_of=date(2025, 4, 1))
        assert all(citation.source.id == "a1" for citation in answer.citations)
        assert any("may be newer" in notice for notice in answer.notices)


def test_without_the_dense_index_words_still_find(small: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    small.search("mayor", 1)
    directory = small.settings.index
    small.close()
    shutil.rmtree(next(directory.glob("generations/*/chroma")))
    monkeypatch.setattr("rag.archive.archive.MADE_BY_ITSELF", 0)
    with Rag(Parts(Archive.open(directory), HashEmbedder(), Scripted()), load_settings(index=directory)) as damaged:
        answer = damaged.ask("Where is the mayor?")
        nowhere = damaged.ask("zeppelin quagga")
        check_exact(damaged, answer)
    assert answer.status == "answered"
    assert any("dateline rebuild" in notice for notice in answer.notices)
    assert (nowhere.status, nowhere.reason) == ("abstained", "Nothing in the archive is about this.")


@pytest.mark.parametrize("answerer", ["scripted", "extractive"])
def test_articles_that_change_after_they_are_found_are_sought_again(
    answerer: str, small: Rag, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ingest changes every article between the reading of the passages and that of their articles."""
    catalog, embedder = small.archive.catalog, HashEmbedder()
    read = catalog.articles
    changes = iter([1])

    def change_and_read(article_ids: Sequence[str]) -> dict[str, Article]:
        if edition := next(changes, 0):
            catalog.put(many_stored(range(40), edition))
            catalog.forget("a39")
        return read(article_ids)

    monkeypatch.setattr(catalog, "articles", change_and_read)
    answers = Scripted() if answerer == "scripted" else ExtractiveAnswerer(embedder, lambda: small.archive.lexical)
    settings = load_settings(index=small.settings.index, min_confidence=0.0)
    answer = Rag(Parts(small.archive, embedder, answers), settings).ask("Where is the mayor?")
    assert (answer.status, answer.notices) == ("answered", ())
    assert next(changes, None) is None
    check_exact(small, answer)
    new = {number: make_article(number, 1).text for number in range(39)}
    for chunk in (passage.chunk for passage in answer.passages):
        assert new[int(chunk.source.id[1:])][chunk.start : chunk.end] == chunk.text


def test_an_archive_that_never_rests_is_answered_from_all_the_same(small: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = small.archive.catalog
    read = catalog.articles
    edition = count(1)

    def change_and_read(article_ids: Sequence[str]) -> dict[str, Article]:
        catalog.put([make_stored(make_article(int(article_ids[0][1:]), next(edition)))])
        return read(article_ids)

    monkeypatch.setattr(catalog, "articles", change_and_read)
    answer = small.ask("mayor", literal=True)
    assert next(edition) < 10
    assert (answer.status, answer.notices) == ("answered", ())
    assert {citation.quote for citation in answer.citations} == {passage.chunk.text for passage in answer.passages}


def test_an_article_forgotten_between_finding_and_citing_is_not_cited(small: Rag) -> None:
    class Forgetful(Scripted):
        def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
            small.archive.catalog.forget(passages[0].chunk.source.id)
            articles.pop(passages[0].chunk.source.id)
            yield from super().draft(question, passages, articles)

    answer = Rag(Parts(small.archive, HashEmbedder(), Forgetful()), small.settings).ask("Where is the mayor?")
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


def test_the_index_is_the_settings_unless_one_is_named(own_archive: Path, tmp_path: Path) -> None:
    with Rag.open(settings=load_settings(index=own_archive), serve_url="http://127.0.0.1:7860") as opened:
        assert opened.search("ferry", 1)
        with pytest.raises(ArchiveInUse) as caught:
            Rag.open(str(own_archive))
    assert caught.value.url == "http://127.0.0.1:7860"
    with Rag.open(str(own_archive), load_settings(index=tmp_path / "nothing")) as again:
        assert again.search("ferry", 1)


def test_what_cannot_be_opened_is_let_go(own_archive: Path) -> None:
    with pytest.raises(UsageError, match="DATELINE_MODEL"):
        Rag.open(own_archive, load_settings(model="no model"))
    Archive.open(own_archive).close()
    with Archive.open(own_archive) as held, pytest.raises(ArchiveInUse):
        Rag.open(own_archive)
    assert held.notices == ()


class Outspoken(Scripted):
    """Sure where a passage is of the first days of 2025."""

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        days = [day for passage in passages if (day := passage.chunk.source.day(UTC))]
        sure = bool(days) and min(days) < date(2025, 1, 10)
        for draft in super().draft(question, passages, articles):
            yield replace(draft, confidence=0.9 if sure else 0.1)


def test_an_answer_only_outside_the_filters_is_said_to_be_there(small: Rag) -> None:
    rag = Rag(Parts(small.archive, HashEmbedder(), Outspoken()), small.settings)
    days = sorted(day for passage in small.search("mayor", 40) if (day := passage.chunk.source.day(UTC)))
    assert days[0] < date(2025, 1, 10) < days[-1]
    answer = rag.ask("Where is the mayor?", since="2025-01-10")
    assert (answer.status, answer.cause) == ("abstained", "outside the filters")
    assert answer.reason is not None
    assert answer.reason.startswith("The nearest articles do not answer this. An article outside the filters answers this: ")
    assert answer.citations == ()
    assert rag.ask("Where is the mayor?", until="2025-01-09").status == "answered"


def test_causes_of_silence_are_told_apart(small: Rag, tmp_path: Path) -> None:
    def cause(confidence: float, **filters: object) -> tuple[str | None, str | None]:
        rag = Rag(Parts(small.archive, HashEmbedder(), Scripted(confidence)), small.settings)
        answer = rag.ask("Where is the mayor?", **filters)  # type: ignore[arg-type]
        return answer.status, answer.cause

    assert cause(0.9) == ("answered", None)
    assert cause(0.1) == ("abstained", "not answered")
    assert cause(0.1, outlets=["Nobody"]) == ("abstained", "nothing found")
    assert cause(0.9, outlets=["Nobody"]) == ("abstained", "outside the filters")
    with scripted(tmp_path / "empty", Scripted()) as empty:
        assert empty.ask("Where is the mayor?").cause == "nothing found"


def test_a_stated_risk_sets_the_threshold(small: Rag) -> None:
    def status(confidence: float, max_risk: float | None = None, **given: object) -> str:
        settings = load_settings(index=small.settings.index, **given)
        rag = Rag(Parts(small.archive, HashEmbedder(), Scripted(confidence)), settings)
        return rag.ask("Where is the mayor?", max_risk=max_risk).status

    assert status(0.85) == "answered"
    assert status(0.85, max_risk=0.1) == "abstained"
    assert status(0.85, max_risk=0.2) == "answered"
    assert status(0.85, **{"max_risk": 0.1}) == "abstained"
    assert status(0.3, min_confidence=0.2) == "answered"
    assert status(0.3, max_risk=0.1, min_confidence=0.2) == "abstained"

    class Unsure(Scripted):
        def least_confidence(self, max_risk: float | None = None) -> float:
            return 0.5 if max_risk is None else math.inf

    unsure = Rag(Parts(small.archive, HashEmbedder(), Unsure()), small.settings)
    assert unsure.ask("Where is the mayor?").status == "answered"
    assert "state a larger one" in (unsure.ask("Where is the mayor?", max_risk=0.1).reason or "")
    for wrong in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(UsageError, match="max_risk"):
            small.ask("Where is the mayor?", max_risk=wrong)
    with pytest.raises(UsageError, match="DATELINE_MIN_CONFIDENCE and DATELINE_MAX_RISK"):
        load_settings(max_risk=0.1, min_confidence=0.5)


class Failing(Scripted):
    """Cannot answer for want of a model."""

    def __init__(self, after: int = 0) -> None:
        super().__init__()
        self.after = after

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        for _ in range(self.after):
            yield from super().draft(question, passages, articles)
        raise ModelError("the weights gave a score that is not finite")


def test_an_answerer_that_fails_is_stood_in_for_with_a_notice(small: Rag) -> None:
    def asked(first: Scripted, second: Scripted) -> Answer:
        return Rag(Parts(small.archive, HashEmbedder(), WithFallback(first, second)), small.settings).ask("Where is the mayor?")

    answer = asked(Failing(), Scripted(0.8))
    assert (answer.status, answer.confidence) == ("answered", 0.8)
    assert answer.notices == ("Answered by likeness of words, without the reader: the weights gave a score that is not finite.",)
    assert asked(Scripted(0.7), Failing()).notices == ()
    with pytest.raises(ModelError):
        asked(Failing(after=1), Scripted())


def test_the_stand_in_is_judged_by_its_own_threshold(small: Rag) -> None:
    class Bold(Scripted):
        def least_confidence(self, max_risk: float | None = None) -> float:
            return 0.1 if max_risk is None else 0.0

    rag = Rag(Parts(small.archive, HashEmbedder(), WithFallback(Failing(), Bold(0.2))), small.settings)
    assert rag.ask("Where is the mayor?").status == "answered"
    assert (
        Rag(Parts(small.archive, HashEmbedder(), WithFallback(Bold(0.05), Scripted())), small.settings).ask("Where is x?").status
        == "abstained"
    )


class Backwards:
    """Puts the last of its three first; fails where it is told to."""

    depth = 3

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        if self.fails:
            raise ModelError(f"no scores for {question}")
        return [*reversed(passages[:3]), *passages[3:]]


def test_a_reranker_orders_what_is_found_and_its_failure_leaves_it(small: Rag) -> None:
    plain = small.search("mayor", 5)
    turned = Rag(Parts(small.archive, HashEmbedder(), Scripted(), Backwards()), small.settings)
    assert [one.chunk.id for one in turned.search("mayor", 5)] == [plain[i].chunk.id for i in (2, 1, 0, 3, 4)]
    assert [one.chunk.id for one in turned.search("mayor", 1)] == [plain[2].chunk.id]
    broken = Rag(Parts(small.archive, HashEmbedder(), Scripted(), Backwards(fails=True)), small.settings)
    assert broken.search("mayor", 5) == plain


def test_without_its_reader_an_archive_answers_by_likeness_and_says_so(own_archive: Path, tmp_path: Path) -> None:
    with Rag.open(own_archive, load_settings(reader=str(tmp_path / "nowhere"))) as rag:
        answer = rag.ask(FOUND)
        assert answer.status == "answered"
        assert answer.short_answer is None
        (notice,) = answer.notices
        assert notice.startswith("Answers are by likeness of words, without the reader: ")
        assert "nowhere" in notice
        assert rag.notices == answer.notices
        check_exact(rag, answer)
    with Rag.open(own_archive, load_settings(reader="none")) as rag:
        assert (rag.ask(FOUND).status, rag.notices) == ("answered", ())
    with pytest.raises(ModelError, match="DATELINE_RERANKER"):
        Rag.open(own_archive, load_settings(reranker="nobody/nothing@main"))
