"""Compressed bodies within their limit, and the path of what is wrong in a body."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Annotated, Any

import msgspec
import pytest
from falcon.testing import TestClient
from hypothesis import given
from hypothesis import strategies as st

from omm.api import bodies
from omm.api.bodies import decompress, invalid_field
from omm.api.errors import MissingParameter, UnsupportedEncoding
from omm.errors import InvalidRequest, TooLarge

CONTENT = b'{"model": "tiny"}' * 10
LIMIT = 1000


# --- compression ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        ("gzip", gzip.compress(CONTENT)),
        (" GZIP ", gzip.compress(CONTENT)),
        ("x-gzip", gzip.compress(CONTENT)),
        ("gzip", gzip.compress(CONTENT[:3]) + gzip.compress(b"") + gzip.compress(CONTENT[3:])),
        ("deflate", zlib.compress(CONTENT)),
        ("identity", CONTENT),
    ],
)
def test_what_can_be_unpacked(encoding: str, raw: bytes) -> None:
    assert decompress(raw, encoding, LIMIT) == CONTENT


def test_the_limit_is_for_all_members_together() -> None:
    half = gzip.compress(bytes(LIMIT // 2))
    assert len(decompress(half + half, "gzip", LIMIT)) == LIMIT // 2 * 2
    with pytest.raises(TooLarge):
        decompress(half + half + half, "gzip", LIMIT)


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1, 50 * LIMIT])
def test_the_limit_is_that_of_the_content(size: int) -> None:
    packed = gzip.compress(bytes(size))
    if size <= LIMIT:
        assert len(decompress(packed, "gzip", LIMIT)) == size
    else:
        with pytest.raises(TooLarge):
            decompress(packed, "gzip", LIMIT)


@pytest.mark.parametrize(
    "raw",
    [b"", b"not packed", gzip.compress(CONTENT)[:-5], gzip.compress(CONTENT) + b"more", gzip.compress(b"") * 65],
)
def test_damaged_bodies(raw: bytes) -> None:
    with pytest.raises(InvalidRequest, match="compressed request body"):
        decompress(raw, "gzip", LIMIT)


def test_zstd_with_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_zstd_module", lambda: gzip)  # NOTE: its open() is the function all of them have
    assert decompress(gzip.compress(CONTENT), "zstd", LIMIT) == CONTENT
    with pytest.raises(TooLarge):
        decompress(gzip.compress(bytes(LIMIT + 1)), "zstd", LIMIT)
    with pytest.raises(InvalidRequest, match="damaged"):
        decompress(b"not packed", "zstd", LIMIT)


def test_zstd_without_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_zstd_module", lambda: None)
    with pytest.raises(UnsupportedEncoding):
        decompress(CONTENT, "zstd", LIMIT)


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/chat"])
def test_bodies_are_unpacked_on_every_surface(client: TestClient, path: str) -> None:
    content = json.dumps({"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}).encode()
    result = client.simulate_post(path, body=gzip.compress(content), headers={"content-encoding": "gzip"})
    assert result.status_code == 200


def test_errors_of_compressed_bodies(make_client: Any) -> None:
    client = make_client(max_body=1000)
    post: Any = client.simulate_post
    path = "/v1/chat/completions"
    result = post(path, body=b"x", headers={"content-encoding": "br"})
    assert (result.status_code, result.json["error"]["code"]) == (415, "unsupported_encoding")
    result = post(path, body=gzip.compress(bytes(2000)), headers={"content-encoding": "gzip"})
    assert (result.status_code, result.json["error"]["code"]) == (413, "request_too_large")
    result = post(path, body=b"x", headers={"content-encoding": "gzip"})
    assert (result.status_code, result.json["error"]["code"]) == (400, "invalid_value")


# --- texts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\uD83D\uDE00\ud83d", "\U0001f600\ufffd"),
        (r"a\ud83d", "a\ufffd"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\ude00\ud83d b", "\ufffd\ufffd b"),
        (r"\ud83d\n", "\ufffd\n"),
        (r"\\ud83d", r"\ud83d"),
        (r"\\\ud83d\"", '\\\ufffd"'),
        (r"\ud7ff\ue000", "\ud7ff\ue000"),
    ],
)
def test_halves_of_characters_are_replaced(escaped: str, text: str) -> None:
    assert json.loads(bodies.whole_characters(f'"{escaped}"'.encode())) == text


@given(st.text(max_size=20))
def test_whole_texts_stay_as_they_are(text: str) -> None:
    raw = json.dumps(text).encode()
    assert bodies.whole_characters(raw) == raw


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/chat"])
def test_a_text_cut_within_a_character_is_read(client: TestClient, path: str) -> None:
    body = rb'{"model": "tiny", "messages": [{"role": "user", "content": "cut here: \ud83d"}]}'
    assert client.simulate_post(path, body=body).status_code == 200
    result = client.simulate_post(path, body=body[:-1])
    assert (result.status_code, "invalid JSON" in result.text) == (400, True)


# --- fields -----------------------------------------------------------------------------------------------------


class Inner(msgspec.Struct):
    """A field in a list."""

    name: str
    sizes: list[int] = []


class Outer(msgspec.Struct):
    """Lists and maps of all kinds."""

    rows: list[Inner] = []
    table: dict[str, int] = {}
    grid: list[list[int]] = []
    one: Inner | None = None


def refused(body: Any) -> InvalidRequest:
    raw = msgspec.json.encode(body)
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(raw, type=Outer)
    return invalid_field(caught.value, raw, Outer)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"one": {"name": 3}}, "one.name"),
        ({"rows": [{"name": "a"}, {"name": 3}]}, "rows[1].name"),
        ({"rows": [{"name": "a"}, {"name": "b", "sizes": [1, 2, "x", "y"]}, 3]}, "rows[1].sizes[2]"),
        ({"grid": [[1], [], [2, 3, "x"]]}, "grid[2][2]"),
        ({"table": {"a": 1, "b": "x"}}, "table.b"),
        ({"rows": [3]}, "rows[0]"),
    ],
)
def test_paths(body: Any, param: str) -> None:
    error = refused(body)
    assert error.param == param
    assert error.message.endswith(f" - at `$.{param}`")


class Labels(msgspec.Struct):
    """A map whose keys are bounded."""

    labels: dict[Annotated[str, msgspec.Meta(max_length=2)], str]


def test_a_wrong_key_is_told_by_its_map() -> None:
    raw = b'{"labels": {"abc": "x"}}'
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(raw, type=Labels)
    error = invalid_field(caught.value, raw, Labels)
    assert (error.code, error.param) == ("invalid_request", "labels")
    assert error.message == "a key: Expected `str` of length <= 2 - at `$.labels`"


def test_missing_fields() -> None:
    error = refused({"rows": [{"name": "a"}, {"sizes": []}]})
    assert isinstance(error, MissingParameter)
    assert error.param == "rows[1].name"


@pytest.mark.parametrize(
    "raw", [b'{"table": {"a": 1e999}}', b'{"table": {"a": "x"}, "one": \xff}', b'{"table": {"a": ""']
)
def test_no_place_in_what_is_no_json_further_on(raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(raw, type=Outer)
    error = invalid_field(caught.value, raw, Outer)
    assert (error.code, error.param) == ("invalid_request", "table")


def test_another_kind_of_body() -> None:
    error = refused([1])
    assert (error.code, error.param) == ("invalid_json", None)


INTEGERS = st.integers(-(2**63), 2**64 - 1)


@given(st.lists(INTEGERS, max_size=9), st.lists(INTEGERS | st.text(max_size=2), max_size=9))
def test_the_first_wrong_element_is_told(good: list[int], rest: list[Any]) -> None:
    assert refused({"grid": [[1], [*good, "x", *rest]]}).param == f"grid[1][{len(good)}]"
