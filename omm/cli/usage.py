"""What there is to say about commands beside their declarations, and the help text made of both."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from omm import config, values
from omm.cli.output import columns
from omm.cli.params import Command
from omm.config import SETTINGS

CLIENT_SETTINGS = ("host", "api_key", "no_start")
# What else a command reads from the environment; `serve` reads all but what is about commands.
MORE_SETTINGS = {"run": ("nohistory", "history_limit", "mcp_rounds", "mcp_timeout")}
EDITOR = ("OMM_EDITOR, VISUAL, EDITOR", "Your editor; the first of these that is set")
# What has nothing to do with a server, and the variables of its own.
LOCAL: dict[str, list[tuple[str, str]]] = {
    "": [],
    "help": [],
    "config": [("OMM_CONFIG", "File that holds the settings"), EDITOR],
}
CLIENT_ONLY = frozenset({"nohistory", "history_limit", "mcp_rounds", "mcp_timeout", "no_start"})
MAX_HELP_WIDTH = 100
MAX_TERM_WIDTH = 26
MIN_TEXT_WIDTH = 24
Rows = Sequence[tuple[str, str]]

FIRST_STEPS: Rows = (
    ("omm run tiny", "Talk with the model that ships with omm"),
    ('omm run qwen3 "Why is the sky blue?"', "Fetch a model and ask it one question"),
    ("omm help run", "Show all that a command can do"),
)
EXAMPLES: dict[str, Rows] = {
    "serve": (
        ("omm serve --detach", "Run in the background; omm logs shows what it does"),
        ("omm serve --host 0.0.0.0 --api-key KEY", "Let other machines in, with a key"),
    ),
    "status": (("omm status", "Tell which server answers, and what it has loaded"),),
    "logs": (("omm logs -f", "Watch the server at work"),),
    "shutdown": (("omm shutdown", "Stop the server of this user"),),
    "create": (
        ("omm create pirate -f Modelfile", "Make a model as a Modelfile says"),
        ("echo FROM tiny | omm create mine -f -", "Read the Modelfile from the standard input"),
        ("omm create small -f Modelfile -q Q4_K_M", "Quantize the weights on the way"),
    ),
    "show": (
        ("omm show tiny", "All there is to know of a model"),
        ("omm show tiny --modelfile > Modelfile", "Begin a model of your own"),
        ("omm show tiny --format {details.parameter_size}", "One field"),
    ),
    "plan": (("omm plan qwen3 --num-ctx 32768", "See whether a model fits with a long context"),),
    "run": (
        ("omm run tiny", "Hold a conversation"),
        ('omm run tiny "Why is the sky blue?"', "Ask one question"),
        ('git diff | omm run tiny "Write a commit message"', "Put a text before the question"),
        ('omm run tiny -f a.py -f b.py "Compare these"', "Put files before it"),
        ('omm run tiny --format schema.json -o temperature=0 "Extract the names"', "Answer in JSON of that schema"),
    ),
    "batch": (
        ("omm batch prompts.jsonl answers.jsonl --model tiny", "Answer each line of a file; again goes on with it"),
        ("omm batch --model tiny - - < prompts.jsonl", "Read and write pipes"),
    ),
    "embed": (('omm embed embeddinggemma "some text"', "Print a vector"),),
    "tokenize": (("omm tokenize tiny --count < book.txt", "Count the tokens of a file"),),
    "stop": (("omm stop tiny", "Give its memory back"),),
    "pull": (
        ("omm pull qwen3:4b", "A short name"),
        ("omm pull hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "A file of Hugging Face"),
        ("omm pull ./model.gguf", "A file of this machine"),
    ),
    "push": (("omm push registry.example.com/team/mine", "Bring a model to a registry"),),
    "search": (("omm search qwen vision", "Find models by words"),),
    "link": (("omm link ~/models/big.gguf --name big", "Use a file where it lies"),),
    "list": (
        ("omm list", "All models, newest first"),
        ("omm list --format '{name}\\t{size}'", "Two fields of each"),
    ),
    "ps": (
        ("omm ps", "What is in memory"),
        ("omm ps --watch", "Watch it, with speeds and requests"),
    ),
    "cp": (("omm cp tiny mine", "Give a model a second name"),),
    "rm": (("omm rm mine", "Remove a model"),),
    "prune": (("omm prune --dry-run", "See what would go"),),
    "verify": (("omm verify", "Check all models"),),
    "export": (("omm export tiny tiny.tar", "Take a model to a machine without a network"),),
    "import": (("omm import tiny.tar", "Read it there"),),
    "config": (
        ("omm config", "All settings, and where each is from"),
        ("omm config set keep_alive 1h", "Change one for good"),
    ),
    "doctor": (("omm doctor", "Find out what is wrong"),),
    "service": (("omm service install", "Start the server at each login"),),
    "launch": (
        ("omm launch", "Which tools there are"),
        ("omm launch claude --model qwen3 -- --continue", "Start one, with arguments of its own"),
    ),
    "help": (("omm help run", "The help of a command"),),
}


class Table(msgspec.Struct, frozen=True):
    """All commands; `root` has the global options. `completion_command` prints the names of models."""

    root: Command
    commands: tuple[Command, ...]
    aliases: dict[str, str]
    completion_command: str


def environment(command: str) -> list[tuple[str, str]]:
    """Variables that a command reads, with their meaning."""
    if command in LOCAL:
        return LOCAL[command]
    if command == "serve":
        names = [name for name in SETTINGS if name not in CLIENT_ONLY]
    else:
        names = [*CLIENT_SETTINGS, *MORE_SETTINGS.get(command, ())]
    rows = [(config.env_names(SETTINGS[name])[0], SETTINGS[name].metadata["help"]) for name in names]
    return [*rows, EDITOR] if command == "run" else rows


def flag_name(setting: str) -> str:
    """The flag of a setting."""
    return "--" + setting.replace("_", "-")


def default_text(field: dataclasses.Field[Any]) -> str:
    """A setting's default as documentation shows it; empty where it is nothing, or a place that differs by machine."""
    value = field.default
    if field.metadata["secret"] or value is None or value is False or value in ("", ()):
        return ""
    return f"`{values.written(value)}`"


# --- help ---------------------------------------------------------------------------------------------------------


def overview(root: Command, commands: Iterable[tuple[str, str]]) -> str:
    """The help of omm itself; `commands` are names and summaries."""
    sections = (("Options", _options(root)), ("Commands", list(commands)), ("Examples", FIRST_STEPS))
    return _text("omm [OPTIONS] COMMAND [ARGUMENTS]", root.summary, sections)


def help_text(command: Command) -> str:
    """The help of a command."""
    sections = (
        ("Arguments", [(argument.metavar, argument.help) for argument in command.arguments]),
        ("Options", _options(command)),
        ("Environment variables", environment(command.name)),
        ("Examples", EXAMPLES.get(command.name, ())),
    )
    return _text(command.synopsis, command.summary, sections)


def _options(command: Command) -> list[tuple[str, str]]:
    return [(option.label, option.help) for option in command.options]


def _text(synopsis: str, summary: str, sections: Iterable[tuple[str, Rows]]) -> str:
    width = min(MAX_HELP_WIDTH, columns())
    parts = [f"Usage: {synopsis}", f"{summary}."]
    for title, rows in sections:
        if rows:
            parts.append("\n".join([f"{title}:", *_rows(rows, width)]))
    return "\n\n".join(parts)


def _rows(rows: Rows, width: int) -> Iterator[str]:
    """Terms and what they mean, side by side; below it where a term is long."""
    column = min(MAX_TERM_WIDTH, max(len(term) for term, _ in rows)) + 4
    for term, text in rows:
        lines = textwrap.wrap(text, max(MIN_TEXT_WIDTH, width - column), break_on_hyphens=False)
        head = f"  {term:<{column - 2}}"
        if len(term) > column - 4:
            yield head.rstrip()
            head = " " * column
        yield head + (lines[0] if lines else "")
        yield from (" " * column + line for line in lines[1:])
