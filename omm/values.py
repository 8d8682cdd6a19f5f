"""How the texts of settings become values: from flags, variables, or the configuration file. Pure.

Each reader raises ValueError with what is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from omm import units

DEVICE = re.compile(r"auto|cpu|metal|(cuda|vulkan)(:[0-9]{1,3})?")


def as_text(value: Any) -> str:
    """A value of TOML as a flag or a variable would have it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(item, str) for item in value):
            return ",".join(value)
    raise ValueError(f"expected text, a number, true, false or a list of texts, not {value!r}")


def written(value: Any) -> str:
    """A setting's value as one would write it; seconds, which alone have fractions, as a duration."""
    match value:
        case None:
            return ""
        case bool():
            return as_text(value)
        case float():
            return units.format_duration(int(value * 1e9)) if value >= 0 else "-1"
        case tuple():
            return ",".join(value)
    return str(value)


def boolean(text: str) -> bool:
    """Yes or no, in any of the usual words."""
    lowered = text.lower()
    if lowered in {"1", "true", "t", "yes", "on"}:
        return True
    if lowered in {"0", "false", "f", "no", "off", ""}:
        return False
    raise ValueError(f"expected true or false, not {text!r}")


def debug(text: str) -> bool:
    """Whether to log more."""
    # WIRE: OLLAMA_DEBUG may be a level, and 2 logs more than 1.
    return int(text) != 0 if text.isdecimal() else boolean(text)


def whole(text: str) -> int:
    """An integer."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"expected a whole number, not {text!r}") from None


def count(text: str) -> int:
    """An integer from 0 to what C can hold."""
    number = whole(text)
    if number < 0:
        raise ValueError(f"must not be negative: {number}")
    if number >= 1 << 31:
        raise ValueError(f"out of range: {number}")
    return number


def positive(text: str) -> int:
    """An integer from 1 to what C can hold."""
    number = whole(text)
    if not 1 <= number < 1 << 31:
        raise ValueError(f"out of range: {number}")
    return number


def host_parts(text: str) -> tuple[str, str, str]:
    """Scheme, host and port of `[scheme://]host[:port][/path]`, each empty where it is not said."""
    scheme, _, rest = text.strip().rpartition("://")
    rest = rest.split("/", 1)[0]
    if rest.startswith("["):
        name, _, tail = rest[1:].partition("]")
        number = tail[1:] if tail[:1] == ":" else tail and f"]{tail}"
    else:
        name, _, number = rest.partition(":") if rest.count(":") < 2 else (rest, "", "")
    return scheme.lower(), name, number


def host(text: str) -> str:
    """An address, as it was written."""
    scheme, name, number = host_parts(text)
    if scheme not in ("", "http", "https") or "@" in name + number:  # the text may hold a password
        raise ValueError("expected [http[s]://]host[:port][/path]")
    if number:
        port(number)
    return text.strip()


def device(text: str) -> str:
    """Where a model shall run."""
    if not DEVICE.fullmatch(text):
        raise ValueError("must be auto, cpu, cuda, cuda:N, metal or vulkan")
    return text


def port(text: str) -> int:
    """A TCP port; 0 is none."""
    number = whole(text)
    if not 0 <= number <= 65535:
        raise ValueError(f"port out of range: {number}")
    return number


def keep_alive(text: str) -> float:
    """Seconds, negative for ever: a number of seconds, or a duration as in Go."""
    try:
        number = float(text)  # a bare number is seconds, as in Ollama
    except ValueError:
        return units.bounded(units.parse_duration(text))
    if not math.isfinite(number):
        raise ValueError(f"expected a duration, not {text!r}")
    return units.bounded(number)


def path(text: str) -> Path:
    """A path, `~` expanded."""
    return Path(text).expanduser()


def words(text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def logins(text: str) -> tuple[str, ...]:
    """`host=user:password` between commas."""
    for word in words(text):
        host, _, login = word.partition("=")
        if not host or ":" not in login:
            raise ValueError("expected host=user:password")  # never the text itself, which may be a password
    return words(text)


def sources(text: str) -> tuple[str, ...]:
    """Names of places that models come from."""
    names = words(text.lower())
    if unknown := sorted(set(names) - {"tiny", "catalogue", "huggingface", "web", "registry"}):
        raise ValueError(f"no source is called {unknown[0]!r}: there are tiny, catalogue, huggingface, web, registry")
    return names


def registry(text: str) -> str:
    """The address of a registry, without a path."""
    url = text.rstrip("/")
    scheme, _, host = url.rpartition("://")
    if scheme not in ("", "http", "https") or not host or "/" in host or "@" in host:
        raise ValueError(f"expected [http[s]://]host[:port], not {text!r}")
    return url if scheme else f"https://{url}"


def choice(*allowed: str) -> Callable[[str], str]:
    """A reader that takes these words only, in any case."""

    def parse(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}, not {text!r}")
        return text.lower()

    return parse


kv_cache_type = choice("f16", "q8_0", "q4_0")


def response_store(text: str) -> str:
    """Where answers are kept; empty for nowhere."""
    kind, colon, path = text.strip().partition(":")
    kind = kind.lower()
    if kind == "sqlite" and (path or not colon):
        return kind + colon + path
    if kind in ("none", "memory") and not colon:
        return "" if kind == "none" else kind
    raise ValueError(f"expected none, memory, sqlite or sqlite:PATH, not {text!r}")


def flash_attention(text: str) -> str:
    """on, off or auto; a boolean is on or off."""
    if text.lower() == "auto":
        return "auto"
    return "on" if boolean(text) else "off"
