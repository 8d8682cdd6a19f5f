"""chat, complete, embed, load, unload, loaded: the seam that every protocol calls."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from omm.config import Settings, runner_env
from omm.engine.messages import Command, Detokenize, Embed, Reply, Text, Tokenize, Tokens, Vectors
from omm.engine.pool import Lease, Pool, PoolLimits, Ticket
from omm.engine.residents import Entry
from omm.engine.runner import ChildProcess, Runner
from omm.errors import Cancelled, EngineFailed, InvalidRequest, NotFound, OmmError, Unsupported
from omm.service import adapters, configured, loading, prompts
from omm.service.generation import Generation
from omm.service.library import Library
from omm.types import (
    ChatRequest,
    CompleteRequest,
    DetokenizeRequest,
    Embeddings,
    EmbedRequest,
    LoadCounts,
    LoadedModel,
    LoadWishes,
    ModelRecord,
    Options,
    Ranking,
    RerankRequest,
    TokenizeRequest,
)

AnyRequest = TypeVar("AnyRequest", bound=ChatRequest | CompleteRequest)
IsGone = Callable[[], bool]

_WAIT_S = 1.0  # between looks at whether a client still waits for its model
_TOKENIZE_TIMEOUT_S = 60.0


class Inference:
    """Models at work. Thread-safe; close to unload everything."""

    def __init__(self, library: Library, settings: Settings, start: Callable[[], Runner] | None = None) -> None:
        self._library = library
        self._settings = settings
        limits = PoolLimits(
            max_loaded=settings.max_loaded_models,
            max_waiting=settings.max_queue,
            load_timeout_s=settings.load_timeout,
            keep_alive_s=settings.keep_alive,
        )
        self._pool = Pool(start or _start_child, limits)
        self._records: dict[str, ModelRecord] = {}  # the record each loaded model was asked for by

    def chat(self, request: ChatRequest) -> Generation:
        """Answer a conversation.

        Raises:
            NotFound, Unsupported, InvalidRequest, Busy; what shows later comes as a Failed event.
        """
        return self._generate(request)

    def complete(self, request: CompleteRequest) -> Generation:
        """Continue a prompt. Raises as `chat`."""
        return self._generate(request)

    def _generate(self, request: ChatRequest | CompleteRequest) -> Generation:
        request, record = self._checked(prompts.loosened(request))
        options = loading.merge_options(request.options, record)
        scales = adapters.scales(record, request.adapters)
        ticket = self._queue(record, options, request.keep_alive_s, request.wishes)
        return Generation(ticket, request, record, options, scales)

    def render(self, request: ChatRequest | CompleteRequest) -> str:
        """The prompt a request would send. Loads the model, whose vocabulary names the special tokens."""
        request, record = self._checked(request)
        lease = self._wait(self._queue(record, loading.merge_options(request.options, record), request.keep_alive_s))
        try:
            return prompts.build(request, record, lease.loaded).text
        finally:
            lease.close()

    def embed(self, request: EmbedRequest, is_gone: IsGone = lambda: False) -> Embeddings:
        """Vectors for texts; raises when any fails, and Cancelled once `is_gone` tells that nobody waits."""
        started = time.monotonic_ns()
        record = self._find(request.model)
        if request.dimensions is not None and request.dimensions < 0:
            raise InvalidRequest("dimensions must not be negative", param="dimensions")
        ticket = self._queue(record, loading.merge_options(request.options, record), request.keep_alive_s)
        lease = self._wait(ticket, is_gone)
        try:
            if not request.inputs:
                return Embeddings(vectors=(), load_ns=lease.load_ns, total_ns=time.monotonic_ns() - started)
            embed = functools.partial(Embed, inputs=request.inputs, scales=adapters.scales(record, None))
            is_cut = request.truncate is not False
            reply = lease.runner.call(lambda i: embed(id=i, truncate=is_cut), is_gone=is_gone)
        finally:
            lease.close()
        vectors = expect(reply, Vectors)
        return Embeddings(
            vectors=tuple(_vector(row, request) for row in vectors.rows),
            prompt_tokens=vectors.num_tokens,
            load_ns=lease.load_ns,
            total_ns=time.monotonic_ns() - started,
        )

    def rerank(self, request: RerankRequest, is_gone: IsGone = lambda: False) -> Ranking:
        """Scores for documents; raises Unsupported for a model that is no reranker, and Cancelled as `embed`."""
        record = self._find(request.model)
        if not _is_reranker(record):
            raise Unsupported(f'"{request.model}" does not support reranking', param="model")
        ticket = self._queue(record, loading.merge_options(request.options, record), request.keep_alive_s)
        lease = self._wait(ticket, is_gone)
        try:
            scales = adapters.scales(record, None)
            embed = functools.partial(Embed, inputs=request.documents, query=request.query, scales=scales)
            is_cut = request.truncate is not False
            reply = expect(lease.runner.call(lambda i: embed(id=i, truncate=is_cut), is_gone=is_gone), Vectors)
        finally:
            lease.close()
        return Ranking(scores=tuple(_score(row, record) for row in reply.rows), prompt_tokens=reply.num_tokens)

    def tokenize(self, request: TokenizeRequest) -> tuple[int, ...]:
        """A text as token ids."""
        reply = self._call(
            request, lambda i: Tokenize(id=i, text=request.text, special=request.special, bos=request.bos)
        )
        return expect(reply, Tokens).ids

    def detokenize(self, request: DetokenizeRequest) -> str:
        """Token ids as text. Raises InvalidRequest for an id that the vocabulary does not have."""
        return expect(self._call(request, lambda i: Detokenize(id=i, ids=request.tokens)), Text).text

    def _call(self, request: TokenizeRequest | DetokenizeRequest, command: Callable[[int], Command]) -> Reply:
        record = self._find(request.model)
        lease = self._wait(self._queue(record, loading.merge_options(request.options, record), request.keep_alive_s))
        try:
            return lease.runner.call(command, _TOKENIZE_TIMEOUT_S)
        finally:
            lease.close()

    def count_tokens(self, request: ChatRequest) -> int:
        """How many tokens the prompt of a conversation has."""
        request, record = self._checked(request)
        lease = self._wait(self._queue(record, loading.merge_options(request.options, record), request.keep_alive_s))
        try:
            prompt = prompts.build(request, record, lease.loaded)
            command = functools.partial(Tokenize, text=prompt.text, cuts=prompt.cuts)
            return len(expect(lease.runner.call(lambda i: command(id=i), _TOKENIZE_TIMEOUT_S), Tokens).ids)
        finally:
            lease.close()

    def load(self, model: str, options: Options, keep_alive_s: float | None) -> None:
        """Load a model and keep it alive without asking it anything."""
        record = self._find(model)
        ticket = self._queue(record, loading.merge_options(options, record), keep_alive_s)
        prompts.warm(record)
        self._wait(ticket).close()

    def unload(self, model: str) -> None:
        """Unload a model once its requests are done; nothing happens when it is not loaded."""
        self._pool.unload(_key(self._find(model)))

    def loaded(self) -> list[LoadedModel]:
        """The models in memory, longest to live first."""
        rows = [self._describe(entry) for entry in self._pool.entries()]
        return sorted(rows, key=lambda row: (row.expires_ns is not None, -(row.expires_ns or 0)))

    def load_counts(self) -> LoadCounts:
        """What happened to models so far."""
        return self._pool.counts()

    @property
    def is_closing(self) -> bool:
        """Whether requests are refused because the server stops."""
        return self._pool.is_closing

    def close(self) -> None:
        """Unload everything; running requests fail."""
        self._pool.close()

    def _find(self, model: str) -> ModelRecord:
        try:
            return configured.applied(self._library.find(model), self._settings)
        except NotFound:
            raise prompts.not_found(self._library.target(model)) from None

    def _checked(self, request: AnyRequest) -> tuple[AnyRequest, ModelRecord]:
        """The request as its model takes it. Raises NotFound, Unsupported, InvalidRequest."""
        record = self._find(request.model)
        prompts.check(request, record)
        return configured.filled(request, record), record

    def _queue(
        self,
        record: ModelRecord,
        options: Options,
        keep_alive_s: float | None,
        wishes: LoadWishes = LoadWishes(),
    ) -> Ticket:
        key = _key(record)
        spec = loading.load_spec(record, options, self._settings, wishes)
        self._records[key] = record
        keep_alive_s = record.defaults.keep_alive_s if keep_alive_s is None else keep_alive_s
        return self._pool.request(key, record.name, spec, keep_alive_s)

    def _wait(self, ticket: Ticket, is_gone: IsGone = lambda: False) -> Lease:
        """Wait for the model; bounded, because a load ends or times out and fails its ticket."""
        try:
            while (lease := ticket.wait(_WAIT_S)) is None:
                if is_gone():
                    raise Cancelled("the client left")
            return lease
        except OmmError:
            ticket.close()
            raise

    def _describe(self, entry: Entry) -> LoadedModel:
        record, loaded, runner = self._records[entry.key], entry.loaded, entry.runner
        assert loaded is not None
        return LoadedModel(
            name=record.name,
            digest=record.digest,
            details=record.details,
            size=loaded.size,
            size_vram=loaded.size_vram,
            context_length=loaded.num_ctx,
            expires_ns=_expiry(entry),
            num_parallel=loaded.num_parallel,
            num_active=min(entry.num_users, loaded.num_parallel),
            num_waiting=max(0, entry.num_users - loaded.num_parallel),
            tokens_per_second=runner.tokens_per_second if runner else 0.0,
        )


AnyReply = TypeVar("AnyReply", bound=Reply)


def expect(reply: Reply, kind: type[AnyReply]) -> AnyReply:
    """The reply, if it is of this kind. Raises EngineFailed otherwise."""
    if not isinstance(reply, kind):
        raise EngineFailed(f"unexpected reply {type(reply).__name__}")
    return reply


def _start_child() -> Runner:
    env = runner_env()
    return Runner(lambda on_replies, on_exit: ChildProcess(env, on_replies, on_exit))


def _key(record: ModelRecord) -> str:
    """Names with the same weights share a runner."""
    return "\n".join((record.weights, *(adapter.path for adapter in record.adapters)))


def _expiry(entry: Entry) -> int | None:
    if entry.is_leaving:
        return time.time_ns()
    if entry.keep_alive_s < 0:
        return None
    since = 0.0 if entry.num_users else time.monotonic() - entry.last_used
    return time.time_ns() + int((entry.keep_alive_s - since) * 1e9)


_POOLING_RANK = 4
_SOFTMAXED = frozenset({"qwen3", "qwen3vl"})  # llama.cpp computes probabilities of these, the first that of "yes"


def _is_reranker(record: ModelRecord) -> bool:
    return record.metadata.get(f"{_architecture(record)}.pooling_type") == _POOLING_RANK


def _architecture(record: ModelRecord) -> str:
    return str(record.metadata.get("general.architecture"))


def _score(row: bytes, record: ModelRecord) -> float:
    """A probability: what most rerankers compute is the log of the odds."""
    value = float(np.frombuffer(row, "<f4")[0])
    if not math.isfinite(value):
        raise EngineFailed("score is NaN or Inf")
    if _architecture(record) in _SOFTMAXED:
        return value
    return 1 / (1 + math.exp(-max(-_MAX_ODDS, value)))


_MAX_ODDS = 700.0  # beyond which exp overflows


def _vector(row: bytes, request: EmbedRequest) -> tuple[float, ...]:
    values: npt.NDArray[np.float32] = np.frombuffer(row, "<f4")
    if not np.isfinite(values).all():
        raise EngineFailed("embedding contains NaN or Inf values")
    if request.dimensions:
        values = values[: request.dimensions]
    if request.normalize:
        norm = float(np.linalg.norm(values))
        values = values / norm if norm else values
    return tuple(values.tolist())
