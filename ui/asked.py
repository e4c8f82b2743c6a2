"""A question as a JSON object: a line of `dateline ask --batch`, the body of a request to the HTTP API."""

from __future__ import annotations

from pydantic import BaseModel

from rag.types import Role


class Message(BaseModel):
    role: Role
    content: str


class Asked(BaseModel):
    """A question with what may come with it; other keys are left alone."""

    question: str
    history: list[Message] = []
    since: str | None = None
    until: str | None = None
    outlets: list[str] | None = None
    as_of: str | None = None
    max_risk: float | None = None
    llm: str | None = None
    insist: bool = False
    literal: bool = False
    ignored: list[str] = []
