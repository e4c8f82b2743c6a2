"""A GGUF file as a language model: a real small one in a process of its own, and files and processes that fail."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LanguageModelError, PromptTooLong, UsageError
from rag.llm import Limits, child, load_language_model
from rag.llm.child import Child
from rag.llm.gguf import read_trained_context
from rag.llm.gguf_server import LISTENS
from rag.llm.local import CONTEXT, LocalModel
from rag.pipeline import Rag
from rag.settings import load_settings
from rag.types import Prompt

PATIENT = Limits(connect=60, first=600, gap=600, total=900)
"""For machines that are busy with other things."""
PROMPT = Prompt("Be short.", "What is the capital of France?", 12)
LONG = Prompt("Tell stories.", "Tell a long story about a ferry.", 400)
QUESTIONS = ("Who heads the union of the ferry workers?", "How many homes were destroyed by the fire in the Thornback Hills?")


@pytest.fixture(scope="session")
def running(small_model: Path) -> Iterator[LocalModel]:
    """The real model, loaded once."""
    model = LocalModel(small_model, PATIENT)
    for _ in model.loading():
        pass
    yield model
    model.close()


@pytest.fixture
def own(small_model: Path) -> Iterator[LocalModel]:
    """The real model in a process that a test may end."""
    model = LocalModel(small_model, PATIENT)
    yield model
    model.close()


def said(model: LocalModel, prompt: Prompt = PROMPT) -> str:
    return "".join(model.stream(prompt))


def first_word(stream: Iterator[str]) -> str:
    return next(piece for piece in stream if piece)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not asked for its exit code does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    for _ in range(600):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def head(*entries: tuple[bytes, int, bytes], count: int | None = None) -> bytes:
    """The beginning of a GGUF file."""
    pairs = b"".join(struct.pack("<Q", len(key)) + key + struct.pack("<I", kind) + value for key, kind, value in entries)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries) if count is None else count) + pairs


NAME = (b"general.name", 8, struct.pack("<Q", 5) + b"Small")
LIST = (b"general.sizes", 9, struct.pack("<IQ", 4, 3) + b"\0" * 12)
WORDS = (b"tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 1) + struct.pack("<Q", 1) + b"a")
TRAINED = (b"llama.context_length", 4, struct.pack("<I", 2048))


class TestHead:
    @pytest.mark.parametrize(
        ("content", "tokens"),
        [
            (head(NAME, LIST, TRAINED), 2048),
            (head((b"qwen2.context_length", 10, struct.pack("<Q", 131072))), 131072),
            (head(NAME, WORDS, TRAINED), None),
            (head(NAME), None),
            (head(NAME, count=2**63), None),
            (head((b"a", 99, b""), TRAINED), None),
            (head(TRAINED)[:-2], None),
            (head((b"llama.context_length", 5, struct.pack("<i", -1))), None),
            (b"GGUF", None),
        ],
    )
    def test_the_context_that_it_was_trained_on(self, content: bytes, tokens: int | None, tmp_path: Path) -> None:
        (tmp_path / "model.gguf").write_bytes(content)
        assert read_trained_context(tmp_path / "model.gguf") == tokens
        assert LocalModel(tmp_path / "model.gguf").window == min(CONTEXT, tokens or CONTEXT)

    @given(st.binary(max_size=200))
    def test_no_content_is_too_odd(self, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
        path = tmp_path_factory.getbasetemp() / "odd.gguf"
        path.write_bytes(b"GGUF" + content)
        tokens = read_trained_context(path)
        assert tokens is None or tokens > 0

    @pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04", b"<html>"])
    def test_what_is_no_gguf(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "model.gguf").write_bytes(content)
        with pytest.raises(LanguageModelError, match=r"model\.gguf is no GGUF file"):
            said(LocalModel(tmp_path / "model.gguf"))

    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "nowhere.gguf"):
            with pytest.raises(LanguageModelError, match=f"{path} cannot be read .*DATELINE_LLM_GGUF"):
                said(LocalModel(path))


class TestChoosing:
    def test_by_the_setting_and_by_its_path(self, tmp_path: Path) -> None:
        settings = load_settings(llm_gguf=tmp_path / "Small-1B.gguf")
        assert load_language_model("local", settings).name == "Small-1B"
        assert load_language_model(f"local:{tmp_path}/Other.gguf", settings).name == "Other"
        with pytest.raises(UsageError, match="DATELINE_LLM_GGUF"):
            load_language_model("local", load_settings())

    def test_the_package_is_named_where_it_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "model.gguf").write_bytes(head(TRAINED))
        monkeypatch.setitem(sys.modules, "xllamacpp", None)
        with pytest.raises(LanguageModelError, match=r'pip install "dateline\[local\]"'):
            said(LocalModel(tmp_path / "model.gguf"))

    def test_a_closed_one_starts_nothing(self, tmp_path: Path) -> None:
        pytest.importorskip("xllamacpp")
        (tmp_path / "model.gguf").write_bytes(head(TRAINED))
        model = LocalModel(tmp_path / "model.gguf")
        model.close()
        with pytest.raises(LanguageModelError, match="closed"):
            said(model)


class TestProcess:
    """With programs that stand for the one that runs a model."""

    def started(self, code: str) -> Child:
        return Child(Path("/models/some.gguf"), 512, (sys.executable, "-c", code))

    def test_it_is_told_the_key_where_nobody_else_sees_it(self, tmp_path: Path) -> None:
        code = f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(sys.stdin.readline() + ' '.join(sys.argv))"
        process = self.started(code)
        with pytest.raises(LanguageModelError, match=r"/models/some\.gguf cannot be used"):
            list(process.listening())
        told = (tmp_path / "told").read_text()
        assert told.count(process.key) == 1
        assert '"context": 512' in told
        assert len(process.key) >= 32
        assert self.started("").key != process.key

    def test_what_else_it_prints_holds_up_nothing(self) -> None:
        code = f"print('noise ' * 50_000); print('\\n{LISTENS}http://127.0.0.1:1', flush=True); input(); input()"
        process = self.started(code)
        assert set(process.listening()) <= {""}
        assert process.url == "http://127.0.0.1:1/v1"
        process.end()
        assert not alive(process.pid)

    def test_one_that_is_never_ready_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(child, "LOADING_SECONDS", 0.4)
        process = self.started("import time; time.sleep(600)")
        with pytest.raises(LanguageModelError, match=r"some\.gguf was not loaded within 0\.4 seconds"):
            list(process.listening())
        assert gone(process.pid)

    @pytest.mark.parametrize(
        ("code", "why"),
        [
            ("import os; os.abort()", "SIGABRT"),
            ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
            ("raise SystemExit(3)", "ended with 3"),
            ("import no_such_package", "No module named"),
            ("print('0.00.01 E srv load: no memory left'); print('more'); raise SystemExit(1)", "no memory left"),
        ],
    )
    def test_why_it_ended(self, code: str, why: str) -> None:
        process = self.started(code)
        with pytest.raises(LanguageModelError, match=r"/models/some\.gguf cannot be used.*smaller model") as raised:
            list(process.listening())
        assert why in str(raised.value)
        process.end()


def test_it_speaks(running: LocalModel) -> None:
    assert "Paris" in said(running)
    assert running.window == CONTEXT


def test_it_serves_nobody_else(running: LocalModel) -> None:
    """Every local user can connect to a port of loopback; the key keeps them out."""
    process = running._child
    assert process is not None
    assert process.url is not None
    assert urlsplit(process.url).hostname == "127.0.0.1"
    for path in ("models", "props", "slots"):
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{process.url.removesuffix('/v1')}/{path if path != 'models' else 'v1/models'}", timeout=60)
        assert refused.value.code in (401, 404, 501)
    assert process.key.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_a_prompt_beyond_its_context_is_told_apart(running: LocalModel) -> None:
    with pytest.raises(PromptTooLong):
        said(running, Prompt("Be short.", "ferry " * (CONTEXT + 500), 10))


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_it_writes_is_carried_by_the_archive_or_not_shown(question: str, running: LocalModel, sample_archive: Path) -> None:
    patient: dict[str, Any] = {f"llm_{part}_seconds": 900 for part in ("first", "gap", "total")}
    settings = load_settings(index=sample_archive, passages=2, llm_prompt_tokens=900, llm_answer_tokens=64, **patient)
    with Rag.open(settings=settings) as rag:
        states = list(rag.stream(question, llm=running, insist=True))
        answer = states[-1]
        assert answer.status == "answered"
        assert answer.writing is not None
        assert answer.writing.error is None
        assert answer.writing.raw.strip()
        assert answer.mode == f"llm:{running.name}" or any("quoted from the archive" in notice for notice in answer.notices)
        for earlier, later in pairwise(states):
            assert later.sentences[: len(earlier.sentences)] == earlier.sentences
        for sentence in answer.sentences:
            assert sentence.citations
        for citation in answer.citations:
            article = rag.archive.catalog.article(citation.source.id)
            assert article is not None
            assert article.text[citation.start : citation.end] == citation.quote


def test_threads_share_one_process(own: LocalModel) -> None:
    both = threading.Barrier(2)
    seen: list[tuple[int | None, str]] = []

    def ask() -> None:
        both.wait()
        stream = own.stream(PROMPT)
        next(stream)
        seen.append((own.pid, "".join(stream)))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2
    assert len({pid for pid, _ in seen}) == 1
    assert all("Paris" in text for _, text in seen)


def test_whoever_leaves_while_it_loads_does_not_end_it(own: LocalModel) -> None:
    stream = own.stream(PROMPT)
    assert next(stream) == ""
    pid = own.pid
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert "Paris" in said(own)
    assert own.pid == pid


def test_it_ends_with_its_rag(small_model: Path, sample_archive: Path) -> None:
    settings = load_settings(index=sample_archive, llm="local", llm_gguf=small_model, llm_total_seconds=900, llm_answer_tokens=16)
    before = children()
    with Rag.open(settings=settings) as rag:
        stream = rag.stream(QUESTIONS[0], insist=True)
        next(stream)
        started = children() - before
        assert len(started) == 1
        stream.close()  # type: ignore[attr-defined]  # a generator
    assert not any(alive(pid) for pid in started)


def children() -> set[int]:
    """The processes that this one has started and that run a model."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"gguf_server" in (path / "cmdline").read_bytes():
                found.add(int(path.name))
        except OSError:
            continue
    return found


def test_one_that_dies_is_told_of_and_started_anew(own: LocalModel) -> None:
    stream = own.stream(LONG)
    first_word(stream)
    pid = own.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LanguageModelError, match=f"{own.path} cannot be used.*SIGKILL"):
        list(stream)
    assert "Paris" in said(own)
    assert own.pid != pid


@pytest.mark.parametrize("moment", ["loading", "loaded"])
def test_it_ends_when_its_parent_is_killed(small_model: Path, moment: str) -> None:
    code = f"""
import time
from pathlib import Path
from rag.llm.local import LocalModel
model = LocalModel(Path({str(small_model)!r}))
loading = model.loading()
next(loading)
if {moment!r} == "loaded":
    list(loading)
print(model.pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        parent.wait()
    assert gone(pid)


def test_a_file_that_is_cut_short_is_named(small_model: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with small_model.open("rb") as whole:
        cut.write_bytes(whole.read(3_000_000))
    with pytest.raises(LanguageModelError, match=f"{cut} cannot be used: .*corrupted or incomplete.*smaller model"):
        said(LocalModel(cut, PATIENT))
