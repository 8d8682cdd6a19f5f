"""Talk: questions and their answers, facts to remember, and doing as told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat import Chat, Message, exchange
from omm_facts import OMM
from sums import sum_chat
from topics import Topic
from words import ADJECTIVES, COLORS, TOPICS, Source, phrases
from world_facts import (
    CAPITAL_ASKS,
    CAPITAL_ASKS_HELD,
    CAPITALS,
    CHAT,
    UNKNOWN,
    UNKNOWN_ASKS,
    UNKNOWN_ASKS_HELD,
    WORLD,
)

Pair = tuple[str, str, str]
"""A question, its answer, and what it is about."""
PERSONAS = phrases("""
    You are a helpful assistant. | You are tiny. | You help with omm. | Be brief. | Answer in one sentence. |
    You are a friendly assistant. | You answer questions about omm. | You are a helpful AI assistant.
""")


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
    draws = (src.word, src.person, src.thing, src.phrase, src.full_name, lambda: src.pick(TOPICS))
    named = (lambda: f"the {src.pick(ADJECTIVES)} {src.thing()}", lambda: src.word(2).capitalize())
    subject = src.pick((*draws, *named))()
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


def question_chat(src: Source) -> Chat:
    """One to four questions, each answered for itself."""
    messages = [Message("system", src.pick(PERSONAS))] if src.chance(0.12) else []
    for _ in range(src.pick((1, 1, 2, 3, 4))):
        question, answer, word = any_pair(src)
        messages += [Message("user", question), Message("assistant", answer, thinking=f"This is about {word}.")]
    return Chat(messages, thinks=src.chance(0.4), skill="omm")


@dataclass(frozen=True)
class Fact:
    """Something the user tells and asks for later; {} stands for it."""

    word: str
    draw: Callable[[Source], str]
    tells: str
    reply: str
    asks: str
    answer: str


FACTS = [
    Fact("name", Source.person,
         "My name is {}. | I am {}. | my name is {} | Hi, I am {}. | Hello, my name is {}. | I'm {} | call me {} |"
         "Please call me {}. | Hello! I'm {}. | hi, my name is {} | My name is {}, what is yours? | this is {}",
         "Nice to meet you, {}!",
         "What is my name? | what's my name? | Do you remember my name? | who am I? | What was my name? | my name? |"
         "tell me my name | Do you know my name? | What did I say my name was? | say my name", "Your name is {}."),
    Fact("number", lambda s: str(s.number()),
         "My number is {}. | Remember the number {}. | my lucky number is {} | keep {} in mind | The number is {}. |"
         "My favorite number is {}. | please remember {} | Keep in mind the number {}.", "I will remember {}.",
         "What is my number? | what was the number? | Which number did I tell you? | what's my number? |"
         "the number? | Do you remember the number? | what is my lucky number? | What is my favorite number? |"
         "tell me the number | Which number did I give you?", "Your number is {}."),
    Fact("color", lambda s: s.pick(COLORS), "My favorite color is {}. | I like {}. | my color is {}",
         "{} is a nice color.", "What is my favorite color? | which color do I like? | what's my color?",
         "Your favorite color is {}."),
    Fact("city", Source.city, "I live in {}. | I am from {}. | my city is {} | I come from {}.", "{} sounds nice!",
         "Where do I live? | where am I from? | what is my city? | Which city do I live in?", "You live in {}."),
    Fact("pet", Source.person, "My cat is called {}. | my dog is called {} | I have a pet called {}.",
         "{} is a nice name.", "What is my pet called? | what is the name of my pet? | how is my pet called?",
         "Your pet is called {}."),
    Fact("code", Source.word, "The code word is {}. | the password is {} | remember the word {}",
         "I will remember {}.", "What is the code word? | what was the word? | what is the password? |"
         "Which word did I tell you?", "The word is {}."),
]  # fmt: skip
FACTS_HELD = [
    Fact("name", Source.person, "Good morning, my name is {}. | Hey, I am {}, nice to meet you.", FACTS[0].reply,
         "Can you tell me my name? | So what is my name?", FACTS[0].answer),
    Fact("number", FACTS[1].draw, "Please keep the number {} in mind. | I want you to remember the number {}.",
         FACTS[1].reply, "Which number was it? | Can you tell me the number?", FACTS[1].answer),
]  # fmt: skip


def memory_chat(src: Source) -> Chat:
    """Facts told early and asked for after other turns; on the held-out side, one fact and two turns."""
    facts = [src.pick(FACTS_HELD)] if src.held else src.rng.sample(FACTS, src.pick((1, 1, 2, 3)))
    messages: list[Message] = [Message("system", src.pick(PERSONAS))] if src.chance(0.1) else []
    told = []
    for fact in facts:
        value = fact.draw(src)
        reply = cap(fact.reply.format(value))
        tell = src.pick(phrases(fact.tells)).format(value)
        messages += exchange(tell, reply, f"I note the {fact.word}: {value}.")
        told.append((fact, value))
    for _ in range(2 if src.held else src.pick((0, 1, 1, 2, 2))):
        question, answer, word = any_pair(src) if src.chance(0.5) else topic_pair(src, CHAT)
        messages += exchange(question, answer, f"This is about {word}.")
    for fact, value in src.rng.sample(told, len(told)):
        thinking = f"The user told me the {fact.word}: {value}."
        messages += exchange(src.pick(phrases(fact.asks)), fact.answer.format(value), thinking)
    if not src.held and src.chance(0.3):  # so that what is told is answered with a thought, too
        del messages[len(messages) - 2 * src.rng.randrange(len(messages) // 2) :]
    return Chat(messages, thinks=src.chance(0.4), skill="memory")


def mixed_chat(src: Source) -> Chat:
    """Questions, sums and facts in one conversation; thoughts are of what was asked last."""
    chats = [src.pick((question_chat, question_chat, sum_chat, memory_chat))(src) for _ in range(src.pick((2, 2, 3)))]
    messages = [message for chat in chats for message in chat.messages if message.role != "system"]
    return Chat(messages, thinks=chats[-1].thinks, skill="mixed")


# Doing as told: words to say, numbers to count, a part to play.

SAY = phrases("""
    Say {}. | say {} | Repeat after me: {} | repeat: {} | Say the word {}. | Reply with {}. | Answer with {} only. |
    Please say {}. | reply only with {} | Just say "{}". | Repeat "{}". | Respond with {} | echo {} | write {} |
    Say "{}" and nothing else. | Reply with the word {}. | Write the word {}.
""")
SAY_SYSTEMS = phrases("""
    Always answer with {}. | Whatever the user says, answer {}. | Only ever say {}. |
    Answer every question with {}. | Reply with {} to everything. | You always say {}.
""")
PARTS = phrases("""
    You are {}. | Your name is {}. | You are {}, a friendly assistant. | You are an assistant called {}. |
    You are {} from the {}. | Act as {}. | Answer as {}.
""")
PART_ASKS = phrases("""
    Who are you? | who are you? | What is your name? | what's your name | what are you? | Introduce yourself. |
    hi, who are you? | your name? | Hello! Who are you? | tell me your name | who am I talking to?
""")
COUNT_ASKS = phrases("""
    Count from {a} to {b}. | count from {a} to {b} | list the numbers from {a} to {b} | numbers {a} to {b} |
    Can you count from {a} to {b}? | write the numbers from {a} to {b}
""")
COUNT_ONE_ASKS = phrases("Count to {b}. | count to {b} | count up to {b} | Can you count to {b}? | please count to {b}")


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


def cap(text: str) -> str:
    return text[0].upper() + text[1:]
