"""Citations are numbered in order and are exact, or they are not there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.cite import cite
from rag.types import Article, Claim, Quote, Source

TEXT = "The ferry sank. Nobody was hurt. Divers found the bell."
ARTICLE = Article(Source(id="ferry", title="The ferry"), TEXT)
ARTICLES = {"ferry": ARTICLE}


def quote(start: int, end: int, text: str | None = None, article: Article = ARTICLE) -> Quote:
    return Quote(article.source, start, end, article.text[start:end] if text is None else text)


def test_numbers_follow_first_appearance_and_a_span_has_one_number() -> None:
    claims = [Claim("A", (quote(16, 32),), 0.9), Claim("B", (quote(0, 15), quote(16, 32)), 0.8)]
    cited = cite(claims, ARTICLES)
    assert [citation.number for citation in cited.citations] == [1, 2]
    assert [citation.quote for citation in cited.citations] == ["Nobody was hurt.", "The ferry sank."]
    assert [sentence.citations for sentence in cited.sentences] == [(1,), (2, 1)]
    assert cited.refused == 0


def test_a_quote_that_is_not_in_its_article_is_refused_and_counted() -> None:
    elsewhere = Article(Source(id="other", title="Other"), TEXT)
    claims = [
        Claim("changed words", (quote(0, 15, "The ferry sunk."),), 0.9),
        Claim("unknown article", (quote(0, 15, article=elsewhere),), 0.9),
        Claim("nothing quoted", (quote(3, 3),), 0.9),
        Claim("behind the end", (quote(len(TEXT), len(TEXT) + 1),), 0.9),
        Claim("half right", (quote(0, 15, "The fairy sank."), quote(16, 32)), 0.7),
    ]
    cited = cite(claims, ARTICLES)
    assert [sentence.text for sentence in cited.sentences] == ["half right"]
    assert [citation.number for citation in cited.citations] == [1]
    assert cited.refused == 5


@given(
    st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60), st.sampled_from([None, "bell", "The ferry sank."])), max_size=8)
)
def test_every_citation_is_an_exact_slice_and_is_used(spans: list[tuple[int, int, str | None]]) -> None:
    cited = cite([Claim("claim", tuple(quote(*span) for span in spans), 0.5)], ARTICLES)
    assert all(TEXT[citation.start : citation.end] == citation.quote != "" for citation in cited.citations)
    used = {number for sentence in cited.sentences for number in sentence.citations}
    assert used == {citation.number for citation in cited.citations} == set(range(1, len(cited.citations) + 1))
