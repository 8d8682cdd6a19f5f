"""POST /v1/embeddings."""

from __future__ import annotations

import base64
import struct

import falcon

from omm.api.openai import parse, streams
from omm.api.openai.lookup import find
from omm.api.openai.schema import EmbeddingReply, EmbeddingsBody, EmbeddingsReply, EmbeddingUsage
from omm.api.services import Services
from omm.api.wire import has_left, read_json, send_json
from omm.errors import InvalidRequest
from omm.types import DetokenizeRequest


class EmbeddingsResource:
    """POST /v1/embeddings: a vector per input, normalized."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """In the order of the inputs."""
        body = read_json(req, EmbeddingsBody)
        find(self._services.library, body.model)
        with streams.about("input"):
            texts = [self._text(body.model, prompt) for prompt in parse.embedding_inputs(body)]
            result = self._services.inference.embed(parse.embed_request(body, texts), has_left(req))
        _check_dimensions(body.dimensions, len(result.vectors[0]))
        shape = pack if body.encoding_format == "base64" else tuple
        rows = [EmbeddingReply(index=index, embedding=shape(vector)) for index, vector in enumerate(result.vectors)]
        usage = EmbeddingUsage(prompt_tokens=result.prompt_tokens, total_tokens=result.prompt_tokens)
        send_json(resp, EmbeddingsReply(data=rows, model=body.model, usage=usage))

    def _text(self, model: str, prompt: parse.Prompt) -> str:
        if isinstance(prompt, str):
            return prompt
        return self._services.inference.detokenize(DetokenizeRequest(model=model, tokens=prompt))


def _check_dimensions(wanted: int | None, actual: int) -> None:
    if wanted is not None and wanted > actual:
        raise InvalidRequest(f"the model's vectors have only {actual} dimensions", param="dimensions")


def pack(vector: tuple[float, ...]) -> str:
    """Base64 of float32, little-endian."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


ROUTES = (("/v1/embeddings", EmbeddingsResource),)
