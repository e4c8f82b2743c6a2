"""Articles to statements, and statements to timelines, briefings, figures, comparisons, verdicts and quotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from rag.forms import Contrast, Coverage, Development, Figure, Row
from rag.story.briefing import brief
from rag.story.comparing import comparison
from rag.story.figures import figures
from rag.story.gather import ScoredStatement, Story, weight
from rag.story.merge import merge_statements
from rag.story.people import introduction, words_for
from rag.story.quotations import find_said_by, phrase_in, who_said
from rag.story.statements import is_statement, statements
from rag.story.tell import Footnotes, StoryAnswer
from rag.story.timeline import timeline
from rag.story.topic import Topic, weights_of
from rag.story.verdict import find_contradiction, verdict
from rag.terms import Analysis
from rag.types import Article, Chunk, Filters, Passage, Quote, Source
from rag.when import mentions

DAY = date(2025, 3, 3)


class Stemmed:
    """Stems as the index has them; every term is in one of ten chunks."""

    def __init__(self) -> None:
        self._analyzer = Analysis().build()

    def split(self, text: str) -> list[str]:
        return list(self._analyzer.analyze(text))

    def frequencies(self, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        return 10, dict.fromkeys(terms, 1)


TERMS = Stemmed()


def article(id: str, text: str, days: int = 0, outlet: str = "Gazette", title: str = "The Marl Bridge") -> Article:
    return Article(Source(id, title, outlet, published=DAY + timedelta(days=days)), text)


def story_of(topic: str, *articles: Article, groups: dict[str, str] | None = None) -> Story:
    times = {one.source.id: mentions(one.text, one.source.day(UTC) or DAY) for one in articles}
    found = merge_statements(statements(articles, times, TERMS, UTC), groups or {})
    about = Topic(topic, weights_of(topic, TERMS), Filters())
    scored = sorted((ScoredStatement(one, weight(one, about, 1.0)) for one in found), key=lambda one: -one.weight)
    days = [day for one in articles if (day := one.source.day(UTC))]
    coverage = Coverage(len(articles), len({one.source.outlet for one in articles}), min(days), max(days))
    return Story(about, {one.source.id: one for one in articles}, tuple(scored), coverage, ())


def require_exact(told: StoryAnswer, story: Story) -> None:
    for citation in told.citations:
        assert story.articles[citation.source.id].text[citation.start : citation.end] == citation.quote


def test_headings_captions_and_links_are_no_statements() -> None:
    assert is_statement("The bridge over the Marl was closed on Monday.")
    for text in (
        "The Bridge Over The Marl",
        "Read more: the bridge was closed on Monday.",
        "For the latest news on the bridge, please see our live page.",
        "Was the bridge over the Marl closed?",
        "Too short.",
    ):
        assert not is_statement(text)


def test_a_statement_leaves_out_the_dateline_and_keeps_its_place() -> None:
    one = article("a", "TARN (Coast Wire) – The bridge over the Marl was closed on Monday.")
    found = statements([one], {}, TERMS, UTC)
    assert [each.text for each in found] == ["The bridge over the Marl was closed on Monday."]
    assert one.text[found[0].quote.start : found[0].quote.end] == found[0].text


def test_the_same_said_twice_is_one_statement_and_a_copy_is_no_second_source() -> None:
    text = "Inspectors closed the Marl bridge after finding 12 cracks in its deck."
    one, other, copy = article("a", text), article("b", text, 1, "Herald"), article("c", text, 2, "Mail")
    found = merge_statements(statements([one, other, copy], {}, TERMS, UTC), {"b": "g", "c": "g"})
    assert [[quote.source.id for quote in each.quotes] for each in found] == [["a", "b"]]


def test_a_copy_that_differs_in_a_figure_is_a_statement_of_its_own() -> None:
    one = article("a", "Inspectors closed the Marl bridge after finding 12 cracks in its deck.")
    other = article("b", "Inspectors closed the Marl bridge after finding 17 cracks in its deck.", 0, "Herald")
    assert len(merge_statements(statements([one, other], {}, TERMS, UTC), {"a": "g", "b": "g"})) == 2


def test_a_timeline_is_in_order_and_tells_how_its_days_are_known() -> None:
    story = story_of(
        "Marl bridge",
        article(
            "a",
            "The Marl bridge was closed to lorries after a report.\nCracks in the Marl bridge were found on 20 February 2025.",
            0,
        ),
        article("b", "The Marl bridge opened again to lorries on 9 March 2025 after repairs.", 7),
    )
    told = timeline(story)
    assert told is not None
    lines = [part for part in told.parts if isinstance(part, Development)]
    assert [(line.first, line.told) for line in lines] == [(date(2025, 2, 20), True), (DAY, False), (date(2025, 3, 9), True)]
    require_exact(told, story)


def test_a_briefing_has_the_newest_first_and_says_how_much_it_rests_on() -> None:
    story = story_of(
        "Marl bridge",
        article("a", "The Marl bridge was closed after inspectors found cracks in its deck."),
        article("b", "The Marl bridge opened again to lorries after eight days of repairs.", 9, "Herald"),
        article("c", "Who pays for the Marl bridge is still unclear, the council leader told reporters.", 9, "Herald"),
    )
    told = brief(story)
    assert told is not None
    rows = [part for part in told.parts if isinstance(part, Row)]
    assert rows[0].place == "lead"
    assert rows[0].day == DAY + timedelta(days=9)
    assert told.parts[-1] == Coverage(3, 2, DAY, DAY + timedelta(days=9))
    require_exact(told, story)


def test_a_briefing_leaves_out_what_was_to_come_and_has_passed() -> None:
    story = story_of(
        "Marl bridge",
        article("a", "The council is set to vote on the Marl bridge on 5 March 2025."),
        article("b", "The Marl bridge will be opened to lorries on 30 March 2025 after repairs.", 1),
        article("c", "The council voted for the repair of the Marl bridge, its leader said.", 9, "Herald"),
    )
    told = brief(story)
    assert told is not None
    lines = " ".join(sentence.text for sentence in told.sentences)
    assert "set to vote" not in lines
    assert "will be opened" in lines
    assert "voted for" in lines


def test_a_topic_that_nothing_is_about_has_no_account() -> None:
    story = story_of("quantum llamas", article("a", "The Marl bridge was closed after inspectors found cracks."))
    assert brief(story) is None
    assert timeline(story) is None


def test_the_latest_figure_wins_and_earlier_ones_are_said_to_be_earlier() -> None:
    story = story_of(
        "cracks in the Marl bridge",
        article("a", "Inspectors have found 12 cracks in the deck of the Marl bridge."),
        article("b", "The number of cracks found in the Marl bridge has risen to 17 since the first report.", 6, "Herald"),
    )
    told = figures("How many cracks are there in the Marl bridge?", story, "count")
    assert told is not None
    assert told.short_answer == "17"
    assert [(part.value, part.state) for part in told.parts if isinstance(part, Figure)] == [("17", "latest"), ("12", "earlier")]
    require_exact(told, story)


def test_different_values_of_one_time_from_different_sources_are_a_dispute() -> None:
    story = story_of(
        "visitors at the Marl fair",
        article("a", "Police said that 18,000 visitors came to the Marl fair on Sunday.", 1),
        article("b", "The organisers said that 26,500 visitors came to the Marl fair on Sunday.", 1, "Herald"),
    )
    told = figures("How many visitors came to the Marl fair?", story, "count")
    assert told is not None
    assert {part.value for part in told.parts if isinstance(part, Figure) and part.state == "disputed"} == {"18,000", "26,500"}
    contrast = next(part for part in told.parts if isinstance(part, Contrast))
    assert {side.label for side in contrast.sides} == {"police", "organisers"}


def test_what_counts_something_else_is_no_figure() -> None:
    story = story_of(
        "Marl fire",
        article("a", "The Marl fire killed 4 people and injured 31 others on Sunday."),
        article("b", "Police arrested 9 people after the Marl fire.", 1, "Herald"),
    )
    told = figures("How many people died in the Marl fire?", story, "count")
    assert told is not None
    assert [part.value for part in told.parts if isinstance(part, Figure)] == ["4"]


def test_outlets_are_compared_by_what_both_and_only_one_say() -> None:
    story = story_of(
        "Marl bridge",
        article(
            "a",
            "Inspectors closed the Marl bridge on Sunday after finding cracks.\n"
            "The Marl bridge cost 40 million marks to build in all.",
        ),
        article(
            "b",
            "The Marl bridge was closed on Sunday after inspectors found cracks.\n"
            "Shops near the Marl bridge lose customers every day.",
            1,
            "Herald",
        ),
    )
    told = comparison(story)
    assert told is not None
    kinds = {part.kind for part in told.parts if isinstance(part, Contrast)}
    assert kinds == {"both", "only"}
    require_exact(told, story)


def test_one_outlet_alone_with_one_article_cannot_be_compared() -> None:
    assert (
        comparison(story_of("Marl bridge", article("a", "Inspectors closed the Marl bridge on Sunday after finding cracks.")))
        is None
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Mira Talbot resigned as mayor of Tarn on Monday evening.", "Yes"),
        ("Mira Talbot did not resign as mayor of Tarn on Monday evening.", "No"),
        ("Farmers in Tarn sold more apples than in any year before.", None),
    ],
)
def test_yes_and_no_follow_the_best_statement(text: str, short: str | None) -> None:
    story = story_of("Did Mira Talbot resign?", article("a", text, title="News from Tarn"))
    told = verdict("Did Mira Talbot resign?", story)
    assert (told.short_answer if told else None) == short


def test_a_premise_that_the_archive_denies_is_told_so() -> None:
    story = story_of("Mira Talbot win recount", article("a", "Mira Talbot lost the recount by 40 votes, officials announced."))
    told = find_contradiction("Why did Mira Talbot win the recount?", story)
    assert told is not None
    assert "otherwise" in told.notices[0]
    upheld = story_of("Mira Talbot win recount", article("a", "Mira Talbot won the recount by 40 votes, officials announced."))
    assert find_contradiction("Why did Mira Talbot win the recount?", upheld) is None


def test_what_came_later_denies_no_premise() -> None:
    story = story_of("When did the Marl Bridge open?", article("a", "A ship shut the Marl Bridge on Tuesday morning."))
    assert find_contradiction("When did the Marl Bridge open?", story) is None
    denied = story_of("When did the Marl Bridge open?", article("a", "The Marl Bridge has not opened, the mayor said."))
    assert find_contradiction("When did the Marl Bridge open?", denied) is not None


def test_a_phrase_is_found_and_its_speaker_told_from_the_sentence_before() -> None:
    one = article("a", "Mira Talbot spoke outside the town hall. “The river owes us nothing,” she told reporters.")
    passage = Passage(Chunk(one.source, 0, len(one.text), one.text), 1.0)
    told = who_said("the river owes us nothing", [passage], {"a": one})
    assert told is not None
    assert told.short_answer == "Mira Talbot"
    assert who_said("the mountain owes us everything we have", [passage], {"a": one}) is None


def test_the_phrase_is_what_stands_in_quotation_marks_or_after_who_said() -> None:
    assert phrase_in("Who said “we are not afraid of rain”?") == "we are not afraid of rain"
    assert phrase_in("Who said the harbour would never reopen?") == "the harbour would never reopen"
    assert phrase_in("What did Talbot say?") is None


def test_what_somebody_said_is_quoted_with_the_speaker() -> None:
    story = story_of(
        "What did Mira Talbot say about the bridge?",
        article("a", "“The bridge is safe,” Mira Talbot said. Traffic was light on Sunday."),
    )
    told = find_said_by("What did Mira Talbot say about the bridge?", story)
    assert told is not None
    assert "The bridge is safe" in told.sentences[0].text
    assert find_said_by("What did Olof Berg say about the bridge?", story) is None


def test_who_somebody_is_stands_beside_the_name() -> None:
    story = story_of("Mira Talbot", article("a", "Mira Talbot, the head of the harbour police, closed the bridge on Sunday."))
    told = introduction("Who is Mira Talbot?", story)
    assert told is not None
    assert told.short_answer == "the head of the harbour police"
    assert introduction("Who is Olof Berg?", story) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mira Talbot, an engineer who built the bridge, resigned on Sunday.", "an engineer"),
        ("Mira Talbot, an adviser to Ola F. Brandt, resigned on Sunday.", "an adviser to Ola F. Brandt"),
        ("Tarn County Inspector Mira Talbot resigned on Sunday.", "Tarn County Inspector"),
        ("Mira Talbot, the second woman to lead the port as she worked to calm it, left.", "the second woman to lead the port"),
        (
            "Mira Talbot, an engineer at the office of public works of the county of Tarn in the north about two hours from "
            "Holm, left.",
            "an engineer at the office of public works of the county of Tarn in the north about two hours",
        ),
    ],
)
def test_the_words_for_somebody_are_whole_and_without_their_clause(text: str, words: str) -> None:
    assert words_for("Mira Talbot", text) == words


def test_what_somebody_is_comes_before_what_they_were_one_of() -> None:
    story = story_of(
        "Mira Talbot",
        article("a", "Mira Talbot was one of the guests of the opening on Sunday evening."),
        article("b", "Mira Talbot is a builder of bridges best known for the Marl viaduct.", 1, "Herald"),
    )
    told = introduction("Who is Mira Talbot?", story)
    assert told is not None
    assert told.short_answer == "a builder of bridges best known for the Marl viaduct"


def test_a_timeline_leaves_out_older_events_of_other_things() -> None:
    bridges = article(
        "a",
        "A ship hit a pier of the Zarnik bridge on 20 January 2025.\n"
        "The Marl bridge was shut for a week on 22 January 2025.\n"
        "The Marl bridge fell after a ship hit it on 2 March 2025.",
    )
    story = story_of("Marl bridge", bridges)
    story = replace(story, topic=replace(story.topic, named=frozenset({"marl"})))
    told = timeline(story)
    assert told is not None
    lines = [part.quote for part in told.parts if isinstance(part, Development)]
    assert not any("Zarnik" in line for line in lines)
    assert any("shut for a week" in line for line in lines)


def test_a_quote_that_is_not_in_its_article_gets_no_number() -> None:
    one = article("a", "The bridge is safe.")
    notes = Footnotes({"a": one})
    assert notes.cite([Quote(one.source, 0, 10, "The tunnel")]) == ()
    assert notes.cite([Quote(one.source, 0, 10, "The bridge")]) == (1,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The two who may become the next mayor, Mira Talbot and Olof Berg, debated on Sunday.", None),
        ("Anna Talbot, the wife of the mayor, spoke for Mira Talbot on Sunday.", None),
        ("The head of the harbour police, Mira Talbot, resigned on Sunday.", "The head of the harbour police"),
    ],
)
def test_words_about_somebody_else_are_not_taken(text: str, words: str | None) -> None:
    assert words_for("Mira Talbot", text) == words
