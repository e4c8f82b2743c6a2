"""What the digest of an article is of: all that is known of it but what is inferred anew."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from rag.types import Article, Source

ARTICLE = Article(Source("a", "Bridge opens", "The Gazette", published=date(2025, 3, 4), published_confidence=0.9), "It opened.")
INFERRED = {"published_confidence": 0.1, "origin": "Reuters"}
KNOWN = {
    "id": "b", "title": "Bridge shut", "outlet": "The Post", "url": "https://a.example/b", "authors": ("Ada",),
    "published": date(2025, 3, 5), "published_from": "feed", "modified": date(2025, 3, 6), "language": "fr", "section": "Local",
    "place": "Holm",
}  # fmt: skip


def changed(name: str, value: object) -> Article:
    return replace(ARTICLE, source=replace(ARTICLE.source, **{name: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_field_counts(name: str) -> None:
    assert changed(name, KNOWN[name]).digest != ARTICLE.digest


@pytest.mark.parametrize("name", INFERRED)
def test_what_is_inferred_does_not(name: str) -> None:
    assert changed(name, INFERRED[name]).digest == ARTICLE.digest


def test_every_field_of_a_source_is_one_or_the_other() -> None:
    assert {each.name for each in fields(Source)} == {*KNOWN, *INFERRED}


def test_the_text_counts_and_nothing_is_the_same_as_not_known() -> None:
    assert replace(ARTICLE, text="It shut.").digest != ARTICLE.digest
    assert changed("section", "").digest == ARTICLE.digest
