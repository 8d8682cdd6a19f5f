"""A thing to know, with its answer and the ways to ask for it.

Wordings come in two lists that share no line: those of training and those of the examination.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HOW = """how do I {}?;How can I {}?;how to {};What is the command to {}?;Which command do I use to {}?;I want to {}.;
Can you tell me how to {}?;Show me how to {}.;what's the way to {}?;Please explain how to {}.;How would I {}?;
Tell me how to {}.;Is there a way to {}?;help me {};command to {};how does one {}?;I need to {}. How?;
How do I {} with omm?;how can i {} in omm?;What command will {}?;how do you {}?;Could you tell me how to {}?;
What do I type to {}?;how should I {}?;in omm, how do I {}?;where do I {}?;I would like to {}.;omm: how to {}?;
Please tell me how I can {}.;Explain how I {}.;What is the best way to {}?;hey, how do i {}?;Hi! How do I {}?
""".replace("\n", "").split(";")
HOW_HELD = """What should I type to {}?;Could you explain how to {}?;Do you know how to {}?;
Can omm {}, and how?;Please show me the command to {}.;Hello, how can I {}?;Tell me the command to {}.;
I want to know how to {}.;what is the omm command to {}?;Which command lets me {}?
""".replace("\n", "").split(";")


@dataclass(frozen=True)
class Topic:
    """One thing to know. `acts` go into the HOW phrases, `asks` stand alone; `word` names it in thoughts."""

    word: str
    answer: str
    acts: str = ""
    acts_held: str = ""
    asks: str = ""
    asks_held: str = ""
    train: list[str] = field(init=False, default_factory=list)
    held: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.train.extend(expand(HOW, self.acts) + split(self.asks))
        known = {plain(question) for question in self.train}
        held = expand(HOW_HELD, self.acts_held) + split(self.asks_held)
        self.held.extend(question for question in held if plain(question) not in known)


def plain(question: str) -> str:
    """What is left of a wording without case and marks."""
    return question.lower().strip(" ?.!")


def split(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\n", " ").split(";") if line.strip()]


def expand(frames: list[str], acts: str) -> list[str]:
    return [frame.format(act) for act in split(acts) for frame in frames]
