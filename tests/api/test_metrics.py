"""GET /metrics and what its middleware counts."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable

from falcon.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from omm.types import Finished, TextDelta
from tests.fakes import FakeInference, FakeStream

CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}


def requests(client: TestClient) -> dict[tuple[str, str, str], float]:
    """How often by method, route and status."""
    families = text_string_to_metric_families(client.simulate_get("/metrics").text)
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in families
        for sample in family.samples
        if sample.name == "omm_http_requests_total"
    }


def test_the_text_is_for_prometheus(client: TestClient) -> None:
    client.simulate_post("/api/chat", json=CHAT)
    result = client.simulate_get("/metrics")
    assert result.headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(result.text)}
    assert {
        "omm_http_requests",
        "omm_http_request_seconds",
        "omm_prompt_tokens",
        "omm_prompt_tokens_cached",
        "omm_tokens_predicted",
        "omm_time_to_first_token_seconds",
        "omm_time_per_output_token_seconds",
        "omm_requests_processing",
        "omm_requests_deferred",
        "omm_model_loads",
        "omm_model_evictions",
        "omm_model_memory_bytes",
        "omm_host_memory_available_bytes",
    } <= names


def test_openmetrics_for_who_asks(client: TestClient) -> None:
    result = client.simulate_get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert result.headers["content-type"].startswith("application/openmetrics-text")
    assert result.text.endswith("# EOF\n")


def test_requests_by_route_and_status(client: TestClient) -> None:
    client.simulate_get("/api/tags")
    client.simulate_get("/v1/models/nobody/at/all")
    client.simulate_get("/v1/models/someone")
    client.simulate_post("/api/chat", json=CHAT)
    client.simulate_post("/api/chat", json={**CHAT, "model": "nobody", "stream": 7})
    client.simulate_get("/made/up/" + "x" * 50)
    found = requests(client)
    assert found["GET", "/api/tags", "200"] == 1
    assert found["GET", "/v1/models/{name:path}", "404"] == 2
    assert found["POST", "/api/chat", "200"] == 1
    assert found["POST", "/api/chat", "400"] == 1
    assert found["GET", "none", "404"] == 1


def test_refused_requests_are_counted(make_client: Callable[..., TestClient]) -> None:
    client = make_client(api_key="k")
    client.simulate_get("/api/tags")
    client.simulate_get("/api/tags", headers={"host": "evil.example"})
    found = {
        (sample.labels["route"], sample.labels["status"])
        for family in text_string_to_metric_families(
            client.simulate_get("/metrics", headers={"authorization": "Bearer k"}).text
        )
        for sample in family.samples
        if sample.name == "omm_http_requests_total"
    }
    assert found == {("none", "401"), ("none", "403")}


def test_a_stream_is_counted_at_its_end(serve: Callable[..., tuple[str, int]], inference: FakeInference) -> None:
    held = FakeStream(TextDelta(text="He"))
    inference.stream = lambda: held
    address = serve()

    def is_counted() -> bool:
        connection = http.client.HTTPConnection(*address, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return 'route="/api/chat",status="200"} 1.0' in text

    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("POST", "/api/chat", json.dumps(CHAT))
    response = connection.getresponse()
    assert b"He" in response.readline()
    assert not is_counted()
    held.push(Finished(reason="stop"))
    response.read()
    assert is_counted()
    connection.close()


def test_two_servers_do_not_share_numbers(make_client: Callable[..., TestClient]) -> None:
    first, second = make_client(), make_client()
    first.simulate_get("/api/tags")
    assert ("GET", "/api/tags", "200") not in requests(second)
