"""Random models, written once for all tests of the engine, and pools of scripted runners."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import pytest

from omm.engine import machine
from omm.engine.pool import Pool, PoolLimits
from tests import ggufs
from tests.engine.scripted import MakePool, Runners
from tests.ggufs import Shape, write_model

TINY = Path(__file__).resolve().parents[2] / "omm" / "embedded" / "tiny.gguf"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the models lie."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def llama(models: Path) -> Path:
    """A small decoder."""
    return write_model(models / "llama.gguf", Shape(seed=3, tied=False))


@pytest.fixture(scope="session")
def gemma(models: Path) -> Path:
    """A decoder with a sliding window."""
    return write_model(models / "gemma.gguf", Shape(arch="gemma3", layers=2, sliding_window=32, seed=4, tied=False))


@pytest.fixture(scope="session")
def bert(models: Path) -> Path:
    """An encoder for embeddings."""
    return write_model(models / "bert.gguf", Shape(arch="bert", context=128, seed=5))


@pytest.fixture(scope="session")
def garbage(models: Path) -> Path:
    """A file that says it is a model and is none."""
    path = models / "garbage.gguf"
    path.write_bytes(b"GGUF" + bytes(range(256)) * 16)
    return path


@pytest.fixture(scope="session")
def tiny() -> Path:
    """The model that omm ships."""
    return TINY


@pytest.fixture(scope="session")
def sentencepiece(models: Path) -> Path:
    """A decoder with a SentencePiece vocabulary, which puts a space in front of every text."""
    specials = ["<unk>", "<s>", "</s>", "<|user|>", "[INST]"]
    letters = ["\N{LOWER ONE EIGHTH BLOCK}", *"abcdefghijklmnopqrstuvwxyz<>|/[]"]
    joined = ["\N{LOWER ONE EIGHTH BLOCK}a", "ab", "\N{LOWER ONE EIGHTH BLOCK}ab", "user", "us", "er", "se", "INST"]
    tokens = [*specials, *(f"<0x{byte:02X}>" for byte in range(256)), *letters, *joined]
    kinds = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * 3, gguf.TokenType.USER_DEFINED]
    kinds += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.NORMAL] * (len(letters) + len(joined))
    shape = Shape(vocab=len(tokens), seed=6, chat_template="").filled()
    writer = gguf.GGUFWriter(models / "sentencepiece.gguf", shape.arch)
    ggufs.add_metadata(writer, shape)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * (len(tokens) - len(joined)) + [float(-index) for index in range(len(joined))])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    ggufs.write_tensors(writer, shape)
    return models / "sentencepiece.gguf"


@pytest.fixture
def runners() -> Runners:
    return Runners()


@pytest.fixture
def make_pool(runners: Runners, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePool]:
    """Makes pools; in the end all their runners are closed. The machine's own memory decides nothing."""
    monkeypatch.setattr(machine, "free_memory", lambda: 1 << 50)
    pools: list[Pool] = []

    def make(**limits: Any) -> Pool:
        pools.append(Pool(runners, PoolLimits(**limits)))
        return pools[-1]

    yield make
    runners.may_load.set()
    for pool in pools:
        pool.close()
    assert runners.num_open == 0
