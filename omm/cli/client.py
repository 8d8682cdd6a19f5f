"""One method per endpoint of the server. Finds the server, starts it if allowed, and turns refusals into OmmErrors.

PERF: on `http.client`, because importing requests costs 120 ms, more than `omm list` takes altogether.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar

import msgspec

from omm import __version__, errors
from omm.cli import replies
from omm.config import Settings, split_host
from omm.errors import OmmError

PIECE_BYTES = 1 << 20
PROBE_TIMEOUT_S = 10.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UNSPECIFIED = {"0.0.0.0": "127.0.0.1", "::": "::1"}
R = TypeVar("R", replies.Chunk, replies.ProgressLine)
T = TypeVar("T", bound=replies.Reply)
JSON = Mapping[str, Any]

BY_STATUS: dict[int, type[OmmError]] = {
    400: errors.InvalidRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    409: errors.Conflict,
    413: errors.TooLarge,
    502: errors.SourceUnavailable,
    503: errors.Busy,
}

PLAIN = re.compile(r"[^\x00-\x20\x7f]*")  # what http.client takes as host and path


class Unreachable(errors.SourceUnavailable):
    """Nothing answers at the server's address."""


@dataclasses.dataclass(frozen=True)
class Address:
    """Where the server is. `path` is a prefix without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Address:
        """Read scheme and path, which only a client needs, beside the settings' host and port."""
        scheme, _, rest = settings.host.rpartition("://")
        path = rest.partition("/")[2].rstrip("/")
        host, port = split_host(settings.host)
        return cls(scheme or "http", UNSPECIFIED.get(host, host), settings.port or port, f"/{path}" if path else "")

    @property
    def is_loopback(self) -> bool:
        """Whether the server can only be on this machine."""
        return self.host in LOOPBACK or self.host.startswith("127.")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


class Stream(Iterator[R]):
    """The lines of a streamed answer. Closing it early hangs up, which cancels the work."""

    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse, line: type[R]):
        self._connection = connection
        self._response = response
        self._decoder: msgspec.json.Decoder[R] = msgspec.json.Decoder(line)

    def __next__(self) -> R:
        try:
            text = self._response.readline()
        except (OSError, http.client.HTTPException) as exc:
            raise Unreachable(f"the server hung up in the middle of the answer ({_reason(exc)})") from exc
        if not text:
            raise StopIteration
        try:
            line = self._decoder.decode(text)
        except errors.NOT_JSON as exc:
            raise errors.SourceUnavailable(f"the server sent a line that makes no sense: {exc}") from exc
        if line.error:
            raise errors.EngineFailed(line.error)
        return line

    def close(self) -> None:
        """Hang up."""
        self._response.close()
        self._connection.close()

    def __enter__(self) -> Stream[R]:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class Client:
    """Speaks to one server. Looks for it at the first call."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.address = Address.of(settings)
        self._is_found = False

    # --- endpoints ----------------------------------------------------------------------------------------------

    def version(self) -> str:
        """Version of the running server; never starts one.

        Raises:
            Unreachable: there is none.
        """
        return self._probe()

    def tags(self) -> tuple[replies.ModelRow, ...]:
        """Stored models, newest first."""
        return self._ask("GET", "/api/tags", replies.Tags).models or ()

    def running(self) -> tuple[replies.RunningRow, ...]:
        """Loaded models."""
        return self._ask("GET", "/api/ps", replies.Running).models or ()

    def show(self, model: str, *, verbose: bool = False) -> replies.ModelInfo:
        """Everything about a model. Raises NotFound."""
        return self._ask("POST", "/api/show", replies.ModelInfo, {"model": model, "verbose": verbose})

    def generate(self, body: JSON) -> Stream[replies.Chunk]:
        """Continue one prompt."""
        return self._stream("/api/generate", replies.Chunk, body)

    def chat(self, body: JSON) -> Stream[replies.Chunk]:
        """Answer a conversation."""
        return self._stream("/api/chat", replies.Chunk, body)

    def rendered_prompt(self, route: str, body: JSON) -> str:
        """What the model would see; `route` is `chat` or `generate`."""
        chunk = self._ask("POST", f"/api/{route}", replies.Chunk, {**body, "_debug_render_only": True})
        return chunk.debug_info.rendered_template if chunk.debug_info else ""

    def load(self, model: str, body: JSON | None = None) -> None:
        """Load a model without asking it anything."""
        self._ask("POST", "/api/generate", replies.Chunk, {"model": model, **(body or {})})

    def unload(self, model: str) -> None:
        """Unload a model. Raises NotFound when the server does not know it."""
        self.load(model, {"keep_alive": 0})

    def embed(self, body: JSON) -> tuple[tuple[float, ...], ...]:
        """One vector for each input."""
        return self._ask("POST", "/api/embed", replies.Embedded, body).embeddings

    def tokenize(self, model: str, text: str) -> tuple[int, ...]:
        """Token ids of a text; what looks like a control token is one."""
        return self._ask("POST", "/api/tokenize", replies.Tokens, {"model": model, "text": text}).tokens

    def pull(self, model: str, *, insecure: bool = False) -> Stream[replies.ProgressLine]:
        """Fetch a model into the store."""
        return self._stream("/api/pull", replies.ProgressLine, {"model": model, "insecure": insecure})

    def push(self, model: str, *, insecure: bool = False) -> Stream[replies.ProgressLine]:
        """Bring a model to a registry."""
        return self._stream("/api/push", replies.ProgressLine, {"model": model, "insecure": insecure})

    def prune(self, *, dry_run: bool) -> Stream[replies.ProgressLine]:
        """Remove what no model uses, or say what that is."""
        return self._stream("/api/prune", replies.ProgressLine, {"dry_run": dry_run})

    def verify(self, model: str) -> Stream[replies.ProgressLine]:
        """Hash the files of a model, or of all."""
        return self._stream("/api/verify", replies.ProgressLine, {"model": model})

    @contextlib.contextmanager
    def export(self, model: str) -> Iterator[tuple[int, Iterator[bytes]]]:
        """A model as a tar: its size and its bytes. Raises NotFound."""
        self._find()
        connection, response = self._send("GET", f"/api/export?model={urllib.parse.quote(model, safe='')}")
        try:
            if response.status >= 400:
                _read(response)
            yield response.length or 0, iter(lambda: _piece(response), b"")
        finally:
            connection.close()

    def import_manifest(self, model: str, manifest: str) -> None:
        """Make a model of a manifest whose blobs the server has."""
        self._do("POST", "/api/import", {"model": model, "manifest": manifest})

    def create(self, body: JSON) -> Stream[replies.ProgressLine]:
        """Make a model of another one or of uploaded files."""
        return self._stream("/api/create", replies.ProgressLine, body)

    def plan(self, body: JSON) -> replies.Plan:
        """How a model would run. Raises NotFound."""
        return self._ask("POST", "/v1/plan", replies.Plan, body)

    def copy(self, source: str, destination: str) -> None:
        """Give a model a second name."""
        self._do("POST", "/api/copy", {"source": source, "destination": destination})

    def delete(self, model: str) -> None:
        """Remove a model."""
        self._do("DELETE", "/api/delete", {"model": model})

    def has_blob(self, digest: str) -> bool:
        """Whether the server's store has the file already."""
        try:
            self._do("HEAD", f"/api/blobs/{digest}")
        except errors.NotFound:
            return False
        return True

    def upload_blob(self, digest: str, chunks: Iterable[bytes], size: int) -> None:
        """Put a file into the server's store."""
        self._do("POST", f"/api/blobs/{digest}", chunks, {"Content-Length": str(size)})

    # --- transport ----------------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, shape: type[T], body: JSON | None = None) -> T:
        """Send one request and read its answer."""
        try:
            return msgspec.json.decode(self._do(method, path, body), type=shape)
        except errors.NOT_JSON as exc:
            raise errors.SourceUnavailable(f"{self.address} sent an answer that makes no sense: {exc}") from exc

    def _do(
        self, method: str, path: str, body: JSON | Iterable[bytes] | None = None, headers: JSON | None = None
    ) -> bytes:
        self._find()
        connection, response = self._send(method, path, body, headers)
        try:
            return _read(response)
        finally:
            connection.close()

    def _stream(self, path: str, line: type[R], body: JSON) -> Stream[R]:
        self._find()
        connection, response = self._send("POST", path, body, {"Accept": "application/x-ndjson"})
        if response.status >= 400:
            try:
                _read(response)
            finally:
                connection.close()
        return Stream(connection, response, line)

    def _send(
        self, method: str, path: str, body: JSON | Iterable[bytes] | None = None, headers: JSON | None = None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        payload = msgspec.json.encode(body) if isinstance(body, Mapping) else body
        sent = {**self._headers(), "Content-Type": "application/json", **(headers or {})}
        connection, target = self._connect(PROBE_TIMEOUT_S)
        try:
            connection.connect()
            # A model may take minutes to load, so only the connecting has a time limit.
            connection.sock.settimeout(None)
            try:
                connection.request(method, target + path, payload, sent)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server refused before it had read the body; its answer says why
            return connection, connection.getresponse()
        except (OSError, http.client.HTTPException) as exc:
            connection.close()
            self._is_found = False  # the next call looks for it again, and may start one
            raise Unreachable(f"could not talk to the omm server at {self.address}: {_reason(exc)}") from exc

    def _headers(self) -> dict[str, str | bytes]:
        # Bytes, as http.client would refuse a key with letters beyond Latin-1.
        key = f"Bearer {self.settings.api_key}".encode() if self.settings.api_key else None
        return {"User-Agent": f"omm/{__version__}", **({"Authorization": key} if key else {})}

    def _connect(self, timeout_s: float) -> tuple[http.client.HTTPConnection, str]:
        """A connection not yet opened, and what to put before the path.

        A loopback server is reached directly, whatever proxy the environment names.
        """
        to = self.address
        if not PLAIN.fullmatch(to.host + to.path):
            raise errors.InvalidRequest(f"no host has such a name: {self.settings.host!r}", param="host")
        kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
        proxy = None if to.is_loopback else _proxy_for(to)
        if proxy is None:
            return kind(to.host, to.port, timeout=timeout_s), to.path
        connection = kind(*proxy, timeout=timeout_s)
        if to.scheme != "https":
            return connection, str(to)
        connection.set_tunnel(to.host, to.port)
        return connection, to.path

    # --- finding the server -------------------------------------------------------------------------------------

    def _find(self) -> None:
        if self._is_found:
            return
        try:
            self._probe()
        except Unreachable:
            if not self.address.is_loopback or self.address.scheme != "http" or self.settings.no_start:
                raise
            from omm.cli import launch  # PERF: starting processes takes 15 ms to import

            launch.start(self.settings, self.address.port, self.is_up)
        self._is_found = True

    def is_up(self) -> bool:
        """Whether the server answers now."""
        try:
            self._probe()
        except Unreachable:
            return False
        return True

    def _probe(self) -> str:
        """Ask for the version, which also tells an omm server from any other one."""
        connection, prefix = self._connect(PROBE_TIMEOUT_S)
        try:
            connection.request("GET", f"{prefix}/api/version", headers=self._headers())
            response = connection.getresponse()
            return self._version_in(response.status, response.read())
        except ConnectionRefusedError as exc:
            raise Unreachable(f"no omm server at {self.address}, start one with 'omm serve'") from exc
        except TimeoutError as exc:
            raise errors.SourceUnavailable(f"{self.address} does not answer") from exc
        except http.client.HTTPException as exc:
            raise errors.SourceUnavailable(f"{self.address} answers, but it is not an omm server") from exc
        except (OSError, UnicodeError) as exc:  # the latter for what is no host name
            raise Unreachable(f"could not connect to {self.address}: {_reason(exc)}") from exc
        finally:
            connection.close()

    def _version_in(self, status: int, content: bytes) -> str:
        try:
            body = msgspec.json.decode(content, type=replies.Version)
        except errors.NOT_JSON:
            body = replies.Version()
        if body.version:
            return body.version
        if body.error and status in {401, 403, 503}:
            raise BY_STATUS[status](body.error)
        raise errors.SourceUnavailable(f"{self.address} answers, but it is not an omm server")


def _reason(exc: Exception) -> str:
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__


def _piece(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(PIECE_BYTES)
    except (OSError, http.client.HTTPException) as exc:
        raise Unreachable(f"the server hung up in the middle of the answer ({_reason(exc)})") from exc


def _read(response: http.client.HTTPResponse) -> bytes:
    """The whole body of a good answer. Raises the OmmError of a bad one."""
    try:
        content = response.read()
    except (OSError, http.client.HTTPException) as exc:
        raise Unreachable(f"the server hung up in the middle of the answer ({_reason(exc)})") from exc
    if response.status < 400:
        return content
    try:
        line = msgspec.json.decode(content, type=replies.ErrorLine)
        message = line.error or line.detail
    except errors.NOT_JSON:
        message = ""
    raise BY_STATUS.get(response.status, errors.EngineFailed)(message or f"{response.status} {response.reason}")


def _proxy_for(address: Address) -> tuple[str, int] | None:
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    proxy = getproxies().get(address.scheme)
    if not proxy or proxy_bypass(address.host):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return (parts.hostname, parts.port or 80) if parts.hostname else None
