"""omm plan: how a model would run on the server's machine, without loading it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from omm import units, values
from omm.cli import output, replies
from omm.cli.models import Json, Model
from omm.cli.output import Section
from omm.cli.params import UsageError
from omm.cli.session import Session

if TYPE_CHECKING:
    import typer

MAX_CONTEXT = 1 << 24
MAX_LAYERS = 1 << 16


def plan(
    session: Session,
    model: Model,
    num_ctx: Annotated[str | None, typer.Option("--num-ctx", metavar="TOKENS", help="Context to plan for")] = None,
    device: Annotated[
        str | None,
        typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda, cuda:N, metal or vulkan"),
    ] = None,
    gpu_layers: Annotated[
        str | None,
        typer.Option("--gpu-layers", metavar="LAYERS", help="Layers to put on accelerators"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how a model would run, and in which memory"""
    wishes = {
        "num_ctx": _count("--num-ctx", num_ctx, 1, MAX_CONTEXT),
        "device": _device(device),
        "offload_gpu_layers": _count("--gpu-layers", gpu_layers, 0, MAX_LAYERS),
    }
    given = {name: value for name, value in wishes.items() if value is not None}
    reply = session.client.plan({"runtime": {"model_reference": model, **given}})
    if as_json:
        output.print_json(reply)
    else:
        output.print_sections(sections(reply))


def _count(flag: str, text: str | None, least: int, most: int) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise UsageError(f"{flag} takes a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _device(text: str | None) -> str | None:
    try:
        return None if text is None else values.device(text)
    except ValueError as exc:
        raise UsageError(f"--device {exc}, not {text!r}") from exc


def sections(reply: replies.Plan) -> list[Section]:
    """All there is to tell about a plan; of a model that cannot run, why."""
    model, planned = reply.resolved_model, reply.runtime_plan
    rows = [
        ("name", model.get("normalized_name")),
        ("architecture", model.get("architecture")),
        ("source", model.get("source_kind")),
        ("takes", ", ".join(model.get("modalities") or ())),
        ("plan", planned.reason),
    ]
    known = [(name, str(value)) for name, value in rows if value]
    details = planned.details
    if not details:
        return [Section("Model", known)]
    return [Section("Model", known), Section("Memory", _memory(details)), Section("Sampling", _sampling(details))]


def _memory(details: dict[str, str]) -> list[tuple[str, ...]]:
    def size(name: str) -> str:
        return units.format_bytes(int(details[f"{name}_bytes"]))

    rows = [
        ("weights", size("model")),
        ("KV cache", size("kv")),
        ("context", f"{details['num_parallel']} × {details['num_ctx']} tokens"),
        ("a token", units.format_bytes(int(details["kv_bytes_per_token"]))),
        ("compute", size("compute") if details["compute_bytes"] != "0" else ""),
        ("on accelerators", f"{size('gpu')} of {size('gpu_free')} free" if details["gpu_bytes"] != "0" else ""),
        ("on the host", f"{size('host')} of {size('host_free')} free"),
        ("layers", f"{details['n_gpu_layers']} of {details['n_layers']} on {details['device']}"),
        ("fits", "yes" if details["fits"] == "true" else "no"),
    ]
    has_accelerator = details["n_gpu_layers"] != "0"
    return [row for row in rows if row[1] and (row[0] != "layers" or has_accelerator)]


def _sampling(details: dict[str, Any]) -> list[tuple[str, ...]]:
    names = ("temperature", "top_p", "top_k", "repeat_penalty", "num_predict")
    return [(name, details[name]) for name in names if name in details]
