"""Keys of the GGUF file: the names, licences and defaults that readers of such files expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm.store.gguf import read_header
from tests.convert import checkpoints
from tests.convert.llamacpp import convert


@pytest.mark.parametrize(
    ("case", "path", "name"),
    [
        ("llama2", "meta-llama/Some-Model 7.B", "Some-Model 7.B"),
        ("llama2", "/home/me/models/mine/", "mine"),
        ("llama2", "C:\\models\\mine", "mine"),
        ("llama2", "", "Llama"),
        ("llama2", "x" * 100, "Llama"),
        ("llama2", "Phi-3-like", "Llama"),  # llama.cpp would read text otherwise for that name
        ("phi3", "mine", "Phi-3 mine"),
        ("phi3", "microsoft/Phi-3-mini", "Phi-3-mini"),
        ("phi3-long", "microsoft/Phi-4-mini", "Phi-4-mini"),
    ],
)
def test_name(tmp_path: Path, case: str, path: str, name: str) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", case, config={"_name_or_path": path})
    assert read_header(convert(checkpoint, tmp_path / "model.gguf")).text("general.name") == name


@pytest.mark.parametrize(
    ("readme", "found"),
    [
        ("---\nlanguage: en\nlicense: apache-2.0\n---\n# Model\n", "apache-2.0"),
        ('---\r\nlicense: "mit"\r\n---\r\n', "mit"),
        ("---\nlicense_name: own\n---\n", ""),
        ("# Model\nlicense: mit\n", ""),
        ("---\nlicense: mit\n", ""),
        ("", ""),
    ],
)
def test_license_of_the_readme(tmp_path: Path, readme: str, found: str) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    (checkpoint / "README.md").write_text(readme)
    assert read_header(convert(checkpoint, tmp_path / "model.gguf")).text("general.license") == found


def test_template_sampling_and_ends_are_where_readers_look(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    (checkpoint / "generation_config.json").write_text('{"eos_token_id": [2, 5], "temperature": 0.5, "top_k": 7}')
    header = read_header(convert(checkpoint, tmp_path / "model.gguf"))
    assert "message.content" in header.text("tokenizer.chat_template")
    keys = ("general.sampling.temp", "general.sampling.top_k", "tokenizer.ggml.eos_token_id")
    assert [header.metadata[key] for key in keys] == [0.5, 7, 2]
    assert header.metadata["tokenizer.ggml.eot_token_id"] == 5
    assert header.metadata["general.type"] == "model"


def test_several_templates(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    (checkpoint / "chat_template.jinja").unlink()
    named = '[{"name": "default", "template": "usual"}, {"name": "tool_use", "template": "tools"}]'
    (checkpoint / "tokenizer_config.json").write_text(f'{{"chat_template": {named}}}')
    header = read_header(convert(checkpoint, tmp_path / "model.gguf"))
    assert header.text("tokenizer.chat_template") == "usual"
    assert header.chat_templates == {"tool_use": "tools"}


def test_pattern_of_windows_is_written_only_where_it_is_unusual(tmp_path: Path) -> None:
    keys = {}
    for case in ("gemma3", "gemma3-pattern"):
        header = read_header(convert(checkpoints.write_case(tmp_path / case, case), tmp_path / f"{case}.gguf"))
        keys[case] = header.get("attention.sliding_window_pattern")
    assert keys == {"gemma3": None, "gemma3-pattern": (False, True, False)}
