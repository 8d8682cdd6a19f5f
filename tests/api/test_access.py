"""The access log: what the models did stands in the line of the request, however the answer is sent."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from falcon.testing import TestClient

from omm.api.access import in_numbers, in_words
from omm.service import work
from omm.service.work import Work
from omm.types import Usage

CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}

DONE = Work("tiny:latest", "ok", prompt_tokens=12, cached_tokens=8, output_tokens=45, output_ns=9 * 10**8)


def request_of(client: TestClient, caplog: pytest.LogCaptureFixture, path: str, **body: Any) -> dict[str, Any]:
    caplog.set_level(logging.INFO)
    client.simulate_post(path, json=body)
    (record,) = [record for record in caplog.records if record.name == "omm.api.access"]
    request: dict[str, Any] = record.__dict__["request"]
    return request


@pytest.mark.parametrize("stream", [True, False])
def test_tokens_are_those_of_the_answer(client: TestClient, caplog: pytest.LogCaptureFixture, stream: bool) -> None:
    request = request_of(client, caplog, "/api/chat", **CHAT, stream=stream)
    assert request["id"].startswith("req_")
    assert (request["method"], request["path"], request["status"]) == ("POST", "/api/chat", 200)
    assert (request["model"], request["outcome"]) == ("tiny:latest", "ok")
    assert [request[f"{name}_tokens"] for name in ("prompt", "cached", "output")] == [7, 3, 2]
    assert request["ms"] >= request["first_token_ms"] >= 0


def test_answers_of_one_request_are_added(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    request = request_of(client, caplog, "/v1/chat/completions", **CHAT, n=2)
    assert (request["prompt_tokens"], request["output_tokens"]) == (14, 4)


def test_an_embedding_has_input_alone(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    request = request_of(client, caplog, "/api/embed", model="tiny", input="a")
    assert request["prompt_tokens"] > 0
    assert request["output_tokens"] == 0


def test_requests_that_ask_no_model_have_no_tokens(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    request_of(client, caplog, "/api/chat", **CHAT)
    caplog.clear()
    assert "model" not in request_of(client, caplog, "/api/show", model="tiny")


def test_in_words() -> None:
    assert in_words(Work()) == ""
    assert in_words(DONE) == " tiny:latest: 12 tokens in (8 cached), 45 out at 50/s"
    left = Work("tiny:latest", "cancelled", first_token_s=0.0504)
    assert in_words(left) == " tiny:latest: 0 tokens in, the first after 50ms, cancelled"


def test_in_numbers() -> None:
    assert in_numbers(Work()) == {}
    assert in_numbers(DONE)["tokens_per_s"] == 50.0


def test_work_outside_a_request_is_counted_for_no_one() -> None:
    request = work.begin()
    work.current("a").add(Usage(prompt_tokens=1))
    assert (request.model, request.prompt_tokens) == ("a", 1)
    assert work.begin().prompt_tokens == 0
