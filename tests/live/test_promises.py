"""What is promised of the native routes and of all protocols together, on the real server.

A test has the numbers of its promises. OpenAI's routes have a file of their own.
"""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import math
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anthropic
import ollama
import openai
import pytest
import requests

from omm.config import Settings
from tests.live.conftest import MODEL, Http, running
from tests.waiting import eventually

pytestmark = pytest.mark.model

TAGGED = f"{MODEL}:latest"
GREEDY = {"temperature": 0, "num_predict": 24}
QUESTION = "How do I list my models?"
TURNS = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}]
FOREVER_S = 1e8


def lines(answer: requests.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def generate(http: Http, prompt: str = QUESTION, **fields: Any) -> dict[str, Any]:
    body = {"model": MODEL, "prompt": prompt, "stream": False, "options": GREEDY, **fields}
    answer = http.post("/api/generate", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def chat(http: Http, messages: list[Any] = TURNS, **fields: Any) -> dict[str, Any]:
    body = {"model": MODEL, "messages": messages, "stream": False, "think": False, "options": GREEDY, **fields}
    answer = http.post("/api/chat", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def rows(http: Http) -> list[dict[str, Any]]:
    return list(http.get("/api/ps").json()["models"])


def curl(url: str, *flags: str, **body: Any) -> str:
    """As documented: no content type is said, so curl says that it is a form."""
    data = ["-d", json.dumps(body)] if body else []
    done = subprocess.run(
        ["curl", "-sS", "--fail-with-body", *flags, url, *data], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


# --- one server, all protocols ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", "/api/generate", {"prompt": "hi", "stream": False, "options": {"num_predict": 1}}),
        ("POST", "/api/chat", {"messages": TURNS, "stream": False, "options": {"num_predict": 1}}),
        ("POST", "/api/embeddings", {"prompt": "hi"}),
        ("POST", "/v1/chat/completions", {"messages": TURNS, "max_tokens": 1}),
        ("POST", "/v1/completions", {"prompt": "hi", "max_tokens": 1}),
        ("POST", "/v1/embeddings", {"input": "hi"}),
        ("POST", "/v1/responses", {"input": "hi", "max_output_tokens": 16}),
        ("POST", "/anthropic/v1/messages", {"messages": TURNS[1:], "max_tokens": 1}),
        ("POST", "/v1/messages", {"messages": TURNS[1:], "max_tokens": 1}),
        ("POST", "/v1/plan", {"runtime": {"model_reference": MODEL}}),
        ("POST", "/v1/prompt", {"prompt": "hi", "runtime": {"model_reference": MODEL}}),
        ("POST", "/v1/sessions", {"runtime": {"model_reference": MODEL}}),
        ("GET", "/api/tags", {}),
        ("GET", "/v1/models", {}),
        ("GET", "/v1/health", {}),
    ],
)
def test_000_05_001_37_004_01_one_port_has_all_protocols(
    http: Http, method: str, path: str, fields: dict[str, Any]
) -> None:
    native = path.startswith(("/v1/plan", "/v1/prompt", "/v1/sessions"))
    body = fields if native or method == "GET" else {"model": MODEL, **fields}
    assert http.request(method, path, json=body or None).status_code == 200


def test_000_06_000_12_000_13_004_17_clients_need_an_address_and_a_key(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "OPENAI_BASE_URL": f"{url}/v1",
        "OPENAI_API_KEY": "omm",
        "ANTHROPIC_BASE_URL": f"{url}/anthropic",
        "ANTHROPIC_API_KEY": "omm",
        "OLLAMA_HOST": url,
    }.items():
        monkeypatch.setenv(name, value)
    with openai.OpenAI() as client:
        asked: Any = TURNS
        assert client.chat.completions.create(model=MODEL, messages=asked, max_tokens=2).choices[0].message.role
    with anthropic.Anthropic() as other:
        asked = TURNS[1:]
        assert other.messages.create(model=MODEL, messages=asked, max_tokens=2).type == "message"
    with ollama.Client() as native:
        assert native.chat(MODEL, TURNS, options={"num_predict": 2}).done


@pytest.mark.parametrize("value", ["Bearer ollama", "Basic dXNlcjpwYXNz", "Bearer ", "x"])
def test_002_42_004_15_without_a_key_any_authorization_is_harmless(http: Http, value: str) -> None:
    for path in ("/api/tags", "/v1/models", "/v1/health"):
        assert http.get(path).status_code == 200
        assert http.get(path, headers={"authorization": value}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/generate", {"model": MODEL, "prompt": QUESTION, "options": GREEDY}),
        ("/v1/chat/completions", {"model": MODEL, "messages": TURNS, "max_tokens": 2, "stream": True}),
        ("/v1/responses", {"model": MODEL, "input": "hi", "max_output_tokens": 16, "stream": True}),
        ("/anthropic/v1/messages", {"model": MODEL, "messages": TURNS[1:], "max_tokens": 2, "stream": True}),
        ("/v1/prompt/stream", {"prompt": "hi", "runtime": {"model_reference": MODEL}}),
    ],
)
def test_000_30_004_16_streams_go_through_proxies(http: Http, path: str, body: dict[str, Any]) -> None:
    forwarded = {"host": "localhost", "x-forwarded-proto": "https", "x-forwarded-host": "chat.example"}
    with http.post(path, json=body, headers=forwarded, stream=True, allow_redirects=False) as answer:
        assert (answer.status_code, answer.raw.version) == (200, 11)
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers.get("transfer-encoding") == "chunked"
        assert answer.headers.get("connection", "").lower() != "close"
        assert len(list(answer.iter_lines())) > 1


def test_004_16_a_connection_is_kept_after_a_stream(url: str) -> None:
    body = json.dumps({"model": MODEL, "prompt": QUESTION, "options": GREEDY})
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    with contextlib.closing(connection):
        connection.connect()
        socket = connection.sock
        for _ in range(3):
            connection.request("POST", "/api/generate", body)
            assert json.loads(connection.getresponse().read().splitlines()[-1])["done"]
            connection.request("HEAD", "/")
            assert connection.getresponse().read() == b""
        assert connection.sock is socket


def test_004_16_nothing_redirects_or_hangs_up(http: Http) -> None:
    for path in ("/", "/api/tags", "/api/tags/", "/v1/models", "/v1/models/", "/docs"):
        answer = http.get(path, allow_redirects=False)
        assert (answer.status_code, answer.raw.version) == (200, 11)
        assert answer.headers.get("connection", "").lower() != "close"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/generate", b"{", 400),
        ("POST", "/api/chat", b"[]", 400),
        ("POST", "/api/chat", b'{"model": "nobody", "messages": []}', 404),
        ("POST", "/api/show", b'{"model": "nobody"}', 404),
        ("PUT", "/api/tags", b"", 405),
        ("GET", "/api/nothing", b"", 404),
        ("POST", "/v1/chat/completions", b"{", 400),
        ("POST", "/v1/embeddings", b'{"model": "nobody", "input": "x"}', 404),
        ("GET", "/v1/nothing", b"", 404),
        ("POST", "/anthropic/v1/messages", b"{", 400),
        ("POST", "/anthropic/v1/messages", b'{"model": "nobody", "max_tokens": 1, "messages": []}', 400),
        ("POST", "/v1/prompt", b"{}", 400),
        ("GET", "/nothing", b"", 404),
    ],
)
def test_004_11_errors_have_a_status_and_a_message(
    http: Http, method: str, path: str, body: bytes, status: int
) -> None:
    answer = http.request(method, path, data=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    told = answer.json()
    error = told.get("error", told.get("detail"))
    assert error["message"] if isinstance(error, dict) else error


# --- generate and chat ------------------------------------------------------------------------------------------


def test_000_07_000_08_002_29_generate_with_options(http: Http) -> None:
    options = {"temperature": 0.7, "top_p": 0.9, "num_predict": 256, "ignore_eos": True}
    body = {"model": MODEL, "prompt": QUESTION, "stream": True, "options": options}
    *chunks, last = lines(http.post("/api/generate", json=body))
    assert len(chunks) > 1
    assert last["eval_count"] == 256


def test_000_09_000_32_000_33_002_07_chat_streams_lines(http: Http) -> None:
    body = {"model": MODEL, "messages": TURNS, "stream": True, "think": False, "options": GREEDY}
    *chunks, last = lines(http.post("/api/chat", json=body))
    assert chunks
    assert {(chunk["model"], chunk["done"]) for chunk in chunks} == {(MODEL, False)}
    assert last["done"] is True
    assert "".join(chunk["message"]["content"] for chunk in chunks) == chat(http)["message"]["content"]


@pytest.mark.parametrize(("path", "field"), [("/api/generate", "response"), ("/api/chat", "message")])
def test_002_06_002_07_004_07_streaming_is_the_default(http: Http, path: str, field: str) -> None:
    body = {"model": MODEL, "prompt": QUESTION, "messages": TURNS, "options": GREEDY}
    *chunks, last = lines(http.post(path, json=body))
    assert all(field in chunk and chunk["done"] is False for chunk in chunks)
    assert last["done"] is True


@pytest.mark.system("curl")
def test_002_02_002_03_002_04_the_documented_generate(url: str) -> None:
    answer = json.loads(curl(f"{url}/api/generate", model=MODEL, prompt=QUESTION, stream=False))
    assert (answer["model"], answer["done"]) == (MODEL, True)
    assert isinstance(answer["response"], str)
    for name in ("total_duration", "eval_count", "eval_duration"):
        assert isinstance(answer[name], int)
    assert 0 < answer["eval_duration"] <= answer["total_duration"] < 60 * 10**9
    bounded = json.loads(
        curl(
            f"{url}/api/generate",
            model=MODEL,
            prompt="hi",
            stream=False,
            options={"num_predict": 3, "ignore_eos": True},
        )
    )
    assert bounded["eval_count"] == 3


@pytest.mark.system("curl")
def test_002_05_002_08_002_12_the_other_documented_lines(url: str) -> None:
    answer = json.loads(curl(f"{url}/api/chat", model=MODEL, messages=TURNS, stream=False))
    assert answer["message"]["role"] == "assistant"
    assert TAGGED in [row["name"] for row in json.loads(curl(f"{url}/api/tags"))["models"]]
    assert [row["name"] for row in json.loads(curl(f"{url}/api/ps"))["models"]] == [TAGGED]


@pytest.mark.system("curl")
def test_002_09_002_10_002_11_name_is_model_and_delete_is_posted(url: str) -> None:
    assert json.loads(curl(f"{url}/api/show", name=MODEL))["model_info"]
    *_, last = curl(f"{url}/api/pull", name=MODEL).splitlines()
    assert json.loads(last) == {"status": "success"}
    curl(f"{url}/api/copy", source=MODEL, destination="gone")
    curl(f"{url}/api/delete", name="gone")
    assert "gone:latest" not in curl(f"{url}/api/tags")
    curl(f"{url}/api/copy", source=MODEL, destination="gone")
    curl(f"{url}/api/delete", "-X", "DELETE", model="gone")
    assert "gone:latest" not in curl(f"{url}/api/tags")


def test_004_02_a_model_and_a_prompt_are_enough(http: Http) -> None:
    assert lines(http.post("/api/generate", json={"model": TAGGED, "prompt": "hi"}))[-1]["done"]


def test_002_18_002_52_004_03_chat_knows_earlier_turns_and_generate_does_not(http: Http) -> None:
    def prompt(path: str, **body: Any) -> str:
        answer = http.post(path, json={"model": MODEL, "_debug_render_only": True, **body})
        return str(answer.json()["_debug_info"]["rendered_template"])

    again = [*TURNS, {"role": "assistant", "content": "Use omm ls."}, {"role": "user", "content": "And then?"}]
    whole = prompt("/api/chat", messages=again)
    places = [whole.index(turn["content"]) for turn in again]
    assert places == sorted(places)
    assert chat(http, again)["prompt_eval_count"] > chat(http)["prompt_eval_count"]
    generate(http)
    assert QUESTION not in prompt("/api/generate", prompt="And then?")


# --- the official Python client ---------------------------------------------------------------------------------


def test_002_16_002_17_chat(sdk: ollama.Client) -> None:
    whole = sdk.chat(model=MODEL, messages=TURNS, options=GREEDY)["message"]["content"]
    pieces = [
        chunk["message"]["content"] for chunk in sdk.chat(model=MODEL, messages=TURNS, stream=True, options=GREEDY)
    ]
    assert all(isinstance(piece, str) for piece in pieces)
    assert "".join(pieces) == whole


def test_002_20_004_04_embeddings(http: Http, sdk: ollama.Client) -> None:
    vector = sdk.embeddings(model=MODEL, prompt="The sky is blue")["embedding"]
    width = http.post("/api/show", json={"model": MODEL}).json()["model_info"]["llama.embedding_length"]
    assert len(vector) == width
    assert all(isinstance(number, float) for number in vector)


def test_002_21_generate(sdk: ollama.Client) -> None:
    answer = sdk.generate(model=MODEL, prompt=QUESTION, options=GREEDY)
    assert answer["response"]
    assert answer["eval_count"] / (answer["eval_duration"] / 1e9) > 0


def test_002_36_json(sdk: ollama.Client) -> None:
    turns = [{"role": "user", "content": "Tom is 40 years old. As JSON."}]
    answer = sdk.chat(model=MODEL, messages=turns, format="json", options={"temperature": 0, "num_predict": 300})
    assert isinstance(json.loads(answer["message"]["content"]), dict)


# --- options ----------------------------------------------------------------------------------------------------


def sampled(http: Http, **options: Any) -> list[str]:
    """What several seeds make of a prompt that may go on in many ways."""
    return [
        generate(http, "What is the best", raw=True, options={"num_predict": 32, "seed": seed, **options})["response"]
        for seed in range(4)
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("temperature", (0.0, 2.0)),
        ("top_p", (0.0, 1.0)),
        ("top_k", (1, 40)),
        ("repeat_penalty", (1.0, 2.0)),
        ("seed", (42, 43)),
    ],
    ids=["002-25", "002-26", "002-27", "002-30", "002-31"],
)
def test_options_are_honoured(http: Http, name: str, values: tuple[float, float]) -> None:
    one, same, other = (sampled(http, **{"temperature": 1.5, name: value}) for value in (values[0], *values))
    assert one == same
    assert one != other


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_002_25_002_26_002_27_the_surest_choice_has_no_chance(http: Http, name: str) -> None:
    assert len({*sampled(http, **{"temperature": 1.5, name: 1 if name == "top_k" else 0})}) == 1


def test_002_28_the_context(http: Http) -> None:
    generate(http, options={**GREEDY, "num_ctx": 1024})
    assert rows(http)[0]["context_length"] == 1024
    generate(http, options={**GREEDY, "num_ctx": 32768})
    trained = http.post("/api/show", json={"model": MODEL}).json()["model_info"]["llama.context_length"]
    assert rows(http)[0]["context_length"] == min(trained, 32768)
    generate(http, keep_alive=0)


# --- loading and waiting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "low_s", "high_s"),
    [
        ({}, 280, 300),
        ({"keep_alive": -1}, FOREVER_S, math.inf),
        ({"keep_alive": "10m"}, 580, 600),
        ({"keep_alive": 90}, 70, 90),
    ],
    ids=["002-32", "002-33", "002-35", "002-35 number"],
)
def test_how_long_it_stays(http: Http, fields: dict[str, Any], low_s: float, high_s: float) -> None:
    generate(http, **fields)

    def left_s() -> float:
        expires = datetime.datetime.fromisoformat(rows(http)[0]["expires_at"])
        return (expires - datetime.datetime.now(datetime.UTC)).total_seconds()

    assert eventually(lambda: low_s < left_s() <= high_s)


def test_002_34_zero_unloads(http: Http) -> None:
    assert generate(http, keep_alive=0)["response"]
    assert eventually(lambda: rows(http) == [])


def test_002_46_002_47_002_50_all_that_come_while_it_loads_are_answered(http: Http, url: str) -> None:
    prompts = [QUESTION, "What is omm?", "What is 2 + 3?"]
    alone = [generate(http, prompt)["response"] for prompt in prompts]
    generate(http, keep_alive=0)
    assert eventually(lambda: rows(http) == [])

    def ask(prompt: str) -> str:
        with Http(url) as session:
            return str(generate(session, prompt)["response"])

    with ThreadPoolExecutor(9) as pool:
        assert list(pool.map(ask, prompts * 3)) == alone * 3


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[str]:
    """A server that answers one request at a time and lets none wait."""
    settings = Settings.load(
        {"OMM_NUM_PARALLEL": "1", "OMM_MAX_QUEUE": "0", "OMM_MAX_LOADED_MODELS": "1"},
        models=tmp_path,
        host="127.0.0.1:0",
        threads=1,
    )
    with running(settings) as address:
        requests.post(f"{address}/api/pull", json={"model": MODEL}, timeout=60).raise_for_status()
        yield address


def test_004_12_004_13_a_full_queue_is_said(narrow: str) -> None:
    body = {"model": MODEL, "prompt": "hi", "raw": True, "options": {"ignore_eos": True, "num_predict": -1}}
    with requests.post(f"{narrow}/api/generate", json=body, stream=True, timeout=60) as endless:
        pieces = endless.iter_lines()
        next(pieces)
        for path, status in [("/api/chat", 503), ("/v1/chat/completions", 503), ("/anthropic/v1/messages", 529)]:
            asked = {"model": MODEL, "max_tokens": 1, "messages": TURNS[1:]}
            full = requests.post(narrow + path, json=asked, timeout=60)
            assert full.status_code == status
            error = full.json()["error"]
            assert error["message"] if isinstance(error, dict) else error
        pieces.close()


# --- models -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/tags", "/api/list"])
def test_000_10_002_08_004_09_the_list(http: Http, path: str) -> None:
    (row,) = (row for row in http.get(path).json()["models"] if row["name"] == TAGGED)
    assert isinstance(row["size"], int)
    assert row["size"] > 1_000_000
    assert datetime.datetime.fromisoformat(row["modified_at"]).tzinfo


@pytest.mark.parametrize("field", ["name", "model"])
def test_000_11_002_10_004_08_pulling(http: Http, field: str) -> None:
    http.delete("/api/delete", json={"model": MODEL}).raise_for_status()
    *steps, last = lines(http.post("/api/pull", json={field: MODEL, "stream": True}))
    assert steps
    assert last == {"status": "success"}
    assert any(row["name"] == TAGGED for row in http.get("/api/tags").json()["models"])


@pytest.mark.parametrize("name", ["nobody", "llama4:scout", "gemma4:9b"])
def test_002_48_002_53_unknown_models(http: Http, name: str) -> None:
    for path, body in [
        ("/api/generate", {"prompt": "x"}),
        ("/api/chat", {"messages": TURNS}),
        ("/api/embed", {"input": "x"}),
        ("/v1/chat/completions", {"messages": TURNS}),
        ("/v1/completions", {"prompt": "x"}),
        ("/v1/embeddings", {"input": "x"}),
        ("/v1/responses", {"input": "x"}),
        ("/anthropic/v1/messages", {"max_tokens": 1, "messages": TURNS[1:]}),
    ]:
        answer = http.post(path, json={"model": name, **body})
        assert answer.status_code == 404, path
        assert name in answer.text
        assert "pull" in answer.text, path


@pytest.mark.parametrize("name", ["llama4:scout", "gemma4:9b"])
def test_002_53_names_with_tags(http: Http, name: str) -> None:
    http.post("/api/copy", json={"source": MODEL, "destination": name}).raise_for_status()
    try:
        assert generate(http, model=name)["model"] == name
        assert http.get(f"/v1/models/{name}").json()["id"] == name
        assert http.post("/api/show", json={"model": name}).status_code == 200
    finally:
        http.delete("/api/delete", json={"model": name}).raise_for_status()


# --- the native family's stream ---------------------------------------------------------------------------------


def test_001_15_a_prompt_streams(http: Http) -> None:
    asked = {"prompt": "What is a cat?", "runtime": {"model_reference": MODEL}, "generation": {"temperature": 0}}
    with http.post("/v1/prompt/stream", json=asked, stream=True) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        names = [line[7:] for line in answer.iter_lines(decode_unicode=True) if line.startswith("event: ")]
    assert names[0] == "status"
    assert "text" in names
    assert names[-1] == "complete"


# --- browsers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_002_43_local_pages_may_call(http: Http, host: str) -> None:
    for origin in (f"http://{host}", f"http://{host}:3000", f"https://{host}:8443"):
        answer = http.get("/api/tags", headers={"origin": origin})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost.evil.example", "null"])
def test_002_44_other_pages_may_not(http: Http, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = {"origin": origin, "access-control-request-method": "GET"}
        assert "access-control-allow-origin" not in http.request(method, "/api/tags", headers=headers).headers


@pytest.mark.parametrize("allowed", ["*", "https://a.example,https://chat.example"])
def test_002_45_more_origins(tmp_path: Path, allowed: str) -> None:
    settings = Settings.load({"OLLAMA_ORIGINS": allowed}, models=tmp_path, host="127.0.0.1:0")
    headers = {"origin": "https://chat.example", "access-control-request-method": "POST"}
    with running(settings) as url:
        answer = requests.options(f"{url}/api/chat", headers=headers, timeout=60)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] in ("*", "https://chat.example")
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "content-type" in answer.headers["access-control-allow-headers"].lower()
        assert requests.get(f"{url}/api/tags", headers=headers, timeout=60).status_code == 200
