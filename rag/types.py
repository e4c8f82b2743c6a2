"""The nouns of Dateline, one type a stage, each composed of the one before.

Every offset counts characters (Python `str` indices) in `Article.text`; `start` is included and `end` is not. Days are calendar
days; a range of days is half-open, `since <= day < before`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.forms import Form, Part

Vector = NDArray[np.float32]
"""One embedding, shape (dimension,)."""
Vectors = NDArray[np.float32]
"""A batch of embeddings, shape (texts, dimension)."""

PublishedFrom = Literal["record", "front matter", "JSON-LD", "meta", "feed", "page", "dateline", "URL", "file name", "none"]
"""How a publication date is known: a field of the record, a document's front matter, a page's JSON-LD, its other metadata, the
feed that names it, the page's own words, the words before the text, its address, its file's name, not at all."""

Status = Literal["answered", "abstained"]
Cause = Literal["nothing found", "not answered", "outside the filters", "disagreement"]
"""Why there is no answer: no passage at all; passages that do not answer; passages that would answer but do not pass the filters;
passages that give different answers."""
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: everything known about an article but its words.

    `published_confidence`, 0 to 1, says how far the date of publication can be trusted; `origin` is the news agency that the
    report is credited to.
    """

    id: str
    title: str
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: date | datetime | None = None
    published_from: PublishedFrom = "none"
    modified: date | datetime | None = None
    language: str | None = None
    section: str | None = None
    place: str | None = None
    published_confidence: float | None = None
    origin: str | None = None

    def day(self, zone: tzinfo) -> date | None:
        """The calendar day of publication in `zone`; a date without a time is that day in every zone."""
        if isinstance(self.published, datetime):
            return (self.published.astimezone(zone) if self.published.tzinfo else self.published).date()
        return self.published


@dataclass(frozen=True, slots=True)
class Article:
    """A source and its text, exactly as a reader sees it."""

    source: Source
    text: str

    @property
    def digest(self) -> str:
        """A hash of all that is stored of the article: equal digests mean that nothing has changed."""
        source = self.source
        parts = (
            source.id, source.title, source.outlet, source.url, *source.authors, source.published, source.published_from,
            source.modified, source.language, source.section, source.place, self.text,
        )  # fmt: skip
        whole = "\x1f".join("" if part is None else str(part) for part in parts)
        return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Mention:
    """A time that a text names in `text[start:end]`, and the days that it means: `first <= day < before`. `rule` says how."""

    start: int
    end: int
    first: date
    before: date
    rule: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """An exact slice of an article, made of whole sentences: `text == article.text[start:end]`."""

    source: Source
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.source.id}#{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that retrieval found, and how well it fits the question (higher is better)."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question may be answered from; an article without a date never passes a date filter.

    `since` is the first day allowed and `before` the first day no longer allowed. `outlets` are names, compared without case.
    """

    since: date | None = None
    before: date | None = None
    outlets: tuple[str, ...] = ()

    @property
    def until(self) -> date | None:
        """The last day allowed."""
        return self.before - timedelta(days=1) if self.before else None

    @property
    def folded_outlets(self) -> list[str]:
        """The names as entries of an index have them, each once; lone surrogates, which no index takes, replaced."""
        return sorted({name.casefold().encode("utf-8", "replace").decode("utf-8") for name in self.outlets})

    @property
    def dated(self) -> bool:
        return self.since is not None or self.before is not None

    def __bool__(self) -> bool:
        return self.dated or bool(self.outlets)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A report that a question's own words point to: one of the outlets or from the days of `filters`.

    It is inferred, and so a preference: passages outside it are found too, further down. `words` are the parts of the question
    that say so, in order; `about` is what it asks of this report alone, "" where that is all of it.
    """

    filters: Filters
    words: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question that stands alone, and who made it so: "rules", `llm:NAME`, or None where it did already."""

    text: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, with what restricts it. `as_of` is the day taken as today.

    `max_risk` is the share of answers that may be wrong, where whoever asks states one; with `insist` an answer is wanted however
    weak its evidence. A `literal` question is taken at its word: it is not rewritten and nothing is inferred from it; parts of it
    that are `ignored` are not taken for times or outlets. `scopes` are those found in it. `cancelled` says that nobody waits for
    the answer any more.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    id: str | None = None
    max_risk: float | None = None
    insist: bool = False
    literal: bool = False
    ignored: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    cancelled: Callable[[], bool] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: `article.text[start:end] == text`."""

    source: Source
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that an answerer proposes, the quotes it rests on, and how well they support it (0 to 1)."""

    text: str
    quotes: tuple[Quote, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is asked: its instructions, and the text they are about. `max_tokens` bounds its answer."""

    system: str
    user: str
    max_tokens: int


Check = Literal[
    "number", "date", "name", "negation", "quotation", "quantity", "speaker", "relation", "words", "support", "relevance"
]  # fmt: skip
"""What a sentence can fail by: a number, a date, a name, a negation, quoted words, a quantity in words, who said something, or
who did what to whom, that its source does not have; a word that no source has; too little likeness as a whole; or having nothing
to do with the question."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of holding a sentence against passages: the narrowest `quotes` that carry it, and how well they do (0 to 1).

    Of a sentence that is not supported, `check` says which test it failed and `reason` why, in a few words.
    """

    supported: bool
    support: float
    quotes: tuple[Quote, ...] = ()
    check: Check | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence as a language model wrote it, without its markers, and what came of checking it.

    `cited` are the numbers of the passages that its markers named, `invalid` counts markers that named none.
    """

    text: str
    cited: tuple[int, ...]
    invalid: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model was asked and answered, word for word, and what came of each of its sentences.

    `passages` is how many were in the prompt, `left_out` how many there was no room for, `error` why its answer is not whole.
    """

    model: str
    prompt: Prompt
    raw: str
    checked: tuple[Checked, ...]
    passages: int
    left_out: int
    error: str | None = None

    @property
    def invalid_markers(self) -> int:
        return sum(one.invalid for one in self.checked)


@dataclass(frozen=True, slots=True)
class Struck:
    """A sentence of a language model that no source carries, why, and after how many of the answer's sentences it stood."""

    text: str
    reason: str
    check: Check | None
    after: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer makes of the passages. `confidence` is the probability that the quotes contain the right answer.

    `reason` and `cause` say why there are no claims, or too little confidence in them. `least` is the confidence from which the
    draft is worth showing where that is not the answerer's own, `notices` what whoever asked should know about how it was made,
    `agreeing` the sources of passages found to give the same short answer, `mode` how it was made where that is not the usual
    way of the answerer. `struck` are sentences of a language model that were not kept, `writing` all that it was asked and wrote.
    """

    claims: tuple[Claim, ...]
    confidence: float
    short_answer: str | None = None
    reason: str | None = None
    cause: Cause = "not answered"
    least: float | None = None
    notices: tuple[str, ...] = ()
    agreeing: tuple[Source, ...] = ()
    mode: str | None = None
    struck: tuple[Struck, ...] = ()
    writing: Writing | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that tells the text of another one: `exact` with the same words, `near` with most of them."""

    source: Source
    kind: Literal["exact", "near"]


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
class Answer:
    """What Dateline says to a question. An abstention has a reason, its cause and no citations; `passages` are the nearest it
    found. The short answer, where there is one, is words of a quote, or several such for a list. `rewritten_by` says who made the
    question stand alone, `scopes` what times and outlets it was found to point to. `struck` and `writing` tell of what a language
    model wrote; `show_struck` says that what was struck is to be shown as such. `form` is what the question wants, and `parts`
    what an answer of that form is made of, besides its sentences."""

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
    struck: tuple[Struck, ...] = ()
    writing: Writing | None = None
    show_struck: bool = False
    rewritten_by: str | None = None
    scopes: tuple[Scope, ...] = ()
    form: Form = "fact"
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What decides the chunks and vectors of an index. Two indexes with equal fingerprints are interchangeable."""

    model: str
    revision: str
    dimension: int
    normalised: bool
    query_prefix: str
    document_prefix: str
    titled: bool
    chunker: str
    chunk_tokens: int
    chunk_overlap: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A chunk as the two indexes take it. `day` is the ordinal of its publication day, `outlet` its case-folded name."""

    id: str
    article_id: str
    day: int | None
    outlet: str | None
    title: str
    text: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk id and its score in one index, higher is better."""

    chunk_id: str
    score: float
