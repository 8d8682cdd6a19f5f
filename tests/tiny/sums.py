"""Sums of two small numbers, in steps that a small model can do."""

from __future__ import annotations

from chat import Chat, Message, exchange
from words import NUMBER_WORDS, Source, phrases

SUM_ASKS = phrases("""
    What is {a} + {b}? | what is {a} plus {b}? | {a} + {b} | {a}+{b} | add {a} and {b} | How much is {a} + {b}? |
    {a} plus {b} | what's {a} + {b} | Compute {a} + {b}. | calculate {a} + {b} | sum of {a} and {b} | {a} + {b} = ? |
    {a} + {b} = | What is {a}+{b}? | Can you add {a} and {b}? | how much is {a} plus {b} | Add {a} to {b}. |
    please add {a} and {b} | What is the sum of {a} and {b}?
""")
SUM_ASKS_HELD = phrases("""
    Can you tell me what {a} + {b} is? | tell me {a} plus {b} | What do {a} and {b} make? |
    I need the sum of {a} and {b}.
""")
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
