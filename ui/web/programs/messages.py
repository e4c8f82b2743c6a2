"""A request for a chat completion, read as a question to the archive.

Messages of a user and of the assistant are the conversation. Those of a system or a developer are read over: they tell a language
model how to behave, and an archive is told nothing. What would change an answer in a way that no archive can follow is refused by
name; what only tunes a language model is let pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import UsageError
from rag.nearest import refuse_unknown
from ui.web.programs.markdown import plain

MODEL = "dateline"
UNHEARD = ("system", "developer")
SPOKEN = ("user", "assistant")
OWN = ("model", "messages", "stream", "stream_options", "n", "dateline")
REFUSED = {
    "tools": "an archive calls no tools",
    "functions": "an archive calls no functions",
    "logprobs": "an archive has no token probabilities",
    "top_logprobs": "an archive has no token probabilities",
    "audio": "an archive does not speak",
    "web_search_options": "an archive searches itself alone",
}
"""Fields that are refused unless they are empty, and why."""
TUNING = (
    "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "presence_penalty", "frequency_penalty", "logit_bias",
    "user", "seed", "metadata", "store", "service_tier", "reasoning_effort", "verbosity", "safety_identifier", "prompt_cache_key",
    "prompt_cache_retention", "parallel_tool_calls", "prediction", "tool_choice", "function_call", "response_format",
    "modalities",
)  # fmt: skip


class ModelUnknown(UsageError):
    """The model asked for is none that this server has."""


class Refusal(UsageError):
    """A request that cannot be followed; `field` is the part of it that is at fault."""

    def __init__(self, message: str, field: str, code: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Completion:
    """What a request asks for: the fields of a question, the model's name, and how the answer is to be sent.

    `prompt` are the texts of all messages, for counting.
    """

    fields: Mapping[str, Any]
    model: str
    stream: bool
    with_usage: bool
    prompt: tuple[str, ...]


def read_completion(body: Mapping[str, Any], models: Mapping[str, str | None]) -> Completion:
    """`models` are the names that may be asked for, each with the language model it stands for.

    Raises Refusal, ModelUnknown, or UsageError for an unknown field.
    """
    known = (*OWN, *REFUSED, *TUNING)
    try:
        refuse_unknown(body, known, "field")
    except UsageError as error:
        unknown = next(name for name in body if name not in known)
        raise Refusal(str(error), str(unknown), "unknown_parameter") from error
    _refuse_what_cannot_be(body)
    model = body.get("model", MODEL)
    if not isinstance(model, str) or model not in models:
        raise ModelUnknown(f"model: {str(model)[:80]!r} is not served here; there is {', '.join(models)}")
    spoken = _spoken(body.get("messages"))
    if not spoken or spoken[-1]["role"] != "user":
        raise Refusal("messages: the last message has to be the user's question", "messages")
    *history, question = spoken
    options = body.get("stream_options") or {}
    fields = {**_own_fields(body), "history": history, "question": question["content"], "llm": models[model]}
    prompt = tuple(_text(message.get("content"), "messages") for message in body["messages"])
    return Completion(fields, model, _flag(body, "stream"), bool(_flag(options, "include_usage")), prompt)


def _refuse_what_cannot_be(body: Mapping[str, Any]) -> None:
    for field, reason in REFUSED.items():
        if body.get(field):
            raise Refusal(f"{field}: {reason}; leave it out", field, "unsupported_parameter")
    if body.get("n") not in (None, 1) or isinstance(body.get("n"), bool):
        raise Refusal("n: the archive gives one answer to a question; leave it out", "n", "unsupported_value")
    if (shape := body.get("response_format")) and (not isinstance(shape, Mapping) or shape.get("type") != "text"):
        raise Refusal("response_format: answers are text; the field dateline has them as data", "response_format")
    if (kinds := body.get("modalities")) and kinds != ["text"]:
        raise Refusal("modalities: answers are text", "modalities", "unsupported_value")


def _own_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """What else a question may have, such as its days and outlets: the object under `dateline`."""
    own = body.get("dateline") or {}
    if not isinstance(own, Mapping):
        raise Refusal('dateline: write an object, such as {"since": "2025", "outlets": ["…"]}', "dateline")
    if clash := sorted({"question", "history", "llm"} & set(own)):
        raise Refusal(f"dateline.{clash[0]}: messages and model say this", f"dateline.{clash[0]}")
    return dict(own)


def _spoken(messages: object) -> list[dict[str, str]]:
    if isinstance(messages, str | Mapping) or not isinstance(messages, Sequence) or not messages:
        raise Refusal('messages: write a list of {"role": "user", "content": "…"}', "messages")
    read = (_message(message, f"messages.{place}") for place, message in enumerate(messages))
    return [message for message in read if message]


def _message(message: object, place: str) -> dict[str, str] | None:
    """A message as a turn of the conversation, None for one that says nothing to the archive."""
    if not isinstance(message, Mapping):
        raise Refusal(f'{place}: write {{"role": "user", "content": "…"}}', place)
    role = message.get("role")
    if role in UNHEARD:
        return None
    if role not in SPOKEN:
        raise Refusal(f"{place}.role: {str(role)[:40]!r} is none of user, assistant, system and developer", f"{place}.role")
    text = _text(message.get("content"), place)
    return {"role": role, "content": plain(text) if role == "assistant" else text} if text or role == "user" else None


def _text(content: object, place: str) -> str:
    """The text of a message, which is a string or a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    parts = content if isinstance(content, Sequence) else ()
    texts = [part.get("text") for part in parts if isinstance(part, Mapping) and part.get("type") in ("text", "refusal", None)]
    if len(texts) != len(parts) or not parts or not all(isinstance(text, str) for text in texts):
        raise Refusal(f"{place}.content: write a text; images, sound and files cannot be asked about", f"{place}.content")
    return "\n".join(str(text) for text in texts)


def _flag(options: object, name: str) -> bool:
    value = options.get(name) if isinstance(options, Mapping) else options
    if value not in (None, True, False) or (isinstance(value, int) and not isinstance(value, bool)):
        raise Refusal(f"{name}: write true or false", name)
    return bool(value)
