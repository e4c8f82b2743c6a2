"""Tables, PDF, Word, e-books, packed files, and loaders that others bring."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

import ingest.load as module
from ingest.load import Content, Record, Refusal, load
from ingest.paragraphs import join_lines


def records(path: Path) -> list[Record]:
    found = list(load(path))
    assert all(isinstance(one, Record) for one in found), found
    return [one for one in found if isinstance(one, Record)]


def refused(path: Path) -> Refusal:
    (found,) = load(path)
    assert isinstance(found, Refusal), found
    return found


class TestTables:
    def test_a_row_is_an_article(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('Headline,Body,Date,Link\n"Bridge, agreed","Two\nlines",2025-08-04,https://a.example/1\n\nB,Words,,\n')
        first, second = records(path)
        assert (first.title, first.text, first.published, first.url, first.line) == (
            "Bridge, agreed", "Two\nlines", "2025-08-04", "https://a.example/1", 2,
        )  # fmt: skip
        assert (second.text, second.line) == ("Words", 5)

    @pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "\t"), ("a.csv", "|")])
    def test_any_usual_delimiter(self, name: str, delimiter: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text(delimiter.join(("title", "text")) + "\n" + delimiter.join(("T", "Words, many")) + "\n")
        assert [(one.title, one.text) for one in records(tmp_path / name)] == [("T", "Words, many")]

    def test_another_encoding_is_found(self, tmp_path: Path) -> None:
        rows = "title,text\n" + "Zürich,Die Brücke über den Fluss wurde geöffnet und die Züge fahren wieder.\n" * 5
        (tmp_path / "a.csv").write_bytes(rows.encode("cp1252"))
        assert "Brücke" in records(tmp_path / "a.csv")[0].text

    def test_a_bad_row_is_named_and_the_others_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("title,text\nA,Words\nB,too,many\nC,\nD,More words\n")
        found = list(load(tmp_path / "a.csv"))
        assert [type(one) for one in found] == [Record, Refusal, Refusal, Record]
        assert [one.line for one in found] == [2, 3, 4, 5]

    @pytest.mark.parametrize(
        ("raw", "why"), [(b"title,when\nA,B\n", "no column with the text"), (b"text\n", "no rows"), (b"te\x00xt\nA\n", "binary")]
    )
    def test_what_is_no_table_of_articles(self, raw: bytes, why: str, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(raw)
        assert why in refused(tmp_path / "a.csv").reason


def pdf(*pages: list[str], title: str | None = None) -> bytes:
    """A PDF with lines of text on each page."""
    writer = PdfWriter()
    if title:
        writer.add_metadata({"/Title": title, "/CreationDate": "D:20200101000000Z"})
    for lines in pages:
        drawn = "BT /F1 12 Tf 14 TL 50 700 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        out, places = "%PDF-1.4\n", []
        for number, body in enumerate(objects, start=1):
            places.append(len(out))
            out += f"{number} 0 obj{body}endobj\n"
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        out += f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
        writer.append(PdfReader(io.BytesIO(out.encode())))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


class TestPdf:
    def test_lines_become_paragraphs(self, tmp_path: Path) -> None:
        lines = ["The council of the har-", "bour town met on Monday.", "It spoke about bridges."]
        (tmp_path / "a.pdf").write_bytes(pdf(lines, ["The next page."], title="The council and the bridge"))
        (record,) = records(tmp_path / "a.pdf")
        assert "The council of the harbour town met on Monday." in record.text
        assert record.text.endswith("The next page.")
        assert (record.title, record.published) == ("The council and the bridge", None)

    def test_a_scan_has_no_text(self, tmp_path: Path) -> None:
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write(tmp_path / "a.pdf")
        assert "may be a scan" in refused(tmp_path / "a.pdf").reason

    def test_an_encrypted_file_is_named(self, tmp_path: Path) -> None:
        writer = PdfWriter(io.BytesIO(pdf(["Words"])))
        writer.append(PdfReader(io.BytesIO(pdf(["Words"]))))
        writer.encrypt("secret", algorithm="RC4-128")
        writer.write(tmp_path / "a.pdf")
        found = refused(tmp_path / "a.pdf")
        assert (found.outcome, "encrypted" in found.reason) == ("failed", True)

    def test_a_file_that_opens_without_a_password_is_read(self, tmp_path: Path) -> None:
        writer = PdfWriter()
        writer.append(PdfReader(io.BytesIO(pdf(["The ferry to Quenby sails again."]))))
        writer.encrypt("", "owner", algorithm="AES-256")
        writer.write(tmp_path / "a.pdf")
        (record,) = records(tmp_path / "a.pdf")
        assert "The ferry to Quenby sails again." in record.text

    @pytest.mark.parametrize("raw", [b"%PDF-1.7", b"%PDF-1.7\ngarbage" * 100, pdf(["Words"])[:300]])
    def test_what_is_cut_off_is_refused(self, raw: bytes, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(raw)
        assert refused(tmp_path / "a.pdf").reason

    def test_pages_that_hold_themselves_end(self, tmp_path: Path) -> None:
        raw = pdf(["Words"]).replace(b"/Kids [ 4 0 R ]", b"/Kids [ 1 0 R ]")
        (tmp_path / "a.pdf").write_bytes(raw)
        assert list(load(tmp_path / "a.pdf"))

    @pytest.mark.slow
    def test_a_bomb_takes_its_reader_and_nothing_else(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ingest.load.pdf.SECONDS", 5)
        writer = PdfWriter(io.BytesIO(pdf(["Words"])))
        writer.append(PdfReader(io.BytesIO(pdf(["(A) Tj " * 3] * 2))))
        raw = pdf(["Words"])
        drawn = b"BT " + b"(A) Tj " * 30_000_000 + b"ET"
        raw = raw.replace(b"stream\n", b"stream\n" + drawn[:150_000_000], 1)
        (tmp_path / "a.pdf").write_bytes(raw)
        assert refused(tmp_path / "a.pdf").reason


def test_divided_words_are_whole_and_dashes_stay() -> None:
    assert join_lines("The har-\nbour of North-\nSouth is long enough to fill.\nEnd.\nNew one") == (
        "The harbour of North-South is long enough to fill. End.\n\nNew one"
    )
    assert join_lines("") == ""


class TestZipped:
    def test_word(self, tmp_path: Path) -> None:
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
            archive.writestr(
                "word/document.xml",
                f"<w:document {space}><w:body><w:p><w:r><w:t>The bridge </w:t></w:r><w:r><w:t>was opened.</w:t></w:r></w:p>"
                "<w:p/><w:p><w:r><w:t>It rained.</w:t></w:r></w:p></w:body></w:document>",
            )
        assert records(tmp_path / "a.docx")[0].text == "The bridge was opened.\n\nIt rained."

    def test_a_book(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
            archive.writestr(
                "META-INF/container.xml", '<container><rootfiles><rootfile full-path="in/p.opf"/></rootfiles></container>'
            )
            archive.writestr(
                "in/p.opf",
                '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Bridges</dc:title><manifest>'
                '<item id="b" href="two.xhtml"/><item id="a" href="one.xhtml"/></manifest>'
                '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
            )
            archive.writestr("in/one.xhtml", "<html><body><p>First.</p></body></html>")
            archive.writestr("in/two.xhtml", "<html><body><p>Second.</p></body></html>")
        (record,) = records(tmp_path / "a.epub")
        assert (record.title, record.text) == ("Bridges", "First.\n\nSecond.")

    @pytest.mark.parametrize("name", ["a.docx", "a.epub"])
    def test_others_are_refused(self, name: str, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("words.txt", "words")
        assert "not a document" in refused(tmp_path / name).reason
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:40])
        assert refused(tmp_path / name).reason

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        with (
            zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("word/document.xml", "w") as part,
        ):
            for _ in range(90):
                part.write(b"\0" * 1_000_000)
        assert "more than 80,000,000 bytes" in refused(tmp_path / "a.docx").reason


class TestPacked:
    def test_any_format_may_be_packed(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "one"}\n{"text": "two"}\n'))
        (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"text\nthree\n"))
        (tmp_path / "c.json").write_bytes(gzip.compress(json.dumps({"text": "four"}).encode()))
        assert [one.text for name in ("a.jsonl.gz", "b.csv.gz", "c.json") for one in records(tmp_path / name)] == [
            "one", "two", "three", "four",
        ]  # fmt: skip

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        bomb = gzip.compress(b"\0" * 10_000_000)
        (tmp_path / "a.txt.gz").write_bytes(bomb * 21)
        assert "more than 200,000,000 bytes" in refused(tmp_path / "a.txt.gz").reason

    @pytest.mark.parametrize("raw", [gzip.compress(bytes(range(256)) * 9, mtime=0)[:200], b"\x1f\x8bno"])
    def test_a_broken_one_is_refused(self, raw: bytes, tmp_path: Path) -> None:
        (tmp_path / "a.txt.gz").write_bytes(raw)
        assert "not a gzip file" in refused(tmp_path / "a.txt.gz").reason


def shouted(content: Content) -> Iterator[Record | Refusal]:
    """A loader as another package would bring it."""
    yield Record(content.path.read_text().upper())


def broken(content: Content) -> Iterator[Record | Refusal]:
    raise ZeroDivisionError(content.name)
    yield


class TestPlugins:
    @pytest.fixture(autouse=True)
    def plugins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        points = [
            EntryPoint(name, f"tests.ingest.test_load_documents:{value}", module.PLUGINS)
            for name, value in ((".loud", "shouted"), ("bad", "broken"), (".gone", "nothing"))
        ]
        monkeypatch.setattr(module, "plugins", lambda: {module._suffix(point.name): module._plugin(point) for point in points})

    def test_a_loader_of_another_package_reads_its_suffix(self, tmp_path: Path) -> None:
        (tmp_path / "a.loud").write_text("words")
        assert [one.text for one in records(tmp_path / "a.loud")] == ["WORDS"]

    @pytest.mark.parametrize(("suffix", "why"), [("bad", "ZeroDivisionError"), ("gone", "nothing for .gone cannot be used")])
    def test_one_that_fails_is_named(self, suffix: str, why: str, tmp_path: Path) -> None:
        (tmp_path / f"a.{suffix}").write_text("words")
        assert why in refused(tmp_path / f"a.{suffix}").reason
