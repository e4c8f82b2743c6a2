"""Words, ranked by BM25, in Tantivy.

A query is a set of terms, never query syntax. Filters sit in the query without a score of their own, so that BM25 is the same
with and without them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import tantivy

from rag.guard import translate_panics
from rag.terms import Analysis
from rag.types import Entry, Filters, Hit

MAX_TERMS = 256
"""Distinct terms of a query that are looked up; those of longer questions are the first ones."""
ANALYZER = "words"
WRITER_BYTES = 50_000_000


class TantivyIndex:
    """Opens the index in `directory`, or makes it. `title_boost` is what a term in a title weighs against one in the text.

    Raises ArchiveDamaged for whatever goes wrong inside Tantivy.
    """

    def __init__(self, directory: Path, *, analysis: Analysis | None = None, title_boost: float = 1.0) -> None:
        self._directory = directory
        self._analyzer = (analysis or Analysis()).build()
        self._title_boost = title_boost
        self._schema = _schema()
        self._writing = threading.Lock()
        self._writer: tantivy.IndexWriter | None = None
        with self._guard():
            directory.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, str(directory), reuse=True)
            self._index.register_tokenizer(ANALYZER, self._analyzer)

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        """Drop every chunk of `article_ids`, then add `entries`. Doing it twice changes nothing."""
        with self._writing, self._guard():
            writer = self._writer or self._new_writer()
            self._writer = None  # one that failed is of no further use
            for article_id in article_ids:
                writer.delete_documents_by_term("article_id", article_id)
            for entry in entries:
                writer.add_document(_document(entry))
            writer.commit()
            self._writer = writer
            self._index.reload()

    def _new_writer(self) -> tantivy.IndexWriter:
        """A writer. Files of one that was killed before its commit are removed: the next commit would fail at their names."""
        writer = self._index.writer(WRITER_BYTES, num_threads=1)
        writer.garbage_collect_files()
        return writer

    def search(self, text: str, k: int, filters: Filters) -> list[Hit]:
        """The `k` best chunks that pass `filters`, scored by BM25, best first. `text` is words, never query syntax."""
        terms = list(dict.fromkeys(self.split(text)))[:MAX_TERMS]
        with self._guard():
            searcher = self._index.searcher()
            if not terms or k < 1 or not searcher.num_docs:
                return []
            found = searcher.search(self._query(terms, filters), limit=min(k, searcher.num_docs), count=False)
            return [Hit(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits]

    def split(self, text: str) -> list[str]:
        """The terms of `text` in order, lower-cased and stemmed as they are indexed."""
        return list(self._analyzer.analyze(text.encode("utf-8", "replace").decode("utf-8")))

    def frequencies(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many chunks there are, and how many of them have each term."""
        with self._guard():
            searcher = self._index.searcher()
            return searcher.num_docs, {
                term: searcher.search(self._match_term(term), limit=1).count  # type: ignore[attr-defined]
                for term in terms
            }

    def count(self) -> int:
        with self._guard():
            return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Waits for merges of segments, so that the files rest."""
        with self._writing, self._guard():
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def _query(self, terms: Sequence[str], filters: Filters) -> tantivy.Query:
        matching = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._match_term(term)) for term in terms])
        conditions = [(tantivy.Occur.Must, tantivy.Query.const_score_query(each, 0.0)) for each in self._conditions(filters)]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, matching), *conditions]) if conditions else matching

    def _match_term(self, term: str) -> tantivy.Query:
        in_text = tantivy.Query.term_query(self._schema, "text", term, "freq")
        in_title = tantivy.Query.term_query(self._schema, "title", term, "freq")
        boosted = tantivy.Query.boost_query(in_title, self._title_boost)
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, in_text), (tantivy.Occur.Should, boosted)])

    def _conditions(self, filters: Filters) -> Iterator[tantivy.Query]:
        if filters.dated:
            first = (filters.since or date.min).toordinal()
            after = filters.before.toordinal() if filters.before else date.max.toordinal() + 1
            yield tantivy.Query.range_query(
                self._schema, "day", tantivy.FieldType.Integer, first, after, include_lower=True, include_upper=False
            )
        if filters.outlets:
            yield tantivy.Query.term_set_query(self._schema, "outlet", filters.folded_outlets)

    def _guard(self) -> AbstractContextManager[None]:
        return translate_panics("lexical", self._directory)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    for name in ("id", "article_id", "title", "text"):
        document.add_text(name, getattr(entry, name))
    if entry.outlet is not None:
        document.add_text("outlet", entry.outlet)
        document.add_text("title", entry.outlet)  # a question names an outlet as it names anything else
    if entry.day is not None:
        document.add_integer("day", entry.day)
    return document
