from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval.datasets.gold import Evidence, Gold, gold_record
from eval.datasets.records import write_records
from eval.run import Run, evaluate, examine, load, save, summary_json
from rag.errors import InputError, StorageError
from rag.types import Answer, Article, Chunk, Citation, Filters, Passage, Question, Sentence, Source, Turn
from tests.fakes import ScriptedRag

PORT = Article(Source(id="port", title="Port"), "The port reopened on Monday. Ships came in by noon.")
RATES = Article(Source(id="rates", title="Rates"), "Rates rose to 1,000 points. Nobody knew why.")
ARTICLES = (PORT, RATES)


def passage(article: Article, start: int, end: int, score: float = 0.5) -> Passage:
    return Passage(Chunk(article.source, start, end, article.text[start:end]), score)


def answer(question: str, article: Article, start: int, end: int, confidence: float = 0.9, short: str | None = None) -> Answer:
    quote = article.text[start:end]
    citation = Citation(1, article.source, start, end, quote)
    sentences = (Sentence(quote, (1,), 1.0),)
    return Answer(
        Question(question), question, "answered", None, sentences, short, (citation,), confidence, (), "extractive"
    )  # fmt: skip


def abstention(question: str, confidence: float = 0.1) -> Answer:
    return Answer(Question(question), question, "abstained", "silent", (), None, (), confidence, (), "extractive")


def rag(answers: Sequence[Answer] = (), passages: Mapping[str, Sequence[Passage]] | None = None) -> ScriptedRag:
    return ScriptedRag({one.question.text: one for one in answers}, passages or {}, ARTICLES)


def run_of(folder: Path, golds: Sequence[Gold], system: ScriptedRag, **options: bool | int) -> Run:
    path = folder / "gold.jsonl"
    write_records(path, map(gold_record, golds))
    return evaluate(path, system, **options)  # type: ignore[arg-type]


def test_a_right_answer_scores_in_full() -> None:
    gold = Gold(
        Question("When?", id="1"),
        answers=("Monday",),
        article_ids=("port",),
        evidence=(Evidence("The port\nreopened on  Monday."),),
    )
    system = rag([answer("When?", PORT, 0, 28, short="on Monday")], {"When?": [passage(RATES, 0, 27), passage(PORT, 0, 28)]})
    scores = examine(gold, system).scores
    assert scores["article_mrr@10"] == scores["passage_mrr@10"] == 1 / 2
    assert (scores["article_recall@1"], scores["article_recall@5"]) == (0 / 1, 1 / 1)
    assert scores["passage_map@10"] == (1 / 2) / 1
    assert scores["correct"] == scores["correct_answerable"] == scores["answered"] == 1.0
    assert scores["exact_match"] == 0.0
    assert scores["token_f1"] == 2 * (1 / 2) * (1 / 1) / (1 / 2 + 1 / 1)
    assert scores["citation_answer"] == scores["citation_article"] == scores["citation_exact"] == 1.0


def test_a_number_inside_a_longer_one_is_no_answer() -> None:
    system = rag([answer("How high?", RATES, 0, 27)])
    assert examine(Gold(Question("How high?", id="1"), answers=("100",)), system).scores["correct"] == 0.0
    assert examine(Gold(Question("How high?", id="1"), answers=("1000",)), system).scores["correct"] == 1.0


def test_only_cited_sentences_count() -> None:
    said = answer("When?", PORT, 29, 51)
    told = replace(said, sentences=(*said.sentences, Sentence("On Monday.", (), 0.0)))
    assert examine(Gold(Question("When?", id="1"), answers=("Monday",)), rag([told])).scores["correct"] == 0.0


def test_wrong_offsets_and_missing_articles_are_not_exact() -> None:
    said = answer("When?", PORT, 0, 28)
    (right,) = said.citations
    shifted = replace(right, start=1, end=29)
    gone = replace(right, source=Source(id="gone", title="Gone"))
    scores = examine(
        Gold(Question("When?", id="1"), article_ids=("port",)), rag([replace(said, citations=(right, shifted, gone))])
    ).scores
    assert scores["citation_exact"] == 1 / 3
    assert scores["citation_article"] == 2 / 3
    assert "correct" not in scores


def test_silence_is_right_on_the_unanswerable_alone() -> None:
    system = rag([abstention("Who?")])
    unanswerable = examine(Gold(Question("Who?", id="1"), answerable=False), system).scores
    answerable = examine(Gold(Question("Who?", id="1"), answers=("Ada",)), system).scores
    assert unanswerable == {"correct": 1.0}
    assert answerable == dict.fromkeys(["answered", "correct", "correct_answerable", "exact_match", "token_f1"], 0.0)


@pytest.mark.parametrize(
    ("evidence", "overlaps"),
    [
        (Evidence(article_id="port", start=20, end=40), True),
        (Evidence(article_id="port", start=28, end=40), False),
        (Evidence(article_id="rates", start=0, end=28), False),
        (Evidence("The port reopened on Monday.", "port", 30, 40), False),
        (Evidence("The  port\nreopened"), True),
        (Evidence("He said: The port reopened on Monday. Then he left."), True),
        (Evidence("on Monday. Ships\ncame in"), True),
        (Evidence(" Ships came in"), False),
        (Evidence("The port closed."), False),
        (Evidence("x"), False),
    ],
)
def test_a_citation_overlaps_evidence(evidence: Evidence, overlaps: bool) -> None:
    gold = Gold(Question("When?", id="1"), evidence=(evidence,))
    scores = examine(gold, rag([answer("When?", PORT, 0, 28)])).scores
    assert scores["evidence_precision"] == scores["evidence_recall"] == float(overlaps)


def test_evidence_is_shared_out_over_citations_and_pieces() -> None:
    said = answer("When?", PORT, 0, 28)
    cited = (*said.citations, Citation(2, RATES.source, 0, 27, RATES.text[:27]))
    pieces = (Evidence("reopened"), Evidence("The port"), Evidence("noon"))
    scores = examine(Gold(Question("When?", id="1"), evidence=pieces), rag([replace(said, citations=cited)])).scores
    assert scores["evidence_precision"] == 1 / 2
    assert scores["evidence_recall"] == 2 / 3


def test_evidence_is_not_sought_around_a_wrong_quote_or_without_the_article() -> None:
    said = answer("When?", PORT, 0, 28)
    (right,) = said.citations
    gold = Gold(Question("When?", id="1"), evidence=(Evidence("on Monday. Ships came in"),))
    for wrong in (
        replace(right, start=1, end=29),
        replace(right, source=Source(id="gone", title="Gone")),
        replace(right, quote=" "),
    ):
        assert examine(gold, rag([replace(said, citations=(wrong,))])).scores["evidence_recall"] == 0.0


def test_evidence_without_an_answer_has_recall_alone() -> None:
    gold = Gold(Question("Who?", id="1"), evidence=(Evidence("Ada"),))
    for system in (rag([abstention("Who?")]), rag()):
        scores = examine(gold, system).scores
        assert scores["evidence_recall"] == 0.0
        assert "evidence_precision" not in scores


def test_the_unanswerable_and_those_without_evidence_have_no_evidence_scores() -> None:
    system = rag([answer("Who?", PORT, 0, 28)])
    for gold in (
        Gold(Question("Who?", id="1"), answers=("Ada",)),
        Gold(Question("Who?", id="1"), answerable=False, evidence=(Evidence("port"),)),
    ):
        assert not [name for name in examine(gold, system).scores if name.startswith("evidence_")]


def test_an_answer_without_citations_has_earned_no_evidence() -> None:
    told = replace(answer("When?", PORT, 0, 28), citations=())
    scores = examine(Gold(Question("When?", id="1"), evidence=(Evidence("port"),)), rag([told])).scores
    assert scores["evidence_precision"] == scores["evidence_recall"] == 0.0


def test_spans_and_filters_are_passed_on() -> None:
    turns = (Turn("user", "And the port?"),)
    filters = Filters(date(2025, 8, 1), date(2025, 9, 2), ("The Gazette",))
    asked = Question("When?", filters, turns, date(2025, 9, 2), "1")
    gold = Gold(asked, evidence=(Evidence(article_id="port", start=20, end=40),))
    told = replace(answer("When?", PORT, 0, 28), standalone_question="When did the port reopen?")
    system = rag([told], {"When did the port reopen?": [passage(PORT, 0, 20), passage(PORT, 0, 28), passage(RATES, 20, 40)]})
    assert examine(gold, system).scores["passage_mrr@10"] == 1 / 2
    sought = replace(asked, text="When did the port reopen?", history=())
    assert system.calls == [("ask", asked), ("search", sought, 30)]


def test_search_goes_deeper_until_ten_articles_are_found() -> None:
    crowd = [passage(PORT, start, start + 1) for start in range(40)]
    others = [passage(Article(Source(id=str(number), title=""), "text"), 0, 4) for number in range(12)]
    system = rag([], {"Q": [*crowd, *others]})
    record = examine(Gold(Question("Q", id="1"), article_ids=("7",)), system, retrieval_only=True)
    assert record.articles == ("port", *(str(number) for number in range(9)))
    assert record.scores["article_mrr@10"] == 1 / 9
    assert record.reply is None
    assert [call[2] for call in system.calls] == [30, 60]


def test_a_refused_question_earns_nothing(tmp_path: Path) -> None:
    golds = [Gold(Question("?", id="1"), answerable=False), Gold(Question("??", id="2"), answers=("x",), article_ids=("port",))]
    run = run_of(tmp_path, golds, rag())
    assert [record.scores["correct"] for record in run.records] == [0.0, 0.0]
    assert run.records[1].scores["article_recall@10"] == 0.0
    assert run.records[0].reply is not None
    assert run.records[0].reply.reason == "'?' is no question"
    assert run.summary.abstention is not None
    assert run.summary.abstention.abstained == 0


def test_other_errors_end_the_run(tmp_path: Path) -> None:
    class Broken(ScriptedRag):
        def search(self, *_: object, **__: object) -> tuple[Passage, ...]:
            raise StorageError("the disk is gone")

    with pytest.raises(StorageError):
        run_of(tmp_path, [Gold(Question("Q", id="1"), answers=("x",))], Broken({"Q": abstention("Q")}, {}, ()))


def mixed(folder: Path) -> Run:
    golds = [
        Gold(Question("When?", id="1"), answers=("Monday",), article_ids=("port",), kind="date"),
        Gold(Question("How high?", id="2"), answers=("2,000",), article_ids=("rates",), kind="number"),
        Gold(Question("Who?", id="3"), answers=("Ada",), article_ids=("port",), kind="date"),
        Gold(Question("Why?", id="4"), answerable=False, kind="unanswerable"),
        Gold(Question("Where?", id="5"), answerable=False, kind="unanswerable"),
    ]
    answers = [
        answer("When?", PORT, 0, 28, 0.9), answer("How high?", RATES, 0, 27, 0.7), abstention("Who?"), abstention("Why?"),
        answer("Where?", PORT, 29, 51, 0.8),
    ]  # fmt: skip
    return run_of(folder, golds, rag(answers, {"When?": [passage(PORT, 0, 28)], "Who?": [passage(PORT, 29, 51)]}))


def test_summary_of_a_mixed_run(tmp_path: Path) -> None:
    summary = mixed(tmp_path).summary
    assert (summary.items, summary.answerable) == (5, 3)
    assert summary.means["correct"].value == 2 / 5
    assert summary.means["correct_answerable"].value == 1 / 3
    assert summary.means["article_hit@1"].value == 2 / 3
    assert summary.means["abstention_precision"].value == summary.means["abstention_recall"].value == 1 / 2
    assert list(summary.by_kind) == ["date", "number", "unanswerable"]
    assert summary.by_kind["date"]["correct"].value == 1 / 2
    assert "article_hit@1" not in summary.by_kind["unanswerable"]


def test_confidence_of_a_mixed_run(tmp_path: Path) -> None:
    confidence = mixed(tmp_path).summary.confidence
    assert confidence is not None
    assert [(point.coverage, point.risk) for point in confidence.curve] == [(1 / 5, 0 / 1), (2 / 5, 1 / 2), (3 / 5, 2 / 3)]
    assert confidence.area == pytest.approx((0 / 1 + 1 / 2 + 2 / 3) / 3)
    assert confidence.calibration_error == pytest.approx((abs(1 - 0.9) + abs(0 - 0.7) + abs(0 - 0.8)) / 3)


def test_a_mixed_run_answers_what_the_risk_allows(tmp_path: Path) -> None:
    confidence = mixed(tmp_path).summary.confidence
    assert confidence is not None
    assert [(one.risk, one.coverage, one.threshold) for one in confidence.answered_at_risk] == [
        (0.05, 1 / 5, 0.9),
        (0.10, 1 / 5, 0.9),
        (0.20, 1 / 5, 0.9),
    ]


def test_nothing_is_answered_at_a_risk_where_nothing_was_right(tmp_path: Path) -> None:
    silent = run_of(tmp_path, [Gold(Question("Who?", id="1"), answers=("Ada",))], rag([abstention("Who?")]))
    wrong = run_of(tmp_path, [Gold(Question("Who?", id="1"), answers=("Ada",))], rag([answer("Who?", PORT, 0, 28)]))
    for run in (silent, wrong):
        assert run.summary.confidence is not None
        assert {(one.coverage, one.threshold) for one in run.summary.confidence.answered_at_risk} == {(0.0, None)}


def test_questions_are_told_apart_by_what_they_ask_for(tmp_path: Path) -> None:
    run = mixed(tmp_path)
    assert list(run.summary.by_type) == ["number", "person", "place", "reason", "time"]
    assert run.summary.by_type["time"]["correct"].value == 1.0
    golds = [Gold(Question("Tell me.", id="1"), answers=("Monday",)), Gold(Question("When?", id="2"), answers=("Monday",))]
    other = run_of(tmp_path, golds, rag([answer("Tell me.", RATES, 0, 27), answer("When?", PORT, 0, 28)]))
    assert [(name, means["correct"].value) for name, means in other.summary.by_type.items()] == [("other", 0.0), ("time", 1.0)]


def test_limit_and_progress_keep_the_order(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_records(path, [gold_record(Gold(Question(f"Q{number}", id=str(number)), answerable=False)) for number in range(5)])
    seen: list[tuple[int, int]] = []
    answers = {f"Q{number}": abstention(f"Q{number}") for number in range(5)}
    run = evaluate(path, ScriptedRag(answers, {}, ()), limit=3, progress=lambda done, total: seen.append((done, total)))
    assert [record.gold.id for record in run.records] == ["0", "1", "2"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_retrieval_alone_asks_nothing(tmp_path: Path) -> None:
    system = rag([], {"Q": [passage(PORT, 0, 28)]})
    run = run_of(tmp_path, [Gold(Question("Q", id="1"), answers=("x",), article_ids=("port",))], system, retrieval_only=True)
    assert {call[0] for call in system.calls} == {"search"}
    assert (run.summary.abstention, run.summary.confidence, run.summary.latency) == (None, None, None)
    assert set(run.summary.means) == {name for name in run.summary.means if name.startswith("article_")}
    assert summary_json(run)["mode"] is None


def test_a_saved_run_is_loaded_whole(tmp_path: Path) -> None:
    run = mixed(tmp_path)
    save(run, tmp_path / "deep" / "run.json")
    assert load(tmp_path / "deep" / "run.json") == run


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 2, "gold": "x", "items": []}', '{"format": 1, "gold": "x", "items": [1]}']
)
def test_what_is_no_run_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"run\.json"):
        load(path)


def test_summary_json_has_the_documented_keys(tmp_path: Path) -> None:
    document = json.loads(json.dumps(summary_json(mixed(tmp_path))))
    assert list(document) == [
        "format", "gold", "items", "answerable", "mode", "metrics", "by_kind", "by_type", "abstention", "confidence",
        "latency_ms",
    ]  # fmt: skip
    assert set(document["metrics"]["correct"]) == {"value", "low", "high", "count"}
    assert set(document["confidence"]) == {"area", "calibration_error", "answered_at_risk", "curve", "bins"}
    assert [set(point) for point in document["confidence"]["answered_at_risk"]] == [{"risk", "coverage", "threshold"}] * 3
    assert set(document["latency_ms"]) == {"p50", "p95", "longest"}
    assert document["mode"] == "extractive"
