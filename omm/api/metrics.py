"""GET /metrics, and the middleware that counts requests for it."""

from __future__ import annotations

import time

import falcon
from prometheus_client.exposition import choose_encoder

from omm.api.services import Services
from omm.api.wire import BodyStream
from omm.service.metrics import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMeter:
    """Middleware: counts a request when its answer ends."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Remember when it began."""
        req.context.metered_from = time.monotonic()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, req_succeeded: bool
    ) -> None:
        """Count now, or when the stream ends. What no route takes is one route here, and so are odd methods."""
        route = req.uri_template or "none"
        method = req.method if req.method in METHODS else "other"
        status, started = str(resp.status_code), getattr(req.context, "metered_from", time.monotonic())

        def count() -> None:
            self._metrics.requests.labels(method, route, status).inc()
            self._metrics.request_seconds.labels(route).observe(time.monotonic() - started)

        if isinstance(resp.stream, BodyStream):
            resp.stream.add_close(count)
        else:
            count()


class MetricsResource:
    """GET /metrics."""

    def __init__(self, services: Services) -> None:
        self._registry = services.metrics.registry

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Prometheus' text, or OpenMetrics for who asks for it."""
        encoder, resp.content_type = choose_encoder(req.get_header("accept") or "")
        resp.data = encoder(self._registry)


ROUTES = (("/metrics", MetricsResource),)
