"""DeepSeek V3.2 and V4: DSML, in blocks of different names."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.chat.dialects.golden import events

TIDE = (
    '<｜DSML｜invoke name="tide">\n<｜DSML｜parameter name="port" string="true">Oslo</｜DSML｜parameter>\n'
    '<｜DSML｜parameter name="days" string="false">2</｜DSML｜parameter>\n</｜DSML｜invoke>\n'
)
MOON = '<｜DSML｜invoke name="moon">\n</｜DSML｜invoke>\n'
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


@dataclass
class Dsml:
    name: str
    block: str

    @property
    def open(self) -> str:
        return f"<｜DSML｜{self.block}>"

    @property
    def close(self) -> str:
        return f"</｜DSML｜{self.block}>"


@pytest.fixture(params=[("deepseek-v3.2", "function_calls"), ("deepseek-v4", "tool_calls")], ids=lambda param: param[0])
def dsml(request: pytest.FixtureRequest) -> Dsml:
    return Dsml(*request.param)


def test_plain(dsml: Dsml) -> None:
    text = "A < b, <｜DSML｜ too.\n"
    assert events(dsml.name, text) == [("text", text)]


def test_thinking_and_answer(dsml: Dsml) -> None:
    text = "Check the tide.</think>At noon."
    expected = [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events(dsml.name, text, prompt="<｜Assistant｜><think>", is_thinking=True) == expected
    assert events(dsml.name, "<think>" + text, tools=()) == expected


def test_one_call_at_the_start(dsml: Dsml) -> None:
    assert events(dsml.name, f"\n\n{dsml.open}\n{TIDE}{dsml.close}") == CALLS[:1]


def test_answer_and_parallel_calls(dsml: Dsml) -> None:
    text = f"Check.</think>One moment.\n\n{dsml.open}\n{TIDE}{MOON}{dsml.close}"
    expected = [("thinking", "Check."), ("text", "One moment."), *CALLS]
    assert events(dsml.name, text, is_thinking=True) == expected


def test_calls_end_the_thinking(dsml: Dsml) -> None:
    text = f"Check.\n\n{dsml.open}\n{TIDE}{MOON}{dsml.close}"
    assert events(dsml.name, text, is_thinking=True) == [("thinking", "Check."), *CALLS]
    assert events(dsml.name, text, is_thinking=True, tools=()) == [("thinking", text)]


def test_call_with_an_empty_line(dsml: Dsml) -> None:
    text = f"{dsml.open}\n{MOON.replace('</', chr(10) + '</')}{dsml.close}"
    assert events(dsml.name, text) == CALLS[1:]


def test_nested_arguments_and_unicode(dsml: Dsml) -> None:
    text = (
        f'{dsml.open}\n<｜DSML｜invoke name="book">\n'
        '<｜DSML｜parameter name="title" string="true"> "Ærø" </｜DSML｜invoke>\n🌊</think></｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="author" string="false">{"name": "吳", "works": [{"a": null}]}</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="note" string="true">null</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="shelf" string="false">null</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="pages">7</｜DSML｜parameter>\n'
        f"</｜DSML｜invoke>\n{dsml.close}"
    )
    assert events(dsml.name, text) == [
        (
            "call",
            "book",
            {
                "title": ' "Ærø" </｜DSML｜invoke>\n🌊</think>',
                "author": {"name": "吳", "works": [{"a": None}]},
                "note": "null",
                "shelf": None,
                "pages": 7,
            },
        )
    ]


def test_call_is_text_without_tools(dsml: Dsml) -> None:
    text = f"So:\n\n{dsml.open}\n{MOON}{dsml.close}"
    assert events(dsml.name, text, tools=()) == [("text", text)]


def test_truncated_call(dsml: Dsml) -> None:
    text = f"{dsml.open}\n{MOON}{TIDE}"
    assert events(dsml.name, text.partition("slo")[0]) == [CALLS[1], ("call", "tide", '{"port": "O')]
    text = f'Well.\n{dsml.open}\n<｜DSML｜invoke name="ti'
    assert events(dsml.name, text) == [("text", text)]


def test_malformed_call(dsml: Dsml) -> None:
    text = f"Well.\n{dsml.open}\ntide, Oslo\n{dsml.close}"
    assert events(dsml.name, text) == [("text", text)]
    text = f"{dsml.open}\n{TIDE.replace('<｜DSML｜parameter name=', '<parameter>')}{MOON}{dsml.close}"
    (_, name, arguments), moon = events(dsml.name, text)
    assert (name, moon) == ("tide", CALLS[1])
    assert isinstance(arguments, str)
    assert arguments.strip().startswith("<parameter>")


def test_other_blocks_are_text(dsml: Dsml) -> None:
    text = f"{dsml.open}\n{MOON}{dsml.close}".replace(dsml.block, "other_calls")
    assert events(dsml.name, text) == [("text", text)]
