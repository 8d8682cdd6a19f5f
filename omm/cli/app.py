"""The command table, global options, and the way in."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from omm import __version__
from omm.cli import exits, output
from omm.cli.client import Unreachable
from omm.cli.params import Command, Exit, Line, Unsure, UsageError, read_options
from omm.cli.session import Session
from omm.errors import OmmError

if TYPE_CHECKING:
    import typer

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
HIDDEN = {COMPLETION_COMMAND: "models.print_names"}


def root(
    version: Annotated[bool, typer.Option("--version", "-v", help="Show version information")] = False,
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="Server to talk to: [scheme://]host[:port][/path]")
    ] = None,
    no_start: Annotated[bool, typer.Option("--no-start", help="Do not start a server when none answers")] = False,
) -> None:
    """Run language models on your own machine"""
    if version:
        print_version(Session(host=host, no_start=no_start or None))
    else:
        help_()


ROOT = Command.of("", root)


def print_version(session: Session) -> None:
    """Print the server's version, and this program's where it differs."""
    try:
        served = session.client.version()
    except Unreachable:
        print("Warning: could not connect to a running omm instance")
        print(f"Warning: client version is {__version__}")
        return
    output.say(f"omm version is {served}")
    if served != __version__:
        print(f"Warning: client version is {__version__}")


def help_(command: Annotated[str | None, typer.Argument(metavar="[COMMAND]", help="Command")] = None) -> None:
    """Help about any command"""
    from omm.cli import usage

    found = None if command is None else read([command, "--help"]).command
    if found is None:
        print(usage.overview(ROOT, [(name, load(name).summary) for name in COMMANDS]))
    else:
        print(usage.help_text(found))


def load(name: str) -> Command:
    """A command by its name or alias. Raises Unsure."""
    place = COMMANDS.get(ALIASES.get(name, name)) or HIDDEN.get(name)
    if place is None:
        raise Unsure
    module, _, function = place.partition(".")
    return Command.of(name, getattr(importlib.import_module(f"omm.cli.{module}"), function))


# --- the way in -------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command that the process was started for."""
    # Python has no stream where the caller closed one, as `>&-` does; nor shall what is opened next get its number.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stdout, sys.stderr = sys.stdout or open(os.devnull, "w"), sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a stray byte in a prompt is no reason to fail
    code = invoke(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is left to hear of it
            stream.flush()
    if code == exits.INTERRUPTED:
        # Ending by the signal itself is what tells a shell to end the loop that runs this, too.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(code)  # PERF: Python takes 14 ms to clear up what the system clears up anyway


def invoke(words: Sequence[str]) -> int:
    """Run one command; return its exit code. All errors end here, as one line on stderr."""
    try:
        run(words)
        sys.stdout.flush()
        return 0
    except Exit as exc:
        return exc.code
    except exits.EXPECTED as exc:
        explain(exc)
        return exits.code_of(exc)


def run(words: Sequence[str]) -> None:
    """Read the command line and do what it says."""
    line = read(words)
    command, options, values = line.command, line.options, line.values
    if command is None or options["help"] or options["version"]:
        root(**_without_help(options))
    elif values["help"]:
        help_(command.name)
    else:
        command.refuse_empty(values)
        session = Session(host=options["host"], no_start=options["no_start"] or None)
        with session.resources:
            command.function(**({"session": session} if command.needs_session else {}), **_without_help(values))


def _without_help(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "help"}


def read(words: Sequence[str]) -> Line:
    """What a command line says. Raises UsageError."""
    try:
        line = read_plain(words)
    except Unsure:
        from omm.cli import application  # PERF: imports typer, which few command lines need

        line = application.read(words, ROOT, {name: load(name) for name in (*COMMANDS, *ALIASES)})
    host, name = line.options["host"], line.command.name if line.command else ""
    if host is not None and ALIASES.get(name, name) == "serve":
        raise UsageError(f"the address to listen on goes after the command: omm {name} --host {host}")
    return line


def read_plain(words: Sequence[str]) -> Line:
    """The same for a command line that is plain. Raises Unsure of one that is not."""
    given, rest = read_options(ROOT.options, words, up_to_argument=True)
    options = {one.name: given.get(one.name, one.default) for one in ROOT.takes}
    if not rest or options["help"] or options["version"]:
        return Line(options)
    name, *words = rest
    command = load(name)
    return Line(options, command, command.read(words))


def explain(exc: BaseException) -> None:
    """Say on stderr what went wrong, unless whoever caused it knows."""
    match exc:
        case BrokenPipeError():
            # The reader left, as `head` does. Python would complain again when it flushes stdout at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        case OmmError():
            output.note(f"Error: {exc.message}")
        case OSError():
            reason = exc.strerror or str(exc)
            output.note(f"Error: {exc.filename}: {reason}" if exc.filename else f"Error: {reason}")
