"""Where the client looks for a server, what it sends, and what it makes of odd answers."""

from __future__ import annotations

import socket
import threading

import pytest

from omm import errors
from omm.cli.address import Address
from omm.cli.client import Client, Unreachable
from omm.config import Settings
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer


def test_key_is_sent(omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMM_API_KEY", "secret")
    assert omm("list").code == 0
    assert [request.headers["Authorization"] for request in server.requests] == ["Bearer secret"] * 2


def test_key_of_any_letters_is_sent_as_the_server_reads_it(
    omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMM_API_KEY", "ключ")
    assert omm("list").code == 0
    assert server.requests[-1].headers["Authorization"].encode("latin-1").decode() == "Bearer ключ"


def test_wrong_key(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (401, {"error": "invalid API key"})
    assert omm("list") == (1, "", "Error: invalid API key\n")


def test_path_of_the_host_goes_before_every_route(
    omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMM_HOST", f"http://{server.address}/prefix/")
    for key, answer in list(server.answers.items()):
        server.answers[key[0], "/prefix" + key[1]] = answer
    assert omm("list").code == 0
    assert [request.path for request in server.requests] == ["/prefix/api/version", "/prefix/api/tags"]


def test_loopback_server_is_reached_past_any_proxy(
    omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert omm("list").code == 0


def test_distant_server_is_reached_through_the_proxy(
    omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{server.address}")
    monkeypatch.setenv("OMM_HOST", "http://models.invalid:8080")
    for key, answer in list(server.answers.items()):
        server.answers[key[0], "http://models.invalid:8080" + key[1]] = answer
    assert omm("list").code == 0
    assert server.requests[-1].path == "http://models.invalid:8080/api/tags"


def test_no_server_and_no_leave_to_start_one(omm: Omm) -> None:
    expected = (4, "", "Error: no omm server at http://127.0.0.1:1, start one with 'omm serve'\n")
    assert omm("--no-start", "--host", "127.0.0.1:1", "list") == expected


def test_no_start_by_variable(omm: Omm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMM_NO_START", "1")
    assert omm("--host", "127.0.0.1:1", "list").code == 4


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Hello</html>"),
        (404, b"not found"),
        (404, {"error": "not found"}),
        (200, {"name": "another service"}),
        (200, b"[]"),
    ],
)
def test_another_http_server(omm: Omm, server: ScriptedServer, answer: tuple[int, object]) -> None:
    server.answers["GET", "/api/version"] = answer
    assert omm("list") == (1, "", f"Error: http://{server.address} answers, but it is not an omm server\n")


def test_server_of_another_protocol(omm: Omm) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_greet, args=(listener,))
        thread.start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        result = omm("--host", address, "list")
        thread.join()
    assert result.err == f"Error: http://{address} answers, but it is not an omm server\n"


def _greet(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        connection.recv(65536)


def test_server_that_is_gone_is_looked_for_again() -> None:
    client = Client(Settings.load({"OMM_NO_START": "1", "OMM_HOST": "127.0.0.1:1"}))
    with ScriptedServer() as server:
        client.address = Address("http", "127.0.0.1", int(server.address.split(":")[1]))
        assert client.tags() == ()
    with pytest.raises(Unreachable, match="no omm server at"):
        client.tags()


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, errors.InvalidRequest), (404, errors.NotFound), (503, errors.Busy), (500, errors.EngineFailed)],
)
def test_refusals_become_errors_with_the_servers_words(
    server: ScriptedServer, status: int, kind: type[errors.OmmError]
) -> None:
    server.answers["POST", "/api/show"] = (status, {"error": "the reason"})
    with pytest.raises(kind, match="the reason"):
        Client(Settings.load()).show("tiny")


def test_refusal_without_words(server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (500, b"oops")
    with pytest.raises(errors.EngineFailed, match="500 Internal Server Error"):
        Client(Settings.load()).show("tiny")


def test_answer_that_is_no_json(server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, b"oops")
    with pytest.raises(errors.SourceUnavailable, match="makes no sense"):
        Client(Settings.load()).tags()


@pytest.mark.parametrize("line", [b"oops\n", b'{"status": "\xff"}\n', b'{"status": 1}\n'])
def test_line_that_is_no_json(omm: Omm, server: ScriptedServer, line: bytes) -> None:
    server.answers["POST", "/api/pull"] = (200, line)
    result = omm("pull", "tiny")
    assert result.code == 1
    assert result.err.startswith("Error: the server sent a line that makes no sense: ")


def test_host_that_is_no_name(omm: Omm, server: ScriptedServer) -> None:
    assert omm("--host", "a..b", "list").err.startswith("Error: could not connect to http://a..b:11434: ")


def test_closing_a_stream_hangs_up(server: ScriptedServer) -> None:
    server.answers["POST", "/api/chat"] = (200, [{"message": {"role": "assistant"}}, threading.Event()])
    stream = Client(Settings.load()).chat({"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]})
    next(stream)
    stream.close()
    assert server.hung_up.wait(60)


@pytest.mark.parametrize("host", ["bad host", "a\tb:1", "http://box/a b"])
def test_a_host_that_no_url_can_hold_is_an_error(omm: Omm, host: str) -> None:
    assert omm("--host", host, "list") == (1, "", f"Error: no host has such a name: {host!r}\n")
