from __future__ import annotations

import pytest

from eval.metrics.citations import contain_answer, is_exact, join_cited
from rag.types import Answer, Article, Citation, Question, Sentence, Source

SOURCE = Source(id="a1", title="Rates")
ARTICLE = Article(SOURCE, "Rates rose. Nobody knew why.")


@pytest.mark.parametrize(
    ("start", "end", "quote", "exact"),
    [
        (0, 11, "Rates rose.", True),
        (0, 10, "Rates rose.", False),
        (12, 28, "Nobody knew why.", True),
        (12, 29, "Nobody knew why.", False),
        (-4, 28, "why.", False),
        (3, 3, "", False),
    ],
)
def test_exact_means_the_articles_own_characters(start: int, end: int, quote: str, exact: bool) -> None:
    assert is_exact(Citation(1, SOURCE, start, end, quote), ARTICLE) is exact


def test_no_article_is_not_exact() -> None:
    assert not is_exact(Citation(1, SOURCE, 0, 11, "Rates rose."), None)


def test_only_sentences_with_citations_are_cited() -> None:
    sentences = (Sentence("Rates rose.", (1,), 1.0), Sentence("So they say.", (), 0.0), Sentence("Why?", (1, 2), 1.0))
    answer = Answer(Question("q"), "q", "answered", None, sentences, None, (), 0.5, (), "extractive")
    assert join_cited(answer) == "Rates rose. Why?"


def test_any_quote_may_hold_the_answer() -> None:
    quotes = (Citation(1, SOURCE, 0, 11, "Rates rose."), Citation(2, SOURCE, 12, 28, "Nobody knew why."))
    assert contain_answer(quotes, ["nobody"])
    assert not contain_answer(quotes, ["rates rose nobody"])
    assert not contain_answer((), ["nobody"])
