"""Ollama's shapes → internal requests. Knows the wire, not the engine; ranges of options are checked there."""

from __future__ import annotations

import base64
import re
from typing import Any

from omm.api import choices
from omm.api.ollama.schema import (
    ChatBody,
    CreateBody,
    DetokenizeBody,
    EmbedBody,
    EmbeddingsBody,
    GenerateBody,
    InferenceBody,
    LoraBody,
    MessageBody,
    Named,
    TokenizeBody,
    ToolCallBody,
    WithOptions,
)
from omm.api.options import keep_alive, options, output_format, think, thinking_budget
from omm.errors import InvalidRequest, Unsupported
from omm.types import (
    AdapterChoice,
    ChatRequest,
    CompleteRequest,
    CreateRequest,
    DetokenizeRequest,
    EmbedRequest,
    Message,
    Options,
    TokenizeRequest,
    Tool,
    ToolCall,
)

MAX_TOP_LOGPROBS = 20
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


# --- requests ---------------------------------------------------------------------------------------------------


def model_name(body: Named) -> str:
    """The model asked for, or an empty text."""
    return body.model or body.name or ""


def chat_request(body: ChatBody) -> ChatRequest:
    """Raises InvalidRequest."""
    return ChatRequest(
        **_common(body),
        messages=tuple(message(m) for m in body.messages or ()),
        tools=tuple(tool(spec) for spec in body.tools or ()),
        documents=tuple(body.documents or ()),
        tool_choice=choices.tool_choice(body.tool_choice),
        parallel_tool_calls=body.parallel_tool_calls,
    )


def complete_request(body: GenerateBody) -> CompleteRequest:
    """Raises InvalidRequest."""
    if body.raw and (body.template or body.system or body.context):
        raise InvalidRequest("raw mode does not support template, system, or context")
    return CompleteRequest(
        **_common(body),
        prompt=body.prompt or "",
        suffix=body.suffix or None,
        system=body.system,
        template=body.template or None,
        raw=bool(body.raw),
        context=tuple(body.context or ()),
        images=_images(body.images),
    )


def _common(body: InferenceBody) -> dict[str, Any]:
    top_logprobs = body.top_logprobs or 0
    if not 0 <= top_logprobs <= MAX_TOP_LOGPROBS:
        raise InvalidRequest(f"top_logprobs must be between 0 and {MAX_TOP_LOGPROBS}", param="top_logprobs")
    return {
        "model": model_name(body),
        "options": merged_options(body),
        "format": output_format(body.format),
        "grammar": choices.grammar(regex=body.regex, lark=body.lark, gbnf=body.grammar),
        "think": think(body.think),
        "thinking_budget": thinking_budget(body.thinking_budget),
        "template_kwargs": body.chat_template_kwargs or {},
        "keep_alive_s": keep_alive(body.keep_alive),
        "truncate": body.truncate,
        "shift": body.shift,
        "logprobs": bool(body.logprobs),
        "top_logprobs": top_logprobs,
        "adapters": _adapters(body.lora),
    }


def _adapters(lora: list[LoraBody] | None) -> tuple[AdapterChoice, ...] | None:
    return None if lora is None else tuple(AdapterChoice(name=item.name, scale=item.scale) for item in lora)


def embed_request(body: EmbedBody) -> EmbedRequest:
    """Raises InvalidRequest."""
    return EmbedRequest(
        model=model_name(body),
        inputs=_inputs(body.input),
        truncate=body.truncate,
        dimensions=body.dimensions,
        options=merged_options(body),
        keep_alive_s=keep_alive(body.keep_alive),
    )


def _inputs(value: Any) -> tuple[str, ...]:
    match value:
        case None | "":
            return ()
        case str():
            return (value,)
        case list() if all(isinstance(item, str) for item in value):
            return tuple(value)
    raise InvalidRequest("invalid input type", param="input")


def embeddings_request(body: EmbeddingsBody) -> EmbedRequest:
    """The old form: one text, raw values. Raises InvalidRequest."""
    return EmbedRequest(
        model=model_name(body),
        inputs=(body.prompt,) if body.prompt else (),
        normalize=False,
        options=merged_options(body),
        keep_alive_s=keep_alive(body.keep_alive),
    )


def tokenize_request(body: TokenizeBody) -> TokenizeRequest:
    """Raises InvalidRequest without a text."""
    text = body.content if body.text is None else body.text
    if text is None:
        raise InvalidRequest("text is required", param="text")
    return TokenizeRequest(
        model=model_name(body),
        text=text,
        bos=body.add_special,
        special=body.parse_special,
        options=merged_options(body),
        keep_alive_s=keep_alive(body.keep_alive),
    )


def detokenize_request(body: DetokenizeBody) -> DetokenizeRequest:
    """Raises InvalidRequest."""
    return DetokenizeRequest(
        model=model_name(body),
        tokens=tuple(body.tokens),
        options=merged_options(body),
        keep_alive_s=keep_alive(body.keep_alive),
    )


def create_request(body: CreateBody) -> CreateRequest:
    """Raises InvalidRequest."""
    if body.remote_host:
        raise Unsupported("remote models are not supported", param="remote_host")
    return CreateRequest(
        model=model_name(body),
        base=body.base or None,
        files=body.files or {},
        adapters=body.adapters or {},
        adapter_scales=body.adapter_scales or {},
        drafts=body.draft_files or {},
        template=body.template,
        system=body.system,
        licenses=_licenses(body.license),
        parameters=body.parameters or {},
        messages=tuple(message(m) for m in body.messages or ()),
        quantize=body.quantize or body.quantization or None,
        importance=body.imatrix or None,
        requires=body.requires or None,
        dialect=body.parser or None,
    )


def _licenses(value: str | list[str] | None) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value or []
    return tuple(text for text in texts if text)


# --- messages and tools -----------------------------------------------------------------------------------------


def message(body: MessageBody) -> Message:
    """Raises InvalidRequest for an image that is not base64."""
    return Message(
        role=body.role.lower(),
        content=body.content or "",
        thinking=body.thinking or "",
        images=_images(body.images),
        tool_calls=tuple(_tool_call(call, index) for index, call in enumerate(body.tool_calls or ())),
        tool_name=body.tool_name,
        tool_call_id=body.tool_call_id,
    )


def _tool_call(body: ToolCallBody, index: int) -> ToolCall:
    function = body.function
    return ToolCall(id=body.id or "", name=function.name, arguments=function.arguments or {}, index=index)


def tool(spec: dict[str, Any]) -> Tool:
    """Raises InvalidRequest when the function has no name."""
    function = spec.get("function")
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or not name:
        raise InvalidRequest(
            'each tool must have the form {"type": "function", "function": {"name": …}}', param="tools"
        )
    return Tool(name=name, spec=spec)


def _images(texts: list[str] | None) -> tuple[bytes, ...]:
    return tuple(_base64_bytes(text) for text in texts or ())


def _base64_bytes(text: str) -> bytes:
    plain = text.replace("\n", "").replace("\r", "")
    match = _BASE64.match(plain)
    length = match.end() if match else 0
    if length < len(plain) or length % 4:
        raise InvalidRequest(f"illegal base64 data at input byte {length}", param="images")
    return base64.b64decode(plain)


def merged_options(body: WithOptions) -> Options:
    """Raises InvalidRequest for a value of the wrong type; unknown names and nulls are ignored."""
    return options({**(body.parameters or {}), **(body.options or {})})
