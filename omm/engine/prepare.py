"""Commands → what the worker thread has to do: texts tokenized, checked and cut to what fits. Any thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from omm.engine.host import Host
from omm.engine.messages import Embed, Generate
from omm.engine.sequence import Sequence
from omm.errors import ContextExceeded, InvalidRequest

MAX_CONTEXTS = 10  # contexts' worth of output that a request without a limit may take


@dataclass(slots=True)
class EmbedJob:
    """Inputs still to embed and the vectors so far."""

    id: int
    inputs: deque[list[int]]
    rows: list[bytes]
    num_tokens: int
    scales: tuple[float, ...]


def generation(host: Host, command: Generate) -> Sequence:
    """A sequence for a request; takes as long as compiling its grammar does.

    Raises:
        ContextExceeded, InvalidRequest.
    """
    vocabulary, num_ctx = host.vocabulary, host.num_ctx
    vocabulary.check(command.prefix, "context")
    vocabulary.check(command.sampling.logit_bias, "logit_bias")
    tokens = [*command.prefix, *vocabulary.tokenize(command.prompt, command.cuts, bos=not command.prefix)]
    num_predict = command.limits.num_predict
    tokens = _fit(tokens, num_ctx, command)
    # NOTE: "no limit" has one, because with a shifting context nothing else would end a model that never stops.
    max_output = num_predict if num_predict >= 0 else MAX_CONTEXTS * num_ctx
    return Sequence(command, tokens, max_output, host.guide(command))


def num_kept(num_keep: int, num_prompt: int) -> int:
    """How many tokens stay at the beginning of a context that is cut."""
    return num_prompt if num_keep < 0 else num_keep


def _fit(tokens: list[int], num_ctx: int, command: Generate) -> list[int]:
    """The prompt if it fits with room for one token; cut in the middle when the request asks for that.

    Raises:
        ContextExceeded: it does not fit.
        InvalidRequest: there is nothing to compute.
    """
    if not tokens:
        raise InvalidRequest("the prompt is empty", param="prompt")
    if len(tokens) < num_ctx:
        return tokens
    if not command.truncate:
        raise ContextExceeded(
            # WIRE: Claude Code shortens its conversation when it finds this beginning.
            f"prompt is too long: {len(tokens)} tokens > {num_ctx} maximum; shorten it or set a larger num_ctx"
        )
    keep = min(num_kept(command.limits.num_keep, num_ctx), num_ctx // 2)
    total = num_ctx - max(1, (num_ctx - keep) // 2)
    return tokens[:keep] + tokens[len(tokens) - (total - keep) :]


def embedding(host: Host, command: Embed) -> EmbedJob:
    """The tokens of an embedding or reranking request.

    Raises:
        ContextExceeded, InvalidRequest, Unsupported.
    """
    limit = host.num_embed_ctx
    if command.query is not None:
        pairs = host.pairs()
        scored = (pairs.tokens(command.query, text, limit, truncate=command.truncate) for text in command.inputs)
        return _embed_job(command, scored)
    host.check_embeds()
    return _embed_job(command, (_embed_input(host, text, truncate=command.truncate) for text in command.inputs))


def _embed_input(host: Host, text: str, *, truncate: bool) -> list[int]:
    tokens, limit = host.vocabulary.tokenize(text, special=False), host.num_embed_ctx
    if not tokens:
        raise InvalidRequest("an empty text has no embedding with this model", param="input")
    if len(tokens) <= limit:
        return tokens
    if not truncate:
        raise ContextExceeded(f"the input length exceeds the context length: {len(tokens)} tokens, {limit} fit")
    return host.cut_embedding_input(tokens, limit)


def _embed_job(command: Embed, inputs: Iterable[list[int]]) -> EmbedJob:
    waiting = deque(inputs)
    return EmbedJob(command.id, waiting, [], sum(map(len, waiting)), command.scales)
