"""Words and values for the corpus, each on one side of the training and held-out split.

A value belongs to the held-out side when a hash of it says so, hence no list can leak: `is_held` is the one
place that decides.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr kr pl pr qu sh sk sl st th tr".split()
VOWELS = "a e i o u a e i o u ai ea ee ou y".split()
CODAS = ["", "", "", "", "", "n", "r", "l", "s", "t", "m", "k", "nd", "x", "rt"]

PEOPLE = """Maria Anna Paul Peter Lena Tom Sara Emma Noah Liam Olivia Mia Ben Lucas Nora Felix Clara David Julia
Oscar Ida Hugo Ella Leo Ruth Adam Eva Jonas Marta Ivan Omar Amina Yuki Chen Wei Priya Ravi Carlos Lucia Diego Sofia
Marco Giulia Pierre Claire Hans Greta Lars Ingrid Kofi Zara Ali Fatima Kim Alex Sam Max Nina Otto Vera Frank Alice
Bob Carol Dave Erin Grace Heidi Mallory Victor Walter Simon Hannah Daniel Laura Martin Karen George Linda Robert
James Mary John Lisa Michael Susan Kevin Amy Brian Jane Eric Rosa Jack Lily Henry Zoe Ryan Eve Luke Iris Mark
""".split()
CITIES = """Paris London Berlin Madrid Rome Vienna Prague Lisbon Dublin Oslo Stockholm Helsinki Copenhagen Warsaw
Budapest Athens Cairo Tokyo Kyoto Osaka Seoul Beijing Shanghai Delhi Mumbai Sydney Melbourne Toronto Montreal Vancouver
Boston Chicago Seattle Denver Austin Dallas Miami Houston Portland Lima Bogota Santiago Nairobi Lagos Accra Tunis
Hamburg Munich Cologne Zurich Geneva Basel Milan Turin Naples Venice Lyon Nice Porto Seville Valencia Krakow Riga
Tallinn Vilnius Sofia Bucharest Belgrade Zagreb Istanbul Ankara Dubai Doha Bangkok Hanoi Manila Jakarta Singapore
Moscow Brussels Antwerp Ghent Amsterdam Rotterdam Utrecht Glasgow Leeds Bristol Oxford Cambridge
""".split()
CITIES += ["New York", "San Francisco", "Los Angeles", "Hong Kong", "Cape Town", "Rio de Janeiro", "Mexico City"]
COLORS = "red blue green yellow black white orange purple pink brown grey silver".split()
THINGS = """book chair lamp table phone car bike boat house garden apple bread cheese coffee tea milk sugar cup plate
knife pen paper bag shoe hat coat shirt ring watch clock mirror window door key box ball guitar piano drum camera
laptop screen mouse keyboard printer tent rope candle blanket pillow bottle basket bucket ladder hammer truck train
soup salad pizza cake cookie lemon pear plum onion carrot potato tomato rice pasta fish
""".split()
TOPICS = """history music football weather cooking travel science space robots cats dogs horses birds trees flowers
rivers mountains oceans volcanoes dinosaurs castles ships trains planes computers python rust linux databases
networks privacy climate energy sleep health yoga running chess painting poetry theatre movies jazz opera
""".split()
ADJECTIVES = "new old small big fast slow quiet loud bright dark cheap fresh warm cold heavy light daily weekly".split()
TASKS = """buy milk;call mom;water the plants;pay the rent;feed the cat;walk the dog;clean the kitchen;book a flight;
send the report;fix the bike;read the book;wash the car;meet Anna;write the letter;plan the trip;bake a cake;
order pizza;check the oven;take the train;learn python;visit the museum;paint the door;charge the phone;
print the tickets;renew the passport;clean the desk;return the keys;update the website;sort the photos;sell the sofa
""".replace("\n", "").split(";")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
NUMBER_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty""".split()
DOMAINS = ["example.com", "mail.org", "work.net", "post.io"]


def phrases(text: str) -> list[str]:
    """Phrases parted by `|`. Line breaks are for the reader; `⏎` stands for one in a phrase."""
    return [phrase.strip().replace("⏎", "\n") for phrase in text.replace("\n", " ").split("|") if phrase.strip()]


def is_held(value: object) -> bool:
    """Whether a value belongs to the held-out side; one in eight does."""
    return zlib.crc32(str(value).lower().encode()) % 8 == 0


@dataclass
class Source:
    """Draws values and phrases for one side of the split."""

    rng: random.Random
    held: bool = False

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`, whichever side it is on."""
        return items[int(self.rng.random() * len(items))]

    def value(self, items: Sequence[T]) -> T:
        """One of `items` of this side."""
        return self.until(lambda: self.pick(items))

    def until(self, draw: Callable[[], T]) -> T:
        while True:
            value = draw()
            if is_held(value) == self.held:
                return value

    def word(self, syllables: int = 0) -> str:
        """An invented word, such as `brano` or `shelat`."""
        count = syllables or self.pick((1, 2, 2, 2, 3))
        pick = self.pick
        return self.until(
            lambda: "".join(pick(ONSETS) + pick(VOWELS) for _ in range(count)) + pick(CODAS) if count > 1
            else pick(ONSETS) + pick(VOWELS) + pick(("n", "r", "l", "s", "t", "m", "k"))
        )  # fmt: skip

    def words(self, count: int) -> list[str]:
        """`count` different invented words."""
        out: list[str] = []
        while len(out) < count:
            word = self.word()
            if word not in out:
                out.append(word)
        return out

    def number(self, low: int = 1, high: int = 999) -> int:
        top = self.pick((20, 100, high))
        return self.rng.randint(low, max(low, min(top, high)))

    def person(self) -> str:
        return self.word(2).capitalize() if self.chance(0.45) else self.value(PEOPLE)

    def full_name(self) -> str:
        return f"{self.person()} {self.word(2).capitalize()}"

    def city(self) -> str:
        return self.word(self.pick((2, 3))).capitalize() if self.chance(0.45) else self.value(CITIES)

    def thing(self) -> str:
        return self.word() if self.chance(0.4) else self.value(THINGS)

    def topic(self) -> str:
        kind = self.rng.random()
        if kind < 0.3:
            return self.word()
        if kind < 0.6:
            return self.pick(TOPICS)
        if kind < 0.8:
            return f"{self.pick(ADJECTIVES)} {self.thing()}"
        return f"{self.thing()} and {self.pick(TOPICS)}"

    def task(self) -> str:
        return self.pick(TASKS) if self.chance(0.5) else f"{self.word()} the {self.thing()}"

    def phrase(self) -> str:
        """One to three words."""
        return " ".join(self.thing() for _ in range(self.pick((1, 1, 2, 3))))

    def email(self) -> str:
        return f"{self.person().lower()}@{self.pick(DOMAINS)}"

    def date(self) -> str:
        kind = self.rng.random()
        if kind < 0.3:
            return self.pick(DAYS)
        if kind < 0.5:
            return self.pick(("today", "tomorrow", "tonight"))
        if kind < 0.8:
            return f"{self.pick(MONTHS)} {self.rng.randint(1, 28)}"
        return f"20{self.rng.randint(20, 39)}-{self.rng.randint(1, 12):02d}-{self.rng.randint(1, 28):02d}"

    def time(self) -> str:
        return f"{self.rng.randint(0, 23)}:{self.pick(('00', '15', '30', '45'))}"

    def file(self) -> str:
        return f"{self.word()}.{self.pick(('txt', 'md', 'py', 'csv', 'json', 'pdf'))}"
