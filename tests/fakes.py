"""Small stand-ins for the parts of the system."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from rag.errors import UsageError
from rag.types import Answer, Article, Claim, Draft, Entry, Filters, Hit, Passage, Prompt, Question, Quote, Vector, Vectors


class ScriptedRag:
    """A system whose answers and passages are given by question; it keeps the arguments of every call.

    It is its own archive and catalog. A question without a script is refused.
    """

    def __init__(
        self, answers: Mapping[str, Answer], passages: Mapping[str, Sequence[Passage]], articles: Sequence[Article]
    ) -> None:
        self.calls: list[tuple[object, ...]] = []
        self._answers = answers
        self._passages = passages
        self._articles = {article.source.id: article for article in articles}

    @property
    def archive(self) -> ScriptedRag:
        return self

    @property
    def catalog(self) -> ScriptedRag:
        return self

    def article(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)

    def ask(self, question: Question) -> Answer:
        self.calls.append(("ask", question))
        if question.text not in self._answers:
            raise UsageError(f"{question.text!r} is no question")
        return self._answers[question.text]

    def search(self, question: Question, k: int) -> tuple[Passage, ...]:
        self.calls.append(("search", question, k))
        return tuple(self._passages.get(question.text, ()))[:k]


class HashEmbedder:
    """A bag of hashed words as a unit vector: equal words give equal vectors on every run and machine. Its tokens are words."""

    model = "hash"
    revision = "1"
    window = 256

    def __init__(self, dimension: int = 32) -> None:
        self.dimension = dimension

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _words(text) or [""]:
                hashed = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
                row[int.from_bytes(hashed[:4]) % self.dimension] += 1 + hashed[7] / 1000  # never cancels to nothing
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_query(self, text: str) -> Vector:
        return np.asarray(self.embed_documents([text])[0], np.float32)


class QuotingAnswerer:
    """Quotes every passage it is given."""

    mode = "extractive"

    def least_confidence(self, max_risk: float | None = None) -> float:
        del max_risk
        return 0.5

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del question, articles
        chunks = [passage.chunk for passage in passages]
        quotes = [Quote(chunk.source, chunk.start, chunk.end, chunk.text) for chunk in chunks]
        yield Draft(tuple(Claim(quote.text, (quote,), 0.9) for quote in quotes), 0.9)


class MemoryIndex:
    """Entries in a dictionary: the slow and plain form of both indexes."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        gone = set(article_ids)
        kept = {id: entry for id, entry in self.entries.items() if entry.article_id not in gone}
        self.entries = kept | {entry.id: entry for entry in entries}

    def count(self) -> int:
        return len(self.entries)

    def close(self) -> None:
        self.entries = {}

    def passing(self, filters: Filters) -> list[Entry]:
        outlets = {name.casefold() for name in filters.outlets}
        since = filters.since.toordinal() if filters.since else 1
        before = filters.before.toordinal() if filters.before else date.max.toordinal() + 1
        return [
            entry
            for entry in self.entries.values()
            if (not filters.dated or (entry.day is not None and since <= entry.day < before))
            and (not outlets or entry.outlet in outlets)
        ]


class MemoryDense(MemoryIndex):
    def search(self, vector: Vector, k: int, filters: Filters) -> list[Hit]:
        hits = [Hit(entry.id, float(entry.vector @ vector)) for entry in self.passing(filters)]
        return sorted(hits, key=lambda hit: -hit.score)[: max(k, 0)]


class MemoryLexical(MemoryIndex):
    """BM25 (k1 1.2, b 0.75) over title and text as one field, without stemming."""

    def split(self, text: str) -> list[str]:
        return _words(text)

    def frequencies(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        words = [set(_words(_searched(entry))) for entry in self.entries.values()]
        return len(words), {term: sum(term in of_entry for of_entry in words) for term in terms}

    def search(self, text: str, k: int, filters: Filters) -> list[Hit]:
        total, holders = self.frequencies(sorted(set(_words(text))))
        rarity = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in holders.items()}
        lengths = {entry.id: len(_words(_searched(entry))) for entry in self.entries.values()}
        mean = sum(lengths.values()) / max(len(lengths), 1)
        hits = []
        for entry in self.passing(filters):
            counts = Counter(_words(_searched(entry)))
            norm = 1.2 * (1 - 0.75 + 0.75 * lengths[entry.id] / mean)
            if score := sum(idf * counts[term] * 2.2 / (counts[term] + norm) for term, idf in rarity.items() if counts[term]):
                hits.append(Hit(entry.id, score))
        return sorted(hits, key=lambda hit: -hit.score)[: max(k, 0)]


def _searched(entry: Entry) -> str:
    return f"{entry.title} {entry.outlet or ''} {entry.text}"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class SaidModel:
    """A language model that says the same pieces each time and then raises an error, if it is given one. It keeps its prompts."""

    name = "said"

    def __init__(self, pieces: Sequence[str], error: Exception | None = None, window: int | None = None) -> None:
        self.prompts: list[Prompt] = []
        self.closed = False
        self.window = window
        self._pieces = pieces
        self._error = error

    def stream(self, prompt: Prompt) -> Iterator[str]:
        self.prompts.append(prompt)
        try:
            yield from self._pieces
            if self._error:
                raise self._error
        finally:
            self.closed = True
