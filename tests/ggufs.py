"""Write GGUF models with random weights, of any size and several architectures, for tests and benches.

They load, decode and embed as real models do, and say nothing of sense. Quantised blocks are drawn as they lie on
disk, so that a large file takes seconds:

    python tests/ggufs.py llama out.gguf --layers 12 --width 512
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType

Arch = Literal["llama", "qwen3", "gemma3", "bert"]
Quant = Literal["F32", "F16", "Q8_0", "Q4_0"]
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
FILE_TYPES = {
    "F32": LlamaFileType.ALL_F32,
    "F16": LlamaFileType.MOSTLY_F16,
    "Q8_0": LlamaFileType.MOSTLY_Q8_0,
    "Q4_0": LlamaFileType.MOSTLY_Q4_0,
}
BLOCK = 32
ADAPTED = ("attn_output.weight", "ffn_down.weight", "ffn_up.weight")


@dataclass(frozen=True)
class Shape:
    """What to write; zero for `kv_heads`, `head_dim` and `ffn` means the usual share of the others.

    `tied` takes the input embedding for the output too, so the model repeats its last token with near certainty; with
    an output matrix of its own it says something else at each step, at close odds. `ranks` makes an encoder a reranker.
    `pre` names how llama.cpp splits texts before it makes tokens.
    """

    arch: Arch = "llama"
    layers: int = 2
    width: int = 64
    heads: int = 4
    kv_heads: int = 0
    head_dim: int = 0
    ffn: int = 0
    vocab: int = 512
    context: int = 2048
    quant: Quant = "F16"
    sliding_window: int = 64
    tied: bool = True
    ranks: bool = False
    seed: int = 0
    name: str = ""
    chat_template: str = CHATML
    pre: str = "qwen2"

    def filled(self) -> Shape:
        """The shape with nothing left to choose."""
        head_dim = self.head_dim or self.width // self.heads
        kv_heads = self.heads if self.arch == "bert" else self.kv_heads or self.heads
        ffn = self.ffn or self.width * 4
        name = self.name or f"random-{self.arch}"
        return replace(self, head_dim=head_dim, kv_heads=kv_heads, ffn=ffn, name=name)

    def check(self) -> None:
        """Raises: ValueError when llama.cpp could not use such a model."""
        rows = [self.width, self.ffn, self.heads * self.head_dim]
        if self.quant in ("Q8_0", "Q4_0") and any(row % BLOCK for row in rows):
            raise ValueError(f"{self.quant} needs rows that are multiples of {BLOCK}, not {rows}")
        if self.heads % self.kv_heads:
            raise ValueError(f"{self.heads} heads cannot share {self.kv_heads} key heads")
        if self.vocab < 256 + len(SPECIALS) and self.arch != "bert":
            raise ValueError("a byte-level vocabulary has at least 259 tokens")
        if self.vocab < 128:
            raise ValueError("a vocabulary has at least 128 tokens")


def write_model(path: Path, shape: Shape | None = None) -> Path:
    """Write a model of this shape; the same shape gives the same bytes.

    Raises: ValueError when the sizes do not go together.
    """
    shape = (shape or Shape()).filled()
    shape.check()
    writer = GGUFWriter(path, shape.arch)
    add_metadata(writer, shape)
    if shape.arch == "bert":
        add_wordpieces(writer, shape)
    else:
        add_byte_level(writer, shape)
    write_tensors(writer, shape)
    return path


def write_tensors(writer: GGUFWriter, shape: Shape) -> None:
    """Draw the weights and write the file."""
    rng = np.random.default_rng(shape.seed)
    for name, rows in tensors(shape):
        add_tensor(writer, rng, name, rows, shape.quant)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_adapter(path: Path, model: Path, *, name: str = "", base: str = "", seed: int = 9, size: float = 5.0) -> Path:
    """Write a LoRA adapter with random weights of this size for some of a model's matrices."""
    reader, rng, rank = gguf.GGUFReader(model), np.random.default_rng(seed), 4
    arch = reader.get_field("general.architecture")
    assert arch is not None
    writer = GGUFWriter(path, arch.contents())
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(rank))
    if name:
        writer.add_name(name)
    if base:
        writer.add_base_model_count(1)
        writer.add_base_model_name(0, base)
    for tensor in reader.tensors:
        if tensor.name.endswith(ADAPTED):
            columns, rows = (int(count) for count in tensor.shape)
            writer.add_tensor(f"{tensor.name}.lora_a", rng.standard_normal((rank, columns), np.float32) * size)
            writer.add_tensor(f"{tensor.name}.lora_b", rng.standard_normal((rows, rank), np.float32) * size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


# Metadata.


def add_metadata(writer: GGUFWriter, shape: Shape) -> None:
    writer.add_name(shape.name)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_vocab_size(shape.vocab)
    writer.add_file_type(FILE_TYPES[shape.quant])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    if shape.arch == "bert":
        writer.add_layer_norm_eps(1e-12)
        writer.add_causal_attention(False)
        writer.add_pooling_type(gguf.PoolingType.RANK if shape.ranks else gguf.PoolingType.MEAN)
        return
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_key_length(shape.head_dim)
    writer.add_value_length(shape.head_dim)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_rope_freq_base(10000.0)
    if shape.arch == "gemma3":
        writer.add_sliding_window(shape.sliding_window)


def add_byte_level(writer: GGUFWriter, shape: Shape) -> None:
    """A GPT-2 vocabulary: the specials, all bytes, and random merges of lower-case letters."""
    merges = list(random_merges(random.Random(shape.seed), shape.vocab - 256 - len(SPECIALS)))
    tokens = [*SPECIALS, *byte_letters(), *(left + right for left, right in merges)]
    kinds = [TokenType.CONTROL] * len(SPECIALS) + [TokenType.NORMAL] * (len(tokens) - len(SPECIALS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(shape.pre)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{left} {right}" for left, right in merges])
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    if shape.chat_template:
        writer.add_chat_template(shape.chat_template)


def byte_letters() -> list[str]:
    """GPT-2's printable stand-ins for the bytes 0 to 255."""
    visible = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in visible else chr(next(hidden)) for byte in range(256)]


def random_merges(rng: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Pairs of tokens that exist by then, each giving a new one; short ones come first."""
    known = list("abcdefghijklmnopqrstuvwxyz")
    seen = set(known)
    while count:
        left, right = rng.choice(known), rng.choice(known)
        token = left + right
        if len(token) <= 12 and token not in seen:
            seen.add(token)
            known.append(token)
            count -= 1
            yield left, right


def add_wordpieces(writer: GGUFWriter, shape: Shape) -> None:
    """A WordPiece vocabulary as llama.cpp keeps it: `▁` opens a word, and what goes on a word has no mark."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!"
    pieces = list(letters) + ["▁" + letter for letter in letters]
    rng = random.Random(shape.seed)
    seen = set(pieces)
    while len(specials) + len(pieces) < shape.vocab:
        piece = rng.choice(("", "▁")) + "".join(rng.choice(letters[:26]) for _ in range(rng.randint(2, 7)))
        if piece not in seen:
            seen.add(piece)
            pieces.append(piece)
    tokens = specials + pieces
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("jina-v2-en")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL] * len(specials) + [TokenType.NORMAL] * len(pieces))
    writer.add_token_type_count(2)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_sep_token_id(3)
    writer.add_eos_token_id(3)
    writer.add_mask_token_id(4)


# Tensors: names with their sizes, rows first.


def tensors(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "token_embd.weight", (shape.vocab, shape.width)
    if shape.arch == "bert":
        yield "token_types.weight", (2, shape.width)
        yield "position_embd.weight", (shape.context, shape.width)
        yield from normed("token_embd_norm", shape.width)
        if shape.ranks:
            yield from biased("cls", shape.width, shape.width)
            yield from biased("cls.output", 1, shape.width)
    else:
        yield "output_norm.weight", (shape.width,)
        if not shape.tied:
            yield "output.weight", (shape.vocab, shape.width)
    for index in range(shape.layers):
        layer = bert_layer(shape) if shape.arch == "bert" else decoder_layer(shape)
        for name, rows in layer:
            yield f"blk.{index}.{name}", rows


def decoder_layer(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    width, ffn = shape.width, shape.ffn
    keys = shape.kv_heads * shape.head_dim
    queries = shape.heads * shape.head_dim
    norms = {"attn_norm": width, "ffn_norm": width}
    if shape.arch in ("qwen3", "gemma3"):
        norms |= {"attn_q_norm": shape.head_dim, "attn_k_norm": shape.head_dim}
    if shape.arch == "gemma3":
        norms |= {"post_attention_norm": width, "post_ffw_norm": width}
    for name, size in norms.items():
        yield f"{name}.weight", (size,)
    yield "attn_q.weight", (queries, width)
    yield "attn_k.weight", (keys, width)
    yield "attn_v.weight", (keys, width)
    yield "attn_output.weight", (width, queries)
    yield "ffn_gate.weight", (ffn, width)
    yield "ffn_up.weight", (ffn, width)
    yield "ffn_down.weight", (width, ffn)


def bert_layer(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    width, ffn = shape.width, shape.ffn
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        yield from biased(name, width, width)
    yield from normed("attn_output_norm", width)
    yield from biased("ffn_up", ffn, width)
    yield from biased("ffn_down", width, ffn)
    yield from normed("layer_output_norm", width)


def biased(name: str, rows: int, columns: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{name}.weight", (rows, columns)
    yield f"{name}.bias", (rows,)


def normed(name: str, width: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)


def add_tensor(writer: GGUFWriter, rng: np.random.Generator, name: str, size: tuple[int, ...], quant: Quant) -> None:
    """Norms are ones and biases zeros in F32; matrices keep the scale of what flows through them."""
    if len(size) == 1:
        fill = np.ones if name.endswith("norm.weight") else np.zeros
        writer.add_tensor(name, fill(size, np.float32))
        return
    rows, columns = size
    scale = 1.0 if "embd" in name or "token_types" in name else columns**-0.5
    kept: Quant = "F32" if name.startswith(("position_embd", "token_types")) else quant
    match kept:
        case "F32":
            writer.add_tensor(name, rng.standard_normal(size, np.float32) * np.float32(scale))
        case "F16":
            writer.add_tensor(name, (rng.standard_normal(size, np.float32) * np.float32(scale)).astype(np.float16))
        case "Q8_0":
            blocks = random_blocks(rng, rows, columns, num_bytes=BLOCK, step=scale / 74)
            writer.add_tensor(name, blocks, raw_dtype=GGMLQuantizationType.Q8_0)
        case "Q4_0":
            blocks = random_blocks(rng, rows, columns, num_bytes=BLOCK // 2, step=scale / 4.6)
            writer.add_tensor(name, blocks, raw_dtype=GGMLQuantizationType.Q4_0)


def random_blocks(rng: np.random.Generator, rows: int, columns: int, *, num_bytes: int, step: float) -> np.ndarray:
    """Quantised rows as they lie on disk, `uint8[rows, …]`: each block a float16 step, then random digits."""
    blocks = np.empty((rows, columns // BLOCK, 2 + num_bytes), np.uint8)
    blocks[:, :, :2] = np.frombuffer(np.float16(step).tobytes(), np.uint8)
    blocks[:, :, 2:] = rng.integers(0, 256, (rows, columns // BLOCK, num_bytes), np.uint8)
    return blocks.reshape(rows, -1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("arch", choices=get_args(Arch))
    parser.add_argument("path", type=Path)
    for field in fields(Shape):
        if field.name != "arch":
            option = f"--{field.name.replace('_', '-')}"
            if isinstance(field.default, bool):
                parser.add_argument(option, action=argparse.BooleanOptionalAction, default=field.default)
                continue
            choices = get_args(Quant) if field.name == "quant" else None
            parser.add_argument(option, type=type(field.default), default=field.default, choices=choices)
    args = parser.parse_args()
    shape = Shape(**{field.name: getattr(args, field.name) for field in fields(Shape)})
    path = write_model(args.path, shape)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
