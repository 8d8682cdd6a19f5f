"""The families that are converted: which tensors a layer has, under which names, and what llama.cpp assumes of them.

A family is a record. Everything that follows from the sizes in config.json is computed from it, so a checkpoint that
has a tensor more, a tensor less or one of another size is refused.

Source: llama.cpp's model loaders and its own conversion, from which the names and the three transforms are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from omm.convert.config import Config, Rope
from omm.convert.weights import TYPES, Tensor
from omm.errors import InvalidRequest, Unsupported

Transform = Literal["", "halves", "plus one"]

ROPES = frozenset({"default", "linear", "yarn", "llama3"})
_IGNORED = (".rotary_emb.inv_freq", ".attn.masked_bias", ".attn.bias")


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One module of a layer: its name there and here, and its sizes, rows first, by name.

    `halves`: a head's rows are in two halves there, and in pairs here. `plus one`: a norm's weights count from zero
    there. `bias` says that it may have one.
    """

    source: str
    target: str
    rows: str
    columns: str = ""
    transform: Transform = ""
    bias: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A tensor to write: its name in GGUF, what it is made of, and how; `heads` share its rows."""

    name: str
    tensor: Tensor
    transform: Transform = ""
    heads: int = 1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Family:
    """How one architecture of transformers becomes one of llama.cpp.

    `activation` is the only one that llama.cpp computes for it. `swa_period` is the distance of the layers that see
    everything, in a family where the others see a window. `check` refuses what llama.cpp would compute otherwise.
    """

    name: str
    architecture: str
    parts: tuple[Part, ...]
    activation: str = "silu"
    norm: Transform = ""
    is_tied: bool = False
    head_dim: int | None = None
    swa_period: int = 0
    ropes: frozenset[str] = ROPES
    check: Callable[[Config], None] = lambda config: None


def _norms(transform: Transform, **names: str) -> tuple[Part, ...]:
    return tuple(Part(source, target, "width", transform=transform) for source, target in names.items())


def _attention(*, halves: bool = False, bias: bool = False, output_bias: bool = False) -> tuple[Part, ...]:
    turned: Transform = "halves" if halves else ""
    return (
        Part("self_attn.q_proj", "attn_q", "queries", "width", turned, bias),
        Part("self_attn.k_proj", "attn_k", "keys", "width", turned, bias),
        Part("self_attn.v_proj", "attn_v", "keys", "width", "", bias),
        Part("self_attn.o_proj", "attn_output", "width", "queries", "", output_bias),
    )


def _ffn(*, bias: bool = False) -> tuple[Part, ...]:
    return (
        Part("mlp.gate_proj", "ffn_gate", "ffn", "width", "", bias),
        Part("mlp.up_proj", "ffn_up", "ffn", "width", "", bias),
        Part("mlp.down_proj", "ffn_down", "width", "ffn", "", bias),
    )


def _head_norms(transform: Transform) -> tuple[Part, ...]:
    return (
        Part("self_attn.q_norm", "attn_q_norm", "head", transform=transform),
        Part("self_attn.k_norm", "attn_k_norm", "head", transform=transform),
    )


_TWO_NORMS = _norms("", input_layernorm="attn_norm", post_attention_layernorm="ffn_norm")
_FOUR_NORMS = _norms(
    "plus one",
    input_layernorm="attn_norm",
    post_attention_layernorm="post_attention_norm",
    pre_feedforward_layernorm="ffn_norm",
    post_feedforward_layernorm="post_ffw_norm",
)
_LLAMA = (*_TWO_NORMS, *_attention(halves=True, bias=True, output_bias=True), *_ffn(bias=True))
_FUSED = (
    Part("self_attn.qkv_proj", "attn_qkv", "qkv", "width"),
    Part("self_attn.o_proj", "attn_output", "width", "queries"),
    Part("mlp.gate_up_proj", "ffn_up", "gate_up", "width"),
    Part("mlp.down_proj", "ffn_down", "width", "ffn"),
)


def _check_scale(big: int) -> Callable[[Config], None]:
    """llama.cpp derives the scale of attention: from the head, in the largest model (`big` layers) from the width."""

    def check(config: Config) -> None:
        is_big = config.num_hidden_layers == big
        assumed = config.hidden_size // config.num_attention_heads if is_big else config.head_size
        if config.query_pre_attn_scalar not in (None, assumed):
            raise Unsupported(
                f"config.json: query_pre_attn_scalar is {config.query_pre_attn_scalar:g}, "
                f"and llama.cpp computes with {assumed} for this size",
                param="files",
            )

    return check


def _check_gemma3(config: Config) -> None:
    _check_scale(62)(config)
    if config.attn_logit_softcapping:
        raise Unsupported("config.json: llama.cpp does not cap the attention of Gemma 3", param="files")
    if config.use_bidirectional_attention:
        raise Unsupported("config.json: attention in both directions is not supported", param="files")


def _check_width(config: Config) -> None:
    if config.head_size * config.num_attention_heads != config.hidden_size:
        raise Unsupported("config.json: llama.cpp needs heads that fill the width in this family", param="files")


FAMILIES: dict[str, Family] = {
    "LlamaForCausalLM": Family(name="Llama", architecture="llama", parts=_LLAMA),
    "MistralForCausalLM": Family(name="Mistral", architecture="llama", parts=_LLAMA),
    "Qwen2ForCausalLM": Family(
        name="Qwen2", architecture="qwen2", parts=(*_TWO_NORMS, *_attention(bias=True), *_ffn()), check=_check_width
    ),
    "Qwen3ForCausalLM": Family(
        name="Qwen3", architecture="qwen3", parts=(*_TWO_NORMS, *_attention(), *_head_norms(""), *_ffn()), head_dim=128
    ),
    "Gemma2ForCausalLM": Family(
        name="Gemma 2",
        architecture="gemma2",
        parts=(*_FOUR_NORMS, *_attention(), *_ffn()),
        activation="gelu_pytorch_tanh",
        norm="plus one",
        is_tied=True,
        head_dim=256,
        swa_period=2,
        ropes=frozenset({"default"}),
        check=_check_scale(46),
    ),
    "Gemma3ForCausalLM": Family(
        name="Gemma 3",
        architecture="gemma3",
        parts=(*_FOUR_NORMS, *_attention(), *_head_norms("plus one"), *_ffn()),
        activation="gelu_pytorch_tanh",
        norm="plus one",
        head_dim=256,
        swa_period=6,
        ropes=frozenset({"default", "linear"}),
        check=_check_gemma3,
    ),
    "Phi3ForCausalLM": Family(
        name="Phi",
        architecture="phi3",
        parts=(*_TWO_NORMS, *_FUSED),
        ropes=frozenset({"default", "longrope"}),
        check=_check_width,
    ),
}


def find(architecture: str) -> Family:
    """The family of a class of transformers. Raises Unsupported, naming those there are."""
    if (family := FAMILIES.get(architecture)) is None:
        known = ", ".join(FAMILIES)
        raise Unsupported(
            f"{architecture} cannot be converted: omm converts {known}; others come as GGUF files", param="files"
        )
    return family


def check(family: Family, config: Config) -> None:
    """Refuse what llama.cpp cannot compute as PyTorch does.

    Raises:
        InvalidRequest, Unsupported.
    """
    if config.quantization_config:
        method = config.quantization_config.get("quant_method") or "some method"
        raise Unsupported(f"the weights are quantized already, by {method}: take the original ones", param="files")
    activation = config.hidden_activation or config.hidden_act or family.activation
    if activation != family.activation:
        raise Unsupported(
            f"config.json: llama.cpp computes {family.activation} for {family.name}, not {activation}", param="files"
        )
    _check_rope(family, config.rope, config)
    if family.swa_period and config.sliding_window is None:
        raise InvalidRequest("config.json: sliding_window is missing", param="files")
    family.check(config)


def _check_rope(family: Family, rope: Rope, config: Config) -> None:
    if rope.type not in family.ropes:
        known = ", ".join(sorted(family.ropes))
        raise Unsupported(
            f"config.json: positions of type {rope.type} are not supported for {family.name}, only {known}",
            param="files",
        )
    if rope.type in ("linear", "yarn") and rope.factor is None:
        raise InvalidRequest(f"config.json: positions of type {rope.type} need a factor", param="files")
    if rope.type == "yarn" and (rope.mscale or not rope.truncate):
        raise Unsupported("config.json: yarn with mscale, or without truncate, is not supported", param="files")
    lengths = {len(rope.long_factor), len(rope.short_factor)}
    if rope.type == "longrope" and lengths != {config.rope_dim // 2}:
        raise InvalidRequest(
            f"config.json: long_factor and short_factor need {config.rope_dim // 2} numbers each", param="files"
        )
    if rope.type == "longrope" and (rope.original_max_position_embeddings or 0) < 2:
        raise InvalidRequest("config.json: original_max_position_embeddings is missing", param="files")


def remarks(family: Family, config: Config) -> Iterator[str]:
    """What llama.cpp does otherwise than PyTorch, on long texts only."""
    window = config.sliding_window or config.max_position_embeddings
    if not family.swa_period and config.use_sliding_window is not False and window < config.max_position_embeddings:
        yield f"layers of this model see the last {window} tokens, but llama.cpp lets them see all of a longer text"


def sees_window(family: Family, config: Config) -> list[bool]:
    """Which layers see a window only; empty where all see everything. Raises InvalidRequest."""
    if not family.swa_period:
        return []
    if config.layer_types is None:
        period = config.sliding_window_pattern or family.swa_period
        return [(index + 1) % period != 0 for index in range(config.num_hidden_layers)]
    kinds = {"sliding_attention": True, "full_attention": False}
    if len(config.layer_types) != config.num_hidden_layers or not kinds.keys() >= set(config.layer_types):
        raise InvalidRequest("config.json: layer_types does not say one known kind for each layer", param="files")
    return [kinds[kind] for kind in config.layer_types]


# --- tensors ------------------------------------------------------------------------------------------------------


def plan(family: Family, config: Config, tensors: Mapping[str, Tensor]) -> list[Planned]:
    """All tensors to write, in order.

    Raises:
        InvalidRequest: one is missing, has another size than the configuration says, or is unknown.
    """
    left = {name: tensor for name, tensor in tensors.items() if not name.endswith(_IGNORED)}
    planned = list(_planned(family, config, left))
    if left:
        names = ", ".join(sorted(left)[:3])
        raise InvalidRequest(
            f"{len(left)} tensors are not known in {family.name}, such as {names}: "
            "an adapter, experts or a vision tower is not converted",
            param="files",
        )
    return planned


def _planned(family: Family, config: Config, left: dict[str, Tensor]) -> Iterator[Planned]:
    sizes = _sizes(config)

    def take(source: str, target: str, part: Part, *, optional: bool = False) -> Iterator[Planned]:
        if (tensor := left.pop(source, None)) is None:
            if not optional:
                raise InvalidRequest(f"the tensor {source} is missing", param="files")
            return
        names = (part.rows,) if target.endswith(".bias") or not part.columns else (part.rows, part.columns)
        expected = tuple(sizes[name] for name in names)
        if tensor.shape != expected:
            raise InvalidRequest(
                f"the tensor {source} has the sizes {list(tensor.shape)}, config.json says {list(expected)}",
                param="files",
            )
        if tensor.dtype not in TYPES:
            raise Unsupported(
                f"the tensor {source} is of type {tensor.dtype}: only {', '.join(TYPES)} are converted", param="files"
            )
        heads = config.num_attention_heads if part.rows == "queries" else config.num_kv_heads
        yield Planned(target, tensor, part.transform, heads)

    yield from take("model.embed_tokens.weight", "token_embd.weight", Part("", "", "vocab", "width"))
    if family.is_tied or config.tie_word_embeddings:
        left.pop("lm_head.weight", None)  # the same numbers again
    else:
        optional = config.tie_word_embeddings is None
        yield from take("lm_head.weight", "output.weight", Part("", "", "vocab", "width"), optional=optional)
    yield from take("model.norm.weight", "output_norm.weight", Part("", "", "width", transform=family.norm))
    for index in range(config.num_hidden_layers):
        for part in family.parts:
            source, target = f"model.layers.{index}.{part.source}", f"blk.{index}.{part.target}"
            yield from take(f"{source}.weight", f"{target}.weight", part)
            if part.bias:
                yield from take(f"{source}.bias", f"{target}.bias", part, optional=True)


def _sizes(config: Config) -> dict[str, int]:
    queries, keys = config.num_attention_heads * config.head_size, config.num_kv_heads * config.head_size
    return {
        "width": config.hidden_size,
        "vocab": config.vocab_size,
        "ffn": config.intermediate_size,
        "gate_up": 2 * config.intermediate_size,
        "head": config.head_size,
        "queries": queries,
        "keys": keys,
        "qkv": queries + 2 * keys,
    }
