from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import Evidence, Gold, load_gold
from eval.datasets.gold import gold_record
from eval.datasets.records import write_records
from rag.errors import InputError
from rag.request import read_question
from rag.types import Filters, Question, Turn

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
SPANS = st.tuples(st.integers(0, 90), st.integers(1, 90)).map(lambda pair: (pair[0], sum(pair)))
EVIDENCE = st.builds(Evidence, text=WORDS) | st.builds(
    lambda text, article_id, span: Evidence(text, article_id, *span), st.none() | WORDS, WORDS, SPANS
)
QUESTION = st.fixed_dictionaries(
    {
        "id": WORDS,
        "question": WORDS,
        "history": st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), WORDS), max_size=2),
        "since": st.none() | DAYS.map(lambda day: day.isoformat()[:7]),
        "until": st.none() | DAYS.map(lambda day: (day + timedelta(200 * 366)).isoformat()),
        "outlets": st.lists(WORDS, max_size=2),
        "as_of": st.none() | DAYS,
        "max_risk": st.none() | st.floats(0.01, 0.99),
        "insist": st.booleans(),
        "literal": st.booleans(),
        "ignored": st.lists(WORDS, max_size=2),
    }
).map(read_question)
GOLD = st.builds(
    Gold,
    question=QUESTION,
    answers=st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    long_answers=st.lists(WORDS, max_size=2).map(tuple),
    article_ids=st.lists(WORDS, max_size=2).map(tuple),
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    answerable=st.booleans(),
    kind=WORDS,
)


def written(folder: Path, *lines: object) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


@given(GOLD)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, gold: Gold) -> None:
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    write_records(path, [gold_record(gold)])
    assert load_gold(path) == (gold,)


def test_only_a_question_and_something_to_score_are_needed(tmp_path: Path) -> None:
    path = written(tmp_path, {"question": "Who?", "answers": ["Ada"]}, "", {"question": "When?", "answerable": False, "id": 7})
    first, second = load_gold(path)
    assert (first.id, first.kind, first.answerable) == ("1", "answerable", True)
    assert (second.id, second.kind, second.answerable) == ("7", "unanswerable", False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ({"answers": ["x"]}, '"question"'),
        ({"question": " ", "answers": ["x"]}, '"question"'),
        ({"question": "Q", "answers": "x"}, '"answers" must be a list'),
        ({"question": "Q", "answers": []}, "nothing to score"),
        ({"question": "Q", "answerable": "no"}, '"answerable" must be true or false'),
        ({"question": "Q", "answers": ["x"], "since": "last week"}, "since: 'last week' is not a day"),
        ({"question": "Q", "answers": ["x"], "until": "2025-13"}, "until: '2025-13' is not a day"),
        ({"question": "Q", "answers": ["x"], "as_of": "2025-13"}, "as_of: '2025-13' is not a day"),
        ({"question": "Q", "answers": ["x"], "untl": "2024"}, "unknown field 'untl': did you mean 'until'?"),
        ({"question": "Q", "anwsers": ["x"]}, "unknown field 'anwsers': did you mean 'answers'?"),
        ({"question": "Q", "evidence": [{"txt": "x"}]}, "evidence: unknown field 'txt': did you mean 'text'?"),
        ({"question": "Q", "answers": ["x"], "id": True}, '"id"'),
        ({"question": "Q", "answers": ["x"], "history": [{"role": "system", "content": "x"}]}, "history.0.role"),
        ({"question": "Q", "evidence": [3]}, '"evidence" must be a list'),
        ({"question": "Q", "evidence": [{"article_id": "a"}]}, "evidence needs"),
        ({"question": "Q", "evidence": [{"start": 3, "end": 9}]}, '"article_id"'),
        ({"question": "Q", "evidence": [{"article_id": "a", "start": 9, "end": 3}]}, '"start" < "end"'),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: object, reason: str) -> None:
    path = written(tmp_path, {"question": "Who?", "answers": ["Ada"]}, line)
    with pytest.raises(InputError) as raised:
        load_gold(path)
    assert str(raised.value).startswith(f"{path}, line 2: ")
    assert reason in str(raised.value)


def test_two_items_of_one_id_are_refused(tmp_path: Path) -> None:
    item = {"id": "a", "question": "Who?", "answers": ["Ada"]}
    with pytest.raises(InputError, match=r"gold\.jsonl: two questions have the id 'a'"):
        load_gold(written(tmp_path, item, item))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe{", b'{"data": []}', b'{"x": 1}', b"question,references,corpus_id\n"]
)
def test_a_file_without_questions_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"gold\.jsonl"):
        load_gold(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such gold file"):
        load_gold(tmp_path / "gold.jsonl")


def test_what_is_there_for_people_is_passed_over(tmp_path: Path) -> None:
    (item,) = load_gold(written(tmp_path, {"question": "Who?", "answers": ["Ada"], "note": "easy", "class": "a", "archive": "b"}))
    assert item.answers == ("Ada",)


def test_a_gold_question_is_asked_as_it_is_written(tmp_path: Path) -> None:
    line = {"id": "g", "question": "And then?", "answers": ["Ada"], "since": "2025-07", "until": "2025-08", "as_of": "2025-09-01",
            "outlets": ["Dawn"], "history": [{"role": "user", "content": "Who?"}]}  # fmt: skip
    (item,) = load_gold(written(tmp_path, line))
    assert item.question == Question(
        "And then?", Filters(date(2025, 7, 1), date(2025, 9, 1), ("Dawn",)), (Turn("user", "Who?"),), date(2025, 9, 1), "g"
    )
