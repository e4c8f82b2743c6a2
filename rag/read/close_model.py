"""The network of the close reader, and its weights on disk.

The encoder is MPNet's (Song, Tan, Qin, Lu and Liu, NeurIPS 2020), twelve layers of width 768, with the heads of the quick
reader's network. Its matrices are packed in few bits (`rag.read.packed`), and are read back as they are when it loads.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from rag.errors import ModelError
from rag.read.model import WEIGHTS, Scores, read_tensors, sentence_means
from rag.read.packed import CODES, GROUP, Bits, Grid, make_grid, pack, unpack
from rag.read.reader import RECORD

FIRST_PLACE = 2
"""The place of a window's first piece; those before are for padding."""
BUCKETS, FARTHEST = 32, 128
"""Distances between pieces fall into so many classes, those from `FARTHEST` on into the last."""
MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network; MPNet's unless given."""

    width: int = 768
    heads: int = 12
    layers: int = 12
    inner: int = 3_072
    pieces: int = 30_527
    places: int = 514


MPNET = Shape()


class CloseLayer(nn.Module):
    """One layer of the encoder: attention with a bias for distance, then two linear layers, each added to what came before."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self._heads = shape.heads
        self.query, self.key, self.value, self.joined = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, shape.inner), nn.Linear(shape.inner, width)
        self.after_attention, self.after = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """`states` of shape (windows, pieces, width); `bias` (windows, heads, pieces, pieces) is added to the scores."""
        windows, pieces, width = states.shape
        query, key, value = (
            part(states).view(windows, pieces, self._heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        found = scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        found = self.joined(found.transpose(1, 2).reshape(windows, pieces, width))
        states = self.after_attention(found + states)
        return self.after(self.down(gelu(self.up(states))) + states)  # type: ignore[no-any-return]


class CloseNetwork(nn.Module):
    """The encoder with linear heads, as `rag.read.model.ReaderNetwork`: starts and ends, sentences, and the whole window."""

    def __init__(self, shape: Shape = MPNET) -> None:
        super().__init__()
        width = shape.width
        self.pieces, self.places = nn.Embedding(shape.pieces, width), nn.Embedding(shape.places, width)
        self.begun = nn.LayerNorm(width, eps=1e-5)
        self.distances = nn.Embedding(BUCKETS, shape.heads)
        self.layers = nn.ModuleList(CloseLayer(shape) for _ in range(shape.layers))
        self.spans, self.sentences, self.answers = nn.Linear(width, 2), nn.Linear(width, 1), nn.Linear(width, 1)

    def forward(self, ids: Tensor, segments: Tensor, present: Tensor, sentence_of: Tensor) -> Scores:
        """All of shape (windows, pieces); `sentence_of` has the index of a piece's sentence, or -1. `segments` are unused."""
        del segments
        states, bias = self.embed(ids, present)
        for layer in self.layers:
            states = layer(states, bias)
        starts, ends = self.spans(states).float().unbind(-1)
        of_sentences = self.sentences(sentence_means(states, sentence_of)).float().squeeze(-1)
        return Scores(starts, ends, of_sentences, self.answers(states[:, 0]).float().squeeze(-1))

    def embed(self, ids: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """What the first layer reads: states, and the bias of each piece's attention to each other."""
        length = ids.shape[1]
        states = self.begun(self.pieces(ids) + self.places(torch.arange(FIRST_PLACE, FIRST_PLACE + length)))
        bias = self.distances(distance_classes(length)).permute(2, 0, 1).unsqueeze(0)
        bias = bias + (1.0 - present[:, None, None, :].to(bias.dtype)) * MASKED
        return states.to(self.dtype), bias.to(self.dtype)

    def freeze(self, layers: int) -> None:
        """Leave the embeddings, the distances and the first `layers` layers as they are."""
        for part in (self.pieces, self.places, self.begun, self.distances, *self.layers[:layers]):
            part.requires_grad_(False)

    @property
    def dtype(self) -> torch.dtype:
        return self.spans.weight.dtype


def distance_classes(length: int) -> Tensor:
    """Shape (length, length): the class of the distance from each piece to each other (Raffel et al., JMLR 2020).

    Half of the classes are for pieces after, half for those before; of each half the first half is for one distance each, the
    others for stretches that grow with the logarithm.
    """
    half, exact = BUCKETS // 2, BUCKETS // 4
    places = torch.arange(length)
    away = places[:, None] - places[None, :]
    near = away.abs()
    far = exact + (torch.log(near.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)).long()
    return (away < 0).long() * half + torch.where(near < exact, near, far.clamp(max=half - 1))


_ENDS = {
    "embeddings.word_embeddings": "pieces", "embeddings.position_embeddings": "places", "embeddings.LayerNorm": "begun",
    "encoder.relative_attention_bias": "distances", "attention.attn.q": "query", "attention.attn.k": "key",
    "attention.attn.v": "value", "attention.attn.o": "joined", "attention.LayerNorm": "after_attention",
    "intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "after",
}  # fmt: skip
"""The parts of transformers' MPNet, and what they are called here."""
_IN_LAYER = re.compile(r"encoder\.layer\.(\d+)\.(.+)")


def base_close_network(directory: Path, shape: Shape = MPNET) -> CloseNetwork:
    """A network to be trained: the encoder of all-mpnet-base-v2 in `directory`, new heads. Raises ModelError."""
    file = directory / "model.safetensors"
    network = CloseNetwork(shape)
    try:
        tensors = {_own_name(name): tensor for name, tensor in load_file(file).items()}
        missing = network.load_state_dict({name: tensor for name, tensor in tensors.items() if name}, strict=False).missing_keys
    except (OSError, SafetensorError, RuntimeError) as error:
        raise ModelError(f"the encoder {file} cannot be read ({error}); name a directory that holds all-mpnet-base-v2") from error
    if any(not name.startswith(("spans.", "sentences.", "answers.")) for name in missing):
        raise ModelError(f"the encoder {file} has no {missing[0]}; name a directory that holds all-mpnet-base-v2")
    return network


def _own_name(name: str) -> str:
    """The name here of a tensor of transformers' MPNet; "" for one that is not used."""
    layer = _IN_LAYER.fullmatch(name)
    part, _, kind = (layer[2] if layer else name).rpartition(".")
    own = _ENDS.get(part)
    return f"layers.{layer[1]}.{own}.{kind}" if layer and own else f"{own}.{kind}" if own else ""


def save_close_network(
    network: CloseNetwork, folder: Path, record: Mapping[str, object], bits: Bits, grids: Mapping[str, Grid] | None = None
) -> str:
    """Write the weights into `folder`, with `record`; returns their SHA-256.

    Matrices are rounded to `grids`, and those that have none to `bits` bits; all else is kept in half precision.
    """
    stored: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        if tensor.dim() == 2 and tensor.shape[0] > BUCKETS and tensor.shape[1] % GROUP == 0:
            stored |= pack(name, tensor, (grids or {}).get(name) or make_grid(tensor, bits))
        else:
            stored[name] = tensor.half().contiguous()
    folder.mkdir(parents=True, exist_ok=True)
    data = save(stored)
    digest = hashlib.sha256(data).hexdigest()
    (folder / WEIGHTS).write_bytes(data)
    (folder / RECORD).write_text(json.dumps({"sha256": digest, **record}, indent=1) + "\n", "utf-8")
    return digest


def load_close_network(folder: Path, shape: Shape = MPNET) -> CloseNetwork:
    """The network in `folder`, in bfloat16 where the processor multiplies it, else in float32.

    Raises ModelError when the file is missing, truncated or of another hash than its record says.
    """
    stored, kind = read_tensors(folder), _fastest()
    packed = [name.removesuffix(CODES) for name in stored if name.endswith(CODES)]
    plain = {name: tensor.to(kind) for name, tensor in stored.items() if not any(name.startswith(f"{own}.") for own in packed)}
    with torch.device("meta"):  # no numbers are drawn that would be overwritten
        network = CloseNetwork(shape)
    try:
        network.load_state_dict(plain | {name: unpack(name, stored).to(kind) for name in packed}, assign=True)
    except RuntimeError as error:
        told = f"{folder / WEIGHTS} holds another network than this version reads; install the package again"
        raise ModelError(told) from error
    return network.requires_grad_(False).eval()


def _fastest() -> torch.dtype:
    """The kind of number that this processor multiplies fastest without loss that matters."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
