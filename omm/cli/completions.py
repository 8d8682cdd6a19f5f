"""Completion scripts out of the command table: commands, flags, and the names of models, which the server knows."""

from __future__ import annotations

from collections.abc import Callable

from omm.cli import config_command, service, tools
from omm.cli.usage import SETTINGS, Table, Usage

# Commands whose arguments are names of models that exist.
MODEL_COMMANDS = ("show", "run", "embed", "tokenize", "stop", "cp", "rm")
# Words that the arguments of other commands may be.
WORDS = {"config": (*config_command.ACTIONS, *SETTINGS), "service": service.ACTIONS, "launch": tuple(tools.TOOLS)}
FILE_FLAGS = ("--file", "--format", "--models")


def bash(table: Table) -> str:
    """A script for bash; needs no bash-completion package."""
    cases = "\n".join(
        f'        {_names(table, command, "|")}) flags="{_flags(command)}" ;;' for command in table.commands
    )
    words = "\n".join(f'            {command}) flags="{" ".join(words)}" ;;' for command, words in WORDS.items())
    return f"""\
# Completion of omm for bash. Written by python -m omm.cli.generate.

_omm() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" line command="" flags="" word i
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
    case "$previous" in
        -f|{"|".join(FILE_FLAGS)}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    if [[ $current != -* ]]; then
        case "$command" in
            {"|".join(MODEL_COMMANDS)}) flags="$(omm {table.completion_command} 2>/dev/null)" ;;
            pull) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
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
    root = " \\\n        ".join(_zsh_flag(flag.names, flag.value, flag.help) for flag in table.root.flags)
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


def _zsh_case(table: Table, command: Usage) -> str:
    flags = [_zsh_flag(flag.names, flag.value, flag.help) for flag in command.flags]
    if command.name in MODEL_COMMANDS:
        flags.append("'*:model:_omm_models'")
    elif command.name == "pull":
        flags.append("'*:file:_files'")
    elif command.name == "help":
        flags.append("'1: :_omm_commands'")
    elif words := WORDS.get(command.name):
        flags.append(f"'*::word:({' '.join(words)})'")
    lines = " \\\n                ".join(flags)
    return f"        {_names(table, command, '|')})\n            _arguments \\\n                {lines}\n            ;;"


def _zsh_flag(names: tuple[str, ...], value: str, text: str) -> str:
    explained = text.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    explanation = _quoted(f"[{explained}]{_zsh_value(names, value)}")
    forms = [_zsh_form(name, value) for name in names]
    if len(names) == 1:
        return forms[0] + explanation
    excluding = _quoted(f"({' '.join(names)})")
    return f"{excluding}{{{','.join(forms)}}}{explanation}"


def _zsh_value(names: tuple[str, ...], value: str) -> str:
    if set(names) & set(FILE_FLAGS):
        return ":file:_files"
    return "::value:" if value.startswith("[") else ":value:" if value else ""


def _zsh_form(name: str, value: str) -> str:
    if not value or not name.startswith("--"):
        return name
    return f"{name}=-" if value.startswith("[") else f"{name}="


def fish(table: Table) -> str:
    """A script for fish."""
    lines = [
        "# Completion of omm for fish. Written by python -m omm.cli.generate.",
        "",
        "complete -c omm -f",
        *(_fish_flag("__fish_use_subcommand", flag.names, flag.value, flag.help) for flag in table.root.flags),
    ]
    for command in table.commands:
        lines += ["", f"complete -c omm -n __fish_use_subcommand -a {command.name} -d {_fish_quoted(command.summary)}"]
        seen = f"'__fish_seen_subcommand_from {_names(table, command, ' ')}'"
        lines += [_fish_flag(seen, flag.names, flag.value, flag.help) for flag in command.flags]
        if command.name in MODEL_COMMANDS:
            lines.append(f"complete -c omm -n {seen} -a '(omm {table.completion_command} 2>/dev/null)'")
        elif command.name == "pull":
            lines.append(f"complete -c omm -n {seen} -F")
        elif command.name == "help":
            lines.append(f"complete -c omm -n {seen} -a '{' '.join(c.name for c in table.commands)}'")
        elif words := WORDS.get(command.name):
            lines.append(f"complete -c omm -n {seen} -a '{' '.join(words)}'")
    return "\n".join(lines) + "\n"


def _fish_flag(condition: str, names: tuple[str, ...], value: str, text: str) -> str:
    forms = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in names)
    takes = " -r" if value and not value.startswith("[") else ""
    files = " -F" if set(names) & set(FILE_FLAGS) else ""
    return f"complete -c omm -n {condition} {forms}{takes}{files} -d {_fish_quoted(text)}"


def _names(table: Table, command: Usage, separator: str) -> str:
    return separator.join([command.name, *(alias for alias, name in table.aliases.items() if name == command.name)])


def _flags(command: Usage) -> str:
    return " ".join(name for flag in command.flags for name in flag.names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SHELLS: dict[str, Callable[[Table], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
