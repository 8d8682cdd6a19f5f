"""A real HTTP server that answers as told and remembers what it was asked."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

INFO = {
    "license": "MIT\n\nLong text\nmore\n",
    "modelfile": "FROM /blobs/sha256-1\n",
    "parameters": 'stop                           "<|im_end|>"\ntemperature                    0.5',
    "template": "{{ .Prompt }}",
    "system": "Be brief.",
    "details": {"format": "gguf", "family": "llama", "parameter_size": "4.2M", "quantization_level": "Q8_0"},
    "model_info": {
        "general.architecture": "llama",
        "general.parameter_count": 4200000,
        "llama.context_length": 2048,
        "llama.embedding_length": 256,
        "llama.rope.freq_base": 10000.0,
    },
    "capabilities": ["completion", "tools"],
}


class Request(NamedTuple):
    """What came in."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


class _Server(ThreadingHTTPServer):
    """Takes it quietly when a client leaves in the middle, which the client's own tests want it to do."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class ScriptedServer:
    """`answers` maps (method, path) to (status, body); a list is a stream of JSON lines.

    An Event in it is a pause until the client leaves, a function is called before the next line. A body may be a
    function of the request's body.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.models = {"tiny:latest"}
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {
            ("GET", "/api/version"): (200, {"version": "0.33.0", "omm": "0.1.0"}),
            ("GET", "/api/tags"): (200, {"models": []}),
            ("GET", "/api/ps"): (200, {"models": []}),
            ("POST", "/api/show"): (200, INFO),
            ("POST", "/api/generate"): (200, [generated("Hello"), generated(" world"), DONE]),
            ("POST", "/api/chat"): (200, [chatted("Hello"), chatted(" there"), DONE]),
            ("POST", "/api/pull"): (200, [{"status": "pulling manifest"}, {"status": "success"}]),
            ("POST", "/api/push"): (200, [{"status": "retrieving manifest"}, {"status": "success"}]),
            ("POST", "/api/create"): (200, [{"status": "writing manifest"}, {"status": "success"}]),
            ("POST", "/api/copy"): (200, b""),
            ("DELETE", "/api/delete"): (200, b""),
        }
        self.hung_up = threading.Event()
        self.cuts_off = False  # streams end without their end, as when a server is killed
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


DONE = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 6234500000,
    "load_duration": 45600000,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 130079000,
    "eval_count": 298,
    "eval_duration": 4799921000,
}


def generated(text: str, thinking: str = "") -> dict[str, Any]:
    """A chunk of /api/generate."""
    return {"response": text, "done": False, **({"thinking": thinking} if thinking else {})}


def chatted(text: str, thinking: str = "") -> dict[str, Any]:
    """A chunk of /api/chat."""
    return {"message": {"role": "assistant", "content": text, "thinking": thinking}, "done": False}


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = raw and not self.path.startswith("/api/blobs/")
            body = json.loads(raw) if is_json else raw
            server.requests.append(Request(self.command, self.path, body, dict(self.headers)))
            status, reply = server.answers.get((self.command, self.path), (404, {"error": "404 page not found"}))
            reply = reply(body) if callable(reply) else reply
            is_load = self.path == "/api/generate" and not body.get("prompt")
            if isinstance(reply, list) and not is_load:
                self._stream(status, reply)
            else:
                self._send(status, DONE if isinstance(reply, list) else reply)

        def _send(self, status: int, reply: Any) -> None:
            content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _stream(self, status: int, lines: list[Any]) -> None:
            self.send_response(status)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in lines:
                if isinstance(line, threading.Event):
                    self.rfile.read(1)  # returns when the client has left
                    server.hung_up.set()
                    self.close_connection = True
                    return
                if callable(line):
                    line()
                    continue
                content = line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
            if server.cuts_off:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")

        do_GET = do_POST = do_DELETE = do_HEAD = _answer

        def log_message(self, *_: object) -> None:
            pass

    return Handler
