"""The tables of the configuration file: what is said of models by pattern, and further names of models. Pure.

`[model."qwen3*"]` sets what holds for every model with such a name, `[alias]` gives names that stand for others.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from omm import parameters, values
from omm.errors import InvalidRequest
from omm.names import ModelName
from omm.tomltext import Keys, Place, dotted, literal
from omm.types import Alias, ModelTable, Options, Sourced

_WILD = re.compile(r"[*?]|\[[^]]*\]")
_LEVELS = ("low", "medium", "high", "max")


# --- what can be said of a model ----------------------------------------------------------------------------------


class ModelSetting(msgspec.Struct, frozen=True):
    """One thing beside the options. `read` raises ValueError for a text that makes no sense."""

    read: Callable[[str], Any]
    help: str


def _think(text: str) -> bool | str:
    return text.lower() if text.lower() in _LEVELS else values.boolean(text)


MORE: dict[str, ModelSetting] = {
    "system": ModelSetting(str, "The system prompt where a conversation has none."),
    "template": ModelSetting(str, "The chat template, in Go's or in Jinja's syntax."),
    "dialect": ModelSetting(str, "How the model writes thinking and tool calls; as PARSER in a Modelfile."),
    "think": ModelSetting(_think, "Whether a model that can think does: true, false, low, medium, high or max."),
    "thinking_budget": ModelSetting(values.count, "Tokens of thinking, after which the answer begins."),
    "keep_alive": ModelSetting(values.keep_alive, "How long the model stays loaded when idle; negative is for ever."),
    "num_parallel": ModelSetting(values.positive, "Sequences decoded together."),
    "flash_attention": ModelSetting(values.flash_attention, "Flash attention: on, off or auto."),
    "kv_cache_type": ModelSetting(values.kv_cache_type, "Number format of the KV cache: f16, q8_0 or q4_0."),
}
NAMES = (*parameters.KINDS, *MORE)


def read_value(name: str, value: Any) -> Any:
    """What TOML has for a setting of a model → its value.

    Raises:
        InvalidRequest: there is no such setting, or the value is of another type or out of range.
    """
    if name in MORE:
        try:
            return MORE[name].read(values.as_text(value))
        except ValueError as exc:
            raise InvalidRequest(str(exc)) from exc
    if name not in parameters.KINDS:
        raise InvalidRequest(unknown(name, NAMES))
    checked = parameters.check({name: value})
    try:
        option = getattr(msgspec.convert(checked, Options, strict=False), name)
    except msgspec.ValidationError as exc:
        raise InvalidRequest(f"expected token ids and numbers, not {value!r}") from exc
    parameters.check_ranges({name: option})
    return option


def from_text(name: str, text: str) -> Any:
    """What a command line has for a setting of a model → what TOML has. Raises InvalidRequest."""
    if name not in MORE:
        return _parsed(text) if parameters.KINDS.get(name) in (tuple, dict) else parameters.parse_text(name, text)
    try:
        value = MORE[name].read(text)
    except ValueError as exc:
        raise InvalidRequest(str(exc)) from exc
    return value if isinstance(value, bool | int) else text


def value_text(name: str, value: Any) -> str:
    """A value as one would write it in the file; empty where there is none."""
    match value:
        case None | str():
            return value or ""
        case float() if name == "keep_alive":
            return values.written(value)
    return literal(value)


def _parsed(text: str) -> Any:
    import tomllib

    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, list | dict) else text


def unknown(name: str, known: Iterable[str]) -> str:
    """That there is no such setting, and what may be meant."""
    import difflib  # PERF: 5 ms that only a mistake has to pay

    near = difflib.get_close_matches(name, list(known), 1)
    return f"no such setting: {name}" + (f", did you mean {near[0]}?" if near else "")


def read_models(table: Any, place: Place) -> tuple[ModelTable, ...]:
    """The tables of `[model]`. Raises InvalidRequest with file, line and setting."""
    return tuple(
        ModelTable(pattern=pattern, values=_read_model(content, place.at(pattern)))
        for pattern, content in _content(table, place).items()
    )


def _read_model(table: Any, place: Place) -> dict[str, Sourced]:
    found = {}
    for name, value in _content(table, place).items():
        inner = place.at(name)
        if isinstance(value, dict) and name not in NAMES:
            whole = inner.name if len(inner.keys) > 3 else f'{place.keys[0]}."{".".join(inner.keys[1:])}"'
            raise InvalidRequest(f"{inner.where}: {inner.name}: a name with dots needs quotes: [{whole}]")
        try:
            found[name] = Sourced(value=read_value(name, value), origin=inner.where)
        except InvalidRequest as exc:
            raise InvalidRequest(f"{inner.where}: {inner.name}: {exc.message}") from exc
    return found


def _content(table: Any, place: Place) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise InvalidRequest(f"{place.where}: {place.name}: expected a table, not {table!r}")
    if "" in table:
        raise InvalidRequest(f"{place.at('').where}: {place.name}: a pattern must not be empty")
    return table


def values_for(tables: Sequence[ModelTable], name: ModelName, alias: str = "") -> dict[str, Sourced]:
    """What the tables say of a model, which was asked for by an alias perhaps.

    Each value is the strongest one: what is said of the alias wins over what is said of the model, a name over a
    pattern, more letters that are no wildcard over fewer, and what comes later in the file.
    """
    names = _spellings(name)
    asked = _plain(alias) if alias else None
    ranked = []
    for table in tables:
        pattern = table.pattern.lower()
        is_model = any(fnmatch.fnmatchcase(spelling, pattern) for spelling in names)
        is_alias = asked is not None and (_plain(pattern) == asked or fnmatch.fnmatchcase(asked, pattern))
        if is_model or is_alias:  # what matches both, such as "*", is said of neither in particular
            ranked.append(((not is_model, *_strength(pattern)), table))
    found: dict[str, Sourced] = {}
    for _, table in sorted(ranked, key=lambda row: row[0]):
        where = dotted(("model", table.pattern))
        found |= {key: Sourced(value=row.value, origin=f"{row.origin} [{where}]") for key, row in table.values.items()}
    return found


def _spellings(name: ModelName) -> tuple[str, ...]:
    """A name as people write it: short with and without the tag that is meant, and in full."""
    short, full = name.display.lower(), f"{'/'.join(name.key[:3])}:{name.key[3]}"
    return short, _plain(short), full, _plain(full)


def _plain(name: str) -> str:
    return name.lower().removesuffix(":latest")


def _strength(pattern: str) -> tuple[bool, int]:
    """Whether a pattern is a name, and how many of its characters are no wildcards; the greater wins."""
    plain = _WILD.sub("", pattern)
    return plain == pattern, len(plain)


def rows(tables: Iterable[ModelTable], aliases: Iterable[Alias]) -> dict[Keys, Sourced]:
    """Everything in the tables, by its keys in the file."""
    found: dict[Keys, Sourced] = {}
    for table in tables:
        found |= {("model", table.pattern, name): row for name, row in table.values.items()}
    for alias in aliases:
        found["alias", alias.pattern] = Sourced(value=alias.target, origin=alias.origin)
    return found


# --- aliases ------------------------------------------------------------------------------------------------------


def read_aliases(table: Any, place: Place) -> tuple[Alias, ...]:
    """The table `[alias]`. Raises InvalidRequest with file, line and alias."""
    content = _content(table, place)
    aliases = tuple(_read_alias(name, target, content, place.at(name)) for name, target in content.items())
    _check_loops(aliases)
    return aliases


def _read_alias(name: str, target: Any, table: Mapping[str, Any], place: Place) -> Alias:
    if isinstance(target, dict):
        raise InvalidRequest(f"{place.where}: {place.name}: a name with dots needs quotes")
    if not isinstance(target, str):
        raise InvalidRequest(f"{place.where}: {place.name}: expected the name of a model, not {target!r}")
    try:
        if target not in table:
            ModelName.parse(target)
    except InvalidRequest as exc:
        raise InvalidRequest(f"{place.where}: {place.name}: {target!r} is no name of a model") from exc
    return Alias(pattern=name, target=target, origin=place.where)


def _check_loops(aliases: Sequence[Alias]) -> None:
    for alias in aliases:
        seen = [alias.pattern]
        step = None if _WILD.search(alias.pattern) else alias
        while step is not None:
            seen.append(step.target)
            if _plain(step.target) in map(_plain, seen[:-1]):
                raise InvalidRequest(f"{alias.origin}: the aliases go round in a circle: {' → '.join(seen)}")
            step = _named(aliases, step.target)


def target_of(aliases: Sequence[Alias], name: str, is_stored: Callable[[str], bool]) -> str:
    """What a name stands for: itself when there is such a model or no such alias.

    An alias without wildcards may stand for another one.
    """
    if not aliases or is_stored(name):
        return name
    alias = _named(aliases, name) or _matching(aliases, name)
    while alias is not None:
        name = alias.target
        alias = None if is_stored(name) else _named(aliases, name)
    return name


def named_target(aliases: Sequence[Alias], name: str, is_stored: Callable[[str], bool]) -> str:
    """The same without wildcards: what a name stands for where the name may well be that of a model to come."""
    return target_of([alias for alias in aliases if not _WILD.search(alias.pattern)], name, is_stored)


def listed(aliases: Iterable[Alias], stored: Collection[str]) -> dict[str, str]:
    """The aliases that listings show, each with the model it stands for, of the stored ones.

    Those with wildcards have no name to show, and those of a model's own name stand for nothing.
    """
    known = {_plain(name): name for name in stored}
    exact = [alias for alias in aliases if not _WILD.search(alias.pattern) and _plain(alias.pattern) not in known]
    targets = {
        alias.pattern: _plain(target_of(exact, alias.pattern, lambda name: _plain(name) in known)) for alias in exact
    }
    return {name: known[target] for name, target in targets.items() if target in known}


def _named(aliases: Sequence[Alias], name: str) -> Alias | None:
    return next((alias for alias in reversed(aliases) if _plain(alias.pattern) == _plain(name)), None)


def _matching(aliases: Iterable[Alias], name: str) -> Alias | None:
    matching = [alias for alias in aliases if fnmatch.fnmatchcase(_plain(name), alias.pattern.lower())]
    return max(reversed(matching), key=lambda alias: _strength(alias.pattern), default=None)
