"""The access log: one line per request when its answer ends, with what the models did for it.

Never a body, a query or a key.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import falcon

from omm.api.wire import BodyStream
from omm.service import work
from omm.service.work import Work

log = logging.getLogger(__name__)


class AccessLog:
    """Middleware: logs a request."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Remember when it began."""
        req.context.started = time.monotonic()
        req.context.work = work.begin()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, req_succeeded: bool
    ) -> None:
        """Log now, or when the stream ends."""
        started = getattr(req.context, "started", time.monotonic())
        done = getattr(req.context, "work", None) or Work()
        facts = {
            "id": getattr(req.context, "request_id", None),
            "client": req.remote_addr,
            "method": req.method,
            "path": printable(req.path),
            "status": resp.status_code,
        }

        def write() -> None:
            elapsed_ms = (time.monotonic() - started) * 1000
            head = f"{facts['method']} {facts['path']} {facts['status']} {elapsed_ms:.1f}ms"
            facts["ms"] = round(elapsed_ms, 1)
            log.info("%s%s", head, in_words(done), extra={"request": {**facts, **in_numbers(done)}})

        if isinstance(resp.stream, BodyStream):
            resp.stream.add_close(write)
        else:
            write()


def in_words(done: Work) -> str:
    """What the models did, to follow the line about the request; nothing if they did nothing.

    >>> in_words(Work("tiny", "ok", prompt_tokens=12, cached_tokens=8, output_tokens=45, output_ns=9 * 10**8))
    ' tiny: 12 tokens in (8 cached), 45 out at 50/s'
    """
    if not done.model:
        return ""
    cached = f" ({done.cached_tokens} cached)" if done.cached_tokens else ""
    written = f", {done.output_tokens} out at {done.tokens_per_s:.0f}/s" if done.output_ns else ""
    first = "" if done.first_token_s is None else f", the first after {done.first_token_s * 1000:.0f}ms"
    outcome = f", {done.outcome}" if done.outcome not in ("", "ok") else ""
    return f" {done.model}: {done.prompt_tokens} tokens in{cached}{written}{first}{outcome}"


def in_numbers(done: Work) -> dict[str, Any]:
    """The same for machines."""
    if not done.model:
        return {}
    first = {} if done.first_token_s is None else {"first_token_ms": round(done.first_token_s * 1000, 1)}
    return {
        "model": done.model,
        "outcome": done.outcome,
        "prompt_tokens": done.prompt_tokens,
        "cached_tokens": done.cached_tokens,
        "output_tokens": done.output_tokens,
        "tokens_per_s": round(done.tokens_per_s, 1),
        **first,
    }


def printable(path: str) -> str:
    """A path that cannot forge a log line."""
    return path.encode("unicode_escape").decode("ascii")
