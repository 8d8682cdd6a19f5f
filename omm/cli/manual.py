"""Manual pages out of the command table. Writes man(7) macros; knows nothing of files.

Source: man-pages(7), "Sections within a manual page".
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from omm import __version__, config
from omm.cli import usage

DATE = "2026-11-21"
EXIT_STATUS = [
    ("0", "Success."),
    ("1", "The command failed; one line on standard error says why."),
    ("2", "The command line makes no sense."),
    ("130", "Interrupted by Ctrl-C."),
]
FILES = [
    ("models", "Models, in the user's data directory unless OMM_MODELS says otherwise."),
    ("config.toml", "Settings, in the user's configuration directory unless OMM_CONFIG names another file."),
    ("logs/server.log", "Log of a server that a command started, in the user's state directory."),
    ("history", "What was typed at the prompt of omm run, in the user's state directory."),
]
DESCRIPTIONS = {
    "": "omm runs language models on this machine. A server holds the models and answers over HTTP, in Ollama's "
    "protocol; the commands talk to it, and start one in the background when none answers on a loopback address.",
    "serve": "Runs the server in the foreground until it gets SIGINT or SIGTERM, or with --detach in the background "
    "until omm shutdown. It logs one line for each request, with tokens and times, and never what people asked "
    "unless --log-prompts says so.",
    "status": "Prints which server answers, its process, its models, and what it does. Never starts one.",
    "logs": "Prints the end of the log of a server that runs in the background. Never starts one.",
    "shutdown": "Stops the server that runs on this machine under this user: answers in progress end with an error, "
    "models are unloaded. Returns when it has ended.",
    "create": "Makes a model as a Modelfile says. Files that FROM and ADAPTER name are relative to the Modelfile and "
    "are copied into the server's store.",
    "show": "Prints what is known of a model, or one text of it.",
    "run": "Sends the prompt to the model and prints its answer. Text on standard input comes before the prompt. "
    "Without a prompt, on a terminal, it holds a conversation. A model that is missing is pulled first. "
    "With an embedding model it prints the vector as JSON.",
    "stop": "Unloads a model from memory.",
    "pull": "Fetches a model into the server's store: one that ships with omm (tiny), one from Hugging Face "
    "(hf.co/user/repo[:quantization]), or a GGUF file of this machine (./model.gguf).",
    "list": "Lists the models in the server's store, newest first. Also called ls.",
    "ps": "Lists the models that are loaded, where they lie, and until when.",
    "cp": "Gives a model a second name. Nothing is copied but the name.",
    "rm": "Removes models, and the files that no other model needs.",
    "config": "Settings are read from flags, from the environment, and from a file, in this order of strength. Without "
    "an action, or with show, it lists all settings with their values and where each is from; path prints where the "
    "file is, which need not exist; set and unset change one setting in it and keep everything else; edit opens it in "
    "VISUAL or EDITOR and checks it afterwards. OMM_CONFIG names another file.",
    "help": "Prints help about omm or one of its commands.",
}


def overview(table: usage.Table) -> str:
    """The page omm(1)."""
    commands = [(f"omm\\-{command.name}(1)", command.summary) for command in table.commands]
    return _join(
        _head("omm", table.root.summary.rstrip(".")),
        [".SH SYNOPSIS", ".B omm", "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]"],
        [".SH DESCRIPTION", _prose(DESCRIPTIONS[""])],
        [".SH OPTIONS", *_flags(table.root.flags)],
        [".SH COMMANDS", *_terms(commands, raw=True)],
        [".SH ENVIRONMENT", *_settings()],
        [".SH FILES", *_terms(FILES)],
        [".SH EXIT STATUS", *_terms(EXIT_STATUS)],
        [".SH EXAMPLES", *_examples()],
    )


def page(command: usage.Usage) -> str:
    """The page of one command."""
    parts = [
        _head(f"omm-{command.name}", command.summary),
        [".SH SYNOPSIS", f".B omm {command.name}", " ".join(_argument(word) for word in command.synopsis.split())],
        [".SH DESCRIPTION", _prose(DESCRIPTIONS[command.name])],
    ]
    if command.arguments:
        parts.append([".SH ARGUMENTS", *_terms(command.arguments)])
    parts.append([".SH OPTIONS", *_flags(command.flags)])
    if command.environment:
        parts.append([".SH ENVIRONMENT", *_terms(command.environment)])
    parts.append([".SH SEE ALSO", ".BR omm (1)"])
    return _join(*parts)


def _head(name: str, summary: str) -> list[str]:
    lowered = summary[:1].lower() + summary[1:]
    return [
        '.\\" Written by python -m omm.cli.generate.',
        f'.TH {name.upper()} 1 "{DATE}" "omm {__version__}" "omm manual"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(lowered)}",
    ]


def _settings() -> list[str]:
    rows = []
    for field in usage.SETTINGS.values():
        names = config.env_names(field)
        default = usage.default_text(field).replace("`", "")
        also = f" {names[1]} is read where it is unset." if len(names) > 1 else ""
        rows.append((names[0], f"{field.metadata['help']}." + (f" Default: {default}." if default else "") + also))
    return _terms(rows)


def _flags(flags: Iterable[usage.Flag]) -> list[str]:
    return _terms((flag.label, f"{flag.help.rstrip('.')}.") for flag in flags)


def _terms(rows: Iterable[tuple[str, str]], *, raw: bool = False) -> list[str]:
    return [line for term, text in rows for line in (".TP", f".B {term if raw else _text(term)}", _prose(text))]


def _examples() -> list[str]:
    commands = ['omm run tiny "How do I list my models?"', "omm pull ./model.gguf", "omm list --json"]
    return [".EX", *map(_text, commands), ".EE"]


def _argument(word: str) -> str:
    return f"\\fI{_text(word)}\\fR"


def _text(text: str) -> str:
    """Escape what roff would take for its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _prose(text: str) -> str:
    """Text in lines short enough for mandoc's taste."""
    return "\n".join(_text(line) for line in textwrap.wrap(text, 72, break_on_hyphens=False))


def _join(*sections: list[str]) -> str:
    return "\n".join(line for section in sections for line in section) + "\n"
