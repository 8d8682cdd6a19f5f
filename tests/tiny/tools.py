"""Tool calling: definitions, requests, calls, results and answers.

Three sorts of tool: families written by hand, verb-noun tools put together from parts, and tools whose names are
invented words. Families of the held-out side appear in no training text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import families_home
import families_office
import families_shop
import tool_words
from chat import Chat, Message
from tool_families import FAMILIES, FAMILIES_HELD, GENERIC, NOUNS, VERBS, Family
from words import ADJECTIVES, COLORS, NUMBER_WORDS, Source


def wordings(family: Family) -> set[str]:
    """Names, descriptions and requests of a family, without what makes no difference."""
    texts = "|".join((family.names, family.descriptions, family.requests)).split("|")
    return {text.strip(" .?!").lower() for text in texts}


# NOTE: most families were written without sight of the held-out ones; those that turned out alike are left out.
_HELD_WORDINGS = set().union(*map(wordings, FAMILIES_HELD))
_WRITTEN = (*FAMILIES, *families_home.FAMILIES, *families_office.FAMILIES, *families_shop.FAMILIES)
TRAINED_FAMILIES = tuple(family for family in _WRITTEN if not wordings(family) & _HELD_WORDINGS)
TRAINED_VERBS = (*VERBS, *tool_words.VERBS)
TRAINED_NOUNS = (*NOUNS, *tool_words.NOUNS)
TRAINED_PARAMETERS = {**tool_words.PARAMETERS, **GENERIC}

Value = str | int | float | bool


@dataclass(frozen=True)
class Parameter:
    """A parameter with a way to draw its value; `said` is how a request says it, where that differs."""

    name: str
    type: str
    draw: Callable[[Source], Value]
    required: bool = True
    enum: tuple[str, ...] = ()

    def schema(self, described: bool) -> dict[str, Any]:
        spec: dict[str, Any] = {"type": self.type}
        if described:
            spec["description"] = f"The {self.name.replace('_', ' ')}"
        if self.enum:
            spec["enum"] = list(self.enum)
        return spec


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    parameters: tuple[Parameter, ...]

    def schema(self, src: Source) -> dict[str, Any]:
        """The tool as a client sends it; the order of keys differs between clients."""
        properties = {p.name: p.schema(src.chance(0.5)) for p in self.parameters}
        required = [p.name for p in self.parameters if p.required]
        parameters = {"type": "object", "properties": properties, "required": required}
        function = {"name": self.name, "description": self.description, "parameters": parameters}
        if not self.description:
            del function["description"]
        return {"type": "function", "function": function}


@dataclass(frozen=True)
class Use:
    """One request for a tool, with the call that answers it and what may come back.

    `again` draws another request for the same tool, with its arguments.
    """

    tool: Tool
    request: str
    arguments: dict[str, Value]
    result: str
    answer: str
    again: Callable[[Source], Asked]


Asked = tuple[str, dict[str, Value]]
"""A request and the arguments that it gives."""


def choice(*items: str) -> Callable[[Source], Value]:
    return lambda src: src.pick(items)


UNITS = ("celsius", "fahrenheit")
KINDS: dict[str, tuple[str, Callable[[Source], Value]]] = {
    "city": ("string", Source.city), "person": ("string", Source.person), "name": ("string", Source.full_name),
    "thing": ("string", Source.thing), "topic": ("string", Source.topic), "task": ("string", Source.task),
    "phrase": ("string", Source.phrase), "email": ("string", Source.email), "date": ("string", Source.date),
    "time": ("string", Source.time), "file": ("string", Source.file), "word": ("string", Source.word),
    "int": ("integer", Source.number), "small": ("integer", lambda s: s.rng.randint(1, 60)),
    "number": ("number", lambda s: s.number() if s.chance(0.6) else s.number() + s.rng.randint(1, 9) / 10),
    "color": ("string", lambda s: s.pick(COLORS)), "bool": ("boolean", lambda s: s.chance(0.5)),
    "language": ("string", choice("French", "German", "Spanish", "Italian", "Dutch", "Polish", "Greek", "Japanese")),
    "currency": ("string", choice("EUR", "USD", "GBP", "JPY", "CHF", "SEK")),
    "year": ("integer", lambda s: s.rng.randint(1950, 2049)), "size": ("string", choice("small", "medium", "large")),
    "level": ("integer", lambda s: s.rng.randint(0, 100)),
}  # fmt: skip

CONDITIONS = ("sunny", "cloudy", "rainy", "windy", "foggy", "snowy", "clear")


def make_parameter(src: Source, name: str, kind: str, required: bool = True) -> Parameter:
    if kind == "unit":
        return Parameter(name, "string", choice(*UNITS), required, UNITS)
    if kind == "sum":
        return Parameter(name, "string", lambda s: f"{s.number()} {s.pick('+-*/')} {s.number()}", required)
    if kind == "enum":
        options = tuple(src.words(src.pick((2, 3))) if src.chance(0.5) else src.rng.sample(ADJECTIVES, 3))
        return Parameter(name, "string", choice(*options), required, options)
    if kind[0] in "=~":
        options = tuple(kind[1:].split(","))
        return Parameter(name, "string", choice(*options), required, options if kind[0] == "=" else ())
    type_name, draw = KINDS[kind]
    return Parameter(name, type_name, draw, required)


def fillers(src: Source, values: list[Value]) -> dict[str, str]:
    """What results may hold: numbers computed from the values, or drawn."""
    numbers = [v for v in values if isinstance(v, int)]
    out = {"t": str(src.rng.randint(-9, 39)), "c": src.pick(CONDITIONS), "n": str(src.rng.randint(1, 999)),
           "w": src.word(), "C": src.city(), "h": src.time()}  # fmt: skip
    if len(numbers) == 2:
        a, b = numbers
        out |= {"sum": str(a + b), "diff": str(a - b), "prod": str(a * b)}
    return out


def family_use(src: Source) -> Use:
    family = src.pick(FAMILIES_HELD if src.held else TRAINED_FAMILIES)
    parameters = []
    for spec in family.parameters:
        names, kind = spec.split(":")
        parameters.append(make_parameter(src, src.pick(names.split("|")), kind))
    description = src.pick(family.descriptions.split("|")) if src.chance(0.9) else ""
    name = src.pick(family.names.split("|"))
    if not src.held:
        name, parameters = renamed(src, name, description, parameters)
    asked = tuple(parameters)
    request, arguments = family_request(src, family, asked)
    values = list(arguments.values())
    if src.chance(0.15):
        parameters.append(make_parameter(src, src.pick(("unit", "limit", "note", "mode")), "word", required=False))
    tool = Tool(name, description, tuple(parameters))
    extra = fillers(src, values)
    result = src.pick(family.result.split("|")).format(*map(said, values), **extra)
    answer = family.answer or ("Done." if result in ("ok", "done") else "The result is {R}.")
    return Use(tool, request, arguments, result, answer.format(*map(said, values), R=result, **extra),
               lambda src: family_request(src, family, asked))  # fmt: skip


def family_request(src: Source, family: Family, asked: Sequence[Parameter]) -> Asked:
    values = [p.draw(src) for p in asked]
    request = src.pick(family.requests.split("|")).format(*spoken(src, values))
    return request, {p.name: value for p, value in zip(asked, values, strict=True)}


def renamed(src: Source, name: str, description: str, parameters: list[Parameter]) -> tuple[str, list[Parameter]]:
    """Now and then another style of name, or an invented one where something else tells what it is for."""
    if description and src.chance(0.12):
        name = src.word() if src.chance(0.5) else f"{src.word()}_{name}"
    elif src.chance(0.12):
        first, *rest = name.split("_")
        name = src.pick((first + "".join(map(str.capitalize, rest)), name.replace("_", "-"), f"api.{name}"))
    if len(parameters) == 1 and src.chance(0.15):
        parameters = [replace(parameters[0], name=src.word())]
    return name, parameters


def spoken(src: Source, values: list[Value]) -> list[str]:
    """Values as a request says them: small numbers now and then as words."""
    numbers = [value for value in values if isinstance(value, int)]
    if numbers and all(0 <= value <= 20 for value in numbers) and src.chance(0.4):
        return [NUMBER_WORDS[value] if isinstance(value, int) else said(value) for value in values]
    return [said(value) for value in values]


def said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


GENERIC_REQUESTS = """{do}: {list}|{do} with {and}|{do}, {list}|Please {do} with {and}.|{do} ({list})|{Do} with {and}.|
call {name} with {and}|use {name}: {list}|{name} {list}|Can you {do} with {and}?|I want to {do} with {and}|
{Do}; {list}.|run {name} with {and}|use the tool {name} with {list}|{name}({eq})|{list}: {do}""".replace(
    "\n", ""
).split("|")
GENERIC_REQUESTS_HELD = """could you {do} with {and}?|try {name} with {and}|{Do} now, {list}|{do}. {list}""".split("|")
VALUE_REQUESTS = """{do} {v}|{Do} {v}.|please {do} {v}|{do}: {v}|{name} {v}|{do} for {v}|call {name} on {v}|
{Do} "{v}".|{v}: {do}""".replace("\n", "").split("|")


def composed_use(src: Source) -> Use:
    """A verb-noun tool with everyday parameters, or one made of invented words."""
    invented = src.chance(0.55)
    num = src.pick((1, 1, 2, 2, 3))
    if invented:
        verb, noun = src.word(), src.word()
        names = src.words(num)
        kinds = [
            src.pick(("word", "word", "int", "thing", "phrase", "city", "number", "bool", "enum", "person"))
            for _ in names
        ]
    else:
        known = GENERIC if src.held else TRAINED_PARAMETERS
        verb, noun = src.pick(VERBS if src.held else TRAINED_VERBS), src.pick(NOUNS if src.held else TRAINED_NOUNS)
        names = src.rng.sample(list(known), num)
        kinds = [known[name] if src.chance(0.9) else "enum" for name in names]
    name = noun if invented and src.chance(0.3) else f"{verb}_{noun}"
    parameters = [make_parameter(src, n, k) for n, k in zip(names, kinds, strict=True)]
    do = f"{verb} {src.pick(('a', 'the', 'the', 'my'))} {noun}"
    asked = tuple(parameters)
    given = {p.name: p.draw(src) for p in asked}
    if src.chance(0.2):
        parameters.append(make_parameter(src, src.word(), "word", required=False))
        src.rng.shuffle(parameters)
    arguments = {p.name: given[p.name] for p in parameters if p.name in given}
    description = describe(src, do, names) if src.chance(0.85) else ""
    request = generic_request(src, name, do, arguments)
    extra = fillers(src, [])
    result, answer = src.pick((("ok", "Done."), ("done", "Done."), ("{w}", "The result is {w}."),
                               ("{n}", "The result is {n}."), ("{t} {w}", "The result is {t} {w}.")))  # fmt: skip
    return Use(Tool(name, description, tuple(parameters)), request, arguments, result.format(**extra),
               answer.format(**extra), lambda src: composed_request(src, name, do, asked, list(arguments)))  # fmt: skip


def composed_request(src: Source, name: str, do: str, asked: Sequence[Parameter], order: list[str]) -> Asked:
    given = {p.name: p.draw(src) for p in asked}
    arguments = {key: given[key] for key in order}
    return generic_request(src, name, do, arguments), arguments


def describe(src: Source, do: str, names: list[str]) -> str:
    if src.held or src.chance(0.4):
        return do.capitalize()
    return src.pick(tool_words.DESCRIPTIONS).format(do=do, Do=do.capitalize(), names=" and ".join(names))


def generic_request(src: Source, name: str, do: str, arguments: dict[str, Value]) -> str:
    items = list(arguments.items())
    if src.chance(0.3):
        src.rng.shuffle(items)
    joint = src.pick(("{k} {v}", "{k} {v}", "{k}: {v}", "{k} = {v}", '{k} "{v}"'))
    if not src.held and src.chance(0.6):
        joint = src.pick(tool_words.PAIRS)
    pairs = [joint.format(k=key.replace("_", " "), v=said(value)) for key, value in items]
    eq = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in items)
    frames: Sequence[str] = GENERIC_REQUESTS_HELD if src.held else src.pick((GENERIC_REQUESTS, tool_words.REQUESTS))
    if len(items) == 1 and src.chance(0.5):
        frames = VALUE_REQUESTS if src.held else src.pick((VALUE_REQUESTS, tool_words.VALUE_REQUESTS))
    return src.pick(frames).format(name=name, do=do, Do=do.capitalize(), list=", ".join(pairs), eq=eq,
                                   v=said(items[0][1]), **{"and": " and ".join(pairs)})  # fmt: skip


def draw_use(src: Source, families: float = 0.5) -> Use:
    return family_use(src) if src.chance(families) else composed_use(src)


def uses_of_different_tools(src: Source, count: int, families: float = 0.5) -> list[Use]:
    """Requests whose tools share no name and no description, so that one tool is right."""
    uses: list[Use] = []
    while len(uses) < count:
        use = draw_use(src, families)
        taken = {u.tool.name for u in uses} | {u.tool.description for u in uses if u.tool.description}
        neighbours = not src.held and src.chance(0.5)
        if not {use.tool.name, use.tool.description} & taken and distinct(use, uses, neighbours=neighbours):
            uses.append(use)
    return uses


def distinct(use: Use, uses: list[Use], *, neighbours: bool = False) -> bool:
    """Two weather tools in one list would make the right choice a matter of taste.

    With `neighbours`, names may share a word, as `book_flight` and `cancel_flight` do.
    """
    alike = ALIKE.get(use.tool.name, ())
    if any(other.tool.name in alike for other in uses):
        return False
    if neighbours:
        return True
    group = set(use.tool.name.split("_")) - set(VERBS)
    return all(not group & set(other.tool.name.split("_")) for other in uses)


ALIKE = {name: family.names.split("|") for family in (*TRAINED_FAMILIES, *FAMILIES_HELD)
         for name in family.names.split("|")}  # fmt: skip


def thought(use: Use) -> str:
    values = ", ".join(f"{key} = {said(value)}" for key, value in use.arguments.items())
    return f"I call {use.tool.name}: {values}."


def call(use: Use) -> Message:
    return Message("assistant", calls=[(use.tool.name, dict(use.arguments))], thinking=thought(use))


def result_turns(src: Source, use: Use) -> list[Message]:
    """What a tool gave, as text or as JSON, and the answer made of it."""
    result, answer, thinking = use.result, use.answer, f"The tool says {use.result}."
    kind = src.rng.random()
    if kind < 0.2:
        key = src.pick(("result", "value", "answer", "status", "output", "message", "text"))
        result = json.dumps({key: result}, ensure_ascii=False)
    elif kind < 0.4:
        names = src.rng.sample(("temperature", "condition", "count", "name", "status", "total", "time", src.word()), 2)
        values = {name: src.pick((src.word(), src.number(), src.pick(CONDITIONS))) for name in names}
        result = json.dumps(values)
        listed = " and ".join(f"{name} is {value}" for name, value in values.items())
        answer, thinking = f"The {listed}.", f"The tool says {', '.join(f'{k} {v}' for k, v in values.items())}."
    return [Message("tool", result), Message("assistant", answer, thinking=thinking)]


SYSTEMS = [
    "You are a helpful assistant.", "You can use tools.", "Use a tool when it helps.", "You are tiny.",
    "Be brief.", "Answer with a tool call when one fits.", "You are an assistant with tools.",
]  # fmt: skip


def loose(src: Source, request: str) -> str:
    """As people type: lower case, no full stop, a line feed at the end."""
    if src.chance(0.1) and '"' not in request and "(" not in request and not any(c.isupper() for c in request[1:]):
        request = request.lower()
    if src.chance(0.12) and request.endswith((".", "?")):
        request = request[:-1]
    if not src.held and src.chance(0.15):
        request = wrapped(src, request)
    return request + "\n" if src.chance(0.03) else request


def wrapped(src: Source, request: str) -> str:
    """With words around it that say nothing."""
    before, after = src.pick(WRAPPINGS)
    if before and not before.endswith((".", "!", ":")):
        request = lowered(request) if request[1:2].islower() else request
    return f"{before} {request}".strip() + (f" {after}" if after else "")


_WRAPPINGS = """\
Hi,…|Hello!…|Hey,…|OK,…|So,…|Well,…|Good morning!…|Hi there.…|…Thanks.|…Thank you!|…Please.|One more thing:…|
Next:…|And…|Then…|Also,…|I have a request:…|Here is what I need:…|Quick question:…|I am in a hurry.…|
…It is urgent.|…That is all.|Please help me.…|Listen:…|Now then:…|…Thank you in advance.|Dear tiny,…|Yes,…|
No, wait.…|All right,…|My friend asks:…|Question:…|Task:…|Request:…|User says:…|Sorry,…|Excuse me,…|
By the way,…|…I hope that is possible.|…I would be glad.|For my work:…|It is for a friend.…|
My boss wants this:…
"""
WRAPPINGS = [line.split("…") for line in _WRAPPINGS.replace("\n", "").split("|")]


def tool_chat(src: Source, small_talk: Callable[[Source], tuple[str, str, str]], rounds: int = 0) -> Chat:
    """One to four tools, one or several requests; some requests need no tool at all."""
    uses = uses_of_different_tools(src, src.pick((1, 1, 2, 2, 3, 3, 4)), families=0.5 if src.held else 0.65)
    tools = [use.tool.schema(src) for use in uses]
    src.rng.shuffle(tools)
    system = [Message("system", src.pick(SYSTEMS))] if src.chance(0.2) else []
    messages = system
    wanted = [use for use in uses if src.chance(0.8)] or uses[:1]
    src.rng.shuffle(wanted)
    for use in wanted[:rounds] if rounds else wanted[:3]:
        messages += [Message("user", loose(src, use.request)), call(use)]
        if src.chance(0.35):
            messages += result_turns(src, use)
    if src.chance(0.12) and not src.held:
        question, answer, word = small_talk(src)
        messages += [Message("user", question), Message("assistant", answer, thinking=f"No tool is needed: {word}.")]
    return Chat(messages, tools, thinks=src.chance(0.45), skill="tools")


def crowded_tool_chat(src: Source) -> Chat:
    """Four to eight tools and a call after each of several requests: the most choices for the tokens it costs.

    A tool may be asked for twice, so that those left over tell nothing.
    """
    uses = uses_of_different_tools(src, src.pick((4, 5, 6, 7, 8)), families=0.8)
    tools = [use.tool.schema(src) for use in uses]
    src.rng.shuffle(tools)
    messages: list[Message] = []
    for _ in range(src.pick((3, 4, 5, 6))):
        use = src.pick(uses)
        request, arguments = use.again(src)
        messages += [Message("user", loose(src, request)), call(replace(use, arguments=arguments))]
    return Chat(messages, tools, thinks=src.chance(0.3), skill="tools")


def double_call(src: Source) -> Chat:
    """Two requests in one sentence, two calls in one answer."""
    first, second = uses_of_different_tools(src, 2)
    pair = [first, family_like(src, first) if first.arguments and src.chance(0.4) else second]
    tools = {use.tool.name: use.tool.schema(src) for use in pair}
    request = src.pick(("{} And {}", "{} Then {}", "{} Also {}")).format(
        closed(pair[0].request), lowered(pair[1].request)
    )
    calls = [(use.tool.name, dict(use.arguments)) for use in pair]
    answer = Message("assistant", calls=calls, thinking=" ".join(map(thought, pair)))
    return Chat([Message("user", request), answer], list(tools.values()), thinks=src.chance(0.45), skill="tools")


def family_like(src: Source, use: Use) -> Use:
    """The same tool again with other values."""
    arguments: dict[str, Value] = {p.name: p.draw(src) for p in use.tool.parameters if p.name in use.arguments}
    request = generic_request(src, use.tool.name, (use.tool.description or use.tool.name).lower(), arguments)
    return replace(use, request=request, arguments=arguments)


def closed(request: str) -> str:
    return request if request.endswith((".", "?", "!")) else request + "."


def lowered(request: str) -> str:
    return request[0].lower() + request[1:]
