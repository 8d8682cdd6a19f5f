"""omm config: look at the settings, see where each is from, and change the configuration file."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from omm import config, units
from omm.cli import output
from omm.cli.usage import SETTINGS
from omm.config import Found
from omm.errors import InvalidRequest

ACTIONS = ("path", "show", "set", "unset", "edit")
HEAD = """\
# Settings of omm, one a line, as in `max_queue = 64`. Flags and variables (OMM_MAX_QUEUE) win over this file.
# `omm config show` lists all settings with their values; omm-config(5) explains them.
"""
HIDDEN = "(hidden)"


def config_(
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", show_default=False, help="path, show (default), set, unset or edit")
    ] = "show",
    name: Annotated[
        str, typer.Argument(metavar="[SETTING]", show_default=False, help="Setting to show or change")
    ] = "",
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", show_default=False, help="New value")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show or change the settings"""
    path = config.config_path()
    match action:
        case "path":
            print(path)
        case "show":
            show(_known(name) if name else "", as_json)
        case "set" if name and value is not None:
            change(path, _known(name), value)
        case "unset" if name and value is None:
            change(path, _known(name), None)
        case "edit":
            edit(path)
        case "set" | "unset":
            raise typer.BadParameter(f"{action} needs a setting" + (" and a value" if action == "set" else ""))
        case _:
            raise typer.BadParameter(f"{action!r} is none of {', '.join(ACTIONS)}")


def _known(name: str) -> str:
    found = name.replace("-", "_").lower().removeprefix("omm_")
    if found not in SETTINGS:
        raise InvalidRequest(f"no such setting: {name}; omm config show lists them all")
    return found


# --- show ---------------------------------------------------------------------------------------------------------


def show(name: str, as_json: bool) -> None:
    """Print one setting's value, or all with their origins."""
    found = config.resolve()
    if name and not as_json:
        print(value_text(SETTINGS[name], found[name].value))
        return
    chosen = {name: found[name]} if name else found
    if as_json:
        output.print_json({key: _as_json(SETTINGS[key], row) for key, row in chosen.items()})
    else:
        rows = [(key, value_text(SETTINGS[key], row.value), row.origin) for key, row in chosen.items()]
        output.print_table(("SETTING", "VALUE", "FROM"), rows)


def value_text(field: dataclasses.Field[Any], value: Any) -> str:
    """A value as one would write it; never a secret."""
    match value:
        case _ if field.metadata["secret"] and value:
            return HIDDEN
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():  # settings in seconds are the only ones
            return units.format_duration(int(value * 1e9)) if value >= 0 else "-1"
        case tuple():
            return ",".join(value)
    return str(value)


def _as_json(field: dataclasses.Field[Any], row: Found) -> dict[str, Any]:
    plain = row.value if isinstance(row.value, bool | int | float | tuple) else str(row.value)
    return {"value": HIDDEN if field.metadata["secret"] and row.value else plain, "from": row.origin}


# --- change -------------------------------------------------------------------------------------------------------


def change(path: Path, name: str, value: str | None) -> None:
    """Set a setting in the file, or with None take it out; all other lines stay as they are.

    Raises:
        InvalidRequest: a bad value, or a file that cannot be read.
    """
    line = None if value is None else f"{name} = {toml(name, value)}"
    before = config.read_file(path)
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    if value is None and name not in before:
        return
    changed = with_line(text, name, line)
    after = config.parse_file(changed, path)
    if {key: row.value for key, row in before.items() if key != name} != {
        key: row.value for key, row in after.items() if key != name
    }:
        raise InvalidRequest(f"{path} is too intricate to change {name} in it; try omm config edit")
    write(path, changed)


def toml(name: str, value: str) -> str:
    """A setting's value in TOML. Raises InvalidRequest if it is a bad one."""
    try:
        parsed = SETTINGS[name].metadata["parse"](value)
    except ValueError as exc:
        raise InvalidRequest(f"{name}: {exc}") from exc
    match parsed:
        case bool():
            return "true" if parsed else "false"
        case int() if value.isdecimal():
            return str(parsed)
        case tuple():
            return f"[{', '.join(map(_quoted, parsed))}]"
        case Path():
            return _quoted(str(parsed.absolute()))
    return _quoted(value)


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON, but for the character DEL.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def with_line(text: str, name: str, line: str | None) -> str:
    """The text with a setting's lines, which a list may have several of, replaced; a new one comes last."""
    import tomllib

    lines = text.splitlines()
    start = config.line_of(name, text) - 1
    for end in range(start + 1, len(lines) + 1):
        try:
            if tomllib.loads("\n".join(lines[start:end])).keys() == {name}:
                lines[start:end] = [line] if line else []
                break
        except tomllib.TOMLDecodeError:
            continue
    else:
        lines += [line] if line else []
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Replace the file at once, readable by its owner alone, as it may hold a key; a link stays a link."""
    import tempfile

    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".config-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, target)


def edit(path: Path) -> None:
    """Open the file in the user's editor, and say what is wrong with it afterwards."""
    if not path.exists():
        write(path, HEAD)
    command = config.editor()
    try:
        subprocess.run([*command, str(path)], check=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else f"it ended with status {exc.returncode}"
        raise InvalidRequest(f"cannot edit with {command[0]}: {reason}; set EDITOR") from exc
    config.read_file(path)
