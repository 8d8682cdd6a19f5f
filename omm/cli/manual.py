"""Manual pages out of the command table. Writes man(7) macros; knows nothing of files.

Source: man-pages(7), "Sections within a manual page".
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from omm import __version__, config
from omm.cli import usage
from omm.cli.exits import EXIT_CODES
from omm.cli.params import Command

DATE = "2026-11-21"
FILES = [
    ("models", "Models, in the user's data directory unless OMM_MODELS says otherwise."),
    ("config.toml", "Settings, in the user's configuration directory unless OMM_CONFIG names another file."),
    ("logs/server.log", "Log of a server that a command started, in the user's state directory."),
    ("logs/mcp-NAME.log", "What a tool server of omm run --mcp wrote to its standard error, in the same directory."),
    ("history", "What was typed at the prompt of omm run, in the user's state directory."),
]
DESCRIPTIONS = {
    "": "omm runs language models on this machine. A server holds the models and answers over HTTP, in Ollama's "
    "protocol; the commands talk to it, and start one in the background when none answers on a loopback address.",
    "serve": "Runs the server in the foreground until it gets SIGINT or SIGTERM, or with --detach in the background "
    "until omm shutdown. It logs one line for each request, with tokens and times, and never what people asked "
    "unless --log-prompts says so.",
    "status": "Prints which server answers, its process, its models, and what it does. Never starts one.",
    "logs": "Prints the end of the log of a server that runs in the background. Never starts one. A log that has grown "
    "to 4 MiB is moved aside, to server.log.1.",
    "shutdown": "Stops the server that runs on this machine under this user: answers in progress end with an error, "
    "models are unloaded. Returns when it has ended.",
    "create": "Makes a model as a Modelfile says. Files that FROM and ADAPTER name are relative to the Modelfile and "
    "are copied into the server's store; of a split model, FROM names any part. "
    "A folder with safetensors files, as transformers saves a model, is converted "
    "to GGUF; weights keep their type. With --quantize the weights, which must be F16, BF16 or F32, are "
    "written anew in a type that llama.cpp knows (Q4_K_M, Q8_0, IQ4_NL, …), checked, and the source is "
    "dropped unless another model uses it; --imatrix names an importance matrix, as llama-imatrix writes it, "
    "that the lowest types need.",
    "show": "Prints what is known of a model, or one text of it. With --effective it prints every value that a request "
    "gets which says nothing itself, and where that is from: the configuration with its line, the Modelfile, the file "
    "of the model, a variable, a flag, or omm's default; - is what omm chooses when the model is loaded.",
    "plan": "Prints how a model would run on the server's machine: where its layers go, and how much memory its "
    "weights, its KV cache and its buffers take of what is free now. Loads nothing.",
    "run": "Sends the prompt to the model and prints its answer. Text on standard input comes before the prompt. "
    "Without a prompt, on a terminal, it holds a conversation: /? lists what can be typed there. Ctrl-C stops an "
    "answer, Ctrl-R searches what was typed, to this model first, and Ctrl-T folds or unfolds the thinking. On a "
    "terminal answers are formatted as Markdown; --raw, or a pipe, gives what the model wrote. A model that is missing "
    "is pulled first. "
    "With --json each line is an object whose type is thinking, text, tool_call, tool_result or done; the last has the "
    "counts. With --mcp the model may call tools of Model Context Protocol servers, which a JSON file names in the "
    "form that other programs use: an object mcpServers of name to command, args and env, or to url, headers and, for "
    "the older form of the protocol, type sse; ${NAME} stands for a variable of the environment. Each call is asked "
    "about, unless --mcp-allow names its server, or the tool as server.tool; where there is no terminal to ask on, "
    "only those are offered. What servers write to stderr is in logs/mcp-NAME.log. Needs the mcp package. "
    "With an embedding model it prints the vector as JSON. A flag that would do nothing is an error.",
    "batch": "Asks a model many prompts at once, as many as the server answers in parallel, and writes the answers in "
    "the order of the prompts. Each line of IN is a prompt as a JSON string, or an object with prompt or messages and "
    "whatever else a request may have (model, system, options, format, think); its id is passed on. Each line of OUT "
    "is an object with index, the answer in response, thinking and the counts of tokens, or the error of that line. "
    "When OUT has lines already, the work goes on after them, so an interrupted batch is started again with the same "
    "command. Exits 1 when a line failed.",
    "embed": "Prints the vector of each TEXT as a JSON array, one a line. Without a TEXT, each line of standard input "
    "is one.",
    "tokenize": "Prints the ids of the tokens that a model makes of a text, or how many there are. Without a TEXT it "
    "reads standard input.",
    "stop": "Unloads a model from memory.",
    "pull": "Fetches a model into the server's store: one that ships with omm (tiny), a short name of the catalogue "
    "(llama3.2, qwen3:4b, qwen3:4b-q8_0), one from Hugging Face (hf.co/user/repo[:quantization]), one from a registry "
    "(name of Ollama's library, or host/namespace/model:tag), one at a web address "
    "(https://host/folder/file.gguf, which becomes host/folder/file), or a GGUF file of this machine (./model.gguf), "
    "or a folder as FROM takes it. A download that was interrupted goes on where it stopped.",
    "push": "Brings a model to a registry that speaks the OCI protocol, under the name it has here: give it one with "
    "`omm cp MODEL HOST/NAMESPACE/MODEL` first. What the registry has is not sent again. OMM_REGISTRY_LOGINS "
    "holds accounts; --insecure speaks HTTP.",
    "link": "Makes a model of a GGUF file where it lies: with a hard link, or with shared blocks where the file system "
    "can, else with a symbolic link. The file is only read. The server must use the same models directory.",
    "search": "Prints which models can be pulled: those that come with omm and the catalogue's short "
    "names that have all the words in their name, "
    "repository, license or capabilities (embedding, rerank, tools, vision, thinking, …), then the repositories with "
    "GGUF files that Hugging Face finds, the most downloaded first. Needs no server.",
    "list": "Lists the models in the server's store, newest first. Also called ls.",
    "ps": "Lists the models that are loaded, where they lie, and until when. On a terminal also how many requests are "
    "answered of how many that can be at once, +N that wait, and the tokens per second of the last few seconds.",
    "cp": "Gives a model a second name. Nothing is copied but the name.",
    "rm": "Removes models, and the files that no other model needs.",
    "prune": "Removes files that no model uses, and unfinished downloads that nobody continued for long, and says why "
    "each goes or stays. What was uploaded within the last hour stays. The server does the same, in silence, "
    "when it starts, unless OMM_NOPRUNE is set.",
    "verify": "Reads the files of a model, or of all models, and compares them with their digests. Says which are "
    "damaged and which models they belong to, and fails if any is. With --repair it fetches the same bytes again from "
    "where the model came, and leaves alone what nobody has any more.",
    "export": "Writes a model with all its files into one, for a machine without a network. It is a tar that may also "
    "be unpacked into a models directory. The same model gives the same bytes.",
    "import": "Reads what export wrote into the server's store. Each file is checked against its digest, and what the "
    "server has is not sent again.",
    "config": "Settings are read from flags, from the environment, and from a file, in this order of strength. Without "
    "an action, or with show, it lists all settings with their values and where each is from; path prints where the "
    "file is, which need not exist; set and unset change one setting in it and keep everything else; edit opens it in "
    "your editor and checks it afterwards. OMM_CONFIG names another file. What holds for some models only is "
    "written as 'model.\"qwen3*\".temperature', and an alias as alias.gpt-4o; omm-config(5) has the rules.",
    "doctor": "Checks Python, llama.cpp and its devices, memory, disk, permissions, settings, the server, proxies, and "
    "whether the places that models come from can be reached. Each line says ok, warn or fail, and the line below "
    "it what to do. Exits 1 if a check fails. Changes nothing.",
    "launch": "Starts a coding tool that is installed, pointed at omm by its environment and its command line; its own "
    "files stay as they are. Arguments after -- go to the tool. Without a tool it lists those it knows.",
    "service": "install writes a unit for systemd, or an agent for launchd, of this user, and has it started now and "
    "at each login. The service reads the configuration file; of the environment it keeps only OMM_HOME, OMM_CONFIG "
    "and HF_HOME. uninstall stops it and removes the file. status tells whether it runs, and exits 1 if not.",
    "help": "Prints help about omm or one of its commands.",
}


def overview(table: usage.Table) -> str:
    """The page omm(1)."""
    commands = [(f"omm\\-{command.name}(1)", command.summary) for command in table.commands]
    return joined(
        head("omm", table.root.summary.rstrip(".")),
        [".SH SYNOPSIS", ".B omm", "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]"],
        [".SH DESCRIPTION", prose(DESCRIPTIONS[""])],
        [".SH OPTIONS", *_options(table.root)],
        [".SH COMMANDS", *terms(commands, raw=True)],
        [".SH ENVIRONMENT", *_settings()],
        [".SH FILES", *terms(FILES)],
        [".SH EXIT STATUS", *terms((str(row.code), row.meaning) for row in EXIT_CODES)],
        [".SH EXAMPLES", *terms(usage.FIRST_STEPS)],
    )


def page(command: Command) -> str:
    """The page of one command."""
    parts = [
        head(f"omm-{command.name}", command.summary),
        [".SH SYNOPSIS", f".B omm {command.name}", " ".join(_argument(word) for word in command.synopsis.split()[2:])],
        [".SH DESCRIPTION", prose(DESCRIPTIONS[command.name])],
    ]
    if command.arguments:
        parts.append([".SH ARGUMENTS", *terms((argument.metavar, argument.help) for argument in command.arguments)])
    parts.append([".SH OPTIONS", *_options(command)])
    if variables := usage.environment(command.name):
        parts.append([".SH ENVIRONMENT", *terms(variables)])
    parts.append([".SH EXAMPLES", *terms(usage.EXAMPLES[command.name])])
    parts.append([".SH SEE ALSO", ".BR omm (1)"])
    return joined(*parts)


def head(name: str, summary: str, section: int = 1) -> list[str]:
    """The first lines of a page: what it is called and what it is about."""
    lowered = summary[:1].lower() + summary[1:]
    return [
        '.\\" Written by python -m omm.cli.generate.',
        f'.TH {name.upper()} {section} "{DATE}" "omm {__version__}" "omm manual"',
        ".SH NAME",
        f"{plain(name)} \\- {plain(lowered)}",
    ]


def _settings() -> list[str]:
    rows = []
    for field in config.SETTINGS.values():
        names = config.env_names(field)
        default = usage.default_text(field).replace("`", "")
        also = f" {names[1]} is read where it is unset." if len(names) > 1 else ""
        rows.append((names[0], f"{field.metadata['help']}." + (f" Default: {default}." if default else "") + also))
    return terms(rows)


def _options(command: Command) -> list[str]:
    return terms((option.label, f"{option.help.rstrip('.')}.") for option in command.options)


def terms(rows: Iterable[tuple[str, str]], *, raw: bool = False) -> list[str]:
    """Lines of a list of terms, each with what it means."""
    return [line for term, text in rows for line in (".TP", f".B {term if raw else plain(term)}", prose(text))]


def _argument(word: str) -> str:
    return f"\\fI{plain(word)}\\fR"


def plain(text: str) -> str:
    """A text without what roff would take for its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def prose(text: str) -> str:
    """Text in lines short enough for mandoc's taste."""
    return "\n".join(plain(line) for line in textwrap.wrap(text, 72, break_on_hyphens=False))


def joined(*sections: list[str]) -> str:
    """The page out of its sections."""
    return "\n".join(line for section in sections for line in section) + "\n"
