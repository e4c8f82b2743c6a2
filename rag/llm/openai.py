"""Any server with the chat completions of OpenAI: vLLM, Ollama, llama.cpp, LM Studio, OpenAI itself."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import LanguageModelError, PromptTooLong
from rag.llm.waiting import Cancelled, Limits, Put, wait_for_pieces
from rag.types import Prompt

if TYPE_CHECKING:
    import openai

    Ask = Callable[[openai.AsyncOpenAI, Put], Awaitable[None]]

NO_KEY = "none"
"""What a server gets that wants no key: the client insists on one, and would take another server's from the environment."""
MAX_CHARACTERS = 40_000
MAX_BYTES = 4_000_000
"""What a server may send for one answer: its words in a frame each are far less."""
RETRY_AFTER = 3.0
"""The longest wait, in seconds, that a server may ask for and is granted."""
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|maximum.{0,30}tokens|too (?:long|many tokens)|exceed.{0,40}(?:context|tokens)", re.I
)


class Busy(LanguageModelError):
    """The request may be made again after `seconds`: the server was busy, or failed, or hung up before its first word.

    `status` is that of HTTP, None where there was no answer at all.
    """

    def __init__(self, message: str, seconds: float, status: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.status = status


class Refusal(LanguageModelError):
    """The server does not do what it is asked, and says so by a `status` of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ModelListing:
    """A model as a server lists it; `window` is how many tokens it takes, where the server says so."""

    name: str
    window: int | None = None


class OpenAIModel:
    """The model `name` of the server at `url`, which ends in /v1 as a rule. Safe to use from many threads."""

    window: int | None = None

    def __init__(self, name: str, url: str, key: str | None = None, limits: Limits | None = None) -> None:
        self.name = name
        self._url = url
        self._key = key
        self._limits = limits or Limits()

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Pieces as they come, "" while there are none. Raises LanguageModelError."""
        import openai  # noqa: F401  # takes a second the first time, which is not the server's

        told = False

        async def ask(client: openai.AsyncOpenAI, put: Put) -> None:
            await self._read(client, prompt, put)

        for piece in wait_for_pieces(lambda put, cancelled: self._produce(ask, put, cancelled), self._limits, self.name):
            told = told or bool(piece.strip())
            yield piece
        if not told:
            raise LanguageModelError(f"{self.place} gave an empty answer; is it an OpenAI-compatible server?")

    def models(self) -> tuple[ModelListing, ...]:
        """The models that the server says it has. Raises LanguageModelError."""

        async def ask(client: openai.AsyncOpenAI, put: Put) -> None:
            async for model in client.models.list():
                put(json.dumps({"name": str(model.id), "window": _window(model.model_extra or {})}))

        listed = wait_for_pieces(lambda put, cancelled: self._produce(ask, put, cancelled), self._limits, self.name)
        return tuple(ModelListing(**json.loads(line)) for line in listed if line)

    @property
    def place(self) -> str:
        """The server without what may be secret in its address."""
        parts = urlsplit(self._url)
        host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        return f"{parts.scheme}://{host}{parts.path}"

    def _produce(self, ask: Ask, put: Put, cancelled: Cancelled) -> None:
        loop = asyncio.new_event_loop()

        async def run() -> None:
            task = asyncio.current_task()
            assert task is not None

            def cancel() -> None:
                with suppress(RuntimeError):  # the loop has ended by itself
                    loop.call_soon_threadsafe(task.cancel)

            cancelled.then(cancel)
            await self._ask(ask, put)

        try:
            loop.run_until_complete(run())
        except asyncio.CancelledError:
            return
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())  # else what the client left open is told of on standard error
            loop.close()  # without waiting for a look-up of a name that may go on in a thread

    async def _ask(self, ask: Ask, put: Put) -> None:
        import openai

        # `trust_env` off: no proxy of the environment sees the question; redirects off: no other host gets the key
        http = openai.DefaultAsyncHttpxClient(
            trust_env=False, follow_redirects=False, headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [self._bound]},
        )  # fmt: skip
        limits = self._limits
        timeout = openai.Timeout(limits.total, connect=limits.connect)
        async with openai.AsyncOpenAI(
            base_url=self._url, api_key=self._key or NO_KEY, organization="", project="", webhook_secret="", max_retries=0,
            timeout=timeout, http_client=http,
        ) as client:  # fmt: skip
            client._custom_headers = {}  # those that the environment names are for another server
            try:
                await ask(client, put)
            except LanguageModelError:
                raise
            except (openai.OpenAIError, json.JSONDecodeError, UnicodeError) as error:
                raise self._translate(error) from None  # whose cause may hold the key
            except Exception as error:  # of the transport, whose library the client may change
                raise LanguageModelError(f"{self.place} broke off: {self._words(error)}") from None

    async def _read(self, client: openai.AsyncOpenAI, prompt: Prompt, put: Put) -> None:
        opening = client.chat.completions.create(
            model=self.name, stream=True, temperature=0, max_tokens=prompt.max_tokens,
            messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        )  # fmt: skip
        told = 0
        async with await opening as stream:
            async for event in stream:
                choices = getattr(event, "choices", None) or ()
                for choice in choices[:1]:
                    piece = getattr(getattr(choice, "delta", None), "content", None)
                    if isinstance(piece, str) and piece:
                        told += len(piece)
                        put(piece)
                if told > MAX_CHARACTERS:
                    return

    async def _bound(self, response: Any) -> None:
        """Ends what sends more than MAX_BYTES, or packed, so that it cannot be told how much it is."""
        if (coding := response.headers.get("content-encoding", "identity").strip().lower()) not in ("", "identity"):
            raise LanguageModelError(f"{self.place} sent a packed answer ({coding[:20]}) though none was asked for")
        read = response.aiter_raw

        async def count_bytes(size: int | None = None) -> AsyncIterator[bytes]:
            total = 0
            async for some in read(size):
                total += len(some)
                if total > MAX_BYTES:
                    raise LanguageModelError(f"{self.place} sent more than {MAX_BYTES:,} bytes for one answer")
                yield some

        response.aiter_raw = count_bytes

    def _translate(self, error: Exception) -> LanguageModelError:
        import openai

        if isinstance(error.__cause__, LanguageModelError):
            return error.__cause__
        if isinstance(error, openai.APITimeoutError):
            return LanguageModelError(f"{self.place} did not answer within {self._limits.connect:g} seconds")
        if isinstance(error, openai.APIConnectionError):
            return Busy(f"{self.place} cannot be reached, or hung up: {self._words(error.__cause__ or error)}", 0.2)
        if isinstance(error, openai.APIStatusError):
            return self._translate_refusal(error)
        if isinstance(error, openai.APIError):
            return LanguageModelError(f"{self.place} broke off with an error: {self._words(error.message)}")
        return LanguageModelError(f"{self.place} sent what is no stream of an answer: {self._words(error)}")

    def _translate_refusal(self, error: openai.APIStatusError) -> LanguageModelError:
        status, said = error.status_code, self._words(error.message)
        if status in (401, 403):
            told = f"{self.place} refuses the key ({status}); set DATELINE_LLM_KEY or DATELINE_LLM_KEY_FILE to one it accepts"
            return Refusal(told, status)
        if status == 404:
            return Refusal(f"{self.place} has no model {self.name!r} (404); check DATELINE_LLM and DATELINE_LLM_URL", status)
        if status in (400, 413, 422) and _TOO_LONG.search(said):
            return PromptTooLong(f"the prompt is too long for {self.name}; lower DATELINE_LLM_PROMPT_TOKENS")
        if 300 <= status < 400:
            return Refusal(f"{self.place} redirects ({status}); set DATELINE_LLM_URL to where it really is", status)
        if status == 429:
            wait = _seconds(error.response.headers.get("retry-after"))
            told = f"{self.place} is busy (429), for another {wait:g} seconds" if wait else f"{self.place} is busy (429)"
            return Busy(told, wait, status) if wait <= RETRY_AFTER else Refusal(told, status)
        if status >= 500:
            return Busy(f"{self.place} failed ({status}): {said}", 0.5, status)
        return Refusal(f"{self.place} refuses the request ({status}): {said}", status)

    def _words(self, error: object) -> str:
        """The beginning of what an error says, without the key, wherever it may be echoed."""
        text = str(error).replace(self._key, "…") if self._key else str(error)
        return " ".join(text.split())[:200] or type(error).__name__


def _window(said: Mapping[str, Any]) -> int | None:
    """Tokens of context, under one of the names by which servers tell of them: vLLM's, llama.cpp's, and others'."""
    meta = said.get("meta")
    places = (said.get("max_model_len"), meta.get("n_ctx") if isinstance(meta, Mapping) else None, said.get("context_length"))
    return next((place for place in places if isinstance(place, int) and place > 0), None)


def _seconds(value: str | None) -> float:
    """What a Retry-After says; 1 for what cannot be read, or a date."""
    try:
        return max(0.0, float(value)) if value is not None else 1.0
    except ValueError:
        return 1.0
