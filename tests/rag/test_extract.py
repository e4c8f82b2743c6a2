"""The extractive answerer: cues, features, selection."""

from __future__ import annotations

import numpy as np
import pytest

from rag.english.kinds import Kind, find_kind, offers
from rag.extract.answerer import select
from rag.extract.compose import MAX_SENTENCES
from rag.extract.features import Candidate, candidates
from rag.sentences import sentence_spans
from rag.types import Article, Chunk, Passage, Quote, Source


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who opened the new pier?", "person"),
        ("Which senator voted no?", "person"),
        ("When did the ferry sink?", "time"),
        ("What year was the dam built?", "time"),
        ("How much did the bridge cost?", "money"),
        ("How many people were on board?", "number"),
        ("What percentage of voters stayed home?", "number"),
        ("Where was the comet first seen?", "place"),
        ("Which small island has no cars?", "place"),
        ("Why was the match called off?", "reason"),
        ("Which airline went bankrupt?", "name"),
        ("Tell me about the ferry.", "any"),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, kind: Kind) -> None:
    assert find_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "named", "offered"),
    [
        ("number", "The ferry carried 212 people.", "how many were on the ferry", 1.0),
        ("number", "The 212 went home.", "what became of the 212", 0.0),
        ("number", "Nobody knows the toll.", "how many died", 0.0),
        ("money", "It cost $5.44 billion.", "how much did it cost", 1.0),
        ("time", "It sank on 4 August.", "when did it sink", 1.0),
        ("time", "It sank without warning.", "when did it sink", 0.0),
        ("person", "The mayor, Ada Brook, resigned.", "who resigned", 1.0),
        ("person", "The mayor resigned.", "who resigned", 0.0),
        ("person", "Then Ada Brook resigned.", "what did ada brook do", 0.0),
        ("reason", "It closed because of rust.", "why did it close", 1.0),
        ("any", "Whatever this says.", "", 0.5),
    ],
)
def test_whether_a_sentence_offers_it(kind: Kind, sentence: str, named: str, offered: float) -> None:
    assert offers(kind, sentence, frozenset(named.split())) == offered


def candidate(text: str) -> Candidate:
    return Candidate(Quote(Source(id="a", title=""), 0, len(text), text), text, 0.5, 0)


def test_the_best_sentence_comes_first_and_words_are_limited() -> None:
    found = [candidate("one two three four"), candidate("five six seven"), candidate("eight nine ten eleven twelve")]
    assert select(found, np.asarray([0.1, 0.9, 0.5]), max_words=60) == [1, 2, 0]
    assert select(found, np.asarray([0.1, 0.9, 0.5]), max_words=7) == [1, 0]
    assert select(found, np.asarray([0.1, 0.9, 0.5]), max_words=1) == [1]


def test_at_most_three_sentences() -> None:
    found = [candidate(word) for word in ("alpha", "beta", "gamma", "delta")]
    assert len(select(found, np.asarray([0.4, 0.3, 0.2, 0.1]), max_words=60)) == MAX_SENTENCES


def test_a_sentence_that_repeats_another_is_passed_over() -> None:
    found = [
        candidate("The council voted nine to two to rebuild the pier."),
        candidate("On Monday the council voted nine to two to rebuild the old pier."),
        candidate("Work starts in March."),
    ]
    assert select(found, np.asarray([0.9, 0.8, 0.1]), max_words=60) == [0, 2]


def test_candidates_are_exact_sentences_each_once() -> None:
    text = "The ferry sank. Nobody was hurt.\n\nDivers found the bell. It rang."
    article = Article(Source(id="ferry", title="The ferry"), text)
    first, second = Chunk(article.source, 0, 56, text[:56]), Chunk(article.source, 34, 65, text[34:])
    found = candidates([Passage(first, 0.9), Passage(second, 0.4)], {"ferry": article}, sentence_spans)
    assert [one.quote.text for one in found] == ["The ferry sank.", "Nobody was hurt.", "Divers found the bell.", "It rang."]
    assert [one.rank for one in found] == [0, 0, 0, 1]
    assert all(text[one.quote.start : one.quote.end] == one.quote.text for one in found)
    assert found[1].context == text[:56]


def test_passages_of_articles_gone_or_changed_since_are_left_out() -> None:
    chunk = Chunk(Source(id="ferry", title=""), 0, 15, "The ferry sank.")
    changed = Article(chunk.source, "The fairy sank. It was a play.")
    assert candidates([Passage(chunk, 0.9)], {}, sentence_spans) == []
    assert candidates([Passage(chunk, 0.9)], {"ferry": changed}, sentence_spans) == []
