"""The native routes. Thin: parse, plan, call the service, render."""

from __future__ import annotations

import contextlib

import falcon

import omm
from omm.api.errors import renamed
from omm.api.gate import is_loopback
from omm.api.ollm import parse, render
from omm.api.ollm.schema import (
    DeletedReply,
    HealthReply,
    ModelsReply,
    PlanBody,
    PlanReply,
    PromptBody,
    RuntimeBody,
    SessionBody,
    SessionPromptBody,
)
from omm.api.services import EventStream, Services
from omm.api.wire import (
    BEAT_S,
    end_with_error,
    has_left,
    open_events,
    read_json,
    send_events,
    send_json,
    watch_events,
)
from omm.config import Settings


class HealthResource:
    """GET /v1/health."""

    def __init__(self, services: Services) -> None:
        is_local = is_loopback(services.settings.address[0])
        self._reply = HealthReply(version=omm.__version__, server_mode="local-only" if is_local else "network")

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Whether the server answers, and to whom."""
        send_json(resp, self._reply)


class _Resource:
    """Base of the resources that plan."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings: Settings = services.settings


# --- models -----------------------------------------------------------------------------------------------------


class ModelsResource(_Resource):
    """GET /v1/ollm/models."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Installed models with their plans, and those that come with omm."""
        installed = parse.flag(req.get_param("installed"), "installed")
        wanted = parse.runtime_wanted(_runtime(req, "every model"), self._settings)
        infos = []
        for plan in self._services.planner.list(wanted.plan, installed=installed):
            info = render.model_info(plan, self._settings, plan.model.name, wanted)
            info.discovery_source = "discovered-local" if plan.model.is_here else "built-in"
            infos.append(info)
        send_json(resp, ModelsReply(models=sorted(infos, key=lambda info: (info.source_kind, info.model_reference))))


class ModelResource(_Resource):
    """GET /v1/ollm/models/{model_reference}; the reference may have slashes."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, model_reference: str) -> None:
        """One model with its plan."""
        wanted = parse.runtime_wanted(_runtime(req, model_reference), self._settings)
        plan = self._services.planner.plan(wanted.plan)
        send_json(resp, render.model_info(plan, self._settings, wanted.plan.model, wanted))


def _runtime(req: falcon.Request, model: str) -> RuntimeBody:
    """What a query string says of a runtime."""
    return RuntimeBody(
        model_reference=model,
        backend=req.get_param("backend"),
        models_dir=req.get_param("models_dir"),
        use_specialization=not parse.flag(req.get_param("no_specialization"), "no_specialization"),
        multimodal=parse.flag(req.get_param("multimodal"), "multimodal"),
    )


class PlanResource(_Resource):
    """POST /v1/plan."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """How a model would run; loads nothing."""
        body = read_json(req, PlanBody)
        with renamed(parse.FIELDS):
            wanted = parse.wanted(body, self._settings)
            plan = self._services.planner.plan(wanted.plan)
        reply = PlanReply(
            runtime_config=wanted.config,
            resolved_model=render.resolved_model(plan, wanted.plan.model, self._settings),
            runtime_plan=render.runtime_plan(plan, wanted),
        )
        send_json(resp, reply)


# --- prompts ----------------------------------------------------------------------------------------------------


class PromptResource(_Resource):
    """POST /v1/prompt."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """One prompt, one answer."""
        stream, running = self._start(req)
        _answer(req, resp, stream, running)

    def _start(self, req: falcon.Request) -> tuple[EventStream, render.Running]:
        body = read_json(req, PromptBody)
        prompt = parse.prompt_text(body.prompt)
        running = _place(self._services, body)
        base = parse.base_request(running.wanted, running.plan.options)
        with renamed(parse.FIELDS):
            stream = self._services.inference.chat(parse.with_prompt(base, parse.system_prompt(body), prompt))
        return stream, running


class PromptStreamResource(PromptResource):
    """POST /v1/prompt/stream."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The same as server-sent events."""
        stream, running = self._start(req)
        _stream(req, resp, stream, running)


def _place(services: Services, body: PlanBody) -> render.Running:
    with renamed(parse.FIELDS):
        wanted = parse.wanted(body, services.settings)
        return render.Running(plan=services.planner.place(wanted.plan), wanted=wanted)


def _answer(req: falcon.Request, resp: falcon.Response, stream: EventStream, running: render.Running) -> None:
    with contextlib.closing(stream):
        send_json(resp, render.prompt_reply(open_events(req, stream), running))


def _stream(req: falcon.Request, resp: falcon.Response, stream: EventStream, running: render.Running) -> None:
    """NOTE: the first event goes out before the model is loaded, so what fails from here on is an event too."""
    events = watch_events(stream, has_left(req), beat_s=BEAT_S)
    send_events(resp, end_with_error(render.frames(events, running), render.failure), stream.close)


# --- sessions ---------------------------------------------------------------------------------------------------


class SessionsResource(_Resource):
    """POST /v1/sessions."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Begin a conversation; its model is not loaded yet."""
        body = read_json(req, SessionBody)
        running = _place(self._services, body)
        known = self._services.sessions.create(
            name="default" if body.session_name is None else body.session_name,
            system_prompt=parse.system_prompt(body),
            base=parse.base_request(running.wanted, running.plan.options),
            note=running,
        )
        send_json(resp, render.session(known))


class SessionResource(_Resource):
    """GET and DELETE /v1/sessions/{session_id}."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, session_id: str) -> None:
        """The transcript."""
        send_json(resp, render.session(self._services.sessions.find(session_id)))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, session_id: str) -> None:
        """Forget it."""
        self._services.sessions.delete(session_id)
        send_json(resp, DeletedReply(session_id=session_id))


class SessionPromptResource(_Resource):
    """POST /v1/sessions/{session_id}/prompt."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, session_id: str) -> None:
        """The next turn, which waits for those before it."""
        stream, running = self._start(req, session_id)
        _answer(req, resp, stream, running)

    def _start(self, req: falcon.Request, session_id: str) -> tuple[EventStream, render.Running]:
        prompt = parse.prompt_text(read_json(req, SessionPromptBody).prompt)
        turn = self._services.sessions.turn(session_id, prompt, self._services.inference.chat)
        return turn, turn.note


class SessionPromptStreamResource(SessionPromptResource):
    """POST /v1/sessions/{session_id}/prompt/stream."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, session_id: str) -> None:
        """The same as server-sent events."""
        stream, running = self._start(req, session_id)
        _stream(req, resp, stream, running)


ROUTES = (
    ("/v1/health", HealthResource),
    ("/v1/ollm/models", ModelsResource),
    ("/v1/ollm/models/{model_reference:path}", ModelResource),
    ("/v1/plan", PlanResource),
    ("/v1/prompt", PromptResource),
    ("/v1/prompt/stream", PromptStreamResource),
    ("/v1/sessions", SessionsResource),
    ("/v1/sessions/{session_id}", SessionResource),
    ("/v1/sessions/{session_id}/prompt", SessionPromptResource),
    ("/v1/sessions/{session_id}/prompt/stream", SessionPromptStreamResource),
)
