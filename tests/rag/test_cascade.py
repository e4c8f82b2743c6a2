"""The close reader and the cascade: which sentences are read once more, and what both readers say together."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from transformers import MPNetConfig, MPNetModel

from eval.reader.compress import compress, round_matrix
from rag import Rag
from rag.errors import ModelError
from rag.read import CLOSE, CascadeReader, CloseReader, Reading, Span, Text, quick_of
from rag.read.cascade import CHARACTERS, SHARE, UNREAD, choose_excerpts, make_excerpt
from rag.read.close_model import (
    CloseNetwork,
    Shape,
    base_close_network,
    distance_classes,
    load_close_network,
    save_close_network,
)
from rag.read.model import WEIGHTS
from rag.read.packed import make_grid, pack, unpack
from rag.sentences import sentence_spans
from rag.settings import PACKAGED, load_settings

SMALL = Shape(width=64, heads=2, layers=2, inner=128, pieces=60, places=40)
TEXT = "The tide was high. Ada Brandt won the regatta. The mayor of Holm gave her the cup. It rained."
SPANS = tuple(sentence_spans(TEXT))


class Scripted:
    """Says of each sentence what is written for its words; finds the answers that it knows. Keeps what it read."""

    def __init__(self, name: str, scores: dict[str, float], answers: dict[str, float]) -> None:
        self.name = name
        self.scores, self.answers = scores, answers
        self.read_texts: list[str] = []

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        del question
        self.read_texts += [text.text for text in texts]
        cut = sentences or [()] * len(texts)
        return [self._reading(text.text, spans) for text, spans in zip(texts, cut, strict=True)]

    def _reading(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        scores = tuple(next((v for k, v in self.scores.items() if k in text[a:b]), -4.0) for a, b in spans)
        found = [Span(text.index(words), text.index(words) + len(words), v) for words, v in self.answers.items() if words in text]
        return Reading(tuple(sorted(found, key=lambda one: -one.score)), 0.0, scores, max(scores, default=-4.0))


def test_the_close_reader_says_whose_sentence_it_is() -> None:
    quick = Scripted("quick", {"regatta": 1.0, "mayor": 2.0}, {"Ada Brandt": 1.0, "The mayor of Holm": 3.0})
    close = Scripted("close", {"regatta": 6.0, "mayor": -6.0}, {"Ada Brandt": 8.0})
    (reading,) = CascadeReader(quick, close, count=2).read("Who won?", [Text(TEXT)], [SPANS])
    unread = -4.0 + SHARE * UNREAD
    assert reading.sentences == pytest.approx((unread, 1.0 + SHARE * 5.0, 2.0 - SHARE * 8.0, unread))
    best = reading.spans[0]
    assert (TEXT[best.start : best.end], best.score) == ("Ada Brandt", 8.0)
    assert "The mayor of Holm" not in [TEXT[span.start : span.end] for span in reading.spans]
    assert len(close.read_texts) == 2


def test_without_sentences_the_quick_reader_reads_alone() -> None:
    quick, close = Scripted("quick", {}, {"Ada Brandt": 1.0}), Scripted("close", {}, {})
    reader = CascadeReader(quick, close)
    assert reader.read("Who won?", [Text(TEXT)]) == quick.read("Who won?", [Text(TEXT)])
    assert reader.read("Who won?", []) == []
    assert close.read_texts == []
    assert (reader.name, quick_of(reader), quick_of(quick)) == ("quick+close", quick, quick)


def test_the_best_sentences_of_all_texts_are_read_closely() -> None:
    readings = [Reading((), 0.0, (0.0, 3.0), 0.0), Reading((), 0.0, (), 0.0), Reading((), 0.0, (2.0,), 0.0)]
    cut = (((0, 5), (6, 9)), (), ((0, 4),))
    assert [(one.text, one.sentence) for one in choose_excerpts(readings, cut, 2)] == [(0, 1), (2, 0)]


def test_an_excerpt_has_as_many_neighbours_as_fit() -> None:
    assert (make_excerpt(SPANS, 0, 2).first, make_excerpt(SPANS, 0, 2).last) == (0, 3)
    long = tuple((i * 200, i * 200 + 199) for i in range(5))
    assert (make_excerpt(long, 0, 2).first, make_excerpt(long, 0, 2).last) == (2, 2)
    assert make_excerpt(((0, 2 * CHARACTERS),), 0, 0).cut(((0, 2 * CHARACTERS),)) == (0, 2 * CHARACTERS)


@pytest.mark.parametrize(("bits", "apart"), [(8, 0.01), (4, 0.15)])
def test_packed_weights_come_back_nearly_as_they_were(bits: int, apart: float) -> None:
    matrix = torch.randn(7, 128, generator=torch.Generator().manual_seed(1))
    found = unpack("own", pack("own", matrix, make_grid(matrix, 4 if bits == 4 else 8)))
    assert found.shape == matrix.shape
    assert float((found - matrix).abs().mean()) < apart
    assert float((found - matrix).abs().max()) < 4 * apart


def test_rounding_makes_up_for_its_errors_where_it_matters() -> None:
    drawn = torch.Generator().manual_seed(2)
    read = torch.randn(400, 16, generator=drawn) @ torch.randn(16, 128, generator=drawn) + 0.1 * torch.randn(
        400, 128, generator=drawn
    )
    matrix = torch.randn(5, 128, generator=drawn)
    plain = make_grid(matrix, 4)
    rounded, grid = round_matrix(matrix, read.T @ read, 4)
    assert torch.allclose(unpack("own", pack("own", rounded, grid)), rounded, atol=1e-4)
    apart = [float((read @ (matrix - other).T).square().mean()) for other in (rounded, plain.decode(plain.encode(matrix)))]
    assert apart[0] < 0.5 * apart[1]


def test_a_compressed_network_says_nearly_the_same(network: CloseNetwork) -> None:
    before = logits(network)
    ids = torch.arange(5, 55).view(5, 10)
    upper = network.get_parameter("layers.1.up.weight").detach().clone()
    grids = compress(network, [(ids, torch.ones_like(ids))], 8, layers=1)
    assert len(grids) == 6 + 2
    assert network.get_parameter("layers.1.up.weight").equal(upper)
    assert np.allclose(logits(network), before, atol=0.05)


@pytest.fixture
def network() -> CloseNetwork:
    torch.manual_seed(3)
    return CloseNetwork(SMALL).eval()


def logits(network: CloseNetwork) -> NDArray[np.float32]:
    ids = torch.arange(5, 25).view(2, 10)
    present = torch.ones_like(ids)
    present[1, 7:] = 0
    with torch.inference_mode():
        return np.asarray(network(ids, ids, present, torch.zeros_like(ids)).starts)


def test_the_encoder_is_that_of_transformers(tmp_path: Path) -> None:
    torch.manual_seed(4)
    config = MPNetConfig(
        vocab_size=60, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128,
        max_position_embeddings=40, layer_norm_eps=1e-5,
    )  # fmt: skip
    theirs = MPNetModel(config, add_pooling_layer=False)
    theirs.eval()  # type: ignore[no-untyped-call]
    save_file({name: tensor.contiguous() for name, tensor in theirs.state_dict().items()}, tmp_path / "model.safetensors")
    ours = base_close_network(tmp_path, SMALL).eval()
    ids = torch.arange(5, 25).view(2, 10)
    with torch.inference_mode():
        states = theirs(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        found = ours(ids, ids, torch.ones_like(ids), torch.zeros_like(ids))
        assert torch.allclose(ours.spans(states)[..., 0], found.starts, atol=1e-5)


def test_a_base_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="all-mpnet-base-v2"):
        base_close_network(tmp_path, SMALL)
    save_file({"other": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match=r"has no pieces\.weight"):
        base_close_network(tmp_path, SMALL)


def test_near_pieces_have_classes_of_their_own() -> None:
    classes = distance_classes(200)
    assert classes[10, 10] == 0
    assert len({int(classes[100, 100 + away]) for away in range(-7, 8)}) == 15
    assert classes[0, 199] == classes[0, 150] == 31


def test_saved_weights_are_read_back_and_others_refused(tmp_path: Path, network: CloseNetwork) -> None:
    save_close_network(network, tmp_path, {"by": "a test"}, 8)
    assert np.allclose(logits(load_close_network(tmp_path, SMALL).float()), logits(network), atol=0.05)
    with pytest.raises(ModelError, match="holds another network"):
        load_close_network(tmp_path, Shape(width=64, heads=2, layers=3, inner=128, pieces=60, places=40))
    (tmp_path / "weights.safetensors").write_bytes(b"cut short")
    with pytest.raises(ModelError, match="is not the pinned file"):
        load_close_network(tmp_path, SMALL)
    (tmp_path / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match="are missing"):
        load_close_network(tmp_path, SMALL)


def test_without_its_weights_the_quick_reader_answers_and_a_notice_says_so(
    sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> CloseReader:
        raise ModelError("weights.safetensors is missing; install the package again")

    monkeypatch.setattr("rag.parts.CloseReader", missing)
    shutil.copytree(sample_archive, tmp_path / "archive")
    with Rag.open(tmp_path / "archive", load_settings(reader=PACKAGED)) as rag:
        answer = rag.ask("Who won the mayoral election in Tarnholm?")
    assert (answer.status, answer.short_answer) == ("answered", "Lena Vasko")
    assert any("by the quick reader alone: weights.safetensors is missing" in notice for notice in answer.notices)
    assert answer.calibrated


def test_the_packaged_close_reader_tells_who_did_what_to_whom() -> None:
    reader = CloseReader(CLOSE)
    text = "Ada Brandt was beaten by Karl Oyle in the final at Holm on Sunday."
    asked = ("Who won the final at Holm?", "Who was beaten?")
    won, beaten = (reader.read(question, [Text(text)], [((0, len(text)),)])[0].spans[0] for question in asked)
    assert [text[one.start : one.end] for one in (won, beaten)] == ["Karl Oyle", "Ada Brandt"]


def test_the_packaged_weights_are_no_larger_than_they_are_said_to_be() -> None:
    assert (CLOSE / WEIGHTS).stat().st_size <= 62_000_000
