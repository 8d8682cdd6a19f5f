"""Whatever a model writes, in every dialect: no mistake, nothing lost, and the same however it is cut."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm.chat import dialects
from omm.chat.dialects import DIALECTS, Context
from tests.chat.dialects.golden import TOOLS, joined, read

NAMES = [dialect.name for dialect in DIALECTS]
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
FRAGMENTS = (
    *("tide", "moon", "elsewhere", "all", "python", "port", "days", "Oslo", "2", "null", "True", "é🌊", "\\", "\\u00e9"),
    *("\n", " ", "\n\n", "{", "}", "[", "]", "(", ")", "<", ">", '"', "'", ":", ",", "=", "/", ";", "```", "```json\n"),
    *('{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}', '{"name": "moon"', '"arguments": {', '"port": "O'),
    *("tide(port='Oslo', days=2)", "moon()", 'tide\n{"days": 1}', "<think>", "</think>", ' name="tide">', 'functions.tide:0'),
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


@st.composite
def outputs(draw: st.DrawFn, module: str) -> str:
    """Text of fragments: whole and broken markers, mostly the dialect's own, names, JSON, and punctuation."""
    own = MARKERS.get(module) or EVERY_MARKER
    marker = st.one_of(st.sampled_from(own), st.sampled_from(own), st.sampled_from(EVERY_MARKER))
    piece = st.one_of(marker, marker, st.sampled_from(FRAGMENTS), st.sampled_from(FRAGMENTS), st.text(max_size=3))
    pieces = draw(st.lists(piece, max_size=14))
    return "".join(text[: draw(st.integers(1, len(text)))] if text and draw(st.integers(0, 5)) == 0 else text for text in pieces)


@pytest.mark.parametrize("name", NAMES)
@QUICK
@given(data=st.data())
def test_no_text_is_too_odd_and_no_split_matters(name: str, data: st.DataObject) -> None:
    module = next(dialect.read.__module__ for dialect in DIALECTS if dialect.name == name)
    text = data.draw(outputs(module))
    tools = data.draw(st.sampled_from([TOOLS, ()]))
    context = Context(tools=tools, is_thinking=data.draw(st.booleans()), tail=data.draw(st.sampled_from(["", ">>>"])))
    whole = joined(read(name, [text], context))
    assert joined(read(name, text, context)) == whole
    at, then = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    assert joined(read(name, [text[:at], text[at:then], text[then:]], context)) == whole
    if not tools:
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
