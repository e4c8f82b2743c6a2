"""What real pages do: bodies that scripts move, sentences with marks in them, bodies in parts, walls, and other stories' data."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from ingest.article import assemble
from ingest.load.blocks import Block, words_of
from ingest.load.body import best_of
from ingest.load.html import record_of_page
from ingest.load.record import Record, Refusal
from ingest.load.walls import is_headline

NOW = datetime(2026, 1, 15, tzinfo=UTC)
PARAGRAPHS = (
    "The lighthouse of Tarn Point went dark on Sunday night, and two trawlers had to wait outside the bay until morning.",
    "Keeper Odile Marrin said that salt had eaten through the main cable, which nobody had looked at since the tower was built.",
    "A spare lamp will be brought by lorry from the depot in Eastmere, and it should burn again before the herring fleet leaves.",
    "The harbour office asked all captains to use the northern channel, where a row of lit buoys has been laid for now.",
    "It was the first time that the light had failed since the storm of 1957, when waves broke the glass of the lantern.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
TITLE = "Lighthouse goes dark at Tarn Point"


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"


def linked(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def article(source: str) -> Record:
    found = record_of_page(source, None)
    assert isinstance(found, Record), found
    return found


def dated(source: str) -> tuple[object, float | None]:
    made = assemble(article(source), None, NOW)
    assert made is not None
    return made.article.source.published, made.article.source.published_confidence


@pytest.mark.parametrize("place", ["B", "P"])
def test_a_body_that_a_script_moves_into_sight_is_read(place: str) -> None:
    source = page(f"<main><h1>{TITLE}</h1><template id='{place}:1a'></template></main><div hidden id='S:1a'>{BODY}</div>")
    assert article(source).text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("how", ["style='visibility:hidden'", "style='display: none'", "hidden"])
def test_a_page_that_is_hidden_whole_until_its_script_shows_it_is_read(how: str) -> None:
    assert article(page(f"<div {how}><h1>{TITLE}</h1><article>{BODY}</article></div>")).text.split("\n\n") == list(PARAGRAPHS)


def test_a_tag_that_opens_for_those_without_scripts_alone_holds_nothing() -> None:
    source = page(f"<noscript><div class=plain></noscript><h1>{TITLE}</h1>{BODY}<noscript></div>No script.</noscript>")
    assert article(source).text.split("\n\n") == list(PARAGRAPHS)


def test_other_hidden_text_stays_unread() -> None:
    source = page(f"<article><h1>{TITLE}</h1>{BODY}<div hidden id='more'><p>Nobody reads this.</p></div></article>")
    assert "Nobody" not in article(source).text


@pytest.mark.parametrize("tag", ["time", "output", "q", "center", "data", "button", "label"])
def test_no_word_inside_a_sentence_is_lost(tag: str) -> None:
    sentence = f"<p>The lamp was lit at <{tag}>half past nine</{tag}> by the two keepers of the tower.</p>"
    text = " ".join(article(page(f"<article><h1>{TITLE}</h1>{BODY}{sentence}{BODY.upper()}</article>")).text.split())
    assert "The lamp was lit at half past nine by the two keepers of the tower." in text


@pytest.mark.parametrize("name", ["sr-only", "visually-hidden", "go-vh", "screen-reader-text"])
def test_what_only_a_screen_reader_says_of_a_link_is_no_part_of_its_sentence(name: str) -> None:
    link = f"<a href=/x>an old chart<span class='{name}'> (opens in a new window)</span></a>"
    source = page(f"<article><h1>{TITLE}</h1>{BODY}<p>The rock is on {link} of the bay, which Odile Marrin keeps.</p></article>")
    assert "The rock is on an old chart of the bay, which Odile Marrin keeps." in article(source).text


def test_a_button_beside_a_sentence_is_no_part_of_it() -> None:
    text = article(page(f"<article><h1>{TITLE}</h1>{BODY}<p>The tower is white.<button>Share this</button></p></article>")).text
    assert "Share this" not in text


def test_a_line_end_in_the_source_ends_no_sentence() -> None:
    broken = BODY.replace(" said that ", "\nsaid\nthat ")
    assert PARAGRAPHS[1] in article(page(f"<article><h1>{TITLE}</h1>{broken}</article>")).text


def test_all_containers_of_one_body_are_read() -> None:
    parts = "<p>Advertisement</p>".join(f"<div class=row><div class=text__part><p>{text}</p></div></div>" for text in PARAGRAPHS)
    assert [text for text in PARAGRAPHS if text not in article(page(f"<main><article>{parts}</article></main>")).text] == []


def test_a_lead_above_the_body_is_kept() -> None:
    lead = "Captains waited for hours outside the bay, as a cable in the tower had been eaten by salt."
    source = page(
        f"<article><header><h1>{TITLE}</h1><p class=standfirst>{lead}</p></header><div class=text>{BODY}</div></article>"
    )
    assert article(source).text.startswith(lead)


def test_text_behind_a_wall_is_read_where_the_page_itself_gives_it() -> None:
    shown, hidden = BODY.split("</p>", 1)
    body = f"<article><h1>{TITLE}</h1>{shown}</p><div hidden>{hidden}</div></article>"
    source = page(body, linked(articleBody=" ".join(PARAGRAPHS), isAccessibleForFree=False))
    assert article(source).text.split("\n\n") == list(PARAGRAPHS)


def test_a_teaser_is_told_of_and_its_offer_is_no_text() -> None:
    offer = (
        "<div><h2>Read on with Lantern Plus</h2><p>You still have 70% of this article to read, for subscribers only.</p></div>"
    )
    record = article(page(f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>{offer}</article>", linked(isAccessibleForFree=False)))
    assert record.text == PARAGRAPHS[0]
    assert "not free" in record.notes[0]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (f"<title>One moment</title><h1>{TITLE}</h1><p>Verify you are human by completing the action below.</p>", "robots"),
        (
            "<title>Lantern</title><p>We and our 90 partners store cookies on your device to show you personalised ads.</p>"
            "<p>You can change your consent in the privacy settings of this site at any time.</p><button>Accept</button>"
            "<p>Accept all cookies, or manage preferences for each of the partners that process your data.</p>",
            "consent",
        ),
        (f"<title>{TITLE}</title><main><h1>{TITLE}</h1><p>{TITLE}</p></main>", "only its headline"),
    ],
)
def test_a_page_without_an_article_is_refused_with_the_reason(source: str, why: str) -> None:
    found = record_of_page(f"<html><body>{source}</body></html>", None)
    assert isinstance(found, Refusal)
    assert why in found.reason
    assert found.code == "no-article"


def test_an_article_about_cookies_is_no_wall() -> None:
    text = (
        "<p>Parliament voted on Monday to ban the cookie banners that most readers click away without reading a word of them.</p>"
    )
    assert "cookie banners" in article(page(f"<article><h1>{TITLE}</h1>{text}{BODY}</article>")).text


def test_json_ld_of_other_stories_gives_nothing() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Goats win prize",
        "url": "https://lamp.example/goats",
        "datePublished": "2019-05-05",
    }
    stories = f'<script type="application/ld+json">{json.dumps({"@type": "ItemList", "itemListElement": [other]})}</script>'
    own = linked(url="https://lamp.example/tarn", datePublished="2025-02-03", author={"@id": "#om"})
    person = '<script type="application/ld+json">{"@type": "Person", "@id": "#om", "name": "Olin Marsh"}</script>'
    link = '<link rel=canonical href="https://www.lamp.example/tarn/">'
    record = article(page(f"<article><h1>{TITLE}</h1>{BODY}</article>", link + stories + own + person))
    assert (record.title, record.authors, record.published) == (TITLE, ("Olin Marsh",), "2025-02-03")
    alone = article(page(f"<article><h1>{TITLE}</h1>{BODY}</article>", link + stories))
    assert (alone.title, alone.authors, alone.published) == (TITLE, (), None)


def test_a_description_called_headline_is_no_title() -> None:
    record = article(page(f"<article><h1>{TITLE}</h1>{BODY}</article>", linked(headline="tower in the north", name=TITLE)))
    assert record.title == TITLE


@pytest.mark.parametrize(
    ("around", "own", "day"),
    [
        (
            "<aside><time pubdate datetime='2025-12-01'>1 December</time> Goats win</aside>",
            "Published 3 February 2025",
            date(2025, 2, 3),
        ),
        (
            "<ul><li><a href=/g>Goats win the first prize</a> <time class=published datetime='2019-01-01'>x</time></li></ul>",
            "",
            None,
        ),
        ("<footer>© 1 January 2026 The Lamp. Last updated 4 April 2025</footer>", "", None),
        ("", "Updated 4 April 2025", None),
        ("", "Vote on 9 January 2026", None),
    ],
)
def test_only_the_articles_own_day_is_its_date(around: str, own: str, day: date | None) -> None:
    source = page(f"{around}<article><h1>{TITLE}</h1><p class=date>{own}</p>{BODY}</article>{around}")
    assert dated(source)[0] == day


def test_a_day_without_a_word_that_says_what_it_is_counts_little() -> None:
    value, confidence = dated(page(f"<article><h1>{TITLE}</h1><p>3 February 2025</p>{BODY}</article>"))
    assert value == date(2025, 2, 3)
    assert confidence is not None
    assert confidence < 0.5


def test_a_time_in_utc_is_of_the_day_that_the_address_says() -> None:
    head = '<link rel=canonical href="https://lamp.example/2025/02/03/tarn">' + linked(datePublished="2025-02-04T03:10:00Z")
    value, confidence = dated(page(f"<article><h1>{TITLE}</h1>{BODY}</article>", head))
    assert value == date(2025, 2, 3)
    assert confidence is not None
    assert confidence > 0.9


def test_a_longer_gallery_that_says_nothing_of_the_headline_is_not_taken_for_the_article() -> None:
    about = "Lighthouse at Tarn Point goes dark for want of a cable"
    texts = [*PARAGRAPHS[:2], "The bakers of the old town mix flour, yeast and salt before dawn. " * 9]
    blocks = [Block(text, etree.Element("p")) for text in texts]
    assert best_of([{0, 1}, {2}], blocks, words_of(about)) == {0, 1}
    assert best_of([{0, 1}, {2}], blocks, ()) == {2}


def test_a_text_that_is_cut_off_in_its_second_sentence_is_no_headline() -> None:
    cut = "Two trawlers waited outside the bay until morning. The keeper said that salt had"
    assert not is_headline(cut, TITLE, None)
    assert is_headline("Two trawlers wait outside the bay as the lamp is dark", TITLE, None)
