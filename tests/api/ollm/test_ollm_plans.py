"""Health, models and plans of the native routes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from falcon.testing import TestClient

import omm
from omm.errors import Corrupt
from tests.api.ollm.conftest import GIB, MIB, stored
from tests.fakes import FakeInference, FakeLibrary

MakeNative = Callable[..., TestClient]


def plan(client: TestClient, **runtime: Any) -> Any:
    return client.simulate_post("/v1/plan", json={"runtime": {"model_reference": "tiny", **runtime}})


# --- health -----------------------------------------------------------------------------------------------------


def test_seed_001_10_health(client: TestClient) -> None:
    result = client.simulate_get("/v1/health")
    assert result.status_code == 200
    assert result.json == {"ok": True, "service": "omm", "version": omm.__version__, "server_mode": "local-only"}


@pytest.mark.parametrize(("host", "mode"), [("0.0.0.0", "network"), ("[::1]:1", "local-only"), ("10.0.0.1", "network")])
def test_health_tells_who_can_reach_the_server(make_native: MakeNative, host: str, mode: str) -> None:
    assert make_native(host=host).simulate_get("/v1/health").json["server_mode"] == mode


# --- plans ------------------------------------------------------------------------------------------------------


def test_seed_001_13_a_plan_has_three_parts_and_runs_nothing(client: TestClient, inference: FakeInference) -> None:
    result = plan(client)
    assert result.status_code == 200
    assert list(result.json) == ["runtime_config", "resolved_model", "runtime_plan"]
    assert inference.calls == []


def test_the_configuration_has_every_field_with_its_default(client: TestClient, tmp_path: Path) -> None:
    assert plan(client).json["runtime_config"] == {
        "model_reference": "tiny",
        "models_dir": str(tmp_path),
        "device": "auto",
        "backend": None,
        "adapter_dir": None,
        "multimodal": False,
        "use_specialization": True,
        "cache_dir": "kv_cache",
        "use_cache": True,
        "kv_cache_strategy": "auto",
        "strategy_selector_profile": "balanced",
        "kv_cache_lifecycle": "runtime-scoped",
        "kv_cache_adaptation_mode": "observe-only",
        "kv_cache_window_tokens": None,
        "dense_projection_chunk_rows": None,
        "offload_cpu_layers": 0,
        "offload_cpu_policy": "auto",
        "offload_gpu_layers": 0,
        "force_download": False,
        "stats": False,
        "verbose": False,
        "quiet": False,
        "num_ctx": None,
        "keep_alive": None,
        "think": None,
    }


def test_null_is_the_default_and_what_is_asked_for_is_echoed(client: TestClient) -> None:
    config = plan(client, backend="optimized-native", device=None, kv_cache_adaptation_mode="automatic", num_ctx=256)
    told = config.json["runtime_config"]
    assert (told["backend"], told["device"], told["num_ctx"]) == ("optimized-native", "auto", 256)
    assert told["kv_cache_adaptation_mode"] == "automatic"


def test_what_a_name_stands_for(client: TestClient, tmp_path: Path) -> None:
    assert plan(client).json["resolved_model"] == {
        "model_reference": "tiny",
        "normalized_name": "tiny:latest",
        "source_kind": "builtin",
        "support_level": "generic",
        "modalities": ["text"],
        "requires_processor": False,
        "supports_disk_cache": False,
        "supports_specialization": False,
        "repo_id": None,
        "revision": "a" * 12,
        "path": str(tmp_path / "sha256-tiny-latest"),
        "native_family": "llama",
        "architecture": "llama",
        "model_type": "llama",
        "generic_model_kind": "causal-lm",
        "resolution_message": "tiny:latest is installed",
    }


@pytest.mark.parametrize(
    ("name", "kind", "repository"),
    [
        ("hf.co/user/Repo-GGUF:Q4_K_M", "hugging-face", "user/Repo-GGUF"),
        ("mine:latest", "local-path", None),
        ("someone/else:v1", "local-path", None),
    ],
)
def test_where_a_model_is_from(
    client: TestClient, library: FakeLibrary, tmp_path: Path, name: str, kind: str, repository: str | None
) -> None:
    library.records[name] = stored(tmp_path, name)
    found = plan(client, model_reference=name).json["resolved_model"]
    assert (found["source_kind"], found["repo_id"]) == (kind, repository)


@pytest.mark.parametrize(
    ("capabilities", "architecture", "kind", "modalities"),
    [
        (("embedding",), "bert", "embedding", ["text"]),
        (("completion", "vision"), "gemma3", "image-text-to-text", ["text", "image"]),
        (("completion", "vision", "audio"), "gemma4", "image-text-to-text", ["text", "image", "audio"]),
        (("completion",), "t5", "seq2seq-lm", ["text"]),
    ],
)
def test_kinds_of_models(
    client: TestClient,
    library: FakeLibrary,
    tmp_path: Path,
    capabilities: tuple[str, ...],
    architecture: str,
    kind: str,
    modalities: list[str],
) -> None:
    metadata = {"general.architecture": architecture}
    library.records["tiny:latest"] = stored(tmp_path, capabilities=capabilities, metadata=metadata)
    found = plan(client).json
    assert found["resolved_model"]["generic_model_kind"] == kind
    assert found["resolved_model"]["modalities"] == modalities == found["runtime_plan"]["modalities"]


def test_a_plan_for_the_cpu(client: TestClient) -> None:
    planned = plan(client, num_ctx=1024).json["runtime_plan"]
    details = planned.pop("details")
    assert planned == {
        "backend_id": "llama.cpp",
        "modalities": ["text"],
        "requires_processor": False,
        "supports_disk_cache": False,
        "supports_cpu_offload": True,
        "supports_gpu_offload": False,
        "specialization_provider_id": None,
        "specialization_enabled": False,
        "specialization_state": "not-planned",
        "planned_specialization_pass_ids": [],
        "reason": "tiny:latest runs on the CPU",
    }
    assert all(isinstance(value, str) for value in details.values())
    assert (details["device"], details["n_gpu_layers"], details["num_ctx"]) == ("cpu", "0", "1024")
    assert details["model_bytes"] == str(4 * MIB)
    assert details["kv_bytes_per_token"] == "1024"
    assert int(details["kv_bytes"]) == 1024 * 1024 * int(details["num_parallel"])
    assert int(details["total_bytes"]) == int(details["model_bytes"]) + int(details["kv_bytes"])
    assert (details["gpu_bytes"], details["fits"]) == ("0", "true")


def test_seed_000_44_the_defaults_of_sampling_can_be_read(client: TestClient) -> None:
    details = plan(client).json["runtime_plan"]["details"]
    names = ("temperature", "top_p", "top_k", "num_predict", "repeat_penalty")
    assert [details[name] for name in names] == ["0.7", "0.9", "40", "4096", "1.1"]


def test_a_plan_for_a_gpu(make_native: MakeNative) -> None:
    planned = plan(make_native("CUDA0")).json
    assert planned["resolved_model"]["support_level"] == "optimized"
    assert planned["resolved_model"]["supports_specialization"]
    runtime = planned["runtime_plan"]
    assert (runtime["specialization_state"], runtime["specialization_provider_id"]) == ("planned", "llama.cpp")
    assert runtime["planned_specialization_pass_ids"] == ["gpu-offload"]
    details = runtime["details"]
    assert (details["device"], details["n_gpu_layers"], details["host_bytes"]) == ("cuda:0", "9", "0")
    assert int(details["gpu_bytes"]) == int(details["total_bytes"]) > int(details["model_bytes"])
    assert details["gpu_free_bytes"] == str(8 * GIB)


def test_a_model_may_be_split(make_native: MakeNative) -> None:
    runtime = plan(make_native("CUDA0"), offload_gpu_layers=3).json["runtime_plan"]
    assert runtime["planned_specialization_pass_ids"] == ["cpu-offload", "gpu-offload"]
    assert runtime["reason"] == "tiny:latest runs 3 of 9 layers on cuda:0"
    assert runtime["details"]["n_gpu_layers"] == "3"
    assert int(runtime["details"]["host_bytes"]) > 0


def test_layers_kept_on_the_cpu(make_native: MakeNative) -> None:
    details = plan(make_native("CUDA0"), offload_cpu_layers=2).json["runtime_plan"]["details"]
    assert details["n_gpu_layers"] == "7"


def test_plain_kernels(make_native: MakeNative) -> None:
    runtime = plan(make_native("CUDA0"), use_specialization=False).json["runtime_plan"]
    assert (runtime["specialization_enabled"], runtime["specialization_state"]) == (False, "not-planned")
    assert runtime["planned_specialization_pass_ids"] == []


def test_the_cpu_beside_a_gpu(make_native: MakeNative) -> None:
    planned = plan(make_native("CUDA0"), device="cpu").json
    assert planned["resolved_model"]["support_level"] == "generic"
    assert planned["runtime_plan"]["details"]["device"] == "cpu"


def test_more_than_there_is(make_native: MakeNative, library: FakeLibrary, tmp_path: Path) -> None:
    library.records["huge:latest"] = stored(tmp_path, "huge:latest", size=1 << 43)
    runtime = plan(make_native(), model_reference="huge").json["runtime_plan"]
    assert runtime["details"]["fits"] == "false"
    assert "more memory than is free" in runtime["reason"]


def test_a_quantised_cache_is_smaller(client: TestClient) -> None:
    details = [
        plan(client, num_ctx=1024, kv_cache_strategy=strategy).json["runtime_plan"]["details"]
        for strategy in ("resident", "quantized-cold-tier")
    ]
    assert int(details[1]["kv_bytes_per_token"]) == int(details[0]["kv_bytes_per_token"]) * 34 // 64
    assert [each["kv_cache_strategy"] for each in details] == ["resident", "quantized-cold-tier"]


@pytest.mark.parametrize(
    "strategy", ["chunked", "paged", "streamed-segmented", "log-structured-journal", "tiered-write-back"]
)
def test_other_strategies_are_planned_as_resident(client: TestClient, strategy: str) -> None:
    planned = plan(client, kv_cache_strategy=strategy).json
    assert planned["runtime_config"]["kv_cache_strategy"] == strategy
    assert planned["runtime_plan"]["details"]["kv_cache_strategy"] == "resident"


def test_a_window_is_the_context(client: TestClient) -> None:
    made = plan(client, kv_cache_strategy="sliding-window-ring-buffer", kv_cache_window_tokens=512).json
    assert made["runtime_plan"]["details"]["num_ctx"] == "512"


def test_a_broken_model_is_planned_as_unsupported(
    client: TestClient, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(name: str, *, arrays: bool = False) -> Any:
        raise Corrupt("the file is broken")

    monkeypatch.setattr(library, "find", find)
    planned = plan(client).json
    assert planned["resolved_model"]["support_level"] == "unsupported"
    assert planned["resolved_model"]["path"] is None
    assert planned["runtime_plan"]["backend_id"] is None
    assert planned["runtime_plan"]["reason"] == "the file is broken"
    assert planned["runtime_plan"]["details"] == {}


def test_paths_are_for_this_machine_only(make_native: MakeNative, tmp_path: Path) -> None:
    planned = plan(make_native(host="0.0.0.0")).json
    assert planned["runtime_config"]["models_dir"] == tmp_path.name
    assert planned["resolved_model"]["path"] == "sha256-tiny-latest"
    assert str(tmp_path) not in str(planned)


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "detail"),
    [
        ({"offload_cpu_layers": -1}, "runtime.offload_cpu_layers: must be 0 or greater"),
        ({"kv_cache_window_tokens": 0}, "runtime.kv_cache_window_tokens: must be 1 or greater"),
        ({"num_ctx": "many"}, "runtime.num_ctx: Expected `int | null`, got `str`"),
        ({"colour": "red"}, "runtime: Object contains unknown field `colour`"),
        ({"model_reference": "  "}, "runtime.model_reference: must not be empty"),
        ({"model_reference": "../../etc"}, "runtime.model_reference: is no name of a model"),
        (
            {"backend": "vllm"},
            "runtime.backend: --backend must be one of: llama.cpp, optimized-native, transformers-generic",
        ),
        ({"device": "tpu"}, "runtime.device: must be auto, cpu, cuda, cuda:N, metal or vulkan"),
        ({"device": "cuda"}, "runtime.device: 'cuda' is not available; this machine has cpu"),
        ({"device": "cpu", "offload_cpu_layers": 1}, "runtime.offload_cpu_layers: the device is the CPU already"),
        ({"device": "cpu", "offload_gpu_layers": 1}, "runtime.offload_gpu_layers: contradicts the device cpu"),
        (
            {"offload_cpu_layers": 1, "offload_gpu_layers": 1},
            "runtime.offload_cpu_layers: contradicts offload_gpu_layers",
        ),
        ({"force_download": True}, "runtime.force_download: downloading is the job of POST /api/pull"),
        ({"verbose": True, "quiet": True}, "runtime.verbose: contradicts quiet"),
        ({"multimodal": True}, "runtime.multimodal: model 'tiny' takes text only"),
        (
            {"kv_cache_window_tokens": 64},
            "runtime.kv_cache_window_tokens: needs kv_cache_strategy sliding-window-ring-buffer",
        ),
        (
            {"kv_cache_lifecycle": "persistent", "kv_cache_strategy": "resident"},
            "runtime.kv_cache_lifecycle: a resident cache cannot be persistent",
        ),
        ({"models_dir": "/etc"}, "runtime.models_dir: must be the server's own directory, or absent"),
        (
            {"adapter_dir": "/etc/passwd"},
            'lora: model "tiny:latest" has no adapters',
        ),
        ({"offload_cpu_policy": "x"}, "runtime.offload_cpu_policy: must be one of: auto, prefix, suffix, middle-band"),
        ({"num_ctx": 1 << 30}, "runtime.num_ctx: must be between 1 and 16777216, not 1073741824"),
        ({"keep_alive": "soon"}, 'runtime.keep_alive: time: invalid duration "soon"'),
        ({"think": 1}, 'runtime.think: must be a boolean or string ("high", "medium", "low", "max", true, or false)'),
    ],
)
def test_wrong_values_are_named(client: TestClient, runtime: dict[str, Any], detail: str) -> None:
    result = plan(client, **runtime)
    assert (result.status_code, result.json) == (400, {"detail": detail})


@pytest.mark.parametrize("name", ["strategy_selector_profile", "kv_cache_lifecycle", "kv_cache_adaptation_mode"])
def test_names_of_lists_are_checked(client: TestClient, name: str) -> None:
    result = plan(client, **{name: "unheard-of"})
    assert result.status_code == 400
    assert result.json["detail"].startswith(f"runtime.{name}: must be one of: ")


@pytest.mark.parametrize("body", [{}, {"runtime": None}, {"runtime": {}}])
def test_there_is_no_default_model(client: TestClient, body: dict[str, Any]) -> None:
    result = client.simulate_post("/v1/plan", json=body)
    assert result.status_code == 400
    assert result.json == {"detail": "runtime.model_reference: is required, as there is no default model"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"more": 1}'])
def test_other_bodies_are_refused(client: TestClient, body: bytes) -> None:
    result = client.simulate_post("/v1/plan", body=body)
    assert result.status_code == 400
    assert list(result.json) == ["detail"]


def test_an_unknown_model(client: TestClient) -> None:
    result = plan(client, model_reference="nobody")
    assert (result.status_code, result.json) == (404, {"detail": "model 'nobody' not found"})


def test_a_device_by_number(make_native: MakeNative) -> None:
    client = make_native("CUDA0", "CUDA1")
    assert plan(client, device="cuda:1").json["runtime_plan"]["details"]["device"] == "cuda:1"
    wrong = plan(client, device="cuda:2")
    assert wrong.json["detail"] == "runtime.device: 'cuda:2' is not available; this machine has cpu, cuda:0, cuda:1"
    assert plan(make_native("MTL0"), device="metal").json["runtime_plan"]["details"]["device"] == "metal:0"


def test_the_servers_own_directory_may_be_named(client: TestClient, tmp_path: Path) -> None:
    assert plan(client, models_dir=str(tmp_path)).status_code == 200


# --- models -----------------------------------------------------------------------------------------------------


def test_seed_001_12_one_model(client: TestClient) -> None:
    info = client.simulate_get("/v1/ollm/models/tiny").json
    assert info["normalized_name"] == "tiny:latest"
    assert info["materialized"]
    assert info["discovery_source"] is None
    assert info["resolved_support_level"] == "generic"
    assert info["resolved_modalities"] == ["text"]
    assert not info["resolved_requires_processor"]
    assert not info["resolved_supports_disk_cache"]
    assert info["resolved_resolution_message"] == "tiny:latest is installed"
    assert info["runtime_plan"]["backend_id"] == "llama.cpp"


def test_references_have_slashes_and_colons(client: TestClient, library: FakeLibrary, tmp_path: Path) -> None:
    name = "hf.co/user/repo:Q4_K_M"
    library.records[name] = stored(tmp_path, name)
    assert client.simulate_get(f"/v1/ollm/models/{name}").json["model_reference"] == name


def test_a_model_that_ships_is_known_before_it_is_installed(client: TestClient, library: FakeLibrary) -> None:
    library.records.clear()
    info = client.simulate_get("/v1/ollm/models/tiny").json
    assert (info["materialized"], info["support_level"]) == (False, "unsupported")
    assert "pull it first" in info["resolution_message"]


def test_seed_001_11_the_list_is_sorted(client: TestClient, library: FakeLibrary, tmp_path: Path) -> None:
    for name in ("zebra:latest", "hf.co/a/b:latest", "apple:latest"):
        library.records[name] = stored(tmp_path, name)
    models = client.simulate_get("/v1/ollm/models").json["models"]
    assert [model["model_reference"] for model in models] == [
        "tiny:latest",
        "hf.co/a/b:latest",
        "apple:latest",
        "zebra:latest",
    ]
    assert {model["discovery_source"] for model in models} == {"discovered-local"}


def test_the_list_has_what_could_be_installed(client: TestClient, library: FakeLibrary) -> None:
    library.records.clear()
    (model,) = client.simulate_get("/v1/ollm/models").json["models"]
    assert (model["model_reference"], model["materialized"]) == ("tiny:latest", False)
    assert model["discovery_source"] == "built-in"
    assert client.simulate_get("/v1/ollm/models", query_string="installed=true").json == {"models": []}


def test_one_broken_model_does_not_hide_the_others(client: TestClient, library: FakeLibrary, tmp_path: Path) -> None:
    library.records["broken:latest"] = msgspec.structs.replace(stored(tmp_path, "broken:latest"), weights="/nowhere")
    models = client.simulate_get("/v1/ollm/models").json["models"]
    assert {m["model_reference"]: m["support_level"] for m in models} == {
        "tiny:latest": "generic",
        "broken:latest": "unsupported",
    }


@pytest.mark.parametrize("path", ["/v1/ollm/models", "/v1/ollm/models/tiny"])
@pytest.mark.parametrize("query", ["backend=vllm", "models_dir=/etc", "no_specialization=perhaps"])
def test_wrong_queries(client: TestClient, path: str, query: str) -> None:
    result = client.simulate_get(path, query_string=query)
    assert result.status_code == 400
    assert list(result.json) == ["detail"]


def test_queries_reach_the_plan(make_native: MakeNative) -> None:
    client = make_native("CUDA0")
    info = client.simulate_get("/v1/ollm/models/tiny", query_string="no_specialization=true").json
    assert not info["runtime_plan"]["specialization_enabled"]
    assert client.simulate_get("/v1/ollm/models/tiny", query_string="multimodal=1").status_code == 400


def test_errors_have_the_native_shape(make_native: MakeNative) -> None:
    client = make_native(api_key="k")
    for path in ("/v1/health", "/v1/ollm/models", "/v1/plan", "/v1/prompt", f"/v1/sessions/{uuid.uuid4()}"):
        result = client.simulate_get(path)
        assert (result.status_code, result.json) == (401, {"detail": "invalid API key"})
    assert list(make_native().simulate_get("/v1/sessions/x/nothing").json) == ["detail"]
