"""What each route takes and answers, for the OpenAPI document: the shapes that its resource reads and sends."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from omm.api import housekeeping
from omm.api.anthropic import schema as anthropic
from omm.api.native import Health, Readiness
from omm.api.ollama import schema as ollama
from omm.api.ollm import schema as ollm
from omm.api.openai import media, models, rerank
from omm.api.openai import schema as openai
from omm.api.openai.responses import events
from omm.api.openai.responses import schema as responses
from omm.api.wire import JSON_TYPE, NDJSON_TYPE, SSE_TYPE

JSON = JSON_TYPE.partition(";")[0]
SSE = SSE_TYPE.partition(";")[0]
TEXT = "text/plain"
HTML = "text/html"
FORM = "multipart/form-data"
BYTES = "application/octet-stream"

MODEL = "tiny"
HELLO = [{"role": "user", "content": "Hello!"}]
PULLED = {"model": MODEL}
TEXTS = {"model": MODEL, "input": ["one", "two"]}
RUNTIME = {"runtime": {"model_reference": MODEL}}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Query:
    """A parameter after the question mark."""

    name: str
    kind: str
    about: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one route.

    `about` says what it does, in its first sentence, and then what else is to be known.
    `request` and `reply` are types that msgspec describes, None for no body; `events` are those of the events or lines
    that may come in the reply's place, of the media type `stream`. `anthropic` is the reply to who sends the header
    `anthropic-version`. `examples` are requests, by what they show.
    """

    about: str = dataclasses.field(kw_only=False)
    request: Any = None
    request_media: str = JSON
    reply: Any = None
    media: str = JSON
    anthropic: Any = None
    events: tuple[Any, ...] = ()
    stream: str = ""
    statuses: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = ()
    query: tuple[Query, ...] = ()
    examples: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def _lines(about: str, request: Any, chunk: Any, **examples: Any) -> Operation:
    """A request that Ollama's API answers with lines, or with the last of them."""
    return Operation(about, request=request, reply=chunk, events=(chunk,), stream=NDJSON_TYPE, examples=examples)


def _events(about: str, request: Any, reply: Any, kinds: tuple[Any, ...], **examples: Any) -> Operation:
    """A request that is answered with one object, or with server-sent events."""
    return Operation(about, request=request, reply=reply, events=kinds, stream=SSE, examples=examples)


def _simple(about: str, request: Any, reply: Any = None, **examples: Any) -> Operation:
    return Operation(about, request=request, reply=reply, examples=examples)


def _leaves(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """The shapes made of a base, without those that are bases themselves."""
    for kind in base.__subclasses__():
        yield from _leaves(kind) if kind.__subclasses__() else (kind,)


class TranscriptionForm(msgspec.Struct, kw_only=True):
    """POST /v1/audio/transcriptions."""

    file: bytes
    model: str


class OpenAIErrorDetail(msgspec.Struct):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(msgspec.Struct):
    """What went wrong, in OpenAI's shape."""

    error: OpenAIErrorDetail


class AnthropicErrorDetail(msgspec.Struct):
    """What went wrong."""

    type: str
    message: str


class AnthropicError(msgspec.Struct):
    """What went wrong, in Anthropic's shape."""

    type: str
    error: AnthropicErrorDetail
    request_id: str


# By the names of `errors.protocol_of`.
ERRORS: dict[str, Any] = {
    "ollama": ollama.ErrorReply,
    "openai": OpenAIError,
    "anthropic": AnthropicError,
    "native": ollm.DetailReply,
}

_DELETE = _simple("Remove a model. From memory too, as soon as nobody uses it.", ollama.Named, model=PULLED)
_RERANK = _simple(
    "Sort documents by how well they answer a query. The model must be a reranker.",
    rerank.RerankBody,
    rerank.RerankReply | list[rerank.ScoreReply],
    documents={"model": MODEL, "query": "What is a cat?", "documents": ["An animal.", "A fruit."]},
)
_MESSAGES = _events(
    "Answer a conversation. As one object, or as events when asked to stream.",
    anthropic.MessagesBody,
    anthropic.MessageReply,
    (anthropic.StreamEvent,),
    plain={"model": MODEL, "max_tokens": 64, "messages": HELLO},
    stream={"model": MODEL, "max_tokens": 64, "messages": HELLO, "stream": True},
)
_COUNT = _simple(
    "How many tokens a conversation has. Nothing is generated.",
    anthropic.CountBody,
    anthropic.CountReply,
    plain={"model": MODEL, "messages": HELLO},
)
_ASK = {"prompt": "Why is the sky blue?"}
_NATIVE = (ollm.StatusEvent, ollm.TextEvent, ollm.PromptReply, ollm.DetailReply)
_NO_STORE = (501,)

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/health"): Operation("Whether the server answers, and what its models do", reply=Health),
    ("GET", "/health/ready"): Operation(
        "Whether new requests are taken. 503 while the server stops, or when it cannot read its models.",
        reply=Readiness,
    ),
    ("GET", "/metrics"): Operation(
        "Figures for Prometheus. As OpenMetrics for a client that asks for it.", reply=str, media=TEXT
    ),
    ("GET", "/openapi.json"): Operation("This document: every route with its shapes", reply=dict[str, Any]),
    ("GET", "/docs"): Operation("The routes in Swagger UI, to read and to try", reply=str, media=HTML),
    ("GET", "/redoc"): Operation("The routes in Redoc, to read", reply=str, media=HTML),
    # Ollama
    ("GET", "/"): Operation("A line of text, by which clients know the server", reply=str, media=TEXT),
    ("GET", "/api/version"): Operation("The version of Ollama's API, and of omm", reply=ollama.VersionReply),
    ("GET", "/api/status"): Operation("Whether cloud models are used: never", reply=dict[str, Any]),
    ("POST", "/api/generate"): _lines(
        "Continue or answer a prompt. Streams unless told not to. An empty prompt only loads the model, or unloads it.",
        ollama.GenerateBody,
        ollama.GenerateChunk,
        plain={"model": MODEL, "prompt": "Hello", "stream": False},
        options={"model": MODEL, "prompt": "Hello", "options": {"temperature": 0, "num_predict": 32}},
    ),
    ("POST", "/api/chat"): _lines(
        "Answer a conversation. Streams unless told not to. Without messages it only loads the model, or unloads it.",
        ollama.ChatBody,
        ollama.ChatChunk,
        plain={"model": MODEL, "messages": HELLO, "stream": False},
        tools={"model": MODEL, "messages": HELLO, "tools": [WEATHER]},
    ),
    ("POST", "/api/embed"): _simple(
        "The vectors of one text or of several, normalized. Without a text it only loads the model.",
        ollama.EmbedBody,
        ollama.EmbedReply,
        texts=TEXTS,
    ),
    ("POST", "/api/embeddings"): _simple(
        "The vector of one text, not normalized. Without a text it only loads the model.",
        ollama.EmbeddingsBody,
        ollama.EmbeddingsReply,
        text={"model": MODEL, "prompt": "one"},
    ),
    ("POST", "/api/tokenize"): _simple(
        "The tokens of a text", ollama.TokenizeBody, dict[str, Any], text={"model": MODEL, "text": "one two"}
    ),
    ("POST", "/api/detokenize"): _simple(
        "The text of tokens", ollama.DetokenizeBody, dict[str, Any], ids={"model": MODEL, "tokens": [40]}
    ),
    ("GET", "/api/ps"): Operation("The models in memory", reply=ollama.PsReply),
    ("GET", "/api/tags"): Operation("The models on disk, newest first", reply=ollama.TagsReply),
    ("GET", "/api/list"): Operation("The same as /api/tags", reply=ollama.TagsReply),
    ("POST", "/api/show"): _simple("All that is known of a model", ollama.ShowBody, ollama.ShowReply, model=PULLED),
    ("POST", "/api/pull"): _lines(
        "Fetch a model. Streams its progress unless told not to. A client that leaves cancels it.",
        ollama.PullBody,
        ollama.ProgressReply,
        model=PULLED,
    ),
    ("POST", "/api/push"): _lines(
        "Bring a model to a registry. Streams its progress unless told not to. A client that leaves cancels it.",
        ollama.PushBody,
        ollama.ProgressReply,
        model={"model": "registry.example/me/tiny"},
    ),
    ("POST", "/api/create"): _lines(
        "Make a model of another one, or of uploaded files. Streams its progress unless told not to.",
        ollama.CreateBody,
        ollama.ProgressReply,
        derived={"model": "mario", "from": MODEL, "system": "You are Mario."},
    ),
    ("POST", "/api/copy"): _simple(
        "Give a model a second name", ollama.CopyBody, copy={"source": MODEL, "destination": "backup"}
    ),
    ("DELETE", "/api/delete"): _DELETE,
    ("POST", "/api/delete"): _DELETE,
    ("POST", "/api/prune"): _lines(
        "Remove files that no model uses", housekeeping.PruneBody, ollama.ProgressReply, look={"dry_run": True}
    ),
    ("POST", "/api/verify"): _lines(
        "Compare the files of one model, or of all, with their digests",
        housekeeping.VerifyBody,
        ollama.ProgressReply,
        model=PULLED,
        all={},
    ),
    ("GET", "/api/export"): Operation(
        "A model with all its files as one tar",
        media=housekeeping.TAR_TYPE,
        reply=bytes,
        query=(Query(name="model", kind="string", about="Name of the model"),),
    ),
    ("POST", "/api/import"): _simple(
        "Make a model of a manifest, whose files have been uploaded",
        housekeeping.ImportBody,
        dict[str, Any],
        manifest={"model": MODEL, "manifest": '{"schemaVersion": 2, …}'},
    ),
    ("HEAD", "/api/blobs/{digest}"): Operation("Whether a file is there"),
    ("POST", "/api/blobs/{digest}"): Operation(
        "Upload a file. 201 when it is new, 200 when it was there.",
        request=bytes,
        request_media=BYTES,
        statuses=(200, 201),
    ),
    # OpenAI
    ("POST", "/v1/chat/completions"): _events(
        "Answer a conversation. Once or several times; as one object, or as events when asked to stream.",
        openai.ChatBody,
        openai.ChatReply,
        (openai.ChatChunk,),
        plain={"model": MODEL, "messages": HELLO},
        stream={"model": MODEL, "messages": HELLO, "stream": True},
        tools={"model": MODEL, "messages": HELLO, "tools": [WEATHER], "tool_choice": "required"},
    ),
    ("POST", "/v1/completions"): _events(
        "Continue a prompt, or several. As one object, or as events when asked to stream.",
        openai.CompletionBody,
        openai.CompletionReply,
        (openai.CompletionReply,),
        plain={"model": MODEL, "prompt": "Once upon a time", "max_tokens": 32},
    ),
    ("POST", "/v1/embeddings"): _simple(
        "The vectors of one text or of several, normalized",
        openai.EmbeddingsBody,
        openai.EmbeddingsReply,
        texts=TEXTS,
    ),
    ("GET", "/v1/models"): Operation(
        "The models on disk, and their aliases. For who sends the header anthropic-version the same as "
        "/anthropic/v1/models.",
        reply=models.ModelsReply,
        anthropic=anthropic.ModelsReply,
    ),
    ("GET", "/v1/models/{name}"): Operation(
        "One model. For who sends the header anthropic-version the same as /anthropic/v1/models/{name}.",
        reply=models.ModelReply,
        anthropic=anthropic.ModelReply,
    ),
    ("DELETE", "/v1/models/{name}"): Operation(
        "Remove a model. From memory too, as soon as nobody uses it.", reply=models.DeletedReply
    ),
    ("POST", "/v1/images/generations"): _simple(
        "Always an error that says why: no model here makes pictures",
        media.ImagesBody,
        dict[str, Any],
        image={"model": MODEL, "prompt": "A cat", "size": "1024x1024"},
    ),
    ("POST", "/v1/audio/transcriptions"): Operation(
        "Always an error that says why: no model here writes down speech",
        request=TranscriptionForm,
        request_media=FORM,
        reply=dict[str, Any],
    ),
    ("POST", "/v1/rerank"): _RERANK,
    ("POST", "/api/rerank"): _RERANK,
    ("POST", "/v1/responses"): _events(
        "Answer a conversation. As one object, or as events when asked to stream. Kept if the server has a store.",
        responses.ResponsesBody,
        responses.ResponseReply,
        tuple(_leaves(events.StreamEvent)),
        plain={"model": MODEL, "input": "Hello!"},
        stream={"model": MODEL, "input": "Hello!", "stream": True},
    ),
    ("POST", "/v1/responses/input_tokens"): _simple(
        "How many tokens the prompt of a response would have",
        responses.ResponsesBody,
        responses.InputTokensReply,
        plain={"model": MODEL, "input": "Hello!"},
    ),
    ("GET", "/v1/responses/{response_id}"): Operation(
        "A response that was kept", reply=responses.ResponseReply, errors=_NO_STORE
    ),
    ("DELETE", "/v1/responses/{response_id}"): Operation(
        "Forget a response. Those that went on from it keep the conversation.",
        reply=responses.DeletedReply,
        errors=_NO_STORE,
    ),
    ("GET", "/v1/responses/{response_id}/input_items"): Operation(
        "The conversation that a response answers, a page at a time. The newest first unless asked for otherwise.",
        reply=responses.ItemsReply,
        errors=_NO_STORE,
        query=(
            Query(name="order", kind="string", about="asc or desc"),
            Query(name="limit", kind="integer", about="Items a page"),
            Query(name="after", kind="string", about="Id of the item before the page"),
        ),
    ),
    ("POST", "/v1/responses/{response_id}/cancel"): Operation(
        "Always an error: no response is made in the background", reply=responses.ResponseReply, errors=_NO_STORE
    ),
    # Anthropic
    ("POST", "/v1/messages"): _MESSAGES,
    ("POST", "/anthropic/v1/messages"): _MESSAGES,
    ("POST", "/v1/messages/count_tokens"): _COUNT,
    ("POST", "/anthropic/v1/messages/count_tokens"): _COUNT,
    ("GET", "/anthropic/v1/models"): Operation(
        "The models on disk, newest first, a page at a time",
        reply=anthropic.ModelsReply,
        query=(
            Query(name="limit", kind="integer", about="Models a page"),
            Query(name="after_id", kind="string", about="Id of the model before the page"),
            Query(name="before_id", kind="string", about="Id of the model after the page"),
        ),
    ),
    ("GET", "/anthropic/v1/models/{name}"): Operation("One model", reply=anthropic.ModelReply),
    ("GET", "/api/hello"): Operation("Nothing, with status 200, for clients that ask whether there is a server"),
    ("GET", "/anthropic/api/hello"): Operation("The same as /api/hello"),
    ("GET", "/anthropic"): Operation("The same as /api/hello"),
    # native
    ("GET", "/v1/health"): Operation("Whether the server answers", reply=ollm.HealthReply),
    ("GET", "/v1/ollm/models"): Operation(
        "The models on disk with their plans, and those that come with omm",
        reply=ollm.ModelsReply,
        query=(
            Query(name="installed", kind="boolean", about="Leave out what comes with omm and is not installed"),
            Query(name="backend", kind="string", about="Name of the backend to plan for"),
            Query(name="no_specialization", kind="boolean", about="Plan without kernels made for the hardware"),
            Query(name="models_dir", kind="string", about="The server's own directory, if any"),
        ),
    ),
    ("GET", "/v1/ollm/models/{model_reference}"): Operation(
        "One model with its plan",
        reply=ollm.ModelInfo,
        query=(
            Query(name="backend", kind="string", about="Name of the backend to plan for"),
            Query(name="multimodal", kind="boolean", about="Whether pictures or sound shall be taken"),
            Query(name="no_specialization", kind="boolean", about="Plan without kernels made for the hardware"),
            Query(name="models_dir", kind="string", about="The server's own directory, if any"),
        ),
    ),
    ("POST", "/v1/plan"): _simple(
        "How a model would run, and in which memory. Loads nothing.", ollm.PlanBody, ollm.PlanReply, plain=RUNTIME
    ),
    ("POST", "/v1/prompt"): _simple("Answer a prompt", ollm.PromptBody, ollm.PromptReply, plain={**_ASK, **RUNTIME}),
    ("POST", "/v1/prompt/stream"): Operation(
        "Answer a prompt, as events",
        request=ollm.PromptBody,
        events=_NATIVE,
        stream=SSE,
        examples={"plain": {**_ASK, **RUNTIME}},
    ),
    ("POST", "/v1/sessions"): _simple(
        "Begin a conversation that the server keeps. Its model is loaded with the first prompt.",
        ollm.SessionBody,
        ollm.SessionReply,
        plain={"session_name": "first", **RUNTIME},
    ),
    ("GET", "/v1/sessions/{session_id}"): Operation("A conversation so far", reply=ollm.SessionReply),
    ("DELETE", "/v1/sessions/{session_id}"): Operation("Forget a conversation", reply=ollm.DeletedReply),
    ("POST", "/v1/sessions/{session_id}/prompt"): _simple(
        "The next turn of a conversation. Waits for those before it.",
        ollm.SessionPromptBody,
        ollm.PromptReply,
        plain=_ASK,
    ),
    ("POST", "/v1/sessions/{session_id}/prompt/stream"): Operation(
        "The next turn of a conversation, as events. Waits for those before it.",
        request=ollm.SessionPromptBody,
        events=_NATIVE,
        stream=SSE,
        examples={"plain": _ASK},
    ),
}
