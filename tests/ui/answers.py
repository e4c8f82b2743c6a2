"""An answered question and an abstention, as the pipeline makes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rag.types import Answer, Article, Chunk, Citation, Filters, Passage, Question, Sentence, Source

SOURCE = Source(
    id="a1",
    title="Port reopens",
    outlet="The Gazette",
    url="https://gazette.example/a1",
    authors=("A. Writer",),
    published=datetime(2025, 8, 4, 6, 30, tzinfo=UTC),
    published_from="record",
)
ARTICLE = Article(SOURCE, "The port reopened on Monday. Ships came in by noon.")
CHUNK = Chunk(SOURCE, 0, len(ARTICLE.text), ARTICLE.text)
QUESTION = Question(
    "When did the port reopen?", Filters(date(2025, 8, 1), date(2025, 9, 1), ("The Gazette",)), as_of=date(2025, 8, 5)
)

ANSWERED = Answer(
    question=QUESTION,
    standalone_question=QUESTION.text,
    status="answered",
    reason=None,
    sentences=(Sentence("The port reopened on Monday.", (1,), 0.9),),
    short_answer="on Monday",
    citations=(Citation(1, SOURCE, 0, 28, "The port reopened on Monday."),),
    confidence=0.8,
    passages=(Passage(CHUNK, 0.71),),
    mode="extractive",
    notices=("a notice",),
    timings_ms={"retrieve": 12.3456},
)
ABSTAINED = Answer(
    question=Question("Who is the mayor?"),
    standalone_question="Who is the mayor?",
    status="abstained",
    reason="No article names a mayor.",
    sentences=(),
    short_answer=None,
    citations=(),
    confidence=0.1,
    passages=(Passage(CHUNK, 0.2), Passage(CHUNK, 0.1)),
    mode="extractive",
)
