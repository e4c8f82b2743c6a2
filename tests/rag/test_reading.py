"""Answers by the reader that comes with the package, on the sample archive and on articles made to trouble it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag import Rag
from rag.embed import model_directory
from rag.errors import UsageError
from rag.extract.trust import load_trust, save_trust
from rag.read import SHIPPED
from rag.read.model import load_network, read_record, save_network
from rag.settings import load_settings
from rag.types import Answer

FOUND = "At what hour did the boat crews in Port Maravel stop working?"


@pytest.fixture(scope="module")
def rag(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    directory = Path(shutil.copytree(sample_archive, tmp_path_factory.mktemp("read") / "archive"))
    with Rag.open(directory) as opened:
        yield opened


def check_exact(rag: Rag, answer: Answer) -> None:
    assert answer.citations
    for citation in answer.citations:
        article = rag.archive.catalog.article(citation.source.id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote


SHORT = ("Who won the mayoral election in Tarnholm?", "How many people have died in the Thornback Hills fire?", FOUND)


def test_a_short_answer_stands_in_a_quote(rag: Rag) -> None:
    answers = [rag.ask(question) for question in SHORT]
    shown = [answer for answer in answers if answer.short_answer]
    assert shown
    for answer in shown:
        assert any(str(answer.short_answer) in citation.quote for citation in answer.citations)


def test_the_quote_that_answers_is_shown(rag: Rag) -> None:
    answer = rag.ask(FOUND)
    assert (answer.status, answer.notices) == ("answered", ())
    assert "5 a.m." in answer.text
    assert len(answer.text.split()) <= 60 or len(answer.sentences) == 1
    assert answer.confidence >= load_trust(SHIPPED)[0].min_confidence
    check_exact(rag, answer)


def test_a_dateline_answers_no_question_but_where(tmp_path: Path) -> None:
    text = "TARNHOLM (Wire) – The bank cut its rate on Wednesday, said Ilse Kronberg, who heads the bank."
    (tmp_path / "bank.txt").write_text(text, "utf-8")
    settings = load_settings(index=tmp_path / "archive", min_confidence=0.0)
    ingest([str(tmp_path / "bank.txt")], settings.index, settings)
    with Rag.open(settings=settings) as rag:
        assert rag.ask("Who heads the bank?").text == text.partition(" – ")[2]
        assert "TARNHOLM" not in (rag.ask("Who said so in Tarnholm?").short_answer or "")


def test_why_gets_sentences_and_no_short_answer(rag: Rag) -> None:
    asked = Rag.ask(rag, "Why did St. Orrin’s Hospital put off operations during the strike?", max_risk=0.99)
    assert asked.short_answer is None


def test_the_last_state_of_the_stream_is_the_answer(rag: Rag) -> None:
    *_, last = rag.stream(FOUND)
    asked = rag.ask(FOUND)
    assert (last.sentences, last.short_answer, last.confidence) == (asked.sentences, asked.short_answer, asked.confidence)
    assert {"retrieve", "rerank", "answer", "total"} <= asked.timings_ms.keys()


@pytest.mark.parametrize("question", ["失われた時計はどこで見つかりましたか", "Где нашли украденные часы?", "؟؟؟", "?", "🛳🛳🛳"])
def test_a_question_that_it_cannot_read_is_not_answered(rag: Rag, question: str) -> None:
    answer = rag.ask(question)
    assert answer.citations == ()
    assert answer.status == "abstained" or answer.form == "talk"  # what has no word in it is no question


def test_a_question_of_a_megabyte_is_refused_and_one_of_many_words_is_read(rag: Rag) -> None:
    with pytest.raises(UsageError, match="1,000,000"):
        rag.ask("w" * 1_000_000)
    assert rag.ask("Tell me, since I want to know it well, " * 300 + FOUND).status in ("answered", "abstained")


@pytest.mark.slow
def test_an_endless_sentence_is_quoted_in_part(tmp_path: Path) -> None:
    listed = ", ".join(f"a crate of {number} lamps for the quay" for number in range(3, 900))
    text = f"The ship carried {listed}, and the harbour master Ada Brunn signed for all of it, {listed}"
    (tmp_path / "endless.txt").write_text(text, "utf-8")
    settings = load_settings(index=tmp_path / "archive", min_confidence=0.0)
    ingest([str(tmp_path / "endless.txt")], settings.index, settings)
    with Rag.open(settings=settings) as rag:
        answer = rag.ask("Which harbour master signed for the crates of lamps?")
        assert answer.status == "answered"
        assert len(answer.citations[0].quote.split()) <= 60
        assert "Ada Brunn" in answer.text
        check_exact(rag, answer)


def copied(folder: Path) -> Path:
    folder.mkdir()
    for file in ("weights.safetensors", "weights.json", "trust.json"):
        shutil.copy(SHIPPED / file, folder)
    return folder


@pytest.mark.parametrize("damage", ["missing", "truncated", "other hash", "no trust"])
def test_without_the_right_weights_it_answers_by_likeness_with_a_notice(
    sample_archive: Path, tmp_path: Path, damage: str
) -> None:
    weights = copied(tmp_path / "weights")
    file = weights / "weights.safetensors"
    if damage == "missing":
        file.unlink()
    elif damage == "truncated":
        file.write_bytes(file.read_bytes()[:1000])
    elif damage == "other hash":
        file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    else:
        (weights / "trust.json").write_text("[", "utf-8")
    index = Path(shutil.copytree(sample_archive, tmp_path / "archive"))
    with Rag.open(index, load_settings(reader=str(weights))) as rag:
        answer = rag.ask(FOUND)
        assert (answer.status, answer.short_answer) == ("answered", None)
        (notice,) = answer.notices
        assert str(weights) in notice
        assert "without the reader" in notice
        check_exact(rag, answer)


def test_scores_that_are_no_numbers_leave_the_answer_to_likeness(sample_archive: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    network = load_network(model_directory(), SHIPPED)
    network.spans.bias.data.fill_(float("nan"))
    save_network(network, weights, {})
    trust, setup = load_trust(SHIPPED)
    save_trust(trust, replace(setup, reader=str(read_record(weights)["sha256"])), weights)
    index = Path(shutil.copytree(sample_archive, tmp_path / "archive"))
    with Rag.open(index, load_settings(reader=str(weights))) as rag:
        assert rag.notices == ()
        answer = rag.ask(FOUND)
        assert answer.status == "answered"
        assert "not finite" in answer.notices[0]
        check_exact(rag, answer)
        assert rag.search(FOUND, 5)
