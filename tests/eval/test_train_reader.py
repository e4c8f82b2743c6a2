"""Training the reader: what is read from SQuAD, what the network is told, and that a broken run goes on as if it had not been."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from eval.average_readers import average
from eval.reader.examples import Example, Marking, ReadingSet, occurrences, of_articles, read_squad, select_held_back
from eval.reader.hardest import hard_negatives
from eval.reader.scores import marks
from eval.reader.targets import Weights, loss_of, make_task
from eval.reader.training import SHAPES, Lessons, Recipe, Step, Trainer, schedule, scores_of
from rag.errors import InputError
from rag.read import Reading, Span
from rag.read.encode import PairEncoder
from rag.read.model import Scores, base_network, get_trained_state
from tests.eval.lessons import BELL, make_lessons, paragraph, untold
from tests.fakes import HashEmbedder
from tests.tiny_encoder import tiny_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


def squad(path: Path, *articles: tuple[str, str, list[dict[str, object]]]) -> Path:
    data = [{"title": title, "paragraphs": [{"context": text, "qas": qas}]} for title, text, qas in articles]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


def qa(id: str, question: str, *answers: str) -> dict[str, object]:
    found = [{"text": answer, "answer_start": 0} for answer in answers]
    return {"id": id, "question": question, "is_impossible": not answers, "answers": found}


@pytest.fixture
def lessons() -> Lessons:
    return make_lessons()


def test_a_question_of_both_files_is_taken_once_with_its_annotators_shares(tmp_path: Path) -> None:
    one = squad(tmp_path / "1.json", ("The_Ferry", BELL, [qa("a", "What did divers find?", "the bell", "the bell", "bell")]))
    two = squad(
        tmp_path / "2.json", ("The_Ferry", BELL, [qa("a", "What did divers find? ", "the bell"), qa("b", "Why did it sink?")])
    )
    found = read_squad([one, two])
    assert [example.id for example in found.examples] == ["a", "b"]
    assert [one.text.title for one in found.paragraphs] == ["The Ferry"]
    first, second = found.examples
    assert {(BELL[mark.start : mark.end], round(mark.share, 3)) for mark in first.marked} == {
        ("the bell", 0.667),
        ("bell", 0.333),
    }
    assert (second.answers, second.marked) == ((), ())


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("When did the ferry sink?", [(18, 22)]),
        ("In what year did divers find the bell?", [(49, 53)]),
        ("When?", [(18, 22), (49, 53)]),
    ],
)
def test_an_answer_stands_in_the_sentence_nearest_to_the_question(question: str, places: list[tuple[int, int]]) -> None:
    assert occurrences("1990", paragraph(BELL), question) == places


def test_whole_articles_are_held_back_by_seed() -> None:
    paragraphs = tuple(paragraph(f"Text {i}.", f"Article {i % 10}") for i in range(30))
    silent = ReadingSet(paragraphs, tuple(Example(str(i), "Why?", i, (), ()) for i in range(30)))
    titles = select_held_back(silent, 0.2, seed=3)
    kept, rest = of_articles(silent, titles, inside=True), of_articles(silent, titles, inside=False)
    assert titles == select_held_back(silent, 0.2, seed=3)
    assert {one.text.title for one in kept.paragraphs} == titles
    assert {one.text.title for one in rest.paragraphs}.isdisjoint(titles)
    assert (len(titles), len(kept.examples), len(rest.examples)) == (2, 6, 24)
    for part in (kept, rest):
        assert all(part.paragraphs[one.paragraph].text.text == f"Text {one.id}." for one in part.examples)


def test_hard_negatives_are_near_and_do_not_hold_the_answer(tmp_path: Path) -> None:
    texts = [
        "The ferry sank in 1990.",
        "The ferry sank twice.",
        "In 1990 the ferry sank.",
        "Rates rose.",
        "A ferry sank near Brindle.",
    ]
    asked = Example("a", "When did the ferry sink?", 0, ("1990",), (Marking(18, 22, 1.0),))
    silent = Example("b", "Why did the ferry sink?", 0, (), ())
    reading = ReadingSet(tuple(paragraph(text) for text in texts), (asked, silent))
    found = hard_negatives(reading, HashEmbedder(256), tmp_path, 2)
    assert set(found[0]) == {1, 4}
    assert found[1] == ()


def test_the_network_is_told_the_pieces_of_the_answer(encoder: Path) -> None:
    text = paragraph(BELL)
    start = BELL.index("the bell")
    marked = (Marking(start, start + 8, 0.75), Marking(start + 4, start + 8, 0.25))
    task = make_task(PairEncoder(encoder).windows("What did divers find?", [text.text]), text.sentences, marked, 0)
    pieces = [BELL[a:b] for a, b in task.window.spans.tolist()]
    first = task.window.first
    assert {pieces[i - first]: float(task.starts[i]) for i in np.flatnonzero(task.starts)} == {"the": 0.75, "bell": 0.25}
    assert {pieces[i - first]: float(task.ends[i]) for i in np.flatnonzero(task.ends)} == {"bell": 1.0}
    assert task.evidence.tolist() == [0, 1]
    assert task.answers


def test_without_an_answer_the_first_piece_is_right(encoder: Path) -> None:
    text = paragraph(BELL)
    task = make_task(PairEncoder(encoder).windows("Who sank it?", [text.text]), text.sentences, (), 0)
    assert (task.starts[0], task.starts.sum(), task.ends[0], task.answers) == (1, 1, 1, False)
    assert task.evidence.tolist() == [0, 0]


def test_right_scores_lose_next_to_nothing_and_wrong_ones_much(encoder: Path) -> None:
    text, other = paragraph(BELL), paragraph("Rates rose.")
    pairs = PairEncoder(encoder)
    mark = Marking(BELL.index("2001"), BELL.index("2001") + 4, 1.0)
    tasks = [make_task(pairs.windows("When was the wreck found?", [one.text]), one.sentences, marks, 5)
             for one, marks in ((text, (mark,)), (other, ()))]  # fmt: skip

    def scores(sign: float) -> Scores:
        width, sentences = max(len(task.starts) for task in tasks), 2
        starts, ends, evidence = (torch.full((2, size), -sign * 30) for size in (width, width, sentences))
        for row, task in enumerate(tasks):
            starts[row, int(task.starts.argmax())] = ends[row, int(task.ends.argmax())] = sign * 30
            for sentence in np.flatnonzero(task.evidence):
                evidence[row, sentence] = sign * 30
        return Scores(starts, ends, evidence, sign * torch.tensor([30.0, -30.0]))

    assert float(loss_of(tasks, scores(1.0), Weights())) == pytest.approx(0, abs=1e-4)
    assert float(loss_of(tasks, scores(-1.0), Weights())) > 30


def test_windows_of_one_question_share_a_softmax(encoder: Path) -> None:
    pairs = PairEncoder(encoder)
    text, other = paragraph("Rain."), paragraph("Snow.")
    tasks = [
        make_task(pairs.windows("What fell?", [one.text]), one.sentences, marks, 1)
        for one, marks in ((text, (Marking(0, 4, 1.0),)), (other, ()))
    ]
    zeros = torch.zeros((2, len(tasks[0].starts)))
    scores = Scores(zeros, zeros, torch.zeros((2, 1)), torch.zeros(2))
    without = float(loss_of(tasks, scores, Weights(0, 0, 0)))
    assert without == pytest.approx(np.log(3))  # "no answer", "rain" and "."
    assert float(loss_of(tasks, scores, Weights(1, 0, 0))) - without == pytest.approx(np.log(4))  # two pieces in each text


def test_the_loss_falls(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    recipe = Recipe(epochs=40, questions=6, learning_rate=0.01, dropout=0.0)
    told: list[Step] = []
    Trainer(base_network(encoder), PairEncoder(encoder), lessons, recipe, tmp_path).run(told.append)
    assert [step.done for step in told] == list(range(1, 41))
    assert np.mean([step.loss for step in told[-5:]]) < 0.6 * told[0].loss


def test_a_run_that_was_broken_off_ends_in_the_same_weights(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    recipe = Recipe(epochs=4, questions=4, learning_rate=0.01, dropout=0.2)

    def trained(folder: Path, *stops: int | None) -> dict[str, torch.Tensor]:
        state: dict[str, torch.Tensor] = {}
        for stop in stops:
            torch.manual_seed(5)
            network = base_network(encoder, dropout=recipe.dropout)
            Trainer(network, PairEncoder(encoder), lessons, recipe, folder).run(untold, until=stop)
            state = get_trained_state(network)
        return state

    whole, broken = trained(tmp_path / "whole", None), trained(tmp_path / "broken", 3, None)
    assert whole.keys() == broken.keys()
    assert all(whole[name].equal(broken[name]) for name in whole)


def test_a_checkpoint_of_another_recipe_is_refused(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    for seed in (1, 2):
        trainer = Trainer(base_network(encoder), PairEncoder(encoder), lessons, Recipe(seed=seed, questions=6), tmp_path)
        if seed == 1:
            trainer.run(untold, until=1)
        else:
            with pytest.raises(InputError, match="another training"):
                trainer.run(untold)


def test_embeddings_stay_as_they_are(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    network = base_network(encoder)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    recipe = Recipe(epochs=2, questions=6, learning_rate=0.01)
    Trainer(network, PairEncoder(encoder), lessons, recipe, tmp_path).run(untold)
    changed = {name for name, tensor in network.state_dict().items() if not tensor.equal(before[name])}
    assert changed
    assert changed <= set(get_trained_state(network))


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [schedule(done, 100, 0.1) for done in range(100)]
    assert rates[:10] == pytest.approx([(done + 1) / 10 for done in range(10)])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[99] == pytest.approx(1 / 90)


def test_scores_have_the_form_of_their_windows(encoder: Path, lessons: Lessons) -> None:
    pairs = PairEncoder(encoder)
    tasks = [
        make_task(pairs.windows(one.question, [lessons.reading.paragraphs[one.paragraph].text]),
                  lessons.reading.paragraphs[one.paragraph].sentences, one.marked, 0)
        for one in lessons.reading.examples
    ]  # fmt: skip
    scores = scores_of(base_network(encoder), tasks)
    longest = -(-max(len(task.window.ids) for task in tasks) // SHAPES) * SHAPES
    assert (scores.starts.shape, scores.ends.shape, scores.sentences.shape) == ((6, longest), (6, longest), (6, 2))
    assert scores.answers.shape == (6,)


def test_marks_count_withheld_answers() -> None:
    reading = ReadingSet((paragraph(BELL),), ())
    start = BELL.index("the bell")
    answered = Example("a", "What did divers find?", 0, ("the bell",), (Marking(start, start + 8, 1.0),))
    silent = Example("b", "Who dived?", 0, (), ())
    right = Reading((Span(start + 4, start + 8, 3.0),), 1.0, (-1.0, 1.0), 2.0)
    found = marks([answered, answered, silent, silent], reading, lambda _: right)
    assert (found.exact, found.answerable_exact, found.withheld, found.forced, found.sentence) == (0.5, 1.0, 0.0, 1.0, 1.0)
    unsure = Reading(right.spans, 4.0, (1.0, -1.0), -2.0)
    found = marks([answered, silent], reading, lambda _: unsure)
    assert (found.exact, found.answerable_exact, found.withheld, found.forced, found.sentence) == (0.5, 0.0, 1.0, 1.0, 0.0)


def test_readers_are_averaged_number_by_number(encoder: Path) -> None:
    first, second = base_network(encoder), base_network(encoder)
    second.spans.bias.data.fill_(1.0)
    first.spans.bias.data.fill_(0.0)
    mixed = average(first, second, 0.25)
    assert mixed.spans.bias.tolist() == [0.25, 0.25]
    assert torch.equal(mixed.encoder.embeddings.word_embeddings.weight, second.encoder.embeddings.word_embeddings.weight)
