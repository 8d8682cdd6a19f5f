"""A line of Python between a prefix and a suffix."""

from __future__ import annotations

from chat import Segment
from words import Source

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
        ("import ", name, f"\n\n{name}.{other}()\n"),
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
