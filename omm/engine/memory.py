"""What fits where: context, parallel sequences and GPU layers for a model. Pure; sizes in bytes."""

from __future__ import annotations

from omm.engine.messages import LoadSpec, ModelShape
from omm.types import Value

KV_BYTES_RATIO = {"f16": 1.0, "q8_0": 34 / 64, "q4_0": 18 / 64}  # relative to 16-bit numbers, scales included
HEADROOM = 0.9  # of the available memory; the rest is for compute buffers
MIN_CONTEXT = 4
AUTO_CONTEXT = 8192
MAX_PARALLEL = 16
AUTO_PARALLEL = 4
BYTES_PER_THREAD = 16 << 20  # of weights
COMPUTE_OVERHEAD = 512 << 20  # compute buffers and the driver's own context on a GPU


class Device(Value):
    """An accelerator and its memory as measured now."""

    name: str
    free: int
    total: int


class Plan(Value):
    """How to load: tokens per sequence, sequences, layers on the GPU, and the memory this should take."""

    num_ctx: int
    num_parallel: int
    gpu_layers: int
    estimate: int


def plan(spec: LoadSpec, devices: list[Device], host_free: int) -> Plan:
    """Fill in whatever the spec leaves open so that the model fits.

    Without a wish, the context is at most `AUTO_CONTEXT` and the KV cache takes at most half of what the weights
    leave free; a small model gets more parallel sequences than a large one.
    """
    shape = spec.shape
    free = max(host_free, sum(device.free for device in devices)) - shape.weights_bytes
    per_token = kv_bytes(shape, spec.kv_cache_type)
    num_ctx = _context(spec, free // 2 // per_token)
    num_parallel = spec.num_parallel or _parallel(num_ctx * per_token, free)
    kv_total = num_ctx * num_parallel * per_token
    layers = spec.num_gpu if spec.num_gpu >= 0 else layers_that_fit(shape, kv_total, devices, spec.gpu_overhead)
    return Plan(num_ctx=num_ctx, num_parallel=num_parallel, gpu_layers=layers, estimate=shape.weights_bytes + kv_total)


def num_threads(shape: ModelShape, cores: int) -> int:
    """CPU threads for a model: one per core, but for a very small model fewer.

    Threads meet at every operation, which saves little when there is little to compute, and stalls when another process
    has a core: beside two busy processes on two cores, one short answer of tiny with two threads took seconds. How many
    bytes of weights are worth a thread is an estimate.
    """
    return max(1, min(cores, -(-shape.weights_bytes // BYTES_PER_THREAD)))


def kv_bytes(shape: ModelShape, cache_type: str) -> int:
    """Bytes one token takes in the KV cache, at least 1."""
    return max(1, int(shape.kv_bytes_per_token * KV_BYTES_RATIO[cache_type]))


def wanted_context(spec: LoadSpec) -> int:
    """Tokens per sequence where memory is no concern."""
    trained = spec.shape.trained_context or AUTO_CONTEXT
    return max(MIN_CONTEXT, min(trained, spec.num_ctx or spec.default_ctx or AUTO_CONTEXT))


def _context(spec: LoadSpec, fits: int) -> int:
    wanted = wanted_context(spec)
    return wanted if spec.num_ctx or spec.default_ctx else min(wanted, max(fits, 2048))


def _parallel(bytes_per_sequence: int, free: int) -> int:
    """As many sequences as fit in a sixteenth of the free memory, from 1 to `MAX_PARALLEL`.

    A model whose cache is larger than that still gets up to `AUTO_PARALLEL` when they fit in a quarter.
    """
    roomy = max(0, free) // 16 // max(1, bytes_per_sequence)
    tight = min(AUTO_PARALLEL, max(0, free) // 4 // max(1, bytes_per_sequence))
    return max(1, min(MAX_PARALLEL, max(roomy, tight)))


def layers_that_fit(shape: ModelShape, kv_total: int, devices: list[Device], overhead: int) -> int:
    """How many layers, counting the output as one, the devices hold together; 0 without devices."""
    if not devices:
        return 0
    all_layers = shape.num_layers + 1
    per_layer = max(1, (shape.weights_bytes + kv_total) // all_layers)
    room = [max(0, device.free - overhead - COMPUTE_OVERHEAD) // per_layer for device in devices]
    return int(min(all_layers, sum(room)))
