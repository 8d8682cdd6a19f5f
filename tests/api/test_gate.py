"""Who may call: every route of the table, and paths that are none, with each kind of caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from omm.api.app import ROUTES
from omm.api.gate import is_allowed_origin, is_authorized, is_trusted_host, key_digest
from omm.config import Settings

KEY = "sk-your-secret-key"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
DIGEST = "sha256:" + "0" * 64


def concrete(path: str) -> str:
    return path.replace("{digest}", DIGEST)


# Every method on every route, so that a route or a method added later is covered without a word here.
TABLE = [(method.upper(), concrete(path)) for path, resource in ROUTES for method in METHODS]
UNKNOWN = [
    (method, path)
    for method in ("GET", "POST", "OPTIONS", "TRACE")
    for path in ("/nothing", "/v1/models", "/v1/messages", "/anthropic/v1/messages", "/api", "/api/tags/x", "/docs")
]


def test_the_table_is_whole() -> None:
    methods = [name for _, resource in ROUTES for name in vars(resource) if name.startswith("on_")]
    assert len(ROUTES) >= 17
    assert len(methods) >= len(ROUTES)


@pytest.mark.parametrize(("method", "path"), [*TABLE, *UNKNOWN])
def test_nothing_answers_without_the_key(make_client: Callable[..., TestClient], method: str, path: str) -> None:
    client = make_client(api_key=KEY)
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {KEY}"},
        {"authorization": "Bearer"},
        {"x-api-key": KEY[:-1]},
        {"x-api-key": ""},
        {"origin": "http://localhost:3000"},
    ):
        result = client.simulate_request(method, path, headers=headers)
        assert result.status_code == 401
        assert result.headers["www-authenticate"] == "Bearer"
        assert KEY not in result.text
        # The native routes have a text of their own for this.
        told = "set OMM_API_KEY" in result.text or result.text == '{"detail":"invalid API key"}'
        assert method == "HEAD" or told


@pytest.mark.parametrize(("method", "path"), [*TABLE, *UNKNOWN])
def test_the_key_opens_every_route(make_client: Callable[..., TestClient], method: str, path: str) -> None:
    client = make_client(api_key=KEY)
    for headers in ({"authorization": f"Bearer {KEY}"}, {"authorization": f"bearer {KEY}"}, {"x-api-key": KEY}):
        assert client.simulate_request(method, path, headers=headers).status_code not in {401, 403}


def test_without_a_key_any_authorization_is_harmless(client: TestClient) -> None:
    for value in ("Bearer ollama", "Basic dXNlcjpwYXNz", "", "Bearer " + "x" * 5000):
        assert client.simulate_get("/api/tags", headers={"authorization": value}).status_code == 200


def test_a_wrong_key_is_said_in_the_protocols_words(make_client: Callable[..., TestClient]) -> None:
    client = make_client(api_key=KEY)
    assert list(client.simulate_get("/api/tags").json) == ["error"]
    openai = client.simulate_get("/v1/models").json["error"]
    assert (openai["type"], openai["code"], openai["param"]) == ("invalid_request_error", "invalid_api_key", None)
    anthropic = client.simulate_post("/anthropic/v1/messages").json
    assert (anthropic["type"], anthropic["error"]["type"]) == ("error", "authentication_error")


def test_keys_beyond_ascii_work() -> None:
    digest = key_digest(Settings(api_key="schlüssel"))
    assert digest is not None
    on_the_wire = "schlüssel".encode().decode("latin-1")
    assert is_authorized({"X-API-KEY": on_the_wire}, digest)
    assert not is_authorized({"X-API-KEY": "schlüssel\u20ac"}, digest)


# --- hosts ------------------------------------------------------------------------------------------------------

GOOD_HOSTS = (
    "localhost",
    "localhost:11434",
    "LOCALHOST.",
    "127.0.0.1:11434",
    "127.9.9.9",
    "[::1]:11434",
    "[::1]",
    "0.0.0.0:11434",
    "192.168.1.5",
    "10.0.0.1:80",
    "omm.localhost:80",
    "box.local",
    "host.docker.internal:11434",
)
BAD_HOSTS = (
    "evil.example",
    "evil.example:11434",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "notlocalhost",
    "8.8.8.8",
    "[2001:4860:4860::8888]:80",
    "localhost, evil.example",
    "localhost@evil.example",
    "0x7f000001",
    "evil.local.example",
    "local",
)


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_hosts_that_mean_this_machine(client: TestClient, host: str) -> None:
    assert client.simulate_get("/api/version", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_rebound_names_are_refused(client: TestClient, host: str) -> None:
    result = client.simulate_get("/api/version", headers={"host": host})
    assert result.status_code == 403
    assert "OMM_ALLOWED_HOSTS" in result.json["error"]


@pytest.mark.parametrize("path", [concrete(path) for path, _ in ROUTES] + ["/nothing"])
def test_rebound_names_reach_no_route(client: TestClient, path: str) -> None:
    for method in METHODS:
        assert client.simulate_request(method.upper(), path, headers={"host": "evil.example"}).status_code == 403


def test_own_names_may_be_added(make_client: Callable[..., TestClient]) -> None:
    client = make_client(allowed_hosts=("Omm.Example.com",))
    assert client.simulate_get("/api/version", headers={"host": "omm.example.com:443"}).status_code == 200
    assert client.simulate_get("/api/version", headers={"host": "example.com"}).status_code == 403


@pytest.mark.parametrize("bound", ["0.0.0.0", "192.168.1.5", "[::]:11434"])
def test_a_public_address_answers_to_any_name(make_client: Callable[..., TestClient], bound: str) -> None:
    client = make_client(host=bound)
    assert client.simulate_get("/api/version", headers={"host": "box.example"}).status_code == 200


@pytest.mark.parametrize("bound", ["127.0.0.1", "localhost", "[::1]:11434", "127.0.0.2:80"])
def test_a_loopback_address_does_not(make_client: Callable[..., TestClient], bound: str) -> None:
    client = make_client(host=bound)
    assert client.simulate_get("/api/version", headers={"host": "box.example"}).status_code == 403


def test_the_machines_own_name_is_good(monkeypatch: pytest.MonkeyPatch, make_client: Any) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Workstation")
    assert make_client().simulate_get("/api/version", headers={"host": "workstation:11434"}).status_code == 200


def test_no_host_is_http_1_0() -> None:
    assert is_trusted_host("", frozenset())


# --- origins ----------------------------------------------------------------------------------------------------

GOOD_ORIGINS = (
    "http://localhost",
    "http://localhost:3000",
    "https://localhost:8443",
    "http://127.0.0.1:5173",
    "https://[::1]:3000",
)
BAD_ORIGINS = (
    "http://evil.example",
    "http://localhost.evil.example",
    "http://notlocalhost",
    "http://localhost@evil.example",
    "http://127.0.0.1.evil.example",
    "https://evil.example/localhost",
    "chrome-extension://abc",
    "app://obsidian.md",
    "file://",
    "http://0.0.0.0:80",
    "null",
    "http://[::1",
    "http://192.168.1.5",
    "",
)


@pytest.mark.parametrize("origin", GOOD_ORIGINS)
def test_local_pages_may_call(client: TestClient, origin: str) -> None:
    result = client.simulate_get("/api/tags", headers={"origin": origin})
    assert result.status_code == 200
    assert result.headers["access-control-allow-origin"] == origin
    assert result.headers["vary"] == "origin"
    assert "access-control-allow-credentials" not in result.headers


@pytest.mark.parametrize("origin", BAD_ORIGINS)
@pytest.mark.parametrize(("method", "path"), [("GET", "/api/tags"), ("POST", "/api/chat"), ("DELETE", "/api/delete")])
def test_other_pages_may_not(client: TestClient, origin: str, method: str, path: str) -> None:
    result = client.simulate_request(method, path, headers={"origin": origin})
    assert result.status_code == 403
    assert "access-control-allow-origin" not in result.headers


def test_a_foreign_page_changes_nothing(client: TestClient, library: Any) -> None:
    body = {"model": "tiny:latest"}
    client.simulate_post("/api/delete", json=body, headers={"origin": "http://evil.example"})
    client.simulate_post("/api/delete", json=body, headers={"sec-fetch-site": "cross-site"})
    assert list(library.records) == ["tiny:latest"]


def test_a_cross_site_request_without_origin(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert client.simulate_post("/api/chat", headers=headers).status_code == 403
    assert client.simulate_get("/api/tags", headers=headers).status_code == 200


def test_origins_may_be_added(make_client: Callable[..., TestClient]) -> None:
    client = make_client(origins=("https://*.example.com", "chrome-extension://*"))
    for origin, status in (
        ("https://chat.example.com", 200),
        ("chrome-extension://abcdef", 200),
        ("https://example.com", 403),
        ("http://chat.example.com", 403),
        ("https://chat.example.com.evil.net", 403),
    ):
        assert client.simulate_get("/api/tags", headers={"origin": origin}).status_code == status


def test_a_star_allows_all(make_client: Callable[..., TestClient]) -> None:
    result = make_client(origins=("*",)).simulate_get("/api/tags", headers={"origin": "http://evil.example"})
    assert result.headers["access-control-allow-origin"] == "*"


def test_a_page_served_from_here_may_call(client: TestClient) -> None:
    same = {"host": "192.168.1.5:11434", "origin": "http://192.168.1.5:11434"}
    assert client.simulate_post("/api/show", json={"model": "tiny:latest"}, headers=same).status_code == 200
    other = {"host": "192.168.1.5:11434", "origin": "http://192.168.1.5:8080"}
    assert client.simulate_post("/api/show", json={"model": "tiny:latest"}, headers=other).status_code == 403


def test_a_rebound_page_is_not_from_here(make_client: Callable[..., TestClient]) -> None:
    rebound = {"host": "evil.example:11434", "origin": "http://evil.example:11434"}
    assert make_client(host="0.0.0.0").simulate_get("/api/tags", headers=rebound).status_code == 403


def test_patterns_are_no_expressions() -> None:
    assert not is_allowed_origin("http://exampleXcom", ("http://example.com",))
    assert is_allowed_origin("HTTP://[2001:db8::1]:80", ("http://[2001:db8::1]*",))


# --- preflights -------------------------------------------------------------------------------------------------

PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}


@pytest.mark.parametrize("path", [concrete(path) for path, _ in ROUTES] + ["/v1/chat/completions", "/nothing"])
def test_preflights_need_no_key(make_client: Callable[..., TestClient], path: str) -> None:
    headers = {**PREFLIGHT, "origin": "http://localhost:3000"}
    result = make_client(api_key=KEY).simulate_options(path, headers=headers)
    assert (result.status_code, result.content) == (204, b"")
    assert result.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "DELETE" in result.headers["access-control-allow-methods"]
    allowed = result.headers["access-control-allow-headers"].split(", ")
    assert {"authorization", "content-type", "x-api-key", "x-stainless-lang", "anthropic-version", "x-app"} <= {
        *allowed
    }
    assert result.headers["access-control-max-age"] == "43200"


def test_preflights_of_other_pages_are_refused(client: TestClient) -> None:
    result = client.simulate_options("/api/chat", headers={**PREFLIGHT, "origin": "http://evil.example"})
    assert result.status_code == 403
    assert "access-control-allow-methods" not in result.headers


def test_preflights_from_public_pages_to_this_network(make_client: Callable[..., TestClient]) -> None:
    client = make_client(origins=("https://chat.example",))
    headers = {**PREFLIGHT, "origin": "https://chat.example", "access-control-request-private-network": "true"}
    result = client.simulate_options("/api/chat", headers=headers)
    assert result.headers["access-control-allow-private-network"] == "true"


def test_errors_are_readable_to_allowed_pages(make_client: Callable[..., TestClient]) -> None:
    result = make_client(api_key=KEY).simulate_get("/api/tags", headers={"origin": "http://localhost:3000"})
    assert result.status_code == 401
    assert result.headers["access-control-allow-origin"] == "http://localhost:3000"
