"""Documents that are ZIP files of XML: Word (.docx) and e-books (.epub)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from ingest.load.fields import record_of
from ingest.load.html import plain_text
from ingest.load.record import MAX_RECORD_CHARACTERS, Content, Record, Refused

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)


def load_docx(content: Content) -> Iterator[Record | Refused]:
    yield _read(content, _word_document)


def load_epub(content: Content) -> Iterator[Record | Refused]:
    """One article: an e-book's chapters, in their order."""
    yield _read(content, _book)


def _read(content: Content, reader: object) -> Record | Refused:
    assert callable(reader)
    try:
        with zipfile.ZipFile(content.path) as archive:
            text, title = reader(_Parts(archive))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        return Refused("failed", f"not a document that can be read ({str(error)[:120] or type(error).__name__})")
    except OverflowError as error:
        return Refused("failed", str(error))
    if not text.strip():
        return Refused("skipped", "there is no text in it")
    return record_of({"text": text, "title": title, "url": content.address}, None)


class _Parts:
    """The parts of a ZIP file, up to a number of bytes in all, whatever the file says of itself."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = 4 * MAX_RECORD_CHARACTERS

    def read(self, name: str) -> bytes:
        with self._archive.open(name) as part:
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise OverflowError(f"unpacked it has more than {4 * MAX_RECORD_CHARACTERS:,} bytes")
        return content

    def xml(self, name: str) -> Element:
        found = etree.fromstring(self.read(name), _SAFE)
        if found is None:
            raise KeyError(f"{name} is empty")
        return found


def _word_document(parts: _Parts) -> tuple[str, str | None]:
    paragraphs = []
    for paragraph in parts.xml("word/document.xml").iter(f"{_WORD}p"):
        words = (
            part.text or "" if part.tag == f"{_WORD}t" else "\n" if part.tag == f"{_WORD}br" else "\t"
            for part in paragraph.iter(f"{_WORD}t", f"{_WORD}br", f"{_WORD}tab")
        )
        paragraphs.append("".join(words).strip())
    try:
        title = next((one.text for one in parts.xml("docProps/core.xml").iter("{http://purl.org/dc/elements/1.1/}title")), None)
    except KeyError:
        title = None
    return "\n\n".join(filter(None, paragraphs)), title


def _book(parts: _Parts) -> tuple[str, str | None]:
    container = parts.xml("META-INF/container.xml")
    package_name = next(str(one.get("full-path")) for one in container.iter("{*}rootfile"))
    package = parts.xml(package_name)
    files = {str(item.get("id")): str(item.get("href")) for item in package.iter("{*}item")}
    chapters = []
    for reference in package.iter("{*}itemref"):
        if (name := files.get(str(reference.get("idref")))) and re.search(r"html?$", name, re.IGNORECASE):
            page = parts.read(posixpath.normpath(posixpath.join(posixpath.dirname(package_name), name)))
            chapters.append(plain_text(page.decode("utf-8", "replace")))
    return "\n\n".join(chapters), next((one.text for one in package.iter("{*}title")), None)
