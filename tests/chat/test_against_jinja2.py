"""Prompts are the same as plain Jinja2's with Transformers' environment, for the templates of a whole folder.

`OMM_TEST_TEMPLATES` names a folder with more of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import templates

# Read before a fixture clears the environment.
OTHERS = [Path(name) for name in os.environ.get("OMM_TEST_TEMPLATES", "").split(os.pathsep) if name]
OWN = {
    "plain": (
        "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>\n{{ m.content|trim }}<|end|>\n{% endfor %}"
        "{%- if add_generation_prompt %}<|assistant|>\n{% endif %}"
    ),
    "calls": (
        "{%- macro say(m) -%}\n  {{ m['content'] }}\n{%- endmacro -%}\n"
        "{%- set ns = namespace(n=0) -%}\n"
        "{%- if tools %}<tools>{% for t in tools %}{{ t.function | tojson(indent=2) }}\n{% endfor %}"
        "</tools>{% endif -%}\n"
        "{%- for m in messages %}\n"
        "  {%- if m.role == 'skip' %}{% continue %}{% endif -%}\n"
        "  {%- generation %}\n[{{ m.role }}]{{ say(m) }}\n  {%- endgeneration %}\n"
        "  {%- for call in m.tool_calls or [] %}\n    {%- set ns.n = ns.n + 1 %}\n"
        "    {{- '\\n' ~ ns.n ~ ':' ~ call.function.name ~ (call.function.arguments | tojson) }}\n  {%- endfor %}\n"
        "{%- endfor %}\n"
        "{%- if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}"
        "{{ '%s' | format(strftime_now('%Y')) }}{{ ('<a>' | safe) + '<b>' }}{{ {'b': 1, 'a': [none]} }}"
    ),
    "strict": (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system here!') }}{% endif %}"
        "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate!') }}{% endif %}"
        "{{ m.role }}: {{ m.content }}\n{% endfor %}"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in OWN.items():
        (tmp_path / f"{name}.jinja").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.timeout(600)
def test_prompts_are_the_same(folder: Path) -> None:
    for each in [folder, *OTHERS]:
        rows = list(templates.rows(each))
        assert rows
        assert {row.name: row.different for row in rows if row.different} == {}
        assert all(row.num_same for row in rows)


def test_the_table_tells_what_was_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert templates.main([str(folder), "--refusals"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line[0] != " "] == ["template", "calls", "plain", "strict"]
    strict = next(row for row in templates.rows(folder) if row.name == "strict")
    assert {"No system here!", "Roles must alternate!"} <= set(strict.refused)
    assert all(title.endswith("plain") for titles in strict.refused.values() for title in titles)
    assert "neighbours of a role merged" in strict.text


def test_a_difference_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = templates.tojson
    monkeypatch.setattr(templates, "tojson", lambda *args, **fields: real(*args, **fields).replace("<", "&lt;"))
    templates.compile_plainly.cache_clear()
    assert templates.main([str(folder)]) == 1
    assert "    differs: call, thinking unset, with tools, adapted" in capsys.readouterr().out
    templates.compile_plainly.cache_clear()
