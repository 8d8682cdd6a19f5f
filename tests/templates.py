"""Render every chat template of a folder as omm does and as plain Jinja2 with Transformers' environment does.

    python tests/templates.py FOLDER

prints one line for each template: how many prompts are the same, how many both refuse with the same words, how many
differ, and how omm puts conversations differently for it. The exit status is 1 if any prompt differs.
"""

from __future__ import annotations

import argparse
import collections
import copy
import datetime
import functools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from omm.chat import jinja
from omm.chat.source import Source, source_of
from omm.chat.turns import turns_of
from omm.types import Message, ToolCall

Arguments = dict[str, Any]


class Outcome(NamedTuple):
    """A prompt, or the words with which it was refused."""

    text: str
    is_prompt: bool


# --- plain Jinja2, set up as transformers.utils.chat_template_utils does ----------------------------------------------


class Tracker(jinja2.ext.Extension):
    """The `generation` tag: its body is called like a macro."""

    tags = {"generation"}

    def parse(self, parser: Any) -> jinja2.nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_run"), [], [], body).set_lineno(line)

    @jinja2.pass_eval_context
    def _run(self, _context: Any, caller: Any) -> str:
        return caller()


def raise_exception(message: str) -> None:
    raise jinja2.exceptions.TemplateError(message)


def tojson(
    x: Any, ensure_ascii: bool = False, indent: Any = None, separators: Any = None, sort_keys: bool = False
) -> str:
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def strftime_now(pattern: str) -> str:
    return datetime.datetime.now().strftime(pattern)  # noqa: DTZ005


def environment(kind: type[jinja2.sandbox.SandboxedEnvironment]) -> jinja2.sandbox.SandboxedEnvironment:
    made = kind(trim_blocks=True, lstrip_blocks=True, extensions=[Tracker, jinja2.ext.loopcontrols])
    made.filters["tojson"] = tojson
    made.globals.update(raise_exception=raise_exception, strftime_now=strftime_now)
    return made


@functools.lru_cache(maxsize=4)
def compile_plainly(source: str, kind: type[jinja2.sandbox.SandboxedEnvironment]) -> jinja2.Template:
    return environment(kind).from_string(source)


def render_plainly(source: str, arguments: Arguments) -> Outcome:
    """What Transformers renders. Templates that lengthen their own lists, which it forbids, get an environment that
    lets them, as other runners do."""
    for kind in (jinja2.sandbox.ImmutableSandboxedEnvironment, jinja2.sandbox.SandboxedEnvironment):
        try:
            return Outcome(compile_plainly(source, kind).render(copy.deepcopy(arguments)), True)
        except jinja2.exceptions.SecurityError as exc:
            outcome = Outcome(str(exc), False)
        except Exception as exc:  # noqa: BLE001  # whatever a template does wrong
            return Outcome(str(exc), False)
    return outcome


def render_ours(source: str, arguments: Arguments) -> Outcome:
    try:
        return Outcome(jinja.compile_template(source).render(arguments), True)
    except jinja.Failure as failure:
        cause = failure.__cause__
        return Outcome(str(cause), False)


# --- conversations ----------------------------------------------------------------------------------------------------

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "tide",
            "description": "When the water is high at a port, <sooner> & later",
            "parameters": {
                "type": "object",
                "properties": {
                    "port": {"type": "string", "description": "Its name", "enum": ["Oslo", "Ålesund"]},
                    "days": {"type": "integer", "description": "How many", "default": 1},
                    "deep": {"type": "object", "properties": {"x": {"type": ["number", "null"]}}},
                },
                "required": ["port"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "moon",
            "description": "Its phase",
            "parameters": {"type": "object", "properties": {}, "required": []},
        },
    },
]
NESTED: dict[str, Any] = {"port": "Ålesund", "days": 2, "deep": {"x": [1.5, True, None, 'a "b"\n<c>']}}


def _say(role: str, content: str, **rest: Any) -> Message:
    return Message(role=role, content=content, **rest)


def _call(name: str, arguments: dict[str, Any], number: int) -> ToolCall:
    return ToolCall(id=f"call0000{number}", name=name, arguments=arguments)


def _result(content: str, name: str, number: int) -> Message:
    return _say("tool", content, tool_name=name, tool_call_id=f"call0000{number}")


USER, SYSTEM = _say("user", "When is high tide? <b> & é"), _say("system", "Be brief.\n")
ANSWER = _say("assistant", "At noon.")
CALL = _say("assistant", "", tool_calls=(_call("tide", NESTED, 1),))
CALLS = _say("assistant", "", tool_calls=(_call("tide", {"port": "Oslo"}, 2), _call("moon", {}, 3)))
RESULT = _result('{"high": "12:00"}', "tide", 1)
RESULTS = (_result("noon", "tide", 2), _result("full", "moon", 3))

CONVERSATIONS: dict[str, tuple[Message, ...]] = {
    "user": (USER,),
    "system": (SYSTEM, USER),
    "developer": (_say("developer", "Be brief."), USER),
    "turns": (SYSTEM, USER, ANSWER, _say("user", "And tomorrow?")),
    "two users": (USER, _say("user", "In Oslo.")),
    "greeting": (_say("assistant", "Hello."), USER),
    "late system": (USER, ANSWER, SYSTEM, _say("user", "And tomorrow?")),
    "thought": (USER, _say("assistant", "At noon.", thinking="Tides come twice."), _say("user", "Sure?")),
    "call": (SYSTEM, USER, CALL, RESULT),
    "call with text": (USER, _say("assistant", "I look.", thinking="Look.", tool_calls=CALL.tool_calls), RESULT),
    "parallel calls": (USER, CALLS, *RESULTS),
    "after a call": (USER, CALL, RESULT, ANSWER, _say("user", "And the moon?"), CALLS, *RESULTS),
    "no answer": (USER, CALL, RESULT, _say("user", "Well?")),
}
THINKING: dict[str, bool | str | None] = {"unset": None, "on": True, "off": False, "low": "low"}


def cases(source: Source) -> Iterator[tuple[str, Arguments]]:
    """What the template is rendered with: every conversation in the plain form, and in the form found for it."""
    for name, messages in CONVERSATIONS.items():
        for state, think in THINKING.items():
            for tools in (None, TOOLS):
                variables = {"tools": tools, "documents": None, "bos_token": "<s>", "eos_token": "</s>"}
                variables |= source.defaults(think)  # type: ignore[arg-type]
                turns = turns_of(messages, source.fields)
                title = f"{name}, thinking {state}, {'with' if tools else 'no'} tools"
                yield f"{title}, plain", {**variables, "messages": list(turns)}
                yield f"{title}, adapted", source.arguments(turns, variables)


# --- the table --------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One template's line; `refused` maps the words of refusals to the cases."""

    name: str
    num_same: int
    refused: dict[str, list[str]]
    different: list[str]
    adaptations: tuple[str, ...]

    @property
    def text(self) -> str:
        num_refused = sum(map(len, self.refused.values()))
        words = "; ".join(self.adaptations)
        return f"{self.name[:49]:50}{self.num_same:5}{num_refused:8}{len(self.different):8}  {words}"


def compare(path: Path) -> Row:
    """Render all cases of a template in both ways."""
    text = path.read_text("utf-8")
    source = source_of(text)
    num_same, different = 0, []
    refused: dict[str, list[str]] = collections.defaultdict(list)
    for title, arguments in cases(source):
        ours, plain = render_ours(text, arguments), render_plainly(text, arguments)
        if ours != plain:
            different.append(title)
        elif ours.is_prompt:
            num_same += 1
        else:
            refused[ours.text].append(title)
    return Row(path.stem, num_same, dict(refused), different, source.names)


def rows(folder: Path) -> Iterator[Row]:
    yield from map(compare, sorted(folder.glob("*.jinja")))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare omm's rendering of chat templates with plain Jinja2's.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--refusals", action="store_true", help="print the words of refusals and their cases")
    options = parser.parse_args(arguments)
    print(f"{'template':50}{'same':>5}{'refused':>8}{'differ':>8}  put differently")
    num_different = 0
    for row in rows(options.folder):
        print(row.text, flush=True)
        for title in row.different:
            print(f"    differs: {title}")
        for words, titles in row.refused.items() if options.refusals else ():
            print(f"    {words}: {', '.join(titles)}")
        num_different += len(row.different)
    return 1 if num_different else 0


if __name__ == "__main__":
    sys.exit(main())
