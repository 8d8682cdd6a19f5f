"""What `config.json` says of a model, read and bounded. Fields have the names that transformers gives them.

Absent fields take the defaults of transformers where all families share them; a family fills in its own.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import msgspec

from omm.convert.folder import Folder
from omm.errors import InvalidRequest

_Layers = Annotated[int, msgspec.Meta(ge=1, le=1 << 10)]
_Size = Annotated[int, msgspec.Meta(ge=1, le=1 << 22)]
_Length = Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
_Positive = Annotated[float, msgspec.Meta(gt=0, lt=1e12)]
_Factors = Annotated[tuple[_Positive, ...], msgspec.Meta(max_length=1 << 12)]


class Rope(msgspec.Struct, frozen=True, kw_only=True):
    """How positions turn queries and keys: `rope_parameters`, or the older `rope_scaling` with keys beside it.

    A family with two kinds of layers has one of these for each kind.
    """

    kind: str | None = msgspec.field(default=None, name="rope_type")
    old_kind: str | None = msgspec.field(default=None, name="type")
    rope_theta: _Positive | None = None
    factor: _Positive | None = None
    low_freq_factor: _Positive = 1.0
    high_freq_factor: _Positive = 4.0
    original_max_position_embeddings: _Length | None = None
    attention_factor: _Positive | None = None
    beta_fast: _Positive | None = None
    beta_slow: _Positive | None = None
    mscale: _Positive | None = None
    truncate: bool = True
    long_factor: _Factors = ()
    short_factor: _Factors = ()
    partial_rotary_factor: _Positive | None = None
    full_attention: Rope | None = None
    sliding_attention: Rope | None = None

    @property
    def type(self) -> str:
        """`default`, `linear`, `yarn`, `llama3`, `longrope` or one that is not known here."""
        name = (self.kind or self.old_kind or "default").lower()
        return "longrope" if name == "su" else name


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that a conversion reads."""

    architectures: tuple[str, ...] = ()
    model_type: str = ""
    hidden_size: _Size
    intermediate_size: _Size
    num_hidden_layers: _Layers
    num_attention_heads: _Size
    num_key_value_heads: _Size | None = None
    head_dim: _Size | None = None
    vocab_size: _Size
    max_position_embeddings: _Length
    rms_norm_eps: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 1e-6
    hidden_act: str | None = None
    hidden_activation: str | None = None
    tie_word_embeddings: bool | None = None
    rope_theta: _Positive | None = None
    rope_local_base_freq: _Positive | None = None
    rope_scaling: Rope | None = None
    rope_parameters: Rope | None = None
    partial_rotary_factor: _Positive | None = None
    original_max_position_embeddings: _Length | None = None
    sliding_window: _Length | None = None
    use_sliding_window: bool | None = None
    layer_types: tuple[str, ...] | None = None
    sliding_window_pattern: _Layers | None = None
    query_pre_attn_scalar: _Positive | None = None
    attn_logit_softcapping: _Positive | None = None
    final_logit_softcapping: _Positive | None = None
    use_bidirectional_attention: bool | None = None
    quantization_config: dict[str, Any] | None = None
    bos_token_id: int | None = None
    eos_token_id: int | tuple[int, ...] | None = None
    pad_token_id: int | None = None
    name: str = msgspec.field(default="", name="_name_or_path")

    @property
    def head_size(self) -> int:
        """Width of one attention head."""
        return self.head_dim or self.hidden_size // self.num_attention_heads

    @property
    def num_kv_heads(self) -> int:
        """Heads that keys and values have."""
        return self.num_key_value_heads or self.num_attention_heads

    @property
    def rope(self) -> Rope:
        """The positions of layers that see everything, whichever way the file states them."""
        stated = self.rope_parameters or self.rope_scaling or Rope()
        rope = stated.full_attention or stated
        return msgspec.structs.replace(
            rope,
            rope_theta=rope.rope_theta or self.rope_theta,
            partial_rotary_factor=rope.partial_rotary_factor or self.partial_rotary_factor,
            original_max_position_embeddings=rope.original_max_position_embeddings
            or self.original_max_position_embeddings,
        )

    @property
    def local_theta(self) -> float | None:
        """The base of layers that see a window, where it is one of its own."""
        local = self.rope_parameters and self.rope_parameters.sliding_attention
        return (local and local.rope_theta) or self.rope_local_base_freq

    @property
    def rope_dim(self) -> int:
        """How many numbers of a head positions turn."""
        return int(self.head_size * (self.rope.partial_rotary_factor or 1.0))


class _Head(msgspec.Struct, frozen=True):
    """What tells the family, before anything else is believed."""

    architectures: tuple[str, ...] | None = None
    vision_config: Any = None
    audio_config: Any = None


def architecture(folder: Folder) -> str:
    """The class that transformers would make, such as `LlamaForCausalLM`.

    Raises:
        InvalidRequest: there is no config.json, or it names none.
    """
    head = folder.read("config.json", _Head)
    if not head.architectures:
        raise InvalidRequest("config.json names no architecture", param="files")
    return head.architectures[0]


def read(folder: Folder, head_dim: int | None = None) -> Config:
    """The configuration, with sizes that go together; `head_dim` is for a family that has a fixed one.

    Raises:
        InvalidRequest: a size is missing, impossible, or does not divide as it must.
    """
    config = folder.read("config.json", Config)
    config = msgspec.structs.replace(config, head_dim=config.head_dim or head_dim)
    if config.head_dim is None and config.hidden_size % config.num_attention_heads:
        raise InvalidRequest(
            f"config.json: {config.num_attention_heads} heads do not divide a width of {config.hidden_size}",
            param="files",
        )
    if config.num_attention_heads % config.num_kv_heads:
        raise InvalidRequest(
            f"config.json: {config.num_attention_heads} heads cannot share {config.num_kv_heads} key heads",
            param="files",
        )
    if config.head_size % 2 or not 0 < config.rope_dim <= config.head_size or config.rope_dim % 2:
        raise InvalidRequest(f"config.json: heads of {config.head_size} cannot be turned in pairs", param="files")
    return config


def llama3_factors(config: Config) -> list[float]:
    """By how much each frequency is stretched, as Llama 3.1 does it; one number per pair of a head."""
    rope = config.rope
    original = rope.original_max_position_embeddings or 8192
    factor, low, high = rope.factor or 8.0, rope.low_freq_factor, rope.high_freq_factor
    if low >= high:
        raise InvalidRequest("config.json: low_freq_factor is not below high_freq_factor", param="files")
    factors = []
    for index in range(0, config.rope_dim, 2):
        turns = original * (rope.rope_theta or 10000.0) ** (-index / config.rope_dim) / (2 * math.pi)
        smooth = min(max((turns - low) / (high - low), 0.0), 1.0)
        factors.append(1 / ((1 - smooth) / factor + smooth))
    return factors
