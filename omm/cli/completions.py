"""Completion scripts out of the command table: commands, flags, and the names of models, which the server knows."""

from __future__ import annotations

from collections.abc import Callable

from omm.cli import config_command, service, tools
from omm.cli.params import Command, Parameter
from omm.cli.usage import Table
from omm.config import SETTINGS

# Commands whose arguments are names of models that exist.
MODEL_COMMANDS = ("show", "plan", "run", "embed", "tokenize", "stop", "push", "cp", "rm", "verify", "export")
FILE_COMMANDS = ("pull", "batch", "link", "import")
# Words that the arguments of other commands may be.
WORDS = {"config": (*config_command.ACTIONS, *SETTINGS), "service": service.ACTIONS, "launch": tuple(tools.TOOLS)}
FILE_VALUES = ("FILE", "FORMAT")


def bash(table: Table) -> str:
    """A script for bash; needs no bash-completion package."""
    cases = "\n".join(
        f'        {_names(table, command, "|")}) flags="{_flags(command)}" files="{_file_flags(command)}" ;;'
        for command in table.commands
    )
    words = "\n".join(f'            {command}) flags="{" ".join(words)}" ;;' for command, words in WORDS.items())
    return f"""\
# Completion of omm for bash. Written by python -m omm.cli.generate.

_omm() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local line command="" flags="" files="" word i
    COMPREPLY=()
    # Names of models hold colons, which readline takes for word breaks: glue the pieces together again.
    line="${{COMP_LINE:0:COMP_POINT}}"
    [[ $current == : || $previous == : ]] && current="${{line##*[[:space:]]}}"
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        case "$word" in
        --host) ((i++)) ;;
        -*) ;;
        *) command="$word"; break ;;
        esac
    done
    case "$command" in
        "") flags="{_flags(table.root)} {" ".join(command.name for command in table.commands)}" ;;
{cases}
    esac
    if [[ " $files " == *" $previous "* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    fi
    if [[ $current != -* ]]; then
        case "$command" in
            {"|".join(MODEL_COMMANDS)}) flags="$(omm {table.completion_command} 2>/dev/null)" ;;
            {"|".join(FILE_COMMANDS)}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
            help) flags="{" ".join(command.name for command in table.commands)}" ;;
{words}
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${{COMPREPLY[@]#"${{current%:*}}:"}}")
    fi
}}

complete -F _omm omm
"""


def zsh(table: Table) -> str:
    """A script for zsh's completion system."""
    commands = "\n".join(f"        {_quoted(f'{c.name}:{c.summary}')}" for c in table.commands)
    cases = "\n".join(_zsh_case(table, command) for command in table.commands)
    root = " \\\n        ".join(_zsh_flag(flag) for flag in table.root.options)
    return f"""\
#compdef omm
# Completion of omm for zsh. Written by python -m omm.cli.generate.

_omm_models() {{
    local -a names
    names=(${{(f)"$(omm {table.completion_command} 2>/dev/null)"}})
    compadd -a names
}}

_omm_commands() {{
    local -a commands
    commands=(
{commands}
    )
    _describe command commands
}}

_omm() {{
    local context state line
    typeset -A opt_args
    _arguments -C \\
        {root} \\
        '1: :_omm_commands' \\
        '*::argument:->argument'
    [[ $state == argument ]] || return
    case $line[1] in
{cases}
    esac
}}

if [[ $funcstack[1] == _omm ]]; then
    _omm "$@"
else
    compdef _omm omm
fi
"""


def _zsh_case(table: Table, command: Command) -> str:
    flags = [_zsh_flag(flag) for flag in command.options]
    if command.name in MODEL_COMMANDS:
        flags.append("'*:model:_omm_models'")
    elif command.name in FILE_COMMANDS:
        flags.append("'*:file:_files'")
    elif command.name == "help":
        flags.append("'1: :_omm_commands'")
    elif words := WORDS.get(command.name):
        flags.append(f"'*::word:({' '.join(words)})'")
    lines = " \\\n                ".join(flags)
    return f"        {_names(table, command, '|')})\n            _arguments \\\n                {lines}\n            ;;"


def _zsh_flag(flag: Parameter) -> str:
    explained = flag.help.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    explanation = _quoted(f"[{explained}]{_zsh_value(flag)}")
    forms = [_zsh_form(name, flag) for name in flag.all_names]
    if len(forms) == 1:
        return forms[0] + explanation
    excluding = _quoted(f"({' '.join(flag.all_names)})")
    return f"{excluding}{{{','.join(forms)}}}{explanation}"


def _zsh_value(flag: Parameter) -> str:
    if _takes_file(flag):
        return ":file:_files"
    return "::value:" if flag.has_optional_value else ":value:" if flag.metavar else ""


def _zsh_form(name: str, flag: Parameter) -> str:
    if not flag.metavar or not name.startswith("--"):
        return name
    return f"{name}=-" if flag.has_optional_value else f"{name}="


def fish(table: Table) -> str:
    """A script for fish."""
    lines = [
        "# Completion of omm for fish. Written by python -m omm.cli.generate.",
        "",
        "complete -c omm -f",
        *(_fish_flag("__fish_use_subcommand", flag) for flag in table.root.options),
    ]
    for command in table.commands:
        lines += ["", f"complete -c omm -n __fish_use_subcommand -a {command.name} -d {_fish_quoted(command.summary)}"]
        seen = f"'__fish_seen_subcommand_from {_names(table, command, ' ')}'"
        lines += [_fish_flag(seen, flag) for flag in command.options]
        if command.name in MODEL_COMMANDS:
            lines.append(f"complete -c omm -n {seen} -a '(omm {table.completion_command} 2>/dev/null)'")
        elif command.name in FILE_COMMANDS:
            lines.append(f"complete -c omm -n {seen} -F")
        elif command.name == "help":
            lines.append(f"complete -c omm -n {seen} -a '{' '.join(c.name for c in table.commands)}'")
        elif words := WORDS.get(command.name):
            lines.append(f"complete -c omm -n {seen} -a '{' '.join(words)}'")
    return "\n".join(lines) + "\n"


def _fish_flag(condition: str, flag: Parameter) -> str:
    forms = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.all_names)
    is_free = not flag.metavar or flag.has_optional_value
    value = " -r -F" if _takes_file(flag) else "" if is_free else " -x"
    return f"complete -c omm -n {condition} {forms}{value} -d {_fish_quoted(flag.help)}"


def _takes_file(flag: Parameter) -> bool:
    return flag.metavar in FILE_VALUES or "--models" in flag.names


def _file_flags(command: Command) -> str:
    return " ".join(name for flag in command.options if _takes_file(flag) for name in flag.all_names)


def _names(table: Table, command: Command, separator: str) -> str:
    return separator.join([command.name, *(alias for alias, name in table.aliases.items() if name == command.name)])


def _flags(command: Command) -> str:
    return " ".join(name for flag in command.options for name in flag.all_names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SHELLS: dict[str, Callable[[Table], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
