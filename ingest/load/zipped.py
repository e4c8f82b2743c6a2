"""Documents that are ZIP files of XML: Word (.docx) and e-books (.epub)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from ingest.load.fields import record_of
from ingest.load.html import plain_text
from ingest.load.record import MAX_RECORD_CHARACTERS, Content, Note, Record, Refusal

_WORD = frozenset(
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
)
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_BOOK_FIELDS = (("authors", "creator"), ("outlet", "publisher"), ("published", "date"), ("language", "language"))
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,80}encoding\s*=\s*[\"']([\w.:-]{2,40})")
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)


def load_docx(content: Content) -> Iterator[Record | Refusal]:
    yield _read(content, _word_document)


def load_epub(content: Content) -> Iterator[Record | Refusal]:
    """One article: an e-book's chapters, in their order."""
    yield _read(content, _book)


def _read(content: Content, reader: Callable[[_Parts], _Found]) -> Record | Refusal:
    try:
        with zipfile.ZipFile(content.path) as archive:
            found = reader(_Parts(archive))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        return Refusal("failed", f"not a document that can be read ({str(error)[:120] or type(error).__name__})")
    except OverflowError as error:
        return Refusal("failed", str(error))
    if not found.text.strip():
        return Refusal("skipped", "there is no text in it")
    record = record_of({"text": found.text, "title": found.title, "url": content.address, **found.fields}, None)
    return replace(record, notes=(*record.notes, *found.notes)) if isinstance(record, Record) else record


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    title: str | None
    fields: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


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


def _word_document(parts: _Parts) -> _Found:
    """Its paragraphs as they read with all changes accepted; a text box once, at the paragraph that it hangs on."""
    body = parts.xml(_main_part(parts))
    for unseen in [*body.iter("{*}Fallback"), *body.iter("{*}moveFrom"), *body.iter("{*}del")]:
        unseen.clear()
    for run in [run for run in body.iter("{*}r") if any(_is_on(mark) for mark in run.iterfind("{*}rPr/{*}vanish"))]:
        run.clear()
    paragraphs = [_words(paragraph) for paragraph in body.iter("{*}p") if _is_word(paragraph)]
    return _Found("\n\n".join(filter(None, paragraphs)), _core_title(parts))


def _main_part(parts: _Parts) -> str:
    """The part that the package names as its document."""
    try:
        relations = parts.xml("_rels/.rels").iter("{*}Relationship")
    except KeyError:
        return "word/document.xml"
    targets = (str(one.get("Target")) for one in relations if str(one.get("Type")).endswith("/officeDocument"))
    return next(targets, "word/document.xml").lstrip("/")


def _is_on(mark: Element) -> bool:
    return all(value not in ("0", "false", "off") for value in mark.attrib.values())


def _is_word(part: Element) -> bool:
    return etree.QName(part).namespace in _WORD


def _words(paragraph: Element) -> str:
    """Its own words, without those of the paragraphs in its text boxes."""
    signs = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
    words = (
        signs.get(etree.QName(part).localname, part.text or "")
        for part in paragraph.iter("{*}t", "{*}br", "{*}cr", "{*}tab", "{*}noBreakHyphen")
        if _is_word(part) and next(part.iterancestors("{*}p"), None) is paragraph
    )
    return "".join(words).strip()


def _core_title(parts: _Parts) -> str | None:
    try:
        return next((one.text for one in parts.xml("docProps/core.xml").iter("{http://purl.org/dc/elements/1.1/}title")), None)
    except KeyError:
        return None


def _book(parts: _Parts) -> _Found:
    container = parts.xml("META-INF/container.xml")
    package_name = next((str(one.get("full-path")) for one in container.iter("{*}rootfile")), None)
    if package_name is None:
        raise KeyError("it names no package")
    package = parts.xml(unquote(package_name))
    files = {str(item.get("id")): item for item in package.iter("{*}item")}
    chapters, notes = [], []
    for reference in package.iter("{*}itemref"):
        item = files.get(str(reference.get("idref")))
        if item is None or not _is_chapter(item):
            continue
        name = str(item.get("href")).partition("#")[0]
        try:
            page = _chapter(parts, posixpath.join(posixpath.dirname(unquote(package_name)), name))
        except KeyError:
            notes.append(Note(f"the chapter {unquote(name)} is missing", "chapter-missing", lost=True))
            continue
        chapters.append(plain_text(_as_text(page)))
    fields = {name: [one.text for one in package.iter(f"{_DUBLIN}{tag}") if one.text] for name, tag in _BOOK_FIELDS}
    given = {name: value if name == "authors" else value[0] for name, value in fields.items() if value}
    title = next((one.text for one in package.iter(f"{_DUBLIN}title")), None)
    return _Found("\n\n".join(chapters), title, given, tuple(notes))


def _is_chapter(item: Element) -> bool:
    return "html" in str(item.get("media-type")).lower() or re.search(r"html?$", str(item.get("href")), re.IGNORECASE) is not None


def _chapter(parts: _Parts, path: str) -> bytes:
    """Names in the package are written as in an address, with %20 for a space; some programs write them as they are."""
    try:
        return parts.read(posixpath.normpath(unquote(path)))
    except KeyError:
        return parts.read(posixpath.normpath(path))


def _as_text(page: bytes) -> str:
    """As its XML declaration says, where that can be; else UTF-8."""
    declared = _DECLARED.match(page)
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page.decode("utf-16", "replace")
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return page.decode(declared[1].decode("ascii") if declared else "cp1252", "replace")
    except LookupError:
        return page.decode("utf-8", "replace")
