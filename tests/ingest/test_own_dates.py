"""Days, titles and authors that are the page's own, and those of other stories, events and changes around it."""

from __future__ import annotations

import pytest

from ingest.load.record import Record
from ingest.published import find_published
from tests.ingest.test_page_kinds import BODY, NOW, TITLE, article, dated, linked, page

OTHER = {"headline": "Brewery sold to a rival from Harn", "datePublished": "2024-01-05", "author": {"name": "Otto Venn"}}
THEN = "<time itemprop=datePublished datetime=2024-01-05>5 January 2024</time>"
STORY = f"<article><h1>{TITLE}</h1>{BODY}</article>"


def day(source: str) -> str:
    return str(dated(source)[0])[:10]


@pytest.mark.parametrize(
    "mark",
    [
        "<p>Posted on 7 March 2025 by Ada Moss</p>",
        "<p>Von Ada Moss am 07.03.2025, 11:51 Uhr</p>",
        "<p>Erschienen am: 07.03.2025</p>",
        "<span property='dc:date dc:created' content='2025-03-07T11:51:00+01:00'>at noon</span>",
        "<div class=teaser-meta>07.03.25</div>",
        "<div class=sidebar><time datetime='2025-03-07T11:51Z'>two hours ago</time></div>",
        "<abbr class=published title='Friday, March 7th, at noon'>07.03.2025</abbr>",
        "<ul><li><a href='/2025/03/07'>Friday, 7 March 2025</a></li></ul>",
        "<aside class=meta><time itemprop=datePublished datetime=2025-03-07>at noon</time></aside>",
        "<p>Written: 2025-03-07 11:51 / Updated: 2025-03-09 08:00</p>",
        "<p>Last updated 9 March 2025, originally created 7 March 2025</p>",
        "<p>7 March 2025 | Updated: 9 March 2025</p>",
        "<p>7 March 2025 / 11:51 / updated eight hours ago</p>",
        "<p>07.03.25<span>11:51</span></p>",
        "<dl><dt>Author</dt><dd>Ada</dd><dt>Published</dt><dd>7 March 2025</dd><dt>Last change</dt><dd>9 March 2025</dd></dl>",
        "<div><p>Mise en ligne</p><p>7 mars 2025</p></div>",
        "<p>نشر الجمعة 7 آذار / مارس 2025 09:22</p>",
        "<p>Mis en ligne le 7 mars 2025 à 8h30, mis à jour le 10 mars 2025</p>",
    ],
)
def test_a_day_between_the_headline_and_the_text_is_the_articles(mark: str) -> None:
    assert day(page(f"<div><h1>{TITLE}</h1>{mark}<div class=text>{BODY}</div></div>")) == "2025-03-07"


def test_a_day_above_the_headline_in_the_same_part_of_the_page_is_the_articles() -> None:
    above = "<figure class=teaser><img src=/a.jpg><div class=footer><span>7 March 2025</span><span>Harbour</span></div>"
    assert day(page(f"<h1>The Lamp</h1><section>{above}<h1>{TITLE}</h1></figure>{BODY}</section>")) == "2025-03-07"


def test_a_headline_that_links_to_its_own_page_is_no_card_of_another() -> None:
    card = f"<div class=top><h2><a href=/tower>{TITLE}</a></h2><div class=meta>7 March 2025</div></div>"
    head = f'<meta property="og:title" content="{TITLE} – The Lamp">'
    assert day(page(f"<h1>The Lamp</h1><div class=post>{card}<div class=text>{BODY}</div></div>", head)) == "2025-03-07"


def test_a_program_for_blogs_tells_below_the_text_when_a_post_was_posted() -> None:
    told = "This entry was posted on Friday, 7 March 2025 at 11:51 and is filed under Harbour, Lights, Storms and Ships. You can"
    foot = f"<p>{told} follow any comments on it by a feed, and leave one yourself as long as the page is open for them.</p>"
    assert day(page(f"<div><h1>{TITLE}</h1>{BODY}{foot}</div>")) == "2025-03-07"


@pytest.mark.parametrize("line", ["Open from 7 March 2025 to 9 March 2025", "7 March 2025 - 9 March 2025"])
def test_several_days_in_a_line_that_says_nothing_of_them_are_none(line: str) -> None:
    assert dated(page(f"<h1>{TITLE}</h1><p>{line}</p>{BODY}")) == (None, None)


def test_a_blog_post_in_a_widget_with_a_footer_of_its_own_has_its_day() -> None:
    post = f"<h3><a href=/me>{TITLE}</a></h3><div class=post-body>{BODY}</div>"
    foot = "<div class=post-footer><abbr class=published title='2025-03-07T05:11:00-05:00'>5:11 AM</abbr></div>"
    assert (
        day(page(f"<header><h1>The Lamp</h1></header><div class='widget Blog'><div class=post>{post}{foot}</div></div>"))
        == "2025-03-07"
    )


def test_a_day_between_bars_is_one() -> None:
    assert day(page(f"<h1>{TITLE}</h1><table><tr><td>27 | 02 | 2025 </td></tr></table>{BODY}")) == "2025-02-27"


def test_a_label_in_a_paragraph_of_its_own_tells_what_its_day_is() -> None:
    changed = f"<h1>{TITLE}</h1><dl><dt>Last change</dt><dd>9 March 2025</dd></dl>{BODY}"
    heard = f"<h1>{TITLE}</h1><dl><dt>Date of the hearing</dt><dd>9 March 2025</dd></dl>{BODY}"
    assert dated(page(changed)) == (None, None)
    assert (dated(page(heard))[1] or 0) < 0.5


@pytest.mark.parametrize("meta", ["Lamps (News of 7 March 2025)", "Pressemitteilung vom 07.03.2025"])
def test_a_summary_may_say_of_what_day_its_news_are(meta: str) -> None:
    value, confidence = dated(page(f"<h1>{TITLE}</h1>{BODY}", f'<meta name=description content="{meta}">'))
    assert (str(value), (confidence or 1) < 0.5) == ("2025-03-07", True)


def test_a_trackback_in_a_comment_dates_a_post() -> None:
    about = '<rdf:Description rdf:about="/7" dc:title="A" dc:identifier="/7" dc:date="2025-03-07T22:00:00+09:00" />'
    assert day(page(f"<h1>{TITLE}</h1>{BODY}<!-- <rdf:RDF>{about}</rdf:RDF> -->")) == "2025-03-07"
    assert dated(page(f"<h1>{TITLE}</h1>{BODY}<!-- <rdf:RDF>{about}{about}</rdf:RDF> -->")) == (None, None)


def test_a_line_beside_the_text_that_is_named_like_a_teasers_is_its_own() -> None:
    line = "<div class=teaser_meta><a href=/moss>Ada Moss</a> / 07.03.2025 / 09:30</div>"
    others = "".join(f"<div><div class=teaser_meta>Otto Venn / 0{at}.01.2024</div>{'x' * at}</div>" for at in (1, 2, 3))
    assert day(page(f"<div class=post>{line}{BODY}</div>{others}")) == "2025-03-07"


def test_a_day_that_opens_a_paragraph_below_the_first_is_weak_and_several_are_a_list_of_events() -> None:
    one = BODY.replace("<p>Keeper", "<p>07.03.2025 Keeper").replace("<p>A spare", "<p>07.03.2025: A spare")
    assert str(dated(page(f"<h1>{TITLE}</h1>{one}"))[0]) == "2025-03-07"
    assert dated(page(f"<h1>{TITLE}</h1>{one.replace('07.03.2025: A', '08.03.2025: A')}")) == (None, None)
    told = BODY.replace("<p>A spare", "<p>On 7 March 2025 a spare")
    assert dated(page(f"<h1>{TITLE}</h1>{told}")) == (None, None)


@pytest.mark.parametrize("opening", ["(07.03.2025) ", "Tarn Point, 7 March 2025. ", "7.3.2025 - "])
def test_a_day_with_which_the_text_opens_is_a_weak_one(opening: str) -> None:
    value, confidence = dated(page(f"<h1>{TITLE}</h1>{BODY.replace('<p>', f'<p>{opening}', 1)}"))
    assert str(value) == "2025-03-07"
    assert confidence is not None
    assert confidence < 0.5


@pytest.mark.parametrize(
    "around",
    [
        f"<section class=more-stories><article><h3><a href=/x>Brewery sold</a></h3>{THEN}</article></section>",
        f"<div class=related><a href=/b>Brewery sold to a rival</a> {THEN}</div>",
        "<section id=comments><div class=comment><time datetime=2025-03-09>9 March 2025</time> Good to know.</div></section>",
        "<div class=foot>This page was last changed on 5 June 2024.</div>",
        "<footer>© 2019–2026 The Lamp. Copyright 1 January 2026.</footer>",
        "<p>Next vote of the council: 4 May 2025</p>",
        "<p>Wahl am 04.05.2025</p>",
        "<script>var page = {'updated_at': '2024-06-05'}</script>",
    ],
)
def test_days_of_others_are_no_day_of_the_article(around: str) -> None:
    assert dated(page(STORY + around)) == (None, None)


@pytest.mark.parametrize(
    "source",
    [
        f"<ul class=latest><li><time pubdate datetime=2025-09-22T07:30Z>22 September</time> Bakers strike</li></ul>{STORY}",
        f"<h1>{TITLE}</h1>{BODY}<p>The council will vote on <time datetime=2025-03-04>4 March</time> in the hall.</p>{BODY}",
    ],
)
def test_times_above_the_article_and_in_its_sentences_are_no_day_of_it(source: str) -> None:
    assert dated(page(source)) == (None, None)


def test_stories_that_lead_away_above_the_text_give_no_day() -> None:
    ticker = "<ul><li><a href=/a>Storm closes the pass road for days</a> 22 September 2025</li></ul>"
    assert dated(page(f"<h1>{TITLE}</h1>{ticker}<div class=text>{BODY}</div>")) == (None, None)


@pytest.mark.parametrize(
    "node",
    [
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@type": "NewsArticle", **OTHER}}]},
        {"@type": "NewsArticle", "mainEntityOfPage": "https://lamp.example/brewery", **OTHER},
    ],
)
def test_json_ld_of_others_alone_gives_nothing(node: dict[str, object]) -> None:
    found = article(page(STORY, '<link rel=canonical href="https://lamp.example/tower">' + linked(**node)))
    assert (found.title, found.authors, found.published, found.dates) == (TITLE, (), None, ())


def test_of_two_titles_in_json_ld_the_one_that_the_page_bears_counts() -> None:
    source = page(STORY, linked(headline="A lighthouse at a point that goes dark at times", name=TITLE))
    assert article(source).title == TITLE


@pytest.mark.parametrize(
    ("written", "mark", "right"),
    [
        ("2025-03-07T02:30:00Z", "<p>March 6, 2025</p>", "2025-03-06"),
        ("2025-03-06T23:30:00Z", "<time itemprop=datePublished datetime='2025-03-07T00:30:00+01:00'>night</time>", "2025-03-07"),
        ("2025-03-07T12:00:00Z", "<p>7 March 2025</p>", "2025-03-07"),
        ("2025-03-07T02:30:00+01:00", "<p>March 6, 2025</p>", "2025-03-07"),
    ],
)
def test_a_time_in_utc_is_of_the_day_that_the_page_shows(written: str, mark: str, right: str) -> None:
    head = f'<meta property="article:published_time" content="{written}">'
    assert day(page(f"<article><h1>{TITLE}</h1>{mark}{BODY}</article>", head)) == right


def test_a_page_that_shows_the_day_in_utc_too_keeps_it() -> None:
    record = Record("", url="https://lamp.example/2025/03/06/a", published="2025-03-07T10:00:00Z", published_from="JSON-LD")
    shown = record.with_dates("JSON-LD", article(page(f"<h1>{TITLE}</h1><p>7 March 2025</p>{BODY}")).dates)
    assert str(find_published(shown, None, "", NOW).value).startswith("2025-03-07")


def test_the_rest_of_a_page_in_a_button_that_nothing_closes_is_read() -> None:
    source = page(f"<header><button class=menu><span>Menu</span></header><article><h1>{TITLE}</h1>{BODY}</article>")
    assert BODY.count("<p>") == article(source).text.count("\n\n") + 1


@pytest.mark.parametrize("foot", ["<p>7 March 2025</p>", "<p><time datetime=2025-03-07>spring</time></p>"])
def test_a_day_below_the_text_is_surer_than_none_and_less_sure_than_one_above(foot: str) -> None:
    below = dated(page(f"<h1>{TITLE}</h1>{BODY}{foot}"))
    above = dated(page(f"<h1>{TITLE}</h1>{foot}{BODY}"))
    assert str(below[0]) == str(above[0]) == "2025-03-07"
    assert below[1] is not None
    assert above[1] is not None
    assert 0 < below[1] < above[1] < 0.5


def test_a_sidebar_inside_the_article_that_leads_nowhere_is_its_own() -> None:
    side = "<div class=story__sidebar><p>Online since</p><p>7 March 2025</p></div>"
    leading = "<div class=story__sidebar><a href=/x>Brewery sold to a rival from Harn</a> 5 January 2024</div>"
    assert day(page(f"<article><h1>{TITLE}</h1>{BODY}{side}</article>")) == "2025-03-07"
    assert dated(page(f"<article><h1>{TITLE}</h1>{BODY}{leading}</article>")) == (None, None)
