"""The reader: word pieces with their characters, spans, sentences, votes, and weights that must be the recorded ones."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.embed import model_directory
from rag.errors import ModelError
from rag.read import Reading, Span, Text, TrainedReader, votes
from rag.read.encode import LENGTH, PairEncoder, Window, membership, pad
from rag.read.model import WEIGHTS, base_network, get_trained_state, load_network, save_network
from rag.read.reader import LONGEST, RECORD, SHIPPED, best_spans
from rag.read.votes import same_answer
from tests.tiny_encoder import tiny_encoder

FERRY = Text("The ferry Aurora sank off Brindle on Monday. All 212 people were saved. Divers found the bell.", "The ferry")
SENTENCES = ((0, 44), (45, 71), (72, 94))
WORDS = st.text(alphabet="aéßñz 2%.,'-“”—()\n\t$U.S", max_size=300)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save_network(base_network(encoder), folder, {"data": ["none"]})
    return folder


@pytest.fixture(scope="module")
def pairs(encoder: Path) -> PairEncoder:
    return PairEncoder(encoder)


@pytest.fixture(scope="module")
def reader(encoder: Path, weights: Path) -> TrainedReader:
    return TrainedReader(encoder, weights)


@given(text=WORDS)
@settings(max_examples=50, deadline=None)
def test_the_pieces_of_a_text_are_its_words_in_order(pairs: PairEncoder, text: str) -> None:
    (window,) = pairs.windows("What sank?", [Text(text)])
    read = "".join(text[start:end] for start, end in window.spans)
    assert read == "".join(text.split())
    assert len(window.ids) == window.first + len(window.spans) + 1


def test_question_and_title_come_before_the_text(pairs: PairEncoder) -> None:
    (window,) = pairs.windows("What sank?", [FERRY])
    (untitled,) = pairs.windows("What sank?", [Text(FERRY.text)])
    assert window.second == untitled.second == untitled.first == 5  # [CLS] what sank ? [SEP]
    assert window.first == 5 + 3  # the ferry :
    assert (window.ids[window.first :] == untitled.ids[untitled.first :]).all()


def test_a_long_text_is_read_in_windows_that_overlap(pairs: PairEncoder) -> None:
    text = " ".join(f"word{number}" for number in range(600))
    windows = pairs.windows("Which word?", [FERRY, Text(text, "Words")])
    assert [window.text for window in windows] == [0] + [1] * (len(windows) - 1)
    long = windows[1:]
    assert all(len(window.ids) <= LENGTH for window in windows)
    assert {tuple(span) for window in long for span in window.spans.tolist()} == set(_spans(pairs, text))
    for one, other in pairwise(long):
        assert other.spans[0, 0] < one.spans[-1, 0]


def test_of_a_question_that_is_too_long_the_end_is_read(pairs: PairEncoder) -> None:
    (short,) = pairs.windows("who sank?", [FERRY])
    (long,) = pairs.windows("well " * 1000 + "who sank?", [FERRY])
    assert (long.ids[long.second - 4 :] == short.ids[short.second - 4 :]).all()
    assert len(long.spans) == len(short.spans)


def test_pieces_know_their_sentence(pairs: PairEncoder) -> None:
    (window,) = pairs.windows("What sank?", [FERRY])
    of_sentence = window.sentence_of(SENTENCES)
    for (start, _), sentence in zip(window.spans.tolist(), of_sentence.tolist(), strict=True):
        assert SENTENCES[sentence][0] <= start < SENTENCES[sentence][1]
    assert window.sentence_of(SENTENCES[1:]).min() == -1
    assert membership([window], [SENTENCES])[0, : window.first].tolist() == [-1] * window.first


def test_padding_is_marked(pairs: PairEncoder) -> None:
    windows = pairs.windows("What sank?", [FERRY, Text("The ferry.")])
    batch = pad(windows)
    assert batch.present.sum(1).tolist() == [len(window.ids) for window in windows]
    assert batch.segments.sum(1).tolist() == [len(window.ids) - window.second for window in windows]


@given(seed=st.integers(0, 10_000), text=WORDS.filter(lambda text: bool(text.strip())))
@settings(max_examples=50, deadline=None)
def test_the_best_spans_are_those_of_a_plain_search(pairs: PairEncoder, seed: int, text: str) -> None:
    (window,) = pairs.windows("What?", [Text(text)])
    starts, ends = np.random.default_rng(seed).normal(size=(2, len(window.ids))).astype(np.float32)
    plain = sorted(
        (
            (float(starts[window.first + i]) + float(ends[window.first + j]), int(window.spans[i, 0]), int(window.spans[j, 1]))
            for i in range(len(window.spans))
            for j in range(i, min(i + LONGEST, len(window.spans)))
            if window.begins[i] and window.ends[j]
        ),
        reverse=True,
    )[:5]
    found = best_spans(window, starts, ends, count=5)
    assert [(span.start, span.end) for span in found] == [(start, end) for _, start, end in plain]
    assert [span.score for span in found] == pytest.approx([score for score, _, _ in plain], abs=1e-5)


def test_short_answers_are_whole_words(pairs: PairEncoder) -> None:
    text = "Unpronounceableness reigns."
    (window,) = pairs.windows("What?", [Text(text)])
    zeros = np.zeros(len(window.ids), np.float32)
    assert len(window.spans) > 3
    assert {text[span.start : span.end] for span in best_spans(window, zeros, zeros, count=100)} == {
        "Unpronounceableness", "Unpronounceableness reigns", "Unpronounceableness reigns.", "reigns", "reigns.", ".",
    }  # fmt: skip


def test_a_text_reads_the_same_alone_and_among_others(reader: TrainedReader) -> None:
    others = [Text("Rain.", "Weather"), FERRY, Text(" ".join(["The bank kept its rate."] * 150), "Rates")]
    cut = [((0, 5),), SENTENCES, ((0, 23), (24, 47))]
    (alone,) = reader.read("What sank?", [FERRY], [SENTENCES])
    among = reader.read("What sank?", others, cut)
    assert len(among) == 3
    assert [(span.start, span.end) for span in among[1].spans] == [(span.start, span.end) for span in alone.spans]
    assert among[1].sentences == pytest.approx(alone.sentences, abs=1e-4)
    assert (among[1].silence, among[1].answers) == pytest.approx((alone.silence, alone.answers), abs=1e-4)


def test_spans_come_best_first_and_lie_in_the_text(reader: TrainedReader) -> None:
    (reading,) = reader.read("What sank?", [FERRY])
    scores = [span.score for span in reading.spans]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= span.start < span.end <= len(FERRY.text) for span in reading.spans)
    assert reading.sentences == ()


@pytest.mark.parametrize("text", ["", " ", "\ud800", "🛳 sank", "\x00", "x" * 5000])
def test_any_text_and_question_can_be_read(reader: TrainedReader, text: str) -> None:
    spans = ((0, len(text)),) if text.strip() else ()
    (reading,) = reader.read(text or "?", [Text(text, text)], [spans])
    assert np.isfinite(reading.silence)
    assert len(reading.sentences) == len(spans)


def test_nothing_to_read_gives_no_readings(reader: TrainedReader) -> None:
    assert reader.read("What sank?", []) == []


def test_equal_answers_of_several_texts_add_up() -> None:
    texts = [Text("the Aurora"), Text("Aurora, Brindle")]
    readings = [
        Reading((Span(0, 10, 2.0),), 0.0, (), 0.0),
        Reading((Span(8, 15, 2.5), Span(0, 6, 1.0)), 0.0, (), 0.0),
    ]
    found = votes(readings, texts, [0.5, 0.5], temperature=1.0)
    total = np.exp(2.0) + np.exp(2.5) + np.exp(1.0)
    assert [vote.answer for vote in found] == ["Brindle", "the Aurora"]
    assert [vote.share for vote in found] == pytest.approx([np.exp(2.5) / total, (np.exp(2.0) + np.exp(1.0)) / total])
    assert [place.text for place in found[1].places] == [0, 1]
    assert sum(vote.share for vote in votes(readings, texts, [0.5, 0.5])) == pytest.approx(1.0)
    assert votes([Reading((), 0.0, (), 0.0)], [Text("")], [1.0]) == []


def test_a_passage_that_fits_the_question_is_believed_more() -> None:
    texts = [Text("Aurora"), Text("Brindle")]
    readings = [Reading((Span(0, 6, 1.0),), 0.0, (), 0.0), Reading((Span(0, 7, 1.5),), 0.0, (), 0.0)]
    assert votes(readings, texts, [0.5, 0.5])[0].answer == "Brindle"
    assert votes(readings, texts, [1.0, 0.5])[0].answer == "Aurora"


def test_what_was_read_is_remembered_and_forgotten_in_time(encoder: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = TrainedReader(encoder, weights)
    first = reader.read("What sank?", [FERRY, FERRY], [SENTENCES, SENTENCES])
    assert first[0] is first[1]
    assert reader.read("What sank?", [FERRY], [SENTENCES])[0] is first[0]
    assert reader.read("Who sank?", [FERRY], [SENTENCES])[0] is not first[0]
    assert reader.read("What sank?", [FERRY])[0].sentences == ()
    monkeypatch.setattr("rag.read.reader.REMEMBERED", 2)
    reader.read("When?", [FERRY, Text("Rain.")])
    assert reader.read("What sank?", [FERRY], [SENTENCES])[0] is not first[0]


def test_scores_that_are_no_numbers_are_an_error(encoder: Path, tmp_path: Path) -> None:
    network = base_network(encoder)
    network.spans.bias.data.fill_(float("nan"))
    save_network(network, tmp_path, {})
    with pytest.raises(ModelError, match="not finite"):
        TrainedReader(encoder, tmp_path).read("What sank?", [FERRY], [SENTENCES])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Aurora", "Aurora,", True),
        ("Beyoncé", "BEYONCE", True),
        ("1,000", "1000", True),
        ("1.5", "15", False),
        ("$5", "5", False),
        ("“Top Gun”", "Top Gun", True),
        ("U.S.", "U.S", True),
    ],
)
def test_when_answers_are_the_same(one: str, other: str, same: bool) -> None:
    assert (same_answer(one) == same_answer(other)) is same


def test_weights_come_back_in_half_precision(encoder: Path, tmp_path: Path) -> None:
    network = base_network(encoder)
    digest = save_network(network, tmp_path, {"seed": 7})
    assert json.loads((tmp_path / RECORD).read_text("utf-8")) == {"sha256": digest, "seed": 7}
    back = load_network(encoder, tmp_path).state_dict()
    for name, tensor in network.state_dict().items():
        expected = tensor.half().float() if name in get_trained_state(network) else tensor
        assert back[name].equal(expected), name


def test_embeddings_are_not_written(encoder: Path) -> None:
    assert not any("embeddings" in name for name in get_trained_state(base_network(encoder)))


@pytest.mark.parametrize("damage", ["missing", "truncated", "other", "no record", "broken record"])
def test_weights_that_are_not_the_recorded_ones_are_refused(encoder: Path, tmp_path: Path, damage: str) -> None:
    save_network(base_network(encoder), tmp_path, {})
    file, record = tmp_path / WEIGHTS, tmp_path / RECORD
    if damage == "missing":
        file.unlink()
    elif damage == "truncated":
        file.write_bytes(file.read_bytes()[:-10])
    elif damage == "other":
        file.write_bytes(file.read_bytes()[:-1] + b"\x7f")
    elif damage == "no record":
        record.unlink()
    else:
        record.write_text("[]", "utf-8")
    with pytest.raises(ModelError, match=r"weights\.(safetensors|json).*eval\.train_reader"):
        TrainedReader(encoder, tmp_path)


def test_weights_of_another_network_are_refused(encoder: Path, tmp_path: Path) -> None:
    network = base_network(encoder)
    del network.answers
    save_network(network, tmp_path, {})
    with pytest.raises(ModelError, match="another network"):
        load_network(encoder, tmp_path)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_an_encoder_that_lacks_a_file_is_refused(encoder: Path, weights: Path, tmp_path: Path, name: str) -> None:
    for file in encoder.iterdir():
        if file.name != name:
            (tmp_path / file.name).symlink_to(file)
    with pytest.raises(ModelError, match=name):
        TrainedReader(tmp_path, weights)


@pytest.mark.skipif(not (SHIPPED / WEIGHTS).exists(), reason="the reader has not been trained in this checkout")
def test_the_shipped_weights_read() -> None:
    assert (SHIPPED / WEIGHTS).stat().st_size <= 25_000_000
    (sank, saved) = [
        TrainedReader(model_directory()).read(question, [FERRY], [SENTENCES])[0]
        for question in ("What ship sank off Brindle?", "How many people were saved?")
    ]
    assert "Aurora" in FERRY.text[sank.spans[0].start : sank.spans[0].end]
    assert "212" in FERRY.text[saved.spans[0].start : saved.spans[0].end]
    assert int(np.argmax(saved.sentences)) == 1


def _spans(pairs: PairEncoder, text: str) -> list[tuple[int, int]]:
    """The pieces of a text that is too long for one window, word by word."""
    found, start = [], 0
    for word in text.split():
        (window,) = _alone(pairs, word)
        found += [(start + a, start + b) for a, b in window.spans.tolist()]
        start += len(word) + 1
    return found


def _alone(pairs: PairEncoder, word: str) -> list[Window]:
    return pairs.windows("", [Text(word)])
