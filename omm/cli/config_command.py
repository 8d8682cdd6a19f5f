"""omm config: look at the settings, see where each is from, and change the configuration file."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from omm import config, instance, tables, tomltext, values
from omm.cli import output
from omm.cli.params import UsageError, near, refuse
from omm.cli.usage import CLIENT_ONLY
from omm.config import SETTINGS, TABLES, Found
from omm.errors import InvalidRequest
from omm.tomltext import Keys

if TYPE_CHECKING:
    import typer

ACTIONS = ("path", "show", "set", "unset", "edit")
HEAD = """\
# Settings of omm, one a line, as in `max_queue = 64`. Flags and variables (OMM_MAX_QUEUE) win over this file.
# `omm config show` lists all settings with their values; omm-config(5) explains them, and the tables for models.
"""
HIDDEN = "(hidden)"


def config_(
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", help="path, show (default), set, unset or edit")
    ] = "show",
    name: Annotated[
        str,
        typer.Argument(
            metavar="[SETTING]",
            help="Setting to show or change: keep_alive, 'model.\"qwen3*\".temperature', alias.gpt-4o",
        ),
    ] = "",
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="New value")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show or change the settings"""
    path = config.config_path()
    action = "show" if action == "get" else action  # as many other programs call it
    if action != "show":
        refuse(f"with {action}", {"--json": as_json})
    match action:
        case "path" | "edit" if name:
            raise UsageError(f"there is no place for {name!r}: omm config {action}")
        case "path":
            print(path)
        case "show" if value is not None:
            raise UsageError(f"there is no place for {value!r}: omm config show [SETTING]")
        case "show":
            show(keys_of(name) if name else (), as_json)
        case "set" if name and value is not None:
            change(path, keys_of(name, is_new=True), value)
        case "unset" if name and value is None:
            change(path, keys_of(name), None)
        case "edit":
            edit(path)
        case "set" | "unset":
            raise UsageError(
                f"omm config {action} takes a setting" + (" and a value" if action == "set" else ", and no value")
            )
        case _:
            raise UsageError(f"{action!r} is none of {', '.join(ACTIONS)}{near(action, ACTIONS)}")


def keys_of(name: str, *, is_new: bool = False) -> Keys:
    """Where the file has a setting; of models and aliases also all together, unless it `is_new`.

    Quotes may be left out: a pattern may have dots, what follows the last one is the setting.

    Raises:
        UsageError: there is no such setting.
    """
    table, _, rest = name.partition(".")
    pattern, _, last = rest.rpartition(".")
    if table == "model" and pattern and last in tables.NAMES:
        return table, _unquoted(pattern), last
    if table == "alias" and rest:
        return table, _unquoted(rest)
    if table in TABLES and is_new:
        raise UsageError(tables.unknown(last, tables.NAMES) if pattern else f"{name} is a table: name a key of it")
    if table in TABLES:
        return (table, _unquoted(rest)) if rest else (table,)
    found = name.replace("-", "_").lower().removeprefix("omm_")
    if found not in SETTINGS:
        raise UsageError(f"no such setting: {name}{near(found, SETTINGS) or '; omm config show lists them all'}")
    return (found,)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


# --- show ---------------------------------------------------------------------------------------------------------


def show(keys: Keys, as_json: bool) -> None:
    """Print one setting's value, or all with their origins."""
    found = config.resolve()
    inside = {key: row for key, row in _flat(found).items() if key[: len(keys)] == keys}
    if not inside:
        raise InvalidRequest(f"{tomltext.dotted(keys)} is not set")
    if as_json:
        output.print_json({tomltext.dotted(key): _as_json(key, row) for key, row in inside.items()})
    elif keys in inside:
        print(value_text(keys, inside[keys].value))
    else:
        cells = [(key, _one_line(value_text(key, row.value)), row.origin) for key, row in inside.items()]
        output.print_table(("SETTING", "VALUE", "FROM"), [(tomltext.dotted(key), *rest) for key, *rest in cells])


def _flat(found: Mapping[str, Found]) -> dict[Keys, Found]:
    """All that is set, what is in tables by its own keys."""
    flat: dict[Keys, Found] = {(name,): row for name, row in found.items() if name not in TABLES}
    models, aliases = (found[name].value if name in found else () for name in TABLES)
    for keys, row in tables.rows(models, aliases).items():
        flat[keys] = Found(row.value, row.origin, config.FROM_FILE)
    return flat


def value_text(keys: Keys, value: Any) -> str:
    """A value as one would write it; never a secret."""
    if len(keys) > 1:
        return tables.value_text(keys[-1], value)
    return HIDDEN if SETTINGS[keys[0]].metadata["secret"] and value else values.written(value)


def _one_line(text: str) -> str:
    first, *more = text.split("\n", 1)
    return f"{first} ..." if more else first


def _as_json(keys: Keys, row: Found) -> dict[str, Any]:
    is_hidden = len(keys) == 1 and SETTINGS[keys[0]].metadata["secret"] and row.value
    plain = row.value if isinstance(row.value, bool | int | float | tuple | dict) else str(row.value)
    return {"value": HIDDEN if is_hidden else plain, "from": row.origin}


# --- change -------------------------------------------------------------------------------------------------------


def change(path: Path, keys: Keys, value: str | None) -> None:
    """Set a setting in the file, or with None take it out; all other lines stay as they are.

    Raises:
        InvalidRequest: a bad value, or a file that cannot be read.
    """
    new = None if value is None else toml(keys, value)
    before = _flat(config.read_file(path))
    text = path.read_text(encoding="utf-8-sig") if path.exists() else HEAD
    if value is None and not any(key[: len(keys)] == keys for key in before):
        return
    changed = tomltext.with_value(text, keys, new)
    after = _flat(config.parse_file(changed, path)) if tomltext.is_valid(changed) else {}
    if _others(before, keys) != _others(after, keys) or (new is not None and keys not in after):
        raise InvalidRequest(f"{path} is too intricate to change {tomltext.dotted(keys)} in it; try omm config edit")
    write(path, changed)
    if keys[0] not in CLIENT_ONLY:
        _mention_server()


def _mention_server() -> None:
    """Say that a server which runs here goes on with the settings it has."""
    with contextlib.suppress(InvalidRequest):  # of a variable; that does not make the change less
        if note := instance.find(config.Settings.load().address[1]):
            output.note(f"The server (process {note.pid}) goes on with what it has until it is started again.")


def _others(found: Mapping[Keys, Found], keys: Keys) -> dict[Keys, Any]:
    return {key: row.value for key, row in found.items() if key[: len(keys)] != keys}


def toml(keys: Keys, value: str) -> str:
    """A setting's value in TOML. Raises UsageError if it is a bad one."""
    try:
        return _model_value(keys[2], value) if keys[0] == "model" else _plain_value(keys, value)
    except (ValueError, InvalidRequest) as exc:
        raise UsageError(f"{tomltext.dotted(keys)}: {exc}") from exc


def _model_value(name: str, text: str) -> str:
    value = tables.from_text(name, text)
    tables.read_value(name, value)
    return tomltext.literal(value)


def _plain_value(keys: Keys, value: str) -> str:
    if keys[0] == "alias":
        return tomltext.quoted(value)
    match parsed := SETTINGS[keys[0]].metadata["parse"](value):
        case int() if isinstance(parsed, bool) or value.isdecimal():
            return tomltext.literal(parsed)
        case tuple():
            return tomltext.literal(parsed)
        case Path():
            return tomltext.quoted(str(parsed.absolute()))
    return tomltext.quoted(value)


def write(path: Path, text: str) -> None:
    """Replace the file at once, readable by its owner alone, as it may hold a key; a link stays a link."""
    import tempfile

    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".config-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


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
