"""English: names, outlets, times, phrases and questions, as understanding and checking see them."""

from __future__ import annotations

import pytest

from rag.english.lexicon import IRREGULAR, PAST, list_words
from rag.english.names import names
from rag.english.negation import is_denied
from rag.english.outlets import outlets_in
from rag.english.phrases import phrases
from rag.english.questions import is_question
from rag.english.reporting import sayings
from rag.english.stems import Stems
from rag.english.times import times
from rag.english.words import is_verb, past

OUTLETS = ("Dawn", "The Guardian", "Reuters", "The Daily Herald", "Evening Herald", "The Capital Gazette")


def test_names_of_outlets_are_told_from_words() -> None:
    assert [one.name for one in outlets_in("What does the Gazette say, and Reuters?", OUTLETS)] == [
        "The Capital Gazette",
        "Reuters",
    ]
    assert outlets_in("What happened at dawn?", OUTLETS) == []
    assert outlets_in("What does the Herald say?", OUTLETS) == []  # two outlets are called so


def test_kinds_of_names_are_told_by_the_words_around_them() -> None:
    found = names("The Minister of Works, Ravi Menon, told Mrs Blake in Leeds that the Coast Guard would leave.", OUTLETS)
    assert [(name.bare, name.kind) for name in found] == [
        ("Minister of Works", "thing"), ("Ravi Menon", "person"), ("Blake", "person"), ("Leeds", "place"),
        ("Coast Guard", "body"),
    ]  # fmt: skip
    assert found[2].gender == "she"


def test_the_words_of_a_name_are_those_to_compare_without_titles() -> None:
    found = names("Yesterday Judge Zoë Lindqvåle’s aide left the U.S. for New Zealand with Gov. Rae.")
    assert [name.words for name in found] == [("zoe", "lindqvale"), ("us",), ("new", "zealand"), ("rae",)]
    assert found[0].opens == len("Yesterday ")
    assert found[0].start == len("Yesterday Judge ")


def test_a_lone_first_word_is_a_name_only_where_it_is_known() -> None:
    assert [name.bare for name in names("Storms closed the port.", known={"lind"})] == []
    assert [name.bare for name in names("Lind closed the port.", known={"lind"})] == ["Lind"]
    assert [name.bare for name in names("Storms closed the port.")] == ["Storms"]  # nothing tells


def test_who_holds_an_office_speaks_and_not_the_office() -> None:
    assert [one.words for one in sayings("Ruth Dale, the Minister of Works, said it.")] == [("ruth", "dale")]
    assert [one.words for one in sayings("The Minister of Works said it.")] == [("minister", "works")]


def test_times_are_found_with_their_prepositions() -> None:
    told = "Who led in May 2024, on Monday, last week, by the end of August and on 3 March 2021, but may march?"
    assert [time.text for time in times(told)] == [
        "in May 2024", "on Monday", "last week", "by the end of August", "on 3 March 2021",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many people watched the match in Lyon on Monday?", ["the match in Lyon"]),
        ("Did the court in Bern uphold the curfew?", ["the court in Bern", "the curfew"]),
        ("Which airline is buying Norfleet Air?", ["Norfleet Air"]),
        ("Where will the climate summit be held?", ["the climate summit"]),
        ("How did the Ashdown fire begin?", ["the Ashdown fire"]),
        ("When does the film theatre at Marl Square close?", ["the film theatre at Marl Square"]),
        ("Who called whom?", []),
    ],
)
def test_phrases_end_where_the_verb_begins(question: str, found: list[str]) -> None:
    assert [phrase.text for phrase in phrases(question, OUTLETS)] == found


@pytest.mark.parametrize("text", ["Who heads the bank?", "In which year did it rain?", "Was it Reed?", "How many died in Rome?"])
def test_a_well_formed_question_is_one(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    ["And in June?", "Why?", "Thanks (the bank)?", "The bank fell?", "Who is is it?", "Did it rain", "Who fell? What?",
     "How many cases are there in in Rome?", "What about at of Rome?"],
)  # fmt: skip
def test_what_is_no_question_is_told(text: str) -> None:
    assert not is_question(text)


def test_verbs_are_known_by_their_forms() -> None:
    assert IRREGULAR["taken"] == "take"
    assert PAST["take"] == "took"
    assert [past(verb) for verb in ("take", "carry", "like", "ask", "quip")] == ["took", "carried", "liked", "asked", "quipped"]
    assert [is_verb(word) for word in ("died", "resigned", "bed")] == [True, True, False]


def test_a_class_that_is_not_in_the_lexicon_is_refused() -> None:
    with pytest.raises(KeyError, match="colours"):
        list_words("colours")


@pytest.mark.parametrize(
    ("question", "sentence", "answer", "denied"),
    [
        ("What has the minister approved?", "The minister has not approved the salt loan.", "the salt loan", True),
        ("What did the board sell?", "The board refused to sell the old mill.", "the old mill", True),
        ("Where did the ferry sink?", "The ferry didn’t sink off Marsk, the pilot said.", "Marsk", True),
        ("What did Ada Quill steal?", "Ada Quill denied stealing the lamp.", "the lamp", True),
        ("When will the museum open?", "The museum will not open until May.", "May", False),
        ("What has the minister not approved?", "The minister has not approved the salt loan.", "the salt loan", False),
        ("What did the minister approve?", "The minister did not wait, and approved the salt loan.", "the salt loan", False),
        ("When would the port close?", "Without the loan the port would close in May.", "May", False),
        ("Who approved the loan?", "Odd Falk has not approved the loan.", "Odd Falk", True),
        ("Who approved the loan?", "Odd Falk, who has not slept, approved the loan.", "Odd Falk", False),
    ],
)
def test_what_is_denied_of_an_answer_is_known(question: str, sentence: str, answer: str, denied: bool) -> None:
    assert is_denied(question, sentence, answer, Stems()) is denied
