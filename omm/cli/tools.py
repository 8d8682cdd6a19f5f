"""omm launch: start a coding tool that talks to omm. All it needs goes into its environment and its command line.

Nothing is written to the tool's own files, so that nothing has to be restored when it ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import msgspec

from omm import config
from omm.cli import output
from omm.cli.client import Client
from omm.cli.params import UsageError, near, refuse
from omm.cli.session import Session
from omm.errors import NotFound, Unsupported

if TYPE_CHECKING:
    import typer

NO_KEY = "omm"  # what a tool sends that insists on having a key


class Target(msgspec.Struct, frozen=True):
    """What a tool is pointed at. `url` is the server's, without a path of any protocol."""

    url: str
    key: str
    model: str


class Start(msgspec.Struct, frozen=True):
    """Arguments that come before the user's own, and variables."""

    arguments: tuple[str, ...] = ()
    env: dict[str, str] = {}


class Tool(msgspec.Struct, frozen=True):
    """A program that omm can start, and where it is from."""

    prepare: Callable[[Target], Start]
    home: str


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def claude(to: Target) -> Start:
    """Source: Claude Code's documentation, "LLM gateway" and "Model configuration"."""
    names = ("MODEL", "SMALL_FAST_MODEL", "DEFAULT_OPUS_MODEL", "DEFAULT_SONNET_MODEL", "DEFAULT_HAIKU_MODEL")
    models = {f"ANTHROPIC_{name}": to.model for name in names} | {"CLAUDE_CODE_SUBAGENT_MODEL": to.model}
    # An empty key keeps one of the user's own from being sent in place of the token.
    access = {"ANTHROPIC_BASE_URL": to.url, "ANTHROPIC_AUTH_TOKEN": to.key, "ANTHROPIC_API_KEY": ""}
    return Start(env={**access, **models})


def codex(to: Target) -> Start:
    """Source: Codex's documentation, "Configuration", `model_providers`."""
    provider = {"name": "omm", "base_url": f"{to.url}/v1", "wire_api": "responses", "env_key": "CODEX_OMM_KEY"}
    settings = {"model_provider": "omm", **{f"model_providers.omm.{name}": value for name, value in provider.items()}}
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={_json(value)}")]
    return Start(("-m", to.model, *flags), {"CODEX_OMM_KEY": to.key})


def opencode(to: Target) -> Start:
    """Source: OpenCode's documentation, "Config" (OPENCODE_CONFIG_CONTENT) and "Providers"."""
    options = {"baseURL": f"{to.url}/v1", "apiKey": to.key}
    models = {to.model: {"name": to.model}}
    provider = {"npm": "@ai-sdk/openai-compatible", "name": "omm", "options": options, "models": models}
    name = f"omm/{to.model}"
    content = {"provider": {"omm": provider}, "model": name, "small_model": name}
    return Start(env={"OPENCODE_CONFIG_CONTENT": _json(content)})


def aider(to: Target) -> Start:
    """Source: aider's documentation, "OpenAI compatible APIs"."""
    env = {"OPENAI_API_BASE": f"{to.url}/v1", "OPENAI_API_KEY": to.key}
    return Start(("--model", f"openai/{to.model}", "--no-show-model-warnings"), env)


def copilot(to: Target) -> Start:
    """Source: GitHub's documentation, "Using your own LLM models in GitHub Copilot CLI"."""
    access = {"COPILOT_PROVIDER_BASE_URL": f"{to.url}/v1", "COPILOT_PROVIDER_API_KEY": to.key}
    return Start(env={**access, "COPILOT_PROVIDER_TYPE": "openai", "COPILOT_MODEL": to.model})


def goose(to: Target) -> Start:
    """Source: goose's documentation, "Configure LLM provider"."""
    env = {"OPENAI_HOST": to.url, "OPENAI_API_KEY": to.key}
    return Start(env={**env, "GOOSE_PROVIDER": "openai", "GOOSE_MODEL": to.model})


def qwen(to: Target) -> Start:
    """Source: Qwen Code's documentation, "Authentication"."""
    return Start(env={"OPENAI_BASE_URL": f"{to.url}/v1", "OPENAI_API_KEY": to.key, "OPENAI_MODEL": to.model})


TOOLS: dict[str, Tool] = {
    "claude": Tool(claude, "https://claude.com/claude-code"),
    "codex": Tool(codex, "https://developers.openai.com/codex"),
    "opencode": Tool(opencode, "https://opencode.ai"),
    "aider": Tool(aider, "https://aider.chat"),
    "copilot": Tool(copilot, "https://github.com/features/copilot/cli"),
    "goose": Tool(goose, "https://block.github.io/goose"),
    "qwen": Tool(qwen, "https://github.com/QwenLM/qwen-code"),
}


def launch(
    session: Session,
    tool: Annotated[str, typer.Argument(metavar="[TOOL]", help="What to start")] = "",
    extra: Annotated[
        list[str] | None, typer.Argument(metavar="[-- ARGUMENT...]", help="Arguments for the tool")
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="Model to use (default: the newest)")] = "",
    show: Annotated[bool, typer.Option("--print", help="Print what would be run, and do not run it")] = False,
) -> None:
    """Start a coding tool that uses omm"""
    import shutil

    if not tool:
        refuse("without a tool", {"--model": model, "--print": show})
        list_tools()
        return
    if tool not in TOOLS:
        raise UsageError(f"{tool!r} is none of {', '.join(TOOLS)}{near(tool, TOOLS)}")
    program = shutil.which(tool)
    if program is None and not show:
        raise Unsupported(f"{tool} is not installed: see {TOOLS[tool].home}")
    client = session.client
    target = Target(str(client.address), client.settings.api_key or NO_KEY, chosen_model(client, model))
    start = TOOLS[tool].prepare(target)
    command = [tool, *start.arguments, *(extra or [])]
    if show:
        import shlex

        print(
            "".join(f"export {name}={shlex.quote(value)}\n" for name, value in start.env.items()) + shlex.join(command)
        )
        return
    sys.stdout.flush()
    os.execve(program or tool, command, config.child_env(**start.env))


def list_tools() -> None:
    """Print which tools there are and which of them are installed."""
    import shutil

    rows = [(name, "installed" if shutil.which(name) else "", tool.home) for name, tool in TOOLS.items()]
    output.print_table(("TOOL", "HERE", "FROM"), rows)


def chosen_model(client: Client, name: str) -> str:
    """The model to use, which must exist, and can hardly do without tools. Raises NotFound."""
    if not name:
        rows = client.tags()
        if not rows:
            raise NotFound("there is no model yet: omm pull fetches one")
        name = rows[0].name
        output.note(f"Using {name}, the newest model; --model takes another one.")
    if "tools" not in (client.show(name).capabilities or ()):
        output.note(f"Warning: {name} does not know tools, which a coding tool needs to do anything.")
    return name
