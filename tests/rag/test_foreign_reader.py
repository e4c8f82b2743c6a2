"""Any question-answering model of transformers as the reader: small ones that the tests make."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForQuestionAnswering, BertForSequenceClassification, PreTrainedTokenizerFast

from rag.embed import model_directory
from rag.errors import ModelError
from rag.parts import NOT_CALIBRATED, load_reader
from rag.pipeline import Rag
from rag.read import Text
from rag.read.foreign import LOWEST, QuestionAnsweringReader
from rag.settings import load_settings
from rag.types import Span

TEXT = Text("It rained. The bridge opened in Ostholm on 4 May.", "A bridge opens")
CUT = [(0, 10), (11, 49)]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def tokenizer(words: str) -> PreTrainedTokenizerFast:
    """One that knows each of `words` whole, and nothing else."""
    pieces = {piece: i for i, piece in enumerate([*SPECIAL, *sorted(set(words.lower().split()))])}
    made = Tokenizer(models.WordLevel(pieces, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", model_max_length=64
    )


def config(size: int) -> BertConfig:
    return BertConfig(
        vocab_size=size, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that finds "ostholm" wherever it stands: its embedding alone moves the score of a start and an end."""
    where = tmp_path_factory.mktemp("model")
    pieces = tokenizer("where did the bridge open ? it rained . opened in ostholm on 4 may a opens :")
    torch.manual_seed(1)
    network = BertForQuestionAnswering(config(len(pieces)))
    with torch.no_grad():
        network.bert.embeddings.word_embeddings.weight[pieces.convert_tokens_to_ids("ostholm")] = torch.arange(16.0) - 8
        direction = network.bert(torch.tensor([[pieces.convert_tokens_to_ids("ostholm")]])).last_hidden_state[0, 0]
        network.qa_outputs.weight[:] = direction / direction.norm()
        network.qa_outputs.bias.zero_()
    network.save_pretrained(where)
    pieces.save_pretrained(where)
    return where


def test_the_best_span_and_its_sentence_are_found(folder: Path) -> None:
    reader = QuestionAnsweringReader(str(folder))
    (read,) = reader.read("Where did the bridge open?", [TEXT], [CUT])
    assert TEXT.text[read.spans[0].start : read.spans[0].end] == "Ostholm"
    assert read.sentences[1] > read.sentences[0] >= LOWEST
    assert read.sentences[1] == pytest.approx(read.spans[0].score - read.silence)
    assert read.answers == pytest.approx(read.sentences[1])


def test_a_text_is_read_once_for_a_question(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = QuestionAnsweringReader(str(folder))
    first = reader.read("Where did the bridge open?", [TEXT], [CUT])
    monkeypatch.setattr(reader, "_network", None)  # it is not asked again
    assert reader.read("Where did the bridge open?", [TEXT], [CUT]) == first


def test_no_answer_is_taken_from_the_title(folder: Path) -> None:
    (read,) = QuestionAnsweringReader(str(folder)).read("Where?", [Text("It rained.", "Ostholm opens")], [[(0, 10)]])
    assert all(0 <= span.start < span.end <= 10 for span in read.spans)


def test_a_long_text_is_read_in_windows(folder: Path) -> None:
    before = "It rained. " * 60
    text = Text(before + "It rained in Ostholm.")
    (read,) = QuestionAnsweringReader(str(folder)).read("Where?", [text], [[(0, len(before)), (len(before), len(text.text))]])
    assert text.text[read.spans[0].start : read.spans[0].end] == "Ostholm"


@pytest.mark.parametrize("text", ["", " ", "\ud800", "…"])
def test_any_text_can_be_read(folder: Path, text: str) -> None:
    reader = QuestionAnsweringReader(str(folder))
    (read,) = reader.read("Where \ud800?", [Text(text)], [[(0, len(text))] if text else []])
    assert len(read.sentences) == bool(text)
    assert reader.read("Where?", []) == []


def test_the_same_model_has_the_same_name_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert QuestionAnsweringReader(str(copy)).name == QuestionAnsweringReader(str(folder)).name


def test_a_model_for_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    BertForSequenceClassification(config(30)).save_pretrained(other)
    with pytest.raises(ModelError, match="DATELINE_READER"):
        QuestionAnsweringReader(str(other))
    with pytest.raises(ModelError, match="DATELINE_READER"):
        QuestionAnsweringReader(str(tmp_path / "nothing"))
    with pytest.raises(ModelError, match="DATELINE_READER"):
        QuestionAnsweringReader(str(model_directory()))  # an embedder has no head that answers


def test_the_setting_names_it(folder: Path) -> None:
    assert isinstance(load_reader(str(folder)), QuestionAnsweringReader)
    assert load_reader("none") is None


def test_what_is_not_calibrated_shows_no_percentage(folder: Path, sample_archive: Path, tmp_path: Path) -> None:
    from ui.render import answer_json

    index = Path(shutil.copytree(sample_archive, tmp_path / "archive"))
    with Rag.open(index, load_settings(reader=str(folder))) as rag:
        assert NOT_CALIBRATED in rag.notices
        answer = rag.ask("Where did the bridge open?")
        assert not answer.calibrated
        assert answer_json(answer)["confidence"] is None
        articles = rag.archive.catalog.articles([citation.source.id for citation in answer.citations])
        for citation in answer.citations:
            assert articles[citation.source.id].text[citation.start : citation.end] == citation.quote


def test_spans_are_ordered_by_their_score(folder: Path) -> None:
    (read,) = QuestionAnsweringReader(str(folder)).read("Where?", [TEXT], [CUT])
    assert list(read.spans) == sorted(read.spans, key=lambda span: -span.score)
    assert all(isinstance(span, Span) for span in read.spans)
