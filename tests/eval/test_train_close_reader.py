"""Training the close reader: on excerpts, and with its matrices as they will be stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from eval.reader.crops import CropTrainer, RoundedCropTrainer
from eval.reader.rounding import RoundedMatrices
from eval.reader.training import Lessons, Recipe, Step
from rag.read.close_model import CloseNetwork, Shape
from rag.read.encode import PairEncoder
from rag.read.packed import GROUP, make_grid
from tests.eval.lessons import make_lessons, untold
from tests.tiny_encoder import tiny_encoder

SMALL = Shape(width=64, heads=2, layers=2, inner=128, pieces=30_522, places=130)
RECIPE = Recipe(epochs=6, questions=4, learning_rate=0.003)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> PairEncoder:
    return PairEncoder(tiny_encoder(tmp_path_factory.mktemp("encoder")), 128, 32)


@pytest.fixture
def lessons() -> Lessons:
    return make_lessons()


@pytest.fixture
def network() -> CloseNetwork:
    torch.manual_seed(3)
    network = CloseNetwork(SMALL)
    network.freeze(1)
    return network


def values_of_a_group(matrix: torch.Tensor) -> int:
    """The most values that a group of neighbours has."""
    return max(len(group.unique()) for group in matrix.detach().reshape(-1, GROUP))


def test_the_loss_on_excerpts_falls(network: CloseNetwork, pairs: PairEncoder, lessons: Lessons, tmp_path: Path) -> None:
    steps: list[Step] = []
    CropTrainer(network, pairs, lessons, Recipe(epochs=40, questions=6, learning_rate=0.003), tmp_path).run(steps.append)
    assert np.mean([step.loss for step in steps[-5:]]) < 0.7 * steps[0].loss


def test_matrices_are_rounded_where_they_read_and_exact_where_they_are_changed(network: CloseNetwork) -> None:
    trained, frozen = network.get_parameter("layers.1.up.weight"), network.get_parameter("layers.0.up.weight")
    before, kept = trained.detach().clone(), frozen.detach().clone()
    matrices = RoundedMatrices(network.layers, 4)
    optimizer = torch.optim.SGD([trained], lr=0.5)
    matrices.follow(optimizer)
    matrices.round()
    assert values_of_a_group(trained) <= 16
    assert frozen.equal(kept)
    trained.grad = torch.full_like(trained, 0.001)
    optimizer.step()
    assert values_of_a_group(trained) <= 16
    matrices.restore()
    assert torch.allclose(trained, before - 0.0005)


def test_a_rounded_run_ends_on_a_grid_and_goes_on_where_it_was_broken_off(
    pairs: PairEncoder, lessons: Lessons, tmp_path: Path
) -> None:
    def train(folder: Path, *stops: int | None) -> CloseNetwork:
        for stop in stops:
            torch.manual_seed(3)
            network = CloseNetwork(SMALL)
            network.freeze(1)
            RoundedCropTrainer(network, pairs, lessons, RECIPE, folder, 4).run(untold, until=stop)
        return network

    whole, broken = train(tmp_path / "whole", None), train(tmp_path / "broken", 3, None)
    matrix = whole.get_parameter("layers.1.down.weight")
    assert values_of_a_group(matrix) <= 16
    assert matrix.equal(broken.get_parameter("layers.1.down.weight"))
    grid = make_grid(matrix, 4)
    assert torch.allclose(grid.decode(grid.encode(matrix)), matrix, atol=1e-4)  # what is stored is what was trained


def test_windows_to_round_by_are_those_that_are_trained_on(
    network: CloseNetwork, pairs: PairEncoder, lessons: Lessons, tmp_path: Path
) -> None:
    windows = CropTrainer(network, pairs, lessons, RECIPE, tmp_path).windows(2)
    assert sum(len(ids) for ids, _ in windows) >= 2 * RECIPE.questions - 2
    assert all(ids.shape == present.shape and int(present.max()) == 1 for ids, present in windows)
