"""Matrices of weights in few bits, as they lie on disk: each row in groups, each group with its own scale and middle.

A group of `GROUP` neighbours is stored as integers of 4 or 8 bits and two half-precision numbers, its lowest value and its step
(the block-wise scheme of Dettmers, Lewis, Shleifer and Zettlemoyer, ICLR 2022, with a minimum in place of an absolute maximum).
What is read back is float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Bits = Literal[4, 8]
GROUP = 64
CODES, LOWEST, STEPS = ".codes", ".lowest", ".steps"


@dataclass(frozen=True, slots=True)
class Grid:
    """The values that each group may take: `lowest` plus a number of `steps`, both of shape (rows, groups), in half precision."""

    lowest: Tensor
    steps: Tensor
    bits: Bits

    def encode(self, matrix: Tensor) -> Tensor:
        """The nearest codes, shape (rows, columns), as whole numbers in float32."""
        groups = _in_groups(matrix)
        codes = (groups - self.lowest.float().unsqueeze(2)) / self.steps.float().unsqueeze(2)
        return codes.round().clamp(0, 2**self.bits - 1).reshape(matrix.shape)

    def decode(self, codes: Tensor) -> Tensor:
        """The values of codes of shape (rows, columns), in float32."""
        values = _in_groups(codes) * self.steps.float().unsqueeze(2) + self.lowest.float().unsqueeze(2)
        return values.reshape(codes.shape)


def make_grid(matrix: Tensor, bits: Bits) -> Grid:
    """The grid from each group's lowest to its highest value. The columns of `matrix` are a multiple of GROUP."""
    groups = _in_groups(matrix)
    lowest, highest = groups.amin(2), groups.amax(2)
    return Grid(lowest.half(), ((highest - lowest) / (2**bits - 1)).clamp(min=1e-7).half(), bits)


def pack(name: str, matrix: Tensor, grid: Grid) -> dict[str, Tensor]:
    """`matrix` rounded to `grid`, as three tensors whose names begin with `name`."""
    codes = grid.encode(matrix).to(torch.uint8)
    if grid.bits == 4:
        codes = codes[:, 0::2] | (codes[:, 1::2] << 4)
    return {name + CODES: codes.contiguous(), name + LOWEST: grid.lowest, name + STEPS: grid.steps}


def unpack(name: str, stored: Mapping[str, Tensor]) -> Tensor:
    """The matrix that `pack` stored under `name`, shape (rows, columns), in float32."""
    codes, lowest, steps = (stored[name + part] for part in (CODES, LOWEST, STEPS))
    rows, columns = lowest.shape[0], lowest.shape[1] * GROUP
    bits: Bits = 4 if codes.shape[1] * 2 == columns else 8
    if bits == 4:
        codes = torch.stack((codes & 15, codes >> 4), dim=2).reshape(rows, columns)
    return Grid(lowest, steps, bits).decode(codes)


def _in_groups(matrix: Tensor) -> Tensor:
    return matrix.float().reshape(matrix.shape[0], -1, GROUP)
