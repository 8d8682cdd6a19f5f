"""Write completions/, man/ and the README's settings table out of the command table and the settings' records.

`python -m omm.cli.generate` writes, `--check` only compares and exits 1 where something differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import omm
from omm import config
from omm.cli import app, completions, manual, pages, usage

REPOSITORY = Path(omm.__file__).resolve().parents[1]
BEGIN = "<!-- settings:begin -->"
END = "<!-- settings:end -->"


def generated(repository: Path) -> Iterator[tuple[Path, str]]:
    """All files with the text they should have."""
    table = command_table()
    for shell, write in completions.SHELLS.items():
        yield repository / "completions" / f"omm.{shell}", write(table)
    yield repository / "man" / "omm.1", manual.overview(table)
    for command in table.commands:
        yield repository / "man" / f"omm-{command.name}.1", manual.page(command)
    for name, text in (
        ("omm-api.7", pages.api(api_paths())),
        ("omm-config.5", pages.configuration()),
        ("omm-modelfile.5", pages.modelfile()),
    ):
        yield repository / "man" / name, text
    readme = repository / "README.md"
    yield readme, with_settings(readme.read_text(encoding="utf-8"))


def api_paths() -> dict[str, Any]:
    """The server's routes as the OpenAPI document has them."""
    from omm.api import openapi
    from omm.api.app import ROUTES

    paths: dict[str, Any] = openapi.document(ROUTES)["paths"]
    return paths


def command_table() -> usage.Table:
    """The commands as values, without hidden ones."""
    commands = tuple(app.load(name) for name in app.COMMANDS)
    return usage.Table(app.ROOT, commands, dict(app.ALIASES), app.COMPLETION_COMMAND)


def with_settings(readme: str) -> str:
    """The README with its settings table up to date."""
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md lacks {BEGIN} … {END}")
    return f"{head}{BEGIN}\n{settings_table()}{END}{tail}"


def settings_table() -> str:
    """The settings as a Markdown table."""
    lines = ["| variable | `omm serve` flag | default | meaning |", "| --- | --- | --- | --- |"]
    for field in config.SETTINGS.values():
        names = " or ".join(f"`{name}`" for name in config.env_names(field))
        flag = "" if field.name in usage.CLIENT_ONLY else f"`{usage.flag_name(field.name)}`"
        lines.append(f"| {names} | {flag} | {usage.default_text(field)} | {field.metadata['help']} |")
    return "\n".join(lines) + "\n"


def main(args: Sequence[str]) -> int:
    """Write or check; return the exit code."""
    stale = [
        (path, text) for path, text in generated(REPOSITORY) if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in args:
        for path, _ in stale:
            print(f"out of date: {path.relative_to(REPOSITORY)} (run python -m omm.cli.generate)", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(REPOSITORY)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
