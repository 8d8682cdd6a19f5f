"""Whatever JSON a client sends is answered: done, or refused with a reason; never with an internal error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.api.app import create_app
from omm.api.ollama import schema
from omm.api.services import Services
from omm.config import Settings
from omm.types import Options
from tests.fakes import FakeInference, FakeLibrary, record

SHAPES = {
    "/api/generate": schema.GenerateBody,
    "/api/chat": schema.ChatBody,
    "/api/embed": schema.EmbedBody,
    "/api/embeddings": schema.EmbeddingsBody,
    "/api/show": schema.ShowBody,
    "/api/pull": schema.PullBody,
    "/api/push": schema.PushBody,
    "/api/create": schema.CreateBody,
    "/api/copy": schema.CopyBody,
    "/api/delete": schema.Named,
}
WORDS = st.sampled_from(
    ["", "tiny:latest", "json", "high", "10m", "-1", "300", "aGk=", "user", "ü\u0000\ud7ff", "x" * 300]
)
NUMBERS = st.one_of(st.integers(), st.integers(-(10**400), 10**400), st.floats(allow_nan=False, allow_infinity=False))
KEYS = st.sampled_from(
    [*Options.__struct_fields__, "role", "content", "images", "tool_calls", "function", "name", "17"]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


def fields(shape: Any) -> st.SearchStrategy[dict[str, Any]]:
    names = [name for name in shape.__struct_encode_fields__ if name != "model"]
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=4)


@pytest.mark.parametrize("path", sorted(SHAPES))
def test_any_json_is_answered(path: str, tmp_path: Path) -> None:
    services = Services(FakeInference(), FakeLibrary())
    client = TestClient(create_app(services, Settings.load({}, models=tmp_path)), headers={"host": "localhost"})

    @settings(max_examples=60, deadline=None)
    @given(fields(SHAPES[path]))
    def ask(body: dict[str, Any]) -> None:
        services.library.records = {"tiny:latest": record()}  # type: ignore[attr-defined]
        result = client.simulate_post(path, body=json.dumps({"model": "tiny:latest", **body}))
        assert result.status_code in {200, 400, 404}, result.text
        if result.status_code != 200:
            assert list(result.json) == ["error"]
            assert result.json["error"]

    ask()
