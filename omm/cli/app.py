"""The command table, global options, and the way in."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

from omm import __version__
from omm.cli import exits, output
from omm.cli.client import Unreachable
from omm.cli.params import Argument, Command, Exit, Option, UsageError, near, read_options
from omm.cli.session import Session
from omm.errors import OmmError

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
    version: Annotated[bool, Option("--version", "-v", help="Show version information")] = False,
    host: Annotated[
        str | None, Option("--host", metavar="HOST", help="Server to talk to: [scheme://]host[:port][/path]")
    ] = None,
    no_start: Annotated[bool, Option("--no-start", help="Do not start a server when none answers")] = False,
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


def help_(command: Annotated[str | None, Argument(metavar="[COMMAND]", help="Command")] = None) -> None:
    """Help about any command"""
    from omm.cli import usage

    if command is None:
        print(usage.overview(ROOT, [(name, load(name).summary) for name in COMMANDS]))
    else:
        print(usage.help_text(load(command)))


def load(name: str) -> Command:
    """A command by its name or alias. Raises UsageError."""
    place = COMMANDS.get(ALIASES.get(name, name)) or HIDDEN.get(name)
    if place is None:
        raise UsageError(f'unknown command "{name}" for "omm"{near(name, (*COMMANDS, *ALIASES))}')
    module, _, function = place.partition(".")
    return Command.of(name, getattr(importlib.import_module(f"omm.cli.{module}"), function))


# --- the way in -------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command that the process was started for."""
    # Python has no stream where the caller closed one, as `>&-` does.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a stray byte in a prompt is no reason to fail
    code = invoke(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is left to hear of it
            stream.flush()
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
    given, rest = read_options(ROOT.options, words, up_to_argument=True)
    if not rest or given.get("help") or given.get("version"):
        root(**{name: value for name, value in given.items() if name != "help"})
        return
    name, *words = rest
    command = load(name)
    if "host" in given and command.function is load("serve").function:
        raise UsageError(f"the address to listen on goes after the command: omm {name} --host {given['host']}")
    values = command.read(words)
    if values.pop("help"):
        help_(name)
        return
    session = Session(host=given.get("host"), no_start=given.get("no_start"))
    with session.resources:
        command.function(**({"session": session} if command.needs_session else {}), **values)


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
