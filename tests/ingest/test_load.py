"""Files as they are found in the world, good and bad, read by their loaders."""

from __future__ import annotations

import json
import os
import random
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import Record, Refusal, load
from ingest.load import jsonl as jsonl_module
from ingest.load.fields import record_of
from ingest.load.json import parse_json
from ingest.load.markdown import render_markdown
from rag.errors import InputError


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(path: Path) -> Record:
    (found,) = load(path)
    assert isinstance(found, Record), found
    return found


def refused(path: Path) -> Refusal:
    (found,) = load(path)
    assert isinstance(found, Refusal), found
    return found


class TestText:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("Café “quoted”".encode(), "Café “quoted”"),
            ("Café".encode("utf-8-sig"), "Café"),
            ("Café über Ñandú".encode("utf-16"), "Café über Ñandú"),
            ("\ufeffCafé".encode("utf-16-be"), "Café"),
        ],
    )
    def test_unicode_in_its_encodings(self, tmp_path: Path, raw: bytes, text: str) -> None:
        assert only(write(tmp_path / "a.txt", raw)).text == text

    def test_an_older_encoding_is_guessed_and_noted_and_no_text_is_lost(self, tmp_path: Path) -> None:
        text = "Der Bürgermeister von Köln erklärte, die Brücke werde für größere Züge geöffnet. " * 5
        record = only(write(tmp_path / "a.txt", text.encode("cp1252")))
        assert record.text == text
        assert "not UTF-8" in record.notes[0]

    def test_broken_utf_16_shows_where_text_is_missing(self, tmp_path: Path) -> None:
        record = only(write(tmp_path / "a.txt", "Hello there".encode("utf-16") + b"!"))
        assert record.text == "Hello there\ufffd"
        assert "utf-16" in record.notes[0]

    def test_an_unknown_suffix_is_text(self, tmp_path: Path) -> None:
        assert only(write(tmp_path / "README", "Words.")).text == "Words."

    def test_line_ends_are_left_to_cleaning(self, tmp_path: Path) -> None:
        assert only(write(tmp_path / "a.txt", b"a\r\nb")).text == "a\r\nb"


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "raw", "why"),
        [
            ("a.txt", b"abc\x00def", "binary data"),
            ("a.txt", random.Random(1).randbytes(5_000), "binary data"),
            ("a.txt", b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
            ("a.json", b"SQLite format 3\x00", "a database"),
            ("a.zip", b"PK\x03\x04....", "an archive (ZIP); unpack it"),
            ("a.tar", b"x" * 257 + b"ustar", "an archive (tar); unpack it"),
            ("a.rtf", b"{}", "the format .rtf is not read"),
            ("a.html", b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
            ("a.xml", b"<rss/>", "the feed has no entries"),
            ("a.txt", b"", "the file is empty"),
            ("a.jsonl", b"", "the file is empty"),
            ("a.jsonl", b"\n  \n", "the file is empty"),
            ("a.json", b" ", "the file is empty"),
            ("a.json", b"[]", "the list of articles is empty"),
        ],
    )
    def test_what_is_no_article_is_skipped_and_named(self, tmp_path: Path, name: str, raw: bytes, why: str) -> None:
        found = refused(write(tmp_path / name, raw))
        assert (found.outcome, why in found.reason) == ("skipped", True), found

    def test_real_archives_are_refused_whatever_their_name(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.txt", "w") as archive:
            archive.writestr("inner.txt", "words")
        with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
            archive.add(tmp_path / "a.txt", "inner.txt")
        (tmp_path / "c.txt").write_bytes((tmp_path / "b.tar.gz").read_bytes())
        assert "ZIP" in refused(tmp_path / "a.txt").reason
        assert "tar" in refused(tmp_path / "b.tar.gz").reason
        assert "tar" in refused(tmp_path / "c.txt").reason

    def test_a_file_over_the_limit_is_refused_unread(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.txt", "words " * 1_000)
        os.truncate(path, 200_000_001)  # a hole, which takes no room on the disk
        found = refused(path)
        assert (found.outcome, "200,000,001 bytes" in found.reason) == ("failed", True)

    def test_a_text_over_the_limit_is_refused(self, tmp_path: Path) -> None:
        found = refused(write(tmp_path / "a.txt", "a" * 20_000_001))
        assert (found.outcome, "20,000,001 characters" in found.reason) == ("failed", True)

    def test_a_file_that_vanishes_is_a_failure(self, tmp_path: Path) -> None:
        found = refused(tmp_path / "gone.txt")
        assert (found.outcome, "No such file" in found.reason) == ("failed", True)


class TestJson:
    def test_one_object(self, tmp_path: Path) -> None:
        record = only(write(tmp_path / "a.json", '{"headline": "H", "content": "Words.", "id": 7}'))
        assert (record.title, record.text, record.id, record.line) == ("H", "Words.", "7", None)

    @pytest.mark.parametrize("wrap", ['[{"text": "a"}, {"text": "b"}]', '{"articles": [{"text": "a"}, {"text": "b"}]}'])
    def test_many_articles_are_numbered(self, tmp_path: Path, wrap: str) -> None:
        found = list(load(write(tmp_path / "a.json", wrap)))
        assert [(record.text, record.line) for record in found if isinstance(record, Record)] == [("a", 1), ("b", 2)]

    @pytest.mark.parametrize(
        ("raw", "why"),
        [
            ('{"text": "a"', "line 1, column 13"),
            ("[" * 100_000, "nested too deeply"),
            ('{"a":' * 100_000, "nested too deeply"),
            ('{"text": 5}', "what stands there is a number"),
            ("42", "not an object"),
            ('{"title": "a"}', "no text"),
            ('{"text": "a", "id": {"x": 1}}', "its id is an object"),
            ('{"text": "a", "id": "%s"}' % ("x" * 201), "longer than 200"),
            ('{"text": "a", "id": "a\\u0000b"}', "control characters"),
        ],
    )
    def test_what_is_wrong_is_said(self, tmp_path: Path, raw: str, why: str) -> None:
        found = refused(write(tmp_path / "a.json", raw))
        assert (found.outcome, why in found.reason) == ("failed", True), found.reason[:200]

    def test_odd_values_do_not_spoil_an_article(self, tmp_path: Path) -> None:
        long = "9" * 10_000
        raw = f'{{"text": "a\\ud800b", "views": {long}, "score": NaN, "x": -Infinity, "date": {long}}}'
        record = only(write(tmp_path / "a.json", raw))
        assert record.text == "a\ud800b"

    def test_utf_16_is_read(self, tmp_path: Path) -> None:
        assert only(write(tmp_path / "a.json", '{"text": "é"}'.encode("utf-16"))).text == "é"

    @given(st.text(st.sampled_from('{}[]",:0123456789eE+-.\\untrfalse \n'), max_size=40))
    def test_any_text_is_a_value_or_an_input_error(self, text: str) -> None:
        with suppress(InputError):
            assert record_of(parse_json(text), 1)


class TestJsonl:
    def test_bad_lines_are_reported_by_number_and_the_others_kept(self, tmp_path: Path) -> None:
        lines = ['{"text": "a"}', "", "{broken", '{"title": "no text"}', '{"text": "b"}', '{"text": "cut o']
        found = list(load(write(tmp_path / "a.jsonl", "\n".join(lines))))
        assert [(record.text, record.line) for record in found if isinstance(record, Record)] == [("a", 1), ("b", 5)]
        failures = {each.line or 0: each.reason for each in found if isinstance(each, Refusal)}
        assert sorted(failures) == [3, 4, 6]
        assert "not valid JSON" in failures[3]
        assert "no text" in failures[4]
        assert "ends too early" in failures[6]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_byte_order_marks(self, tmp_path: Path, encoding: str) -> None:
        raw = '{"text": "é"}\r\n{"text": "b"}\r\n'.encode(encoding)
        found = list(load(write(tmp_path / "a.ndjson", raw)))
        assert [(record.text, record.line) for record in found if isinstance(record, Record)] == [("é", 1), ("b", 2)]

    def test_a_line_over_the_limit_is_skipped_and_the_next_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jsonl_module, "MAX_LINE_BYTES", 1_000)
        lines = ['{"text": "a"}', json.dumps({"text": "x" * 5_000}), '{"text": "b"}', json.dumps({"text": "y" * 5_000})]
        found = list(load(write(tmp_path / "a.jsonl", "\n".join(lines))))
        assert [record.text for record in found if isinstance(record, Record)] == ["a", "b"]
        assert [each.line for each in found if isinstance(each, Refusal)] == [2, 4]

    def test_a_line_of_twenty_million_characters_is_read(self, tmp_path: Path) -> None:
        text = "Rain fell on Holm.\n" * 1_000_000
        assert only(write(tmp_path / "a.jsonl", json.dumps({"text": text}))).text.startswith("Rain fell on Holm.")

    def test_an_older_encoding_in_a_line(self, tmp_path: Path) -> None:
        raw = '{"text": "Der Bürgermeister erklärte, die Brücke sei für größere Züge geöffnet."}\n'.encode("cp1252")
        assert "Bürgermeister" in only(write(tmp_path / "a.jsonl", raw)).text


class TestFields:
    @pytest.mark.parametrize(
        ("field", "names"),
        [
            ("title", ["title", "Headline", "name"]),
            ("text", ["text", "content", "body", "article", "full_text", "fullText", "articleBody"]),
            ("outlet", ["outlet", "source", "publisher", "site", "site_name", "domain"]),
            (
                "published",
                ["published", "date", "publish_date", "published_at", "publishedAt", "pubDate", "created", "date_published"],
            ),
            ("url", ["url", "link"]),
            ("authors", ["authors", "author", "byline"]),
            ("modified", ["modified", "updated", "updated_at", "lastmod", "lastModified"]),
            ("language", ["language", "lang"]),
            ("section", ["section", "category", "topic"]),
        ],
    )
    def test_names_of_a_field(self, field: str, names: list[str]) -> None:
        values = {"url": "https://example.com/a", "authors": ("Ann Lee",), "language": "en"}
        for name in names:
            written = {name: "Ann Lee" if field == "authors" else values.get(field, "Value")}
            if field != "text":
                written["text"] = "T"
            record = record_of(written, None)
            assert getattr(record, field) == values.get(field, "Value"), name

    def test_the_plainest_name_counts_and_an_empty_one_does_not(self) -> None:
        record = record_of({"body": "no", "text": "yes", "title": "", "headline": "H", "unknown": {"x": 1}}, None)
        assert isinstance(record, Record)
        assert (record.text, record.title) == ("yes", "H")

    def test_nested_and_listed_values(self) -> None:
        record = record_of({"text": ["One.", "Two."], "source": {"id": "ap", "name": "AP"}, "author": [{"name": "Ann"}, "Bo"]}, 3)
        assert isinstance(record, Record)
        assert (record.text, record.outlet, record.authors, record.line) == ("One.\n\nTwo.", "AP", ("Ann", "Bo"), 3)

    @pytest.mark.parametrize("byline", ["By Ann Lee and Bo Li", "Ann Lee, Bo Li", "by Ann Lee; Bo Li", "Ann Lee | Bo Li"])
    def test_bylines(self, byline: str) -> None:
        record = record_of({"text": "T", "byline": byline}, None)
        assert isinstance(record, Record)
        assert record.authors == ("Ann Lee", "Bo Li")

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http://a\nb", 5, "x" * 3_000])
    def test_only_web_addresses_are_kept(self, url: object) -> None:
        record = record_of({"text": "T", "url": url}, None)
        assert isinstance(record, Record)
        assert record.url is None

    def test_titles_are_one_line_without_controls(self) -> None:
        record = record_of({"text": "T", "title": " A\nB\x00\ud800C " + "x" * 2_000}, None)
        assert isinstance(record, Record)
        assert record.title is not None
        assert record.title.startswith("A B C x")
        assert len(record.title) == 1_000

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["text", "body", "id", "source", "author", "name", "url", "date", "x"]), inner, max_size=5
                )
            ),
            max_leaves=12,
        )
    )
    def test_any_value_is_a_record_or_refused(self, value: object) -> None:
        found = record_of(value, 1)
        if isinstance(found, Record):
            for name in (found.id, found.title, found.outlet, *found.authors):
                assert name is None or (name.strip() and name.encode())


class TestMarkdown:
    def test_front_matter_gives_the_fields(self, tmp_path: Path) -> None:
        matter = ["---", 'title: "A title"', "date: 2025-08-04", "authors:", "  - Ann", "  - Bo", "tags: [a, b]", "---"]
        raw = "\r\n".join([*matter, "# Heading", "", "Words."])
        record = only(write(tmp_path / "a.md", raw))
        assert (record.title, record.published, record.published_from) == ("A title", "2025-08-04", "front matter")
        assert (record.authors, record.text) == (("Ann", "Bo"), "Heading\n\nWords.")

    def test_the_first_heading_is_the_title(self, tmp_path: Path) -> None:
        record = only(write(tmp_path / "a.markdown", "# The *first* one\n\nWords.\n\n# The second"))
        assert (record.title, record.text) == ("The first one", "Words.\n\nThe second")

    def test_rules_are_no_front_matter(self, tmp_path: Path) -> None:
        assert only(write(tmp_path / "a.md", "Words.\n\n---\n\nMore.")).text == "Words.\n\nMore."

    def test_what_a_reader_sees(self) -> None:
        source = (
            "A [link](http://a.b) and *emphasis*, **bold** &amp; `code`\nin one line ![picture](i.png)<b>!</b>  \nbroken.\n\n"
            "- one\n- two [ref][r]\n\n> quoted\n\n```py\nx = 1\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n<div>seen<!-- not --></div>\n\n[r]: http://c.d"
        )
        assert render_markdown(source, wants_title=True) == (
            None,
            "A link and emphasis, bold & code in one line picture!\nbroken.\n\none\n\ntwo ref\n\nquoted\n\nx = 1\n\na | b\n\n"
            "1 | 2\n\nseen",
        )

    @pytest.mark.parametrize("text", ["[" * 100_000, "> " * 5_000 + "deep", "![[]()" * 5_000, "<!--" * 20_000, "*a" * 50_000])
    def test_hostile_markdown_is_not_lost(self, text: str) -> None:
        _, shown = render_markdown(text, wants_title=True)
        assert shown

    @given(st.text(st.sampled_from("#*_[]()!<>`-|\\\n ab1.&;:"), max_size=80), st.booleans())
    def test_any_markdown_is_rendered(self, source: str, wants_title: bool) -> None:
        title, text = render_markdown(source, wants_title=wants_title)
        assert wants_title or title is None
        assert text == text.strip()
