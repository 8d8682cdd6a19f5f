"""POST /v1/completions. Thin: parse, call the service, render."""

from __future__ import annotations

import contextlib

import falcon
import msgspec

from omm.api.openai import legacy, parse, render, streams
from omm.api.openai.chat import send_chunks
from omm.api.openai.lookup import find
from omm.api.openai.schema import CompletionBody
from omm.api.services import InferenceService, Services
from omm.api.wire import read_json, send_json
from omm.service import configured
from omm.types import CompleteRequest, DetokenizeRequest, ModelRecord


class CompletionResource:
    """POST /v1/completions: prompts, each with one continuation or several."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """One JSON object, or server-sent events when asked for."""
        body = read_json(req, CompletionBody)
        record, model = find(self._services.library, body.model)
        told = configured.applied(record, self._services.settings)
        has_template = bool(told.template or told.chat_template)
        prompts = parse.complete_requests(body, model, has_template=has_template)
        with streams.about("prompt"):
            form = self._form(body, prompts)
        requests = [each for prompt in prompts for each in _candidates(prompt, form, told)]
        head = render.head("cmpl-", body.model, record)
        with streams.about("prompt", "response_format" if body.response_format else "format"):
            choices = streams.start(self._services.inference.complete, requests)
            events = streams.open_choices(req, choices, beat_s=streams.beat(is_stream=bool(body.stream)))
            if body.stream:
                send_chunks(req, resp, legacy.chunks(events, head, form), choices)
                return
            with contextlib.closing(choices):
                send_json(resp, legacy.reply(render.fold(events, len(requests)), head, form))

    def _form(self, body: CompletionBody, prompts: list[CompleteRequest]) -> legacy.Form:
        num_choices, best_of = parse.num_candidates(body)
        return legacy.Form(
            echoes=tuple(_text(self._services.inference, prompt) if body.echo else "" for prompt in prompts),
            num_choices=num_choices,
            best_of=best_of,
            logprobs=body.logprobs is not None,
            include_usage=bool(body.stream_options and body.stream_options.include_usage),
        )


def _text(inference: InferenceService, prompt: CompleteRequest) -> str:
    if not prompt.context:
        return prompt.prompt
    return inference.detokenize(DetokenizeRequest(model=prompt.model, tokens=prompt.context))


def _candidates(prompt: CompleteRequest, form: legacy.Form, record: ModelRecord) -> list[CompleteRequest]:
    """As many tries as are asked for; a choice between them needs their log probabilities."""
    if form.best_of > form.num_choices:
        prompt = msgspec.structs.replace(prompt, logprobs=True)
    return parse.repeated(prompt, form.best_of, record)


ROUTES = (("/v1/completions", CompletionResource),)
