"""Plans, sessions and events → the native shapes. Knows the wire, not the engine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from omm.api.ollm.parse import STRATEGIES, Wanted, shown_path
from omm.api.ollm.schema import (
    DetailReply,
    MessageReply,
    Modality,
    ModelInfo,
    ModelKind,
    Part,
    PromptReply,
    ResolvedModel,
    RuntimePlan,
    SessionReply,
    StatusEvent,
    SupportLevel,
    TextEvent,
)
from omm.api.wire import BEAT_S, sse
from omm.config import Settings
from omm.errors import OmmError
from omm.service.planning import MemoryPlan, ModelPlan, Resolved
from omm.service.sessions import Transcript
from omm.types import Event, Finished, Message, ModelRecord, PromptProgress, TextDelta, ThinkingDelta, Usage, Value

BACKEND = "llama.cpp"
NUM_DIGEST_CHARS = 12
SEQUENCE_TO_SEQUENCE = frozenset({"t5", "t5encoder"})

# --- models -----------------------------------------------------------------------------------------------------


def resolved_model(plan: ModelPlan, reference: str, settings: Settings) -> ResolvedModel:
    """What a name stands for, as planned."""
    return ResolvedModel(**_resolved(plan, reference, settings))


def _resolved(plan: ModelPlan, reference: str, settings: Settings) -> dict[str, Any]:
    found, record = plan.model, plan.model.record
    return {
        "model_reference": reference,
        "normalized_name": found.name,
        "source_kind": found.origin,
        "support_level": _support_level(plan),
        "modalities": modalities(record),
        "requires_processor": bool(record and record.projectors),
        "supports_disk_cache": False,
        "supports_specialization": bool(plan.memory and plan.memory.devices),
        "repo_id": _repository(found),
        "revision": found.digest[:NUM_DIGEST_CHARS] or None,
        "path": shown_path(record.weights, settings) if record else None,
        "native_family": (record and record.details.family) or None,
        "architecture": _architecture(record),
        "model_type": _architecture(record),
        "generic_model_kind": _kind(record),
        "resolution_message": found.problem or f"{found.name} is installed",
    }


def _support_level(plan: ModelPlan) -> str:
    if plan.memory is None:
        return "unsupported"
    return "optimized" if plan.memory.gpu_layers else "generic"


def modalities(record: ModelRecord | None) -> list[Modality]:
    """What a model takes."""
    abilities = record.capabilities if record else ()
    more: list[tuple[str, Modality]] = [("vision", "image"), ("audio", "audio")]
    return ["text", *(name for ability, name in more if ability in abilities)]


def _architecture(record: ModelRecord | None) -> str | None:
    return str(record.metadata.get("general.architecture") or record.details.family) or None if record else None


def _kind(record: ModelRecord | None) -> ModelKind | None:
    if record is None:
        return None
    if "embedding" in record.capabilities:
        return "embedding"
    if "vision" in record.capabilities:
        return "image-text-to-text"
    return "seq2seq-lm" if _architecture(record) in SEQUENCE_TO_SEQUENCE else "causal-lm"


def _repository(found: Resolved) -> str | None:
    """`user/repo` of a model from Hugging Face, whose name is `hf.co/user/repo:tag`."""
    if found.origin != "hugging-face":
        return None
    return found.name.partition("/")[2].rpartition(":")[0]


def model_info(plan: ModelPlan, settings: Settings, reference: str, wanted: Wanted | None = None) -> ModelInfo:
    """One model with its plan."""
    fields = _resolved(plan, reference, settings)
    before = msgspec.structs.replace(plan, memory=None)
    level: SupportLevel = "generic" if plan.model.record else "unsupported"
    told = _resolved(before, reference, settings)
    return ModelInfo(
        **fields,
        materialized=plan.model.is_here,
        resolved_support_level=level,
        resolved_modalities=told["modalities"],
        resolved_requires_processor=told["requires_processor"],
        resolved_supports_disk_cache=told["supports_disk_cache"],
        resolved_resolution_message=told["resolution_message"],
        runtime_plan=runtime_plan(plan, wanted),
    )


# --- plans ------------------------------------------------------------------------------------------------------


def runtime_plan(plan: ModelPlan, wanted: Wanted | None = None) -> RuntimePlan:
    """How a model would run; a plan without memory is of one that cannot."""
    made, record = plan.memory, plan.model.record
    is_special = bool(made and made.gpu_layers) and (wanted is None or wanted.config.use_specialization)
    return RuntimePlan(
        backend_id=BACKEND if made else None,
        modalities=modalities(record),
        requires_processor=bool(record and record.projectors),
        supports_disk_cache=False,
        supports_cpu_offload=made is not None,
        supports_gpu_offload=bool(made and made.devices),
        specialization_provider_id=BACKEND if is_special else None,
        specialization_enabled=is_special,
        specialization_state="planned" if is_special else "not-planned",
        planned_specialization_pass_ids=_passes(made) if made and is_special else [],
        reason=_reason(plan),
        details=_details(plan, made, wanted) if made else {},
    )


def _passes(made: MemoryPlan) -> list[Any]:
    is_split = made.gpu_layers <= made.num_layers
    return ["cpu-offload", "gpu-offload"] if is_split else ["gpu-offload"]


def _reason(plan: ModelPlan) -> str:
    made = plan.memory
    if made is None:
        return plan.model.problem
    place = f"{made.gpu_layers} of {made.num_layers + 1} layers on {plan.device}" if made.gpu_layers else "on the CPU"
    return f"{plan.model.name} runs {place}" + ("" if made.fits else "; it takes more memory than is free now")


def _details(plan: ModelPlan, made: MemoryPlan, wanted: Wanted | None) -> dict[str, str]:
    numbers = {
        "num_ctx": made.num_ctx,
        "num_parallel": made.num_parallel,
        "n_gpu_layers": made.gpu_layers,
        "n_layers": made.num_layers + 1,
        "model_bytes": made.weights,
        "kv_bytes": made.kv,
        "kv_bytes_per_token": made.kv_per_token,
        "compute_bytes": made.compute,
        "total_bytes": made.on_devices + made.on_host,
        "gpu_bytes": made.on_devices,
        "host_bytes": made.on_host,
        "host_free_bytes": made.host_free,
        "gpu_free_bytes": sum(device.free for device in made.devices),
    }
    strategy = wanted.strategy if wanted else STRATEGIES["auto"]
    texts = {
        "device": plan.device,
        "fits": _text(made.fits),
        "kv_cache_strategy": strategy,
        **{name: _text(value) for name, value in plan.sampling.items()},
    }
    return {name: str(value) for name, value in numbers.items()} | texts


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- answers ----------------------------------------------------------------------------------------------------


class Running(Value):
    """A prompt that runs: the plan it runs by, and what was asked of it."""

    plan: ModelPlan
    wanted: Wanted

    @property
    def status(self) -> str:
        """In words."""
        return f"Running {self.wanted.plan.model} on {self.plan.device} via {BACKEND}"


def prompt_reply(events: Iterable[Event], running: Running) -> PromptReply:
    """The whole answer."""
    texts = []
    for event in events:
        match event:
            case TextDelta():
                texts.append(event.text)
            case Finished():
                return PromptReply(text="".join(texts), metadata=metadata(running, event))
    raise AssertionError("a stream of events ends with Finished")


def frames(events: Iterable[Event], running: Running) -> Iterator[bytes]:
    """The stream's events: status, text, and complete at the end."""
    yield status(running.status)
    texts, told_s = [], time.monotonic()
    for event in events:
        match event:
            case TextDelta() if event.text:
                texts.append(event.text)
                yield sse(TextEvent(delta=event.text), "text")
            case ThinkingDelta() if time.monotonic() - told_s >= BEAT_S:  # of which nothing else is shown
                told_s = time.monotonic()
                yield status("Thinking")
            case PromptProgress():
                yield status(_progress(event, running))
            case Finished():
                yield sse(PromptReply(text="".join(texts), metadata=metadata(running, event)), "complete")


def status(message: str) -> bytes:
    """The event that tells what goes on."""
    return sse(StatusEvent(message=message), "status")


def _progress(event: PromptProgress, running: Running) -> str:
    if not event.total:
        return f"Waiting for {running.wanted.plan.model}"
    return f"Read {event.done} of {event.total} tokens of the prompt"


def failure(error: OmmError) -> bytes:
    """The last event of a stream that failed."""
    return sse(DetailReply(detail=error.message), "error")


def metadata(running: Running, end: Finished) -> dict[str, str]:
    """How an answer came about, as texts."""
    plan = runtime_plan(running.plan, running.wanted)
    known: dict[str, object] = {
        "backend_id": BACKEND,
        "specialization_state": "applied" if plan.specialization_enabled else "not-planned",
        "specialization_applied": plan.specialization_enabled,
        "kv_cache_strategy": running.wanted.strategy,
        "model": running.plan.model.name,
        "finish_reason": end.reason,
        "prompt_tokens": end.usage.prompt_tokens,
        "cached_tokens": end.usage.cached_tokens,
        "completion_tokens": end.usage.output_tokens,
        **(_durations(end.usage) if running.wanted.has_stats else {}),
    }
    return {name: _text(value) for name, value in known.items()}


def _durations(usage: Usage) -> dict[str, object]:
    return {
        "total_duration": usage.total_ns,
        "load_duration": usage.load_ns,
        "prompt_eval_duration": usage.prompt_ns,
        "eval_duration": usage.output_ns,
    }


# --- sessions ---------------------------------------------------------------------------------------------------


def session(known: Transcript) -> SessionReply:
    """A session as it stands."""
    return SessionReply(
        session_id=known.id,
        session_name=known.name,
        model_reference=known.model,
        system_prompt=known.system_prompt,
        messages=[_message(message) for message in known.messages],
    )


def _message(message: Message) -> MessageReply:
    role: Any = message.role
    return MessageReply(role=role, content=[Part(type="text", value=message.content)])
