"""omm service: have the system start the server at login and again after a crash, by systemd or launchd.

The service reads the configuration file and not this shell's variables, but for the two that say where things lie.
"""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import omm
from omm import config, instance
from omm.cli import launch
from omm.cli.client import Unreachable
from omm.cli.params import Exit, UsageError, near
from omm.cli.session import Session
from omm.errors import Conflict, OmmError, SourceUnavailable, Unsupported

if TYPE_CHECKING:
    import typer

ACTIONS = ("install", "uninstall", "status")
UNIT = "omm.service"
LABEL = "io.omm.server"
STOP_S = 30
# A server that cannot start, for a mistake in its configuration, is given up after so many starts in so long a time;
# the window is longer than those starts take.
STARTS, RESTART_S, START_WINDOW_S = 5, 3, 120
COMMAND_TIMEOUT_S = 60.0
Commands = tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True)
class Supervisor:
    """What starts services on a system: its tool, the file it reads, and how it is told."""

    tool: str
    path: Path
    text: Callable[[], str]
    enable: Commands
    disable: Commands
    after_removal: Commands
    is_running: tuple[str, ...]


def service(
    session: Session,
    action: Annotated[
        str, typer.Argument(metavar="[ACTION]", help="install, uninstall or status (default)")
    ] = "status",
) -> None:
    """Start the server whenever you log in"""
    supervisor = supervisor_of(sys.platform)
    match action:
        case "install":
            refuse_second(session)
            install(supervisor)
            note_variables()
        case "uninstall":
            uninstall(supervisor)
        case "status":
            status(supervisor)
        case _:
            raise UsageError(f"{action!r} is none of {', '.join(ACTIONS)}{near(action, ACTIONS)}")


def supervisor_of(platform: str) -> Supervisor:
    """The one of a system, by Python's name for it. Raises Unsupported."""
    import platformdirs  # PERF: 6 ms that no other command should pay for

    if platform == "linux":
        user = ("systemctl", "--user")
        return Supervisor(
            tool="systemctl",
            path=Path(platformdirs.user_config_dir()) / "systemd" / "user" / UNIT,
            text=lambda: systemd_unit(command(), working_folder(), config.place_env()),
            enable=((*user, "daemon-reload"), (*user, "enable", "--now", UNIT)),
            disable=((*user, "disable", "--now", UNIT),),
            after_removal=((*user, "daemon-reload"),),
            is_running=(*user, "is-active", "--quiet", UNIT),
        )
    if platform == "darwin":
        path = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        return Supervisor(
            tool="launchctl",
            path=path,
            text=lambda: launchd_agent(command(), working_folder(), config.place_env()),
            enable=(("launchctl", "load", "-w", str(path)),),
            disable=(("launchctl", "unload", "-w", str(path)),),
            after_removal=(),
            is_running=("launchctl", "list", LABEL),
        )
    raise Unsupported(f"omm knows no services on {platform}; start 'omm serve' by its own means")


def command() -> tuple[str, ...]:
    """What starts the server."""
    return (sys.executable, "-m", "omm", "serve")


def working_folder() -> Path:
    """Where this very omm can be imported from, also when it is a checkout."""
    return Path(omm.__file__).resolve().parents[1]


# --- the files ----------------------------------------------------------------------------------------------------


def systemd_unit(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> str:
    """A unit for the user's systemd. Source: systemd.service(5), systemd.exec(5)."""
    variables = "".join(f"Environment={_systemd_quoted(f'{name}={value}')}\n" for name, value in env.items())
    # NOTE: the name of what ExecStart runs may hold no quotes or dollars, but its arguments may, hence env. And
    # WorkingDirectory takes no quotes, yet has its specifiers expanded.
    return f"""\
# Written by omm service install; omm service uninstall removes it.
[Unit]
Description=omm, language models on this machine
Documentation=man:omm-serve(1)
StartLimitIntervalSec={START_WINDOW_S}
StartLimitBurst={STARTS}

[Service]
ExecStart=/usr/bin/env {" ".join(_systemd_quoted(word.replace("$", "$$")) for word in command)}
WorkingDirectory={str(folder).replace("%", "%%")}
{variables}Restart=on-failure
RestartSec={RESTART_S}
KillMode=mixed
TimeoutStopSec={STOP_S}
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def _systemd_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def launchd_agent(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> str:
    """An agent for launchd. Source: launchd.plist(5)."""
    import plistlib  # PERF: it takes 5 ms that no other command should pay for

    log = str(instance.log_path(config.DEFAULT_PORT))
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "WorkingDirectory": str(folder),
        "EnvironmentVariables": dict(env),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ExitTimeOut": STOP_S,
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    return plistlib.dumps(agent).decode()


# --- actions ------------------------------------------------------------------------------------------------------


def refuse_second(session: Session) -> None:
    """Raise Conflict if a server runs already, which the service's would find in its way."""
    client = session.client
    with contextlib.suppress(Unreachable):
        try:
            client.version()
        except Unreachable:
            raise
        except OmmError as exc:
            raise Conflict(exc.message) from exc
        raise Conflict(f"a server runs at {client.address} already; omm shutdown stops it")


def install(supervisor: Supervisor) -> None:
    """Write the file and have it started, now and at each login."""
    import shutil

    launch.make_log_folder()
    supervisor.path.parent.mkdir(parents=True, exist_ok=True)
    supervisor.path.write_text(supervisor.text(), encoding="utf-8")
    print(f"Wrote {supervisor.path}")
    later = " && ".join(map(" ".join, supervisor.enable))
    if not shutil.which(supervisor.tool):
        raise SourceUnavailable(f"there is no {supervisor.tool} here to start it; later: {later}")
    for arguments in supervisor.enable:
        if problem := run(arguments):
            raise SourceUnavailable(f"{' '.join(arguments)}: {problem}; later: {later}")
    print("The server runs now, and again whenever you log in.")
    if supervisor.tool == "systemctl":
        print("To have it run while you are not logged in: loginctl enable-linger")


def uninstall(supervisor: Supervisor) -> None:
    """Stop the service and remove its file. Raises Conflict if there is none."""
    if not supervisor.path.exists():
        raise Conflict(f"no service is installed: {supervisor.path} does not exist")
    problems = [problem for arguments in supervisor.disable if (problem := run(arguments))]
    supervisor.path.unlink()
    for arguments in supervisor.after_removal:
        run(arguments)
    print(f"Removed {supervisor.path}")
    if problems:
        raise SourceUnavailable(f"the server may still run: {problems[0]}")


def status(supervisor: Supervisor) -> None:
    """Tell whether the service is installed and runs; exit 1 if not."""
    if not supervisor.path.exists():
        print("No service is installed; omm service install does it.")
        raise Exit(1)
    is_running = not run(supervisor.is_running)
    print(f"The service {'runs' if is_running else 'is installed, but does not run'} ({supervisor.path}).")
    if not is_running:
        raise Exit(1)


def run(arguments: Sequence[str]) -> str:
    """Run the supervisor's tool; what went wrong, empty if nothing did."""
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as exc:
        return str(exc)
    if done.returncode == 0:
        return ""
    return (done.stderr or done.stdout).strip() or f"it ended with status {done.returncode}"


def note_variables() -> None:
    """Name the settings of this shell's variables, which the service does not see."""
    found = config.resolve()
    variables = [row.origin for row in found.values() if row.rank == config.FROM_ENVIRONMENT]
    if variables:
        print(f"The service does not see {', '.join(variables)}: 'omm config set' keeps settings for it too.")
