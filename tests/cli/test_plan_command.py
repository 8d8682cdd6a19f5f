"""omm plan against a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

DETAILS = {
    "num_ctx": "4096",
    "num_parallel": "4",
    "n_gpu_layers": "0",
    "n_layers": "33",
    "model_bytes": "4000000000",
    "kv_bytes": "2147483648",
    "kv_bytes_per_token": "131072",
    "compute_bytes": "0",
    "total_bytes": "6147483648",
    "gpu_bytes": "0",
    "host_bytes": "6147483648",
    "host_free_bytes": "16000000000",
    "gpu_free_bytes": "0",
    "device": "cpu",
    "fits": "true",
    "kv_cache_strategy": "resident",
    "temperature": "0.7",
    "top_p": "0.9",
    "top_k": "40",
    "repeat_penalty": "1.1",
    "num_predict": "4096",
}
RESOLVED = {
    "normalized_name": "llama3:latest",
    "architecture": "llama",
    "source_kind": "hugging-face",
    "modalities": ["text", "image"],
}


def reply(**details: str) -> dict[str, Any]:
    plan = {"backend_id": "llama.cpp", "reason": "llama3:latest runs on the CPU", "details": {**DETAILS, **details}}
    return {"runtime_config": {"device": "auto"}, "resolved_model": RESOLVED, "runtime_plan": plan}


def test_a_plan_for_people(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/v1/plan"] = (200, reply())
    result = omm("plan", "llama3")
    assert result.code == 0
    assert [line.strip() for line in result.out.splitlines() if line.strip()] == [
        "Model",
        "name            llama3:latest",
        "architecture    llama",
        "source          hugging-face",
        "takes           text, image",
        "plan            llama3:latest runs on the CPU",
        "Memory",
        "weights        4 GB",
        "KV cache       2.1 GB",
        "context        4 × 4096 tokens",
        "a token        131 KB",
        "on the host    6.1 GB of 16 GB free",
        "fits           yes",
        "Sampling",
        "temperature       0.7",
        "top_p             0.9",
        "top_k             40",
        "repeat_penalty    1.1",
        "num_predict       4096",
    ]


def test_an_accelerator(omm: Omm, server: ScriptedServer) -> None:
    more = {
        "n_gpu_layers": "20",
        "compute_bytes": "536870912",
        "gpu_bytes": "4000000000",
        "gpu_free_bytes": "5000000000",
    }
    server.answers["POST", "/v1/plan"] = (200, reply(**more, device="cuda:0", fits="false"))
    lines = [" ".join(line.split()) for line in omm("plan", "llama3").out.splitlines()]
    assert "on accelerators 4 GB of 5 GB free" in lines
    assert "compute 536 MB" in lines
    assert "layers 20 of 33 on cuda:0" in lines
    assert "fits no" in lines


def test_wishes_are_sent(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/v1/plan"] = (200, reply())
    omm("plan", "llama3", "--num-ctx", "512", "--device", "cuda:1", "--gpu-layers", "7")
    (request,) = server.asked("/v1/plan")
    runtime = {"model_reference": "llama3", "num_ctx": 512, "device": "cuda:1", "offload_gpu_layers": 7}
    assert request.body == {"runtime": runtime}


def test_json_is_what_the_server_says(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/v1/plan"] = (200, reply())
    assert json.loads(omm("plan", "llama3", "--json").out) == reply()


def test_a_model_that_cannot_run(omm: Omm, server: ScriptedServer) -> None:
    plan = {"backend_id": None, "reason": "the file is broken", "details": {}}
    server.answers["POST", "/v1/plan"] = (200, {"resolved_model": RESOLVED, "runtime_plan": plan})
    result = omm("plan", "llama3")
    assert "the file is broken" in result.out
    assert "Memory" not in result.out


def test_an_unknown_model(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/v1/plan"] = (404, {"detail": "model 'nobody' not found"})
    result = omm("plan", "nobody")
    assert (result.code, result.err) == (3, "Error: model 'nobody' not found\n")


@pytest.mark.parametrize("flag", ["--num-ctx", "--gpu-layers"])
def test_what_is_no_number(omm: Omm, server: ScriptedServer, flag: str) -> None:
    result = omm("plan", "llama3", flag, "many")
    assert result.code == 2
    assert "takes a whole number from" in result.err
