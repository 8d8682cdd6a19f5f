"""What would run where: a model's plan from its header and the memory that is free now. Loads nothing.

The numbers are those that loading itself goes by (`engine.memory`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, Protocol

import msgspec

from omm.config import Settings, runner_env
from omm.engine import machine, memory, sampling
from omm.engine.devices import Devices as Devices
from omm.engine.devices import measure
from omm.engine.memory import Device
from omm.errors import InvalidRequest, NotFound, OmmError, Unsupported
from omm.names import ModelName
from omm.service import adapters, configured, loading
from omm.sources.embedded import Embedded
from omm.types import AdapterChoice, LoadWishes, ModelRecord, ModelSummary, Options, Value

FRESH_S = 5.0  # how old a measurement of an accelerator's memory may be

Origin = Literal["builtin", "hugging-face", "local-path"]


class Models(Protocol):
    """What planning needs of the library."""

    def list(self) -> list[ModelSummary]: ...

    def find(self, name: str, /) -> ModelRecord: ...

    def target(self, name: str, /) -> str: ...


class Resolved(Value):
    """A model by its name. Without a record it cannot run, and `problem` says why; `is_here` is whether it is stored.

    `digest` is its manifest's sha256 in hex, empty when it is not stored.
    """

    name: str
    origin: Origin
    record: ModelRecord | None = None
    problem: str = ""
    is_here: bool = True
    digest: str = ""


class PlanRequest(Value):
    """A model and how it shall run.

    `device` is auto, cpu, or a kind of accelerator, with a number where there may be several (`cuda:1`). Of the
    model's layers, `cpu_layers` stay off the accelerator.
    """

    model: str
    options: Options = Options()
    wishes: LoadWishes = LoadWishes()
    device: str = "auto"
    cpu_layers: int = 0
    is_multimodal: bool = False
    adapters: tuple[AdapterChoice, ...] | None = None


class MemoryPlan(Value):
    """What goes where, in bytes.

    `weights`, `kv` and `compute` are all there is to keep; `on_devices` of it lies on accelerators and `on_host` in the
    machine's memory, of which `host_free` is free now. `num_ctx` is tokens per sequence.
    """

    num_ctx: int
    num_parallel: int
    gpu_layers: int
    num_layers: int
    weights: int
    kv: int
    kv_per_token: int
    compute: int
    on_devices: int
    on_host: int
    host_free: int
    fits: bool
    devices: tuple[Device, ...] = ()


class ModelPlan(Value):
    """How a model would run; without `memory` it cannot. `options` are the request's, with the device's share in them.

    `device` is where most of it runs: `cpu`, or an accelerator as `cuda:0`. `sampling` is how it samples where a
    request says nothing else, by the names of options.
    """

    model: Resolved
    device: str = "cpu"
    options: Options = Options()
    sampling: dict[str, float] = {}
    memory: MemoryPlan | None = None


def this_machine() -> Devices:
    """The accelerators that are here, measured when first asked for."""
    return Devices(lambda: measure(runner_env()))


def no_devices() -> Devices:
    """A machine without accelerators."""
    return Devices(list)


class Planner:
    """Plans for the models of a library."""

    def __init__(self, library: Models, settings: Settings, devices: Devices) -> None:
        self._library, self._settings, self._devices = library, settings, devices

    def list(self, request: PlanRequest, *, installed: bool) -> list[ModelPlan]:
        """Plan all stored models, and those that come with omm unless only `installed` ones are wanted."""
        stored = [found for summary in self._library.list() if (found := self._resolve_listed(summary.name))]
        known = {found.name.lower() for found in stored}
        rest = [] if installed else [_not_here(name) for name in _shipped() if name.display.lower() not in known]
        return [self._plan_listed(found, request) for found in [*stored, *rest]]

    def _resolve_listed(self, name: str) -> Resolved | None:
        try:
            return self.resolve(name)
        except NotFound:  # deleted meanwhile
            return None

    def _plan_listed(self, found: Resolved, request: PlanRequest) -> ModelPlan:
        """A plan, or in it what is wrong with this one model."""
        try:
            return self.plan_for(found, request)
        except OmmError as exc:
            return ModelPlan(model=msgspec.structs.replace(found, record=None, problem=exc.message))

    def resolve(self, model: str) -> Resolved:
        """Find a model by name.

        Raises:
            InvalidRequest: it is no name.
            NotFound: nothing has that name.
        """
        try:
            name = ModelName.parse(self._library.target(model))
        except InvalidRequest as exc:
            raise InvalidRequest("is no name of a model", param="runtime.model_reference") from exc
        try:
            record = configured.applied(self._library.find(model), self._settings)
        except NotFound:
            if Embedded().matches(name):
                return _not_here(name)
            raise NotFound(f"model '{self._library.target(model)}' not found") from None
        except OmmError as exc:
            return Resolved(name=name.display, origin=_origin(name), problem=exc.message)
        return Resolved(name=record.name, origin=_origin(name), record=record, digest=record.digest)

    def plan(self, request: PlanRequest, *, max_age_s: float = FRESH_S) -> ModelPlan:
        """Plan a model; accelerators are measured again when that was longer ago than `max_age_s`.

        Raises:
            InvalidRequest: an option is out of range, or the device or an adapter is not there.
            Unsupported: the model lacks an ability that is asked for.
            NotFound: nothing has that name.
        """
        return self.plan_for(self.resolve(request.model), request, max_age_s=max_age_s)

    def place(self, request: PlanRequest) -> ModelPlan:
        """The plan of a request that is about to run: where, not how much is free."""
        return self.plan(request, max_age_s=math.inf)

    def plan_for(self, model: Resolved, request: PlanRequest, *, max_age_s: float = FRESH_S) -> ModelPlan:
        """Plan a model that was found. Raises as `plan`."""
        if model.record is None:
            return ModelPlan(model=model)
        if request.is_multimodal and not {"vision", "audio"} & set(model.record.capabilities):
            raise Unsupported(f"model '{request.model}' takes text only", param="runtime.multimodal")
        adapters.scales(model.record, request.adapters)
        devices = self._devices.within(max_age_s)
        used = _chosen(devices, request.device)
        options = _placed(request, model.record, devices, used)
        merged = loading.merge_options(options, model.record)
        spec = loading.load_spec(model.record, merged, self._settings, request.wishes)
        free = machine.free_memory()
        made = memory.plan(spec, devices, free)
        params, limits = sampling.resolve(merged)
        return ModelPlan(
            model=model,
            device=_label(used[0]) if used and made.gpu_layers else "cpu",
            options=options,
            sampling={
                **{name: getattr(params, name) for name in ("temperature", "top_p", "top_k", "repeat_penalty")},
                "num_predict": limits.num_predict,
            },
            memory=_spread(made, spec.shape.weights_bytes, model.record.num_layers, devices, free),
        )


def _shipped() -> Iterable[ModelName]:
    return [ModelName.parse(name) for name in Embedded().names()]


def _not_here(name: ModelName) -> Resolved:
    problem = f"'{name.display}' comes with omm and is not installed yet; pull it first"
    return Resolved(name=name.display, origin="builtin", problem=problem, is_here=False)


def _origin(name: ModelName) -> Origin:
    if name.is_huggingface:
        return "hugging-face"
    return "builtin" if Embedded().matches(name) else "local-path"


# --- devices ----------------------------------------------------------------------------------------------------

KINDS = {"cuda": "cuda", "metal": "mtl", "vulkan": "vulkan"}  # as llama.cpp's names of devices begin, in lower case


def _chosen(devices: list[Device], wanted: str) -> list[Device]:
    """The accelerators to use: all for `auto`, none for `cpu`. Raises InvalidRequest when there is none as wanted."""
    if wanted == "auto":
        return devices
    if wanted == "cpu":
        return []
    kind, _, number = wanted.partition(":")
    found = [device for device in devices if device.name.lower().startswith((KINDS[kind], kind))]
    found = [device for device in found if not number or _number(device) == int(number)]
    if not found:
        there = ", ".join(["cpu", *map(_label, devices)])
        raise InvalidRequest(f"'{wanted}' is not available; this machine has {there}", param="runtime.device")
    return found


def _number(device: Device) -> int:
    digits = device.name[len(device.name.rstrip("0123456789")) :]
    return int(digits or 0)


def _label(device: Device) -> str:
    """`cuda:0` of llama.cpp's `CUDA0`."""
    kind = device.name.rstrip("0123456789").lower()
    named = next((name for name, prefix in KINDS.items() if kind == prefix), kind)
    return f"{named}:{_number(device)}"


def _placed(request: PlanRequest, record: ModelRecord, devices: list[Device], used: list[Device]) -> Options:
    """The options with the layers and the device that the request asks for in other words."""
    values = msgspec.structs.asdict(request.options)
    if request.device == "cpu":
        values["num_gpu"] = 0
    elif request.cpu_layers:
        values["num_gpu"] = max(0, record.num_layers + 1 - request.cpu_layers) if devices else 0
    if ":" in request.device and values["main_gpu"] is None:
        values["main_gpu"] = devices.index(used[0])
    return Options(**values)


# --- memory -----------------------------------------------------------------------------------------------------


def _spread(made: memory.Plan, weights: int, num_layers: int, devices: list[Device], host_free: int) -> MemoryPlan:
    """Split a plan between the devices and the machine, layer by layer."""
    layers = min(made.gpu_layers, num_layers + 1) if devices else 0
    kv = made.estimate - weights
    compute = memory.COMPUTE_OVERHEAD * len(devices) if layers else 0
    on_devices = made.estimate * layers // (num_layers + 1) + compute
    on_host = made.estimate + compute - on_devices
    fits = on_host <= host_free * memory.HEADROOM and on_devices <= sum(device.free for device in devices)
    return MemoryPlan(
        num_ctx=made.num_ctx,
        num_parallel=made.num_parallel,
        gpu_layers=layers,
        num_layers=num_layers,
        weights=weights,
        kv=kv,
        kv_per_token=kv // (made.num_ctx * made.num_parallel),
        compute=compute,
        on_devices=on_devices,
        on_host=on_host,
        host_free=host_free,
        fits=fits,
        devices=tuple(devices),
    )
