"""JSON from a sentence: facts, ways to say them, ways to ask for them, and the compact object that answers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import json_more
import tool_words
from chat import Chat, Message, exchange
from tools import make_parameter
from words import COLORS, Source, phrases

JOBS = ("teacher", "doctor", "baker", "nurse", "pilot", "farmer", "writer", "cook", "judge")
JSON_FIELDS: dict[str, tuple[str, Callable[[Source], Any], tuple[str, ...]]] = {
    "name": ("string", Source.person,
             ("{} is here", "my name is {}", "this is {}", "I am {}", "name: {}", "{} wrote us")),
    "age": ("integer", lambda s: s.rng.randint(1, 99), ("{} years old", "aged {}", "age {}", "is {} years old")),
    "city": ("string", Source.city, ("lives in {}", "from {}", "city {}", "in {}", "comes from {}")),
    "color": ("string", lambda s: s.pick(COLORS), ("likes {}", "in {}", "color {}", "painted {}")),
    "email": ("string", Source.email, ("email {}", "write to {}", "the address is {}")),
    "item": ("string", Source.thing, ("ordered a {}", "wants the {}", "item {}", "bought one {}")),
    "quantity": ("integer", lambda s: s.rng.randint(1, 99), ("{} pieces", "quantity {}", "{} of them")),
    "price": ("number", lambda s: s.number() + s.pick((0, 0.5, 0.25)),
              ("costs {} euros", "price {}", "for {} dollars")),
    "date": ("string", Source.date, ("on {}", "date {}", "the day is {}")),
    "time": ("string", Source.time, ("at {}", "time {}")),
    "job": ("string", lambda s: s.pick(JOBS), ("works as a {}", "is a {}", "job: {}")),
    "pet": ("string", Source.thing, ("has a {} as a pet", "pet {}")),
    "available": ("boolean", lambda s: s.chance(0.5), ("available: {}", "available {}")),
    "title": ("string", Source.phrase, ("the title is {}", "called {}", "title: {}")),
    "country": ("string", Source.city, ("country {}", "the country is {}")),
    "year": ("integer", lambda s: s.rng.randint(1900, 2040), ("in the year {}", "year {}")),
}  # fmt: skip

SENTENCES: list[tuple[str, dict[str, str]]] = [
    ("{0} is {1} years old.", {"name": "name", "age": "age"}),
    ("{0} is {1} years old and lives in {2}.", {"name": "name", "age": "age", "city": "city"}),
    ("{0} lives in {1}.", {"name": "name", "city": "city"}),
    ("My name is {0} and I am {1} years old.", {"name": "name", "age": "age"}),
    ("I am {0}, {1}, from {2}.", {"name": "name", "age": "age", "city": "city"}),
    ("{0} ordered {1} {2}.", {"name": "name", "quantity": "quantity", "item": "item"}),
    ("The {0} costs {1} euros.", {"item": "item", "price": "price"}),
    ("{0}, a {1} from {2}", {"name": "name", "job": "job", "city": "city"}),
    ("{0} works as a {1} in {2}.", {"name": "name", "job": "job", "city": "city"}),
    ("The {0} {1} costs {2}.", {"color": "color", "item": "item", "price": "price"}),
    ("Meet {0} on {1} at {2}.", {"name": "name", "date": "date", "time": "time"}),
    ("On {0} we travel to {1}.", {"date": "date", "city": "city"}),
    ("{0} has the email {1}.", {"name": "name", "email": "email"}),
    ("{0} was born in {1} in {2}.", {"name": "name", "year": "year", "city": "city"}),
    ("A {0} {1} for {2}, please.", {"color": "color", "item": "item", "name": "name"}),
    ("The book {0} by {1} is from {2}.", {"title": "title", "name": "name", "year": "year"}),
    ("{0} loves {1}.", {"name": "name", "color": "color"}),
    ("{0} bought {1} {2} for {3} euros.", {"name": "name", "quantity": "quantity", "item": "item", "price": "price"}),
]
MORE = """
    {name}, {age}, {city} | {name} ({age}) from {city} | In {city} lives {name}. |
    {city} is the home of {name}. | {name} turned {age} today. | Today {name} is {age}. |
    At {age}, {name} moved to {city}. | {name} is from {city} and is {age}. |
    The {age} year old {name} likes {color}. | {name}'s favorite color is {color}. | The {item} is {color}. |
    I want {quantity} {item}. | Send {quantity} {item} to {name}. | {name} sold {quantity} {item}. |
    {quantity} {item} for {name} in {city}, please. | {name} paid {price} for the {item}. |
    For {price} you get a {item}. | The price of the {color} {item} is {price}. |
    Buy the {item} at {price} dollars. | {item}: {price} euros, {quantity} left | {name} works in {city}. |
    {name} is a {job}. | The {job} {name} is {age}. | We need a {job} in {city}. | Our {job} is called {name}. |
    {name} was a {job} until {year}. | On {date} {name} goes to {city}. | {name} arrives at {time} on {date}. |
    The train to {city} leaves at {time}. | It starts on {date} at {time}. | {name} has a meeting on {date}. |
    See you at {time} in {city}, {name}. | Mail {name} at {email}. | {email} belongs to {name}. |
    Contact: {name}, {email} | Hello, this is {name} from {city}, my email is {email}. |
    {name} wrote {title} in {year}. | {title} came out in {year}. | {name} reads {title}. |
    The film {title} costs {price}. | In {year} {name} was {age}. | {name} was born in {year}. |
    {name} has a {item} and a {pet}. | {name} owns a {color} {item}. | A {item} from {country} costs {price}. |
    {name} lives in {city}, {country}. | {country} has the city {city}. | Order {quantity}: {item}, {color} |
    {item} in {color}, {quantity} pieces, {price} each | {name} lost a {color} {item} in {city}. |
    {name} found {quantity} {item} on {date}. | the {item} of {name} |
    {name} wants to buy a {color} {item} for {price}. | {name}, please bring {quantity} {item} at {time}.
"""


PLAIN_FIELDS = frozenset(JSON_FIELDS)
JSON_FIELDS |= {
    name: (kind, make_parameter(Source(random.Random(0)), name, draw).draw, ways)
    for name, (kind, draw, ways) in json_more.FIELDS.items()
}


def more_sentences(source: str) -> list[tuple[str, dict[str, str]]]:
    """Sentences with their fields in order of appearance."""
    out: list[tuple[str, dict[str, str]]] = []
    for text in phrases(source):
        names = list(dict.fromkeys(re.findall(r"{(\w+)}", text)))
        numbered = text
        for index, name in enumerate(names):
            numbered = numbered.replace(f"{{{name}}}", f"{{{index}}}")
        out.append((numbered, {name: name for name in names}))
    return out


SENTENCES += more_sentences(MORE) + more_sentences(json_more.SENTENCES)
SENTENCES += [
    ("{0} is {1} years old and is {2}.", {"name": "name", "age": "age", "available": "busy"}),
    ("{0} is {1} and {2} today.", {"name": "name", "age": "age", "available": "busy"}),
]
SENTENCES_HELD: list[tuple[str, dict[str, str]]] = [
    ("There is a {1} year old named {0} in {2}.", {"name": "name", "age": "age", "city": "city"}),
    ("In {1}, {0} works as a {2}.", {"name": "name", "city": "city", "job": "job"}),
    ("{1} pieces of {0} were ordered.", {"item": "item", "quantity": "quantity"}),
    ("We sold the {0} to {1} for {2} dollars.", {"item": "item", "name": "name", "price": "price"}),
    ("{0}, who is {1}, has a {2} car.", {"name": "name", "age": "age", "color": "color"}),
    ("Please write to {0} at {1}.", {"name": "name", "email": "email"}),
]
JSON_ASKS = phrases("""
    Extract {keys} as JSON: {text} | {text} Give me JSON with {keys}. |
    Turn this into JSON with the keys {keys}: {text} | JSON with {keys}: {text} | Return {keys} as JSON. {text} |
    {text}⏎Respond in JSON with {keys}. | {text}⏎{schema} | {text} ({keys} in JSON) | {keys} as JSON please: {text} |
    I want {keys} from this in JSON: {text} | Write {keys} as a JSON object. {text} |
    Find {keys} and answer in JSON. {text} |
    Here is a text: {text} Give {keys} in JSON. | What are {keys} here? JSON. {text} | {text} Output: {schema} |
    Use the keys {keys}. {text} | Put this into JSON with {keys}. {text} | Fill in {schema} from: {text} |
    Read this: {text} Answer as JSON ({keys}). |
    Make JSON from this sentence, keys {keys}: {text} | {text} -> JSON with {keys} | fill in {schema}: {text} |
    Schema: {schema}⏎{text} | {text}⏎Fill this schema: {schema} | JSON schema {jsonschema}⏎{text} |
    Answer with JSON like {schema}. {text} | Get the {keys} from: {text} | {text} Respond using JSON. |
    Convert to JSON: {text} | {text} as JSON | {text}
""")
JSON_ASKS_HELD = phrases("""
    From this text, write JSON with {keys}: {text} | {text} Put {keys} in JSON. |
    Fill the JSON {schema} from this: {text} | I need {keys} in JSON format. {text}
""")
JSON_ASKS += phrases(json_more.ASKS)
JSON_SYSTEMS = phrases(json_more.SYSTEMS) + phrases("""
    Answer in JSON with {keys}. | Reply only with JSON. Keys: {keys}. | Fill this schema: {schema} |
    You extract {keys} as JSON. | Output JSON: {schema} | Answer with JSON that follows {jsonschema}
""")
SKY_ASKS = phrases("""
    What color is the sky at different times of the day? Respond using JSON | colors of the sky as JSON |
    Which colors does the sky have? Answer in JSON. | what color is the sky? respond in JSON
""")
SKY = {"morning": "orange", "noon": "blue", "evening": "red", "night": "black"}


def json_chat(src: Source) -> Chat:
    """A sentence and the keys wanted; the answer is compact JSON in the order of the keys."""
    if not src.held and src.chance(0.01):
        return Chat(exchange(src.pick(SKY_ASKS), json.dumps(SKY), "I list the colors."), thinks=src.chance(0.3))
    text, facts = src.pick((sentence_facts, sentence_facts, invented_facts, loose_facts))(src)
    keys = list(facts)
    if len(keys) > 2 and src.chance(0.3):
        keys = src.rng.sample(keys, src.pick((2, len(keys))))
    values = {key: facts[key] for key in keys}
    shown = {"keys": listed(src, keys), "text": text, "schema": short_schema(values), "jsonschema": json_schema(values)}
    answer = json.dumps(values, ensure_ascii=False)
    asks = JSON_ASKS_HELD if src.held else JSON_ASKS
    ask = src.pick(asks)
    messages = []
    plain = list(facts) == keys and facts.keys() <= PLAIN_FIELDS
    if not src.held and src.chance(0.3):
        messages.append(Message("system", src.pick(JSON_SYSTEMS).format(**shown)))
        ask = "{text}"
    elif "{keys}" not in ask and "chema}" not in ask and (not plain or ask == "{text}"):
        ask = "{text} JSON with {keys}."
    messages.append(Message("user", ask.format(**shown)))
    thinking = "I fill in " + ", ".join(f"{key}: {said(value)}" for key, value in values.items()) + "."
    messages.append(Message("assistant", answer, thinking=thinking))
    return Chat(messages, thinks=src.chance(0.3), skill="json")


def said(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def listed(src: Source, keys: list[str]) -> str:
    if len(keys) > 1 and src.chance(0.5):
        return ", ".join(keys[:-1]) + " and " + keys[-1]
    return ", ".join(keys)


def json_type(value: Any) -> str:
    return {bool: "boolean", int: "integer", float: "number"}.get(type(value), "string")


def short_schema(values: dict[str, Any]) -> str:
    return "{" + ", ".join(f'"{key}": {json_type(value)}' for key, value in values.items()) + "}"


def json_schema(values: dict[str, Any]) -> str:
    properties = {key: {"type": json_type(value)} for key, value in values.items()}
    return json.dumps({"type": "object", "properties": properties, "required": list(values)})


def sentence_facts(src: Source) -> tuple[str, dict[str, Any]]:
    text, fields = src.pick(SENTENCES_HELD if src.held else SENTENCES)
    if not src.held and src.chance(0.2):
        text, fields = joined(src, text, fields)
    busy = src.pick(BUSY)
    values = {
        key: not busy.startswith("b") if kind == "busy" else JSON_FIELDS[kind][1](src) for key, kind in fields.items()
    }
    words = [busy if kind == "busy" else said(values[key]) for key, kind in fields.items()]
    return text.format(*words), values


def joined(src: Source, text: str, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Two sentences, when they tell of different things."""
    other, more = src.pick(SENTENCES)
    if fields.keys() & more.keys():
        return text, fields
    count = len(fields)
    moved = re.sub(r"{(\d+)}", lambda match: f"{{{int(match[1]) + count}}}", other)
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f"{text}{stop} {moved}", fields | more


BUSY = ["busy", "busy with work", "busy saving the world", "free", "available", "not busy", "has time", "happy to help"]


def loose_facts(src: Source) -> tuple[str, dict[str, Any]]:
    """Fields of everyday life, each with a few words that give it away."""
    names = src.rng.sample(list(JSON_FIELDS), src.pick((2, 3, 3, 4)))
    values = {name: JSON_FIELDS[name][1](src) for name in names}
    parts = [src.pick(JSON_FIELDS[name][2]).format(said(values[name])) for name in names]
    text = ", ".join(parts)
    return text[0].upper() + text[1:] + ".", values


def invented_facts(src: Source) -> tuple[str, dict[str, Any]]:
    keys = src.words(src.pick((1, 2, 3, 4)))
    values: dict[str, Any] = {
        key: src.pick((Source.word, Source.phrase, Source.city, Source.number))(src) for key in keys
    }
    joint = src.pick((" is ", ": ", " = ", " "))
    the = "The " if joint == " is " and src.chance(0.6) else ""
    parts = [f"{the.lower() if i else the}{key}{joint}{value}" for i, (key, value) in enumerate(values.items())]
    if not src.held and src.chance(0.6):
        joint = src.pick(tool_words.PAIRS)
        parts = [joint.format(k=key, v=said(value)) for key, value in values.items()]
        src.rng.shuffle(parts)
    return src.pick((", ", " and ")).join(parts) + ".", values
