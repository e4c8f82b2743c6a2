"""An encoder of the packaged model's form with a handful of random numbers in it, for tests that must not wait for a real one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from rag.embed import model_directory

SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}


def tiny_encoder(directory: Path, seed: int = 1) -> Path:
    """Write config, tokenizer and random weights into `directory`, which is returned."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    packaged = model_directory()
    values = json.loads((packaged / "config.json").read_text("utf-8")) | SIZES
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(values), "utf-8")
    shutil.copy(packaged / "tokenizer.json", directory)
    torch.manual_seed(seed)
    encoder = BertModel(BertConfig(**values), add_pooling_layer=False)
    save_file(encoder.state_dict(), directory / "model.safetensors")
    return directory
