"""What a command takes, as values read off the command table: help, man pages and completions all print these."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand

from omm import config, units
from omm.config import Settings

CLIENT_SETTINGS = ("host", "api_key", "no_start")
# What else a command reads from the environment; `serve` reads all but what is about commands.
MORE_SETTINGS = {"run": ("nohistory",)}
# What has nothing to do with a server, and the variables of its own.
LOCAL: dict[str, list[tuple[str, str]]] = {
    "": [],
    "help": [],
    "config": [("OMM_CONFIG", "File that holds the settings"), ("VISUAL, EDITOR", "Editor of omm config edit")],
}
CLIENT_ONLY = frozenset({"nohistory", "no_start"})
SETTINGS: dict[str, dataclasses.Field[Any]] = {field.name: field for field in dataclasses.fields(Settings)}


@dataclasses.dataclass(frozen=True)
class Flag:
    """An option; `value` names what it takes, empty for a switch."""

    names: tuple[str, ...]
    value: str
    help: str

    @property
    def label(self) -> str:
        """How help shows it: `-f, --file FILE`, `--think[=LEVEL]`."""
        separator = "" if self.value.startswith("[") else " "
        return ", ".join(self.names) + (separator + self.value if self.value else "")


@dataclasses.dataclass(frozen=True)
class Usage:
    """One command."""

    name: str
    summary: str
    arguments: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]
    environment: tuple[tuple[str, str], ...]

    @property
    def synopsis(self) -> str:
        """What follows the command's name."""
        return " ".join(["[OPTIONS]", *(name for name, _ in self.arguments)])


@dataclasses.dataclass(frozen=True)
class Table:
    """All commands; `root` has the global options. `completion_command` prints the names of models."""

    root: Usage
    commands: tuple[Usage, ...]
    aliases: dict[str, str]
    completion_command: str


def of(name: str, command: Any, ctx: Any) -> Usage:
    """Describe a command of the table."""
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    return Usage(
        name=name,
        summary=(command.help or "").strip(),
        arguments=tuple((p.metavar or "", p.help or "") for p in params if p.param_type_name == "argument"),
        flags=tuple(_flag(param) for param in params if param.param_type_name == "option"),
        environment=tuple(environment(name)),
    )


def _flag(param: Any) -> Flag:
    names = sorted(
        (*param.opts, *param.secondary_opts), key=lambda name: (name.startswith("--"), name in param.secondary_opts)
    )
    is_help = "--help" in names
    return Flag(
        tuple(names), "" if param.is_flag else param.metavar or "VALUE", "Show this help" if is_help else param.help
    )


def environment(command: str) -> list[tuple[str, str]]:
    """Variables that a command reads, with their meaning."""
    if command in LOCAL:
        return LOCAL[command]
    if command == "serve":
        names = [name for name in SETTINGS if name not in CLIENT_ONLY]
    else:
        names = [*CLIENT_SETTINGS, *MORE_SETTINGS.get(command, ())]
    return [(config.env_names(SETTINGS[name])[0], SETTINGS[name].metadata["help"]) for name in names]


def flag_name(setting: str) -> str:
    """The flag of a setting."""
    return "--" + setting.replace("_", "-")


def default_text(field: dataclasses.Field[Any]) -> str:
    """A setting's default as documentation shows it; empty where it is nothing, or a place that differs by machine."""
    value = field.default
    if field.metadata["secret"] or value is None or value is False or value in ("", ()):
        return ""
    # Settings in seconds are the only floats, and they are read as durations.
    return f"`{units.format_duration(int(value * 1e9))}`" if isinstance(value, float) else f"`{value}`"


class AsIs:
    """Passes what the shell said to the command, which knows best how to read it.

    PERF: typer's own conversion builds a pydantic model for each parameter, and importing pydantic takes 90 ms of
    each command. A typer that does not look here converts words to words: slower, with the same result.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value itself; lists are never None."""
        return list(value or ()) if param.multiple or param.nargs == -1 else value


def keep_words(params: list[Any]) -> list[Any]:
    """Let parameters pass words as they are; all are declared `str`, `list[str]` or `bool`."""
    for param in params:
        param._runtime_param = AsIs()
    return params


class Command(TyperCommand):
    """A command whose help is its `Usage`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """All parameters, `--help` included."""
        return keep_words(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help text."""
        usage = of(self.name or "", self, ctx)
        formatter.write_usage(f"omm {usage.name}", usage.synopsis)
        formatter.write_paragraph()
        formatter.write_text(usage.summary)
        _section(formatter, "Arguments", usage.arguments)
        _section(formatter, "Options", [(flag.label, flag.help) for flag in usage.flags])
        _section(formatter, "Environment Variables", usage.environment)


def _section(formatter: Any, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)
