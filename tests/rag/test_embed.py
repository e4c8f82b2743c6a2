"""The embedder: where models come from, and what their vectors are like."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rag import embed
from rag.embed import DEFAULT_MODEL, PackagedModel, SentenceEmbedder
from rag.errors import ModelError, UsageError


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def test_vectors_have_length_1_in_the_order_of_their_texts(embedder: SentenceEmbedder) -> None:
    texts = ["A long sentence about a ferry that sank near the pier on a Monday.", "Ferry.", "The bank kept its rate."]
    vectors = embedder.embed_documents(texts)
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(embedder.embed_query(text) @ vector) == pytest.approx(1.0, abs=0.01)


def test_what_means_the_same_is_nearer_than_what_does_not(embedder: SentenceEmbedder) -> None:
    question, near, far = embedder.embed_documents(
        ["Why did the ship go down?", "The ferry sank because of a leak.", "Interest rates were left unchanged."]
    )
    assert question @ near > question @ far


def test_no_texts_give_no_vectors(embedder: SentenceEmbedder) -> None:
    assert embedder.embed_documents([]).shape == (0, 384)
    assert embedder.lengths([]) == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🛳" * 50, "<|endoftext|>", "x" * 100_000])
def test_any_text_has_a_vector_and_a_length(embedder: SentenceEmbedder, text: str) -> None:
    assert np.isfinite(embedder.embed_query(text)).all()
    assert embedder.lengths([text])[0] >= 2


def test_lengths_count_what_the_window_would_cut(embedder: SentenceEmbedder) -> None:
    assert embedder.lengths(["word " * 1000]) == [1002]
    assert embedder.window == 256


@pytest.mark.parametrize("model", ["../../nowhere", "no-slash", "a/b/c", "a/..", "https://example.org/model", "owner/name\n"])
def test_what_is_no_model_name_is_refused(model: str) -> None:
    with pytest.raises(UsageError, match="DATELINE_MODEL"):
        SentenceEmbedder(model)


def test_a_model_of_the_hub_needs_a_revision() -> None:
    with pytest.raises(UsageError, match="@REVISION"):
        SentenceEmbedder("owner/name")


def test_a_model_that_cannot_be_fetched_is_an_error_that_names_it() -> None:
    with pytest.raises(ModelError, match="owner/name"):
        SentenceEmbedder("owner/name@0123456789abcdef0123456789abcdef01234567")


def test_a_directory_with_pickled_weights_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR.")
    with pytest.raises(ModelError, match="safetensors"):
        SentenceEmbedder(str(tmp_path))


def test_a_truncated_packaged_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "__init__.py").touch()
    (tmp_path / "broken_model").mkdir()
    (tmp_path / "broken_model" / "__init__.py").touch()
    (tmp_path / "broken_model" / "model.safetensors").write_bytes(b"half of it")
    monkeypatch.syspath_prepend(str(tmp_path))
    broken = PackagedModel("broken_model", ".", "0" * 64, "1", "offline")
    monkeypatch.setitem(embed.PACKAGED, DEFAULT_MODEL, broken)
    with pytest.raises(ModelError, match="not the pinned file"):
        SentenceEmbedder()


def test_a_local_directory_is_known_by_the_hash_of_its_weights(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    source = embed._find_packaged(embed.PACKAGED[DEFAULT_MODEL])
    assert source is not None
    shutil.copytree(source, tmp_path / "copy")
    local = SentenceEmbedder(str(tmp_path / "copy"))
    assert embed.PACKAGED[DEFAULT_MODEL].sha256.startswith(local.revision)
    assert float(local.embed_query("ferry") @ embedder.embed_query("ferry")) == pytest.approx(1.0, abs=1e-3)
