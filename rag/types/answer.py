"""What is answered: sentences with numbered citations, or an abstention with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.forms import Form, Part
from rag.types.article import Copy, Mention, Source
from rag.types.draft import Cause
from rag.types.passage import Passage
from rag.types.question import Question, Scope
from rag.types.writing import Struck, Writing

Status = Literal["answered", "abstained"]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How many articles carry an answer, and how many outlets that are independent of each other they are from."""

    outlets: int
    articles: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `article.text[start:end] == quote`. `copies` are the other articles that tell the same text.

    `dates` are times that the quote names without saying their year, such as "last month", and the days they mean; their offsets
    are the article's.
    """

    number: int
    source: Source
    start: int
    end: int
    quote: str
    copies: tuple[Copy, ...] = ()
    dates: tuple[Mention, ...] = ()

    @property
    def dated_parts(self) -> tuple[tuple[str, Mention | None], ...]:
        """The quote in parts, each that ends with a time together with that time."""
        parts: list[tuple[str, Mention | None]] = []
        at = self.start
        for mention in self.dates:
            parts.append((self.quote[at - self.start : mention.end - self.start], mention))
            at = mention.end
        return (*parts, (self.quote[at - self.start :], None))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer with the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood: who made it stand alone ("rules", `llm:NAME`, None where it did already), what times and
    outlets it was found to point to, and the earlier topic that it leans on in retrieval, "" where it leans on nothing."""

    rewritten_by: str | None = None
    scopes: tuple[Scope, ...] = ()
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Dateline says to a question.

    An abstention has a `reason`, its `cause` and no citations; `passages` are the nearest it found. The short answer, where there
    is one, is words of a quote, or several such for a list. `confidence` is the probability, 0 to 1, that the quotes contain the
    right answer; where it was not `calibrated` for the reader in use, it is none, and not to be shown. `writing` tells of what a
    language model was asked and wrote, None where none was asked; `show_struck` says that the sentences struck from it are to be
    shown as such. `form` is what the question wants, and `parts` what an answer of that form is made of, besides its sentences.
    `faults` are those that were survived on the way. `timings_ms` are the milliseconds of each step, and their "total".
    """

    question: Question
    standalone_question: str
    status: Status
    reason: str | None
    sentences: tuple[Sentence, ...]
    short_answer: str | None
    citations: tuple[Citation, ...]
    confidence: float
    passages: tuple[Passage, ...]
    mode: str
    notices: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    cause: Cause | None = None
    corroboration: Corroboration | None = None
    writing: Writing | None = None
    show_struck: bool = False
    understood: Understood = Understood()
    form: Form = "fact"
    parts: tuple[Part, ...] = ()
    calibrated: bool = True
    faults: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def struck(self) -> tuple[Struck, ...]:
        """The sentences of a language model that no source carries."""
        return self.writing.struck if self.writing else ()
