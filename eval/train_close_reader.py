"""Train the close reader on excerpts of the public question sets and write its weights.

    python -m eval.train_close_reader --base DIR --checkpoints RUN

DIR holds all-mpnet-base-v2 (config.json is not needed, model.safetensors and tokenizer.json are). The questions are those of
`python -m eval.train_reader`, and so is what is held back: it is measured on what both readers say together of whole paragraphs.
Embeddings and the lower layers are not trained. After `--steps` all is rounded to few bits, and the upper layers are trained on
for `--rounded-steps` as they will be stored. A run that was broken off goes on when the same command is given again.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from eval.reader.compress import compress
from eval.reader.crops import WINDOWS, CropTrainer, RoundedCropTrainer
from eval.reader.sources import MORE, SEARCHES, SQUAD, read_source
from eval.reader.training import Recipe
from eval.reader.unanswered import Mix
from eval.terminal import note, run, say
from eval.train_reader import (
    HELD_BACK_SEED,
    SEARCHES_HELD_BACK,
    follow,
    lessons_from,
    measure_marks,
    split,
    split_searches,
)
from rag.embed import model_directory
from rag.read import CascadeReader, CloseReader, TrainedReader
from rag.read.close_model import base_close_network, save_close_network
from rag.read.encode import PairEncoder
from rag.read.packed import Bits
from rag.read.reader import CLOSE, CLOSE_EDGES, CLOSE_LENGTH, CLOSE_OVERLAP

TOKENIZER = "tokenizer.json"
CALIBRATION = 5
"""The steps whose excerpts show what the lower layers read, for rounding them."""


def main(
    base: Annotated[Path, typer.Option(help="The folder of all-mpnet-base-v2.")],
    checkpoints: Annotated[Path, typer.Option(help="The folder for checkpoints of this run.")],
    data: Annotated[Path, typer.Option(envvar="DATELINE_DATA", help="The folder of all data sets.")],
    out: Annotated[Path, typer.Option(help="The folder to write the weights into.")] = CLOSE,
    steps: Annotated[int, typer.Option(min=1)] = 600,
    questions: Annotated[int, typer.Option(min=1, help="Questions of a step.")] = 34,
    learning_rate: Annotated[float, typer.Option(min=0.0)] = 8e-5,
    rounded_steps: Annotated[int, typer.Option(min=1, help="Steps with weights of few bits.")] = 1_000,
    rounded_rate: Annotated[float, typer.Option(min=0.0, help="The learning rate of these.")] = 7e-5,
    frozen: Annotated[int, typer.Option(min=0, max=12, help="Lower layers that stay as they are.")] = 6,
    seed: Annotated[int, typer.Option()] = 41,
    bits: Annotated[int, typer.Option(help="Bits of a packed weight: 4 or 8.")] = 4,
    bfloat16: Annotated[bool, typer.Option(help="Multiply in bfloat16: faster on processors made for it.")] = True,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 2,
    hold_back: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the articles to measure on.")] = 0.17,
    measure_only: Annotated[bool, typer.Option("--measure-only", help="Measure the weights in OUT.")] = False,
) -> None:
    """Train the close reader, and measure both readers together on what was held back."""
    import torch

    if bits not in (4, 8):
        raise typer.BadParameter("bits are 4 or 8", param_hint="--bits")
    torch.set_num_threads(threads)
    squad, kept = split(data, hold_back)
    searches, kept_searches = split_searches(data, SEARCHES_HELD_BACK)
    if not measure_only:
        readings = {SQUAD.name: squad} | {one.name: read_source(one, data, HELD_BACK_SEED) for one in MORE}
        readings |= {SEARCHES.name: searches}
        recipe = Recipe(
            epochs=1, steps=steps, questions=questions, learning_rate=learning_rate, seed=seed, at_once=WINDOWS, bfloat16=bfloat16
        )
        after = replace(recipe, steps=rounded_steps, learning_rate=rounded_rate, seed=seed + 1)
        made = Mix()
        lessons = lessons_from(readings, made, checkpoints, HELD_BACK_SEED)
        note(f"{len(lessons.reading.examples)} questions with those that were made")
        torch.manual_seed(seed)  # for the new heads
        network = base_close_network(base)
        network.freeze(frozen)
        pairs = PairEncoder(base, CLOSE_LENGTH, CLOSE_OVERLAP, CLOSE_EDGES)
        trainer = CropTrainer(network, pairs, lessons, recipe, checkpoints / "exact")
        follow(trainer)
        packed: Bits = 4 if bits == 4 else 8
        grids = compress(network, trainer.windows(CALIBRATION), packed, frozen)
        follow(RoundedCropTrainer(network, pairs, lessons, after, checkpoints / "rounded", packed))
        record: dict[str, object] = {
            "data": {name: len(reading.examples) for name, reading in readings.items()},
            "made": repr(made),
            "recipes": [repr(recipe), repr(after)],
            "frozen": frozen,
            "bits": bits,
        }
        note(f"weights in {out}, sha256 {save_close_network(network, out, record, packed, grids)}")
        shutil.copyfile(base / TOKENIZER, out / TOKENIZER)
    reader = CascadeReader(TrainedReader(model_directory()), CloseReader(out))
    say(f"SQuAD: {measure_marks(kept, reader).described()}")
    say(f"Searches: {measure_marks(kept_searches, reader).described()}")


if __name__ == "__main__":
    run(main)
