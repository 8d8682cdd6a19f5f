"""Who may call: Host, Origin and API key, checked before routing so that no path is open by mistake.

A browser is the attacker here as much as the network: any web page can make it send requests to a loopback address.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import falcon

from omm.config import Settings
from omm.errors import Forbidden, Unauthorized

METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_STAINLESS = (
    "arch async custom-poll-interval helper-method lang os package-version poll-helper retry-count runtime "
    "runtime-version timeout"
)
ALLOWED_HEADERS = ", ".join(
    [
        *("authorization", "content-type", "user-agent", "accept", "x-requested-with", "x-api-key", "openai-beta"),
        *("anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access"),
        *("x-app", "x-claude-code-session-id"),
        *(f"x-stainless-{name}" for name in _STAINLESS.split()),
    ]
)
PREFLIGHT_SECONDS = "43200"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
LOCAL_SUFFIXES = (".localhost", ".local", ".internal")


NO_KEY = (
    "missing or wrong API key; send it as `Authorization: Bearer KEY` or `x-api-key: KEY`, "
    "or set OMM_API_KEY for omm's own commands"
)


class Gate:
    """Middleware: refuses strange hosts and web origins, answers CORS preflights, demands the key."""

    def __init__(self, settings: Settings) -> None:
        self._checks_host = is_loopback(settings.address[0])
        self._hosts = frozenset({socket.gethostname().lower(), *(name.lower() for name in settings.allowed_hosts)})
        self._origins = settings.origins
        self._key = key_digest(settings)

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises the refusal, or completes the response of a preflight."""
        origin = req.get_header("origin")
        if origin is not None:
            resp.append_header("vary", "origin")
        self.check_sender(req.method, req.headers)
        if origin is not None and is_allowed_origin(origin, self._origins):
            resp.set_header("access-control-allow-origin", "*" if "*" in self._origins else origin)
        if _is_preflight(req):
            answer_preflight(req, resp)
        else:
            self.check_key(req.headers)

    def check_sender(self, method: str, headers: Mapping[str, str]) -> None:
        """Raise Forbidden for a strange host or web origin. `headers` has upper-case names with dashes."""
        host, origin = headers.get("HOST", ""), headers.get("ORIGIN")
        if self._checks_host and not is_trusted_host(host, self._hosts):
            raise Forbidden(f"host {host!r} is not allowed; add it to OMM_ALLOWED_HOSTS if it is yours")
        if origin is None:
            if headers.get("SEC-FETCH-SITE") == "cross-site" and method not in SAFE_METHODS:
                raise Forbidden("cross-site requests are not allowed")
        elif not (
            is_allowed_origin(origin, self._origins)
            or (is_same_origin(origin, host) and is_trusted_host(host, self._hosts))
        ):
            raise Forbidden(f"origin {origin!r} is not allowed; add it to OMM_ORIGINS if you trust it")

    def check_key(self, headers: Mapping[str, str]) -> None:
        """Raise Unauthorized when a key is needed and missing or wrong. `headers` as for `check_sender`."""
        if self._key is not None and not is_authorized(headers, self._key):
            raise Unauthorized(NO_KEY)


# --- hosts and origins ------------------------------------------------------------------------------------------


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_name(host: str) -> str:
    """A Host header without port, brackets and trailing dot."""
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower().removesuffix(".")


def is_trusted_host(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header can only mean this machine, so that no foreign name was rebound to it."""
    name = host_name(host)
    if not name or name == "localhost" or name in names or name.endswith(LOCAL_SUFFIXES):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def is_allowed_origin(origin: str, patterns: tuple[str, ...]) -> bool:
    """Whether a web page or application of this origin may call: loopback ones and the listed."""
    if any(_matches(origin, pattern) for pattern in patterns):
        return True
    try:
        parts = urlsplit(origin)
        name = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and name in LOOPBACK_NAMES


def _matches(origin: str, pattern: str) -> bool:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, origin, re.IGNORECASE) is not None


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page was served from the very address it calls."""
    return origin.partition("://")[2].lower() == host.lower()


def _is_preflight(req: falcon.Request) -> bool:
    asks = req.get_header("access-control-request-method") is not None
    return req.method == "OPTIONS" and asks and req.get_header("origin") is not None


def answer_preflight(req: falcon.Request, resp: falcon.Response) -> None:
    """Tell a browser what an allowed origin may send. Needs no key: a browser never sends one here."""
    resp.status = falcon.HTTP_204
    resp.set_header("access-control-allow-methods", METHODS)
    resp.set_header("access-control-allow-headers", ALLOWED_HEADERS)
    resp.set_header("access-control-max-age", PREFLIGHT_SECONDS)
    if req.get_header("access-control-request-private-network") == "true":
        resp.set_header("access-control-allow-private-network", "true")
    resp.complete = True


# --- key --------------------------------------------------------------------------------------------------------


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def key_digest(settings: Settings) -> bytes | None:
    """SHA-256 of the key that requests must carry; None when they need none."""
    return _digest(settings.api_key.encode()) if settings.api_key else None


def is_authorized(headers: Mapping[str, str], key: bytes) -> bool:
    """Whether the Bearer token or the x-api-key header is the key, given as its SHA-256; in constant time.

    `headers` has upper-case names with dashes.
    """
    scheme, _, token = headers.get("AUTHORIZATION", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    candidates = (bearer, headers.get("X-API-KEY", "").strip())
    # WSGI headers are bytes read as Latin-1.
    digests = [_digest(text.encode("latin-1", "replace")) for text in candidates]
    return max(hmac.compare_digest(digest, key) for digest in digests)  # NOTE: max looks at both, any would not
