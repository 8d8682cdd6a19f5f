"""Whatever a model writes, in every dialect: no mistake, nothing lost, and the same however it is cut."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm.chat import dialects
from omm.chat.dialects import DIALECTS, Context, Dialect
from omm.types import TextDelta
from tests.chat.dialects.golden import TOOLS, joined, read
from tests.chat.dialects.turns import TURNS

NAMES = [dialect.name for dialect in DIALECTS]
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
FRAGMENTS = (
    *("tide", "moon", "elsewhere", "all", "python", "port", "days", "Oslo", "2", "null", "é🌊", "\\", "\\u00e9"),
    *("\n", " ", "\n\n", "{", "}", "[", "]", "(", ")", "<", ">", '"', "'", ":", ",", "=", "/", ";", "```", "```json\n"),
    *('{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}', '{"name": "moon"', '"arguments": {', '"port": "O'),
    *("tide(port='Oslo', days=2)", "moon()", 'tide\n{"days": 1}', "<think>", "</think>", ' name="tide">'),
)  # fmt: skip


def markers() -> dict[str, list[str]]:
    """The texts that each dialect's module, and those that several share, look for: every constant that is one."""
    found = {}
    for module in pkgutil.iter_modules(dialects.__path__):
        values = vars(importlib.import_module(f"{dialects.__name__}.{module.name}")).items()
        constants = [value for name, value in values if name.isupper()]
        texts = [text for value in constants for text in (value if isinstance(value, tuple) else (value,))]
        found[f"{dialects.__name__}.{module.name}"] = [text for text in texts if isinstance(text, str) and text]
    return found


MARKERS = markers()
EVERY_MARKER = sorted({text for texts in MARKERS.values() for text in texts})


def fragments(module: str) -> st.SearchStrategy[str]:
    """Whole and broken markers, mostly the dialect's own, names, JSON, and punctuation."""
    markers = st.one_of(st.sampled_from(MARKERS.get(module) or EVERY_MARKER), st.sampled_from(EVERY_MARKER))
    whole = st.one_of(markers, st.sampled_from(FRAGMENTS), st.text(max_size=3))
    return st.one_of(whole, whole, whole.flatmap(lambda text: st.integers(0, len(text)).map(lambda end: text[:end])))


@st.composite
def outputs(draw: st.DrawFn, dialect: Dialect) -> str:
    """A turn of the dialect with a few places cut out, doubled or written over; or fragments alone."""
    pieces = fragments(dialect.read.__module__)
    text = draw(st.sampled_from([turn.text for turn in TURNS if turn.dialect == dialect.name] + [""]))
    for _ in range(draw(st.integers(0, 4)) if text else draw(st.integers(0, 12))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 12))
        middle = draw(st.one_of(pieces, pieces, st.just(""), st.just(text[start : start + length] * 2)))
        text = text[:start] + middle + text[start + length :]
    return text


@pytest.mark.parametrize("name", NAMES)
@QUICK
@given(data=st.data())
def test_no_text_is_too_odd_and_no_split_matters(name: str, data: st.DataObject) -> None:
    dialect = next(dialect for dialect in DIALECTS if dialect.name == name)
    text = data.draw(outputs(dialect))
    tails = ["", *(turn.prompt for turn in TURNS if turn.dialect == name)]
    context = Context(
        tools=data.draw(st.sampled_from([TOOLS, TOOLS, ()])),
        is_thinking=data.draw(st.booleans()),
        prompt=data.draw(st.sampled_from(tails)),
    )
    whole = joined(read(name, [text], context))
    assert joined(read(name, text, context)) == whole
    at, then = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    assert joined(read(name, [text[:at], text[at:then], text[then:]], context)) == whole
    if not context.tools:
        assert all(kind != "call" for kind, *_ in whole)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tools", [(), TOOLS], ids=["no tools", "tools"])
@QUICK
@given(text=st.text(alphabet=st.sampled_from("aeé月 \n.,!-🌊"), max_size=40))
def test_nothing_of_a_plain_answer_is_lost(name: str, tools: tuple[object, ...], text: str) -> None:
    made = joined(read(name, [text], Context(tools=tools)))  # type: ignore[arg-type]
    assert made == ([("text", text)] if text else [])


@pytest.mark.parametrize("name", NAMES)
@QUICK
@given(text=st.text(alphabet=st.sampled_from("aeé月 \n.,!-🌊"), max_size=40))
def test_reasoning_that_is_cut_off_stays_reasoning(name: str, text: str) -> None:
    dialect = next(dialect for dialect in DIALECTS if dialect.name == name)
    if dialect.thinking is None:
        assert "".join(part for _, part in joined(read(name, [text], Context()))) == text
        return
    made = joined(read(name, [text], Context(is_thinking=True)))
    assert made == ([("thinking", text.strip())] if text.strip() else [])


@pytest.mark.parametrize("is_thinking", [False, True])
@pytest.mark.parametrize("name", sorted({*NAMES} - {"apriel"}))  # its reasoning shows only when it is over
def test_words_are_told_as_they_come(name: str, is_thinking: bool) -> None:
    dialect = next(dialect for dialect in DIALECTS if dialect.name == name)
    parser = dialect.parser(Context(tools=TOOLS, is_thinking=is_thinking))
    words = "Well, so it is, my dear.".split(" ")
    for number in range(1, len(words)):
        made = parser.feed(TextDelta(text=words[number - 1] + " "))
        assert joined(made)[0][1].strip() == words[number - 1]
