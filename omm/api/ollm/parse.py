"""Native shapes → internal requests. Knows the wire and the settings, not the engine; planning checks the devices."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from omm import values
from omm.api.gate import is_loopback
from omm.api.ollm.schema import (
    DEFAULT_SYSTEM_PROMPT,
    GenerationBody,
    PlanBody,
    PromptBody,
    RuntimeBody,
    RuntimeConfig,
    SessionBody,
)
from omm.api.options import keep_alive, think
from omm.config import Settings
from omm.errors import InvalidRequest
from omm.service.planning import PlanRequest
from omm.types import AdapterChoice, ChatRequest, LoadWishes, Message, Options, Think, Value

BACKENDS = ("llama.cpp", "optimized-native", "transformers-generic")
PROFILES = ("balanced", "latency", "capacity", "bounded-window")
LIFECYCLES = ("runtime-scoped", "persistent")
ADAPTATIONS = ("observe-only", "disabled", "automatic")
POLICIES = ("auto", "prefix", "suffix", "middle-band")
Strategy = Literal["resident", "quantized-cold-tier", "sliding-window-ring-buffer"]
# What each strategy is here.
STRATEGIES: dict[str, Strategy] = {
    "auto": "resident",
    "resident": "resident",
    "quantized-cold-tier": "quantized-cold-tier",
    "sliding-window-ring-buffer": "sliding-window-ring-buffer",
    "chunked": "resident",
    "paged": "resident",
    "streamed-segmented": "resident",
    "log-structured-journal": "resident",
    "tiered-write-back": "resident",
}
# Where a request has what the service tells of by other names.
FIELDS = {
    **{name: f"runtime.{name}" for name in ("num_ctx", "keep_alive", "think")},
    "num_gpu": "runtime.offload_gpu_layers",
    "num_predict": "generation.max_new_tokens",
    **{name: f"generation.{name}" for name in ("temperature", "top_p", "top_k", "seed", "stop")},
    **{name: f"generation.{name}" for name in ("repeat_penalty", "min_p")},
}


class Wanted(Value):
    """What a request says about running: the plan to make, the strategy, and what the client is told of its runtime."""

    plan: PlanRequest
    config: RuntimeConfig
    strategy: Strategy
    think: Think | None = None
    keep_alive_s: float | None = None
    generation: Options = Options()

    @property
    def has_stats(self) -> bool:
        """Whether the answer shall tell its durations."""
        return self.config.stats


# --- runtime ----------------------------------------------------------------------------------------------------


def wanted(body: PlanBody, settings: Settings) -> Wanted:
    """Raises InvalidRequest."""
    runtime = body.runtime or RuntimeBody()
    generation = body.generation if isinstance(body, PromptBody | SessionBody) else None
    return runtime_wanted(runtime, settings, generation or GenerationBody())


def runtime_wanted(body: RuntimeBody, settings: Settings, sampling: GenerationBody = GenerationBody()) -> Wanted:
    """Raises InvalidRequest."""
    _check_names(body)
    _check_combinations(body)
    generation = _generation(sampling)
    strategy = STRATEGIES[body.kv_cache_strategy or "auto"]
    return Wanted(
        plan=PlanRequest(
            model=_model(body),
            options=_options(body, generation),
            wishes=_wishes(body, strategy),
            device=body.device or "auto",
            cpu_layers=body.offload_cpu_layers or 0,
            is_multimodal=bool(body.multimodal),
            adapters=_adapters(body, sampling),
        ),
        config=_config(body, settings),
        strategy=strategy,
        think=think(body.think),
        keep_alive_s=keep_alive(body.keep_alive),
        generation=generation,
    )


def _model(body: RuntimeBody) -> str:
    if body.model_reference is None:
        raise _wrong("model_reference", "is required, as there is no default model")
    if not body.model_reference.strip():
        raise _wrong("model_reference", "must not be empty")
    return body.model_reference.strip()


def _check_names(body: RuntimeBody) -> None:
    if body.backend is not None and body.backend not in BACKENDS:
        raise _wrong("backend", f"--backend must be one of: {', '.join(BACKENDS)}")
    if body.device is not None:
        try:
            values.device(body.device)
        except ValueError as exc:
            raise _wrong("device", str(exc)) from exc
    for name, allowed in (
        ("kv_cache_strategy", tuple(STRATEGIES)),
        ("strategy_selector_profile", PROFILES),
        ("kv_cache_lifecycle", LIFECYCLES),
        ("kv_cache_adaptation_mode", ADAPTATIONS),
        ("offload_cpu_policy", POLICIES),
    ):
        value = getattr(body, name)
        if value is not None and value not in allowed:
            raise _wrong(name, f"must be one of: {', '.join(allowed)}")


def _check_combinations(body: RuntimeBody) -> None:
    """Refuse what contradicts itself, and what is another route's job."""
    is_cpu = body.device == "cpu"
    strategy = body.kv_cache_strategy
    refusals = (
        (body.force_download, "force_download", "downloading is the job of POST /api/pull"),
        (body.verbose and body.quiet, "verbose", "contradicts quiet"),
        (is_cpu and body.offload_cpu_layers, "offload_cpu_layers", "the device is the CPU already"),
        (is_cpu and body.offload_gpu_layers, "offload_gpu_layers", "contradicts the device cpu"),
        (body.offload_cpu_layers and body.offload_gpu_layers, "offload_cpu_layers", "contradicts offload_gpu_layers"),
        (
            body.kv_cache_window_tokens and strategy != "sliding-window-ring-buffer",
            "kv_cache_window_tokens",
            "needs kv_cache_strategy sliding-window-ring-buffer",
        ),
        (
            body.kv_cache_lifecycle == "persistent" and strategy == "resident",
            "kv_cache_lifecycle",
            "a resident cache cannot be persistent",
        ),
        (
            body.use_specialization is False and strategy == "quantized-cold-tier",
            "use_specialization",
            "a quantized cache needs specialized kernels",
        ),
    )
    for is_wrong, name, why in refusals:
        if is_wrong:
            raise _wrong(name, why)


def _wrong(name: str, why: str) -> InvalidRequest:
    return InvalidRequest(why, param=f"runtime.{name}")


def _options(body: RuntimeBody, generation: Options) -> Options:
    """The generation's options with those that a runtime sets."""
    return msgspec.structs.replace(
        generation,
        cache_prompt=body.use_cache,
        num_ctx=body.num_ctx or body.kv_cache_window_tokens,
        num_gpu=body.offload_gpu_layers or None,
    )


def _wishes(body: RuntimeBody, strategy: Strategy) -> LoadWishes:
    return LoadWishes(
        kv_cache_type="q8_0" if strategy == "quantized-cold-tier" else None,
        flash_attention="off" if body.use_specialization is False else None,
    )


def _config(body: RuntimeBody, settings: Settings) -> RuntimeConfig:
    known = shown_path(settings.models, settings)
    if body.models_dir is not None and body.models_dir not in (known, str(settings.models)):
        raise _wrong("models_dir", "must be the server's own directory, or absent")
    given = {name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not None}
    return RuntimeConfig(**{**given, "model_reference": _model(body), "models_dir": known})


def shown_path(path: Path | str, settings: Settings) -> str:
    """A path as clients may see it: whole on this machine, else its last part."""
    return str(path) if is_loopback(settings.address[0]) else Path(path).name


# --- generation -------------------------------------------------------------------------------------------------


def _generation(body: GenerationBody) -> Options:
    stop = [body.stop] if isinstance(body.stop, str) else body.stop
    return Options(
        num_predict=body.max_new_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        top_k=body.top_k,
        seed=body.seed,
        stop=None if stop is None else tuple(stop),
        repeat_penalty=body.repeat_penalty,
        min_p=body.min_p,
    )


def _adapters(body: RuntimeBody, generation: GenerationBody) -> tuple[AdapterChoice, ...] | None:
    """The adapters to apply: what a runtime has as `adapter_dir` is the name of one."""
    lora = generation.lora
    if body.adapter_dir is None:
        return None if lora is None else tuple(AdapterChoice(name=item.name, scale=item.scale) for item in lora)
    if lora is not None:
        raise _wrong("adapter_dir", "contradicts generation.lora")
    return (AdapterChoice(name=body.adapter_dir),)


def system_prompt(body: PromptBody | SessionBody) -> str:
    """The system prompt, empty for none."""
    return DEFAULT_SYSTEM_PROMPT if body.system_prompt is None else body.system_prompt


def prompt_text(text: str) -> str:
    """Raises InvalidRequest for an empty one."""
    if not text.strip():
        raise InvalidRequest("must not be empty", param="prompt")
    return text


def base_request(wanted: Wanted, options: Options) -> ChatRequest:
    """A request without its messages, with the options as planned."""
    return ChatRequest(
        model=wanted.plan.model,
        messages=(),
        options=options,
        think=wanted.think,
        keep_alive_s=wanted.keep_alive_s,
        wishes=wanted.plan.wishes,
        adapters=wanted.plan.adapters,
        shift=True if wanted.strategy == "sliding-window-ring-buffer" else None,
    )


def with_prompt(base: ChatRequest, system: str, prompt: str) -> ChatRequest:
    """The request of one prompt."""
    first = (Message(role="system", content=system),) if system else ()
    return msgspec.structs.replace(base, messages=(*first, Message(role="user", content=prompt)))


def flag(text: str | None, name: str, *, default: bool = False) -> bool:
    """A boolean of a query string. Raises InvalidRequest."""
    values: dict[str, Any] = {"true": True, "1": True, "false": False, "0": False, "": default}
    try:
        return bool(values[(text or "").lower()])
    except KeyError:
        raise InvalidRequest("must be true or false", param=name) from None
