"""Ollama's API as its documentation's curl lines use it, against the real server and model."""

from __future__ import annotations

import concurrent.futures
import datetime
import json
import math
import socket
from typing import Any

import pytest

from tests.live.conftest import MODEL, Http
from tests.waiting import eventually

pytestmark = pytest.mark.model

GREEDY = {"temperature": 0, "num_predict": 40}
QUESTION = "How do I list my models?"
METRICS = ("total_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration")


def lines(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.iter_lines()]


def generate(http: Http, **fields: Any) -> dict[str, Any]:
    body = {"model": MODEL, "prompt": QUESTION, "stream": False, "options": GREEDY, **fields}
    response = http.post("/api/generate", json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def loaded(http: Http) -> list[dict[str, Any]]:
    return list(http.get("/api/ps").json()["models"])


# --- generate and chat ------------------------------------------------------------------------------------------


def test_curls_generate(http: Http) -> None:
    body = json.dumps({"model": MODEL, "prompt": QUESTION, "stream": False})
    response = http.post("/api/generate", data=body, headers={"content-type": "application/x-www-form-urlencoded"})
    answer = response.json()
    assert answer["done"] is True
    assert answer["response"].strip()
    assert all(isinstance(answer[name], int) and answer[name] > 0 for name in METRICS)
    assert answer["eval_count"] / answer["eval_duration"] > 0


def test_generate_streams_by_default(http: Http) -> None:
    whole = generate(http)
    body = {"model": MODEL, "prompt": QUESTION, "options": GREEDY}
    *chunks, last = lines(http.post("/api/generate", json=body, stream=True))
    assert chunks
    assert all(chunk["done"] is False and chunk["model"] == MODEL for chunk in chunks)
    assert (last["done"], last["response"]) == (True, "")
    assert "".join(chunk["response"] for chunk in chunks) == whole["response"]
    assert (last["done_reason"], last["eval_count"]) == (whole["done_reason"], whole["eval_count"])
    assert last["context"] == whole["context"]


def test_chat_streams_what_it_says_whole(http: Http) -> None:
    body = {
        "model": MODEL,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}],
        "options": GREEDY,
        "think": False,
    }
    whole = http.post("/api/chat", json={**body, "stream": False}).json()
    chunks = lines(http.post("/api/chat", json=body, stream=True))
    assert whole["message"]["role"] == "assistant"
    assert "".join(chunk["message"]["content"] for chunk in chunks) == whole["message"]["content"] != ""
    assert [chunk["done"] for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert "context" not in whole


def test_num_predict_bounds_the_answer(http: Http) -> None:
    answer = generate(http, options={"temperature": 0, "num_predict": 5})
    assert (answer["eval_count"], answer["done_reason"]) == (5, "length")


def test_stop_ends_before_the_sequence(http: Http) -> None:
    text = generate(http)["response"]
    stop = text[6:9]
    for given in (stop, [stop, "never said"]):
        assert generate(http, options={**GREEDY, "stop": given})["response"] == text[: text.index(stop)]


def test_a_seed_makes_answers_repeat(http: Http) -> None:
    options = {"temperature": 2.0, "top_k": 0, "top_p": 1.0, "num_predict": 30}
    first, second = (generate(http, options={**options, "seed": 42})["response"] for _ in range(2))
    assert first == second
    others = {generate(http, options={**options, "seed": seed})["response"] for seed in range(5)}
    assert len(others) > 1


def test_context_continues_a_conversation(http: Http) -> None:
    first = generate(http)
    assert len(first["context"]) >= first["prompt_eval_count"]
    second = generate(http, prompt="Thanks.", context=first["context"])
    assert second["prompt_eval_count"] > len(first["context"])


def test_raw_has_no_template_and_no_context(http: Http) -> None:
    answer = generate(http, prompt="abc", raw=True)
    assert answer["prompt_eval_count"] < generate(http, prompt="abc")["prompt_eval_count"]
    assert "context" not in answer


def test_suffix_fills_in_the_middle(http: Http) -> None:
    answer = generate(http, prompt="def add(a, b):\n    return ", suffix="\n\nprint(add(1, 2))\n")
    assert answer["response"]
    assert "<|fim" not in answer["response"]


def test_logprobs(http: Http) -> None:
    answer = generate(http, options={"num_predict": 4, "temperature": 0}, logprobs=True, top_logprobs=3)
    entries = answer["logprobs"]
    assert 1 <= len(entries) <= 4
    for entry in entries:
        assert entry["logprob"] <= 0
        assert bytes(entry["bytes"]).decode(errors="replace") == entry["token"]
        tops = [top["logprob"] for top in entry["top_logprobs"]]
        assert len(tops) == 3
        assert tops == sorted(tops, reverse=True)


def test_debug_render_shows_the_prompt(http: Http) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}], "_debug_render_only": True}
    rendered = http.post("/api/chat", json=body).json()["_debug_info"]["rendered_template"]
    assert "hello" in rendered
    assert rendered.endswith("<|im_start|>assistant\n")


def test_the_prompt_cache_counts_all_tokens(http: Http) -> None:
    prompt = "Tell me about models. " * 20
    first, second = (generate(http, prompt=prompt) for _ in range(2))
    assert first["prompt_eval_count"] == second["prompt_eval_count"] > 40


def test_requests_at_once_are_answered_as_alone(http: Http, url: str) -> None:
    prompts = [QUESTION, "What is omm?", "How do I stop a model?"]
    alone = [generate(http, prompt=prompt)["response"] for prompt in prompts]

    def ask(prompt: str) -> str:
        with Http(url) as session:
            return str(generate(session, prompt=prompt)["response"])

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, prompts * 2)) == alone * 2


# --- loading ----------------------------------------------------------------------------------------------------


def expires_in_s(row: dict[str, Any]) -> float:
    expires = datetime.datetime.fromisoformat(row["expires_at"])
    return (expires - datetime.datetime.now(datetime.UTC)).total_seconds()


def test_an_empty_prompt_loads_and_zero_unloads(http: Http) -> None:
    for path, empty in (("/api/generate", {}), ("/api/chat", {"messages": []})):
        answer = http.post(path, json={"model": MODEL, "keep_alive": "10m", **empty}).json()
        assert (answer["done"], answer["done_reason"]) == (True, "load")
        (row,) = loaded(http)
        assert (row["name"], row["model"]) == (f"{MODEL}:latest", f"{MODEL}:latest")
        assert row["size"] > 0
        assert 500 < expires_in_s(row) <= 600
        answer = http.post(path, json={"model": MODEL, "keep_alive": 0, **empty}).json()
        assert (answer["done"], answer["done_reason"]) == (True, "unload")
        assert eventually(lambda: not loaded(http))


@pytest.mark.parametrize(
    ("keep_alive", "low", "high"),
    [("10m", 590, 600), (30, 20, 30), (-1, 1e9, math.inf), ("-1s", 1e9, math.inf), ("24h", 86_300, 86_400)],
)
def test_keep_alive(http: Http, keep_alive: Any, low: float, high: float) -> None:
    generate(http, keep_alive=keep_alive)
    assert eventually(lambda: low <= expires_in_s(loaded(http)[0]) <= high)


def test_keep_alive_zero_unloads_after_the_answer(http: Http) -> None:
    assert generate(http, keep_alive=0)["response"]
    assert eventually(lambda: not loaded(http))


def test_num_ctx_is_shown(http: Http) -> None:
    generate(http, options={**GREEDY, "num_ctx": 512})
    assert loaded(http)[0]["context_length"] == 512
    generate(http, keep_alive=0)


# --- embeddings -------------------------------------------------------------------------------------------------


def test_embed_normalises(http: Http) -> None:
    answer = http.post("/api/embed", json={"model": MODEL, "input": ["one", "two words"]}).json()
    one, two = answer["embeddings"]
    assert math.isclose(math.hypot(*one), 1, abs_tol=1e-3)
    assert one != two
    assert answer["prompt_eval_count"] > 1
    (single,) = http.post("/api/embed", json={"model": MODEL, "input": "one"}).json()["embeddings"]
    assert single == pytest.approx(one, abs=1e-3)


def test_embed_dimensions_are_cut_and_normalised_again(http: Http) -> None:
    (vector,) = http.post("/api/embed", json={"model": MODEL, "input": "one", "dimensions": 8}).json()["embeddings"]
    assert len(vector) == 8
    assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-3)


def test_old_embeddings(http: Http) -> None:
    vector = http.post("/api/embeddings", json={"model": MODEL, "prompt": "one"}).json()["embedding"]
    assert len(vector) == len(http.post("/api/embed", json={"model": MODEL, "input": "one"}).json()["embeddings"][0])
    assert http.post("/api/embeddings", json={"model": MODEL}).json() == {"embedding": []}


# --- errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/generate", {"prompt": "x"}),
        ("/api/chat", {"messages": [{"role": "user"}]}),
        ("/api/embed", {"input": "x"}),
    ],
)
def test_unknown_models_are_told_the_way(http: Http, path: str, body: dict[str, Any]) -> None:
    for extra in ({}, {"stream": False}):
        response = http.post(path, json={"model": "no-such-model", **body, **extra})
        assert response.status_code == 404
        assert response.json() == {"error": "model 'no-such-model' not found, try pulling it first"}


@pytest.mark.parametrize(
    "options", [{"temperature": -1}, {"top_p": 2}, {"num_ctx": -5}, {"seed": 2**70}, {"num_predict": 10**12}]
)
def test_numbers_out_of_range(http: Http, options: dict[str, Any]) -> None:
    response = http.post("/api/generate", json={"model": MODEL, "prompt": "x", "options": options})
    assert response.status_code == 400
    assert next(iter(options)) in response.json()["error"]


def test_a_prompt_that_does_not_fit(http: Http) -> None:
    body = {"model": MODEL, "prompt": "word " * 3000, "options": {"num_ctx": 256}}
    response = http.post("/api/generate", json=body)
    assert response.status_code == 400
    assert "256" in response.json()["error"]


def test_leaving_frees_the_sequence(http: Http) -> None:
    body = {"model": MODEL, "prompt": QUESTION, "options": {"num_predict": 100_000, "temperature": 1.5, "seed": 1}}
    generate(http)
    for _ in range(5):
        with http.post("/api/generate", json=body, stream=True) as response:
            next(response.iter_lines())
    assert eventually(lambda: all(model["num_active"] == 0 for model in http.get("/health").json()["models"]))
    assert generate(http)["response"]


def test_the_server_refuses_what_two_parsers_would_read_differently(http: Http) -> None:
    _, _, address = http.url.rpartition("/")
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"GET /api/tags HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_the_server_bounds_headers(http: Http) -> None:
    response = http.get("/api/tags", headers={"x-long": "x" * 70_000})
    assert (response.status_code, [*response.json()]) == (431, ["error"])


# --- models -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/tags", "/api/list"])
def test_tags(http: Http, path: str) -> None:
    row = next(row for row in http.get(path).json()["models"] if row["name"] == f"{MODEL}:latest")
    assert row["model"] == row["name"]
    assert row["size"] > 1_000_000
    assert len(row["digest"]) == 64
    assert datetime.datetime.fromisoformat(row["modified_at"])
    assert row["details"]["format"] == "gguf"
    assert {"completion", "tools", "thinking"} <= {*row["capabilities"]}


def test_show(http: Http) -> None:
    shown = http.post("/api/show", json={"name": MODEL}).json()
    assert shown["details"]["family"] == shown["model_info"]["general.architecture"] == "llama"
    assert shown["model_info"]["tokenizer.ggml.tokens"] is None
    assert "<|im_start|>" in shown["template"]
    assert shown["modelfile"].startswith("# Modelfile generated by")
    verbose = http.post("/api/show", json={"model": MODEL, "verbose": True}).json()
    assert len(verbose["model_info"]["tokenizer.ggml.tokens"]) > 100
    assert {"name", "type", "shape"} == {*verbose["tensors"][0]}


def test_pull_again(http: Http) -> None:
    *_, last = lines(http.post("/api/pull", json={"name": MODEL}, stream=True))
    assert last == {"status": "success"}


def test_pull_of_the_unknown_is_an_error(http: Http) -> None:
    response = http.post("/api/pull", json={"name": "no-such-model"})
    assert response.status_code == 404
    assert "no-such-model" in response.json()["error"]


def test_ps_tells_how_fast_answers_come(http: Http) -> None:
    body = {"model": MODEL, "prompt": "Once", "options": {"num_predict": 200, "ignore_eos": True}}
    with http.post("/api/generate", json=body, stream=True, timeout=60) as answer:
        next(answer.iter_lines())
        (row,) = http.get("/api/ps", timeout=60).json()["models"]
    assert row["tokens_per_second"] > 0
