from __future__ import annotations

import os
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import pytest

from ingest.files import FoundFile, find_files
from rag.errors import InputError


def found_below(*paths: Path) -> dict[str, str | None]:
    """Names and reasons; the name is relative to the first path."""
    return {os.path.relpath(found.path, paths[0]): reason(found) for found in find_files([str(path) for path in paths])}


def reason(found: FoundFile) -> str | None:
    return found.refused.reason if found.refused else None


def test_files_come_in_order_of_name_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.txt", ".git/config", ".hidden", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(found_below(tmp_path)) == ["a/y.txt", "a/z.txt", "b.txt", "c.txt"]


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert list(found_below(tmp_path, tmp_path / "a.txt", tmp_path)) == ["a.txt"]


def test_no_path_and_a_missing_path_are_errors_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no path given"):
        find_files([])
    with pytest.raises(InputError, match="missing: there is no such file or folder"):
        find_files([str(tmp_path), str(tmp_path / "missing")])


def test_links_in_a_folder_are_not_followed_and_a_given_link_is(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    (folder / "inner").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "dead").symlink_to(folder / "nothing")
    (folder / "out").symlink_to("/etc")
    found = found_below(folder)
    assert found.pop("a.txt") is None
    assert {name: str(why).partition(",")[0].partition(" to ")[0] for name, why in found.items()} == {
        "inner": "a link",
        "loop": "a link",
        "self": "a link that leads nowhere",
        "dead": "a link that leads nowhere",
        "out": "a link that leads out of the folder",
    }
    assert list(found_below(folder / "inner")) == ["."]


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert found_below(tmp_path) == {"pipe.txt": "a pipe, socket or device, not a file"}
    assert found_below(Path("/dev/zero")) == {".": "a pipe, socket or device, not a file"}


def test_names_that_are_long_or_no_unicode(tmp_path: Path) -> None:
    (tmp_path / ("x" * 251 + ".txt")).write_text("x")
    strange = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(strange)).write_text("x")
    found = list(find_files([str(tmp_path)]))
    assert [each.shown.encode() and each.shown.rpartition("/")[2][:8] for each in found] == ["caf\\xe9.", "x" * 8]
    assert found[0].origin.endswith("caf\\xe9.txt")


def test_folders_nested_deeper_than_the_stack(tmp_path: Path) -> None:
    deep = tmp_path
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(900):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
            deep = deep / "d"
        os.close(os.open("a.txt", os.O_CREAT, dir_fd=here))
    finally:
        os.close(here)
    assert [found.path for found in find_files([str(tmp_path)])] == [deep / "a.txt"]


def test_what_may_not_be_read_is_reported_and_the_rest_is_found(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "b.txt").write_text("x")
    (tmp_path / "closed").chmod(0)
    for folder in (tmp_path, *takewhile(lambda parent: parent != Path(gettempdir()), tmp_path.parents)):
        folder.chmod(0o755)
    code = (
        "import os, sys\n"
        "from ingest.files import find_files\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "for found in find_files(sys.argv[1:]): print(found.path.name, found.refused and found.refused.reason)\n"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert done.stdout == "b.txt None\nclosed it cannot be read: Permission denied\n", done.stderr


def test_pages_and_lists_of_pages_are_fetched_in_their_place(tmp_path: Path) -> None:
    listed = tmp_path / "sites.txt"
    listed.write_text("# mornings\nhttps://a.example/1\n\nhttps://b.example/2\nhttps://a.example/1\n")
    story = tmp_path / "story.txt"
    story.write_text("https://a.example/1 was down on Monday.")
    asked: list[str] = []

    def fetched(url: str) -> FoundFile:
        asked.append(url)
        return FoundFile(story, address=url)

    found = list(find_files(["https://c.example/feed", str(listed), str(story)], fetched))
    assert asked == ["https://c.example/feed", "https://a.example/1", "https://b.example/2"]
    assert [file.shown for file in found] == [*asked, str(story)]
    assert [file.origin for file in found][-1] == str(story.resolve())


def test_nothing_is_fetched_that_was_not_named(tmp_path: Path) -> None:
    (tmp_path / "sites.urls").write_text("https://a.example/1\n")
    asked: list[str] = []

    def fetched(url: str) -> FoundFile:
        asked.append(url)
        return FoundFile(tmp_path, address=url)

    assert [file.name for file in find_files([str(tmp_path)], fetched)] == ["sites.urls"]
    assert asked == []
    assert list(find_files(["https://a.example/"])) == []
