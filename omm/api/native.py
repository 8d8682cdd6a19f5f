"""omm's own routes: what no protocol has."""

from __future__ import annotations

import falcon
import msgspec

import omm
from omm.api import metrics
from omm.api.services import Services
from omm.api.wire import send_json
from omm.errors import Busy


class Activity(msgspec.Struct):
    """A loaded model at work."""

    name: str
    num_parallel: int
    num_active: int
    num_waiting: int


class Health(msgspec.Struct):
    """The answer of /health."""

    status: str
    version: str
    models: list[Activity]


class HealthResource:
    """GET /health: whether the server answers, and what its models do. Never touches a keep-alive timer."""

    def __init__(self, services: Services) -> None:
        self._inference = services.inference

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer 200 as long as requests are served."""
        models = [Activity(m.name, m.num_parallel, m.num_active, m.num_waiting) for m in self._inference.loaded()]
        send_json(resp, Health("ok", omm.__version__, models))


class Readiness(msgspec.Struct):
    """The answer of /health/ready."""

    status: str = "ready"


class ReadyResource:
    """GET /health/ready: whether new requests are taken."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises Busy when the server stops, and what is wrong with the store when it cannot be read."""
        if self._services.inference.is_closing:
            raise Busy("the server is shutting down")
        self._services.library.list()
        send_json(resp, Readiness())


ROUTES = (("/health", HealthResource), ("/health/ready", ReadyResource), *metrics.ROUTES)
