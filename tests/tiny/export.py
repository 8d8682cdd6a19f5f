"""Write a checkpoint of `tiny` as GGUF: llama architecture, Q8_0 matrices, the tokenizer and the chat template.

python tests/tiny/export.py CHECKPOINT... omm/embedded/tiny.gguf      # of several, the mean of their weights
"""

from __future__ import annotations

import argparse
from pathlib import Path

import gguf
import numpy as np
import torch
from chat import TEMPLATE_PATH
from model import Shape, Tiny
from tokenizer import CONTROL, Tokenizer

HERE = Path(__file__).parent


def interleaved(rows: np.ndarray, heads: int) -> np.ndarray:
    """Reorder query and key rows from split halves to neighbouring pairs, which llama.cpp rotates."""
    size, width = rows.shape
    return rows.reshape(heads, 2, size // heads // 2, width).swapaxes(1, 2).reshape(size, width)


def tensors(model: Tiny) -> dict[str, np.ndarray]:
    """Weights under llama.cpp's names; no `output`, hence tied to the embedding."""
    shape = model.shape
    out = {"token_embd.weight": model.embed, "output_norm.weight": model.norm}
    arrays = {name: value.detach().numpy() for name, value in out.items()}
    for index, block in enumerate(model.blocks):
        state = {name: value.detach().numpy() for name, value in block.named_parameters()}
        query, key, value = state["qkv"]
        parts = {"attn_norm": state["attn_norm"], "attn_q": interleaved(query, shape.heads),
                 "attn_k": interleaved(key, shape.heads), "attn_v": value, "attn_output": state["out"],
                 "ffn_norm": state["ffn_norm"], "ffn_gate": state["gate_up"][0], "ffn_up": state["gate_up"][1],
                 "ffn_down": state["down"]}  # fmt: skip
        arrays |= {f"blk.{index}.{name}.weight": np.ascontiguousarray(part) for name, part in parts.items()}
    return arrays


def add_metadata(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("tiny")
    writer.add_author("omm")
    writer.add_organization("omm")
    writer.add_description("The small language model that ships with omm: questions about omm, tools, JSON, sums.")
    writer.add_license("MIT")
    writer.add_basename("tiny")
    writer.add_languages(["en"])
    writer.add_tags(["text-generation"])
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.eps)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_vocab_size(shape.vocab)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_float32("general.sampling.temp", 0.2)
    writer.add_float32("general.sampling.penalty_repeat", 1.0)


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    """The vocabulary; tags of thinking and tools are user-defined, so that they show as text."""
    num_specials = len(tokenizer.specials)
    kinds = [
        gguf.TokenType.CONTROL if token in CONTROL else gguf.TokenType.USER_DEFINED for token in tokenizer.specials
    ]
    kinds += [gguf.TokenType.NORMAL] * (len(tokenizer.tokens) - num_specials)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokenizer.tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{left} {right}" for left, right in tokenizer.merges])
    writer.add_eos_token_id(tokenizer.ids["<|im_end|>"])
    writer.add_eot_token_id(tokenizer.ids["<|im_end|>"])
    writer.add_pad_token_id(tokenizer.ids["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    for part, name in (("pre", "prefix"), ("suf", "suffix"), ("mid", "middle")):
        writer.add_uint32(f"tokenizer.ggml.fim_{part}_token_id", tokenizer.ids[f"<|fim_{name}|>"])
    writer.add_chat_template(TEMPLATE_PATH.read_text())


def load(paths: list[Path]) -> Tiny:
    """The model whose weights are the mean of the checkpoints', which are all of one shape."""
    states = [torch.load(path, weights_only=True) for path in paths]
    model = Tiny(Shape(**states[0]["shape"]))
    weights = [state["model"] for state in states]
    model.load_state_dict({name: sum(each[name] for each in weights) / len(weights) for name in weights[0]})
    return model.eval()


def export(model: Tiny, tokenizer: Tokenizer, path: Path) -> None:
    """Write to a neighbour first: readers see the old file or the new one."""
    partial = path.with_suffix(".partial")
    writer = gguf.GGUFWriter(partial, "llama")
    add_metadata(writer, model.shape)
    add_tokenizer(writer, tokenizer)
    for name, array in tensors(model).items():
        if array.ndim == 1:
            writer.add_tensor(name, array.astype(np.float32))
        else:
            quantized = gguf.quantize(array.astype(np.float32), gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, quantized, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("path", type=Path)
    args = parser.parse_args()
    export(load(args.checkpoints), Tokenizer.load(HERE / "tokenizer.json"), args.path)


if __name__ == "__main__":
    main()
