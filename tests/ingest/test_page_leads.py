"""Leads, bodies in containers with odd names, texts for machines, and signs with their reading beside them."""

from __future__ import annotations

import pytest

from tests.ingest.test_page_kinds import BODY, PARAGRAPHS, TITLE, article, linked, page

LEAD = "Salt had eaten the cable in the tower, and captains waited outside the bay until it was light."
LABEL = "Two trawlers waited outside the bay, the harbour office says"


@pytest.mark.parametrize("name", ["excerpt", "standfirst", "article__subtitle", "sub-headline", "preamble rich-text", "lede"])
def test_a_lead_without_a_full_stop_is_known_by_its_name(name: str) -> None:
    source = page(
        f"<article><header><h1>{TITLE}</h1><h2 class='{name}'>{LABEL}</h2></header><div class=text>{BODY}</div></article>"
    )
    assert article(source).text.startswith(f"{LABEL}\n\n{PARAGRAPHS[0]}")


def test_a_lead_far_from_the_headline_is_kept() -> None:
    head = f"<div><div><div><div><div><div><h1>{TITLE}</h1></div></div></div></div></div></div>"
    source = page(f"<article>{head}<div><div><p>{LEAD}</p></div></div><section class=text>{BODY}</section></article>")
    assert article(source).text.startswith(LEAD)


def test_a_lead_that_the_summary_says_is_kept_whatever_it_is_called() -> None:
    summary = f'<meta name=description content="{LEAD}">'
    source = page(f"<div class=sidebar-1><h1>{TITLE}</h1><p class=description>{LEAD}</p><article>{BODY}</article></div>", summary)
    assert article(source).text.startswith(LEAD)


def test_a_headline_that_is_set_twice_hides_no_lead() -> None:
    body = f"<div class=top><h1>{TITLE}</h1><div class=excerpt>{LEAD}</div></div><div class=text><h1>{TITLE}</h1>{BODY}</div>"
    assert LEAD in article(page(body)).text


@pytest.mark.parametrize("name", ["newsletter", "related"])
def test_what_stands_around_is_no_lead(name: str) -> None:
    source = page(f"<article><h1>{TITLE}</h1><div class='{name}'><p>{LEAD}</p></div><div class=text>{BODY}</div></article>")
    assert LEAD not in article(source).text


def test_a_body_in_a_grid_that_is_called_after_its_sidebar_is_read_whole() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in (*PARAGRAPHS[:2], "He <a href=/a>was</a> asked.", *PARAGRAPHS[2:]))
    source = page(
        f"<article><div class=sidebar-grid><div class=sidebar-grid__content><h1>{TITLE}</h1>{paragraphs}</div></div></article>"
    )
    assert [text for text in PARAGRAPHS if text not in article(source).text] == []


def test_a_second_container_outside_the_first_is_read_where_no_article_is_marked() -> None:
    first = f"<div class='body'><p class=block>{PARAGRAPHS[0]}</p><p class=block>{PARAGRAPHS[1]}</p></div>"
    second = "".join(f"<div class='body {at}'><p class=block>{PARAGRAPHS[at]}</p></div>" for at in (2, 3))
    source = page(f"<div><div><h1>{TITLE}</h1></div><div><div>{first}<div>Advertisement</div>{second}</div></div></div>")
    assert [text for text in PARAGRAPHS[:4] if text not in article(source).text] == []


def test_the_text_for_machines_is_read_through_all_its_escapes() -> None:
    text = " ".join(PARAGRAPHS).replace("said that", "said &amp;amp;ldquo;clearly&amp;amp;rdquo; that")
    shown = BODY.replace("said that", "said “clearly” that")
    assert article(page(f"<article><h1>{TITLE}</h1>{shown}</article>", linked(articleBody=text))).text.count("\n\n") == 4
    hidden = article(page(f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></article>", linked(articleBody=text)))
    assert "said “clearly” that" in hidden.text


def test_a_lead_stays_above_the_text_for_machines() -> None:
    source = page(
        f"<article><h1>{TITLE}</h1><p class=lead>{LEAD}</p><p>{PARAGRAPHS[0]}</p></article>",
        linked(articleBody=" ".join(PARAGRAPHS)),
    )
    assert article(source).text.startswith(f"{LEAD}\n\n{PARAGRAPHS[0]}")
    assert PARAGRAPHS[-1] in article(source).text


def test_how_signs_are_read_is_kept_in_the_brackets_that_the_page_has_for_it() -> None:
    with_brackets = "<ruby>尹錫悦<rp>（</rp><rt>ユンソンニョル</rt><rp>）</rp></ruby>"
    without = "<ruby>弾劾<rt>だんがい</rt></ruby>"
    body = f"<p>韓国の{with_brackets}大統領は３日夜、緊急談話を出し、{without}訴追案を批判した。</p>" * 3
    text = article(page(f"<article><h1>{TITLE}</h1>{body}</article>")).text
    assert "韓国の尹錫悦（ユンソンニョル）大統領" in text
    assert "弾劾訴追案" in text
