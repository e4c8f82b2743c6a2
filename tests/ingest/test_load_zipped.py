"""Word files and e-books as programs write them: boxes, tracked changes, other names of parts, chapters that are not there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.load.record import Content, Record
from ingest.load.zipped import load_docx, load_epub

OPEN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
BOX = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"


def word(folder: Path, body: str, space: str = OPEN, part: str = "word/document.xml", rels: str = "") -> str:
    path = folder / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, f'<w:document xmlns:w="{space}" xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>')
        if rels:
            archive.writestr("_rels/.rels", rels)
    found = next(load_docx(Content(path, path.name)))
    assert isinstance(found, Record)
    return found.text


def run(text: str, mark: str = "") -> str:
    return f"<w:r><w:rPr>{mark}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            f"<w:p>{run('Before.')}<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>"
            f"</mc:AlternateContent></w:r></w:p><w:p>{run('After.')}</w:p>",
            "Before.\n\nIn the box.\n\nAfter.",
        ),
        (
            f"<w:p><w:moveFrom>{run('Moved.')}</w:moveFrom></w:p><w:p>{run('Stays.')}</w:p><w:p><w:moveTo>{run('Moved.')}</w:moveTo></w:p>",
            "Stays.\n\nMoved.",
        ),
        (f"<w:p>{run('Seen')}{run(' not seen', '<w:vanish/>')}{run(' again')}</w:p>", "Seen again"),
        (f"<w:p>{run('Seen', '<w:vanish w:val=&quot;0&quot;/>'.replace('&quot;', chr(34)))}</w:p>", "Seen"),
        (f"<w:p>{run('30')}<w:r><w:noBreakHyphen/></w:r>{run('year loan')}</w:p>", "30-year loan"),
    ],
)
def test_words_are_read_once_and_as_they_are_seen(body: str, text: str, tmp_path: Path) -> None:
    assert word(tmp_path, body) == text


def test_the_strict_form_and_a_part_of_another_name(tmp_path: Path) -> None:
    rels = '<Relationships><Relationship Type="http://x/officeDocument" Target="/text/main.xml"/></Relationships>'
    assert word(tmp_path, f"<w:p>{run('Words.')}</w:p>", STRICT, "text/main.xml", rels) == "Words."


def book(folder: Path, items: str, chapters: dict[str, bytes]) -> Record:
    path = folder / "a.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="B/p.opf"/></rootfiles></container>'
        )
        archive.writestr(
            "B/p.opf",
            '<package><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tides</dc:title>'
            "<dc:creator>Ada Holm</dc:creator>"
            "<dc:creator>Bo Lind</dc:creator><dc:publisher>Orm Post</dc:publisher><dc:date>2024-05-02</dc:date>"
            f"<dc:language>en</dc:language></metadata><manifest>{items}</manifest>"
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        )
        for name, page in chapters.items():
            archive.writestr(f"B/{name}", page)
    found = next(load_epub(Content(path, path.name)))
    assert isinstance(found, Record)
    return found


def test_a_chapter_with_a_blank_in_its_name_and_one_called_xml(tmp_path: Path) -> None:
    items = '<item id="a" href="one%20two.html"/><item id="b" href="b.xml" media-type="application/xhtml+xml"/>'
    found = book(tmp_path, items, {"one two.html": b"<p>First.</p>", "b.xml": b"<p>Second.</p>"})
    assert (found.text, found.notes) == ("First.\n\nSecond.", ())
    assert (found.title, found.authors, found.outlet) == ("Tides", ("Ada Holm", "Bo Lind"), "Orm Post")
    assert (found.published, found.language) == ("2024-05-02", "en")


def test_a_missing_chapter_is_noted_and_a_declared_encoding_counts(tmp_path: Path) -> None:
    items = '<item id="a" href="a.html"/><item id="b" href="b.html"/>'
    found = book(tmp_path, items, {"a.html": '<?xml version="1.0" encoding="iso-8859-1"?><p>Über</p>'.encode("latin-1")})
    assert (found.text, found.notes) == ("Über", ("the chapter b.html is missing",))
