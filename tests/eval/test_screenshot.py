"""The pictures of the documentation can be taken anew, and show questions that the README offers."""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path

import pytest

from eval import screenshot
from eval.screenshot import CHROMIUM, DOCS, PICTURES, QUESTIONS, Picture, main, take
from rag.errors import DatelineError

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def size_of(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_questions_are_those_of_the_readme() -> None:
    assert [question for question in QUESTIONS if f'"{question}"' not in README] == []


def test_the_documentation_shows_the_pictures_that_are_taken_and_no_other() -> None:
    pages = [path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))]
    shown = {name for page in pages for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)}
    assert shown == {picture.name for picture in PICTURES} == {path.name for path in DOCS.glob("*.png")}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_each_is_there_and_small(picture: Picture) -> None:
    path = DOCS / picture.name
    assert size_of(path) == (picture.size["width"], picture.size["height"])
    assert path.stat().st_size < 300_000


def test_without_a_browser_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshot, "CHROMIUM", tmp_path / "nowhere")
    with pytest.raises(DatelineError, match="no browser at"):
        take("http://127.0.0.1:9", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_come_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DatelineError, match="did not answer"), screenshot.serve_sample(tmp_path):
        pass


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")
def test_they_are_taken_of_a_real_conversation(tmp_path: Path) -> None:
    main(["--folder", str(tmp_path)])
    for picture in PICTURES:
        assert size_of(tmp_path / picture.name) == (picture.size["width"], picture.size["height"])
