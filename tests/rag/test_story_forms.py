"""The form of a question, what is about the last answer, names written otherwise, and what day it is for an archive."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from eval.fit_form import PLAIN, fit_model, label_plain, load_asked, read_plain
from rag.errors import InputError
from rag.forms import Form
from rag.story.form import form_of, is_topic
from rag.story.outlets import outlets_of, site_words, sites_named
from rag.story.sections import articles_of, section_named
from rag.story.spelling import near_name, respelt
from rag.story.talk import earlier_question, parse_talk, small_talk
from rag.story.today import as_of_notice, today_of
from rag.types import Chunk, Filters, Passage, Quote, Scope, Source, Turn


@pytest.mark.parametrize("filling", ["is it true that ", "from June ", "what has it done since ", "Ada Moss, "])
def test_of_a_very_long_question_the_ends_are_looked_at(filling: str) -> None:
    question = f"Give me a timeline of the siege, {filling * (18_000 // len(filling))} of the old town"
    assert form_of(question) == form_of(f"{question[:1_000]} {question[-1_000:]}")


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Who won the chess title?", "fact"),
        ("How many boats sank in the storm?", "count"),
        ("About how many reports of fires led to the recall, according to the ministry?", "count"),
        ("What was the pier thought to cost at first, and what did the accounts show later?", "fact"),
        ("What is the painting worth, as the Herald reports it?", "fact"),
        ("Did the baker confess?", "yes/no"),
        ("Why was the fair called off?", "reason"),
        ("What did the harbour master say about the oil?", "quotation"),
        ("Who said “If it were a whale, they would have come, right?”", "quotation"),
        ("Who is Ada Quill?", "person"),
        ("What is the latest on the ferry dispute?", "latest"),
        ("How has the price of salt changed since May?", "change"),
        ("Give me a timeline of the siege", "timeline"),
        ("Brief me on the tunnel", "briefing"),
        ("pier fire inquiry", "briefing"),
        ("How do the Herald and the Mail differ on the flood?", "comparison"),
        ("How many articles are in the archive?", "archive"),
        ("thank you!", "talk"),
        ("Are you sure?", "talk"),
        ("When was it published?", "talk"),
        ("Where were they from?", "fact"),
    ],
)
def test_the_form_follows_the_question(question: str, form: Form) -> None:
    assert form_of(question, ("The Herald", "The Mail")) == form


def test_only_words_of_content_are_a_topic() -> None:
    assert is_topic("ferry strike wages")
    assert not is_topic("Where is the ferry")
    assert not is_topic("ferry")


def test_a_form_that_is_none_is_refused_and_one_without_questions() -> None:
    with pytest.raises(InputError, match="is no form"):
        load_asked('{"question": "Why?", "form": "riddle"}')
    with pytest.raises(InputError, match="no question is of the form"):
        fit_model(load_asked('{"question": "Why?", "form": "reason"}'))


def test_plain_questions_keep_others_like_them_from_being_told_as_stories(tmp_path: Path) -> None:
    asked = load_asked((files("eval.sample") / "forms.jsonl").read_text("utf-8"))
    questions = [f"In what year did the article name the {noun}?" for noun in ("dam", "pier", "tram", "mill", "lock", "quay")] * 3
    file = tmp_path / "plain.json"
    paragraph = {"context": "Nothing.", "qas": [{"question": f"{one} {n}"} for n, one in enumerate(questions)]}
    file.write_text(json.dumps({"data": [{"title": "Dam", "paragraphs": [paragraph]}]}))
    taken, kept = read_plain(file)
    assert sorted([*taken, *kept]) == sorted(f"{one} {n}" for n, one in enumerate(questions))
    without = fit_model(asked)
    labelled = label_plain(without, taken)
    assert {one.form for one in labelled} <= set(PLAIN)
    question = "In what year did the article name the weir?"
    fitted = fit_model(asked, labelled)
    assert fitted.form(question) in PLAIN
    assert fitted.probabilities(question)["archive"] < without.probabilities(question)["archive"]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Which article?", "source"),
        ("When was it published?", "published"),
        ("Are you sure?", "sure"),
        ("Tell me more", "more"),
        ("hi", None),
    ],
)
def test_what_of_the_last_answer_is_asked_about(question: str, about: str | None) -> None:
    assert parse_talk(question) == about


def test_talk_gets_one_line_without_a_citation() -> None:
    told = small_talk("good morning")
    assert [sentence.citations for sentence in told.sentences] == [()]
    assert told.sentences[0].text.startswith("Hello")


def test_the_earlier_question_is_the_last_that_is_no_talk() -> None:
    history = (Turn("user", "Who won?"), Turn("assistant", "Ada."), Turn("user", "thanks"), Turn("assistant", "You are welcome."))
    assert earlier_question(history, lambda text: text == "thanks") == ("Who won?", ())
    assert earlier_question(history[2:], lambda text: text == "thanks") is None


class Words:
    """Terms of an archive that has these words and no others."""

    def __init__(self, known: str) -> None:
        self._known = set(known.lower().split())

    def split(self, text: str) -> list[str]:
        return text.lower().split()

    def frequencies(self, terms: list[str]) -> tuple[int, dict[str, int]]:
        return 9, {term: int(term in self._known) for term in terms}


def test_a_name_that_no_article_has_becomes_the_nearest_that_one_has() -> None:
    passage = Passage(Chunk(Source("a", "Verdict"), 0, 30, "A court fined Kestrel Vandermeer."), 1.0)
    words = Words("who fined court vandermeer kestrel")
    assert respelt("Who fined Vandermere", words, lambda: [passage]) == "Who fined Vandermeer"  # type: ignore[arg-type]
    assert respelt("Who fined Vandermeer", words, lambda: [passage]) is None  # type: ignore[arg-type]
    assert respelt("Who fined Zzyzx", words, lambda: [passage]) is None  # type: ignore[arg-type]


def test_a_month_or_a_common_word_is_no_misspelt_name() -> None:
    chunk = Chunk(Source("a", "Marco Vandermeer fined"), 0, 60, "A court in Companella fined Marco Vandermeer, said Holmes.")
    words = Words("what did the court fine vandermeer marco in")
    for asked in ("What did the court fine in March?", "Compare the fines", "What did the court of Home fine?"):
        assert respelt(asked, words, lambda: [Passage(chunk, 1.0)]) is None  # type: ignore[arg-type]


def test_a_name_beside_another_is_respelt_only_where_both_stand_so() -> None:
    texts = "The senator Ann Casper left. A court tried Brittney Griner. The SOPA failed."
    chunk = Chunk(Source("a", "News"), 0, len(texts), texts)
    words = Words("what did tom say when was tried who wrote the brittney griner")
    passages = [Passage(chunk, 1.0)]
    assert respelt("What did Tom Carper say?", words, lambda: passages) is None  # type: ignore[arg-type]
    assert respelt("Who wrote the SPCA?", words, lambda: passages) is None  # type: ignore[arg-type]
    asked = "When was Britney Grinner tried?"
    assert respelt(asked, words, lambda: passages) == "When was Brittney Griner tried?"  # type: ignore[arg-type]


def test_a_plain_word_is_mended_where_it_is_none_and_small_words_never() -> None:
    chunk = Chunk(Source("a", "Two men arrested"), 0, 60, "May is the month in which two men were arrested in Penholm.")
    words = Words("when was the who arrested in penholm")
    asked = "when was the crew arested, and how many"
    assert respelt(asked, words, lambda: [Passage(chunk, 1.0)]) == "when was the crew arrested, and how many"  # type: ignore[arg-type]


def test_a_full_name_is_matched_by_its_last_word() -> None:
    chunk = Chunk(Source("a", "Chess"), 0, 40, "On Monday Magnus Carlsen left the table.")
    assert near_name("Magnus Carlson", [Passage(chunk, 1.0)]) == "Magnus Carlsen"
    assert near_name("Magnus Carlsen", [Passage(chunk, 1.0)]) is None
    assert near_name("Tucker Carlson", [Passage(chunk, 1.0)]) is None


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Explain why the ferry Arlo was sold", "reason"),
        ("Should I sell my shares in the ferry?", "briefing"),
        ("Who sank the ferry Arlo, where, and why?", "briefing"),
        ("What does the Harbour Act do?", "briefing"),
        ("Wer hat die Fähre Arlo versenkt?", "briefing"),
    ],
)
def test_what_several_lines_answer_better_is_a_briefing(question: str, form: Form) -> None:
    assert form_of(question) == form


def test_a_section_is_what_a_question_asks_the_news_of() -> None:
    assert section_named("What's new in sport?") == "sport"
    assert section_named("latest business news") == "business"
    assert section_named("What is new about the ferry Arlo?") is None


def test_articles_are_in_the_section_that_they_or_their_addresses_name() -> None:
    words = Words("sport")
    said = [Source(f"a{at}", "A match", section="Sport") for at in range(3)]
    told = [Source(f"b{at}", "A match", url=f"https://news.example/sport/match-{at}/index.html") for at in range(2)]
    assert articles_of([*said, *told], "sport", words) == [*said, *told]  # type: ignore[arg-type]
    assert articles_of(told, "sport", words) == []  # type: ignore[arg-type]


def test_today_is_that_of_an_archive_that_no_longer_grows() -> None:
    assert today_of(date(2025, 5, 1), date(2025, 5, 20)) == date(2025, 5, 20)
    assert today_of(date(2025, 5, 1), date(2026, 5, 20)) == date(2025, 5, 1)
    assert today_of(None, date(2026, 5, 20)) == date(2026, 5, 20)


def test_a_time_told_from_another_day_is_said_to_be() -> None:
    bare = Scope(Filters(date(2025, 4, 1), date(2025, 5, 1)), ("last month",))
    full = Scope(Filters(date(2025, 4, 1), date(2025, 5, 1)), ("April 2025",))
    assert "as of 1 May 2025" in (as_of_notice([bare], date(2025, 5, 1), date(2026, 5, 1)) or "")
    assert as_of_notice([full], date(2025, 5, 1), date(2026, 5, 1)) is None
    assert as_of_notice([bare], date(2025, 5, 1), date(2025, 5, 1)) is None


def test_a_site_stands_for_an_outlet_that_is_not_named() -> None:
    source = Source("a", "Title", url="https://www.harbournews.example/2025/a")
    assert sites_named("What does Harbour News say?", [source]) == ("harbournews.example",)
    assert site_words("What does Harbour News say?", ["harbournews.example"]) == ["Harbour News"]
    assert outlets_of([Quote(source, 0, 1, "x"), Quote(Source("b", "Bare"), 0, 1, "x")]) == ("harbournews.example", "Bare")
