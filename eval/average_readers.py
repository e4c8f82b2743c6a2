"""Average the weights of two readers and write them as a third.

    python -m eval.average_readers FIRST SECOND --share .35 --out WEIGHTS

A network trained further on other texts, and the one that it was trained from, lie near enough for the mean of their weights to
be a network too, which keeps more of what the first one knew of texts that it was not trained on (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.terminal import run, say
from rag.embed import model_directory
from rag.read.model import load_network, read_record, save_network

if TYPE_CHECKING:
    from rag.read.model import ReaderNetwork


def average(first: ReaderNetwork, second: ReaderNetwork, share: float) -> ReaderNetwork:
    """`first` with each of its numbers moved towards that of `second` by `share`, 0 to 1; changed in place."""
    others = second.state_dict()
    mixed = {
        name: (1 - share) * tensor + share * others[name]
        for name, tensor in first.state_dict().items()
        if tensor.is_floating_point()
    }
    first.load_state_dict(mixed, strict=False)
    return first


def main(
    first: Annotated[Path, typer.Argument(help="The folder of the first reader's weights.")],
    second: Annotated[Path, typer.Argument(help="The folder of the second reader's weights.")],
    out: Annotated[Path, typer.Option(help="The folder to write the weights into.")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="What the second reader counts.")] = 0.35,
) -> None:
    """Average two readers."""
    encoder = model_directory()
    network = average(load_network(encoder, first), load_network(encoder, second), share)
    record = {"average": [read_record(first), read_record(second)], "share": share}
    say(f"weights in {out}, sha256 {save_network(network, out, record)}")


if __name__ == "__main__":
    run(main)
