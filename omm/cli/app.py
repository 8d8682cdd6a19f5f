"""The command table, global options and exit codes."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from omm import __version__
from omm.cli import output
from omm.cli.client import Unreachable
from omm.cli.session import Session, client_of
from omm.cli.usage import Command, keep_words
from omm.errors import NotFound, OmmError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_MISSING = 3  # no such model
EXIT_UNREACHABLE = 4  # no server
EXIT_INTERRUPTED = 130  # what a shell reports for SIGINT
EXIT_BROKEN_PIPE = 141  # and for SIGPIPE


class UsageError(typer.TyperException):
    """The command line makes no sense."""

    exit_code = EXIT_USAGE


class Commands(TyperGroup):
    """The command group; knows how to answer a mistyped command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands = LazyCommands()  # type: ignore[assignment]  # typer only reads it

    def get_params(self, ctx: Any) -> list[Any]:
        """All global options, `--help` included."""
        return keep_words(super().get_params(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or suggest the nearest ones."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise UsageError(unknown_command(args[0], list(self.commands)))
        return super().resolve_command(ctx, args)


def unknown_command(name: str, known: Sequence[str]) -> str:
    """What to say about a command that does not exist."""
    from difflib import get_close_matches

    message = f'unknown command "{name}" for "omm"'
    near = get_close_matches(name, [command for command in known if not command.startswith("_")])
    return message + ("\n\nDid you mean this?\n" + "".join(f"\t{command}\n" for command in near) if near else "")


# What typer would do beside running a command, and is not wanted.
PLAIN: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(name="omm", cls=Commands, help="Run language models on your own machine.", **PLAIN)


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-v", help="Show version information")] = False,
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="Server to talk to: [scheme://]host[:port][/path]")
    ] = None,
    no_start: Annotated[bool, typer.Option("--no-start", help="Do not start a server when none answers")] = False,
) -> None:
    """Run language models on your own machine."""
    if host is not None and ALIASES.get(ctx.invoked_subcommand or "", ctx.invoked_subcommand) == "serve":
        raise UsageError(f"the address to listen on goes after the command: omm {ctx.invoked_subcommand} --host {host}")
    ctx.obj = Session(host=host, no_start=no_start or None)
    if version:
        print_version(ctx)
    elif ctx.invoked_subcommand is None:
        print(ctx.get_help())


def print_version(ctx: typer.Context) -> None:
    """Print the server's version, and this program's where it differs."""
    try:
        served = client_of(ctx).version()
    except Unreachable:
        print("Warning: could not connect to a running omm instance")
        print(f"Warning: client version is {__version__}")
        return
    output.say(f"omm version is {served}")
    if served != __version__:
        print(f"Warning: client version is {__version__}")


def help_(
    ctx: typer.Context,
    command: Annotated[str | None, typer.Argument(metavar="[COMMAND]", show_default=False, help="Command")] = None,
) -> None:
    """Help about any command"""
    root_context = ctx.find_root()
    group = root_context.command
    assert isinstance(group, Commands)
    if command is None:
        print(root_context.get_help())
        return
    found = group.commands.get(command)
    if found is None:
        raise UsageError(unknown_command(command, list(group.commands)))
    with typer.Context(found, info_name=command, parent=root_context) as context:
        print(found.get_help(context))


# --- the table --------------------------------------------------------------------------------------------------

# Where each command is: module and function. PERF: only the one that is run gets imported.
COMMANDS: dict[str, str] = {
    "serve": "serve.serve",
    "status": "background.status",
    "logs": "background.logs",
    "shutdown": "background.shutdown",
    "create": "transfer.create",
    "show": "models.show",
    "plan": "plan.plan",
    "run": "run.run",
    "batch": "batch.batch",
    "embed": "texts.embed",
    "tokenize": "texts.tokenize",
    "stop": "models.stop",
    "pull": "transfer.pull",
    "push": "transfer.push",
    "search": "search.search",
    "link": "link.link",
    "list": "models.list_models",
    "ps": "models.ps",
    "cp": "models.copy",
    "rm": "models.remove",
    "prune": "housekeeping.prune",
    "verify": "housekeeping.verify",
    "export": "housekeeping.export",
    "import": "housekeeping.import_",
    "config": "config_command.config_",
    "doctor": "doctor.doctor",
    "service": "service.service",
    "launch": "tools.launch",
    "help": "app.help_",
}
ALIASES = {"start": "serve", "ls": "list"}
COMPLETION_COMMAND = "__models"


class LazyCommands(Mapping[str, Any]):
    """All commands by name, aliases and hidden ones too, made when they are asked for."""

    def __getitem__(self, name: str) -> Any:
        if name == COMPLETION_COMMAND:
            return load(name, "models.print_names", is_hidden=True)
        return load(name, COMMANDS[ALIASES.get(name, name)], is_hidden=name in ALIASES)

    def __iter__(self) -> Iterator[str]:
        return iter((*COMMANDS, *ALIASES, COMPLETION_COMMAND))

    def __len__(self) -> int:
        return len(COMMANDS) + len(ALIASES) + 1


def load(name: str, place: str, *, is_hidden: bool) -> Any:
    """Import a command and read its parameters."""
    module, _, function = place.partition(".")
    alone = typer.Typer(**PLAIN)
    alone.command(name, cls=Command, hidden=is_hidden)(getattr(importlib.import_module(f"omm.cli.{module}"), function))
    return typer.main.get_command(alone)


# --- the way in -------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command that the process was started for."""
    # Python has no stream where the caller closed one, as `>&-` does.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a stray byte in a prompt is no reason to fail
    sys.exit(invoke(sys.argv[1:]))


def invoke(args: Sequence[str]) -> int:
    """Run one command; return its exit code. All errors end here, as one line on stderr."""
    try:
        # Not `app(args)`, which has ideas of its own about broken pipes and interrupts.
        with typer.main.get_command(app).make_context("omm", _with_think_value(args)) as ctx:
            ctx.command.invoke(ctx)
        sys.stdout.flush()
        return 0
    except typer.Exit as exc:
        return exc.exit_code
    except Unreachable as exc:
        return _fail(exc.message, EXIT_UNREACHABLE)
    except NotFound as exc:
        return _fail(exc.message, EXIT_MISSING)
    except OmmError as exc:
        return _fail(exc.message, EXIT_FAILED)
    except typer.TyperException as exc:
        return _fail(exc.format_message(), exc.exit_code)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader left, as `head` does. Python would complain again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except OSError as exc:
        reason = exc.strerror or str(exc)
        return _fail(f"{exc.filename}: {reason}" if exc.filename else reason, EXIT_FAILED)


def _fail(message: str, code: int) -> int:
    output.note(f"Error: {message}")
    return code


def _with_think_value(args: Sequence[str]) -> list[str]:
    """Give a bare `--think` its value, or it would take the next word, which is the prompt."""
    end = args.index("--") if "--" in args else len(args)
    return [*("--think=true" if arg == "--think" else arg for arg in args[:end]), *args[end:]]
