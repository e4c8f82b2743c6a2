"""Train the reader on public question sets and write its weights.

    python -m eval.train_reader --checkpoints RUN

The questions of the sets in DIR (DIR is $DATELINE_DATA unless given) are read in their own paragraph, in one that retrieval
takes for it, and in their own without the sentence that answers; some are asked about another name. A share of SQuAD's articles
and 1,000 search questions are held back, and the reader is measured on them. A run that was broken off goes on from its last
checkpoint when the same command is given again, and ends in the same weights.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval.reader.clozes import clozes
from eval.reader.examples import Example, ReadingSet, of_articles, read_squad, select_held_back
from eval.reader.hardest import hard_negatives
from eval.reader.scores import Marks, marks
from eval.reader.sources import MORE, SEARCHES, SQUAD, apart, read_source, together, with_silent_repeated
from eval.reader.training import Lessons, Recipe, Step, Trainer
from eval.reader.unanswered import Mix
from eval.terminal import note, run, say
from rag.embed import SentenceEmbedder, model_directory
from rag.protocols import Reader
from rag.read import Reading, TrainedReader
from rag.read.encode import PairEncoder
from rag.read.model import base_network, load_network, read_record, save_network
from rag.read.reader import SHIPPED

CANDIDATES = 8
"""Hard negatives of a question, of which each epoch draws one."""
SMOOTHING = 0.02
HELD_BACK_SEED = 2022
SEARCHES_HELD_BACK = 1_000
RECIPE = Recipe()


def split(data: Path, share: float) -> tuple[ReadingSet, ReadingSet]:
    """Questions of SQuAD to train on, and those held back: whole articles, the same ones whatever the seed of the training."""
    everything = read_squad([data / name for name in SQUAD.files])
    titles = select_held_back(everything, share, HELD_BACK_SEED)
    note(f"held back: {', '.join(sorted(titles)) or 'nothing'}")
    return of_articles(everything, titles, inside=False), of_articles(everything, titles, inside=True)


def split_searches(data: Path, count: int) -> tuple[ReadingSet, ReadingSet]:
    """Search questions to train on, and `count` of them held back."""
    return apart(read_source(SEARCHES, data, HELD_BACK_SEED), count, HELD_BACK_SEED)


def negatives_of(reading: ReadingSet, file: Path) -> list[tuple[int, ...]]:
    """The hard negatives as `file` has them from a run that was broken off; else found, and written there."""
    if file.exists():
        return [tuple(found) for found in json.loads(file.read_text("utf-8"))]
    note(f"looking for hard negatives of {len(reading.examples)} questions")
    with tempfile.TemporaryDirectory() as directory:
        found = hard_negatives(reading, SentenceEmbedder(), Path(directory), CANDIDATES)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found), "utf-8")
    return found


def lessons_from(readings: Mapping[str, ReadingSet], made: Mix, checkpoints: Path, seed: int) -> Lessons:
    """All sets together, with hard negatives from each one's own paragraphs and with questions made from theirs."""
    before, found = 0, list[tuple[int, ...]]()
    for name, reading in readings.items():
        own = negatives_of(reading, checkpoints / f"negatives {name}.json")
        found += (tuple(number + before for number in some) for some in own)
        before += len(reading.paragraphs)
    return Lessons(*made.lessons(together(list(readings.values())), found, seed))


def train(
    readings: Mapping[str, ReadingSet], recipe: Recipe, made: Mix, start: Path | None, about: int, checkpoints: Path, out: Path,
    record: dict[str, object],
) -> None:  # fmt: skip
    """Train to the end and write the weights into `out`: at most `about` clozes about each paragraph, then the questions."""
    import torch

    encoder = model_directory()
    torch.manual_seed(recipe.seed)  # for the new heads
    network = load_network(encoder, start) if start else base_network(encoder, dropout=recipe.dropout)
    if about:
        easy = clozes(together(list(readings.values())), about, recipe.seed)
        note(f"{len(easy.examples)} clozes to begin with")
        lessons = Lessons(easy, [()] * len(easy.examples))
        follow(Trainer(network, PairEncoder(encoder), lessons, replace(recipe, epochs=1), checkpoints / "clozes"))
    lessons = lessons_from(readings, made, checkpoints, recipe.seed)
    note(f"{len(lessons.reading.examples)} questions with those that were made")
    follow(Trainer(network, PairEncoder(encoder), lessons, recipe, checkpoints))
    note(f"weights in {out}, sha256 {save_network(network, out, record)}")


def follow(trainer: Trainer) -> None:
    """Run the trainer to its end under a progress bar, or lines of progress where there is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("training", total=trainer.total)
        smooth = 0.0

        def report_step(step: Step) -> None:
            nonlocal smooth
            smooth = step.loss if not smooth else (1 - SMOOTHING) * smooth + SMOOTHING * step.loss
            progress.update(bar, completed=step.done, description=f"loss {smooth:.3f}")
            if step.done % 50 == 0 and not progress.console.is_terminal:
                note(f"{time.strftime('%H:%M:%S')} step {step.done} of {step.total}: loss {smooth:.3f}")

        trainer.run(report_step)


def measure_marks(reading: ReadingSet, reader: Reader) -> Marks:
    """The marks of the reader on every question of `reading`."""

    def read(example: Example) -> Reading:
        paragraph = reading.paragraphs[example.paragraph]
        return reader.read(example.question, [paragraph.text], [paragraph.sentences])[0]

    return marks(reading.examples, reading, read)


def main(
    checkpoints: Annotated[Path, typer.Option(help="The folder for checkpoints of this run.")],
    data: Annotated[Path, typer.Option(envvar="DATELINE_DATA", help="The folder of all data sets.")],
    out: Annotated[Path, typer.Option(help="The folder to write the weights into.")] = SHIPPED,
    start: Annotated[Path | None, typer.Option(help="Weights to go on from, instead of the encoder alone.")] = None,
    more: Annotated[bool, typer.Option(help="Train on all sets, not on SQuAD alone.")] = True,
    epochs: Annotated[int, typer.Option(min=1)] = RECIPE.epochs,
    steps: Annotated[int | None, typer.Option(min=1, help="End after so many steps.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions of a step.")] = RECIPE.questions,
    bfloat16: Annotated[bool, typer.Option(help="Multiply in bfloat16: faster on processors made for it.")] = False,
    learning_rate: Annotated[float, typer.Option(min=0.0)] = RECIPE.learning_rate,
    about: Annotated[int, typer.Option("--clozes", min=0, help="Clozes about each paragraph, read before the questions.")] = 0,
    negatives: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of questions with a hard negative.")
    ] = RECIPE.negatives,
    silent: Annotated[int, typer.Option(min=1, help="How often an epoch reads a question of SQuAD without an answer.")] = 1,
    hold_back: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the articles to measure on.")] = 0.17,
    seed: Annotated[int, typer.Option()] = RECIPE.seed,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 2,
    limit: Annotated[int | None, typer.Option(help="Only so many questions, to try the command out.")] = None,
    measure_only: Annotated[bool, typer.Option("--measure-only", help="Measure the weights in OUT.")] = False,
) -> None:
    """Train the reader, and measure it on articles held back."""
    import torch

    torch.set_num_threads(threads)
    squad, kept = split(data, hold_back)
    searches, kept_searches = split_searches(data, SEARCHES_HELD_BACK)
    readings = {SQUAD.name: with_silent_repeated(squad, silent)}
    if more:
        readings |= {one.name: read_source(one, data, HELD_BACK_SEED) for one in MORE} | {SEARCHES.name: searches}
    if limit is not None:
        readings = {name: replace(reading, examples=reading.examples[:limit]) for name, reading in readings.items()}
    for name, reading in readings.items():
        note(f"{name}: {len(reading.examples)} questions")
    if not measure_only:
        recipe = Recipe(
            epochs=epochs,
            steps=steps,
            questions=questions,
            learning_rate=learning_rate,
            negatives=negatives,
            seed=seed,
            bfloat16=bfloat16,
        )
        made = Mix()
        record: dict[str, object] = {
            "start": read_record(start) if start else None,
            "data": {name: len(reading.examples) for name, reading in readings.items()},
            "clozes": about,
            "made": repr(made),
            "recipe": repr(recipe),
        }
        train(readings, recipe, made, start, about, checkpoints, out, record)
    reader = TrainedReader(model_directory(), out)
    say(f"SQuAD: {measure_marks(kept, reader).described()}")
    say(f"Searches: {measure_marks(kept_searches, reader).described()}")


if __name__ == "__main__":
    run(main)
