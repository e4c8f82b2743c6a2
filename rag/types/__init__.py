"""The nouns of Dateline, a module a stage and one type a stage, each composed of the one before.

    article → passage → question → draft (→ writing) → answer, and the index beside them

Every offset counts characters (Python `str` indices) in `Article.text`; `start` is included and `end` is not. Days are calendar
days; a range of days is half-open, `since <= day < before`.
"""

from __future__ import annotations

from rag.types.answer import Answer, Citation, Corroboration, Sentence, Status, Understood
from rag.types.article import Article, Copy, Mention, PublishedFrom, Source
from rag.types.draft import Cause, Claim, Draft
from rag.types.index import Entry, Fingerprint, Hit, Vector, Vectors, Worded
from rag.types.listing import ArticlePage, DayTally, OutletTally
from rag.types.passage import Chunk, Passage, Quote
from rag.types.question import Filters, Question, Rewrite, Role, Scope, Turn
from rag.types.reading import Reading, Span, Text
from rag.types.writing import Check, Checked, Prompt, Struck, Verdict, Writing

__all__ = [
    "Answer",
    "Article",
    "ArticlePage",
    "Cause",
    "Check",
    "Checked",
    "Chunk",
    "Citation",
    "Claim",
    "Copy",
    "Corroboration",
    "DayTally",
    "Draft",
    "Entry",
    "Filters",
    "Fingerprint",
    "Hit",
    "Mention",
    "OutletTally",
    "Passage",
    "Prompt",
    "PublishedFrom",
    "Question",
    "Quote",
    "Reading",
    "Rewrite",
    "Role",
    "Scope",
    "Sentence",
    "Source",
    "Span",
    "Status",
    "Struck",
    "Text",
    "Turn",
    "Understood",
    "Vector",
    "Vectors",
    "Verdict",
    "Worded",
    "Writing",
]
