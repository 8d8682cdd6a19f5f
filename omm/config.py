"""Every setting as one record, and the only place that reads the environment.

Precedence: command-line flag, `OMM_*`, the `OLLAMA_*` variable of the same meaning, configuration file, default.
Documentation renders from these records, so a new setting is one field here.
"""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omm import units, values
from omm.errors import InvalidRequest

if TYPE_CHECKING:
    from omm.tomltext import Place
    from omm.types import Alias, ModelTable

DEFAULT_PORT = 11434
VARIABLE = re.compile(r"\$\{(?:env:)?(\w+)(?::-([^}]*))?\}")
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


def table(summary: str) -> Any:
    """Declare a table of the configuration file, which has no flag and no variable."""
    return dataclasses.field(default=(), metadata={"help": summary})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, merged. Build with `load`; pass down, never read the environment elsewhere.

    `whence` says where each is from, as `Found.origin`.
    """

    host: str = setting("127.0.0.1", values.host, "Address to listen on and to connect to: host[:port]", ollama=True)
    port: int = setting(0, values.port, "Port; 0 takes the one in the host setting, else 11434")
    models: Path = setting(None, values.path, "Directory of the model store; may be an Ollama directory", ollama=True)
    api_key: str = setting("", str.strip, "Key that every request must carry", secret=True)
    origins: tuple[str, ...] = setting((), values.words, "Further web origins that may call the server", ollama=True)
    allowed_hosts: tuple[str, ...] = setting((), values.words, "Further Host names to answer to on a loopback address")
    keep_alive: float = setting(
        300.0, values.keep_alive, "How long an idle model stays loaded; negative is for ever", ollama=True
    )
    load_timeout: float = setting(300.0, values.keep_alive, "Longest wait for a model to load", ollama=True)
    num_parallel: int = setting(
        0, values.count, "Sequences decoded together per model; 0 chooses by memory", ollama=True
    )
    max_loaded_models: int = setting(0, values.count, "Models loaded at once; 0 is 3", ollama=True)
    max_queue: int = setting(512, values.count, "Requests that may wait before new ones get 503", ollama=True)
    context_length: int = setting(0, values.count, "Default context in tokens; 0 chooses by memory", ollama=True)
    flash_attention: str = setting("auto", values.flash_attention, "Flash attention: on, off or auto", ollama=True)
    kv_cache_type: str = setting("f16", values.kv_cache_type, "Number format of the KV cache", ollama=True)
    gpu_overhead: int = setting(0, units.parse_bytes, "Memory to leave free on each GPU", ollama=True)
    threads: int = setting(0, values.count, "CPU threads per model; 0 is one per core, fewer for a very small model")
    max_body: int = setting(64 << 20, units.parse_bytes, "Largest request body")
    response_store: str = setting(
        "", values.response_store, "Where /v1/responses keeps answers: none, memory, sqlite or sqlite:PATH"
    )
    response_store_count: int = setting(1000, values.positive, "Answers kept; the oldest go first")
    response_store_age: float = setting(
        30 * 86400.0, values.keep_alive, "How long answers are kept; negative is for ever"
    )
    sources: tuple[str, ...] = setting(
        ("tiny", "catalogue", "huggingface", "web", "registry"),
        values.sources,
        "Where pulls look for a name, in this order",
    )
    catalogue: Path = setting(None, Path, "File of further short names; by default catalogue.toml beside the models")
    registry: str = setting(
        "https://registry.ollama.ai", values.registry, "Registry for names without a host that the catalogue lacks"
    )
    pull_streams: int = setting(4, values.positive, "Connections that fetch one file together")
    pull_limit: int = setting(0, units.parse_bytes, "Most bytes per second that pulls may use together; 0 is no limit")
    pull_links: bool = setting(
        True,
        values.boolean,
        "Link files that Ollama, LM Studio or Hugging Face's cache have already, in place of fetching them",
    )
    partial_days: int = setting(
        14, values.positive, "Days after which an unfinished download that nobody resumed is deleted"
    )
    registry_logins: tuple[str, ...] = setting(
        (), values.logins, "Accounts at model registries: host=user:password,…", secret=True
    )
    noprune: bool = setting(False, values.boolean, "Keep blobs that no model uses", ollama=True)
    nohistory: bool = setting(False, values.boolean, "Do not save the prompt history", ollama=True)
    history_limit: int = setting(1000, values.count, "Entries that the prompt history keeps")
    mcp_rounds: int = setting(25, values.positive, "Answers in a row in which a model may call tools of omm run --mcp")
    mcp_timeout: float = setting(
        120.0, values.keep_alive, "Longest wait for a tool server to start, and for each of its tools"
    )
    no_start: bool = setting(False, values.boolean, "Commands do not start a server when none answers")
    debug: bool = setting(False, values.debug, "Log more", ollama=True)
    log_format: str = setting("text", values.choice("text", "json"), "Form of the server's log: text or json")
    log_prompts: bool = setting(False, values.boolean, "Log every prompt as the model sees it")
    model: tuple[ModelTable, ...] = table("Settings of the models that a pattern names")
    alias: tuple[Alias, ...] = table("Further names of models")
    whence: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None, **flags: Any) -> Settings:
        """Merge flags (None: not given) over the environment over the configuration file over the defaults.

        Raises:
            InvalidRequest: a variable or a line of the file has a bad value; the message names both.
        """
        found = resolve(env, **flags)
        whence = {name: row.origin for name, row in found.items()}
        return cls(**{name: row.value for name, row in found.items()}, whence=whence)

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


SETTINGS: dict[str, dataclasses.Field[Any]] = {
    field.name: field for field in dataclasses.fields(Settings) if "parse" in field.metadata
}
TABLES = ("model", "alias")


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
    for field in SETTINGS.values():
        flag = flags.get(field.name)
        given = None if flag is None else Found(flag, "--" + field.name.replace("_", "-"), FROM_FLAG)
        default = folders.get(field.name, field.default)
        found[field.name] = (
            given or _lookup(field, env) or file.get(field.name) or Found(default, "default", BY_DEFAULT)
        )
    host, port = found["host"], found["port"]
    if host.rank < port.rank and _names_port(host.value):
        found["port"] = Found(0, host.origin, host.rank)  # or a file's port would win over the one in a flag's address
    found |= {name: file.get(name) or Found((), "default", BY_DEFAULT) for name in TABLES}
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
    return _named_path(os.environ) or _user_dir("config", "XDG_CONFIG_HOME", "~/.config") / "config.toml"


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
        text = path.read_text(encoding="utf-8-sig")  # as editors on Windows write it
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidRequest(f"{path}: {getattr(exc, 'strerror', None) or 'not UTF-8 text'}") from exc
    return parse_file(text, path)


def parse_file(text: str, path: Path) -> dict[str, Found]:
    """The settings in a file's text. Raises InvalidRequest."""
    import tomllib  # PERF: most have no such file

    from omm.tomltext import Place, lines

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise InvalidRequest(f"{path}: {exc}") from exc
    place = Place(str(path), lines(text))
    return {name: _from_file(name, value, place.at(name)) for name, value in table.items()}


def _from_file(name: str, value: Any, place: Place) -> Found:
    from omm import tables

    if name in TABLES:
        read = tables.read_models if name == "model" else tables.read_aliases
        return Found(read(value, place), place.where, FROM_FILE)
    if name not in SETTINGS:
        raise InvalidRequest(f"{place.where}: {tables.unknown(name, [*SETTINGS, *TABLES])}")
    try:
        parsed = SETTINGS[name].metadata["parse"](values.as_text(value))
    except ValueError as exc:
        raise InvalidRequest(f"{place.where}: {name}: {exc}") from exc
    # A path is meant from where it is written, not from where a command happens to run.
    folder = Path(place.file).absolute().parent
    return Found(folder / parsed if isinstance(parsed, Path) else parsed, place.where, FROM_FILE)


# --- hosts and folders --------------------------------------------------------------------------------------------


def _names_port(text: str) -> bool:
    """Whether an address decides its port, if only by a scheme."""
    return "://" in text or split_host(text)[1] != DEFAULT_PORT or text.endswith(f":{DEFAULT_PORT}")


def split_host(text: str) -> tuple[str, int]:
    """Host and port of `[scheme://]host[:port][/path]`; without scheme the port is 11434, with one 80 or 443.

    Source: Ollama's OLLAMA_HOST. Unlike there, a port that is none is a ValueError.
    """
    scheme, host, port = values.host_parts(text)
    default = {"http": 80, "https": 443}.get(scheme, DEFAULT_PORT)
    return host or "127.0.0.1", values.port(port) if port else default


def data_dir() -> Path:
    """Models and other data worth keeping."""
    home = os.environ.get("OMM_HOME")
    return Path(home) if home else _user_dir("data", "XDG_DATA_HOME", "~/.local/share")


def state_dir() -> Path:
    """Logs and prompt history."""
    home = os.environ.get("OMM_HOME")
    return Path(home) if home else _user_dir("state", "XDG_STATE_HOME", "~/.local/state")


def _user_dir(kind: str, variable: str, usual: str, platform: str = sys.platform) -> Path:
    """Where the system has what programs keep for their user. Source: XDG Base Directory Specification."""
    if platform == "linux":  # PERF: platformdirs takes 6 ms, a twelfth of a short command
        named = os.environ.get(variable, "")
        return Path(named if named.startswith("/") else os.path.expanduser(usual)) / "omm"
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("omm", appauthor=False))


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


def filled(text: str) -> str:
    """A text with the variables of the environment that it names: `${NAME}`, `${env:NAME}` or `${NAME:-default}`.

    Raises:
        KeyError: there is no such variable, and no default.
    """

    def value(named: re.Match[str]) -> str:
        name, default = named.groups()
        return os.environ[name] if default is None else os.environ.get(name) or default

    return VARIABLE.sub(value, text)


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
