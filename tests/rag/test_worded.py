"""Stories in a language model's words: what is kept of them, and what stays of the story as it was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest

from rag import Rag
from rag.archive import Archive
from rag.errors import LanguageModelError
from rag.forms import Coverage, Row
from rag.parts import Parts, Writers
from rag.settings import load_settings
from rag.types import Article, Source
from rag.when import mentions
from tests.fakes import HashEmbedder, SaidModel
from tests.rag.stored import FINGERPRINT, make_stored
from tests.rag.test_pipeline import Scripted
from tests.rag.test_write import Verbatim

AGROUND = "The ferry Arlo ran aground off Penholm with 40 people aboard."
FREED = "Tugs pulled the ferry Arlo off the rocks at Penholm on the next tide."
ASKED = "Brief me on the ferry Arlo"


@pytest.fixture
def rag(tmp_path: Path) -> Iterator[Rag]:
    settings = load_settings(index=tmp_path / "archive")
    archive = Archive.open(tmp_path / "archive", create=True)
    archive.catalog.adopt(FINGERPRINT)
    for at, text in enumerate((AGROUND, FREED)):
        article = Article(Source(f"s{at}", "The ferry Arlo", "Gazette", published=date(2024, 4, 2 + at)), text)
        times = mentions(text, article.source.day(UTC) or date(2024, 4, 2))
        archive.catalog.put([replace(make_stored(article), mentions=times)])
    writers = Writers(settings, Verbatim(), lambda: None)
    with Rag(Parts(archive, HashEmbedder(), Scripted(0.1), writers=writers), settings) as opened:
        yield opened


def test_a_briefing_is_worded_sentence_by_sentence_and_cites_its_lines(rag: Rag) -> None:
    model = SaidModel([f"{AGROUND[:-1]} [1]. ", "It was struck by a whale [2]."])
    answer = rag.ask(ASKED, llm=model)
    assert (answer.form, answer.mode, answer.status) == ("briefing", "llm:said", "answered")
    assert [sentence.text for sentence in answer.sentences] == [AGROUND]
    assert [one.text for one in answer.struck] == ["It was struck by a whale."]
    assert [one.quote for one in answer.citations] == [AGROUND]
    assert [type(part) for part in answer.parts] == [Coverage]
    assert AGROUND in model.prompts[0].user
    assert FREED in model.prompts[0].user


def test_a_briefing_stays_as_it_was_told_where_nothing_is_kept(rag: Rag) -> None:
    told = rag.ask(ASKED)
    answer = rag.ask(ASKED, llm=SaidModel(["It was struck by a whale [1]."]))
    assert answer.sentences == told.sentences
    assert answer.parts == told.parts
    assert any(isinstance(part, Row) for part in answer.parts)
    assert any("Nothing that said wrote is carried" in notice for notice in answer.notices)


def test_a_model_that_fails_leaves_the_briefing(rag: Rag) -> None:
    answer = rag.ask(ASKED, llm=SaidModel([], LanguageModelError("the server at said is away")))
    assert (answer.status, answer.form) == ("answered", "briefing")
    assert answer.sentences == rag.ask(ASKED).sentences
    assert any("the server at said is away" in notice for notice in answer.notices)


def test_a_timeline_is_not_worded(rag: Rag) -> None:
    model = SaidModel(["Nothing."])
    assert rag.ask("Give me a timeline of the ferry Arlo", llm=model).form == "timeline"
    assert not model.prompts
