"""Records as crawlers, databases and people export them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.load import Record, Refusal, load
from ingest.load.fields import record_of
from ingest.load.values import authors_of

WORDS = "The lock at Tamber opened again on Monday, the keeper said."


def read(path: Path, content: str | bytes) -> list[Record | Refusal]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(load(path))


def one(path: Path, content: str) -> Record:
    (found,) = read(path, content)
    assert isinstance(found, Record), found
    return found


def record(value: object) -> Record:
    found = record_of(value, None)
    assert isinstance(found, Record), found
    return found


class TestCrawlers:
    def test_an_address_in_a_field_for_names_is_an_address(self) -> None:
        found = record({"text": WORDS, "source": "https://lock.example/2025/05/01/open", "source-hostname": "Lock Times"})
        assert (found.url, found.outlet) == ("https://lock.example/2025/05/01/open", "Lock Times")
        assert record({"text": WORDS, "source": "https://www.lock.example/a"}).outlet == "lock.example"

    def test_dates_and_texts_have_many_names(self) -> None:
        found = record(
            {"plaintext": WORDS, "publishing_date": "2025-05-01", "date_modify": "2025-05-02", "source_domain": "a.example"}
        )
        assert (found.text, found.published, found.modified, found.outlet) == (WORDS, "2025-05-01", "2025-05-02", "a.example")

    def test_a_body_of_sections_is_a_text(self) -> None:
        body = {"summary": ["In short."], "sections": [{"headline": ["Lock"], "paragraphs": ["One.", "Two."]}]}
        assert record({"body": body}).text == "In short.\n\nLock\n\nOne.\n\nTwo."

    def test_types_of_a_database_are_unwrapped(self) -> None:
        found = record({"_id": {"$oid": "5f1a"}, "text": WORDS, "date": {"$date": {"$numberLong": "1746057600000"}}})
        assert (found.id, found.published) == ("5f1a", "1746057600000")
        press = record({"id": 7, "title": {"rendered": "Lock"}, "content": {"rendered": WORDS}, "link": "https://a.example/7"})
        assert (press.title, press.text, press.url) == ("Lock", WORDS, "https://a.example/7")

    @pytest.mark.parametrize("wrapper", ["metadata", "meta", "_source", "attributes"])
    def test_fields_under_another_are_found_behind_those_beside_it(self, wrapper: str) -> None:
        found = record(
            {"text": WORDS, "title": "Own", wrapper: {"title": "Inner", "date": "2025-05-01", "url": "https://a.example/1"}}
        )
        assert (found.title, found.published, found.url) == ("Own", "2025-05-01", "https://a.example/1")

    def test_lists_of_one_and_blanks(self) -> None:
        found = record(
            {
                "headline": [" ", "Lock"],
                "text": " \n",
                "body": [WORDS, "More."],
                "date": ["2025-05-01"],
                "url": ["https://a.example/1"],
            }
        )
        assert (found.title, found.text, found.published) == ("Lock", f"{WORDS}\n\nMore.", "2025-05-01")
        assert found.url == "https://a.example/1"

    def test_a_number_is_one_however_it_is_written(self, tmp_path: Path) -> None:
        found = read(tmp_path / "a.jsonl", f'{{"id": 2e6, "text": "{WORDS}"}}\n{{"id": 2000000, "text": "{WORDS}"}}\n')
        assert [one.id for one in found if isinstance(one, Record)] == ["2000000", "2000000"]

    @pytest.mark.parametrize(
        ("written", "names"),
        [
            ("['Ada Moss', 'Ben Hale']", ("Ada Moss", "Ben Hale")),
            ("[]", ()),
            (["By Ada Moss and Ben Hale"], ("Ada Moss", "Ben Hale")),
            (["Moss, Ada", "Ben Hale"], ("Moss, Ada", "Ben Hale")),
            ("Moss, Ada", ("Moss, Ada",)),
            ("ada@lock.example (Ada Moss)", ("Ada Moss",)),
            ("Ada Moss <ada@lock.example>", ("Ada Moss",)),
            (["https://social.example/adamoss", "ada@lock.example"], ()),
            ([{"first_name": "Ada", "last_name": "Moss"}], ("Ada Moss",)),
            ("nan", ()),
        ],
    )
    def test_authors(self, written: object, names: tuple[str, ...]) -> None:
        assert authors_of(written) == names


class TestMarkup:
    def test_a_body_in_html_is_converted_as_a_page_is(self, tmp_path: Path) -> None:
        body = (
            "<p>The lock at\nTamber <b>opened</b> again&nbsp;on Monday.</p><script>var x = 'spy';</script>"
            "<style>p { color: red }</style><p style='display: none'>Machines read this.</p><p hidden>And this.</p>"
            "<p>Boats pass.</p>"
        )
        found = one(tmp_path / "a.jsonl", json.dumps({"title": "Lock &amp; key <i>now</i>", "text": body}))
        assert found.title == "Lock & key now"
        assert [" ".join(line.split()) for line in found.text.split("\n\n")] == [
            "The lock at Tamber opened again on Monday.",
            "Boats pass.",
        ]

    def test_a_whole_page_in_a_record_is_its_article(self, tmp_path: Path) -> None:
        words = "".join(f"<p>The keeper of lock {n} said that boats may pass again from Monday on.</p>" for n in range(9))
        head = "<head><title>L</title><script>spy()</script></head>"
        page = f"<!DOCTYPE html><html>{head}<body><article>{words}</article></body></html>"
        text = one(tmp_path / "a.json", json.dumps({"html": page})).text
        assert text.startswith("The keeper of lock 0")
        assert "spy" not in text

    @pytest.mark.parametrize("text", ["Where a < b and c > d, <Ada> wrote.", "One line.\nAnother line.", "R&D at 5 > 4"])
    def test_what_is_no_markup_stays_as_it_is(self, text: str, tmp_path: Path) -> None:
        assert one(tmp_path / "a.json", json.dumps({"text": text})).text == text


class TestNames:
    def test_lines_called_json_and_a_list_called_lines(self, tmp_path: Path) -> None:
        records = [{"title": f"T{n}", "text": WORDS} for n in range(3)]
        lines = read(tmp_path / "a.json", "\n".join(map(json.dumps, records)))
        listed = read(tmp_path / "a.jsonl", json.dumps(records, indent=1))
        single = read(tmp_path / "b.jsonl", json.dumps(records[0], indent=1))
        assert [len(lines), len(listed), len(single)] == [3, 3, 1]
        assert all(isinstance(found, Record) for found in (*lines, *listed, *single))

    def test_a_bad_line_among_lines_called_json_is_told_by_its_number(self, tmp_path: Path) -> None:
        found = read(tmp_path / "a.json", f'{{"text": "{WORDS}"}}\n{{"text": "{WORDS}"}}\n{{"text": \n{{"text": "{WORDS}"}}')
        assert [one.line for one in found if isinstance(one, Refusal)] == [3]
        assert len(found) == 4

    def test_lists_within_answers_of_servers(self, tmp_path: Path) -> None:
        found = one(tmp_path / "a.json", json.dumps({"hits": {"total": 1, "hits": [{"_id": "x", "_source": {"body": WORDS}}]}}))
        assert (found.id, found.text) == ("x", WORDS)


class TestTables:
    HEAD = "title,text,date\n"

    def rows(self, path: Path, content: str) -> list[tuple[str | None, str, object]]:
        return [(one.title, one.text, one.published) for one in read(path, content) if isinstance(one, Record)]

    def test_a_quotation_mark_too_many_swallows_no_rows(self, tmp_path: Path) -> None:
        raw = (
            self.HEAD
            + 'K,"The lock opened,2025-05-01\nL,Boats pass,2025-05-02\nM,The keeper left",2025-05-03\nN,"Last words",2025-05-04\n'
        )
        found = self.rows(tmp_path / "a.csv", raw)
        assert [(title, day) for title, _, day in found] == [(name, f"2025-05-0{n}") for n, name in enumerate("KLMN", start=1)]
        assert found[0][1] == "The lock opened"
        noted = [one for one in load(tmp_path / "a.csv") if isinstance(one, Record) and one.notes]
        assert [(one.line, getattr(one.notes[0], "code", "")) for one in noted] == [(2, "malformed")]

    def test_one_that_nothing_closes_loses_its_own_line_at_most(self, tmp_path: Path) -> None:
        raw = self.HEAD + 'K,"The lock, it opened,2025-05-01\nL,Boats pass,2025-05-02\nM,"The keeper left",2025-05-03\n'
        found = read(tmp_path / "a.csv", raw)
        assert [one.line for one in found if isinstance(one, Refusal)] == [2]
        assert [one.title for one in found if isinstance(one, Record)] == ["L", "M"]

    def test_a_text_over_several_lines_is_one(self, tmp_path: Path) -> None:
        raw = self.HEAD + 'K,"One line, two,\nand three, four\n\nlines",2025-05-01\nL,Boats pass,2025-05-02\n'
        assert self.rows(tmp_path / "a.csv", raw)[0] == ("K", "One line, two,\nand three, four\n\nlines", "2025-05-01")

    def test_the_separator_may_be_said_and_a_zero_spoils_nothing(self, tmp_path: Path) -> None:
        found = read(
            tmp_path / "a.csv",
            b"sep=;\r\ntitle;text;date\r\nK;The lock op\x00ened again on Monday, the keeper of it said;2025-05-01\r\n",
        )
        (record,) = found
        assert isinstance(record, Record)
        assert (record.title, record.line, record.text[:15]) == ("K", 3, "The lock opened")
        assert getattr(record.notes[0], "code", "") == "characters-dropped"

    def test_an_old_encoding_is_noted(self, tmp_path: Path) -> None:
        (record,) = read(tmp_path / "a.csv", (self.HEAD + "K,A toll of £7 at the café,2025-05-01\n").encode("cp1252"))
        assert isinstance(record, Record)
        assert "£7 at the café" in record.text
        assert getattr(record.notes[0], "code", "") == "encoding-guessed"


class TestFrontMatter:
    def front(self, path: Path, matter: str) -> Record:
        return one(path, f"{matter}\n\n{WORDS}\n")

    def test_toml(self, tmp_path: Path) -> None:
        matter = '+++\ntitle = "Lock"  # a draft\ndate = 2025-05-01T09:00:00Z\nauthors = ["Ada Moss"]\n[params]\nx = 1\n+++'
        found = self.front(tmp_path / "a.md", matter)
        assert (found.title, str(found.published)[:10], found.authors, found.text) == ("Lock", "2025-05-01", ("Ada Moss",), WORDS)

    def test_comments_blocks_and_quotes_of_yaml(self, tmp_path: Path) -> None:
        matter = (
            '---\ntitle: >-\n  The lock\n  opens\ndate: 2025-05-01 # said\nauthors: ["Moss, Ada", Ben Hale]\nsection: No\n---'
        )
        found = self.front(tmp_path / "a.md", matter)
        assert (found.title, found.published, found.section) == ("The lock opens", "2025-05-01", "No")
        assert found.authors == ("Moss, Ada", "Ben Hale")

    def test_what_is_no_yaml_is_read_line_by_line(self, tmp_path: Path) -> None:
        found = self.front(tmp_path / "a.md", "---\ntitle: Lock: it opens: now\ndate: 2025-05-01 # said\n\tx\n---")
        assert (found.title, found.published) == ("Lock: it opens: now", "2025-05-01")

    def test_json(self, tmp_path: Path) -> None:
        assert self.front(tmp_path / "a.md", '{\n"title": "Lock",\n"date": "2025-05-01"\n}').title == "Lock"

    @pytest.mark.parametrize("matter", ["---\n" + "a: &a [" * 300 + "\n---", "+++\n= = =\n+++", "---\n- 1\n---", "{" * 5_000])
    def test_broken_matter_harms_nothing(self, matter: str, tmp_path: Path) -> None:
        assert WORDS in self.front(tmp_path / "a.md", matter).text
