"""From the paths a user gives to the files that are read, and why others are not."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.fetch import FetchedPage
from ingest.load.record import Refusal
from rag.errors import InputError

LISTS = frozenset({".txt", ".urls", ".lst"})
MAX_LIST_BYTES = 10_000_000

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, or the reason why what lies there is not read.

    `path` is absolute where `find_files` makes it, since other processes read it in other directories; `given` is that path as
    the user writes it. Of a page that was fetched into the file, `address` is the URL that was asked for and `page` what the
    server said of it; `unchanged` that it has not changed, so that there is no file.
    """

    path: Path
    refused: Refusal | None = None
    address: str | None = None
    page: FetchedPage | None = None
    unchanged: bool = False
    given: Path | None = None

    @property
    def shown(self) -> str:
        """The path or URL as given or found, with bytes that are no UTF-8 written as escapes."""
        return self.address or show_path(self.given or self.path)

    @property
    def origin(self) -> str:
        """The absolute path or the URL, by which the archive knows the file again."""
        return self.address or show_path(self.path.resolve())

    @property
    def name(self) -> str:
        return "" if self.address else self.path.name

    @property
    def size(self) -> int:
        """In bytes; 0 where it cannot be known."""
        try:
            return 0 if self.refused else self.path.stat().st_size
        except OSError:
            return 0

    @property
    def fetched_as(self) -> dict[str, str | None]:
        """What a loader should know of a page that was fetched."""
        page = self.page
        return {"address": page.url, "charset": page.charset, "media_type": page.media_type} if page else {}


def show_path(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_address(given: str) -> bool:
    """Whether it names a page and not a file."""
    return _ADDRESS.match(given) is not None


def addresses_in(path: Path) -> list[str] | None:
    """The URLs in a file that lists nothing else, one a line; None for any other file."""
    if path.suffix.lower() not in LISTS or not path.is_file() or path.stat().st_size > MAX_LIST_BYTES:
        return None
    lines = [line.strip() for line in path.read_bytes().decode("utf-8", "replace").splitlines()]
    given = [line for line in lines if line and not line.startswith("#")]
    return given if given and all(is_address(line) and " " not in line for line in given) else None


def find_files(
    paths: Sequence[str],
    fetched: Callable[[str], FoundFile] | None = None,
    passed_over: Callable[[Path], bool] = lambda _: False,
) -> Iterator[FoundFile]:
    """The files at and below the paths, by name, but those `passed_over`, and the pages at URLs and in files that list URLs.

    Without `fetched`, which gets a page, pages are left out. Raises InputError that names a path at which there is nothing.
    """
    if not paths:
        raise InputError("no path given; name the files, folders or URLs to ingest")
    for given in paths:
        if not is_address(given) and not os.path.lexists(given):
            raise InputError(f"{given}: there is no such file or folder")
    return _once(paths, fetched, passed_over)


def _once(
    paths: Sequence[str], fetched: Callable[[str], FoundFile] | None, passed_over: Callable[[Path], bool]
) -> Iterator[FoundFile]:
    seen: set[Path | str] = set()
    for given in paths:
        addresses = [given] if is_address(given) else addresses_in(Path(given))
        if addresses is not None:
            for address in addresses:
                if fetched and address not in seen:
                    seen.add(address)
                    yield fetched(address)
            continue
        for found in _below(Path(given)):
            whole = replace(found, path=found.path.absolute(), given=found.path)
            if whole.path not in seen and not passed_over(whole.path):
                seen.add(whole.path)
                yield whole


def _below(given: Path) -> Iterator[FoundFile]:
    """A link that the user names is followed; one inside a folder is not. Hidden entries of a folder are passed over."""
    waiting = [given]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.stat().st_mode if path == given else path.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting += sorted((entry for entry in path.iterdir() if not entry.name.startswith(".")), reverse=True)
                continue
        except OSError as error:
            yield FoundFile(path, Refusal("failed", f"it cannot be read: {error.strerror or error}"))
            continue
        if stat.S_ISREG(mode):
            yield FoundFile(path)
        elif stat.S_ISLNK(mode):
            yield FoundFile(path, Refusal("skipped", _link(path, given)))
        else:
            yield FoundFile(path, Refusal("skipped", "a pipe, socket or device, not a file"))


def _link(path: Path, folder: Path) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if target.is_relative_to(folder.resolve()):
        return f"a link to {show_path(target)}, which is read where it is"
    return f"a link that leads out of the folder, to {show_path(target)}; name that path to ingest it"
