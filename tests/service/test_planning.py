"""Plans for stored models: which numbers, from the model's own header and the memory that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm.config import Settings
from omm.engine import memory
from omm.engine.devices import Devices
from omm.engine.memory import Device
from omm.errors import NotFound
from omm.service import loading
from omm.service.library import Library
from omm.service.planning import Planner, PlanRequest
from omm.types import LoadWishes, Options

GIB = 1 << 30
GPU = Device(name="CUDA0", free=8 * GIB, total=8 * GIB)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load({}, models=tmp_path)


@pytest.fixture
def library(settings: Settings) -> Library:
    """A store with the model that ships."""
    library = Library(settings)
    for _ in library.pull("tiny"):
        continue
    return library


def planner(library: Library, settings: Settings, *devices: Device) -> Planner:
    return Planner(library, settings, Devices(lambda: list(devices)))


def test_a_plan_is_what_loading_goes_by(library: Library, settings: Settings) -> None:
    made = planner(library, settings).plan(PlanRequest(model="tiny", options=Options(num_ctx=512))).memory
    assert made is not None
    record = library.find("tiny")
    spec = loading.load_spec(record, loading.merge_options(Options(num_ctx=512), record), settings)
    expected = memory.plan(spec, [], made.host_free)
    assert (made.num_ctx, made.num_parallel) == (expected.num_ctx, expected.num_parallel) == (512, made.num_parallel)
    assert made.weights + made.kv == expected.estimate == made.on_host
    assert made.kv_per_token == memory.kv_bytes(spec.shape, "f16")
    assert made.fits


def test_all_of_a_plan_lies_somewhere(library: Library, settings: Settings) -> None:
    layers = library.find("tiny").num_layers
    for count in range(layers + 3):
        request = PlanRequest(model="tiny", options=Options(num_gpu=count))
        made = planner(library, settings, GPU).plan(request).memory
        assert made is not None
        assert made.gpu_layers == min(count, layers + 1)
        assert made.on_devices + made.on_host == made.weights + made.kv + made.compute
        assert (made.on_host == 0) == (count > layers)
        assert (made.on_devices == 0) == (count == 0)


def test_the_device_is_in_the_options(library: Library, settings: Settings) -> None:
    two = [Device(name=f"CUDA{n}", free=8 * GIB, total=8 * GIB) for n in range(2)]
    plan = planner(library, settings, *two).place(PlanRequest(model="tiny", device="cuda:1"))
    assert (plan.device, plan.options.main_gpu) == ("cuda:1", 1)
    plan = planner(library, settings, *two).place(PlanRequest(model="tiny", device="cpu"))
    assert (plan.device, plan.options.num_gpu) == ("cpu", 0)


def test_layers_that_stay_on_the_cpu_without_a_gpu(library: Library, settings: Settings) -> None:
    plan = planner(library, settings).place(PlanRequest(model="tiny", cpu_layers=2))
    assert plan.options.num_gpu == 0


def test_a_wish_for_the_cache_wins_over_the_setting(library: Library, tmp_path: Path) -> None:
    settings = Settings.load({}, models=tmp_path, kv_cache_type="q4_0")
    sizes = []
    for wishes in (LoadWishes(), LoadWishes(kv_cache_type="q8_0")):
        made = planner(library, settings).plan(PlanRequest(model="tiny", wishes=wishes)).memory
        assert made is not None
        sizes.append(made.kv_per_token)
    assert sizes[0] < sizes[1]


def test_names(library: Library, settings: Settings) -> None:
    library.copy("tiny", "mine:v1")
    found = planner(library, settings)
    assert found.resolve("TINY").origin == "builtin"
    assert found.resolve("mine:v1").origin == "local-path"
    with pytest.raises(NotFound, match="model 'nobody' not found"):
        found.resolve("nobody")


def test_the_list_has_each_model_once(library: Library, settings: Settings) -> None:
    library.copy("tiny", "mine:v1")
    plans = planner(library, settings).list(PlanRequest(model=""), installed=False)
    assert sorted(plan.model.name for plan in plans) == ["mine:v1", "tiny:latest"]
    library.delete("tiny")
    plans = planner(library, settings).list(PlanRequest(model=""), installed=False)
    assert {plan.model.name: plan.model.is_here for plan in plans} == {"mine:v1": True, "tiny:latest": False}
