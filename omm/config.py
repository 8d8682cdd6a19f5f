"""Every setting as one record, and the only place that reads the environment.

Precedence: command-line flag, `OMM_*`, the `OLLAMA_*` variable of the same meaning, default.
Documentation renders from these records, so a new setting is one field here.
"""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import platformdirs

from omm import units
from omm.errors import InvalidRequest

DEFAULT_PORT = 11434
SPARE_THREADS = 64  # requests being computed, and quick ones such as lists
MAX_WAITING_THREADS = 2048


def setting(
    default: Any, parse: Callable[[str], Any], summary: str, *, ollama: bool = False, secret: bool = False
) -> Any:
    """Declare one setting. `parse` raises ValueError; `ollama` says whether `OLLAMA_<NAME>` is honoured too."""
    return dataclasses.field(
        default=default, metadata={"parse": parse, "help": summary, "ollama": ollama, "secret": secret}
    )


def _bool(text: str) -> bool:
    lowered = text.lower()
    if lowered in {"1", "true", "t", "yes", "on"}:
        return True
    if lowered in {"0", "false", "f", "no", "off", ""}:
        return False
    raise ValueError(f"expected true or false, not {text!r}")


def _debug(text: str) -> bool:
    # WIRE: OLLAMA_DEBUG may be a level, and 2 logs more than 1.
    return int(text) != 0 if text.isdecimal() else _bool(text)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"expected a whole number, not {text!r}") from None


def _count(text: str) -> int:
    number = _whole(text)
    if number < 0:
        raise ValueError(f"must not be negative: {number}")
    return number


def _port(text: str) -> int:
    number = _whole(text)
    if not 0 <= number <= 65535:
        raise ValueError(f"port out of range: {number}")
    return number


def _keep_alive(text: str) -> float:
    try:
        number = float(text)  # a bare number is seconds, as in Ollama
    except ValueError:
        return units.bounded(units.parse_duration(text))
    if not math.isfinite(number):
        raise ValueError(f"expected a duration, not {text!r}")
    return units.bounded(number)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}, not {text!r}")
        return text.lower()

    return parse


def _flash_attention(text: str) -> str:
    if text.lower() == "auto":
        return "auto"
    return "on" if _bool(text) else "off"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, merged. Build with `load`; pass down, never read the environment elsewhere."""

    host: str = setting("127.0.0.1", str.strip, "Address to listen on and to connect to: host[:port]", ollama=True)
    port: int = setting(0, _port, "Port; 0 takes the one in the host setting, else 11434")
    models: Path = setting(None, Path, "Directory of the model store; may be an Ollama directory", ollama=True)
    api_key: str = setting("", str.strip, "Key that every request must carry", secret=True)
    origins: tuple[str, ...] = setting((), _words, "Further web origins that may call the server", ollama=True)
    allowed_hosts: tuple[str, ...] = setting((), _words, "Further Host names to answer to on a loopback address")
    keep_alive: float = setting(
        300.0, _keep_alive, "How long an idle model stays loaded; negative is for ever", ollama=True
    )
    load_timeout: float = setting(300.0, _keep_alive, "Longest wait for a model to load", ollama=True)
    num_parallel: int = setting(0, _count, "Sequences decoded together per model; 0 chooses by memory", ollama=True)
    max_loaded_models: int = setting(0, _count, "Models loaded at once; 0 is 3", ollama=True)
    max_queue: int = setting(512, _count, "Requests that may wait before new ones get 503", ollama=True)
    context_length: int = setting(0, _count, "Default context in tokens; 0 chooses by memory", ollama=True)
    flash_attention: str = setting("auto", _flash_attention, "Flash attention: on, off or auto", ollama=True)
    kv_cache_type: str = setting("f16", _choice("f16", "q8_0", "q4_0"), "Number format of the KV cache", ollama=True)
    gpu_overhead: int = setting(0, units.parse_bytes, "Memory to leave free on each GPU", ollama=True)
    threads: int = setting(0, _count, "CPU threads per model; 0 is one per core, fewer for a very small model")
    max_body: int = setting(64 << 20, units.parse_bytes, "Largest request body")
    noprune: bool = setting(False, _bool, "Keep blobs that no model uses", ollama=True)
    nohistory: bool = setting(False, _bool, "Do not save the prompt history", ollama=True)
    no_start: bool = setting(False, _bool, "Commands do not start a server when none answers")
    debug: bool = setting(False, _debug, "Log more", ollama=True)

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None, **flags: Any) -> Settings:
        """Merge flags (None: not given) over the environment over the defaults.

        Raises:
            InvalidRequest: a variable has a bad value; the message names both.
        """
        env = os.environ if env is None else env
        values = {name: value for name, value in flags.items() if value is not None}
        for field in dataclasses.fields(cls):
            if field.name not in values and (found := _lookup(field, env)) is not None:
                values[field.name] = found
        values.setdefault("models", data_dir() / "models")
        return cls(**values)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to bind or to connect to."""
        host, port = split_host(self.host)
        return host, self.port or port

    @property
    def server_threads(self) -> int:
        """WSGI threads: a stream holds one for its life, a waiting request too, and some answer the rest.

        There must be more than may wait, or a full queue would never answer 503.
        """
        return min(self.max_queue, MAX_WAITING_THREADS) + SPARE_THREADS


def env_names(field: dataclasses.Field[Any]) -> list[str]:
    """Environment variables of a setting, strongest first."""
    name = field.name.upper()
    return [f"OMM_{name}", f"OLLAMA_{name}"] if field.metadata["ollama"] else [f"OMM_{name}"]


def _lookup(field: dataclasses.Field[Any], env: Mapping[str, str]) -> Any:
    for name in env_names(field):
        text = env.get(name, "").strip().strip("\"'")
        if not text:
            continue
        try:
            return field.metadata["parse"](text)
        except ValueError as exc:
            raise InvalidRequest(f"{name}: {exc}") from exc
    return None


def split_host(text: str) -> tuple[str, int]:
    """Split `[scheme://]host[:port][/path]`; without scheme the port is 11434, with one 80 or 443.

    Source: Ollama's OLLAMA_HOST.
    """
    scheme, _, rest = text.rpartition("://")
    default = {"": DEFAULT_PORT, "http": 80, "https": 443}.get(scheme, DEFAULT_PORT)
    rest = rest.split("/", 1)[0]
    if rest.startswith("["):
        host, _, tail = rest[1:].partition("]")
        port = tail.lstrip(":")
    elif rest.count(":") > 1:
        host, port = rest, ""
    else:
        host, _, port = rest.partition(":")
    number = int(port) if port.isdigit() and int(port) <= 65535 else default
    return host or "127.0.0.1", number


def data_dir() -> Path:
    """Models and other data worth keeping."""
    return Path(os.environ.get("OMM_HOME") or platformdirs.user_data_dir("omm", appauthor=False))


def state_dir() -> Path:
    """Logs and prompt history."""
    home = os.environ.get("OMM_HOME")
    return Path(home) if home else Path(platformdirs.user_state_dir("omm", appauthor=False))


def runner_env() -> dict[str, str]:
    """Environment of a runner process: what native libraries and the dynamic linker need, and no secrets.

    NOTE: a runner parses files from strangers, so keys and tokens stay out of its memory.
    """
    keep = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "TEMP", "PYTHONPATH", "VIRTUAL_ENV", "XDG_CACHE_HOME")
    prefixes = ("LD_", "DYLD_", "CUDA_", "HIP_", "ROCR_", "HSA_", "GPU_", "GGML_", "OMP_", "LC_")
    return {
        name: value
        for name, value in os.environ.items()
        if (name in keep or name.startswith(prefixes)) and name != "OMP_WAIT_POLICY"
    }


def child_env(**extra: str) -> dict[str, str]:
    """Environment for a background server started by a command."""
    return {**os.environ, **extra}
