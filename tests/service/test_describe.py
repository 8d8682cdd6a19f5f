"""What a model can do, read off its template."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from omm.names import ModelName
from omm.service.describe import Config, capabilities, provenance
from omm.store.facts import Facts
from omm.store.gguf import read_header
from omm.store.manifests import Layer, Manifest, Stored
from omm.types import Provenance
from tests.store.small import write_small

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


def stored_as(name: str) -> Stored:
    config = Layer(media_type="x", digest="sha256:" + "0" * 64, size=0)
    return Stored(name=ModelName.parse(name), manifest=Manifest(config=config), digest="", modified_ns=0)


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("m", b"{}", Provenance(license="mit")),
        ("example.com/a/m", b"{}", Provenance(source="example.com", license="mit")),
        ("m", b'{"source": {"source": "hf.co/a/b", "revision": "abc", "file": "m.gguf"}}', Provenance(
            source="hf.co/a/b", revision="abc", file="m.gguf", license="mit")),
        ("m", b'{"source": "somebody else\'s"}', Provenance(license="mit")),
        ("m", b'{"source": {"source": 3}}', Provenance(license="mit")),
    ],
)  # fmt: skip
def test_provenance_is_what_the_pull_recorded(tmp_path: Path, name: str, config: bytes, expected: Provenance) -> None:
    header = read_header(write_small(tmp_path / "m.gguf", extra=lambda writer: writer.add_license("mit")))
    assert provenance(stored_as(name), msgspec.json.decode(config, type=Config), header) == expected
