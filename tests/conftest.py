"""What every test has: a clean environment, and markers that say what it needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Without this, a test of any texts fails on a machine that is busy.
settings.register_profile("omm", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("omm")

# Settings and tokens of the person who runs the tests, and proxies that would catch loopback requests.
FOREIGN_PREFIXES = ("OMM_", "OLLAMA_", "HF_", "HUGGING_FACE_")
FOREIGN_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run with no one's settings and with models and logs in a directory that pytest removes."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN_NAMES:
                patch.delenv(name)
        patch.setenv("OMM_HOME", str(tmp_path_factory.mktemp("omm-home")))
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout these tests are in."""
    return Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--network", action="store_true", help="also run the tests that need the internet")


def is_there(tool: str) -> bool:
    """Whether a command is on the PATH, or a directory of packages was installed."""
    return shutil.which(tool) is not None or (os.sep in tool and Path(tool).is_dir())


def missing_tools(item: pytest.Item) -> list[str]:
    """Commands and directories that `@pytest.mark.system("tmux", …)` names and this machine lacks."""
    names = [str(name) for mark in item.iter_markers("system") for name in mark.args]
    return [name for name in names if not is_there(name)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here, and let the closing line count it as deselected."""
    left_out = [
        item
        for item in items
        if missing_tools(item) or (item.get_closest_marker("network") and not config.getoption("--network"))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    config.stash[MISSING] = sorted({name for item in left_out for name in missing_tools(item)})


MISSING = pytest.StashKey[list[str]]()


def pytest_report_collectionfinish(config: pytest.Config) -> str:
    missing = config.stash.get(MISSING, [])  # a path that is not there ends the run before anything is collected
    return f"not installed, so its tests are left out: {', '.join(missing)}" if missing else ""
