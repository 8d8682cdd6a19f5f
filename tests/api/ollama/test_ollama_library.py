"""tags, ps, show, pull, create, copy, delete, blobs: the shapes on the wire, and what reaches the services."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from omm.errors import Corrupt, NotFound, OmmError, SourceUnavailable, Unsupported
from omm.types import Adapter, CreateRequest, LoadedModel, Message, Progress
from tests.fakes import DETAILS, FakeInference, FakeLibrary, record, summary

SHOWN_DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "llama",
    "families": ["llama"],
    "parameter_size": "4.2M",
    "quantization_level": "Q8_0",
    "context_length": 2048,
    "embedding_length": 256,
}
DIGEST = "sha256:" + "0123456789abcdef" * 4


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.status_code == 200
    assert result.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in result.text.splitlines()]


@pytest.mark.parametrize("path", ["/api/tags", "/api/list"])
def test_tags_lists_the_newest_first(client: TestClient, library: FakeLibrary, path: str) -> None:
    later = 1_700_000_001_500_000_000
    library.records = {
        "old:1b": summary("old:1b"),  # type: ignore[dict-item]
        "new:latest": summary("new:latest", modified_ns=later),  # type: ignore[dict-item]
    }
    new, old = client.simulate_get(path).json["models"]
    assert new == {
        "name": "new:latest",
        "model": "new:latest",
        "modified_at": "2023-11-14T22:13:21.5Z",
        "size": 4321,
        "digest": "a" * 64,
        "details": SHOWN_DETAILS,
        "capabilities": ["completion", "tools"],
    }
    assert old["name"] == "old:1b"
    assert client.simulate_head(path).status_code == 200


def test_tags_of_nothing_is_an_empty_list(client: TestClient, library: FakeLibrary) -> None:
    library.records = {}
    assert client.simulate_get("/api/tags").json == {"models": []}


def test_ps_lists_the_longest_staying_first(client: TestClient, inference: FakeInference) -> None:
    def loaded(name: str, expires_ns: int | None) -> LoadedModel:
        return LoadedModel(
            name=name,
            digest="a" * 64,
            details=DETAILS,
            size=99,
            size_vram=50,
            context_length=2048,
            expires_ns=expires_ns,
        )

    inference.rows = [loaded("soon:latest", 1_700_000_000_000_000_000), loaded("never:latest", None)]
    never, soon = client.simulate_get("/api/ps").json["models"]
    assert soon == {
        "name": "soon:latest",
        "model": "soon:latest",
        "size": 99,
        "digest": "a" * 64,
        "details": SHOWN_DETAILS,
        "expires_at": "2023-11-14T22:13:20Z",
        "size_vram": 50,
        "context_length": 2048,
        "parallel": 1,
        "active": 0,
        "waiting": 0,
        "tokens_per_second": 0.0,
    }
    assert re.match("23[0-9]{2}-", never["expires_at"])


def test_health_shows_work_in_progress(client: TestClient, inference: FakeInference) -> None:
    inference.rows = [
        LoadedModel(
            name="tiny:latest",
            digest="",
            details=DETAILS,
            size=1,
            size_vram=0,
            context_length=1,
            expires_ns=None,
            num_parallel=4,
            num_active=2,
            num_waiting=1,
        )
    ]
    health = client.simulate_get("/health").json
    assert health["status"] == "ok"
    activity = {"num_parallel": 4, "num_active": 2, "num_waiting": 1}
    assert health["models"] == [{"name": "tiny:latest", **activity}]


# --- show -------------------------------------------------------------------------------------------------------

METADATA = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "general.parameter_count": 4_200_000,
    "tokenizer.ggml.tokens": ["a", "b"],
    "tokenizer.chat_template": "{{ x }}",
}


def test_show(client: TestClient, library: FakeLibrary) -> None:
    library.records["tiny:latest"] = record(
        chat_template="{{ messages }}",
        system="Be kind.",
        messages=(Message(role="user", content="hi"),),
        licenses=("MIT", "Apache"),
        parameters={"stop": ["<|a|>", '"b"'], "temperature": 0.5, "top_p": 1.0, "num_ctx": 4096},
        metadata=METADATA,
        requires="0.1.0",
        adapters=(Adapter(name="pirate", path="/p", scale=0.5, base="Tiny"), Adapter(name="poet", path="/q")),
    )
    shown = client.simulate_post("/api/show", json={"model": "tiny:latest"}).json
    parameters = shown.pop("parameters").splitlines()
    modelfile = shown.pop("modelfile")
    assert modelfile.startswith("FROM /models/blobs/")
    assert "SYSTEM Be kind." in modelfile
    assert parameters == [
        'stop                           "<|a|>"',
        'stop                           "\\"b\\""',
        "temperature                    0.5",
        "top_p                          1",
        "num_ctx                        4096",
    ]
    assert shown == {
        "license": "MIT\nApache",
        "template": "{{ messages }}",
        "system": "Be kind.",
        "prompting": {"origin": "gguf", "language": "jinja", "dialect": "hermes"},
        "provenance": {"digest": "sha256:" + "a" * 64},
        "adapters": [{"name": "pirate", "scale": 0.5, "base": "Tiny"}, {"name": "poet", "scale": 1.0}],
        "details": SHOWN_DETAILS,
        "messages": [{"role": "user", "content": "hi"}],
        "model_info": {
            "general.architecture": "llama",
            "general.parameter_count": 4_200_000,
            "tokenizer.ggml.tokens": None,
        },
        "capabilities": ["completion", "tools"],
        "modified_at": "2023-11-14T22:13:20Z",
        "requires": "0.1.0",
    }


def test_show_verbose_has_arrays_and_tensors(client: TestClient, library: FakeLibrary) -> None:
    library.records["tiny:latest"] = record(metadata=METADATA)
    library.projector = {"general.architecture": "clip"}
    shown = client.simulate_post("/api/show", json={"name": "tiny:latest", "verbose": True}).json
    assert shown["projector_info"] == {"general.architecture": "clip"}
    assert shown["model_info"]["tokenizer.ggml.tokens"] == ["a", "b"]
    assert shown["tensors"] == [{"name": "output.weight", "type": "Q8_0", "shape": [256, 1024]}]


def test_show_takes_a_system_and_options_for_its_modelfile(client: TestClient) -> None:
    body = {"model": "tiny:latest", "system": "New.", "options": {"top_k": 3}}
    shown = client.simulate_post("/api/show", json=body).json
    assert shown["system"] == "New."
    assert "SYSTEM New." in shown["modelfile"]
    assert "PARAMETER top_k 3" in shown["modelfile"]
    assert "parameters" not in shown


# --- pull and create --------------------------------------------------------------------------------------------

PULL_STEPS = [
    Progress(status="pulling manifest"),
    Progress(status="pulling 0123456789ab", digest=DIGEST, total=10, completed=0),
    Progress(status="success"),
]
PULL_LINES = [
    {"status": "pulling manifest"},
    {"status": "pulling 0123456789ab", "digest": DIGEST, "total": 10, "completed": 0},
    {"status": "success"},
]


def test_pull_streams_progress(client: TestClient, library: FakeLibrary) -> None:
    library.steps = [*PULL_STEPS]
    assert lines(client.simulate_post("/api/pull", json={"name": "tiny", "insecure": True})) == PULL_LINES
    assert library.calls == [("pull", "tiny", True)]


def test_pull_without_stream_says_how_it_ended(client: TestClient, library: FakeLibrary) -> None:
    library.steps = [*PULL_STEPS]
    result = client.simulate_post("/api/pull", json={"model": "tiny", "stream": False})
    assert result.json == {"status": "success"}
    assert result.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("stream", [True, False])
def test_an_early_error_of_pull_chooses_the_status(client: TestClient, library: FakeLibrary, stream: bool) -> None:
    library.steps = [NotFound("no source has 'x'")]
    result = client.simulate_post("/api/pull", json={"model": "x", "stream": stream})
    assert (result.status_code, result.json) == (404, {"error": "no source has 'x'"})


def test_a_late_error_of_pull_is_the_last_line(client: TestClient, library: FakeLibrary) -> None:
    library.steps = [PULL_STEPS[0], SourceUnavailable("hub is down")]
    last = {"error": "hub is down", "code": "source_unavailable"}
    assert lines(client.simulate_post("/api/pull", json={"model": "x"})) == [PULL_LINES[0], last]
    result = client.simulate_post("/api/pull", json={"model": "x", "stream": False})
    assert (result.status_code, result.json) == (502, {"error": "hub is down"})


def test_push_streams_progress(client: TestClient, library: FakeLibrary) -> None:
    library.steps = [Progress(status="retrieving manifest"), Progress(status="success")]
    body = {"model": "host/me/tiny", "insecure": True}
    assert lines(client.simulate_post("/api/push", json=body)) == [
        {"status": "retrieving manifest"},
        {"status": "success"},
    ]
    assert library.calls == [("push", "host/me/tiny", True)]
    library.steps = [Progress(status="retrieving manifest"), Progress(status="success")]
    assert client.simulate_post("/api/push", json={**body, "stream": False}).json == {"status": "success"}


def test_create(client: TestClient, library: FakeLibrary) -> None:
    body = {
        "model": "mine",
        "from": "tiny",
        "files": {"a.gguf": DIGEST},
        "adapters": {"lora.gguf": DIGEST},
        "adapter_scales": {"lora.gguf": 0.5},
        "template": "{{ .Prompt }}",
        "system": "Be brief.",
        "license": "MIT",
        "parameters": {"temperature": 0.1},
        "messages": [{"role": "user", "content": "hi"}],
        "quantize": "q8_0",
        "requires": "0.1.0",
    }
    assert lines(client.simulate_post("/api/create", json=body)) == [{"status": "success"}]
    assert library.calls == [
        (
            "create",
            CreateRequest(
                model="mine",
                base="tiny",
                files={"a.gguf": DIGEST},
                adapters={"lora.gguf": DIGEST},
                adapter_scales={"lora.gguf": 0.5},
                template="{{ .Prompt }}",
                system="Be brief.",
                licenses=("MIT",),
                parameters={"temperature": 0.1},
                messages=(Message(role="user", content="hi"),),
                quantize="q8_0",
                requires="0.1.0",
            ),
        )
    ]


def test_create_takes_several_licenses(client: TestClient, library: FakeLibrary) -> None:
    client.simulate_post("/api/create", json={"name": "mine", "from": "tiny", "license": ["MIT", ""]})
    assert library.calls[0][1].licenses == ("MIT",)


def test_create_refuses_remote_models(client: TestClient) -> None:
    result = client.simulate_post("/api/create", json={"model": "m", "from": "x", "remote_host": "ollama.com"})
    assert (result.status_code, result.json) == (400, {"error": "remote models are not supported"})


# --- copy and delete --------------------------------------------------------------------------------------------


def test_copy(client: TestClient, library: FakeLibrary) -> None:
    result = client.simulate_post("/api/copy", json={"source": "tiny:latest", "destination": "mine"})
    assert (result.status_code, result.content) == (200, b"")
    assert "mine" in library.records


@pytest.mark.parametrize("call", ["POST", "DELETE"])
def test_delete_also_unloads(client: TestClient, library: FakeLibrary, inference: FakeInference, call: str) -> None:
    result = client.simulate_request(call, "/api/delete", json={"name": "tiny:latest"})
    assert (result.status_code, result.content) == (200, b"")
    assert library.records == {}
    assert inference.calls == [("unload", "tiny:latest")]


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/api/copy", {"source": "none", "destination": "x"}, 404, "model 'none' not found"),
        ("/api/delete", {"model": "none"}, 404, "model 'none' not found"),
        ("/api/delete", {}, 400, "model is required"),
        ("/api/show", {"model": ""}, 400, "model is required"),
        ("/api/show", {"model": "none"}, 404, "model 'none' not found"),
        ("/api/pull", {}, 400, "model is required"),
        ("/api/push", {}, 400, "model is required"),
        ("/api/create", {"from": "tiny"}, 400, "model is required"),
    ],
)
def test_bad_requests(client: TestClient, path: str, body: dict[str, Any], status: int, message: str) -> None:
    result = client.simulate_post(path, json=body)
    assert (result.status_code, result.json) == (status, {"error": message})


@pytest.mark.parametrize("refusal", [NotFound("not loaded"), Corrupt("a blob is missing"), Unsupported("not GGUF")])
def test_a_model_that_cannot_be_unloaded_may_still_be_deleted(
    client: TestClient, library: FakeLibrary, inference: FakeInference, refusal: OmmError
) -> None:
    inference.raises = refusal
    assert client.simulate_delete("/api/delete", json={"model": "tiny:latest"}).status_code == 200
    assert library.records == {}


# --- blobs ------------------------------------------------------------------------------------------------------


def test_blobs_are_uploaded_once(client: TestClient, library: FakeLibrary) -> None:
    path = f"/api/blobs/{DIGEST}"
    missing = client.simulate_head(path)
    assert (missing.status_code, missing.content) == (404, b"")
    assert client.simulate_post(path, body=b"weights").status_code == 201
    assert client.simulate_post(path, body=b"weights").status_code == 200
    assert client.simulate_head(path).status_code == 200
    assert library.blobs == {DIGEST: b"weights"}


def test_a_digest_may_be_spelled_with_a_dash_and_capitals(client: TestClient, library: FakeLibrary) -> None:
    spelled = DIGEST.replace(":", "-").upper().replace("SHA", "sha")
    assert client.simulate_post(f"/api/blobs/{spelled}", body=b"x").status_code == 201
    assert list(library.blobs) == [DIGEST]


def test_a_blob_may_be_larger_than_the_body_limit(make_client: Any, library: FakeLibrary) -> None:
    client = make_client(max_body=10)
    assert client.simulate_post(f"/api/blobs/{DIGEST}", body=b"x" * 3_000_000).status_code == 201
    assert len(library.blobs[DIGEST]) == 3_000_000


def test_wrong_content_is_the_clients_fault(client: TestClient, library: FakeLibrary) -> None:
    library.actual_digest = "sha256:" + "f" * 64
    result = client.simulate_post(f"/api/blobs/{DIGEST}", body=b"x")
    assert result.status_code == 400
    assert result.json["error"].startswith("digest mismatch")


@pytest.mark.parametrize("digest", ["sha256:abc", "md5:" + "0" * 32, "sha256:" + "g" * 64, "sha256:..%5c" + "0" * 59])
def test_bad_digests(client: TestClient, library: FakeLibrary, digest: str) -> None:
    result = client.simulate_post(f"/api/blobs/{digest}", body=b"x")
    assert (result.status_code, result.json) == (400, {"error": "invalid digest format"})
    assert client.simulate_head(f"/api/blobs/{digest}").status_code == 400
    assert library.blobs == {}
