"""What the configuration's tables say of a model, put over its record; and every value in effect, with its origin.

Over the Modelfile: the file on this machine is its user's, a Modelfile comes from whoever published the model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from omm import tables
from omm.chat import dialects, template
from omm.config import Settings
from omm.engine.messages import Limits, SamplingParams
from omm.errors import InvalidRequest, OmmError
from omm.names import ModelName
from omm.service import prompts
from omm.tomltext import dotted
from omm.types import Defaults, InferenceRequest, LoadWishes, ModelRecord, ModelSummary, Options, Sourced

AnyRequest = TypeVar("AnyRequest", bound=InferenceRequest)

MODELFILE, MODEL_FILE, DEFAULT = "Modelfile", "model file", "default"
_TEXTS = ("system", "template", "dialect")
# What of the settings says how a model is loaded, by the name that it has for one model.
_SETTINGS = {
    "num_ctx": "context_length",
    "num_thread": "threads",
    "num_parallel": "num_parallel",
    "keep_alive": "keep_alive",
    "flash_attention": "flash_attention",
    "kv_cache_type": "kv_cache_type",
}
_THINKING = ("think", "thinking_budget")
_TEMPLATE_ORIGINS = {"modelfile": MODELFILE, "gguf": MODEL_FILE}


def check(settings: Settings) -> None:
    """Refuse tables that no model could be used with. Raises InvalidRequest with file, line and setting."""
    for keys, row in tables.rows(settings.model, ()).items():
        try:
            if keys[-1] == "template":
                template.check(row.value)
            elif keys[-1] == "dialect" and dialects.named(row.value) is None:
                known = ", ".join(sorted(dialect.name for dialect in dialects.DIALECTS))
                raise InvalidRequest(f"no dialect is called {row.value!r}; known are {known}")
        except OmmError as exc:
            raise InvalidRequest(f"{row.origin}: {dotted(keys)}: {exc.message}") from exc


def applied(record: ModelRecord, settings: Settings) -> ModelRecord:
    """The record as requests shall see it."""
    given = tables.values_for(settings.model, ModelName.parse(record.name), record.alias)
    if "thinking" not in record.capabilities:  # a pattern may well match such a model, too
        given = {name: row for name, row in given.items() if name not in _THINKING}
    if not given:
        return record
    values = {name: row.value for name, row in given.items()}
    options = {name: value for name, value in values.items() if name in Options.__struct_fields__}
    return msgspec.structs.replace(
        record,
        parameters=record.parameters | options,
        **{name: values.get(name, getattr(record, name)) for name in _TEXTS},
        defaults=Defaults(
            think=values.get("think"),
            thinking_budget=values.get("thinking_budget"),
            keep_alive_s=values.get("keep_alive"),
            num_parallel=values.get("num_parallel"),
            wishes=LoadWishes(flash_attention=values.get("flash_attention"), kv_cache_type=values.get("kv_cache_type")),
        ),
        configured=given,
    )


def filled(request: AnyRequest, record: ModelRecord) -> AnyRequest:
    """The request with the model's defaults where it does not say."""
    ours = record.defaults
    return msgspec.structs.replace(
        request,
        think=ours.think if request.think is None else request.think,
        thinking_budget=ours.thinking_budget if request.thinking_budget is None else request.thinking_budget,
    )


def with_aliases(models: Iterable[ModelSummary], settings: Settings) -> list[ModelSummary]:
    """Models, and again under each alias that names one of them without wildcards."""
    known = {model.name: model for model in models}
    named = tables.listed(settings.alias, known)
    return [*known.values(), *(msgspec.structs.replace(known[name], name=alias) for alias, name in named.items())]


# --- what is in effect --------------------------------------------------------------------------------------------


def effective(record: ModelRecord, settings: Settings) -> dict[str, Sourced]:
    """Every value that a request gets which says nothing itself; None where omm chooses by machine and moment."""
    names = (*Options.__struct_fields__, *tables.MORE)
    return {name: record.configured.get(name) or _unconfigured(name, record, settings) for name in names}


def _unconfigured(name: str, record: ModelRecord, settings: Settings) -> Sourced:
    if name in record.parameters:
        origin = MODELFILE if name in record.own_parameters else MODEL_FILE
        return Sourced(value=record.parameters[name], origin=origin)
    if name in _SETTINGS:
        setting = _SETTINGS[name]
        # 0 lets omm choose, but for keep_alive, where it is no time at all.
        value = getattr(settings, setting) or (0.0 if name == "keep_alive" else None)
        return Sourced(value=value, origin=settings.whence.get(setting, DEFAULT))
    match name:
        case "system":
            return Sourced(value=record.system, origin=MODELFILE if record.system else DEFAULT)
        case "template":
            used = prompts.default_template(record)
            return Sourced(value=used.text, origin=_TEMPLATE_ORIGINS.get(used.origin, DEFAULT))
        case "dialect":
            return Sourced(value=prompts.describe(record).dialect, origin=_dialect_origin(record))
        case "think":
            return Sourced(value="thinking" in record.capabilities, origin=DEFAULT)
    builtin = next((kind for kind in (SamplingParams(), Limits()) if name in kind.__struct_fields__), None)
    return Sourced(value=getattr(builtin, name, None), origin=DEFAULT)


def _dialect_origin(record: ModelRecord) -> str:
    """A template tells how its model writes, so a dialect that nobody named is from where the template is."""
    if record.dialect:
        return MODELFILE
    if (row := record.configured.get("template")) is not None:
        return row.origin
    return _TEMPLATE_ORIGINS.get(prompts.default_template(record).origin, DEFAULT)
