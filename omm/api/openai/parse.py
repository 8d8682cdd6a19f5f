"""OpenAI's shapes → internal requests. Knows the wire, not the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from omm.api import choices, options
from omm.api.errors import MissingParameter, UnsupportedParameter
from omm.api.openai import parts, tools
from omm.api.openai.parts import Model
from omm.api.openai.schema import (
    MAX_INPUTS,
    ChatBody,
    CompletionBody,
    EmbeddingsBody,
    GenerationBody,
    MessageBody,
    ResponseFormat,
    WithOptions,
)
from omm.errors import InvalidRequest
from omm.service import loading
from omm.types import (
    ChatRequest,
    CompleteRequest,
    EmbedRequest,
    InferenceRequest,
    Message,
    ModelRecord,
    Options,
    Tool,
    ToolChoice,
)

SEEDS = 2**32 - 1  # the last one of 32 bits means a random one in llama.cpp
MAX_STREAMS = 128
# Fields that are options under their own names.
OPTION_FIELDS = (
    *("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias", "top_k", "min_p", "typical_p"),
    *("repeat_penalty", "repeat_last_n", "mirostat", "mirostat_eta", "mirostat_tau", "min_tokens", "ignore_eos"),
    *("cache_prompt", "num_ctx"),
)

# --- what all generation has ------------------------------------------------------------------------------------


def generation(
    body: GenerationBody, model: Model, *, max_tokens: int | None, response_format: ResponseFormat | None
) -> dict[str, Any]:
    """The fields of an InferenceRequest but those about log probabilities. Raises InvalidRequest."""
    return {
        "model": body.model,
        "options": generation_options(body, max_tokens),
        "format": tools.output_format(response_format, body.format),
        "is_strict": tools.is_strict(response_format),
        "grammar": choices.grammar(regex=body.regex, lark=body.lark, gbnf=body.grammar),
        "think": tools.think(body.reasoning_effort, body.reasoning, body.think, model),
        "thinking_budget": options.thinking_budget(body.thinking_budget),
        "template_kwargs": body.chat_template_kwargs or {},
        "keep_alive_s": options.keep_alive(body.keep_alive),
    }


def generation_options(body: GenerationBody, max_tokens: int | None) -> Options:
    """A field of its own wins over `options`, which win over `parameters`. Raises InvalidRequest."""
    explicit = {name: getattr(body, name) for name in OPTION_FIELDS}
    explicit |= {"seed": seed(body.seed), "stop": stops(body.stop), "num_predict": max_tokens}
    given = {name: value for name, value in explicit.items() if value is not None}
    typed = options.options(given, path="")
    return msgspec.structs.replace(other_options(body), **{name: getattr(typed, name) for name in given})


def other_options(body: WithOptions) -> Options:
    """Those in `options` and `parameters`. Raises InvalidRequest."""
    return options.options({**(body.parameters or {}), **(body.options or {})})


def seed(value: int | None) -> int | None:
    """Any number means itself; in the engine -1 would mean a random one."""
    return None if value is None else value % SEEDS


def stops(value: str | list[str] | None) -> list[str] | None:
    """Texts that end the answer, without empty ones."""
    if value is None:
        return None
    return [text for text in ([value] if isinstance(value, str) else value) if text]


AnyRequest = TypeVar("AnyRequest", bound=InferenceRequest)


def repeated(request: AnyRequest, count: int, record: ModelRecord) -> list[AnyRequest]:
    """The same request so many times, with different seeds if it has one or its model has."""
    first = loading.merge_options(request.options, record).seed
    if count == 1 or first is None or first < 0:
        return [request] * count
    return [_with_seed(request, (first + index) % SEEDS if index else first) for index in range(count)]


def _with_seed(request: AnyRequest, value: int) -> AnyRequest:
    return msgspec.structs.replace(request, options=msgspec.structs.replace(request.options, seed=value))


# --- chat completions -------------------------------------------------------------------------------------------


def chat_request(body: ChatBody, model: Model) -> ChatRequest:
    """Raises InvalidRequest, and Unsupported for content that the model cannot take."""
    _check_supported(body)
    if body.top_logprobs and not body.logprobs:
        raise InvalidRequest("top_logprobs needs logprobs to be true", param="top_logprobs")
    max_tokens = body.max_tokens if body.max_completion_tokens is None else body.max_completion_tokens
    return ChatRequest(
        **generation(body, model, max_tokens=max_tokens, response_format=body.response_format),
        messages=messages(body.messages, model),
        tools=_tools(body),
        tool_choice=_tool_choice(body),
        parallel_tool_calls=False if is_legacy(body) else body.parallel_tool_calls,
        logprobs=bool(body.logprobs),
        top_logprobs=body.top_logprobs or 0,
    )


def _check_supported(body: ChatBody) -> None:
    for name in ("audio", "web_search_options", "moderation"):
        if getattr(body, name) is not None:
            raise UnsupportedParameter(f"{name} is not supported", param=name)
    if any(modality != "text" for modality in body.modalities or ()):
        raise UnsupportedParameter("modalities other than text are not supported", param="modalities")


def is_legacy(body: ChatBody) -> bool:
    """Whether functions are offered in the form from before there were tools; the answer takes that form too."""
    return bool(body.functions) and not body.tools


def _tools(body: ChatBody) -> tuple[Tool, ...]:
    return tools.functions(body.functions) if is_legacy(body) else tools.tools(body.tools)


def _tool_choice(body: ChatBody) -> ToolChoice:
    match body.function_call:
        case {"name": str() as name} if body.tool_choice is None:
            return ToolChoice(mode="required", names=(name,))
        case None | "none" | "auto":
            return choices.tool_choice(body.function_call if body.tool_choice is None else body.tool_choice)
    raise InvalidRequest('function_call must be "none", "auto" or {"name": …}', param="function_call")


# --- messages ---------------------------------------------------------------------------------------------------


def messages(bodies: Sequence[MessageBody], model: Model) -> tuple[Message, ...]:
    """A conversation; a tool's answer is given the name that its call had. Raises InvalidRequest, Unsupported."""
    names: dict[str, str] = {}
    turns: list[Message] = []
    for index, body in enumerate(bodies):
        turn = _message(body, names, model, f"messages[{index}]")
        names.update((call.id, call.name) for call in turn.tool_calls)
        turns.append(turn)
    return tuple(turns)


def _message(body: MessageBody, names: dict[str, str], model: Model, path: str) -> Message:
    match body.role:
        case "user":
            content = parts.read(body.content, model, f"{path}.content")
            return Message(role="user", content=content.text, images=content.images)
        case "assistant":
            return _assistant(body, path)
        case "tool":
            return _tool_answer(body, names, path)
        case "function":
            return _function_answer(body, path)
    return Message(role="system", content=parts.read_text(body.content, f"{path}.content"))


def _assistant(body: MessageBody, path: str) -> Message:
    calls = tools.tool_calls(body.tool_calls)
    if body.function_call is not None and not calls:
        calls = (tools.tool_call(_legacy_id(body.function_call.name), body.function_call),)
    return Message(
        role="assistant",
        content=parts.read_text(body.content, f"{path}.content") or body.refusal or "",
        thinking=body.reasoning or body.reasoning_content or "",
        tool_calls=calls,
    )


def _tool_answer(body: MessageBody, names: dict[str, str], path: str) -> Message:
    if not body.tool_call_id:
        raise MissingParameter("a tool message needs tool_call_id", param=f"{path}.tool_call_id")
    content = parts.read_text(body.content, f"{path}.content")
    name = names.get(body.tool_call_id, body.name)
    return Message(role="tool", content=content, tool_call_id=body.tool_call_id, tool_name=name)


def _function_answer(body: MessageBody, path: str) -> Message:
    if not body.name:
        raise MissingParameter("a function message needs a name", param=f"{path}.name")
    content = parts.read_text(body.content, f"{path}.content")
    return Message(role="tool", content=content, tool_call_id=_legacy_id(body.name), tool_name=body.name)


def _legacy_id(name: str) -> str:
    return f"call_{name}"


# --- completions ------------------------------------------------------------------------------------------------

Prompt = str | tuple[int, ...]


def complete_requests(body: CompletionBody, model: Model, *, has_template: bool) -> list[CompleteRequest]:
    """One request per prompt. Raises InvalidRequest."""
    if body.echo and body.logprobs is not None:
        raise InvalidRequest("log probabilities of the prompt are not available: leave out echo", param="logprobs")
    common = generation(body, model, max_tokens=body.max_tokens, response_format=body.response_format)
    common |= {"logprobs": body.logprobs is not None, "top_logprobs": body.logprobs or 0}
    if common["think"] is None and "thinking" in model.abilities:
        common["think"] = False  # NOTE: the answer has no place for reasoning
    is_raw = bool(body.raw or body.echo) or not has_template
    return [_complete_request(prompt, body.suffix, common, is_raw=is_raw) for prompt in prompts(body.prompt, "prompt")]


def _complete_request(prompt: Prompt, suffix: str | None, common: dict[str, Any], *, is_raw: bool) -> CompleteRequest:
    if suffix:
        if not isinstance(prompt, str):
            raise InvalidRequest("a prompt with a suffix must be text", param="prompt")
        return CompleteRequest(**common, prompt=prompt, suffix=suffix)
    if isinstance(prompt, str):
        return CompleteRequest(**common, prompt=prompt, raw=is_raw)
    return CompleteRequest(**common, prompt="", context=prompt, raw=True)


def prompts(value: str | list[str | int | list[int]], path: str) -> list[Prompt]:
    """A text, texts, token ids, or lists of token ids. Raises InvalidRequest for none, an empty list, and a mixture."""
    if isinstance(value, str):
        return [value]
    if not value:
        raise InvalidRequest(f"{path} must not be empty", param=path)
    if all(isinstance(item, int) for item in value):
        return [_token_ids(value, path)]
    if all(isinstance(item, str) for item in value):
        return [item for item in value if isinstance(item, str)]
    if all(isinstance(item, list) for item in value):
        return [_token_ids(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise InvalidRequest(f"{path} must be a text, texts, token ids or lists of token ids", param=path)


def _token_ids(value: Any, path: str) -> tuple[int, ...]:
    if not value or not all(0 <= token < 2**31 for token in value):
        raise InvalidRequest("token ids must be at least one and none negative", param=path)
    return tuple(value)


def num_candidates(body: CompletionBody) -> tuple[int, int]:
    """How many answers to give to each prompt, and how many to choose them from. Raises InvalidRequest."""
    count = body.n or 1
    best_of = count if body.best_of is None else body.best_of
    if best_of < count:
        raise InvalidRequest("best_of must not be less than n", param="best_of")
    if best_of > count and body.stream:
        raise InvalidRequest("best_of cannot be streamed", param="best_of")
    num_prompts = 1 if isinstance(body.prompt, str) else len(body.prompt)
    if num_prompts * best_of > MAX_STREAMS and not (body.prompt and isinstance(body.prompt[0], int)):
        raise InvalidRequest(f"at most {MAX_STREAMS} completions can be asked for at once", param="prompt")
    return count, best_of


# --- embeddings -------------------------------------------------------------------------------------------------


def embedding_inputs(body: EmbeddingsBody) -> list[Prompt]:
    """What to embed. Raises InvalidRequest."""
    inputs = prompts(body.input, "input")
    if len(inputs) > MAX_INPUTS:
        raise InvalidRequest(f"at most {MAX_INPUTS} inputs can be embedded at once", param="input")
    if not all(inputs):
        raise InvalidRequest("input must not be empty", param="input")
    return inputs


def embed_request(body: EmbeddingsBody, texts: Sequence[str]) -> EmbedRequest:
    """Raises InvalidRequest."""
    return EmbedRequest(
        model=body.model,
        inputs=tuple(texts),
        truncate=body.truncate,
        dimensions=body.dimensions,
        options=other_options(body),
        keep_alive_s=options.keep_alive(body.keep_alive),
    )
