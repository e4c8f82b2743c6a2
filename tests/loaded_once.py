"""The packaged models, loaded once a process: many tests open an archive, and each would load them anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from rag.embed import DEFAULT_MODEL, PACKAGED, SentenceEmbedder, model_directory
from rag.read import CLOSE, SHIPPED, CloseReader, TrainedReader


def load_models_once(patch: pytest.MonkeyPatch) -> None:
    """Objects of the packaged models share all that they have, their locks too. Other models are loaded as ever."""
    encoder_of_reader, packaged = cache(model_directory), PACKAGED[DEFAULT_MODEL]
    _share(patch, SentenceEmbedder, lambda model=DEFAULT_MODEL: model == DEFAULT_MODEL and PACKAGED[model] is packaged)
    _share(patch, TrainedReader, lambda encoder, weights=SHIPPED: weights == SHIPPED and encoder == encoder_of_reader())
    _share(patch, CloseReader, lambda weights=CLOSE: weights == CLOSE)


def _share(patch: pytest.MonkeyPatch, kind: type, is_packaged: Callable[..., bool]) -> None:
    load: Callable[..., None] = kind.__init__  # type: ignore[misc]
    loaded: dict[str, Any] = {}

    def init(self: Any, *arguments: Any) -> None:
        if is_packaged(*arguments):
            if not loaded:
                load(self, *arguments)
                loaded.update(vars(self))
            vars(self).update(loaded)
        else:
            load(self, *arguments)

    patch.setattr(kind, "__init__", init)
