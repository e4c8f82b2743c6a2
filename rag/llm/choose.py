"""A name, or an object, to a language model."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import LanguageModelError, UsageError
from rag.llm.callable import CallableModel
from rag.llm.guarded import Breaker, Retry
from rag.llm.local import is_local, local_model
from rag.llm.openai import OpenAIModel
from rag.llm.waiting import limits_of
from rag.protocols import LanguageModel
from rag.settings import Settings

PLUGINS = "dateline.language_models"
"""The group of entry points by which another package brings a language model: a callable that takes the settings."""


def load_language_model(name: str, settings: Settings) -> LanguageModel:
    """A GGUF file for `local` and `local:PATH`, a plugin's model by its name, else that of the server at `settings.llm_url`.

    Raises UsageError for settings that cannot be, and LanguageModelError for a plugin that cannot be loaded.
    """
    model = load_named_model(name, settings)
    return Breaker(Retry(model) if isinstance(model, OpenAIModel) else model)


def load_named_model(name: str, settings: Settings) -> LanguageModel:
    """The same, asked once and never left alone."""
    if not name.strip():
        raise UsageError("llm: name a model, or none for quotations")
    if is_local(name):
        return local_model(name, settings)
    for point in entry_points(group=PLUGINS, name=name):
        try:
            model: LanguageModel = point.load()(settings)
        except Exception as error:
            raise LanguageModelError(f"the plugin {point.value} for {name} cannot be used: {error}") from error
        return _bound_model(model, settings)
    if not is_address(settings.llm_url):  # which is not shown: it may hold a password
        raise UsageError("DATELINE_LLM_URL is no address of a server; write for example http://127.0.0.1:11434/v1")
    return OpenAIModel(name, settings.llm_url, key_of(settings), limits_of(settings))


def as_language_model(model: Any, settings: Settings) -> LanguageModel:
    """`model` itself where it is one, else the callable as one. Raises UsageError for anything else."""
    if hasattr(model, "stream") and hasattr(model, "name"):
        return _bound_model(model, settings)
    if callable(model):
        return CallableModel(model, limits_of(settings))
    raise UsageError(f"llm: {type(model).__name__} is neither a name, a language model nor a callable")


def is_address(url: str) -> bool:
    """Whether a web server can be at `url`."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _bound_model(model: LanguageModel, settings: Settings) -> LanguageModel:
    """A model of somebody else's, within our limits, and raising nothing but our errors."""
    return CallableModel(model.stream, limits_of(settings), model.name, model.window)


def key_of(settings: Settings) -> str | None:
    """The key of the settings, or that in the file they name. Raises UsageError for both, or a file that cannot be read."""
    if settings.llm_key and settings.llm_key_file:
        raise UsageError("DATELINE_LLM_KEY and DATELINE_LLM_KEY_FILE both give a key; set one of them")
    if settings.llm_key:
        return _one_word(settings.llm_key.get_secret_value(), "DATELINE_LLM_KEY")
    if settings.llm_key_file is None:
        return None
    try:
        written = Path(settings.llm_key_file).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"DATELINE_LLM_KEY_FILE: {settings.llm_key_file} cannot be read ({type(error).__name__})") from None
    return _one_word(written, "DATELINE_LLM_KEY_FILE")


def _one_word(written: str, name: str) -> str | None:
    """The key, which has to fit into a header. Raises UsageError that does not show it."""
    key = written.strip()
    if not all("!" <= char <= "~" for char in key):
        raise UsageError(f"{name}: the key must be one word of ASCII, with nothing else beside it")
    return key or None
