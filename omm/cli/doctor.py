"""omm doctor: what omm needs of this machine, checked, each with the way to mend it. Changes nothing.

PERF: what only this command needs is imported in its functions, as every command imports this module.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from omm import __version__, config, units
from omm.cli import output
from omm.cli.client import Client, Unreachable
from omm.cli.params import Exit
from omm.cli.session import Session
from omm.config import Settings
from omm.errors import OmmError, Unauthorized

if TYPE_CHECKING:
    import typer

MIN_PYTHON = (3, 11)
LOW_MEMORY = 2 << 30
LOW_DISK = 5 << 30
NO_DISK = 1 << 28
ENGINE_TIMEOUT_S = 60.0
NETWORK_TIMEOUT_S = 8.0
OLLAMA_REGISTRY = "https://registry.ollama.ai"
COLOURS = {"ok": "32", "warn": "33", "fail": "31"}


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding. `fix` says what to do about it, where something is to be done."""

    name: str
    status: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""


class Device(msgspec.Struct, frozen=True):
    """An accelerator as the engine tells of it, in bytes."""

    name: str
    free: int
    total: int


def doctor(session: Session, as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False) -> None:
    """Check that this machine has what omm needs"""
    checks = list(examine(lambda: session.settings))
    if as_json:
        output.print_json(checks)
    else:
        for check in checks:
            show(check)
    if any(check.status == "fail" for check in checks):
        raise Exit(1)


def show(check: Check) -> None:
    """Print a finding, and below it what to do."""
    start, end = (f"\x1b[{COLOURS[check.status]}m", "\x1b[0m") if output.has_colour() else ("", "")
    output_line = output.shown(check.found, sys.stdout)
    print(f"{start}{check.status:<4}{end}  {check.name:<9}  {output_line}")
    if check.fix:
        print(f"{'':<17}{check.fix}")


def examine(load: Callable[[], Settings]) -> Iterator[Check]:
    """All checks; those of the settings only if they can be read."""
    yield python()
    yield engine()
    yield memory()
    try:
        settings = load()
    except OmmError as exc:
        yield Check("settings", "fail", exc.message, "omm config edit, or mend the variable")
        return
    yield configuration(settings)
    yield disk(settings.models)
    yield from permissions(settings.models)
    yield server(Client(settings))
    yield proxies()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        yield from pool.map(registry, ("hf.co", "ollama"), (config.huggingface_url(), OLLAMA_REGISTRY))


# --- this installation --------------------------------------------------------------------------------------------


def python() -> Check:
    """The interpreter."""
    import platform

    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info[:2] < MIN_PYTHON:
        return Check(
            "python", "fail", found, "omm needs Python 3.11 or newer: install one, then run ./install.sh again"
        )
    return Check("python", "ok", found)


def engine() -> Check:
    """llama.cpp: whether it loads, and the accelerators it was built for. Asked in a process that may crash."""
    import importlib.metadata

    try:
        version = importlib.metadata.version("llama-cpp-python")
    except importlib.metadata.PackageNotFoundError:
        return Check("engine", "fail", "llama-cpp-python is not installed", "run ./install.sh")
    command = [sys.executable, "-P", "-m", "omm.engine.devices"]
    try:
        done = subprocess.run(
            command, env=config.runner_env(), capture_output=True, timeout=ENGINE_TIMEOUT_S, check=False
        )
        devices = msgspec.json.decode((done.stdout.splitlines() or [b""])[-1], type=list[Device])
    except subprocess.TimeoutExpired:
        return Check(
            "engine", "fail", "a driver does not answer", "restart the machine, or bring its driver up to date"
        )
    except msgspec.DecodeError:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or [f"status {done.returncode}"])[-1]
        return Check(
            "engine", "fail", f"llama.cpp does not load: {last}", "OMM_BACKEND=auto ./install.sh builds it anew"
        )
    return engine_with(version, devices, unused_accelerator())


def engine_with(version: str, devices: list[Device], unused: str) -> Check:
    """What to say of an engine that loads; `unused` names an accelerator that the machine seems to have."""
    rows = [f"{d.name} ({units.format_bytes(d.free)} of {units.format_bytes(d.total)} free)" for d in devices]
    found = f"llama-cpp-python {version}, {', '.join(rows) or 'CPU only'}"
    if not devices and unused:
        fix = f"this build of llama.cpp does not use it: OMM_BACKEND={unused} ./install.sh"
        return Check("engine", "warn", f"{found}, though the machine seems to have an accelerator", fix)
    return Check("engine", "ok", found)


def unused_accelerator() -> str:
    """The backend of an accelerator that the system knows of; empty for none."""
    import shutil

    if Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi"):
        return "cuda"
    return "rocm" if Path("/dev/kfd").exists() else ""


# --- this machine -------------------------------------------------------------------------------------------------


def memory() -> Check:
    """The memory that models may take."""
    import psutil

    now = psutil.virtual_memory()
    found = f"{units.format_bytes(now.available)} of {units.format_bytes(now.total)} free"
    if now.available < LOW_MEMORY:
        return Check("memory", "warn", found, "only small models fit: omm stop unloads one, or close other programs")
    return Check("memory", "ok", found)


def disk(models: Path) -> Check:
    """The room for models."""
    import shutil

    free = shutil.disk_usage(existing(models)).free
    found = f"{units.format_bytes(free)} free for {models}"
    fix = "omm rm removes a model; omm config set models DIR uses another disk for all of them"
    status: Literal["ok", "warn", "fail"] = "fail" if free < NO_DISK else "warn" if free < LOW_DISK else "ok"
    return Check("disk", status, found, "" if status == "ok" else fix)


def existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    # NOTE: not Path.exists, which raises where a folder may not be looked into.
    return next((part for part in (path, *path.absolute().parents) if os.path.exists(part)), Path("/"))


def permissions(models: Path) -> Iterator[Check]:
    """Folders that must be writable."""
    for name, folder in (("models", models), ("state", config.state_dir())):
        nearest = existing(folder)
        if not nearest.is_dir():
            yield Check(name, "fail", f"{nearest} is no folder", f"move it away, or choose another place than {folder}")
        elif not os.access(nearest, os.W_OK | os.X_OK):
            fix = f"sudo chown -R {os.getuid()} {nearest}, or set OMM_HOME to a folder of yours"
            yield Check(name, "fail", f"{nearest} cannot be written", fix)
        else:
            yield Check(name, "ok", str(folder))


# --- settings and the server --------------------------------------------------------------------------------------


def configuration(settings: Settings) -> Check:
    """The settings as a whole: a file that others read, and a server that others reach."""
    path = config.config_path()
    host, _ = settings.address
    if path.exists() and settings.api_key and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check("settings", "warn", f"other users can read {path}, which may hold your key", f"chmod 600 {path}")
    if host in ("0.0.0.0", "::") and not settings.api_key:
        fix = "omm config set api_key KEY, or omm config set host 127.0.0.1"
        return Check("settings", "warn", "the server is to listen on every address, without a key", fix)
    return Check("settings", "ok", str(path) if path.exists() else f"no file at {path}, which is fine")


def server(client: Client) -> Check:
    """Who answers at the server's address."""
    where = client.address
    try:
        version = client.version()
    except Unreachable as exc:
        if where.is_loopback and not is_taken(where.host, where.port):
            return Check("server", "ok", f"none at {where}; commands start one")
        return Check("server", "fail", exc.message, "start it there, or set OMM_HOST to another address")
    except Unauthorized as exc:
        return Check("server", "fail", exc.message, "omm config set api_key KEY, or set OMM_API_KEY")
    except OmmError as exc:
        fix = "stop that program, or give omm another port: omm config set port 11500"
        return Check("server", "fail", exc.message, fix)
    if version != __version__:
        fix = (
            "omm shutdown stops an older omm; if it is Ollama's, stop it or give omm another port: omm config set port"
        )
        return Check("server", "warn", f"{version} at {where}, while this program is {__version__}", fix)
    return Check("server", "ok", f"{version} at {where}")


def is_taken(host: str, port: int) -> bool:
    """Whether something listens on an address of this machine, or the system keeps us from it."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return True
    return False


# --- network ------------------------------------------------------------------------------------------------------


def proxies() -> Check:
    """Proxies, which the server must not be reached through."""
    import urllib.request

    found = {kind: url for kind, url in urllib.request.getproxies().items() if kind in ("http", "https", "all")}
    if not found:
        return Check("proxies", "ok", "none")
    names = ", ".join(f"{kind} through {without_password(url)}" for kind, url in sorted(found.items()))
    if not all(urllib.request.proxy_bypass(host) for host in ("localhost", "127.0.0.1")):
        fix = "omm itself goes round it, other clients may not: export NO_PROXY=localhost,127.0.0.1,::1"
        return Check("proxies", "warn", names, fix)
    return Check("proxies", "ok", names)


def without_password(url: str) -> str:
    """A proxy's address without who uses it."""
    scheme, separator, rest = url.rpartition("://")
    return scheme + separator + rest.rpartition("@")[2]


def registry(name: str, url: str) -> Check:
    """Whether a place that models come from can be reached; any answer will do."""
    import urllib.error
    import urllib.request

    try:
        request = urllib.request.Request(url, method="HEAD", headers={"User-Agent": f"omm/{__version__}"})
        with urllib.request.urlopen(request, timeout=NETWORK_TIMEOUT_S):
            pass
    except urllib.error.HTTPError:
        pass
    except (OSError, ValueError) as exc:
        cause = getattr(exc, "reason", None) or exc
        reason = getattr(cause, "strerror", None) or cause
        fix = "check the network, or set HTTPS_PROXY; models that are here already work without it"
        return Check(name, "warn", f"cannot reach {url}: {reason}", fix)
    return Check(name, "ok", f"{url} answers")
