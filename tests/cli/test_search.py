"""omm search: the catalogue and the hub, without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm.cli.app import invoke
from tests.sources.hub import Hub, running_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    from huggingface_hub import constants, hf_api

    with running_hub() as running:
        for module in (constants, hf_api):
            if hasattr(module, "ENDPOINT"):
                monkeypatch.setattr(module, "ENDPOINT", running.url)
        yield running


def test_the_catalogue_comes_first_and_then_the_hub(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add("someone/qwen3-embedding-GGUF", m__gguf=b"x")
    assert invoke(["search", "qwen3-embedding"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["NAME", "SOURCE", "LICENSE", "CAPABILITIES", "DOWNLOADS"]
    assert lines[1].split()[:2] == ["qwen3-embedding:0.6b", "hf.co/Qwen/Qwen3-Embedding-0.6B-GGUF:Q8_0"]
    assert lines[-1].split() == ["hf.co/someone/qwen3-embedding-GGUF", "mit", "10"]


def test_offline_asks_nobody(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["search", "--offline", "--json", "--limit", "1", "embedding"]) == 0
    rows = json.loads(capsys.readouterr().out)["models"]
    assert [row["name"] for row in rows] == ["nomic-embed-text:v1.5"]
    assert hub.api_requests == []


def test_a_hub_that_is_away_is_no_error(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.api_status = 404
    assert invoke(["search", "llama3.2", "1b"]) == 0
    caught = capsys.readouterr()
    assert "llama3.2:1b" in caught.out
    assert "Hugging Face was not searched" in caught.err


def test_nothing_found_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["search", "--offline", "no such thing"]) != 0
    assert "no model found for 'no such thing'" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1000"])
def test_a_limit_is_a_number(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["search", "--offline", "--limit", limit, "llama"]) != 0
    assert "--limit takes a number" in capsys.readouterr().err


def test_the_users_own_names_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('["mine"]\ntags = { "1b" = "me/Mine-GGUF" }\n')
    monkeypatch.setenv("OMM_CATALOGUE", str(path))
    assert invoke(["search", "--offline", "mine-gguf"]) == 0
    assert "mine:1b" in capsys.readouterr().out


def test_a_short_name_finds_itself(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["search", "--offline", "qwen3:0.6b"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["NAME", "SOURCE", "LICENSE", "CAPABILITIES"]
    assert lines[1].split()[0] == "qwen3:0.6b"


def test_what_comes_with_omm_is_first(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["search", "--offline", "tiny"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["tiny:latest", "comes", "with", "omm"]
    assert lines[2].startswith("tinyllama")
