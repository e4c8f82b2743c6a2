"""The reader's network, and its weights on disk.

The encoder is all-MiniLM-L6-v2's (Wang et al., "MiniLM", NeurIPS 2020), trained further; its embeddings stay as they are and are
read from the embedder's own file, so that the weights that come with the package are the six layers and the heads alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from rag.errors import ModelError
from rag.read.reader import RECORD

FIXED = "encoder.embeddings."
WEIGHTS = "weights.safetensors"


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits in float32: `starts` and `ends` of shape (windows, pieces), `sentences` (windows, sentences), `answers` (windows,).

    The first piece's `starts` and `ends` stand for "no answer here".
    """

    starts: Tensor
    ends: Tensor
    sentences: Tensor
    answers: Tensor


class ReaderNetwork(nn.Module):
    """A BERT encoder with linear heads: each piece as start and end (Devlin et al., NAACL 2019), the mean of a sentence's pieces
    as evidence, and the first piece as to whether the text answers at all."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.spans = nn.Linear(config.hidden_size, 2)
        self.sentences = nn.Linear(config.hidden_size, 1)
        self.answers = nn.Linear(config.hidden_size, 1)
        self.encoder.embeddings.requires_grad_(False)

    def forward(self, ids: Tensor, segments: Tensor, present: Tensor, sentence_of: Tensor) -> Scores:
        """All of shape (windows, pieces); `sentence_of` is the index of a piece's sentence, -1 for none."""
        states = self.encoder(input_ids=ids, token_type_ids=segments, attention_mask=present).last_hidden_state
        starts, ends = self.spans(states).float().unbind(-1)
        of_sentences = self.sentences(sentence_means(states, sentence_of)).float().squeeze(-1)
        return Scores(starts, ends, of_sentences, self.answers(states[:, 0]).float().squeeze(-1))


def sentence_means(states: Tensor, sentence_of: Tensor) -> Tensor:
    """Shape (windows, sentences, hidden): the mean of each sentence's pieces, 0 for a sentence without any."""
    count = max(1, int(sentence_of.max()) + 1)
    belongs = (sentence_of.unsqueeze(1) == torch.arange(count).view(1, -1, 1)).to(states.dtype)
    return (belongs @ states) / belongs.sum(2, keepdim=True).clamp(min=1)


def base_network(directory: Path, *, dropout: float = 0.0) -> ReaderNetwork:
    """A network to be trained: the encoder in `directory`, new heads. Raises ModelError when the encoder cannot be read.

    `dropout` is that of the states between layers; attention has none.
    """
    network = ReaderNetwork(_config(directory, dropout))
    network.encoder.load_state_dict(_encoder_tensors(directory, network.encoder.state_dict()))
    return network


def load_network(directory: Path, weights: Path) -> ReaderNetwork:
    """The trained network: embeddings from the encoder in `directory`, the rest from the folder `weights`, in float32.

    Raises ModelError when a file is missing, truncated or of another hash than its record says.
    """
    network = ReaderNetwork(_config(directory, 0.0))
    tensors = {name: tensor.float() for name, tensor in read_tensors(weights).items()}
    fixed = [name.removeprefix("encoder.") for name in network.state_dict() if name.startswith(FIXED)]
    embeddings = {f"encoder.{name}": tensor for name, tensor in _encoder_tensors(directory, fixed).items()}
    try:
        network.load_state_dict(tensors | embeddings)
    except RuntimeError as error:
        raise ModelError(f"{weights / WEIGHTS} holds another network than this version reads; {_remedy()}") from error
    return network.eval()


def save_network(network: ReaderNetwork, weights: Path, record: Mapping[str, object]) -> str:
    """Write the trained tensors in half precision into the folder `weights`, with `record` and their SHA-256; returns that."""
    weights.mkdir(parents=True, exist_ok=True)
    data = save({name: tensor.half().contiguous() for name, tensor in get_trained_state(network).items()})
    digest = hashlib.sha256(data).hexdigest()
    (weights / WEIGHTS).write_bytes(data)
    (weights / RECORD).write_text(json.dumps({"sha256": digest, **record}, indent=1) + "\n", "utf-8")
    return digest


def get_trained_state(network: nn.Module) -> dict[str, Tensor]:
    """The tensors of the network that training changes."""
    return {name: parameter.detach() for name, parameter in network.named_parameters() if parameter.requires_grad}


def read_record(weights: Path) -> dict[str, object]:
    """What `save_network` was told about the weights. Raises ModelError when it cannot be read."""
    try:
        record = json.loads((weights / RECORD).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{weights / RECORD} cannot be read ({error}); {_remedy()}") from error
    if not isinstance(record, dict) or not isinstance(record.get("sha256"), str):
        raise ModelError(f"{weights / RECORD} names no sha256; {_remedy()}")
    return record


def read_tensors(weights: Path) -> dict[str, Tensor]:
    """The tensors in the folder `weights`. Raises ModelError when they are missing or of another hash than their record says."""
    file, expected = weights / WEIGHTS, read_record(weights)["sha256"]
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"the reader's weights {file} are missing; {_remedy()}") from error
    if (found := hashlib.sha256(data).hexdigest()) != expected:
        raise ModelError(f"{file} is not the pinned file (sha256 {found[:12]}…, not {str(expected)[:12]}…); {_remedy()}")
    return dict(load(data))


def _encoder_tensors(directory: Path, names: Iterable[str]) -> dict[str, Tensor]:
    file = directory / "model.safetensors"
    try:
        with safe_open(file, "pt") as tensors:
            return {name: tensors.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"the encoder {file} cannot be read ({error}); name a directory that holds all-MiniLM-L6-v2") from error


def _config(directory: Path, dropout: float) -> BertConfig:
    file = directory / "config.json"
    try:
        values = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} cannot be read ({error}); name a directory that holds all-MiniLM-L6-v2") from error
    config = BertConfig(**values)
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    return config


def _remedy() -> str:
    return "install the package again, or train them: python -m eval.train_reader"
