"""What visitors asked, kept apart from each other, for a time, over restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StorageError
from rag.forms import Contrast, Coverage, Development, Figure, Row, Side, Table
from rag.types import Answer, Question
from tests.ui.answers import ABSTAINED, ANSWERED
from tests.ui.newsroom import ACCOUNTS, DAY, FERRY, Newsroom, cited
from ui.web.conversation import Conversation
from ui.web.store import DAY_SECONDS, LISTED, NAME, Store, opened

WHOLE = replace(
    cited(Question("What did it cost?"), [(FERRY, "Crossings resumed on Thursday."), (ACCOUNTS, ACCOUNTS.text)]),
    parts=(
        Row("lead", "A quote.", (1,), ("Outlet",), DAY, "who"),
        Development(DAY, DAY, True, "It began.", (1,)),
        Figure("$4.7 million", "latest", "It cost $4.7 million.", (2,), described=DAY),
        Contrast("differ", "the cost", (Side("Outlet", ("One says so.",), (1,)), Side("Other", ("The other does not.",), (2,)))),
        Table("Articles", ("outlet", "articles"), (("Outlet", "2"),)),
        Coverage(2, 2, DAY, DAY),
    ),
    form="briefing",
)


class Clock:
    now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Iterator[Store]:
    store = Store(days=30, clock=clock)
    yield store
    store.close()


def kept(store: Store, visitor: str, *questions: str, answer: Answer = ANSWERED) -> Conversation:
    conversation = Conversation()
    for question in questions:
        conversation = store.keep(visitor, conversation.with_question(question, 20).with_answer(answer))
    return conversation


@pytest.mark.parametrize("answer", [ANSWERED, ABSTAINED, WHOLE, Newsroom().ask("And what did it cost in March?")])
def test_an_answer_comes_back_as_it_was(store: Store, answer: Answer) -> None:
    conversation = kept(store, "ann", "What?", answer=answer)
    assert conversation.id is not None
    assert store.conversation("ann", conversation.id, 20) == conversation


@given(st.text(max_size=30))
def test_any_question_is_kept(question: str) -> None:
    store = Store()
    conversation = kept(store, "ann", question or "?")
    assert conversation.id is not None
    found = store.conversation("ann", conversation.id, 20)
    assert found is not None
    assert found.exchanges[0].question == (question or "?").encode("utf-8", "replace").decode()
    store.close()


def test_half_characters_of_an_article_do_not_lose_the_answer(store: Store) -> None:
    broken = replace(ANSWERED, notices=("half \ud800 a character",))
    conversation = kept(store, "ann", "What?", answer=broken)
    assert conversation.id is not None
    found = store.conversation("ann", conversation.id, 20)
    assert found is not None
    assert found.exchanges[0].answer is not None
    assert found.exchanges[0].answer.notices == ("half ? a character",)


def test_nothing_of_it_is_another_visitors(store: Store) -> None:
    conversation = kept(store, "ann", "What did the strike cost?")
    id, key = conversation.id, conversation.exchanges[-1].key
    assert id is not None
    assert key is not None
    assert store.listing("bob") == []
    assert store.conversation("bob", id, 20) is None
    assert store.exchange("bob", key) is None
    store.rename("bob", id, "Mine now")
    store.delete("bob", id)
    assert [each.title for each in store.listing("ann")] == ["What did the strike cost?"]
    other = store.keep("bob", conversation.with_question("And then?", 20).with_answer(ANSWERED))
    assert other.id != id
    found = store.conversation("ann", id, 20)
    assert found is not None
    assert len(found.exchanges) == 1


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = opened(tmp_path)
    conversation = kept(first, "ann", "One?", "Two?")
    first.close()
    second = opened(tmp_path)
    assert conversation.id is not None
    found = second.conversation("ann", conversation.id, 20)
    assert found is not None
    assert [exchange.question for exchange in found.exchanges] == ["One?", "Two?"]
    assert [exchange.number for exchange in found.exchanges] == [1, 2]
    second.close()
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_it_is_forgotten_after_its_time(store: Store, clock: Clock) -> None:
    conversation = kept(store, "ann", "What?")
    assert conversation.exchanges[-1].key is not None
    clock.now += 31 * DAY_SECONDS
    assert store.listing("ann") == []
    assert store.exchange("ann", conversation.exchanges[-1].key) is None
    kept(store, "bob", "Who?")
    clock.now -= 31 * DAY_SECONDS  # it is not only hidden: the next question has swept it away
    assert store.listing("ann") == []


def test_the_oldest_of_too_many_goes(store: Store, clock: Clock) -> None:
    for number in range(LISTED + 2):
        clock.now += 1
        kept(store, "ann", f"Question {number}?")
    titles = [each.title for each in store.listing("ann")]
    assert len(titles) == LISTED
    assert titles[0] == f"Question {LISTED + 1}?"
    assert "Question 1?" not in titles


def test_it_is_found_by_its_words_alone(store: Store) -> None:
    kept(store, "ann", "What did it cost?", answer=WHOLE)
    kept(store, "ann", "How much is 100% of it?", answer=ABSTAINED)
    assert [each.title for each in store.listing("ann", "crossings RESUMED")] == ["What did it cost?"]
    assert [each.title for each in store.listing("ann", "100%")] == ["How much is 100% of it?"]
    assert store.listing("ann", "_hat did") == []


def test_it_is_renamed_and_deleted(store: Store) -> None:
    conversation = kept(store, "ann", "What?")
    assert conversation.id is not None
    store.rename("ann", conversation.id, "  The\nstrike  ")
    assert [each.title for each in store.listing("ann")] == ["The strike"]
    store.rename("ann", conversation.id, "   ")
    assert [each.title for each in store.listing("ann")] == ["The strike"]
    store.delete("ann", conversation.id)
    assert store.listing("ann") == []
    assert store.keep("ann", conversation.with_question("Again?", 20).with_answer(ANSWERED)).id != conversation.id


def test_a_link_outlives_its_conversation(store: Store) -> None:
    conversation = kept(store, "ann", "What?")
    assert conversation.id is not None
    name = store.link(conversation.exchanges[-1])
    assert store.link(conversation.exchanges[-1]) == name
    store.delete("ann", conversation.id)
    found = store.linked(name)
    assert found is not None
    assert found[0].answer == ANSWERED
    assert store.linked("nothing") is None


def test_a_later_verdict_takes_the_place_of_the_first(store: Store) -> None:
    exchange = kept(store, "ann", "What?").exchanges[-1]
    store.judge("ann", exchange, good=True)
    store.judge("ann", exchange, good=False, reason="It was Tuesday.")
    store.judge("ann", exchange, good=False, citation=1)
    store.judge("bob", exchange, good=True)
    assert [(each.good, each.reason, each.citation) for each in store.verdicts()] == [
        (False, "It was Tuesday.", None), (False, "", 1), (True, "", None),
    ]  # fmt: skip


def test_what_cannot_be_read_any_more_is_left_out(tmp_path: Path) -> None:
    store = opened(tmp_path)
    conversation = kept(store, "ann", "One?", "Two?")
    store._connection.execute("update exchanges set body = '{}' where id = 1")
    assert conversation.id is not None
    found = store.conversation("ann", conversation.id, 20)
    assert found is not None
    assert [exchange.question for exchange in found.exchanges] == ["Two?"]
    store.close()


def test_what_cannot_be_written_is_a_fault_that_is_named_and_changes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    kept(store, "ann", "One?")
    store._connection.execute("pragma query_only = on")
    with pytest.raises(StorageError, match=NAME):
        kept(store, "ann", "Two?")
    store._connection.execute("pragma query_only = off")
    assert [each.title for each in store.listing("ann")] == ["One?"]
    store.close()


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database, and long enough to be seen as none" * 20)
    with pytest.raises(StorageError, match=NAME):
        opened(tmp_path)
