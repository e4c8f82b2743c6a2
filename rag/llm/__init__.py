"""Language models: an OpenAI-compatible server, a GGUF file, a callable, or one that a plugin brings."""

from rag.llm.choose import PLUGINS, as_language_model, load_language_model
from rag.llm.waiting import Limits

__all__ = ["PLUGINS", "Limits", "as_language_model", "load_language_model"]
