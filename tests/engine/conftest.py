"""Random models, written once for all tests of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ggufs import Shape, write_model


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
