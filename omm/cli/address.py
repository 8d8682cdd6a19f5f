"""Where the server is, as the command line's settings say, and the proxy before it. Connects to nothing."""

from __future__ import annotations

import dataclasses

from omm.config import Settings, split_host
from omm.values import host_parts

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UNSPECIFIED = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclasses.dataclass(frozen=True)
class Address:
    """Where the server is. `path` is a prefix without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Address:
        """Read scheme and path, which only a client needs, beside the settings' host and port."""
        scheme, _, _ = host_parts(settings.host)
        path = settings.host.rpartition("://")[2].partition("/")[2].rstrip("/")
        host, port = split_host(settings.host)
        return cls(scheme or "http", UNSPECIFIED.get(host, host), settings.port or port, f"/{path}" if path else "")

    @property
    def is_loopback(self) -> bool:
        """Whether the server can only be on this machine."""
        return self.host in LOOPBACK or self.host.startswith("127.")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def proxy_for(address: Address) -> tuple[str, int] | None:
    """Host and port of the proxy that the environment names for an address; None where it is reached directly."""
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    proxy = getproxies().get(address.scheme)
    if not proxy or proxy_bypass(address.host):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return (parts.hostname, parts.port or 80) if parts.hostname else None
