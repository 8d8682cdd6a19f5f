"""What a model can do, read off its template."""

from __future__ import annotations

import msgspec
import pytest

from omm.service.describe import capabilities
from omm.store.facts import Facts

PLAIN = msgspec.convert(
    {
        **{field.name: False for field in msgspec.structs.fields(Facts) if field.type is bool},
        **{field.name: 0 for field in msgspec.structs.fields(Facts) if field.type is int},
        **{field.name: "" for field in msgspec.structs.fields(Facts) if field.type is str},
    },
    Facts,
)
GO = "{{ range .Messages }}{{ .Content }}{{ end }}"
THINKING = "{{ range .Messages }}<think>{{ .Thinking }}</think>{{ .Content }}{{ end }}"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", ()),
        (GO, ()),
        (GO + "{{ .Tools }}", ("tools",)),
        (GO + "{{ if .Suffix }}{{ end }}", ("insert",)),
        (THINKING, ("thinking",)),
        ("{{ range .Messages }}{{ if .Thinking }}{{ .Content }}{{ end }}{{ end }}", ()),
        (GO + "tools <think></think> {{/* .Tools .Suffix */}}", ()),
        ("{{ if .Tools }}", ()),
        ("{% for m in messages %}{{ m.content }}{% endfor %}", ()),
        ("{% if tools %}{% endif %}<think></think>", ("tools", "thinking")),
        ("{% if m.tool_calls %}{% endif %}", ("tools",)),
    ],
)
def test_abilities_come_from_the_template_in_either_language(template: str, expected: tuple[str, ...]) -> None:
    assert capabilities([PLAIN], template, "") == ("completion", *expected)


def test_the_files_and_the_family_have_their_say() -> None:
    able = msgspec.structs.replace(PLAIN, has_tools=True, has_thinking=True, has_infill=True)
    assert capabilities([able], GO, "") == ("completion", "tools", "insert", "thinking")
    assert capabilities([PLAIN], GO, "gptoss") == ("completion", "thinking")
    eyes = msgspec.structs.replace(PLAIN, has_vision=True, has_audio=True)
    assert capabilities([PLAIN, eyes], GO, "") == ("completion", "vision", "audio")
    assert capabilities([msgspec.structs.replace(PLAIN, has_pooling=True)], "", "") == ("embedding",)
