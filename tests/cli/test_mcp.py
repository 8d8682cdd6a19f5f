"""Several MCP servers at once: what becomes of those that fail, and how they end."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import psutil
import pytest

from omm.cli import mcp
from omm.cli.mcp import Servers
from omm.cli.mcp_config import Program, Remote
from omm.cli.mcp_connection import Tool
from omm.errors import Unsupported
from tests.cli.toolclient import program, said, started


def test_a_server_that_dies_is_an_error_and_the_others_live(tmp_path: Path) -> None:
    with started(tmp_path, program("weather"), program("other")) as (servers, tools):
        result = servers.call(tools["die"], {})
        assert (result.is_error, said(result)) == (True, "Connection closed")
        assert not servers.is_alive("weather")
        assert servers.call(tools["fail"], {}).is_error
        assert servers.is_alive("other")
        assert said(servers.call(Tool("other", "get_weather", "", {}), {"city": "Oslo"})) == "sunny in Oslo"


@pytest.mark.slow
def test_a_call_has_a_time_limit(tmp_path: Path) -> None:
    with started(tmp_path, program(), timeout_s=15) as (servers, tools):
        result = servers.call(tools["hang"], {"path": str(tmp_path / "called")})
        assert result.is_error
        assert (tmp_path / "called").exists()


def test_stubborn_servers_are_ended(tmp_path: Path) -> None:
    with started(tmp_path, program("weather", str(tmp_path / "pid"))):
        process = psutil.Process(int((tmp_path / "pid").read_text()))
    assert not process.is_running()


def test_closing_twice_and_before_the_start(tmp_path: Path) -> None:
    with started(tmp_path, program()) as (servers, _):
        servers.close()
    Servers([program()], timeout_s=1, log_dir=tmp_path).close()


def test_why_servers_could_not_be_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configs = [
        Program(name="none", command="/no/such/program"),
        Program(name="ends", command="sh", args=("-c", "echo oops >&2; exit 3")),
        Program(name="silent", command="sleep", args=("1000",)),
        Remote(name="far", url=f"http://127.0.0.1:{port}/mcp"),
    ]
    servers = Servers(configs, timeout_s=3, log_dir=tmp_path)
    try:
        tools, failures = servers.start()
    finally:
        servers.close()
    reasons = {failure.server: failure.reason for failure in failures}
    assert not tools
    assert reasons == {
        "none": "/no/such/program: No such file or directory",
        "ends": f"Connection closed (see {tmp_path / 'mcp-ends.log'})",
        "silent": "no answer within 3 seconds",
        "far": "All connection attempts failed",
    }
    children = psutil.Process().children(recursive=True)
    assert "sleep" not in [child.name() for child in children]


# --- the package --------------------------------------------------------------------------------------------------


def test_install_command_fits_the_installation(tmp_path: Path) -> None:
    assert mcp.install_command(tmp_path) == f"{sys.executable} -m pip install '{mcp.PACKAGE}'"
    pipx = tmp_path / "omm"
    pipx.mkdir()
    (pipx / "pipx_metadata.json").touch()
    assert mcp.install_command(pipx) == f"pipx inject omm '{mcp.PACKAGE}'"
    tool = tmp_path / "tools" / "omm"
    tool.mkdir(parents=True)
    (tool / "uv-receipt.toml").touch()
    assert mcp.install_command(tool) == f"uv tool install --with '{mcp.PACKAGE}' omm"


def test_the_package_is_named_alike_everywhere(repository: Path) -> None:
    assert f'mcp = ["{mcp.PACKAGE}"]' in (repository / "pyproject.toml").read_text()


def test_without_the_package_the_way_to_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(Unsupported, match=r"pip install 'mcp>="):
        Servers([program()], timeout_s=1, log_dir=tmp_path)
