"""Training a network as it will be stored: its matrices in few bits whenever it reads, exact whenever they are changed.

What a rounded matrix would have to change is taken for what the exact one has to (the straight-through estimator of Bengio,
Léonard and Courville, 2013; for weights of few bits Jacob et al., CVPR 2018). So the network learns to do without what rounding
takes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rag.read.packed import Bits, make_grid


class RoundedMatrices:
    """The matrices of `layers` that are trained, by name: rounded in place by `round`, exact again after `restore`."""

    def __init__(self, layers: nn.ModuleList, bits: Bits) -> None:
        self._matrices = {name: one for name, one in layers.named_parameters() if one.requires_grad and one.dim() == 2}
        self._bits = bits
        self._exact: dict[str, Tensor] = {}

    def follow(self, optimizer: torch.optim.Optimizer) -> None:
        """From now on the matrices are exact while `optimizer` changes them, and rounded again after it."""
        optimizer.register_step_pre_hook(lambda *_: self.restore())
        optimizer.register_step_post_hook(lambda *_: self.round())

    def round(self) -> None:
        if self._exact:
            return
        for name, matrix in self._matrices.items():
            self._exact[name] = matrix.data
            grid = make_grid(matrix.data, self._bits)
            matrix.data = grid.decode(grid.encode(matrix.data))

    def restore(self) -> None:
        for name, matrix in self._matrices.items():
            if name in self._exact:
                matrix.data = self._exact.pop(name)
