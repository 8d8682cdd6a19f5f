"""The internal vocabulary: requests, messages, events, usage. Values only, no behaviour.

All are frozen msgspec structs, so they may cross threads as they are and a pipe as msgpack.
`None` always means "the client did not say"; defaults merge in `service/`.
Times are integer nanoseconds (`_ns`) or float seconds (`_s`), sizes bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, dataclass_transform

import msgspec

FinishReason = Literal["stop", "length", "load", "unload"]
Think = bool | Literal["low", "medium", "high", "max"]
JSONSchema = dict[str, Any]


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True, frozen_default=True)
class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of every value that crosses a layer."""


# --- messages ---------------------------------------------------------------------------------------------------


class ToolCall(Value, kw_only=True, tag="tool_call"):
    """A call the model made. `arguments` is an object, or the raw text when the model wrote no valid JSON object."""

    id: str
    name: str
    arguments: dict[str, Any] | str
    index: int = 0


class ToolCallDelta(Value, kw_only=True, tag="tool_call_delta"):
    """A call as it is written: first with its name and no arguments, then pieces of their JSON text.

    The complete ToolCall with the same index follows always.
    """

    index: int
    id: str
    name: str
    arguments: str = ""


class Message(Value, kw_only=True):
    """One turn of a conversation. `images` holds encoded bytes (png, jpeg, webp)."""

    role: str
    content: str = ""
    thinking: str = ""
    images: tuple[bytes, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_name: str | None = None
    tool_call_id: str | None = None


class Tool(Value, kw_only=True):
    """A function offered to the model. `spec` is the client's JSON object, key order kept, as templates print it."""

    name: str
    spec: dict[str, Any]


class ToolChoice(Value, kw_only=True):
    """Whether the model may, must or must not call; `names` allows only some of the tools, empty means all."""

    mode: Literal["auto", "none", "required"] = "auto"
    names: tuple[str, ...] = ()


class Grammar(Value, kw_only=True):
    """What an answer must match: a regular expression, a Lark grammar or llama.cpp's GBNF."""

    kind: Literal["regex", "lark", "gbnf"]
    text: str


# --- options ----------------------------------------------------------------------------------------------------


class Options(Value, kw_only=True):
    """Generation and load options in Ollama's names. Ranges are in `parameters.py`."""

    # sampling
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    typical_p: float | None = None
    top_n_sigma: float | None = None
    repeat_last_n: int | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    penalize_newline: bool | None = None
    mirostat: int | None = None
    mirostat_eta: float | None = None
    mirostat_tau: float | None = None
    xtc_probability: float | None = None
    xtc_threshold: float | None = None
    dry_multiplier: float | None = None
    dry_base: float | None = None
    dry_allowed_length: int | None = None
    dry_penalty_last_n: int | None = None
    dry_sequence_breakers: tuple[str, ...] | None = None
    dynatemp_range: float | None = None
    dynatemp_exponent: float | None = None
    logit_bias: Mapping[int, float] | None = None
    seed: int | None = None
    # bounds of one generation
    num_predict: int | None = None
    num_keep: int | None = None
    min_tokens: int | None = None
    ignore_eos: bool | None = None
    cache_prompt: bool | None = None
    stop: tuple[str, ...] | None = None
    # load time: changing one reloads the model
    num_ctx: int | None = None
    num_batch: int | None = None
    num_gpu: int | None = None
    main_gpu: int | None = None
    num_thread: int | None = None
    use_mmap: bool | None = None


class LoadWishes(Value, kw_only=True):
    """How to load the model where a request wants it otherwise than the server's settings: KV cache, flash attention.

    A model that is loaded in another way is loaded again.
    """

    kv_cache_type: Literal["f16", "q8_0", "q4_0"] | None = None
    flash_attention: Literal["on", "off", "auto"] | None = None


# --- requests ---------------------------------------------------------------------------------------------------


class AdapterChoice(Value, kw_only=True):
    """An adapter to apply, by its name, and how strongly."""

    name: str
    scale: float = 1.0


class InferenceRequest(Value, kw_only=True):
    """What chat and completion have in common.

    `format` is `"json"` or a JSON Schema object, of which only with `is_strict` every keyword must hold; `grammar` is
    its alternative. `keep_alive_s` is seconds, negative for
    ever. `thinking_budget` is the most tokens of reasoning, after which it is ended. `template_kwargs` are variables
    for the chat template. `truncate` and `shift` act only when true: drop old messages that do not fit; discard old
    context and go on. `adapters` are those of the model's to apply and no other; None applies them as the model says.
    """

    model: str
    options: Options = Options()
    format: str | JSONSchema | None = None
    is_strict: bool = True
    grammar: Grammar | None = None
    think: Think | None = None
    thinking_budget: int | None = None
    template_kwargs: dict[str, Any] = {}
    keep_alive_s: float | None = None
    template: str | None = None
    truncate: bool | None = None
    shift: bool | None = None
    logprobs: bool = False
    top_logprobs: int = 0
    wishes: LoadWishes = LoadWishes()
    adapters: tuple[AdapterChoice, ...] | None = None


class ChatRequest(InferenceRequest, kw_only=True):
    """Messages in, one assistant turn out. `documents` are for templates that quote them."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    documents: tuple[dict[str, Any], ...] = ()
    tool_choice: ToolChoice = ToolChoice()
    parallel_tool_calls: bool | None = None


class CompleteRequest(InferenceRequest, kw_only=True):
    """One prompt in, its continuation out. `raw` bypasses the template; `context` is token ids that come first."""

    prompt: str
    suffix: str | None = None
    system: str | None = None
    raw: bool = False
    context: tuple[int, ...] = ()
    images: tuple[bytes, ...] = ()


class EmbedRequest(Value, kw_only=True):
    """Texts in, one vector each out. `truncate` None means true: the start of a text that is too long is kept."""

    model: str
    inputs: tuple[str, ...]
    truncate: bool | None = None
    dimensions: int | None = None
    normalize: bool = True
    options: Options = Options()
    keep_alive_s: float | None = None


class RerankRequest(Value, kw_only=True):
    """A query and documents to score for it. `truncate` None means true: the start of a long document is read."""

    model: str
    query: str
    documents: tuple[str, ...]
    truncate: bool | None = None
    options: Options = Options()
    keep_alive_s: float | None = None


class TokenizeRequest(Value, kw_only=True):
    """A text to split into token ids. `special` reads control tokens' texts as such, `bos` adds what comes first."""

    model: str
    text: str
    special: bool = True
    bos: bool = False
    options: Options = Options()
    keep_alive_s: float | None = None


class DetokenizeRequest(Value, kw_only=True):
    """Token ids to write as text."""

    model: str
    tokens: tuple[int, ...]
    options: Options = Options()
    keep_alive_s: float | None = None


# --- events -----------------------------------------------------------------------------------------------------


class TopLogprob(Value, kw_only=True):
    """One alternative at a position; natural logarithm, `data` the token's bytes."""

    token: str
    logprob: float
    data: bytes


class TokenLogprob(TopLogprob, kw_only=True):
    """The chosen token with its alternatives, most likely first."""

    top: tuple[TopLogprob, ...] = ()


class Usage(Value, kw_only=True):
    """What a request cost. `prompt_tokens` includes `cached_tokens`, which were not computed again.

    `output_tokens` includes `reasoning_tokens`.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    total_ns: int = 0
    load_ns: int = 0
    prompt_ns: int = 0
    output_ns: int = 0


class TextDelta(Value, kw_only=True, tag="text"):
    """More answer text; whole characters only. `num_tokens` is how many tokens it was made of, as the engine says."""

    text: str
    num_tokens: int = 0
    logprobs: tuple[TokenLogprob, ...] = ()


class ThinkingDelta(Value, kw_only=True, tag="thinking"):
    """More reasoning text, without its markers."""

    text: str
    logprobs: tuple[TokenLogprob, ...] = ()


class PromptProgress(Value, kw_only=True, tag="progress"):
    """How much of the prompt has been read, in tokens."""

    done: int
    total: int
    cached: int = 0


class Finished(Value, kw_only=True, tag="finished"):
    """The stream's good end. `tokens` is prompt and output as token ids (empty unless asked for)."""

    reason: FinishReason
    usage: Usage = Usage()
    stop_sequence: str | None = None
    tokens: tuple[int, ...] = ()


class Failed(Value, kw_only=True, tag="failed"):
    """The stream's bad end; `code` is one of `errors.BY_CODE`, `param` the field of the request that is wrong."""

    code: str
    message: str
    param: str | None = None


Event = TextDelta | ThinkingDelta | ToolCallDelta | ToolCall | PromptProgress | Finished | Failed


class Embeddings(Value, kw_only=True):
    """float32 vectors in input order, and the tokens read for them."""

    vectors: tuple[tuple[float, ...], ...]
    prompt_tokens: int = 0
    total_ns: int = 0
    load_ns: int = 0


class Ranking(Value, kw_only=True):
    """How well each document answers the query, from 0 to 1, in the documents' order, and the tokens read for it."""

    scores: tuple[float, ...]
    prompt_tokens: int = 0


# --- stored responses -------------------------------------------------------------------------------------------


class StoredResponse(Value, kw_only=True):
    """An answer kept for later, with all that is needed to go on from it.

    `body` is the JSON object that the client was sent, `items` a JSON list of the whole conversation before it.
    `item_ids` names the items that were new with it: those of its request and of its output.
    """

    id: str
    body: bytes
    items: bytes
    item_ids: tuple[str, ...] = ()


# --- the configuration's tables ---------------------------------------------------------------------------------


class Sourced(Value, kw_only=True):
    """A value, and where it is from in words for people."""

    value: Any
    origin: str


class ModelTable(Value, kw_only=True):
    """What holds for the models whose names match a pattern, by the names of options and of further settings."""

    pattern: str
    values: dict[str, Sourced]


class Alias(Value, kw_only=True):
    """A name, or with wildcards many, that stands for `target`; `origin` is `FILE:LINE`."""

    pattern: str
    target: str
    origin: str


# --- models -----------------------------------------------------------------------------------------------------


class ModelDetails(Value, kw_only=True):
    """What listings show of a model."""

    format: str = "gguf"
    family: str = ""
    families: tuple[str, ...] = ()
    parameter_size: str = ""
    quantization_level: str = ""
    parent_model: str = ""
    context_length: int = 0
    embedding_length: int = 0


class ModelSummary(Value, kw_only=True):
    """One row of `list`. `digest` is the manifest's sha256, hex without prefix; `modified_ns` Unix time."""

    name: str
    digest: str
    size: int
    modified_ns: int
    details: ModelDetails
    capabilities: tuple[str, ...] = ()


class FoundModel(Value, kw_only=True):
    """A model that can be pulled; `source` is where from, `num_downloads` is None where nobody counts."""

    name: str
    source: str
    license: str = ""
    capabilities: tuple[str, ...] = ()
    num_downloads: int | None = None


class Provenance(Value, kw_only=True):
    """Where a model came from; empty where nobody knows. `license` is the identifier that its file names."""

    source: str = ""
    revision: str = ""
    file: str = ""
    license: str = ""


class Adapter(Value, kw_only=True):
    """A LoRA adapter of a model; `path` is its blob's, `base` the model that it was made for, where its file says.

    It applies at `scale` where a request does not choose; 0 is not at all.
    """

    name: str
    path: str
    scale: float = 1.0
    base: str = ""


class Defaults(Value, kw_only=True):
    """What requests to a model mean where they do not say, as in the request's own fields."""

    think: Think | None = None
    thinking_budget: int | None = None
    keep_alive_s: float | None = None
    num_parallel: int | None = None
    wishes: LoadWishes = LoadWishes()


class ModelRecord(ModelSummary, kw_only=True):
    """Everything stored about a model, as `show` tells it and inference needs it.

    `weights`, `projectors`, `drafts` are absolute paths of blobs; `parts` are those of split weights, of
    which `weights` is the first. `template` is the manifest's own (Go) template, `chat_template` the Jinja one inside
    the GGUF; either may be empty. `chat_templates` are further ones in the GGUF, by name, such as `tool_use`.
    `parameters` are the Modelfile's options over those the GGUF recommends, `own_parameters` the former alone,
    `dialect` the name of how the model writes thinking and calls, empty to find out, `metadata` the GGUF header's
    key/values (long arrays may be None). `kv_elements_per_token` counts the
    numbers that the KV cache keeps per token, all layers together. `alias` is the name it was asked for by, where that
    is not its own. `configured` is what the configuration says of the model, which is in the other fields already.
    """

    weights: str
    parts: tuple[str, ...] = ()
    projectors: tuple[str, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    drafts: tuple[str, ...] = ()
    template: str = ""
    chat_template: str = ""
    chat_templates: dict[str, str] = {}
    system: str = ""
    messages: tuple[Message, ...] = ()
    licenses: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    own_parameters: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    requires: str = ""
    dialect: str = ""
    provenance: Provenance = Provenance()
    num_layers: int = 0
    kv_elements_per_token: int = 0
    alias: str = ""
    defaults: Defaults = Defaults()
    configured: dict[str, Sourced] = {}


class Prompting(Value, kw_only=True):
    """How prompts for a model are made and its answers read, as `show` tells it.

    `origin` is where its template comes from: `config`, `modelfile`, `gguf` or `default`; `language` is `jinja`, `go`
    or `chatml`; `dialect` names how it writes thinking and calls; `adaptations` is what is put differently for it.
    """

    origin: str
    language: str
    dialect: str
    adaptations: tuple[str, ...] = ()


class LoadedModel(Value, kw_only=True):
    """One row of `ps`. `expires_ns` is Unix time, None for never; sizes are measured bytes.

    `tokens_per_second` is of all its answers together, over the last few seconds.
    """

    name: str
    digest: str
    details: ModelDetails
    size: int
    size_vram: int
    context_length: int
    expires_ns: int | None
    num_parallel: int = 1
    num_active: int = 0
    num_waiting: int = 0
    tokens_per_second: float = 0.0


class LoadCounts(Value, kw_only=True):
    """What happened to models since the server began.

    `evictions` made room for another model; `expirations` came when nobody used it for its keep-alive, or at a
    request; `crashes` are processes that ended by themselves.
    """

    loads: int = 0
    failures: int = 0
    evictions: int = 0
    expirations: int = 0
    crashes: int = 0


class Progress(Value, kw_only=True):
    """One status line of pull or create. `total` and `completed` are bytes of the blob `digest`."""

    status: str
    digest: str | None = None
    total: int | None = None
    completed: int | None = None


class TensorInfo(Value, kw_only=True):
    """One tensor of a GGUF file, as `show --verbose` lists it; `shape` in GGUF order."""

    name: str
    type: str
    shape: tuple[int, ...]


class CreateRequest(Value, kw_only=True):
    """A model to create. `base` names a model to derive from; `files` and `adapters` map names to blob digests.

    `adapter_scales` has how strongly adapters apply, by their names in `adapters`, where that is not 1. `drafts` are
    files of a small model that guesses what this one will say. `quantize` is the type its weights shall have,
    `importance` the digest of an importance matrix for that.
    """

    model: str
    base: str | None = None
    files: dict[str, str] = {}
    adapters: dict[str, str] = {}
    adapter_scales: dict[str, float] = {}
    drafts: dict[str, str] = {}
    template: str | None = None
    system: str | None = None
    licenses: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    messages: tuple[Message, ...] = ()
    quantize: str | None = None
    importance: str | None = None
    requires: str | None = None
    dialect: str | None = None
