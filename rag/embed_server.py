"""Embedding by a server with OpenAI's `/v1/embeddings`: text-embeddings-inference, vLLM, Ollama, OpenAI itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import numpy as np

from rag.batches import batches
from rag.errors import ModelError
from rag.tokens import token_counts
from rag.types import Vector, Vectors

AT_ONCE = 32
"""Texts of one request: what text-embeddings-inference takes unless it is told otherwise."""
TRIES = 4
LONGEST_PAUSE = 30.0
"""Seconds; a server may ask for no longer one."""
SECONDS = 120.0
UNKNOWN = "served"
"""The revision of a model that is named without one."""
MARGIN = 1.3
"""Tokens of another tokenizer to one of cl100k: more than news needs in the usual ones."""
FRAME = 2
PASSING = frozenset({429, 500, 502, 503, 504})


class ServedEmbedder:
    """The model NAME@REVISION of the server at `url`, which ends in /v1 as a rule. Safe to use from many threads.

    The server does not tell its tokens: they are counted by those of cl100k with a margin. `window` is how many it reads at once;
    what it would cut off is refused by most servers. Raises ModelError when the server does not answer as it should.
    """

    def __init__(
        self,
        model: str,
        url: str,
        key: str | None = None,
        window: int = 512,
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.model, _, revision = model.partition("@")
        self.revision = revision or UNKNOWN
        self.window = window
        self._url = f"{url.rstrip('/')}/embeddings"
        self._pause = pause
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(SECONDS, connect=10), transport=transport)
        self.dimension = 0
        self.dimension = self._embed(["dimension"]).shape[1]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [int(MARGIN * count) + FRAME for count in token_counts(texts)]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), rows of length 1."""
        parts = [self._embed(some) for some in batches(texts, AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, text: str) -> Vector:
        """Shape (dimension,), of length 1."""
        return np.asarray(self.embed_documents([text])[0], np.float32)

    def close(self) -> None:
        self._client.close()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        plain = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        answer = self._ask({"model": self.model, "input": plain, "encoding_format": "float"})
        try:
            rows = {int(each["index"]): each["embedding"] for each in answer.json()["data"]}
            vectors = np.asarray([rows[place] for place in range(len(texts))], np.float32)
        except (ValueError, KeyError, TypeError) as error:
            told = f"{self._url} gave no vectors ({type(error).__name__}); is it a server with /v1/embeddings?"
            raise ModelError(told) from error
        if vectors.ndim != 2 or (self.dimension and vectors.shape[1] != self.dimension):
            raise ModelError(f"{self._url} gave vectors of shape {vectors.shape}, not of {self.dimension} dimensions as before")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms)) or np.any(norms == 0):
            raise ModelError(f"{self._url} gave a vector that is not finite; try another model")
        return np.asarray(vectors / norms, np.float32)

    def _ask(self, body: dict[str, Any]) -> httpx.Response:
        """What the server answers, asked again where it is busy or hangs up."""
        for tried in range(1, TRIES + 1):
            pause, told = 2.0 ** (tried - 1), ""
            try:
                answer = self._client.post(self._url, json=body)
            except httpx.TransportError as error:
                told = f"does not answer ({type(error).__name__})"
            else:
                if answer.status_code not in PASSING:
                    return self._require(answer)
                told, pause = f"says {answer.status_code}", max(pause, _read_pause(answer))
            if tried < TRIES:
                self._pause(min(pause, LONGEST_PAUSE))
        raise ModelError(f"{self._url} {told}; check that the server runs and that DATELINE_EMBED_URL is right")

    def _require(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            return answer
        if answer.status_code in (401, 403):
            raise ModelError(f"{self._url} refuses the key; set DATELINE_EMBED_KEY")
        said = " ".join(answer.text.split())[:200]
        raise ModelError(f"{self._url} refuses with {answer.status_code} ({said}); see DATELINE_MODEL and DATELINE_EMBED_WINDOW")


def _read_pause(answer: httpx.Response) -> float:
    try:
        return float(answer.headers.get("Retry-After", 0))
    except ValueError:  # a date
        return 0.0
