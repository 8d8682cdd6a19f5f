"""Every setting as one record, and the only place that reads the environment.

Precedence: command-line flag, `OMM_*`, the `OLLAMA_*` variable of the same meaning, configuration file, default.
Documentation renders from these records, so a new setting is one field here.
"""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import platformdirs

from omm import units
from omm.errors import InvalidRequest

DEFAULT_PORT = 11434
FROM_FLAG, FROM_ENVIRONMENT, FROM_FILE, BY_DEFAULT = range(4)  # ranks of origins, strongest first
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


def _positive(text: str) -> int:
    number = _whole(text)
    if not 1 <= number < 1 << 31:
        raise ValueError(f"out of range: {number}")
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


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _logins(text: str) -> tuple[str, ...]:
    for word in _words(text):
        host, _, login = word.partition("=")
        if not host or ":" not in login:
            raise ValueError("expected host=user:password")  # never the text itself, which may be a password
    return _words(text)


def _sources(text: str) -> tuple[str, ...]:
    words = _words(text.lower())
    if unknown := sorted(set(words) - {"tiny", "catalogue", "huggingface", "registry"}):
        raise ValueError(f"no source is called {unknown[0]!r}: there are tiny, catalogue, huggingface, registry")
    return words


def _registry(text: str) -> str:
    url = text.rstrip("/")
    scheme, _, host = url.rpartition("://")
    if scheme not in ("", "http", "https") or not host or "/" in host or "@" in host:
        raise ValueError(f"expected [http[s]://]host[:port], not {text!r}")
    return url if scheme else f"https://{url}"


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}, not {text!r}")
        return text.lower()

    return parse


def _response_store(text: str) -> str:
    kind, colon, path = text.strip().partition(":")
    kind = kind.lower()
    if kind == "sqlite" and (path or not colon):
        return kind + colon + path
    if kind in ("none", "memory") and not colon:
        return "" if kind == "none" else kind
    raise ValueError(f"expected none, memory, sqlite or sqlite:PATH, not {text!r}")


def _flash_attention(text: str) -> str:
    if text.lower() == "auto":
        return "auto"
    return "on" if _bool(text) else "off"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, merged. Build with `load`; pass down, never read the environment elsewhere."""

    host: str = setting("127.0.0.1", str.strip, "Address to listen on and to connect to: host[:port]", ollama=True)
    port: int = setting(0, _port, "Port; 0 takes the one in the host setting, else 11434")
    models: Path = setting(None, _path, "Directory of the model store; may be an Ollama directory", ollama=True)
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
    response_store: str = setting(
        "", _response_store, "Where /v1/responses keeps answers: none, memory, sqlite or sqlite:PATH"
    )
    response_store_count: int = setting(1000, _positive, "Answers kept; the oldest go first")
    response_store_age: float = setting(30 * 86400.0, _keep_alive, "How long answers are kept; negative is for ever")
    sources: tuple[str, ...] = setting(
        ("tiny", "catalogue", "huggingface", "registry"), _sources, "Where pulls look for a name, in this order"
    )
    catalogue: Path = setting(None, Path, "File of further short names; by default catalogue.toml beside the models")
    registry: str = setting(
        "https://registry.ollama.ai", _registry, "Registry for names without a host that the catalogue lacks"
    )
    pull_streams: int = setting(4, _positive, "Connections that fetch one file together")
    pull_limit: int = setting(0, units.parse_bytes, "Most bytes per second that pulls may use together; 0 is no limit")
    pull_links: bool = setting(
        True, _bool, "Link files that Ollama, LM Studio or Hugging Face's cache have already, in place of fetching them"
    )
    partial_days: int = setting(14, _positive, "Days after which an unfinished download that nobody resumed is deleted")
    registry_logins: tuple[str, ...] = setting(
        (), _logins, "Accounts at model registries: host=user:password,…", secret=True
    )
    noprune: bool = setting(False, _bool, "Keep blobs that no model uses", ollama=True)
    nohistory: bool = setting(False, _bool, "Do not save the prompt history", ollama=True)
    no_start: bool = setting(False, _bool, "Commands do not start a server when none answers")
    debug: bool = setting(False, _debug, "Log more", ollama=True)
    log_format: str = setting("text", _choice("text", "json"), "Form of the server's log: text or json")
    log_prompts: bool = setting(False, _bool, "Log every prompt as the model sees it")

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None, **flags: Any) -> Settings:
        """Merge flags (None: not given) over the environment over the configuration file over the defaults.

        Raises:
            InvalidRequest: a variable or a line of the file has a bad value; the message names both.
        """
        return cls(**{name: found.value for name, found in resolve(env, **flags).items()})

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


@dataclasses.dataclass(frozen=True)
class Found:
    """A setting's value and where it is from: a flag, a variable, `FILE:LINE` or "default"; `rank` orders them."""

    value: Any
    origin: str
    rank: int


def resolve(env: Mapping[str, str] | None = None, **flags: Any) -> dict[str, Found]:
    """Every setting with its origin. An `env` of the caller's own reads a file only if it names one.

    Raises:
        InvalidRequest: as `Settings.load`.
    """
    path = config_path() if env is None else _named_path(env)
    env = os.environ if env is None else env
    file = read_file(path) if path else {}
    found = {}
    folders = {"models": data_dir() / "models", "catalogue": data_dir() / "catalogue.toml"}
    for field in dataclasses.fields(Settings):
        flag = flags.get(field.name)
        given = None if flag is None else Found(flag, "--" + field.name.replace("_", "-"), FROM_FLAG)
        default = folders.get(field.name, field.default)
        found[field.name] = (
            given or _lookup(field, env) or file.get(field.name) or Found(default, "default", BY_DEFAULT)
        )
    host, port = found["host"], found["port"]
    if host.rank < port.rank and _names_port(host.value):
        found["port"] = Found(0, host.origin, host.rank)  # or a file's port would win over the one in a flag's address
    return found


def _lookup(field: dataclasses.Field[Any], env: Mapping[str, str]) -> Found | None:
    for name in env_names(field):
        text = env.get(name, "").strip().strip("\"'")
        if not text:
            continue
        try:
            return Found(field.metadata["parse"](text), name, FROM_ENVIRONMENT)
        except ValueError as exc:
            raise InvalidRequest(f"{name}: {exc}") from exc
    return None


# --- the configuration file ---------------------------------------------------------------------------------------


def config_path() -> Path:
    """The configuration file, which need not exist."""
    return _named_path(os.environ) or Path(platformdirs.user_config_dir("omm", appauthor=False)) / "config.toml"


def _named_path(env: Mapping[str, str]) -> Path | None:
    if name := env.get("OMM_CONFIG"):
        return Path(name).expanduser()
    return Path(home) / "config.toml" if (home := env.get("OMM_HOME")) else None


def read_file(path: Path) -> dict[str, Found]:
    """The settings that a file names; none if it does not exist.

    Raises:
        InvalidRequest: unreadable, no TOML, no such setting, or a bad value; the message has file, line and setting.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidRequest(f"{path}: {getattr(exc, 'strerror', None) or 'not UTF-8 text'}") from exc
    return parse_file(text, path)


def parse_file(text: str, path: Path) -> dict[str, Found]:
    """The settings in a file's text. Raises InvalidRequest."""
    import tomllib  # PERF: most have no such file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise InvalidRequest(f"{path}: {exc}") from exc
    return {name: _from_file(name, value, path, line_of(name, text)) for name, value in table.items()}


def line_of(name: str, text: str) -> int:
    """The line, from 1, on which a file's text gives a setting."""
    match = re.search(rf"""^[ \t]*(?:\[[ \t]*)?["']?{re.escape(name)}["']?[ \t]*[=.\]]""", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _from_file(name: str, value: Any, path: Path, line: int) -> Found:
    where = f"{path}:{line}"
    field = Settings.__dataclass_fields__.get(name)
    if field is None:
        from difflib import get_close_matches  # PERF: 5 ms that only a mistake has to pay

        near = get_close_matches(name, list(Settings.__dataclass_fields__), 1)
        raise InvalidRequest(f"{where}: no such setting: {name}" + (f", did you mean {near[0]}?" if near else ""))
    try:
        parsed = field.metadata["parse"](_as_text(value))
    except ValueError as exc:
        raise InvalidRequest(f"{where}: {name}: {exc}") from exc
    # A path is meant from where it is written, not from where a command happens to run.
    return Found(path.absolute().parent / parsed if isinstance(parsed, Path) else parsed, where, FROM_FILE)


def _as_text(value: Any) -> str:
    """A value of TOML as a flag or a variable would have it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(item, str) for item in value):
            return ",".join(value)
    raise ValueError(f"expected text, a number, true, false or a list of texts, not {value!r}")


# --- hosts and folders --------------------------------------------------------------------------------------------


def _names_port(text: str) -> bool:
    """Whether an address decides its port, if only by a scheme."""
    return "://" in text or split_host(text)[1] != DEFAULT_PORT or text.endswith(f":{DEFAULT_PORT}")


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
    number = int(port) if port.isdecimal() and len(port) <= 5 and int(port) <= 65535 else default
    return host or "127.0.0.1", number


def data_dir() -> Path:
    """Models and other data worth keeping."""
    return Path(os.environ.get("OMM_HOME") or platformdirs.user_data_dir("omm", appauthor=False))


def state_dir() -> Path:
    """Logs and prompt history."""
    home = os.environ.get("OMM_HOME")
    return Path(home) if home else Path(platformdirs.user_state_dir("omm", appauthor=False))


def place_env() -> dict[str, str]:
    """The variables that say where omm keeps things, as far as they are set; absolute."""
    names = ("OMM_HOME", "OMM_CONFIG", "HF_HOME")
    return {name: str(Path(value).expanduser().absolute()) for name in names if (value := os.environ.get(name))}


def huggingface_url() -> str:
    """Where huggingface-hub looks for models."""
    return os.environ.get("HF_ENDPOINT") or "https://huggingface.co"


def editor() -> list[str]:
    """The command that edits a file, without its name."""
    names = ("OMM_EDITOR", "OLLAMA_EDITOR", "VISUAL", "EDITOR")
    return next((command for name in names if (command := os.environ.get(name, "").split())), ["vi"])


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
