"""What crosses the border of a runner: commands in, replies out. The whole contract, so a worker also runs inline.

On the pipe each frame is a 4-byte big-endian length and a msgpack value.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import IO, Literal

import msgspec

from omm.errors import InvalidRequest
from omm.types import Failed, Finished, PromptProgress, TextDelta, Value

LOAD_ID = 0
_LENGTH = struct.Struct(">I")


class ModelShape(Value):
    """What memory planning needs to know of a model, from its header.

    `kv_bytes_per_token` is for all layers with 16-bit numbers; `weights_bytes` is the size of the tensors.
    """

    num_layers: int
    kv_bytes_per_token: int
    weights_bytes: int
    trained_context: int
    is_embedding: bool = False


class LoadSpec(Value):
    """A model and how to load it. Zero or None means: choose. `gpu_overhead` is bytes to leave free per device.

    `adapters` are files of LoRA adapters; what applies of them is said by each request. What `must_fit` is not loaded
    at all where there are accelerators and they have no room for the whole of it.
    """

    path: str
    shape: ModelShape
    num_ctx: int = 0
    default_ctx: int = 0
    num_parallel: int = 0
    num_batch: int = 0
    num_gpu: int = -1
    main_gpu: int = 0
    num_thread: int = 0
    use_mmap: bool | None = None
    flash_attention: str = "auto"
    kv_cache_type: str = "f16"
    gpu_overhead: int = 0
    adapters: tuple[str, ...] = ()
    must_fit: bool = False


class SamplingParams(Value):
    """How to choose the next token; every value is range-checked by `sampling.resolve`.

    Defaults are omm's. `seed` None is random. `logit_bias` maps token ids to additive log-odds.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.0
    typical_p: float = 1.0
    top_n_sigma: float = -1.0
    repeat_last_n: int = 64
    repeat_penalty: float = 1.1
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    penalize_newline: bool = True
    mirostat: int = 0
    mirostat_eta: float = 0.1
    mirostat_tau: float = 5.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_penalty_last_n: int = -1
    dry_sequence_breakers: tuple[str, ...] = ("\n", ":", '"', "*")
    dynatemp_range: float = 0.0
    dynatemp_exponent: float = 1.0
    logit_bias: dict[int, float] = {}
    seed: int | None = None


class Limits(Value):
    """When a generation ends: negative `num_predict`, only with the context. A shift keeps `num_keep` tokens.

    Before `min_tokens`, and ever with `ignore_eos`, the end tokens are not sampled. Without `cache_prompt` it begins
    with nothing that an earlier prompt left in the KV cache.
    """

    num_predict: int = 4096
    min_tokens: int = 0
    ignore_eos: bool = False
    cache_prompt: bool = True
    stop: tuple[str, ...] = ()
    num_keep: int = 4
    shift: bool = False


class Thinking(Value):
    """The markers around reasoning: `begin` is empty when the prompt has opened it already.

    After `budget` tokens of reasoning, `forced` is put into the output, which must hold `end`. None means no bound.
    """

    begin: str
    end: str
    budget: int | None = None
    forced: str = ""


class Constraint(Value):
    """A grammar for the output: llguidance's Lark, or llama.cpp's GBNF.

    Reasoning is free: with `Generate.thinking`, the grammar holds from its end on, and the output may begin with
    `thinking.begin` beside what the grammar allows. With a `trigger`, the text stays free until that was generated,
    and the grammar holds for what follows it.
    """

    grammar: str
    kind: Literal["lark", "gbnf"] = "lark"
    trigger: str = ""


# --- commands ---------------------------------------------------------------------------------------------------


class Load(Value, tag="load"):
    """Load the model; answered by Loaded or Failed under `LOAD_ID`. Always the first command."""

    spec: LoadSpec


class Generate(Value, tag="generate"):
    """Continue a prompt. `prefix` is token ids put before the text; `special` renders control tokens as text.

    `cuts` are offsets in the prompt, in characters, ascending: no token spans one, so that a control token's text
    that has a cut in it is read as plain text.

    `scales` tells how strongly each of the model's adapters applies, in the order of `LoadSpec.adapters`; those beyond
    it are off.
    """

    id: int
    prompt: str
    cuts: tuple[int, ...] = ()
    prefix: tuple[int, ...] = ()
    sampling: SamplingParams = SamplingParams()
    limits: Limits = Limits()
    thinking: Thinking | None = None
    constraint: Constraint | None = None
    special: bool = False
    truncate: bool = False
    want_tokens: bool = False
    logprobs: bool = False
    top_logprobs: int = 0
    scales: tuple[float, ...] = ()


class Embed(Value, tag="embed"):
    """One vector per input; `truncate` keeps the start of an input that is too long.

    With a `query` the scores that a reranking model gives each input for it, one or two; such a model has no vectors.
    `scales` as of `Generate`.
    """

    id: int
    inputs: tuple[str, ...]
    truncate: bool = True
    query: str | None = None
    scales: tuple[float, ...] = ()


class Tokenize(Value, tag="tokenize"):
    """Answered by Tokens. `special` reads control tokens' texts as such, `bos` adds what the vocabulary wants first."""

    id: int
    text: str
    cuts: tuple[int, ...] = ()
    special: bool = True
    bos: bool = True


class Detokenize(Value, tag="detokenize"):
    """Answered by Text. Raises for ids outside the vocabulary by answering Failed."""

    id: int
    ids: tuple[int, ...]
    special: bool = True


class Cancel(Value, tag="cancel"):
    """Stop working on `id`; nothing more is sent for it. Unknown ids are ignored."""

    id: int


Command = Load | Generate | Embed | Tokenize | Detokenize | Cancel


# --- replies ----------------------------------------------------------------------------------------------------


class Loaded(Value, tag="loaded"):
    """A model is ready. Sizes are bytes as measured; `num_ctx` is per sequence.

    `markers` maps the texts of control tokens, and of user-defined tokens that look like markup, to their ids.
    """

    num_ctx: int
    num_parallel: int
    gpu_layers: int
    num_layers: int
    size: int
    size_vram: int
    bos: str = ""
    eos: str = ""
    fim_prefix: str = ""
    fim_suffix: str = ""
    fim_middle: str = ""
    markers: dict[str, int] = {}


class Tokens(Value, tag="tokens"):
    """Token ids."""

    ids: tuple[int, ...]


class Text(Value, tag="decoded"):
    """The text of token ids; bytes that are no UTF-8 come as U+FFFD."""

    text: str


class Vectors(Value, tag="vectors"):
    """Raw float32 little-endian rows, one per input, and the tokens read."""

    rows: tuple[bytes, ...]
    num_tokens: int


Reply = TextDelta | PromptProgress | Finished | Failed | Loaded | Tokens | Text | Vectors
Outgoing = tuple[int, Reply]
Publish = Callable[[list[Outgoing]], None]


_command_decoder = msgspec.msgpack.Decoder(Command)
_replies_decoder = msgspec.msgpack.Decoder(list[Outgoing])
_encoder = msgspec.msgpack.Encoder()


def is_last(reply: Reply) -> bool:
    """Whether nothing follows this reply under its id."""
    return not isinstance(reply, TextDelta | PromptProgress)


def _write(pipe: IO[bytes], payload: bytes) -> None:
    pipe.write(_LENGTH.pack(len(payload)) + payload)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    payload = pipe.read(length)
    return payload if len(payload) == length else None


def write_command(pipe: IO[bytes], command: Command) -> None:
    """Send one command.

    Raises:
        OSError: the other end is gone.
        InvalidRequest: a text or number in it has no binary form; nothing was sent.
    """
    try:
        payload = _encoder.encode(command)
    except (UnicodeError, OverflowError) as exc:
        raise InvalidRequest(f"the request holds what no model can read: {exc}") from exc
    _write(pipe, payload)


def read_command(pipe: IO[bytes]) -> Command | None:
    """Wait for a command; None at the end of the pipe."""
    payload = _read(pipe)
    return None if payload is None else _command_decoder.decode(payload)


def write_replies(pipe: IO[bytes], replies: list[Outgoing]) -> None:
    """Send all replies of one step in one frame."""
    _write(pipe, _encoder.encode(replies))


def read_replies(pipe: IO[bytes]) -> list[Outgoing] | None:
    """Wait for the next replies; None at the end of the pipe."""
    payload = _read(pipe)
    return None if payload is None else _replies_decoder.decode(payload)
