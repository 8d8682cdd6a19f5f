"""One connection to a real MCP server: a program, or an address."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from omm.cli import mcp_connection
from omm.cli.mcp import Servers
from omm.cli.mcp_config import Remote
from omm.cli.mcp_connection import Media, Result, Text, Tool
from tests.cli import toolserver
from tests.cli.toolclient import TIMEOUT_S, program, said, started
from tests.waiting import eventually


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servers, dict[str, Tool]]]:
    """One server for all tests that leave it alive."""
    with started(tmp_path_factory.mktemp("logs"), program(env={"TOKEN": "secret"})) as both:
        yield both


@pytest.fixture(params=["http", "sse"])
def remote(request: pytest.FixtureRequest) -> Iterator[Remote]:
    """A server at an address, in both forms of the protocol."""
    made = toolserver.server("weather")
    app = made.streamable_http_app() if request.param == "http" else made.sse_app()
    listener = socket.create_server(("127.0.0.1", 0))
    http = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=http.run, kwargs={"sockets": [listener]})
    thread.start()
    path = "mcp" if request.param == "http" else "sse"
    yield Remote(name="far", url=f"http://127.0.0.1:{listener.getsockname()[1]}/{path}", is_sse=request.param == "sse")
    http.should_exit = True
    thread.join(TIMEOUT_S)
    listener.close()
    assert not thread.is_alive()


def test_tools_are_listed(weather: tuple[Servers, dict[str, Tool]]) -> None:
    tool = weather[1]["get_weather"]
    assert tool.server == "weather"
    assert tool.description.startswith("Get the current weather")
    assert tool.schema["required"] == ["city"]


def test_a_call(weather: tuple[Servers, dict[str, Tool]]) -> None:
    servers, tools = weather
    assert servers.call(tools["get_weather"], {"city": "Oslo"}) == Result((Text("sunny in Oslo"),))


def test_a_tool_that_fails_is_a_result(weather: tuple[Servers, dict[str, Tool]]) -> None:
    servers, tools = weather
    result = servers.call(tools["fail"], {})
    assert result.is_error
    assert "no such luck" in said(result)


def test_wrong_arguments_are_a_result(weather: tuple[Servers, dict[str, Tool]]) -> None:
    servers, tools = weather
    result = servers.call(tools["get_weather"], {"town": "Oslo"})
    assert result.is_error
    assert "city" in said(result)


def test_images_and_resources(weather: tuple[Servers, dict[str, Tool]]) -> None:
    servers, tools = weather
    pixel = base64.b64encode(toolserver.PIXEL).decode()
    assert servers.call(tools["picture"], {}).parts == (Text("Look:"), Media(pixel, "image/png"))
    assert servers.call(tools["link"], {}).parts == (Text("a\nfile:///a.txt"), Text("file:///b.txt:\nInside"))


def test_the_environment_is_the_files_and_little_else(
    weather: tuple[Servers, dict[str, Tool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    servers, tools = weather
    assert said(servers.call(tools["variable"], {"name": "TOKEN"})) == "secret"
    assert said(servers.call(tools["variable"], {"name": "OMM_HOME"})) == "unset"


def test_what_a_server_says_goes_to_a_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with started(tmp_path, program("my weather/7")) as (servers, tools):
        servers.call(tools["get_weather"], {"city": "Rome"})
    log = tmp_path / "mcp-my_weather_7.log"
    assert "asked for Rome" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0
    assert capfd.readouterr() == ("", "")


def test_a_big_log_is_begun_anew(tmp_path: Path) -> None:
    log = tmp_path / "mcp-weather.log"
    log.write_bytes(b"x" * (mcp_connection.LOG_BYTES + 1))
    with started(tmp_path, program()):
        assert log.stat().st_size == 0


def test_an_address(remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with started(tmp_path, remote) as (servers, tools):
        assert said(servers.call(tools["get_weather"], {"city": "Oslo"})) == "sunny in Oslo"


def renewed(servers: Servers) -> dict[str, Tool]:
    """The tools when a server has told of a change, which it may do only after the call that changed them."""
    tools: list[Tool] | None = None

    def has_changed() -> bool:
        nonlocal tools
        tools = servers.renewed()
        return tools is not None

    assert eventually(has_changed)
    return {tool.name: tool for tool in tools or ()}


def test_a_list_that_changes_is_asked_for_again(tmp_path: Path) -> None:
    with started(tmp_path, program("weather"), program("other")) as (servers, tools):
        assert servers.renewed() is None
        servers.call(tools["learn"], {})
        now = renewed(servers)
        assert now.keys() == tools.keys() | {"taught"}
        assert said(servers.call(now["taught"], {})) == "I know it now"


def test_a_list_at_an_address_that_changes(remote: Remote, tmp_path: Path) -> None:
    with started(tmp_path, remote) as (servers, tools):
        servers.call(tools["learn"], {})
        assert "taught" in renewed(servers)
