"""How statements stand to each other, and what of a story follows from it."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from rag.forms import Contrast, Figure, Row
from rag.story.briefing import brief
from rag.story.comparing import comparison, what_one_says
from rag.story.figures import figures
from rag.story.form import load_form_model
from rag.story.quotations import find_said_by, may_be_of
from rag.story.relation import Relation, relation
from rag.story.statements import Statement, statements
from rag.story.talk import corrected, further
from rag.story.topic import days_named
from rag.story.verdict import judge, nearest, verdict
from rag.types import Filters, Question, Scope, Turn
from tests.rag.test_story import TERMS, article, require_exact, story_of


def one_of(text: str, days: int = 0, outlet: str = "Gazette") -> Statement:
    return statements([article(f"{outlet}{days}", text, days, outlet)], {}, TERMS, UTC)[0]


@pytest.mark.parametrize(
    ("one", "other", "days", "expected"),
    [
        ("The flood killed 12 people in Teal.", "Twelve people died in the flood in Teal.", 1, "same"),
        ("Some 2,000 houses lost their roofs in Teal.", "In Teal 2,013 homes lost their roofs.", 0, "same"),
        ("The flood killed 12 people in Teal.", "The flood killed 19 people in Teal.", 4, "update"),
        ("The toll of the flood in Teal was 12 dead.", "The death toll in Teal rose to 14 on the day.", 0, "update"),
        ("The flood killed 12 people in Teal.", "The flood killed 31 people in Teal.", 0, "dispute"),
        ("Police said that 4,000 people marched in Teal.", "The union said that 9,000 people marched in Teal.", 1, "dispute"),
        ("Police arrested 12 people in Teal.", "Prosecutors charged four people in Teal.", 0, "other scope"),
        ("There are 90 cases in Teal in all.", "There are 4,000 cases worldwide in all.", 0, "other scope"),
        ("A litre of milk costs $2 a litre in Teal.", "Milk costs $9 a barrel in Teal today.", 0, "other scope"),
    ],
)
def test_two_statements_are_told_apart(one: str, other: str, days: int, expected: Relation) -> None:
    assert relation(one_of(one), one_of(other, days, "Herald")) == expected


def test_what_a_sentence_takes_back_is_not_its_value() -> None:
    taken_back = one_of("The new bridge costs $61 million, not the $38 million announced before.", 3, "Herald")
    assert relation(one_of("The new bridge costs $38 million, the ministry said."), taken_back) == "update"


def test_the_sum_of_what_the_sentence_before_told_is_the_latest_figure() -> None:
    story = story_of(
        "cracks in the Marl dam",
        article("a", "Inspectors have found 11 cracks in the Marl dam."),
        article("b", "Divers found six more cracks in the Marl dam.\nThat brings the total to 17.", 9, "Herald"),
    )
    told = figures("How many cracks are there in the Marl dam?", story, "count")
    assert told is not None
    assert told.short_answer == "17"
    assert [(part.value, part.state) for part in told.parts if isinstance(part, Figure)] == [("17", "latest"), ("11", "earlier")]
    require_exact(told, story)


def test_what_was_only_expected_is_no_figure() -> None:
    story = story_of(
        "subscribers of Vell Telecom",
        article("a", "Vell Telecom lost 900 subscribers in spring."),
        article("b", "Vell Telecom had projected that it would lose 2,000 subscribers.", 2, "Herald"),
    )
    told = figures("How many subscribers did Vell Telecom lose?", story, "count")
    assert told is not None
    assert told.short_answer == "900"


def test_a_change_tells_values_in_order_and_one_value_is_none() -> None:
    first = article("a", "The price of bread in Teal was $2 a loaf.")
    second = article("b", "The price of bread in Teal is now $3 a loaf.", 30, "Herald")
    story = story_of("price of bread in Teal", first, second)
    told = figures("How has the price of bread in Teal changed?", story, "change")
    assert told is not None
    assert told.short_answer == "$2 → $3"
    assert figures("How has the price of bread in Teal changed?", story_of("price of bread in Teal", first), "change") is None


def test_the_earlier_of_two_days_that_a_question_names_is_no_year_later() -> None:
    spans = (Filters(date(2026, 6, 11), date(2026, 6, 21)), Filters(date(2025, 7, 11), date(2025, 7, 21)))
    question = Question("between mid-June and mid-July", scopes=tuple(Scope(span, ("mid",)) for span in spans))
    assert days_named(question) == (date(2025, 6, 11), date(2025, 7, 21))


def test_a_disputed_figure_is_a_row_of_a_briefing_and_of_a_comparison() -> None:
    story = story_of(
        "visitors of the Marl fair",
        article("a", "The Marl fair had 18,000 visitors, police said in the town."),
        article("b", "The Marl fair had 26,500 visitors, its organisers said.", 0, "Herald"),
    )
    for told in (brief(story), comparison(story)):
        assert told is not None
        contrast = next(part for part in told.parts if isinstance(part, Contrast) and part.kind == "differ")
        assert set(contrast.about.split(" / ")) == {"18,000", "26,500"}
        require_exact(told, story)


def test_what_one_outlet_says_is_told_from_its_articles() -> None:
    story = story_of("Marl bridge", article("a", "The Marl bridge was closed after inspectors found cracks in its deck."))
    told = what_one_says(story, "Gazette")
    assert told is not None
    assert [part.sides[0].label for part in told.parts if isinstance(part, Contrast)] == ["Gazette"]
    assert (
        what_one_says(story_of("Marl bridge", article("a", "Tea is grown in the hills of Assam.", title="Tea")), "Gazette")
        is None
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("There were zero fatalities in the Teal floods, the sheriff said.", "No"),
        ("Two people died in the Teal floods, the sheriff said.", "Yes"),
        ("The Teal floods covered the old mill, the sheriff said.", None),
    ],
)
def test_whether_anyone_was_hurt_is_decided_by_what_befell(text: str, short: str | None) -> None:
    told = verdict("Did anyone die in the Teal floods?", story_of("die in the Teal floods", article("a", text)))
    assert (told.short_answer if told else None) == short


def test_a_sentence_without_the_verb_decides_nothing_and_is_the_nearest() -> None:
    story = story_of("Marl capsule return crew", article("a", "The crew of the Marl capsule will stay in orbit until spring."))
    assert verdict("Did the Marl capsule return with its crew?", story) is None
    assert judge("Did the Marl capsule return with its crew?", story, []) is None
    found = nearest("Did the Marl capsule return with its crew?", story)
    assert found is not None
    assert found.statement.text.startswith("The crew of the Marl capsule")


def test_both_denying_is_yes() -> None:
    story = story_of("Tarsk deny raid", article("a", "Tarsk denied the raid on the harbour on Monday."))
    told = verdict("Did Tarsk deny the raid?", story)
    assert told is not None
    assert told.short_answer == "Yes"


def test_words_of_nobody_asked_about_are_not_theirs() -> None:
    assert not may_be_of("What did Velmara say about the call?", ["The call comes amid a trade deal."])
    assert may_be_of("What did Velmara say about the call?", ["Velmara called it a mistake."])
    assert may_be_of("What was said about the call?", ["The call comes amid a trade deal."])


def test_a_correction_asks_the_last_question_again() -> None:
    turns = (Turn("user", "How many homes burned in Teal?"), Turn("assistant", "Twelve."))
    assert corrected("No, I mean the latest number", turns, lambda _: False) == "How many homes burned in Teal?"
    assert corrected("No, I mean the latest number of cars", turns, lambda _: False) is None
    assert corrected("the latest number", (), lambda _: False) is None


def test_more_of_a_story_is_what_was_not_said_yet() -> None:
    story = story_of(
        "Marl bridge",
        article("a", "The Marl bridge was closed after cracks were found.\nRepairs of the Marl bridge will take eight weeks."),
    )
    rest = [one for one in story.found if "closed" not in one.statement.text]
    told = further(rest, story)
    assert told is not None
    assert [row.quote for row in told.parts if isinstance(row, Row)] == ["Repairs of the Marl bridge will take eight weeks."]
    assert further([], story) is None


@pytest.mark.parametrize(
    ("question", "form"),
    [("What does the Gazette say about the bridge?", "comparison"), ("And what about the bridge?", "briefing")],
)
def test_forms_that_are_certain(question: str, form: str) -> None:
    assert load_form_model().form(question, ("Gazette",)) == form


def test_what_somebody_called_somebody_is_told_by_the_verb_of_calling() -> None:
    story = story_of(
        "Ivo Marsh call Mara Lind",
        article("a", "Ivo Marsh told reporters that Mara Lind had left the room."),
        article("b", "At the rally Ivo Marsh called Mara Lind a “paper captain” of the fleet.", 0, "Herald"),
    )
    told = find_said_by("What did Ivo Marsh call Mara Lind?", story)
    assert told is not None
    assert [citation.quote for citation in told.citations] == [
        "At the rally Ivo Marsh called Mara Lind a “paper captain” of the fleet."
    ]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("The price of fuel in Teal started at $2 a litre but rose to $5 a litre.", "$5"),
        ("Last year’s price of fuel in Teal was $1; fuel in Teal is $5 a litre now.", "$5"),
    ],
)
def test_of_several_values_the_one_it_goes_on_to_counts(text: str, given: str) -> None:
    told = figures("What is the price of fuel in Teal?", story_of("price of fuel in Teal", article("a", text)), "latest")
    assert told is not None
    assert told.short_answer == given


def test_a_span_of_hours_counts_nobody() -> None:
    story = story_of("sick people in Teal", article("a", "People in Teal who get sick show it 12 to 72 hours after the meal."))
    assert figures("How many people got sick in Teal?", story, "count") is None
