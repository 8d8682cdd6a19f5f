"""The official JavaScript clients: every `*.test.js` under node/, by Node's own test runner."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import KEY

HERE = Path(__file__).parent / "node"
PACKAGES = HERE / "node_modules"

pytestmark = [pytest.mark.model, pytest.mark.system("node", str(PACKAGES))]


@pytest.mark.parametrize("script", sorted(path.name for path in HERE.glob("*.test.js")))
def test_client(script: str, url: str, guarded_url: str) -> None:
    servers = {"OMM_TEST_URL": url, "OMM_TEST_GUARDED_URL": guarded_url, "OMM_TEST_KEY": KEY}
    command = ["node", "--test", "--test-reporter=spec", script]
    done = subprocess.run(
        command, cwd=HERE, env={**os.environ, **servers}, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
