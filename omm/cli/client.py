"""One method per endpoint of the server. Finds the server, starts it if allowed, and turns refusals into OmmErrors."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar

import msgspec

from omm import __version__, errors
from omm.cli import replies, transport
from omm.cli.address import Address, proxy_for
from omm.cli.transport import ProtocolError
from omm.config import Settings
from omm.errors import OmmError
from omm.names import ModelName

PIECE_BYTES = 1 << 20
PROBE_TIMEOUT_S = 10.0
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

PLAIN = re.compile(r"[^\x00-\x20\x7f]*")  # what a request's first line can hold


class Unreachable(errors.SourceUnavailable):
    """Nothing answers at the server's address."""


class Stream(Iterator[R]):
    """The lines of a streamed answer. Closing it early hangs up, which cancels the work.

    `on_lost` is called when the server hangs up.
    """

    def __init__(self, answer: transport.Answer, line: type[R], on_lost: Callable[[], None]) -> None:
        self._answer = answer
        self._on_lost = on_lost
        self._decoder: msgspec.json.Decoder[R] = msgspec.json.Decoder(line)

    def __next__(self) -> R:
        try:
            with _in_the_middle():
                text = self._answer.body.readline()
        except Unreachable:
            self._on_lost()
            raise
        if not text:
            raise StopIteration
        try:
            line = self._decoder.decode(text)
        except errors.NOT_JSON as exc:
            raise errors.SourceUnavailable(f"the server sent a line that makes no sense: {exc}") from exc
        if line.error:
            raise errors.BY_CODE.get(line.code, errors.EngineFailed)(line.error)
        return line

    def close(self) -> None:
        """Hang up."""
        self._answer.close()

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

    def row_of(self, model: str, info: replies.ModelInfo) -> replies.RunningRow | None:
        """What `running` says of a model, whose name may be an alias; None when it is not loaded."""
        key = ModelName.parse(info.alias_of or model).key
        return next((row for row in self.running() if ModelName.parse(row.name).key == key), None)

    def show(self, model: str, *, verbose: bool = False, effective: bool = False) -> replies.ModelInfo:
        """Everything about a model, `effective` with the values that requests get. Raises NotFound."""
        body: JSON = {"model": model, "verbose": verbose, **({"effective": True} if effective else {})}
        return self._ask("POST", "/api/show", replies.ModelInfo, body)

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

    def verify(self, model: str, *, repair: bool = False) -> Stream[replies.ProgressLine]:
        """Hash the files of a model, or of all, and fetch those again that are damaged."""
        body = {"model": model, "repair": True} if repair else {"model": model}
        return self._stream("/api/verify", replies.ProgressLine, body)

    @contextlib.contextmanager
    def export(self, model: str) -> Iterator[tuple[int, Iterator[bytes]]]:
        """A model as a tar: its size and its bytes. Raises NotFound."""
        self._find()
        from urllib.parse import quote

        with self._send("GET", f"/api/export?model={quote(model, safe='')}") as answer:
            if answer.status >= 400:
                _read(answer)
            yield answer.length or 0, iter(lambda: _piece(answer), b"")

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
        with self._send(method, path, body, headers) as answer:
            return _read(answer)

    def _stream(self, path: str, line: type[R], body: JSON) -> Stream[R]:
        self._find()
        answer = self._send("POST", path, body, {"Accept": "application/x-ndjson"})
        if answer.status >= 400:
            with answer:
                _read(answer)
        return Stream(answer, line, self._forget)

    def _send(
        self, method: str, path: str, body: JSON | Iterable[bytes] | None = None, headers: JSON | None = None
    ) -> transport.Answer:
        # A model may take minutes to load, so only the connecting has a time limit.
        send = functools.partial(self._request, method, path, body, headers or {}, timeout_s=None)
        try:
            try:
                return send()
            except ConnectionRefusedError:  # it has ended since it was found, and nothing was sent yet
                self._forget()
                self._find()
                return send()
        except (OSError, ProtocolError, UnicodeError) as exc:
            self._forget()
            raise Unreachable(f"could not talk to the omm server at {self.address}: {_reason(exc)}") from exc

    def _request(
        self, method: str, path: str, body: JSON | Iterable[bytes] | None, headers: JSON, *, timeout_s: float | None
    ) -> transport.Answer:
        """Send a request and wait for the head of its answer. `timeout_s` is for each step after the connecting."""
        to = self.address
        if not PLAIN.fullmatch(to.host + to.path):
            raise errors.InvalidRequest(f"no host has such a name: {self.settings.host!r}", param="host")
        proxy = None if to.is_loopback else proxy_for(to)
        is_tls = to.scheme == "https"
        target = f"{to.path}{path}" if proxy is None or is_tls else f"{to}{path}"
        payload = _json(body) if isinstance(body, Mapping) else body or b""
        size = {"Content-Length": str(len(payload))} if isinstance(payload, bytes) and payload else {}
        sent = {"Host": transport.authority(to.host, to.port), **self._headers(), **size, **headers}
        sock = transport.connect(to.host, to.port, is_tls=is_tls, timeout_s=PROBE_TIMEOUT_S, proxy=proxy)
        try:
            sock.settimeout(timeout_s)
            transport.send(sock, method, target, sent, payload)
            return transport.Answer(sock, has_body=method != "HEAD")
        except BaseException:
            sock.close()
            raise

    def _headers(self) -> dict[str, str]:
        key = self.settings.api_key
        if key and not key.isprintable():
            raise errors.InvalidRequest("the API key has characters that no header can hold", param="api_key")
        names = {"User-Agent": f"omm/{__version__}", "Content-Type": "application/json", "Connection": "close"}
        return {**names, **({"Authorization": f"Bearer {key}"} if key else {})}

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

    def _forget(self) -> None:
        """Have the next call look for the server again, and start one if need be."""
        self._is_found = False

    def is_up(self) -> bool:
        """Whether the server answers now."""
        try:
            self._probe()
        except Unreachable:
            return False
        return True

    def _probe(self) -> str:
        """Ask for the version, which also tells an omm server from any other one."""
        try:
            with self._request("GET", "/api/version", None, {}, timeout_s=PROBE_TIMEOUT_S) as answer:
                return self._version_in(answer.status, answer.body.read())
        except ConnectionRefusedError as exc:
            raise Unreachable(f"no omm server at {self.address}, start one with 'omm serve'") from exc
        except TimeoutError as exc:
            raise errors.SourceUnavailable(f"{self.address} does not answer") from exc
        except ProtocolError as exc:
            raise errors.SourceUnavailable(f"{self.address} answers, but it is not an omm server") from exc
        except (OSError, UnicodeError) as exc:  # the latter for what is no host name
            raise Unreachable(f"could not connect to {self.address}: {_reason(exc)}") from exc

    def _version_in(self, status: int, content: bytes) -> str:
        try:
            body = msgspec.json.decode(content, type=replies.Version)
        except errors.NOT_JSON:
            body = replies.Version()
        if version := body.omm or body.version:
            return version
        if body.error and status in {401, 403, 503}:
            raise BY_STATUS[status](body.error)
        raise errors.SourceUnavailable(f"{self.address} answers, but it is not an omm server")


def _json(body: JSON) -> bytes:
    """Raises InvalidRequest."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError as exc:
        raise errors.InvalidRequest(f"not a text in UTF-8: {exc.object!a}") from exc


def _reason(exc: Exception) -> str:
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__


@contextlib.contextmanager
def _in_the_middle() -> Iterator[None]:
    """While an answer is read. Raises Unreachable."""
    try:
        yield
    except (OSError, ProtocolError) as exc:
        raise Unreachable(f"the server hung up in the middle of the answer ({_reason(exc)})") from exc


def _piece(answer: transport.Answer) -> bytes:
    with _in_the_middle():
        return answer.body.read(PIECE_BYTES)


def _read(answer: transport.Answer) -> bytes:
    """The whole body of a good answer. Raises the OmmError of a bad one."""
    with _in_the_middle():
        content = answer.body.read()
    if answer.status < 400:
        return content
    try:
        line = msgspec.json.decode(content, type=replies.ErrorLine)
        message = line.error or line.detail
    except errors.NOT_JSON:
        message = ""
    raise BY_STATUS.get(answer.status, errors.EngineFailed)(message or f"{answer.status} {answer.reason}")
