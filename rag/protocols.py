"""The seams, on one page. A part is anything with these methods; it is passed to the constructor of what uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from rag.types import (
    Article,
    Draft,
    Entry,
    Filters,
    Hit,
    Passage,
    Prompt,
    Question,
    Reading,
    Text,
    Vector,
    Vectors,
    Verdict,
    Worded,
)  # fmt: skip

Cut = Callable[[str], Sequence[tuple[int, int]]]
"""A text to the characters of its words."""


class Embedder(Protocol):
    """Text to vectors. Rows are normalised to length 1, so that a dot product is a cosine."""

    @property
    def model(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def window(self) -> int:
        """The longest input, in the model's own tokens, special tokens included; the rest would be cut off."""
        ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens, special tokens included."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), in the order of `texts`."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Shape (dimension,)."""
        ...


class WordEmbedder(Embedder, Protocol):
    """An embedder that also tells the words of a text apart."""

    def embed_words(self, texts: Sequence[str], cut: Cut) -> list[Worded]:
        """Each text with its words, in the order of `texts`; `cut` gives the characters of a text's words."""
        ...


class Index(Protocol):
    """What both indexes share: they follow the catalog and can be thrown away."""

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        """Drop every chunk of `article_ids`, then add `entries`. Doing it twice changes nothing."""
        ...

    def count(self) -> int: ...
    def close(self) -> None: ...


class DenseIndex(Index, Protocol):
    def search(self, vector: Vector, k: int, filters: Filters) -> list[Hit]:
        """The `k` nearest chunks that pass `filters`, scored by cosine, best first."""
        ...


class Terms(Protocol):
    """Words as an index of words sees them."""

    def split(self, text: str) -> list[str]:
        """The terms of `text` in order, lower-cased and stemmed as they are indexed."""
        ...

    def frequencies(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many chunks there are, and how many of them have each term."""
        ...


class LexicalIndex(Index, Terms, Protocol):
    def search(self, text: str, k: int, filters: Filters) -> list[Hit]:
        """The `k` best chunks that pass `filters`, scored by BM25, best first. `text` is words, never query syntax."""
        ...


class Reader(Protocol):
    """Finds short answers in texts, and judges each sentence and each text by whether it answers."""

    @property
    def name(self) -> str:
        """What tells it from every other reader: the hash of its weights, or its model's name and revision."""
        ...

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        """A reading for each text. `sentences` are the characters of each text's sentences, in order; none are scored without.

        Raises ModelError when the model gives a score that is not finite.
        """
        ...


class Reranker(Protocol):
    """Passages to the same passages in a better order."""

    @property
    def depth(self) -> int:
        """How many passages it looks at; those after them are left where they are."""
        ...

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """All of `passages`, given best first, scored anew 0 to 1, best first."""
        ...


class LanguageModel(Protocol):
    """A prompt in, a stream of text out. What it says is never trusted."""

    @property
    def name(self) -> str:
        """As answers show it: `llm:NAME`."""
        ...

    @property
    def window(self) -> int | None:
        """How many tokens a prompt and its answer may have together; None where that is not known."""
        ...

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Pieces of the answer as they come; an empty one says that it is still waiting. Closing the iterator ends the request.

        Raises LanguageModelError, of which PromptTooLong asks for a shorter prompt.
        """
        ...


class Verifies(Protocol):
    """Holds sentences against passages."""

    def verify(self, sentence: str, passages: Sequence[Passage], cited: Sequence[int] = ()) -> Verdict:
        """Whether `passages` carry `sentence`, and where. `cited` are indices of those it names; the others come after them."""
        ...


class Answerer(Protocol):
    """Passages to an answer: extractive, or an LLM whose output has been checked."""

    @property
    def mode(self) -> str:
        """`extractive` or `llm:NAME`."""
        ...

    def least_confidence(self, max_risk: float | None = None) -> float:
        """The confidence from which its drafts are worth showing, so that at most the share `max_risk` of them are wrong."""
        ...

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        """Ever longer drafts, of which the last is whole; at least one. `articles` holds those of the passages by id."""
        ...
