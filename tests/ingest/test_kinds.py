"""Kinds of files that went wrong, with other words: bytes, records, text and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.article import AssembledArticle
from ingest.files import FoundFile
from ingest.load import Refusal
from ingest.load.record import Note
from ingest.parse import Parsed, parse
from tests.ingest.test_page_kinds import BODY, NOW, PARAGRAPHS, TITLE, page

WORDS = "The glass works of Orlen shut two of its five ovens on Thursday, the foreman said."
TURKISH = (
    "Orlen cam fabrikası perşembe günü beş fırınından ikisini kapattı, çünkü gaz sahipleri için çok pahalılaştı. "
    "Ustabaşı Petra Skall, kırk kişinin eve gönderileceğini söyledi."
)
ICELANDIC = "Glerverksmiðjan í Orlen slökkti á fimmtudag á tveimur ofnum, því að gasið er orðið of dýrt, sagði Þóra í viðtali."


def read(path: Path, content: str | bytes) -> list[Parsed]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(parse(FoundFile(path), None, NOW))


def made(path: Path, content: str | bytes) -> list[AssembledArticle]:
    found = read(path, content)
    assert all(isinstance(one, AssembledArticle) for one in found), found
    return [one for one in found if isinstance(one, AssembledArticle)]


class TestBytes:
    @pytest.mark.parametrize(("text", "encoding"), [(TURKISH, "cp1254"), (ICELANDIC, "cp1252")])
    def test_six_letters_of_turkish_and_of_icelandic_stand_in_one_place(self, text: str, encoding: str, tmp_path: Path) -> None:
        (found,) = made(tmp_path / "a.txt", text.encode(encoding))
        assert found.article.text == text
        assert [note.code for note in found.notes if isinstance(note, Note)] == ["encoding-guessed"]

    @pytest.mark.parametrize("encoding", ["iso-8859-9", "windows-1254"])
    def test_a_declaration_of_turkish_counts(self, encoding: str, tmp_path: Path) -> None:
        source = page(f"<article><h1>Cam</h1><p>{TURKISH}</p></article>", f"<meta charset={encoding}>").encode("cp1254")
        assert TURKISH in made(tmp_path / "a.html", source)[0].article.text

    def test_a_few_zeros_in_a_short_table_make_it_neither_binary_nor_wide(self, tmp_path: Path) -> None:
        first, second = made(tmp_path / "a.csv", b"title,text\nFa\x00re,The fa\x00re rises in Orlen.\nB,Words are here.\n")
        assert (first.article.source.title, first.article.text) == ("Fare", "The fare rises in Orlen.")
        assert (bool(first.notes), second.notes) == (True, ())


class TestRecords:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.json", '{"title": "A", "text": "One two."}{"title": "B", "text": "Three four."}'),
            ("a.json", '{\n "title": "A",\n "text": "One two."\n}\n{\n "title": "B",\n "text": "Three four."\n}\n'),
            ("a.jsonl", '{\n "title": "A",\n "text": "One two."\n}\n{\n "title": "B",\n "text": "Three four."\n}\n'),
        ],
    )
    def test_objects_one_after_the_other_are_articles(self, name: str, content: str, tmp_path: Path) -> None:
        assert [(one.article.source.title, one.line) for one in made(tmp_path / name, content)] == [("A", 1), ("B", 2)]

    def test_an_object_and_rubbish_are_no_list(self, tmp_path: Path) -> None:
        (found,) = read(tmp_path / "a.json", '{"text": "One two."} and more')
        assert isinstance(found, Refusal)

    def test_a_cell_with_quotation_marks_and_delimiters_inside_is_one(self, tmp_path: Path) -> None:
        rows = 'id;headline;body\n1;Dark;"The "old" light; it went out."\n2;Boats;Two boats 12" long turned back.\n'
        dark, boats = made(tmp_path / "a.csv", rows)
        assert (dark.article.text, bool(dark.notes)) == ('The "old" light; it went out.', True)
        assert boats.article.text == 'Two boats 12" long turned back.'

    def test_the_address_of_a_crawler_stands_with_its_page(self, tmp_path: Path) -> None:
        fields = {
            "title": "A",
            "plaintext": WORDS,
            "html": {"responded_url": "https://g.example/a", "source_info": {"publisher": "Glass Post"}},
        }
        source = made(tmp_path / "a.json", json.dumps(fields))[0].article.source
        assert (source.url, source.outlet) == ("https://g.example/a", "Glass Post")

    def test_pages_cut_up_for_retrieval_are_records(self, tmp_path: Path) -> None:
        fields = {"page_content": WORDS, "metadata": {"title": "A", "source": "https://g.example/a"}}
        found = made(tmp_path / "a.jsonl", json.dumps(fields))[0].article
        assert (found.text, found.source.title, found.source.url) == (WORDS, "A", "https://g.example/a")

    @pytest.mark.parametrize(
        ("given", "names"),
        [
            ("Von Petra Lund und Otto Venn", ("Petra Lund", "Otto Venn")),
            ("Lund, Petra; Venn, Otto", ("Lund, Petra", "Venn, Otto")),
            ([{"name": "Petra Lund"}, {"firstName": "Otto", "lastName": "Venn"}], ("Petra Lund", "Otto Venn")),
            ("Wernher von Lund", ("Wernher von Lund",)),
            ("By Petra Lund and Otto Venn <otto@g.example>", ("Petra Lund", "Otto Venn")),
            ("Petra Lund <petra@g.example>, Otto Venn <otto@g.example>", ("Petra Lund", "Otto Venn")),
        ],
    )
    def test_authors(self, given: object, names: tuple[str, ...], tmp_path: Path) -> None:
        assert made(tmp_path / "a.json", json.dumps({"text": WORDS, "author": given}))[0].article.source.authors == names

    def test_fields_may_stand_above_a_plain_text(self, tmp_path: Path) -> None:
        (found,) = made(tmp_path / "a.txt", f"---\ntitle: Ovens\ndate: 2025-03-07\n---\n{WORDS}\n")
        source = found.article.source
        assert (source.title, str(source.published), source.published_from, found.article.text) == (
            "Ovens",
            "2025-03-07",
            "front matter",
            WORDS,
        )

    @pytest.mark.parametrize("text", [f"---\nA rule above.\n---\n{WORDS}", f"---\nplace: here\n---\n{WORDS}"])
    def test_rules_and_unknown_fields_are_text(self, text: str, tmp_path: Path) -> None:
        assert made(tmp_path / "a.txt", text)[0].article.text.startswith("---")


class TestDates:
    @pytest.mark.parametrize("written", ["Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01T00:00:00Z", "7 Mar 25 +0100"])
    def test_what_stands_for_no_day_or_for_several_is_none(self, written: str, tmp_path: Path) -> None:
        (found,) = made(tmp_path / "a.json", json.dumps({"text": WORDS, "date": written}))
        assert found.article.source.published is None
        assert found.notes

    @pytest.mark.parametrize("written", ["2025-03-07 09:30:00 Europe/Prague", "2025-03-07T09:30:00 [Europe/Prague]"])
    def test_a_zone_may_be_called_after_a_city(self, written: str, tmp_path: Path) -> None:
        (found,) = made(tmp_path / "a.json", json.dumps({"text": WORDS, "date": written}))
        assert str(found.article.source.published)[:10] == "2025-03-07"


class TestPages:
    def test_tables_and_short_sentences_between_paragraphs_are_kept(self, tmp_path: Path) -> None:
        table = "<table><tr><th>Lamp</th><th>Built</th></tr><tr><td>North</td><td>1931</td></tr></table>"
        table += "<p>Das Glas&shy;werk ist kalt.</p>"
        (found,) = made(tmp_path / "a.html", page(f"<article><h1>{TITLE}</h1>{table.join((BODY, BODY.upper()))}</article>"))
        assert "North | 1931" in found.article.text
        assert "Das Glaswerk ist kalt." in found.article.text

    def test_what_stands_above_the_headline_goes_with_it(self, tmp_path: Path) -> None:
        (found,) = made(tmp_path / "a.html", page(f"<div><span>Economy</span><h1>{TITLE}</h1><div class=text>{BODY}</div></div>"))
        assert found.article.text.startswith(PARAGRAPHS[0])

    @pytest.mark.parametrize(
        "body",
        [
            f"<nav>Home News</nav><main><h1>{TITLE}</h1><p>7 March 2025</p></main>",
            "<h2>We value your privacy</h2><p>We and our partners store and/or access information on a device, such as cookies "
            "and unique identifiers.</p><p>With your permission we and our partners may use precise data about your place.</p>",
        ],
    )
    def test_pages_without_a_sentence_of_their_own_are_refused(self, body: str, tmp_path: Path) -> None:
        (found,) = read(tmp_path / "a.html", page(body))
        assert isinstance(found, Refusal)
        assert found.code == "no-article"
