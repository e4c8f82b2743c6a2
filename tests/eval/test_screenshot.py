"""The screenshot of the documentation can be taken anew, and shows questions that the README offers."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from eval import screenshot
from eval.screenshot import CHROMIUM, OUT, QUESTIONS, SIZE, main, take
from rag.errors import DatelineError

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def size_of(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_questions_are_those_of_the_readme() -> None:
    assert [question for question in QUESTIONS if f'"{question}"' not in README] == []


@pytest.mark.skipif(not OUT.exists(), reason="there is no screenshot yet: python -m eval.screenshot takes it")
def test_the_documentation_has_a_small_one() -> None:
    assert size_of(OUT) == (SIZE["width"], SIZE["height"])
    assert OUT.stat().st_size < 300_000


def test_without_a_browser_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshot, "CHROMIUM", tmp_path / "nowhere")
    with pytest.raises(DatelineError, match="no browser at"):
        take("http://127.0.0.1:9", tmp_path / "shot.png")
    assert not (tmp_path / "shot.png").exists()


def test_a_server_that_does_not_come_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DatelineError, match="did not answer"), screenshot.serve_sample(tmp_path):
        pass


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")
def test_it_is_taken_of_a_real_conversation(tmp_path: Path) -> None:
    main(["--out", str(tmp_path / "shot.png")])
    assert size_of(tmp_path / "shot.png") == (SIZE["width"], SIZE["height"])
