"""Events and models → Ollama's shapes. Knows the wire, not the engine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from omm import units
from omm.api.ollama.schema import (
    AdapterReply,
    ChatChunk,
    Chunk,
    DetailsReply,
    EffectiveReply,
    EmbedReply,
    ErrorReply,
    FunctionReply,
    GenerateChunk,
    LogprobReply,
    MessageReply,
    ModelReply,
    ProgressReply,
    PromptingReply,
    PromptProgressReply,
    ProvenanceReply,
    PsReply,
    RunningReply,
    ShowReply,
    StoredMessage,
    TagsReply,
    TensorReply,
    ToolCallReply,
    TopLogprobReply,
)
from omm.errors import OmmError
from omm.types import (
    Embeddings,
    Event,
    Finished,
    LoadedModel,
    ModelDetails,
    ModelRecord,
    ModelSummary,
    Progress,
    Prompting,
    PromptProgress,
    Sourced,
    TensorInfo,
    TextDelta,
    ThinkingDelta,
    TokenLogprob,
    ToolCall,
    TopLogprob,
    Usage,
)

FOREVER_NS = 2**63 - 1  # WIRE: Ollama's date for "never expires" is this far ahead

AnyChunk = TypeVar("AnyChunk", bound=Chunk)


def error_line(error: OmmError) -> ErrorReply:
    """The last line of a stream that failed."""
    return ErrorReply(error=error.message, code=error.code)


# --- generate and chat ------------------------------------------------------------------------------------------


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What one chunk says, before a protocol shape is put around it."""

    text: str = ""
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    logprobs: tuple[TokenLogprob, ...] = ()
    progress: PromptProgress | None = None
    end: Finished | None = None


SILENCE = Parts()
Shape = Callable[[str, Parts], AnyChunk]


def stream_chunks(events: Iterable[Event], model: str, shape: Shape[AnyChunk]) -> Iterator[AnyChunk]:
    """Yield one chunk per event that says something; the last says why it ended and what it cost."""
    is_reading = True
    for event in events:
        is_progress = isinstance(event, PromptProgress)  # a sign of life, which may come after the prompt is read, too
        is_reading = is_reading and is_progress
        parts = _parts(event) if is_reading or not is_progress else SILENCE
        if parts != SILENCE:
            yield shape(model, parts)


def fold(events: Iterable[Event]) -> Parts:
    """The same events as one answer."""
    pieces = [_parts(event) for event in events]
    return Parts(
        text="".join(piece.text for piece in pieces),
        thinking="".join(piece.thinking for piece in pieces),
        tool_calls=tuple(call for piece in pieces for call in piece.tool_calls),
        logprobs=tuple(token for piece in pieces for token in piece.logprobs),
        end=pieces[-1].end,
    )


def _parts(event: Event) -> Parts:
    match event:
        case TextDelta():
            return Parts(text=event.text, logprobs=event.logprobs)
        case ThinkingDelta():
            return Parts(thinking=event.text, logprobs=event.logprobs)
        case ToolCall():
            return Parts(tool_calls=(event,))
        case PromptProgress():
            return Parts(progress=event)
        case Finished():
            return Parts(end=event)
    return SILENCE


def chat_chunk(model: str, parts: Parts) -> ChatChunk:
    """One line of chat, or the whole answer."""
    message = MessageReply(
        role="assistant", content=parts.text, thinking=parts.thinking, tool_calls=_tool_calls(parts.tool_calls)
    )
    return ChatChunk(message=message, **_head(model, parts))


def generate_chunk(model: str, parts: Parts) -> GenerateChunk:
    """One line of generate, or the whole answer."""
    return GenerateChunk(
        response=parts.text,
        thinking=parts.thinking,
        tool_calls=_tool_calls(parts.tool_calls),
        context=list(parts.end.tokens) if parts.end else [],
        **_head(model, parts),
    )


def _head(model: str, parts: Parts) -> dict[str, Any]:
    head: dict[str, Any] = {
        "model": model,
        "created_at": units.rfc3339(time.time_ns()),
        "done": parts.end is not None,
        "logprobs": [_logprob(token) for token in parts.logprobs],
        "prompt_progress": _prompt_progress(parts.progress) if parts.progress else None,
    }
    return {**head, "done_reason": parts.end.reason, **_metrics(parts.end.usage)} if parts.end else head


def _prompt_progress(progress: PromptProgress) -> PromptProgressReply:
    return PromptProgressReply(total=progress.total, cache=progress.cached, processed=progress.done)


def _metrics(usage: Usage) -> dict[str, int]:
    return {
        "total_duration": usage.total_ns,
        "load_duration": usage.load_ns,
        "prompt_eval_count": usage.prompt_tokens,
        "prompt_cached_count": usage.cached_tokens,
        "prompt_eval_duration": usage.prompt_ns,
        "eval_count": usage.output_tokens,
        "eval_duration": usage.output_ns,
    }


def _tool_calls(calls: tuple[ToolCall, ...]) -> list[ToolCallReply]:
    return [
        ToolCallReply(id=c.id, function=FunctionReply(index=c.index, name=c.name, arguments=_arguments(c)))
        for c in calls
    ]


def _arguments(call: ToolCall) -> dict[str, Any]:
    # WIRE: clients demand an object, so arguments that are no JSON travel as they are under one key.
    return call.arguments if isinstance(call.arguments, dict) else {"_raw": call.arguments}


def _logprob(token: TokenLogprob) -> LogprobReply:
    return LogprobReply(
        token=token.token,
        logprob=token.logprob,
        bytes=list(token.data),
        top_logprobs=[_top_logprob(alternative) for alternative in token.top],
    )


def _top_logprob(token: TopLogprob) -> TopLogprobReply:
    return TopLogprobReply(token=token.token, logprob=token.logprob, bytes=list(token.data))


def embed_reply(model: str, result: Embeddings) -> EmbedReply:
    """The answer of /api/embed."""
    return EmbedReply(
        model=model,
        embeddings=list(result.vectors),
        total_duration=result.total_ns,
        load_duration=result.load_ns,
        prompt_eval_count=result.prompt_tokens,
    )


# --- models -----------------------------------------------------------------------------------------------------


def tags(models: Iterable[ModelSummary]) -> TagsReply:
    """Models on disk, newest first."""
    return TagsReply(models=[_model(m) for m in sorted(models, key=lambda m: m.modified_ns, reverse=True)])


def _model(model: ModelSummary) -> ModelReply:
    return ModelReply(
        name=model.name,
        model=model.name,
        modified_at=units.rfc3339(model.modified_ns),
        size=model.size,
        digest=model.digest,
        details=_details(model.details),
        capabilities=model.capabilities,
    )


def _details(details: ModelDetails) -> DetailsReply:
    return DetailsReply(
        parent_model=details.parent_model,
        format=details.format,
        family=details.family,
        families=details.families,
        parameter_size=details.parameter_size,
        quantization_level=details.quantization_level,
        context_length=details.context_length,
        embedding_length=details.embedding_length,
    )


def running(models: Iterable[LoadedModel]) -> PsReply:
    """Models in memory, the one that stays longest first."""
    forever = time.time_ns() + FOREVER_NS
    rows = [(forever if m.expires_ns is None else m.expires_ns, m) for m in models]
    rows.sort(key=lambda row: row[0], reverse=True)
    return PsReply(models=[_running(model, expires_ns) for expires_ns, model in rows])


def _running(model: LoadedModel, expires_ns: int) -> RunningReply:
    return RunningReply(
        name=model.name,
        model=model.name,
        size=model.size,
        digest=model.digest,
        details=_details(model.details),
        expires_at=units.rfc3339(expires_ns),
        size_vram=model.size_vram,
        context_length=model.context_length,
        parallel=model.num_parallel,
        active=model.num_active,
        waiting=model.num_waiting,
        tokens_per_second=round(model.tokens_per_second, 1),
    )


def show(record: ModelRecord, *, verbose: bool) -> ShowReply:
    """What the record tells; arrays of the header are null unless verbose."""
    return ShowReply(
        license="\n".join(record.licenses),
        parameters=parameter_lines(record.parameters),
        template=record.template or record.chat_template,
        system=record.system,
        details=_details(record.details),
        messages=[StoredMessage(role=m.role, content=m.content) for m in record.messages],
        model_info=model_info(record.metadata, verbose=verbose),
        capabilities=record.capabilities,
        modified_at=units.rfc3339(record.modified_ns),
        requires=record.requires,
        alias_of=record.name if record.alias else "",
        think=record.defaults.think,
        provenance=ProvenanceReply(
            digest=f"sha256:{record.digest}",
            source=record.provenance.source,
            revision=record.provenance.revision,
            file=record.provenance.file,
            license=record.provenance.license,
        ),
        adapters=[AdapterReply(name=a.name, scale=a.scale, base=a.base) for a in record.adapters],
    )


def effective(values: Mapping[str, Sourced]) -> dict[str, EffectiveReply]:
    """Every value in effect."""
    return {name: EffectiveReply(value=row.value, origin=row.origin) for name, row in values.items()}


def prompting(value: Prompting) -> PromptingReply:
    """How prompts are made."""
    return PromptingReply(
        origin=value.origin, language=value.language, dialect=value.dialect, adaptations=value.adaptations
    )


def tensors(rows: Iterable[TensorInfo]) -> list[TensorReply]:
    """The tensors of a file."""
    return [TensorReply(name=row.name, type=row.type, shape=row.shape) for row in rows]


def model_info(metadata: Mapping[str, Any], *, verbose: bool) -> dict[str, Any]:
    """The header's keys, without what `show` tells elsewhere."""
    hidden = ("general.name", "tokenizer.chat_template")
    shown = {key: value for key, value in metadata.items() if key not in hidden}
    return {key: value if verbose or not isinstance(value, list | tuple) else None for key, value in shown.items()}


def parameter_lines(parameters: Mapping[str, Any]) -> str:
    """One line per value: the name padded to 30, then the value; texts quoted."""
    pairs = [(name, value) for name, values in parameters.items() for value in _as_list(values)]
    return "\n".join(f"{name:<30} {_parameter(value)}" for name, value in pairs)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _parameter(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool | dict) else str(value)


def progress(step: Progress) -> ProgressReply:
    """One line of pull or create."""
    return ProgressReply(status=step.status, digest=step.digest, total=step.total, completed=step.completed)
