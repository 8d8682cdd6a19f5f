"""Each family, converted: llama.cpp computes what PyTorch computed, whichever way the checkpoint is put."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omm.convert.__main__ import in_pairs
from omm.engine.jobs import Remark, Report, Written
from omm.errors import OmmError
from omm.store.gguf import read_header
from tests.convert import checkpoints
from tests.convert.llamacpp import convert, load, logits, tolerance

pytestmark = pytest.mark.model


def difference(path: Path, case: str) -> float:
    """How far llama.cpp's logits are from PyTorch's, as a part of the largest."""
    said = checkpoints.expected("cases", case)
    wanted = np.array(said["logits"])
    return float(np.abs(logits(path, said["prompt"], len(wanted)) - wanted).max() / np.abs(wanted).max())


@pytest.mark.parametrize("case", checkpoints.CASES)
def test_logits_are_those_of_pytorch(tmp_path: Path, case: str) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", case)
    assert difference(convert(checkpoint, tmp_path / "model.gguf"), case) < tolerance(case)


@pytest.mark.parametrize(("dtype", "close"), [("F16", 5e-3), ("BF16", 5e-2)])
def test_matrices_keep_their_type(tmp_path: Path, dtype: str, close: float) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2", dtype=dtype)
    path = convert(checkpoint, tmp_path / "model.gguf")
    types = {(tensor.type, len(tensor.shape)) for tensor in read_header(path).tensors}
    assert types == {(dtype, 2), ("F32", 1)}
    assert read_header(path).file_type == dtype
    assert difference(path, "llama2") < close


def test_same_checkpoint_gives_the_same_bytes(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "gemma3")
    first, second = (convert(checkpoint, tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_weights_in_several_files_are_the_same_model(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "qwen2")
    whole = convert(checkpoint, tmp_path / "whole.gguf")
    (checkpoint / "model.safetensors").unlink()
    arrays = checkpoints.weights(checkpoints.expected("cases", "qwen2")["tensors"])
    names = {name: f"model-0000{index % 2 + 1}-of-00002.safetensors" for index, name in enumerate(arrays)}
    for file in set(names.values()):
        part = {name: array for name, array in arrays.items() if names[name] == file}
        checkpoints.write_weights(checkpoint / file, part)
    (checkpoint / "model.safetensors.index.json").write_text(json.dumps({"weight_map": names}))
    assert convert(checkpoint, tmp_path / "parts.gguf").read_bytes() == whole.read_bytes()


def test_rows_are_put_in_pairs_within_each_head() -> None:
    rows = np.arange(16).reshape(8, 2)
    assert in_pairs(rows, 2)[:, 0].tolist() == [0, 4, 2, 6, 8, 12, 10, 14]


def test_progress_covers_all_bytes(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    reports: list[Report] = []
    path = convert(checkpoint, tmp_path / "model.gguf", reports)
    written = [report for report in reports if isinstance(report, Written)]
    assert [step.completed for step in written] == sorted(step.completed for step in written)
    total = sum(tensor.num_bytes for tensor in read_header(path).tensors)
    assert (written[-1].completed, {step.total for step in written}) == (total, {total})


def test_window_that_llamacpp_does_not_have_is_told(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "mistral", config={"sliding_window": 8})
    reports: list[Report] = []
    path = convert(checkpoint, tmp_path / "model.gguf", reports)
    assert [report.text for report in reports if isinstance(report, Remark)] == [
        "layers of this model see the last 8 tokens, but llama.cpp lets them see all of a longer text"
    ]
    assert read_header(path).get("attention.sliding_window") == 8


def test_short_texts_of_a_long_phi_use_the_short_factors(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "phi3-long")
    model = load(convert(checkpoint, tmp_path / "model.gguf"))
    header = read_header(tmp_path / "model.gguf")
    assert {"rope_factors_long.weight", "rope_factors_short.weight"} <= {tensor.name for tensor in header.tensors}
    assert header.get("rope.scaling.original_context_length") == 32
    model.close()


# --- refused ------------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "experts": ("llama2", {"architectures": ["MixtralForCausalLM"]}, "MixtralForCausalLM cannot be converted: omm "),
    "vision": (
        "gemma3",
        {"architectures": ["Gemma3ForConditionalGeneration"]},
        "Gemma3ForConditionalGeneration cannot be converted: omm converts LlamaForCausalLM, ",
    ),
    "no architecture": ("llama2", {"architectures": None}, "names no architecture"),
    "quantized": ("llama2", {"quantization_config": {"quant_method": "gptq"}}, "quantized already, by gptq"),
    "another activation": ("llama2", {"hidden_act": "relu"}, "computes silu for Llama, not relu"),
    "positions": ("llama2", {"rope_parameters": {"rope_type": "dynamic", "factor": 2}}, "positions of type dynamic"),
    "no factor": ("llama2", {"rope_parameters": {"rope_type": "linear"}}, "of type linear need a factor"),
    "short factors": (
        "phi3-long",
        {"rope_parameters": {"rope_type": "longrope", "long_factor": [1.0], "short_factor": [1.0]}},
        "long_factor and short_factor need 8 numbers each",
    ),
    "frequencies": (
        "llama31",
        {"rope_scaling": {"rope_type": "llama3", "low_freq_factor": 4, "high_freq_factor": 4}},
        "low_freq_factor is not below",
    ),
    "scale": ("gemma2", {"query_pre_attn_scalar": 100}, "query_pre_attn_scalar is 100, and llama.cpp computes with 24"),
    "caps": ("gemma3", {"attn_logit_softcapping": 50.0}, "does not cap the attention of Gemma 3"),
    "both directions": ("gemma3", {"use_bidirectional_attention": True}, "in both directions"),
    "no window": ("gemma2", {"sliding_window": None}, "sliding_window is missing"),
    "kinds of layers": ("gemma3-pattern", {"layer_types": ["full_attention"]}, "one known kind for each layer"),
    "odd kind of layer": ("gemma3-pattern", {"layer_types": ["chunked"] * 3}, "one known kind for each layer"),
    "width": ("qwen2", {"head_dim": 24}, "heads that fill the width"),
    "layers": ("llama2", {"num_hidden_layers": 10**18}, r"\$\.num_hidden_layers"),
    "no layers": ("llama2", {"num_hidden_layers": 0}, r"\$\.num_hidden_layers"),
    "huge numbers": ("llama2", {"hidden_size": 10**400}, "config.json: "),
    "words for numbers": ("llama2", {"vocab_size": "many"}, r"\$\.vocab_size"),
    "missing numbers": ("llama2", {"intermediate_size": None}, "intermediate_size"),
    "negative": ("llama2", {"num_key_value_heads": -2}, r"\$\.num_key_value_heads"),
    "heads": ("llama2", {"num_attention_heads": 5, "head_dim": None}, "5 heads do not divide a width of 64"),
    "shared heads": ("llama2", {"num_key_value_heads": 3}, "4 heads cannot share 3 key heads"),
    "odd heads": ("llama2", {"head_dim": 15}, "cannot be turned in pairs"),
    "more layers than there are": ("llama2", {"num_hidden_layers": 3}, r"model\.layers\.2\..* is missing"),
    "fewer layers than there are": ("llama2", {"num_hidden_layers": 1}, "9 tensors are not known in Llama"),
    "another size": (
        "llama2",
        {"intermediate_size": 97},
        r"mlp\.gate_proj\.weight has the sizes \[96, 64\], config.json says \[97, 64\]",
    ),
    "more words than there are": ("llama2", {"vocab_size": 385}, r"embed_tokens\.weight has the sizes"),
    "output that should be there": ("qwen3", {"tie_word_embeddings": False}, r"lm_head\.weight is missing"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_converted_is_refused_in_words(tmp_path: Path, reason: str) -> None:
    case, config, message = REFUSED[reason]
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", case, config=config)
    with pytest.raises(OmmError, match=message) as caught:
        convert(checkpoint, tmp_path / "model.gguf")
    assert caught.value.status == 400
    assert not (tmp_path / "model.gguf").exists()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"null", b"[" * 100_000, b'{"a": "\xff"}', b'{"model": {"\xff": 1}}', b"\x00"]
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "qwen2")
    if content is None:
        (checkpoint / name).unlink()
    else:
        (checkpoint / name).write_bytes(content)
    with pytest.raises(OmmError) as caught:
        convert(checkpoint, tmp_path / "model.gguf")
    assert caught.value.status == 400
    assert not (tmp_path / "model.gguf").exists()


def test_tensors_that_no_family_has_are_named(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    arrays = checkpoints.weights(checkpoints.expected("cases", "llama2")["tensors"])
    experts = {f"model.layers.0.mlp.experts.{index}.up_proj.weight": np.zeros((2, 2), np.float32) for index in (0, 1)}
    checkpoints.write_weights(checkpoint / "model.safetensors", arrays | experts)
    with pytest.raises(OmmError, match=r"2 tensors are not known in Llama, such as model\.layers\.0\.mlp\.experts\.0"):
        convert(checkpoint, tmp_path / "model.gguf")


def test_weights_of_another_type_are_refused(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    path = checkpoint / "model.safetensors"
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + size].replace(b'"dtype": "F32"', b'"dtype": "I32"')
    path.write_bytes(content[:8] + header + content[8 + size :])
    with pytest.raises(OmmError, match="is of type I32: only F32, F16, BF16 are converted"):
        convert(checkpoint, tmp_path / "model.gguf")
    assert not (tmp_path / "model.gguf").exists()


def test_disk_without_room_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    full = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(OmmError, match="no space left on the disk, the model takes "):
        convert(checkpoint, tmp_path / "model.gguf")
    assert not (tmp_path / "model.gguf").exists()


def test_buffers_that_older_versions_saved_are_left_out(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    shutil.copytree(checkpoint, tmp_path / "older")
    arrays = checkpoints.weights(checkpoints.expected("cases", "llama2")["tensors"])
    arrays["model.layers.0.self_attn.rotary_emb.inv_freq"] = np.ones(8, np.float32)
    checkpoints.write_weights(tmp_path / "older" / "model.safetensors", arrays)
    older = convert(tmp_path / "older", tmp_path / "older.gguf").read_bytes()
    assert older == convert(checkpoint, tmp_path / "model.gguf").read_bytes()
