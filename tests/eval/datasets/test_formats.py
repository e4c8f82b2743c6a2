"""Each public format, in the layout of its own files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from eval.datasets import Evidence, clapnq, load_gold, multihop, realtimeqa, spans, squad
from rag.errors import InputError

QUIZ = {
    "id": "20220617_0",
    "date": "2022/06/16",
    "source": "CNN",
    "question": "Which show was green lit?",
    "choices": ["“Friends”", "“Squid Game”"],
    "answer_idx": ["1"],
    "answers": ["“Squid Game”"],
    "gold_doc_ids": ["d1"],
    "gold_has_answer": True,
    "gcs_docs_with_answer": ["d1", "d2"],
    "answer_specific": True,
}
PAGE = {
    "id": "d1",
    "url": "https://www.cnn.com/2022/06/12/media/squid-game/index.html",
    "title": "Squid Game returns",
    "authors": ["A. Writer"],
    "publish_date": "2022/06/12",
    "text": "Squid Game is back. " * 20,
}
PARAGRAPHS = [
    {
        "context": "OPEC began in 1960.",
        "qas": [
            {"id": "q1", "question": " When did OPEC begin? ", "answers": [{"text": "1960", "answer_start": 14}] * 3},
            {"id": "q2", "question": "When did OPEC end?", "is_impossible": True, "answers": []},
        ],
    }
]
CLAP = {
    "id": "64",
    "input": "which method uses averages",
    "passages": [{"title": "Forecasting", "text": "Seasonality uses averages .", "sentences": ["Seasonality uses averages ."]}],
    "output": [{"answer": "Seasonality does.", "selected_sentences": ["Seasonality uses averages ."]}],
}
FACT = {"fact": "Rates rose.", "url": "https://a.example/1", "title": "Rates", "source": "The Age", "published_at": "2023-09-26"}
HOPS = {"id": "0", "question": "Did both?", "question_type": "comparison_query", "answer": "Yes", "evidence_list": [FACT]}


def lines(path: Path, records: Iterable[object]) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_realtimeqa_questions_say_how_far_they_are_linked(tmp_path: Path) -> None:
    found = QUIZ | {"id": "1", "gold_doc_ids": [], "gold_has_answer": False}
    unlinked = found | {"id": "2", "gcs_docs_with_answer": []}
    items = load_gold(lines(tmp_path / "questions.jsonl", [QUIZ, found, unlinked]))
    assert [item.kind for item in items] == ["linked", "found", "open"]
    assert items[0].answers == ("“Squid Game”",)
    assert items[0].article_ids == ("d1",)
    assert items[0].question.as_of == date(2022, 6, 16)


def test_realtimeqa_names_the_specific_questions(tmp_path: Path) -> None:
    common, unseen = QUIZ | {"id": "1", "answer_specific": False}, QUIZ | {"id": "2", "gcs_docs_with_answer": []}
    path = lines(tmp_path / "questions.jsonl", [QUIZ, common, unseen])
    assert realtimeqa.specific_ids(path) == {"20220617_0"}


def test_realtimeqa_pages_become_articles_without_quizzes_and_stubs(tmp_path: Path) -> None:
    quiz_url, quiz_title = PAGE | {"url": "https://cnn.com/Quiz/1"}, PAGE | {"title": "News QUIZ"}
    path = tmp_path / "docs.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write("\n".join(json.dumps(page) for page in (PAGE, quiz_url, quiz_title, PAGE | {"text": "x" * 299})))
    (article,) = realtimeqa.articles(path)
    assert article["id"] == "d1"
    assert article["published"] == "2022-06-12"
    assert article["outlet"] == "CNN"


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("http://www.usatoday.com/story/1", "USA Today"),
        ("https://edition.cnn.com/x", "CNN"),
        ("https://theweek.com/x", "The Week"),
        ("https://www.theweek.co.uk/x", "The Week"),
        ("https://notcnn.com/x", "notcnn.com"),
        ("", None),
    ],
)
def test_outlets_come_from_the_host(url: str, outlet: str | None) -> None:
    assert realtimeqa.outlet(url) == outlet


def test_a_bad_day_names_file_and_line(tmp_path: Path) -> None:
    path = lines(tmp_path / "questions.jsonl", [QUIZ, QUIZ | {"id": "1", "date": "16 June"}])
    with pytest.raises(InputError, match=r'questions\.jsonl, line 2: "date" must be a day'):
        load_gold(path)


def test_a_gzipped_file_that_ends_early_is_named(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PAGE).encode() * 50)[:-20])
    with pytest.raises(InputError, match=r"docs\.jsonl\.gz"):
        list(realtimeqa.articles(path))


@pytest.mark.parametrize("name", ["squad.json", "squad.jsonl"])
def test_squad_paragraphs_are_articles_and_answers_spans(tmp_path: Path, name: str) -> None:
    path = lines(tmp_path / name, [{"version": "v2.0", "data": [{"title": "Oil_crisis", "paragraphs": PARAGRAPHS}]}])
    (article,) = squad.articles(path)
    answerable, impossible = load_gold(path)
    assert article == {"id": "Oil_crisis-1", "title": "Oil crisis", "text": "OPEC began in 1960."}
    assert (answerable.text, answerable.answers) == ("When did OPEC begin?", ("1960",))
    assert answerable.evidence == (Evidence(article_id="Oil_crisis-1", start=14, end=18),)
    assert str(article["text"])[14:18] == "1960"
    assert (impossible.answerable, impossible.article_ids) == (False, ())


def test_clapnq_answers_are_long(tmp_path: Path) -> None:
    unknown = CLAP | {"id": "65", "output": [{"answer": "", "selected_sentences": []}]}
    path = lines(tmp_path / "clap.jsonl", [CLAP, unknown])
    first, second = load_gold(path)
    assert (first.answers, first.long_answers) == ((), ("Seasonality does.",))
    assert first.evidence == (Evidence(text="Seasonality uses averages ."),)
    assert first.article_ids == ("64-1",)
    assert [article["id"] for article in clapnq.articles(path)] == ["64-1", "65-1"]
    assert not second.answerable


def test_multihop_links_facts_to_their_articles(tmp_path: Path) -> None:
    other = FACT | {"fact": "Rates fell."}
    questions = lines(tmp_path / "queries.jsonl", [HOPS, HOPS | {"id": "1", "evidence_list": [other]}])
    corpus = lines(tmp_path / "facts.jsonl", [FACT | {"id": "f0"}, other | {"id": "f1"}])
    assert [gold.article_ids for gold in multihop.gold(questions, corpus)] == [("f0",), ("f1",)]
    assert [gold.article_ids for gold in multihop.gold(questions, corpus, joined=True)] == [("f0",), ("f0",)]
    assert [article["text"] for article in multihop.articles(corpus, joined=True)] == ["Rates rose.\n\nRates fell."]
    assert load_gold(questions)[0].evidence == (Evidence(text="Rates rose."),)


def test_multihop_null_questions_are_unanswerable(tmp_path: Path) -> None:
    null = HOPS | {"question_type": "null_query", "answer": "Insufficient information.", "evidence_list": []}
    (gold,) = load_gold(lines(tmp_path / "queries.jsonl", [null]))
    assert (gold.answerable, gold.answers, gold.kind) == (False, (), "null")


def test_chunking_questions_have_spans(tmp_path: Path) -> None:
    path = tmp_path / "questions_df.csv"
    reference = '[{""content"": ""Rates rose."", ""start_index"": 3, ""end_index"": 14}]'
    path.write_text(f'question,references,corpus_id\n"Did rates,\nrise?","{reference}",finance\n', encoding="utf-8")
    (gold,) = load_gold(path)
    assert gold.text == "Did rates, rise?"
    assert gold.evidence == (Evidence("Rates rose.", "finance", 3, 14),)


def test_a_bad_reference_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "questions_df.csv"
    path.write_text('question,references,corpus_id\nQ,"[{""content"": ""x""}]",finance\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"questions_df\.csv, line 2: a reference needs"):
        load_gold(path)


def test_chunking_documents_are_articles(tmp_path: Path) -> None:
    (tmp_path / "state_of_the_union.md").write_text("My fellow Americans", encoding="utf-8")
    (article,) = spans.articles(tmp_path)
    assert (article["id"], article["text"]) == ("state_of_the_union", "My fellow Americans")
