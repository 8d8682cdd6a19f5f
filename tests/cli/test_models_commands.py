"""list, ps, show, cp, rm, stop against a server."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest

from omm.cli import models
from tests.cli.conftest import Omm
from tests.cli.scripted import INFO, ScriptedServer

DIGEST = "6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa"


def ago(**delta: float) -> str:
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(**delta)).isoformat()


DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "llama",
    "families": ["llama"],
    "parameter_size": "4.2M",
    "quantization_level": "Q8_0",
    "context_length": 0,
    "embedding_length": 192,
}


def row(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "model": name, "digest": DIGEST, "size": 4661224676, "modified_at": ago(hours=5), **more}


def test_list_is_a_table_with_four_blanks_after_each_column(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [row("llama3:latest"), row("qwen3:0.6b", size=522653767)]})
    assert omm("list").out.splitlines() == [
        "NAME             ID              SIZE      MODIFIED    ",
        "llama3:latest    6a0746a1ec1a    4.7 GB    5 hours ago    ",
        "qwen3:0.6b       6a0746a1ec1a    522 MB    5 hours ago    ",
    ]


def test_empty_list_is_the_header(omm: Omm, server: ScriptedServer) -> None:
    assert omm("ls").out == "NAME    ID    SIZE    MODIFIED \n"


def test_list_filters_by_prefix_in_any_case(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [row("Llama3:latest"), row("qwen3:0.6b")]})
    lines = omm("list", "llAMA").out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Llama3:latest")


def test_list_json_is_what_the_server_says(omm: Omm, server: ScriptedServer) -> None:
    known = row("tiny:latest", details=DETAILS, capabilities=["completion"])
    server.answers["GET", "/api/tags"] = (200, {"models": [known, row("other:1")]})
    assert json.loads(omm("list", "--json", "tiny").out) == {"models": [known]}


def test_times_of_go_servers_and_missing_ones(omm: Omm, server: ScriptedServer) -> None:
    times = ["0001-01-01T00:00:00Z", "2026-01-02T03:04:05.123456789+02:00", ""]
    server.answers["GET", "/api/tags"] = (200, {"models": [row("m", modified_at=time) for time in times]})
    lines = [line.split("    ") for line in omm("list").out.splitlines()[1:]]
    assert lines[0][3].strip() == lines[2][3].strip() == "Never"
    assert lines[1][3].strip().endswith("ago")


@pytest.mark.parametrize(
    ("size", "vram", "text"),
    [
        (100, 0, "100% CPU"),
        (100, 100, "100% GPU"),
        (0, 0, "100% CPU"),
        (0, 5, "Unknown"),
        (100, 70, "30%/70% CPU/GPU"),
    ],
)
def test_processor_share(size: int, vram: int, text: str) -> None:
    assert models.processor(size, vram) == text


def test_ps_shows_processor_context_and_end(omm: Omm, server: ScriptedServer) -> None:
    running = {"name": "tiny:latest", "digest": DIGEST, "size": 6000000, "size_vram": 0, "context_length": 4096}
    rows = [
        {**running, "expires_at": ago(minutes=-4, seconds=-30)},
        {**running, "expires_at": ago(minutes=1)},
        {**running, "expires_at": ago(days=-365 * 290)},
    ]
    server.answers["GET", "/api/ps"] = (200, {"models": rows})
    header, *lines = omm("ps").out.splitlines()
    assert header == "NAME           ID              SIZE    PROCESSOR    CONTEXT    UNTIL              "
    assert lines[0] == "tiny:latest    6a0746a1ec1a    6 MB    100% CPU     4096       4 minutes from now    "
    assert [line.split("4096")[1].strip() for line in lines[1:]] == ["Stopping...", "Forever"]


def test_ps_json_is_what_the_server_says_zeros_included(omm: Omm, server: ScriptedServer) -> None:
    assert json.loads(omm("ps", "--json").out) == {"models": []}
    sizes = {"size": 6000000, "size_vram": 0, "context_length": 4096, "parallel": 16, "active": 0, "waiting": 0}
    running = {"name": "tiny:latest", "model": "tiny:latest", "digest": DIGEST, "details": DETAILS, **sizes}
    server.answers["GET", "/api/ps"] = (200, {"models": [{**running, "expires_at": ago(minutes=-4)}]})
    (shown,) = json.loads(omm("ps", "--json").out)["models"]
    assert {key: shown[key] for key in running} == running


def test_show_prints_sections(omm: Omm, server: ScriptedServer) -> None:
    assert omm("show", "tiny").out.splitlines() == [
        "  Model",
        "    architecture        llama",
        "    parameters          4.2M",
        "    context length      2048",
        "    embedding length    256",
        "    quantization        Q8_0",
        "",
        "  Capabilities",
        "    completion",
        "    tools",
        "",
        "  Parameters",
        '    stop           "<|im_end|>"',
        "    temperature    0.5",
        "",
        "  System",
        "    Be brief.",
        "",
        "  License",
        "    MIT",
        "    Long text",
        "    ...",
        "",
    ]


def test_show_tells_where_a_model_came_from(omm: Omm, server: ScriptedServer) -> None:
    origin = {"digest": "sha256:abc", "source": "hf.co/a/b", "revision": "1234", "file": "b-Q8_0.gguf"}
    info = {**INFO, "provenance": {**origin, "license": "mit"}, "modified_at": "2026-01-02T03:04:05Z"}
    server.answers["POST", "/api/show"] = (200, info)
    lines = omm("show", "tiny").out.splitlines()
    start = lines.index("  Origin")
    assert [line.split() for line in lines[start + 1 : start + 7]] == [
        ["source", "hf.co/a/b"],
        ["file", "b-Q8_0.gguf"],
        ["revision", "1234"],
        ["date", "2026-01-02"],
        ["digest", "sha256:abc"],
        ["license", "mit"],
    ]


def test_show_lists_adapters(omm: Omm, server: ScriptedServer) -> None:
    adapters = [{"name": "Pirate talk", "scale": 0.5, "base": "Small 1B"}, {"name": "0123456789ab", "scale": 1}]
    server.answers["POST", "/api/show"] = (200, {**INFO, "adapters": adapters})
    lines = omm("show", "tiny").out.splitlines()
    start = lines.index("  Adapters")
    assert lines[start + 1 : start + 3] == [
        "    Pirate talk     scale 0.5    for Small 1B",
        "    0123456789ab    scale 1",
    ]


def test_show_verbose_adds_metadata_and_tensors(omm: Omm, server: ScriptedServer) -> None:
    tensors = [{"name": "token_embd.weight", "type": "Q8_0", "shape": [256, 1024]}]
    info = {**INFO["model_info"], "tokenizer.ggml.tokens": ["a", "b", "c", "d", "e"]}  # type: ignore[dict-item]
    server.answers["POST", "/api/show"] = (200, {**INFO, "model_info": info, "tensors": tensors})
    out = omm("show", "-v", "tiny").out
    assert "    llama.rope.freq_base       10000\n" in out
    assert "    tokenizer.ggml.tokens      [a b c ...+2 more]" in out
    assert "  Tensors\n    token_embd.weight    Q8_0    [256 1024]\n" in out
    assert server.asked("/api/show")[0].body == {"model": "tiny", "verbose": True}


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("--license", INFO["license"]),
        ("--modelfile", INFO["modelfile"]),
        ("--parameters", INFO["parameters"]),
        ("--system", INFO["system"]),
        ("--template", INFO["template"]),
    ],
)
def test_show_selector_prints_one_text(omm: Omm, server: ScriptedServer, flag: str, text: str) -> None:
    end = "" if flag in {"--system", "--template"} else "\n"
    assert omm("show", flag, "tiny").out == text + end


def test_show_takes_one_selector(omm: Omm, server: ScriptedServer) -> None:
    result = omm("show", "--license", "--system", "tiny")
    assert result.code == 2
    assert result.err == (
        "Error: only one of '--license', '--modelfile', '--parameters', '--system', '--template', or '--effective' "
        "can be specified\n"
    )


def test_show_effective(omm: Omm, server: ScriptedServer) -> None:
    values = {
        "temperature": {"value": 0.5, "from": 'c.toml:2 [model."t*"]'},
        "keep_alive": {"value": 300.0, "from": "OMM_KEEP_ALIVE"},
        "num_ctx": {"value": None, "from": "default"},
        "system": {"value": "", "from": "default"},
        "template": {"value": "{{ .Prompt }}\nand more", "from": "Modelfile"},
        "stop": {"value": ["x" * 50], "from": "model file"},
    }
    server.answers["POST", "/api/show"] = (200, {**INFO, "effective": values})
    rows = [re.split(r"\s{2,}", line.strip()) for line in omm("show", "tiny", "--effective").out.splitlines()]
    assert rows == [
        ["NAME", "VALUE", "FROM"],
        ["temperature", "0.5", 'c.toml:2 [model."t*"]'],
        ["keep_alive", "5m0s", "OMM_KEEP_ALIVE"],
        ["num_ctx", "-", "default"],
        ["system", "-", "default"],
        ["template", "{{ .Prompt }} ...", "Modelfile"],
        ["stop", '["' + "x" * 38 + " ...", "model file"],
    ]
    assert server.asked("/api/show")[0].body == {"model": "tiny", "verbose": False, "effective": True}
    assert json.loads(omm("show", "tiny", "--effective", "--json").out) == values


def test_show_effective_of_a_server_that_does_not_tell(omm: Omm, server: ScriptedServer) -> None:
    result = omm("show", "tiny", "--effective")
    assert (result.code, result.out) == (1, "")
    assert result.err == "Error: this server does not tell which values are in effect\n"


def test_show_tells_what_an_alias_stands_for(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "alias_of": "tiny:latest"})
    assert omm("show", "gpt-4o").out.splitlines()[1].split() == ["alias", "of", "tiny:latest"]


def test_show_json(omm: Omm, server: ScriptedServer) -> None:
    shown = json.loads(omm("show", "--json", "tiny").out)
    assert shown["capabilities"] == ["completion", "tools"]
    assert shown["model_info"] == INFO["model_info"]


def test_show_wraps_long_cells_below_each_other(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, {"parameters": "stop " + "word " * 10})
    assert omm("show", "tiny").out.splitlines()[1:3] == [
        "    stop    word word word word word word",
        "            word word word word",
    ]


def test_cp(omm: Omm, server: ScriptedServer) -> None:
    assert omm("cp", "a", "b") == (0, "copied 'a' to 'b'\n", "")
    assert server.asked("/api/copy")[0].body == {"source": "a", "destination": "b"}


def test_rm_leaves_unloading_to_the_server_which_knows_aliases(omm: Omm, server: ScriptedServer) -> None:
    assert omm("rm", "a", "b") == (0, "deleted 'a'\ndeleted 'b'\n", "")
    assert [(r.method, r.path, r.body) for r in server.requests[1:]] == [
        ("DELETE", "/api/delete", {"model": "a"}),
        ("DELETE", "/api/delete", {"model": "b"}),
    ]


def test_rm_stops_at_the_first_failure(omm: Omm, server: ScriptedServer) -> None:
    server.answers["DELETE", "/api/delete"] = (404, {"error": "model 'a' not found"})
    assert omm("rm", "a", "b") == (3, "", "Error: model 'a' not found\n")
    assert len(server.asked("/api/delete")) == 1


def test_stop_says_nothing(omm: Omm, server: ScriptedServer) -> None:
    assert omm("stop", "tiny") == (0, "", "")
    assert server.asked("/api/generate")[0].body == {"model": "tiny", "keep_alive": 0}


def test_stop_of_an_unknown_model(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (404, {"error": "model 'x' not found"})
    assert omm("stop", "x") == (3, "", 'Error: couldn\'t find model "x" to stop\n')


def test_completion_names(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [row("a:1"), row("b:2"), row("$(id)"), row("c d")]})
    assert omm("__models").out == "a:1\nb:2\n"


def test_completion_without_a_server_is_silent(omm: Omm) -> None:
    assert omm("--host", "127.0.0.1:1", "__models") == (0, "", "")


MODEL = {"name": "tiny:latest", "digest": "a" * 64, "size": 5, "details": {"family": "llama"}}


@pytest.mark.parametrize(
    ("template", "out"),
    [
        ("{name}", "tiny:latest\n"),
        (r"{name}\t{size}\n{details.family}", "tiny:latest\t5\nllama\n"),
        ("{ name } {}", "{ name } {}\n"),
    ],
)
def test_list_in_a_form_of_ones_own(omm: Omm, server: ScriptedServer, template: str, out: str) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [MODEL]})
    assert omm("list", "--format", template) == (0, out, "")


def test_format_with_an_unknown_field_names_those_there_are(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [MODEL]})
    result = omm("list", "--format", "{weight}")
    assert result == (1, "", "Error: --format: there is no {weight}, only details, digest, name, size\n")
    result = omm("list", "--format", "{name.length}")
    assert result == (1, "", "Error: --format: there is no {name.length}\n")


def test_format_of_ps_and_show(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/ps"] = (200, {"models": [{"name": "tiny:latest", "context_length": 32}]})
    assert omm("ps", "--format", "{name} {context_length}").out == "tiny:latest 32\n"
    assert omm("show", "tiny", "--format", "{details.family} {capabilities}").out == 'llama ["completion","tools"]\n'


def test_without_a_server_names_for_completion_come_from_the_store(omm: Omm, home: Path) -> None:
    for name in ("registry.ollama.ai/library/tiny/latest", "hf.co/user/repo/Q8_0", "registry.ollama.ai/library/.tmp/x"):
        path = home / "models" / "manifests" / name
        path.parent.mkdir(parents=True)
        path.touch()
    assert omm("--host", "127.0.0.1:1", "__models") == (0, "hf.co/user/repo:Q8_0\ntiny:latest\n", "")
    assert omm("--host", "192.0.2.1.invalid:1", "__models").out == ""
