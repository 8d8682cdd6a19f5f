"""omm embed and omm tokenize."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer


@pytest.fixture(autouse=True)
def _answers(server: ScriptedServer) -> None:
    server.answers["POST", "/api/embed"] = (200, {"embeddings": [[0.5, 1.0], [0.25, -1.0]]})
    server.answers["POST", "/api/tokenize"] = (200, {"model": "tiny", "tokens": [40, 41, 42]})


def test_one_vector_a_line(omm: Omm, server: ScriptedServer) -> None:
    assert omm("embed", "tiny", "one", "two words") == (0, "[0.5,1.0]\n[0.25,-1.0]\n", "")
    assert server.asked("/api/embed")[0].body == {"model": "tiny", "input": ["one", "two words"]}


def test_lines_of_stdin_are_texts(omm: Omm, server: ScriptedServer) -> None:
    assert omm("embed", "tiny", "--no-truncate", "--dimensions", "2", stdin="one\ntwo\n").code == 0
    assert server.asked("/api/embed")[0].body == {
        "model": "tiny", "input": ["one", "two"], "truncate": False, "dimensions": 2,
    }  # fmt: skip


def test_nothing_to_embed(omm: Omm) -> None:
    assert omm("embed", "tiny") == (1, "", "Error: there is no text to embed\n")


@pytest.mark.parametrize(("args", "out"), [((), "40 41 42\n"), (("--count",), "3\n"), (("--json",), "[40,41,42]\n")])
def test_tokens(omm: Omm, server: ScriptedServer, args: tuple[str, ...], out: str) -> None:
    assert omm("tokenize", "tiny", "a", "text", *args) == (0, out, "")
    assert server.asked("/api/tokenize")[0].body == {"model": "tiny", "text": "a text"}


def test_tokens_of_stdin_as_it_is(omm: Omm, server: ScriptedServer) -> None:
    omm("tokenize", "tiny", stdin="a\n b\n")
    assert server.asked("/api/tokenize")[0].body["text"] == "a\n b\n"
