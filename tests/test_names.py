"""Model names: grammar, defaults, shortest form, and paths that stay where they belong."""

from __future__ import annotations

import string
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.errors import InvalidRequest
from omm.names import ModelName


@pytest.mark.parametrize(
    ("text", "path", "display"),
    [
        ("tiny", "registry.ollama.ai/library/tiny/latest", "tiny:latest"),
        ("llama3.2:1b", "registry.ollama.ai/library/llama3.2/1b", "llama3.2:1b"),
        ("library/tiny", "registry.ollama.ai/library/tiny/latest", "tiny:latest"),
        ("user/m", "registry.ollama.ai/user/m/latest", "user/m:latest"),
        ("REGISTRY.ollama.ai/Library/x", "REGISTRY.ollama.ai/Library/x/latest", "x:latest"),
        ("hf.co/user/repo:Q4_K_M", "hf.co/user/repo/Q4_K_M", "hf.co/user/repo:Q4_K_M"),
        ("hf.co/a.b/c.d-GGUF", "hf.co/a.b/c.d-GGUF/latest", "hf.co/a.b/c.d-GGUF:latest"),
        ("localhost:5000/a/b", "localhost:5000/a/b/latest", "localhost:5000/a/b:latest"),
        ("http://host/a/b:c", "host/a/b/c", "host/a/b:c"),
        ("_x", "registry.ollama.ai/library/_x/latest", "_x:latest"),
        ("gpt-oss:120b-cloud", "registry.ollama.ai/library/gpt-oss/120b-cloud", "gpt-oss:120b-cloud"),
    ],
)
def test_parse_fills_defaults_and_prints_the_shortest_form(text: str, path: str, display: str) -> None:
    name = ModelName.parse(text)
    assert (name.path, name.display) == (path, display)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ":", "/", "a/", "/a", "a:", ":b", "a//b", "a/b/c/d", "a b", "a\n", "a:b:c", "x:20b:cloud"),
        *("..", "../x", "a/../b", "a/..", "a:..", ".a", "-a", "a:.b", "a:-b", "ns.dot/m", "é", "a\0b", "a\\b", "C:\\x"),
        *("a" * 81, "a:" + "b" * 81, "n" * 81 + "/m", "h" * 256 + "/n/m", "a@sha256:" + "0" * 64, "ftp://h/n/m", "ａ"),
    ],
)
def test_invalid_names_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^invalid model name(: .+)?$") as caught:
        ModelName.parse(text)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


def test_scheme_is_kept_but_does_not_distinguish() -> None:
    insecure = ModelName.parse("HTTP://host/a/b")
    assert insecure.scheme == "http"
    assert insecure == ModelName.parse("https://host/a/b")


def test_key_ignores_case() -> None:
    assert ModelName.parse("Tiny:Latest").key == ModelName.parse("tiny").key


def test_bare_names_have_neither_host_nor_namespace() -> None:
    assert ModelName.parse("tiny").is_bare
    assert not ModelName.parse("user/tiny").is_bare
    assert not ModelName.parse("hf.co/user/tiny").is_bare


HOSTILE = st.text(st.sampled_from(string.ascii_letters + string.digits + "._-:/\\\0 \n@~%\u2024\uff0e\u2215"))


@given(HOSTILE | st.text())
def test_any_text_is_refused_or_gives_four_plain_path_parts(text: str) -> None:
    try:
        name = ModelName.parse(text)
    except InvalidRequest:
        return
    path = PurePosixPath(name.path)
    assert len(path.parts) == 4
    assert not path.is_absolute()
    assert all(part[0] not in ".-" and not set(part) & set("/\\\0 ") for part in path.parts)


PART = st.text(st.sampled_from(string.ascii_letters + string.digits + "_"), min_size=1, max_size=20)


@given(PART, PART, PART, PART)
def test_display_parses_back(host: str, namespace: str, model: str, tag: str) -> None:
    name = ModelName.parse(f"{host}/{namespace}/{model}:{tag}")
    assert ModelName.parse(name.display).key == name.key


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://huggingface.co/user/Some.Repo-GGUF", "hf.co/user/Some.Repo-GGUF:latest"),
        ("https://huggingface.co/user/repo/tree/main", "hf.co/user/repo:latest"),
        ("https://hf.co/user/repo/blob/main/m-Q4_K_M.gguf", "hf.co/user/repo:m-Q4_K_M.gguf"),
        ("https://huggingface.co/user/repo/resolve/main/Q8_0/m.gguf?download=true", "hf.co/user/repo:m.gguf"),
    ],
)
def test_addresses_of_the_hub_are_names(address: str, name: str) -> None:
    assert ModelName.parse(address).display == name


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co/user/repo/blob/main/readme.md",
        "https://huggingface.co/user/repo/resolve/main/..gguf/../x.gguf:y",
        "https://example.com/user/repo/resolve/main/m.bin",
        "https://me:secret@example.com/m.gguf",
        "https://example.com\\@127.0.0.1/m.gguf",
        "https://[::1]/m.gguf",
        "https://example.com/.gguf",
        "ftp://example.com/a/m.gguf",
    ],
)
def test_other_addresses_are_no_names(address: str) -> None:
    with pytest.raises(InvalidRequest):
        ModelName.parse(address)


@pytest.mark.parametrize(
    ("url", "display"),
    [
        ("https://example.com/m.gguf", "example.com/library/m:latest"),
        ("https://example.com/a/b/Model-Q8_0.gguf?key=1#top", "example.com/a--b/model-q8_0:latest"),
        ("https://example.com/a/m-00002-of-00003.gguf", "example.com/a/m:latest"),
        ("https://example.com/a/m-00000-of-00000.gguf", "example.com/a/m-00000-of-00000:latest"),
        ("HTTP://example.com:8000/a/My%20Model%20(1).GGUF", "example.com:8000/a/my-model-1:latest"),
    ],
)
def test_addresses_of_files_are_names(url: str, display: str) -> None:
    name = ModelName.parse(url)
    assert (name.display, name.url, name.scheme) == (display, url, url.partition(":")[0].lower())
    assert ModelName.parse(display) == name


def test_folders_that_a_name_cannot_spell_stay_apart() -> None:
    folders = ["a/b", "a--b", "a.b", "a-b", "a%2fb", "-a/b", ".a/b", "a/b" * 50, "a/b" * 51, "a-/b", "a/-b", ".."]
    names = {ModelName.parse(f"https://example.com/{folder}/m.gguf").namespace for folder in folders}
    assert len(names) == len(folders) - 1  # `a%2fb` is `a/b`
