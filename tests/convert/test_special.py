"""Special tokens, templates and sampling: each from the file that transformers takes it from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omm.convert import config, special, tokens
from omm.convert.folder import Folder
from omm.errors import OmmError
from tests.convert import checkpoints


def read(path: Path, case: str = "llama2", **files: Any) -> special.Specials:
    """Of a checkpoint with these files (`generation_config={…}`), None taking one away."""
    checkpoint = checkpoints.write_case(path / "checkpoint", case)
    for name, content in files.items():
        file = checkpoint / (f"{name}.jinja" if isinstance(content, str) else f"{name}.json")
        if content is None:
            file.unlink()
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content))
    folder = Folder({file.name: str(file) for file in checkpoint.iterdir()})
    settings = config.read(folder)
    return special.read(folder, settings, tokens.read(folder, settings.vocab_size))


def test_tokens_that_frame_a_text(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.bos, found.ends, found.adds_bos, found.adds_eos) == (1, (2,), True, False)


def test_all_ends_are_found_the_tokenizers_own_first(tmp_path: Path) -> None:
    found = read(tmp_path, generation_config={"eos_token_id": [5, 2, 7, 10**6, -1]})
    assert found.ends == (2, 5, 7)


def test_configuration_says_it_where_the_tokenizer_does_not(tmp_path: Path) -> None:
    found = read(tmp_path, case="qwen2", tokenizer_config=None)
    assert (found.bos, found.ends, found.adds_bos) == (1, (2,), False)


def test_tokens_as_objects_and_flags_of_the_tokenizer(tmp_path: Path) -> None:
    stated = {"bos_token": {"content": "<s>"}, "eos_token": {"content": "<pad>"}, "add_bos_token": True}
    found = read(tmp_path, case="qwen2", tokenizer_config=stated)
    assert (found.bos, found.ends[0], found.adds_bos) == (1, 0, True)


@pytest.mark.parametrize(
    ("files", "templates"),
    [
        ({"chat_template": "file", "tokenizer_config": {"chat_template": "config"}}, {"default": "file"}),
        ({"chat_template": None, "tokenizer_config": {"chat_template": "config"}}, {"default": "config"}),
        ({"chat_template": None, "tokenizer_config": {}}, {}),
        (
            {
                "chat_template": None,
                "tokenizer_config": {
                    "chat_template": [
                        {"name": "default", "template": "usual"},
                        {"name": "tool_use", "template": "tools"},
                    ]
                },
            },
            {"default": "usual", "tool_use": "tools"},
        ),
    ],
)
def test_chat_templates(tmp_path: Path, files: dict[str, Any], templates: dict[str, str]) -> None:
    if files.get("chat_template") is None:
        files = {name: content for name, content in files.items() if name != "chat_template"}
        files["chat_template"] = ""
    assert read(tmp_path, **files).templates == templates


def test_template_in_a_json_file_of_its_own(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    (checkpoint / "chat_template.json").write_text('{"chat_template": "own"}')
    assert read(tmp_path, chat_template="").templates == {"default": "own"}


def test_name_of_a_template_is_a_word(tmp_path: Path) -> None:
    stated = {"chat_template": [{"name": "a.b/c", "template": "x"}]}
    with pytest.raises(OmmError, match="name is no word"):
        read(tmp_path, chat_template="", tokenizer_config=stated)


@pytest.mark.parametrize(
    ("generation", "sampling"),
    [
        ({"temperature": 1, "top_k": 20, "top_p": 0.8}, {"temp": 1.0, "top_k": 20, "top_p": 0.8}),
        ({"temperature": 0.5, "do_sample": False}, {}),
    ],
)
def test_recommended_sampling(tmp_path: Path, generation: dict[str, Any], sampling: dict[str, float]) -> None:
    assert read(tmp_path, generation_config=generation).sampling == sampling


@pytest.mark.parametrize("generation", [{"temperature": "hot"}, {"eos_token_id": ["a"]}, {"top_k": -1}, []])
def test_impossible_values_are_refused(tmp_path: Path, generation: Any) -> None:
    with pytest.raises(OmmError, match=r"generation_config\.json: "):
        read(tmp_path, generation_config=generation)
