"""Composition root: settings → store → pool → services → app → waitress; and the order in which it all ends."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import waitress.server

import omm
from omm import instance, logs
from omm.api.app import create_app
from omm.api.gate import is_loopback
from omm.api.services import Services
from omm.api.strict import harden
from omm.config import Settings, data_dir
from omm.errors import Conflict, StorageFailed
from omm.service import configured
from omm.service.inference import Inference
from omm.service.library import Library
from omm.service.planning import this_machine
from omm.store.responses import Bounds, MemoryStore, SqliteStore, open_store

log = logging.getLogger(__name__)

DRAIN_TIMEOUT_S = 5.0  # for streams to tell their clients that the server stops
MAX_UPLOAD = 1 << 42  # bytes; blobs are models, everything else is limited by the max_body setting
MAX_HEADER = 64 << 10
MAX_FILES = 10_240  # open at once; macOS grants no more


def build_app(settings: Settings) -> tuple[Callable[..., Any], Callable[[], None]]:
    """The WSGI application over the real services, and what closes them."""
    configured.check(settings)
    settings.models.mkdir(parents=True, exist_ok=True)
    library = Library(settings)
    responses = open_responses(settings)
    inference = Inference(library, settings)

    def close() -> None:
        inference.close()
        if responses is not None:
            responses.close()

    services = Services(
        inference=inference, library=library, responses=responses, settings=settings, devices=this_machine()
    )
    return create_app(services, settings), close


def open_responses(settings: Settings) -> MemoryStore | SqliteStore | None:
    """Where answers of /v1/responses are kept, if they are. Raises StorageFailed."""
    bounds = Bounds(max_count=settings.response_store_count, max_age_s=settings.response_store_age)
    return open_store(settings.response_store, bounds, data_dir() / "responses.sqlite")


def listen(app: Callable[..., Any], settings: Settings) -> Any:
    """A waitress server bound to the settings' address; `run` serves until interrupted.

    Raises:
        Conflict: the address is taken or not of this machine.
    """
    sockets = _sockets(*settings.address)
    server = waitress.server.create_server(
        app,
        sockets=sockets,
        threads=settings.server_threads,
        ident="omm",
        # NOTE: without lookahead waitress does not notice that a client left while its request runs.
        channel_request_lookahead=1,
        connection_limit=settings.server_threads + 512,
        max_request_header_size=MAX_HEADER,
        max_request_body_size=MAX_UPLOAD,
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
    )
    harden(server, settings)
    return server


def bound_address(server: Any) -> tuple[str, int]:
    """Host and port a server of `listen` is bound to: the first one, if it is bound to several."""
    listening = getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]
    host, port = listening[0]
    return host, int(port)


def _sockets(host: str, port: int) -> list[socket.socket]:
    """Bound sockets: the address itself, and for the IPv4 loopback the IPv6 one where there is one."""
    first = _bind(host, port)
    sockets = [first]
    if host in ("127.0.0.1", "localhost"):
        try:
            sockets.append(_bind("::1", first.getsockname()[1]))
        except Conflict:
            log.debug("not listening on ::1")
    return sockets


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen()  # NOTE: a socket that is only bound does not keep another from binding, too
    except (OSError, UnicodeError) as exc:  # the latter for what is no host name
        sock.close()
        raise Conflict(f"cannot listen on {host}:{port}: {getattr(exc, 'strerror', None) or exc}") from exc
    return sock


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then fail running streams, unload models, and return.

    Raises:
        Conflict: the address is taken.
        StorageFailed: the models directory cannot be used.
    """
    logs.start(settings, own=instance.log_path(settings.address[1]))
    raise_file_limit()
    try:
        app, close = build_app(settings)
        tempfile.tempdir = spool_folder(settings.models)
    except OSError as exc:
        raise StorageFailed(f"cannot use {settings.models}: {exc.strerror}") from exc
    try:
        server = _listen_alone(app, settings)
        host, port = bound_address(server)
        log.info("omm %s listens on %s:%d, models in %s", omm.__version__, host, port, settings.models)
        if not is_loopback(host) and not settings.api_key:
            log.warning("anyone who can reach %s may use and change the models: set an API key", host)
        with instance.claim(_note(host, port, settings)) as is_noted:
            if not is_noted:
                path = instance.note_path(port)
                log.warning("omm status and omm shutdown do not see this server: %s is not to be had", path)
            _run(server, close)
    finally:
        close()
    log.info("stopped")


def _listen_alone(app: Callable[..., Any], settings: Settings) -> Any:
    """Listen, or say which server is in the way."""
    try:
        return listen(app, settings)
    except Conflict as exc:
        if other := instance.find(settings.address[1]):
            advice = f"an omm server has it already (process {other.pid}); omm shutdown stops it"
            raise Conflict(f"{exc.message}: {advice}") from exc
        raise


def _note(host: str, port: int, settings: Settings) -> instance.Note:
    log_path = instance.log_path(port)
    return instance.Note(
        pid=os.getpid(),
        host=host,
        port=port,
        version=omm.__version__,
        models=str(settings.models.absolute()),
        started_ns=time.time_ns(),
        log=str(log_path) if logs.goes_to(log_path) else "",
    )


def raise_file_limit() -> None:
    """Let this process have a file for every client: most systems start with 1024, and allow more on request.

    NOTE: waitress without a file to spare fails to accept, and tries again at once, for ever.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def spool_folder(models: Path) -> str | None:
    """Where waitress spools large bodies: beside the models, None for the system's place if that is read-only.

    NOTE: an uploaded model rarely fits into a /tmp that is kept in memory.
    """
    try:
        with tempfile.TemporaryFile(dir=models):
            return str(models)
    except OSError:
        return None


def _run(server: Any, close: Callable[[], None]) -> None:
    """Run waitress on this thread; the first signal ends streams and lets their last bytes out, then the loop ends."""
    main_thread = threading.main_thread()
    stopping = threading.Event()

    def drain() -> None:
        try:
            close()
            deadline = time.monotonic() + DRAIN_TIMEOUT_S
            # NOTE: waitress has no event for "nothing is running", and this runs once, at the end.
            while server.task_dispatcher.active_count and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            assert main_thread.ident is not None
            signal.pthread_kill(main_thread.ident, signal.SIGINT)

    def on_signal(signum: int, frame: FrameType | None) -> None:
        if stopping.is_set():
            raise SystemExit(0)
        stopping.set()
        threading.Thread(target=drain, name="drain", daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    try:
        server.run()
    except SystemExit:
        pass
    server.close()
