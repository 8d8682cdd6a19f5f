"""Everything but tool calls: copying, JSON, questions, conversations, sums, and lines of Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chat import Chat, Message, Segment
from omm_facts import (
    CAPITAL_ASKS,
    CAPITAL_ASKS_HELD,
    CAPITALS,
    CHAT,
    OMM,
    UNKNOWN,
    UNKNOWN_ASKS,
    UNKNOWN_ASKS_HELD,
    WORLD,
    Topic,
)
from tools import NUMBER_WORDS
from words import ADJECTIVES, COLORS, TOPICS, Source, is_held

Pair = tuple[str, str, str]
"""A question, its answer, and what it is about."""


# Copying: the curriculum of the first third.


def copy_chat(src: Source) -> list[Segment]:
    """Short sequences whose answers are somewhere above: repeat, look up, look up the other way."""
    kind = src.pick((repeat, lookup, lookup, json_lookup, dialogue_lookup, call_lookup))
    return kind(src)


def repeat(src: Source) -> list[Segment]:
    count = src.pick((2, 4, 8, 12))
    joint = src.pick((" ", ", ", "_", '", "'))
    segments = []
    for _ in range(src.pick((1, 2, 3))):
        text = joint.join(src.words(count))
        segments += [
            Segment(f"{src.pick(('repeat', 'copy', 'say'))}: {text}\n"),
            Segment(text, True),
            Segment("\n", True),
        ]
    return segments


def table(src: Source) -> dict[str, str]:
    keys = src.words(src.pick((2, 3, 4, 6, 8)))
    return {key: any_value(src) for key in keys}


def any_value(src: Source) -> str:
    draw = src.pick((Source.word, Source.word, Source.phrase, Source.city, Source.full_name, Source.date, Source.email,
                     lambda s: str(s.number())))  # fmt: skip
    return draw(src)


def lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    joint = src.pick((": ", " = ", " is "))
    segments = [Segment(src.pick((", ", "\n", "; ")).join(k + joint + v for k, v in pairs.items()) + "\n")]
    for key in src.rng.sample(list(pairs), len(pairs)):
        segments += [Segment(f"{key}?"), Segment(f" {pairs[key]}\n", True)]
    return segments


def json_lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    segments = [Segment(" ".join(f"{k} {v}." for k, v in pairs.items()) + "\n")]
    some = src.rng.sample(list(pairs), min(4, len(pairs)))
    segments.append(Segment(json.dumps({k: pairs[k] for k in some}) + "\n", True))
    return segments


def dialogue_lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    text = ", ".join(f"{k}: {v}" for k, v in pairs.items())
    key = src.pick(list(pairs))
    other = src.pick(list(pairs))
    segments = [Segment(f"<|im_start|>user\n{text}. {key}?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    segments += [
        Segment(pairs[key], True),
        Segment("<|im_end|>", True),
        Segment(f"\n<|im_start|>user\n{other}?<|im_end|>\n"),
    ]
    segments += [Segment("<|im_start|>assistant\n<think>\n\n</think>\n\n"), Segment(pairs[other], True)]
    return [*segments, Segment("<|im_end|>", True)]


def call_lookup(src: Source) -> list[Segment]:
    """Names beside descriptions, then the name that a description belongs to: the choice of a tool."""
    lines = {f"{src.word()}_{src.word()}": (src.word(), src.word()) for _ in range(src.pick((2, 3, 4)))}
    text = "".join(f"{name}({key}: string): {what}\n" for name, (key, what) in lines.items())
    segments = [Segment(text)]
    for name, (key, what) in src.rng.sample(list(lines.items()), len(lines)):
        value = any_value(src)
        segments.append(Segment(f"{what} {value}\n"))
        segments.append(Segment(f'{{"name": "{name}", "arguments": {{"{key}": {json.dumps(value)}}}}}', True))
        segments.append(Segment("\n", True))
    return segments


# JSON from a sentence.

JSON_FIELDS: dict[str, tuple[str, Callable[[Source], Any], tuple[str, ...]]] = {
    "name": ("string", Source.person, ("{} is here", "my name is {}", "this is {}", "I am {}", "name: {}", "{} wrote us")),
    "age": ("integer", lambda s: s.rng.randint(1, 99), ("{} years old", "aged {}", "age {}", "is {} years old")),
    "city": ("string", Source.city, ("lives in {}", "from {}", "city {}", "in {}", "comes from {}")),
    "color": ("string", lambda s: s.pick(COLORS), ("likes {}", "in {}", "color {}", "painted {}")),
    "email": ("string", Source.email, ("email {}", "write to {}", "the address is {}")),
    "item": ("string", Source.thing, ("ordered a {}", "wants the {}", "item {}", "bought one {}")),
    "quantity": ("integer", lambda s: s.rng.randint(1, 99), ("{} pieces", "quantity {}", "{} of them")),
    "price": ("number", lambda s: s.number() + s.pick((0, 0.5, 0.25)), ("costs {} euros", "price {}", "for {} dollars")),
    "date": ("string", Source.date, ("on {}", "date {}", "the day is {}")),
    "time": ("string", Source.time, ("at {}", "time {}")),
    "job": ("string", lambda s: s.pick(("teacher", "doctor", "baker", "nurse", "pilot", "farmer", "writer", "cook", "judge")),
            ("works as a {}", "is a {}", "job: {}")),
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
JSON_ASKS = (
    """Extract {keys} as JSON: {text}|{text} Give me JSON with {keys}.|Turn this into JSON with the keys {keys}: {text}|
JSON with {keys}: {text}|Return {keys} as JSON. {text}|{text}\nRespond in JSON with {keys}.|Read this: {text} Answer as JSON ({keys}).|
Make JSON from this sentence, keys {keys}: {text}|{text} -> JSON with {keys}|fill in {schema}: {text}|
Schema: {schema}\n{text}|{text}\nFill this schema: {schema}|JSON schema {jsonschema}\n{text}|Answer with JSON like {schema}. {text}|
Get the {keys} from: {text}|{text} Respond using JSON.|Convert to JSON: {text}|{text} as JSON|{text}""".replace(
        "\n{", "\x00{"
    )
    .replace("|\n", "|")
    .replace("\x00", "\n")
    .split("|")
)
JSON_ASKS_HELD = """From this text, write JSON with {keys}: {text}|{text} Put {keys} in JSON.|Fill the JSON {schema} from this: {text}|
I need {keys} in JSON format. {text}""".replace("|\n", "|").split("|")
JSON_SYSTEMS = ["Answer in JSON with {keys}.", "Reply only with JSON. Keys: {keys}.", "Fill this schema: {schema}",
                "You extract {keys} as JSON.", "Output JSON: {schema}", "Answer with JSON that follows {jsonschema}"]  # fmt: skip


SKY_ASKS = ["What color is the sky at different times of the day? Respond using JSON", "colors of the sky as JSON",
            "Which colors does the sky have? Answer in JSON.", "what color is the sky? respond in JSON"]  # fmt: skip
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
    plain = list(facts) == keys and facts.keys() <= JSON_FIELDS.keys()
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
    busy = src.pick(BUSY)
    values = {key: not busy.startswith("b") if kind == "busy" else JSON_FIELDS[kind][1](src) for key, kind in fields.items()}
    words = [busy if kind == "busy" else said(values[key]) for key, kind in fields.items()]
    return text.format(*words), values


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
    return src.pick((", ", " and ")).join(parts) + ".", values


# Questions and small talk.


def ask(src: Source, topic: Topic) -> str:
    return src.pick(topic.held if src.held else topic.train)


def topic_pair(src: Source, topics: list[Topic]) -> Pair:
    topic = src.pick(topics)
    return typed(src, ask(src, topic)), topic.answer, topic.word


def typed(src: Source, question: str) -> str:
    """As people type: other case, no mark at the end, a polite word or a line feed."""
    if src.held:
        return question
    roll = src.rng.random()
    if roll < 0.2:
        question = question.lower()
    elif roll < 0.4:
        question = question[0].upper() + question[1:]
    if src.chance(0.25) and question[-1] in ".?!":
        question = question[:-1]
    elif src.chance(0.1) and question[-1].isalpha():
        question += src.pick("?.!")
    if src.chance(0.03):
        question = src.pick(("please ", "hi, ", "hello! ", "hey tiny, ", "ok, ", "one question: ")) + question
    return question + "\n" if src.chance(0.04) else question


def capital_pair(src: Source) -> Pair:
    country = src.pick(list(CAPITALS))
    frame = src.pick(CAPITAL_ASKS_HELD if src.held else CAPITAL_ASKS)
    name = country[0].upper() + country[1:]
    return typed(src, frame.format(country)), f"The capital of {country} is {CAPITALS[country]}.", name


def unknown_pair(src: Source) -> Pair:
    frame = src.pick(UNKNOWN_ASKS_HELD if src.held else UNKNOWN_ASKS)
    subject = src.pick((src.word, src.person, src.thing, lambda: src.pick(TOPICS), src.phrase, src.full_name,
                        lambda: f"the {src.pick(ADJECTIVES)} {src.thing()}", lambda: src.word(2).capitalize()))()  # fmt: skip
    return typed(src, frame.format(subject)), UNKNOWN, "something I do not know"


def color_pair(src: Source) -> Pair:
    things = {
        "the grass": "green",
        "a banana": "yellow",
        "a lemon": "yellow",
        "snow": "white",
        "coal": "black",
        "the sky": "blue",
        "blood": "red",
        "an orange": "orange",
        "a tomato": "red",
        "milk": "white",
        "the sea": "blue",
    }
    thing = src.pick(list(things))
    frame = src.pick(("What color is {}?", "which color is {}?", "what is the color of {}?", "tell me the color of {}"))
    return typed(src, frame.format(thing)), f"{thing[0].upper()}{thing[1:]} is {things[thing]}.", "a color"


def small_talk(src: Source) -> Pair:
    """A question that needs no tool."""
    return src.pick((lambda: topic_pair(src, CHAT), lambda: topic_pair(src, OMM), lambda: topic_pair(src, CHAT)))()


def any_pair(src: Source) -> Pair:
    roll = src.rng.random()
    if roll < 0.62:
        return topic_pair(src, OMM)
    if roll < 0.74:
        return topic_pair(src, CHAT)
    if roll < 0.84:
        return topic_pair(src, WORLD)
    if roll < 0.89:
        return capital_pair(src)
    if roll < 0.91:
        return color_pair(src)
    return unknown_pair(src)


PERSONAS = ["You are a helpful assistant.", "You are tiny.", "You help with omm.", "Be brief.", "Answer in one sentence.",
            "You are a friendly assistant.", "You answer questions about omm.", "You are a helpful AI assistant."]  # fmt: skip


def question_chat(src: Source) -> Chat:
    """One to four questions, each answered for itself."""
    messages = [Message("system", src.pick(PERSONAS))] if src.chance(0.12) else []
    for _ in range(src.pick((1, 1, 2, 3, 4))):
        question, answer, word = any_pair(src)
        messages += [Message("user", question), Message("assistant", answer, thinking=f"This is about {word}.")]
    return Chat(messages, thinks=src.chance(0.4), skill="omm")


MEMORY: list[tuple[str, Callable[[Source], str], tuple[str, ...], str, tuple[str, ...], str]] = [
    ("name", Source.person, ("My name is {}.", "I am {}.", "my name is {}", "Hi, I am {}.", "Hello, my name is {}.", "I'm {}",
     "call me {}", "Please call me {}.", "Hello! I'm {}."), "Nice to meet you, {}!",
     ("What is my name?", "what's my name?", "Do you remember my name?", "who am I?", "What was my name?", "my name?",
      "tell me my name", "Do you know my name?"), "Your name is {}."),
    ("number", lambda s: str(s.number()), ("My number is {}.", "Remember the number {}.", "my lucky number is {}", "keep {} in mind",
     "My favorite number is {}.", "The number is {}.", "please remember {}"), "I will remember {}.",
     ("What is my number?", "what was the number?", "Which number did I tell you?", "what's my number?", "the number?",
      "Do you remember the number?", "what is my lucky number?", "What is my favorite number?"), "Your number is {}."),
    ("color", lambda s: s.pick(COLORS), ("My favorite color is {}.", "I like {}.", "my color is {}"), "{} is a nice color.",
     ("What is my favorite color?", "which color do I like?", "what's my color?"), "Your favorite color is {}."),
    ("city", Source.city, ("I live in {}.", "I am from {}.", "my city is {}", "I come from {}."), "{} sounds nice!",
     ("Where do I live?", "where am I from?", "what is my city?", "Which city do I live in?"), "You live in {}."),
    ("pet", Source.person, ("My cat is called {}.", "my dog is called {}", "I have a pet called {}."), "{} is a nice name.",
     ("What is my pet called?", "what is the name of my pet?", "how is my pet called?"), "Your pet is called {}."),
    ("code", Source.word, ("The code word is {}.", "the password is {}", "remember the word {}"), "I will remember {}.",
     ("What is the code word?", "what was the word?", "what is the password?", "Which word did I tell you?"), "The word is {}."),
]  # fmt: skip
MEMORY_HELD = {"name": (("Good morning, my name is {}.", "Hey, this is {}, nice to meet you."), ("Can you tell me my name?", "So what is my name?")),
               "number": (("Please keep the number {} in mind.", "I want you to remember the number {}."), ("Which number was it?", "Can you tell me the number?"))}  # fmt: skip


def memory_chat(src: Source) -> Chat:
    """Facts told early and asked for after other turns."""
    facts = src.rng.sample(MEMORY[:2] if src.held else MEMORY, 1 if src.held else src.pick((1, 1, 2, 3)))
    messages: list[Message] = [Message("system", src.pick(PERSONAS))] if src.chance(0.1) else []
    told = []
    for word, draw, tells, reply, asks, answer in facts:
        value = draw(src)
        if src.held:
            tells, asks = MEMORY_HELD[word]
        messages += exchange(src.pick(tells).format(value), cap(reply.format(value)), f"I note the {word}: {value}.")
        told.append((word, value, src.pick(asks), answer))
    for _ in range(2 if src.held else src.pick((0, 1, 1, 2, 2))):
        question, answer, word = any_pair(src) if src.chance(0.5) else topic_pair(src, CHAT)
        messages += exchange(question, answer, f"This is about {word}.")
    for word, value, question, answer in src.rng.sample(told, len(told)):
        messages += exchange(question, answer.format(value), f"The user told me the {word}: {value}.")
    return Chat(messages, thinks=src.chance(0.4), skill="memory")


# Doing as told: words to say, numbers to count, a part to play.

SAY = """Say {}.|say {}|Repeat after me: {}|repeat: {}|Say the word {}.|Reply with {}.|Answer with {} only.|
Please say {}.|reply only with {}|Just say "{}".|Repeat "{}".|Respond with {}|echo {}|write {}|Say "{}" and nothing else.|
Reply with the word {}.|Write the word {}.""".replace("\n", "").split("|")
SAY_SYSTEMS = ["Always answer with {}.", "Whatever the user says, answer {}.", "Only ever say {}.", "Answer every question with {}.",
               "Reply with {} to everything.", "You always say {}."]  # fmt: skip
PARTS = ["You are {}.", "Your name is {}.", "You are {}, a friendly assistant.", "You are an assistant called {}.",
         "You are {} from the {}.", "Act as {}.", "Answer as {}."]  # fmt: skip
PART_ASKS = ["Who are you?", "who are you?", "What is your name?", "what's your name", "what are you?", "Introduce yourself.",
             "hi, who are you?", "your name?", "Hello! Who are you?", "tell me your name", "who am I talking to?"]  # fmt: skip
COUNT_ASKS = ["Count from {a} to {b}.", "count from {a} to {b}", "list the numbers from {a} to {b}", "numbers {a} to {b}",
              "Can you count from {a} to {b}?", "write the numbers from {a} to {b}"]  # fmt: skip
COUNT_ONE_ASKS = ["Count to {b}.", "count to {b}", "count up to {b}", "Can you count to {b}?", "please count to {b}"]


def told_chat(src: Source) -> Chat:
    return src.pick((say_chat, say_chat, say_system_chat, part_chat, count_chat))(src)


def say_chat(src: Source) -> Chat:
    messages = []
    for _ in range(src.pick((1, 2, 3))):
        text = src.pick((src.word, src.phrase, src.person, src.topic, lambda: str(src.number()), src.city,
                         lambda: src.word().upper() if src.chance(0.3) else src.word()))()  # fmt: skip
        messages += exchange(src.pick(SAY).format(text), text, f"I say {text}.")
    return Chat(messages, thinks=src.chance(0.4), skill="told")


def say_system_chat(src: Source) -> Chat:
    text = src.pick((src.word, src.phrase, src.person))()
    messages = [Message("system", src.pick(SAY_SYSTEMS).format(text))]
    for _ in range(src.pick((1, 2))):
        messages += exchange(any_pair(src)[0], text, f"I always say {text}.")
    return Chat(messages, thinks=src.chance(0.4), skill="told")


def part_chat(src: Source) -> Chat:
    name = src.person() if src.chance(0.7) else src.full_name()
    messages = [Message("system", src.pick(PARTS).format(name, src.thing()))]
    messages += exchange(src.pick(PART_ASKS), f"I am {name}.", f"My part is {name}.")
    return Chat(messages, thinks=src.chance(0.4), skill="told")


def count_chat(src: Source) -> Chat:
    first = 1 if src.chance(0.6) else src.rng.randint(0, 60)
    last = first + src.pick((2, 4, 5, 9, 9, 9, 14, 19, 24, 39))
    ask = src.pick(COUNT_ONE_ASKS if first == 1 and src.chance(0.5) else COUNT_ASKS).format(a=first, b=last)
    numbers = ", ".join(map(str, range(first, last + 1)))
    return Chat(exchange(ask, f"{numbers}.", f"I count from {first} to {last}."), thinks=src.chance(0.4), skill="told")


def exchange(question: str, answer: str, thinking: str) -> list[Message]:
    return [Message("user", question), Message("assistant", answer, thinking=thinking)]


def cap(text: str) -> str:
    return text[0].upper() + text[1:]


# Sums.

SUM_ASKS = """What is {a} + {b}?|what is {a} plus {b}?|{a} + {b}|{a}+{b}|add {a} and {b}|How much is {a} + {b}?|{a} plus {b}|
what's {a} + {b}|Compute {a} + {b}.|calculate {a} + {b}|sum of {a} and {b}|{a} + {b} = ?|{a} + {b} =|What is {a}+{b}?|
Can you add {a} and {b}?|how much is {a} plus {b}|Add {a} to {b}.|please add {a} and {b}|What is the sum of {a} and {b}?""".replace(
    "\n", ""
).split("|")
SUM_ASKS_HELD = """Can you tell me what {a} + {b} is?|tell me {a} plus {b}|What do {a} and {b} make?|I need the sum of {a} and {b}.""".split(
    "|"
)


WORD_SUM_ASKS = ["What is {} plus {}?", "{} plus {}", "how much is {} plus {}?", "add {} and {}", "What is {} and {}?"]


def operands(src: Source) -> tuple[int, int]:
    return src.until(lambda: (src.rng.randint(10, 99), src.rng.randint(10, 99)))


def steps(a: int, b: int) -> str:
    """Tens, then ones, then both: each step is one a small model can do."""
    tens, ones = (a // 10 + b // 10) * 10, a % 10 + b % 10
    return f"{a // 10 * 10} + {b // 10 * 10} = {tens}, {a % 10} + {b % 10} = {ones}, {tens} + {ones} = {a + b}."


def sum_chat(src: Source) -> Chat:
    messages: list[Message] = []
    for _ in range(1 if src.held else src.pick((1, 2, 3))):
        a, b = operands(src) if src.held or src.chance(0.85) else (src.rng.randint(0, 20), src.rng.randint(0, 20))
        question = src.pick(SUM_ASKS_HELD if src.held else SUM_ASKS).format(a=a, b=b)
        if max(a, b) <= 20 and not src.held and src.chance(0.4):
            question = src.pick(WORD_SUM_ASKS).format(NUMBER_WORDS[a], NUMBER_WORDS[b])
        messages += exchange(question, f"{a} + {b} = {a + b}", steps(a, b))
    thinks = src.chance(0.4)
    for message in messages[1::2]:
        if not (thinks and message is messages[-1]):
            message.content = f"{message.thinking} So {message.content}."
        else:
            message.content += "."
    return Chat(messages, thinks=thinks, skill="sum")


# A line of Python between a prefix and a suffix.

OPS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "subtract": "-", "multiply": "*", "divide": "/", "plus": "+",
       "minus": "-", "times": "*", "sum_of": "+", "product": "*"}  # fmt: skip


def code_parts(src: Source) -> tuple[str, str, str]:
    """Prefix, middle, suffix."""
    a, b = src.rng.sample("abcdmnpqstuvxyz", 2) if src.chance(0.5) else src.words(2)
    name, other = src.words(2)
    op = src.pick(list(OPS))
    middle_name = src.pick(("items", "values", "names", "words", "numbers", name))
    count = src.number()
    shapes: list[tuple[str, str, str]] = [
        (f"def {op}({a}, {b}):\n    return ", f"{a} {OPS[op]} {b}", "\n"),
        (f"def {op}({a}, {b}):\n    ", f"return {a} {OPS[op]} {b}", "\n"),
        (f"def {op}({a}, {b}):\n    result = ", f"{a} {OPS[op]} {b}", "\n    return result\n"),
        (f"def {op}(", f"{a}, {b}", f"):\n    return {a} {OPS[op]} {b}\n"),
        (f"{a} = {count}\nprint(", a, ")\n"),
        (f"for {a} in {middle_name}:\n    print(", a, ")\n"),
        (f"for {a} in ", middle_name, f":\n    total += {a}\nprint({middle_name})\n"),
        ("for ", a, f" in {middle_name}:\n    print({a})\n"),
        ("def ", name, f"({a}):\n    return {a}\n\nprint({name}({count}))\n"),
        (f"def {name}({a}):\n    return {a} * 2\n\nprint(", f"{name}({count})", ")\n"),
        ("import ", name, f"\n\n{name}.{other}()\n"),
        (f"import {name}\n\n", f"{name}.{other}()", f"\n{name}.close()\n"),
        (f"def {name}({a}):\n    if {a} > {count}:\n        return ", "True", "\n    return False\n"),
        (f"def {name}({a}):\n    if {a} > {count}:\n        return True\n    return ", "False", "\n"),
        (f"{name} = []\nfor {a} in {middle_name}:\n    {name}.append(", a, ")\n"),
        (f"with open({a}) as {b}:\n    text = ", f"{b}.read()", "\n"),
        (f"class {name.capitalize()}:\n    def __init__(self, {a}):\n        self.{a} = ", a, "\n"),
        (f"def greet({a}):\n    return ", f'"Hello, " + {a}', "\n"),
        ("def hello():\n    print(", '"Hello"', ")\n"),
        (f"{name} = len(", middle_name, f")\nprint({middle_name})\n"),
        (f"def square({a}):\n    return ", f"{a} * {a}", "\n"),
        (f"def is_even({a}):\n    return ", f"{a} % 2 == 0", "\n"),
        (f"def {name}(values):\n    return ", "sum(values)", " / len(values)\n"),
        (f"def largest({a}, {b}):\n    return ", f"max({a}, {b})", "\n"),
        (f"while {a} < {count}:\n    {a} ", "+= 1", f"\nprint({a})\n"),
    ]  # fmt: skip
    return src.pick(shapes)


def code_line(src: Source) -> list[Segment]:
    prefix, middle, suffix = code_parts(src)
    if src.chance(0.3):
        suffix = suffix.rstrip("\n")
    return [Segment(f"<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>"), Segment(middle, True),
            Segment("<|im_end|>", True)]  # fmt: skip


def is_held_pair(a: int, b: int) -> bool:
    return is_held((a, b))
