"""Ollama's shapes → internal requests. Knows the wire, not the engine; ranges of options are checked there."""

from __future__ import annotations

import base64
import math
import re
import types
import typing
from collections.abc import Callable
from typing import Any

import msgspec

from omm import units
from omm.api.ollama.schema import (
    ChatBody,
    CreateBody,
    EmbedBody,
    EmbeddingsBody,
    GenerateBody,
    InferenceBody,
    MessageBody,
    Named,
    ToolCallBody,
    WithOptions,
)
from omm.errors import InvalidRequest, Unsupported
from omm.types import (
    ChatRequest,
    CompleteRequest,
    CreateRequest,
    EmbedRequest,
    JSONSchema,
    Message,
    Options,
    Think,
    Tool,
    ToolCall,
)

MAX_TOP_LOGPROBS = 20
THINK_LEVELS = frozenset({"low", "medium", "high", "max"})
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
        "think": think(body.think),
        "keep_alive_s": keep_alive(body.keep_alive),
        "truncate": body.truncate,
        "shift": body.shift,
        "logprobs": bool(body.logprobs),
        "top_logprobs": top_logprobs,
    }


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


def create_request(body: CreateBody) -> CreateRequest:
    """Raises InvalidRequest."""
    if body.remote_host:
        raise Unsupported("remote models are not supported", param="remote_host")
    return CreateRequest(
        model=model_name(body),
        base=body.base or None,
        files=body.files or {},
        adapters=body.adapters or {},
        template=body.template,
        system=body.system,
        licenses=_licenses(body.license),
        parameters=body.parameters or {},
        messages=tuple(message(m) for m in body.messages or ()),
        quantize=body.quantize or body.quantization or None,
        requires=body.requires or None,
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


# --- think, format, keep_alive ----------------------------------------------------------------------------------


def think(value: Any) -> Think | None:
    """Raises InvalidRequest for anything but a boolean or a level."""
    allowed = '"high", "medium", "low", "max", true, or false'
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise InvalidRequest(f"think must be a boolean or string ({allowed})", param="think")
    if value in THINK_LEVELS:
        return typing.cast(Think, value)
    raise InvalidRequest(f'invalid think value: "{value}" (must be {allowed})', param="think")


def output_format(value: Any) -> str | JSONSchema | None:
    """Raises InvalidRequest for anything but "json" or an object."""
    if value is None or value == "":
        return None
    if value == "json" or isinstance(value, dict):
        return typing.cast("str | JSONSchema", value)
    shown = msgspec.json.encode(value).decode()
    raise InvalidRequest(f'invalid format: {shown}; expected "json" or a valid JSON Schema object', param="format")


_GO_TYPES: dict[type, str] = {bool: "bool", list: "[]interface {}", dict: "map[string]interface {}"}


def keep_alive(value: Any) -> float | None:
    """Seconds, negative for ever. Numbers are seconds; texts are Go durations. Raises InvalidRequest."""
    if value is None:
        return None
    if type(value) in _GO_TYPES:
        raise InvalidRequest(f"Unsupported type: '{_GO_TYPES[type(value)]}'", param="keep_alive")
    try:
        return units.bounded(units.parse_duration(value) if isinstance(value, str) else float(value))
    except (ValueError, OverflowError) as exc:
        raise InvalidRequest(str(exc), param="keep_alive") from exc


# --- options ----------------------------------------------------------------------------------------------------


class _WrongType(Exception):
    """The value is not of the option's type, which is named in Ollama's words."""


def merged_options(body: WithOptions) -> Options:
    """Raises InvalidRequest for a value of the wrong type; unknown names and nulls are ignored."""
    return options({**(body.parameters or {}), **(body.options or {})})


def options(values: dict[str, Any]) -> Options:
    """Raises InvalidRequest for a value of the wrong type; unknown names and nulls are ignored."""
    typed: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name not in READERS:
            continue
        try:
            typed[name] = READERS[name](value)
        except _WrongType as exc:
            raise InvalidRequest(f'option "{name}" must be {exc}', param=f"options.{name}") from exc
    return Options(**typed)


def _read_int(value: Any) -> int:
    if isinstance(value, float) and math.isfinite(value):
        return int(value)  # WIRE: clients send 4096.0; Ollama cuts fractions
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongType("of type integer")
    return value


def _read_float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongType("of type float32")
    try:
        return float(value)
    except OverflowError as exc:
        raise _WrongType("of type float32") from exc


def _read_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongType("of type boolean")
    return value


def _read_texts(value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _WrongType("of an array of strings")
    return tuple(texts)


def _read_biases(value: Any) -> dict[int, float]:
    if not isinstance(value, dict) or not all(re.fullmatch(r"-?[0-9]{1,10}", key) for key in value):
        raise _WrongType("an object of token ids and numbers")
    return {int(token): _read_float(bias) for token, bias in value.items()}


def _reader(annotation: Any) -> Callable[[Any], Any]:
    (kind,) = (arg for arg in typing.get_args(annotation) if arg is not types.NoneType)
    plain = {int: _read_int, float: _read_float, bool: _read_bool}
    return plain.get(kind) or (_read_texts if typing.get_origin(kind) is tuple else _read_biases)


READERS = {name: _reader(annotation) for name, annotation in typing.get_type_hints(Options).items()}
