"""What visitors have asked and been told, in a file of its own beside the catalog; nobody finds what another visitor has.

A visitor is known by a hash of the secret that the browser holds, so the file gives nobody a way into a conversation.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.errors import StorageError
from ui.web.conversation import Conversation, Exchange

NAME = "visitors.sqlite3"
DAY_SECONDS = 86_400
TITLE_CHARACTERS = 80
LISTED = 100
"""Conversations that are listed and kept of a visitor, the last ones."""
SCHEMA = """
create table if not exists conversations (
  id text primary key, visitor text not null, title text not null, used real not null);
create index if not exists conversations_of on conversations (visitor, used);
create table if not exists exchanges (
  id integer primary key, conversation text not null references conversations (id) on delete cascade,
  words text not null, body text not null);
create index if not exists exchanges_of on exchanges (conversation);
create table if not exists links (id text primary key, exchange integer, made real not null, body text not null);
create table if not exists verdicts (
  id integer primary key, visitor text not null, made real not null, exchange integer not null, citation integer,
  good integer not null, reason text not null, body text not null);
"""
EXCHANGE: TypeAdapter[Exchange] = TypeAdapter(Exchange)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it is listed."""

    id: str
    title: str
    used: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a visitor thinks of an answer, or of its citation with this number."""

    exchange: Exchange
    made: float
    good: bool
    reason: str
    citation: int | None


def opened(index: Path) -> Store:
    """The store beside the catalog in `index`. Raises DatelineError that names the file where it cannot be used."""
    path = index / NAME
    try:
        return Store(path)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{path} cannot be used: {error}; move it away, and what visitors asked starts anew") from error


class Store:
    """Keeps conversations `days` long after they were last used, linked answers and verdicts for good. Safe between threads.

    Without a path it forgets all at its end.
    """

    def __init__(self, path: Path | None = None, days: int = 30, clock: Callable[[], float] = time.time) -> None:
        self._lock = Lock()
        self._clock = clock
        self._days = days
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=5)
        self._connection.execute("pragma foreign_keys = on")
        if path:
            path.chmod(0o600)
            self._connection.execute("pragma journal_mode = wal")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def keep(self, visitor: str, conversation: Conversation) -> Conversation:
        """The conversation with its last exchange stored, and with the keys under which it and the exchange are found."""
        last = conversation.exchanges[-1]
        with self._write() as run:
            self._expire(run, visitor)
            id = conversation.id if self._owns(run, visitor, conversation.id) else None
            if id is None:
                id = secrets.token_urlsafe(12)
                title = " ".join(conversation.exchanges[0].question.split())[:TITLE_CHARACTERS]
                run("insert into conversations values (?, ?, ?, ?)", id, visitor, _safe(title), self._clock())
            run("update conversations set used = ? where id = ?", self._clock(), id)
            body, words = _body(last), _safe(" ".join((last.question, last.answer.text if last.answer else "")))
            key = run("insert into exchanges (conversation, words, body) values (?, ?, ?)", id, words, body).lastrowid
        return Conversation((*conversation.exchanges[:-1], replace(last, key=key)), id)

    def listing(self, visitor: str, words: str = "") -> list[Kept]:
        """The visitor's conversations, last used first; those that say `words` in a title, a question or an answer."""
        sought = "%" + _safe(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = self._read(
            "select id, title, used from conversations where visitor = ?1 and used > ?2 and (title like ?3 escape '\\' or exists "
            "(select 1 from exchanges where conversation = conversations.id and words like ?3 escape '\\')) "
            "order by used desc, rowid desc limit ?4",
            visitor, self._oldest(), sought, LISTED,
        )  # fmt: skip
        return [Kept(*row) for row in rows]

    def conversation(self, visitor: str, id: str, keep: int) -> Conversation | None:
        """The last `keep` exchanges of a conversation, None where the visitor has none of this id."""
        if id not in {kept.id for kept in self.listing(visitor)}:
            return None
        rows = self._read("select id, body from exchanges where conversation = ? order by id desc limit ?", id, keep)
        found = [(key, exchange) for key, body in reversed(rows) if (exchange := _exchange(body))]
        numbered = (replace(exchange, number=place, key=key) for place, (key, exchange) in enumerate(found, start=1))
        return Conversation(tuple(numbered), id)

    def rename(self, visitor: str, id: str, title: str) -> None:
        if title := " ".join(_safe(title).split())[:TITLE_CHARACTERS]:
            with self._write() as run:
                run("update conversations set title = ? where id = ? and visitor = ?", title, id, visitor)

    def delete(self, visitor: str, id: str) -> None:
        with self._write() as run:
            run("delete from conversations where id = ? and visitor = ?", id, visitor)

    def exchange(self, visitor: str, key: int) -> Exchange | None:
        rows = self._read(
            "select body from exchanges join conversations on conversations.id = conversation "
            "where exchanges.id = ? and visitor = ? and used > ?",
            key, visitor, self._oldest(),
        )  # fmt: skip
        found = _exchange(rows[0][0]) if rows else None
        return replace(found, key=key) if found else None

    def link(self, exchange: Exchange) -> str:
        """The name under which anybody who is told it can read the answer as it is now, from now on."""
        if rows := self._read("select id from links where exchange = ?", exchange.key):
            return str(rows[0][0])
        name = secrets.token_urlsafe(12)
        with self._write() as run:
            run("insert into links values (?, ?, ?, ?)", name, exchange.key, self._clock(), _body(exchange))
        return name

    def linked(self, name: str) -> tuple[Exchange, float] | None:
        """A linked answer, and when the link was made."""
        rows = self._read("select body, made from links where id = ?", name)
        found = _exchange(rows[0][0]) if rows else None
        return (found, rows[0][1]) if found else None

    def judge(self, visitor: str, exchange: Exchange, good: bool, reason: str = "", citation: int | None = None) -> None:
        """Keeps a verdict with all of the answer; a later one of the same visitor on the same takes its place."""
        with self._write() as run:
            same = (visitor, exchange.key, citation)
            run("delete from verdicts where visitor = ? and exchange = ? and citation is ?", *same)
            run(
                "insert into verdicts (visitor, exchange, citation, made, good, reason, body) values (?, ?, ?, ?, ?, ?, ?)",
                *same, self._clock(), good, _safe(reason)[:2000], _body(exchange),
            )  # fmt: skip

    def verdicts(self) -> list[Verdict]:
        """All of them, oldest first."""
        rows = self._read("select body, made, good, reason, citation from verdicts order by id")
        return [
            Verdict(exchange, made, bool(good), reason, citation)
            for body, made, good, reason, citation in rows
            if (exchange := _exchange(body))
        ]

    def _owns(self, run: Callable[..., Any], visitor: str, id: str | None) -> bool:
        return id is not None and bool(run("select 1 from conversations where id = ? and visitor = ?", id, visitor).fetchall())

    def _expire(self, run: Callable[..., Any], visitor: str) -> None:
        run("delete from conversations where used <= ?", self._oldest())
        run(
            "delete from conversations where id in "
            "(select id from conversations where visitor = ? order by used desc, rowid desc limit -1 offset ?)",
            visitor, LISTED - 1,
        )  # fmt: skip

    def _oldest(self) -> float:
        return self._clock() - self._days * DAY_SECONDS

    def _read(self, statement: str, *values: Any) -> list[Any]:
        with self._lock, _translate(), closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _write(self) -> Iterator[Callable[..., Any]]:
        """Everything that is run inside, or nothing of it."""
        with self._lock, _translate():
            self._connection.execute("begin immediate")
            try:
                yield lambda statement, *values: self._connection.execute(statement, values)
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise


@contextmanager
def _translate() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"what visitors ask cannot be kept: {error}; look at {NAME} beside the catalog") from error


def _safe(text: str) -> str:
    """Half characters, which no file of text takes, are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _body(exchange: Exchange) -> str:
    answer = exchange.answer
    if answer is not None:
        answer = replace(answer, question=replace(answer.question, cancelled=None, history=(), id=None))
    stored = replace(exchange, answer=answer, working=False)
    try:
        return EXCHANGE.dump_json(stored).decode()
    except ValueError:  # a lone surrogate of an article, which JSON of pydantic refuses
        return EXCHANGE.dump_json(EXCHANGE.validate_python(_mend(EXCHANGE.dump_python(stored)))).decode()


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _safe(value)
    if isinstance(value, dict):
        return {key: _mend(each) for key, each in value.items()}
    return [_mend(each) for each in value] if isinstance(value, list | tuple) else value


def _exchange(body: str) -> Exchange | None:
    """None for what an earlier version stored in another shape: it is not shown rather than shown wrongly."""
    try:
        return EXCHANGE.validate_json(body)
    except ValidationError:
        return None
