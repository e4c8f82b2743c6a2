"""Rounding a network's matrices to few bits so that what its layers say changes least.

Column by column, and each time the columns still to come make up for the error (GPTQ: Frantar, Ashkboos, Hoefler and Alistarh,
ICLR 2023), as far as they matter for windows that the network is likely to read.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rag.read.close_model import CloseNetwork
from rag.read.packed import GROUP, Bits, Grid, make_grid

DAMPING = 0.01
"""The share of the mean of a matrix's diagonal that is added to it, so that it can be inverted."""
PARTS = (("query", "key", "value"), ("joined",), ("up",), ("down",))
"""The matrices of a layer, those that read the same together, in the order in which they are used."""


def compress(network: CloseNetwork, windows: Sequence[tuple[Tensor, Tensor]], bits: Bits, layers: int) -> dict[str, Grid]:
    """Round the embeddings and the matrices of the first `layers` layers in place.

    `windows` are batches of ids and of which of them are there, both of shape (windows, pieces). Returns the grids that the
    matrices are on by the names of their weights.
    """
    grids: dict[str, Grid] = {}
    with torch.no_grad():
        for name, part in (("pieces", network.pieces), ("places", network.places)):
            grid = grids[f"{name}.weight"] = make_grid(part.weight, bits)
            part.weight.data = grid.decode(grid.encode(part.weight))
        states = [network.embed(ids, present) for ids, present in windows]
        there = [present.bool() for _, present in windows]
        for number, layer in enumerate(network.layers[:layers]):
            for names in PARTS:
                parts = [getattr(layer, name) for name in names]
                spread = _spread(layer, parts[0], states, there)
                for name, part in zip(names, parts, strict=True):
                    rounded, grid = round_matrix(part.weight.float(), spread, bits)
                    part.weight.data = rounded
                    grids[f"layers.{number}.{name}.weight"] = grid
            states = [(layer(held, bias), bias) for held, bias in states]
    return grids


def _spread(layer: nn.Module, part: nn.Linear, states: Sequence[tuple[Tensor, Tensor]], there: Sequence[Tensor]) -> Tensor:
    """The sum of the outer products of what `part` reads, shape (columns, columns)."""
    total = torch.zeros(part.in_features, part.in_features)
    read: list[Tensor] = []
    handle = part.register_forward_pre_hook(lambda _, given: read.append(given[0]))
    for (held, bias), mask in zip(states, there, strict=True):
        layer(held, bias)
        flat = read.pop()[mask].float()
        total.add_(flat.T @ flat)
    handle.remove()
    return total


def round_matrix(matrix: Tensor, spread: Tensor, bits: Bits) -> tuple[Tensor, Grid]:
    """`matrix` of shape (rows, columns) on a grid, so that products with what has this `spread` change least; and the grid."""
    left, columns = matrix.clone(), matrix.shape[1]
    damped = spread + DAMPING * spread.diagonal().mean() * torch.eye(columns)
    weights = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    found, lowest, steps = torch.zeros_like(matrix), [], []
    for begin in range(0, columns, GROUP):
        end = begin + GROUP
        grid = make_grid(left[:, begin:end], bits)
        lowest.append(grid.lowest)
        steps.append(grid.steps)
        low, step = grid.lowest.float()[:, 0], grid.steps.float()[:, 0]
        errors = torch.zeros(matrix.shape[0], GROUP)
        for at in range(begin, end):
            codes = ((left[:, at] - low) / step).round().clamp(0, 2**bits - 1)
            found[:, at] = codes * step + low
            errors[:, at - begin] = (left[:, at] - found[:, at]) / weights[at, at]
            left[:, at:end] -= errors[:, at - begin, None] * weights[at, at:end]
        left[:, end:] -= errors @ weights[begin:end, end:]
    return found, Grid(torch.cat(lowest, 1), torch.cat(steps, 1), bits)
