"""What is in the wheel and in the source archive."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from omm.cli import generate

SHARED = {
    "share/bash-completion/completions/omm",
    "share/zsh/site-functions/_omm",
    "share/fish/vendor_completions.d/omm.fish",
}


def built(repository: Path, target: str, directory: Path) -> Path:
    """The one file that hatchling makes for a target."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(directory)]
    subprocess.run(command, cwd=repository, capture_output=True, check=True)
    (made,) = directory.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(built(repository, "wheel", tmp_path_factory.mktemp("wheel")))


def test_wheel_has_the_program_and_what_it_reads(repository: Path, wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {"omm/embedded/tiny.gguf", "omm/sources/catalogue.toml", "omm/py.typed"} <= names
    modules = {str(path.relative_to(repository)) for path in (repository / "omm").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


def test_wheel_has_each_man_page_where_man_looks_and_the_completions(wheel: zipfile.ZipFile) -> None:
    shared = {name.partition(".data/data/")[2] for name in wheel.namelist() if ".data/" in name}
    pages = {path.name for path, _ in generate.generated(generate.REPOSITORY) if path.parent.name == "man"}
    assert shared == SHARED | {f"share/man/man{page[-1]}/{page}" for page in pages}


def test_source_archive_builds_the_same_wheel(repository: Path, wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    archive = built(repository, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    folder = tmp_path / archive.name.removesuffix(".tar.gz")
    assert (folder / "install.sh").exists()
    with zipfile.ZipFile(built(folder, "wheel", tmp_path / "wheel")) as again:
        assert sorted(again.namelist()) == sorted(wheel.namelist())
