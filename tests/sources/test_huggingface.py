"""Hugging Face: which file a name means, and getting it with the real client from a hub on this machine."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from omm.errors import NotFound, OmmError, SourceUnavailable, Unsupported
from omm.names import ModelName
from omm.sources.base import Origin, SourceFile
from omm.sources.huggingface import HuggingFace, choose, choose_draft, choose_projector, parts_of
from omm.store.blobs import BlobStore
from tests.sources.conftest import quick
from tests.sources.hub import REVISION, Hub

REPO = "some-user/Some.Model-GGUF"
NAME = ModelName.parse(f"hf.co/{REPO}")
CONTENT = os.urandom(3_000_000)
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"

QUANTS = ["m-Q2_K.gguf", "m-Q4_K_M.gguf", "m-Q4_K_S.gguf", "m-Q8_0.gguf", "m-BF16.gguf", "m-F16.gguf"]


# --- choosing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "tag", "chosen"),
    [
        (QUANTS, "latest", "m-Q4_K_M.gguf"),
        (QUANTS, "LATEST", "m-Q4_K_M.gguf"),
        (QUANTS, "q8_0", "m-Q8_0.gguf"),
        (QUANTS, "F16", "m-F16.gguf"),
        (QUANTS, "bf16", "m-BF16.gguf"),
        (QUANTS, "m-Q2_K.gguf", "m-Q2_K.gguf"),
        (QUANTS, "M-q2_k", "m-Q2_K.gguf"),
        (QUANTS[3:], "latest", "m-Q8_0.gguf"),
        (["m-UD-Q4_K_XL.gguf", "m-IQ1_S.gguf"], "latest", "m-UD-Q4_K_XL.gguf"),
        (["m.Q4_K_M.gguf"], "Q4_K_M", "m.Q4_K_M.gguf"),
        (["Q4_K_M/m.gguf", "Q8_0/m.gguf"], "Q8_0", "Q8_0/m.gguf"),
        (["anything.gguf"], "latest", "anything.gguf"),
        (["mmproj-F16.gguf", "m-Q8_0.gguf"], "F16", None),
        (["mmproj-F16.gguf"], "latest", None),
        (QUANTS, "Q5_K_M", None),
        (QUANTS, "Q4_K", None),
        ([], "latest", None),
    ],
)
def test_the_file_a_tag_means(paths: list[str], tag: str, chosen: str | None) -> None:
    if chosen is None:
        with pytest.raises(NotFound):
            choose(paths, tag, REPO)
    else:
        assert choose(paths, tag, REPO) == chosen


def test_an_unknown_tag_is_told_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"no file for 'Q9'; it has: Q4_K_M, Q4_K_S, Q8_0, Q2_K, F16, BF16$"):
        choose(QUANTS, "Q9", REPO)


SPLIT = ["BF16/m-BF16-00001-of-00002.gguf", "BF16/m-BF16-00002-of-00002.gguf"]


def test_a_split_file_is_one_model() -> None:
    for tag in ("latest", "BF16", "m-BF16", "m-BF16-00001-of-00002.gguf"):
        assert choose(SPLIT, tag, REPO) == SPLIT[0]
    assert parts_of(SPLIT[0], SPLIT, REPO) == SPLIT
    assert choose([*SPLIT, "m-Q8_0.gguf"], "latest", REPO) == "m-Q8_0.gguf"
    assert parts_of("m-Q8_0.gguf", ["m-Q8_0.gguf"], REPO) == ["m-Q8_0.gguf"]


def test_a_split_file_must_be_complete() -> None:
    with pytest.raises(NotFound, match=r"split into 2 parts, and BF16/m-BF16-00002-of-00002.gguf is missing"):
        parts_of(SPLIT[0], SPLIT[:1], REPO)


def test_the_projector_that_is_taken() -> None:
    assert choose_projector(["mmproj-BF16.gguf", "mmproj-model-f16.gguf", "m-Q8_0.gguf"]) == "mmproj-model-f16.gguf"
    assert choose_projector(["m-mmproj.gguf"]) == "m-mmproj.gguf"
    assert choose_projector(QUANTS) is None


def test_the_draft_that_is_taken_is_never_the_model() -> None:
    drafts = ["draft-Q4_K_M.gguf", "draft-Q8_0.gguf"]
    assert choose_draft([*QUANTS, *drafts]) == "draft-Q4_K_M.gguf"
    assert choose([*drafts, "a-much-longer-name-Q8_0.gguf"], "latest", REPO) == "a-much-longer-name-Q8_0.gguf"
    assert choose([*QUANTS, *drafts], "draft-Q8_0.gguf", REPO) == "draft-Q8_0.gguf"
    assert choose(drafts, "latest", REPO) == "draft-Q4_K_M.gguf"
    assert choose_draft(drafts) is None
    assert choose_draft([*QUANTS, "m-Q4_K_M-redrafted.gguf"]) is None


# --- resolving --------------------------------------------------------------------------------------------------


def test_only_the_hubs_names_match(source: HuggingFace) -> None:
    assert source.matches(NAME)
    assert source.matches(ModelName.parse("HuggingFace.co/a/b"))
    assert not source.matches(ModelName.parse("tiny"))
    assert not source.matches(ModelName.parse("example.com/a/b"))


def test_resolve_finds_digests_and_pins_the_revision(hub: Hub, source: HuggingFace) -> None:
    hub.add(REPO, **{"README__md": b"#", "m-Q4_K_M__gguf": CONTENT, "m-Q8_0__gguf": b"x", "mmproj-F16__gguf": b"eyes"})
    hub.add(REPO, **{"m-draft-Q8_0__gguf": b"small"})
    model, projector, draft = source.resolve(NAME).files
    assert (model.kind, model.digest, model.size) == ("model", DIGEST, len(CONTENT))
    assert model.location == f"{hub.url}/{REPO}/resolve/{REVISION}/m-Q4_K_M.gguf"
    assert (projector.kind, projector.size) == ("projector", 4)
    assert (draft.kind, draft.size) == ("draft", 5)


def test_resolve_records_where_a_model_is_from(hub: Hub, source: HuggingFace) -> None:
    hub.add(REPO, **{"m-Q4_K_M__gguf": CONTENT})
    assert source.resolve(NAME).origin == Origin(source=f"hf.co/{REPO}", revision=REVISION, file="m-Q4_K_M.gguf")


def test_resolve_finds_all_parts_in_order(hub: Hub, source: HuggingFace) -> None:
    hub.add(REPO, **{"m-Q8_0-00002-of-00002__gguf": b"two", "m-Q8_0-00001-of-00002__gguf": b"1"})
    files = source.resolve(NAME).files
    assert [(file.kind, file.size) for file in files] == [("model", 1), ("model", 3)]


@pytest.mark.parametrize("path", ["../m-Q4_K_M.gguf", "/m-Q4_K_M.gguf", "a/../../m-Q4_K_M.gguf", "a\\m-Q4_K_M.gguf"])
def test_dishonest_paths_are_not_taken(hub: Hub, source: HuggingFace, path: str) -> None:
    hub.repos[REPO] = {path: CONTENT}
    with pytest.raises(NotFound, match="has no GGUF files"):
        source.resolve(NAME)


def test_files_without_checksum_are_refused(hub: Hub, source: HuggingFace) -> None:
    hub.add(REPO, m__gguf=CONTENT)
    hub.without_lfs = True
    with pytest.raises(Unsupported, match="no checksum"):
        source.resolve(NAME)


def refusal(source: HuggingFace, name: ModelName = NAME) -> OmmError:
    with pytest.raises(OmmError) as caught:
        source.resolve(name)
    return caught.value


def test_what_the_hub_refuses_is_explained(hub: Hub, source: HuggingFace) -> None:
    missing = refusal(source)
    assert isinstance(missing, NotFound)
    assert "no repository some-user/Some.Model-GGUF" in missing.message
    assert "HF_TOKEN" in missing.message
    hub.add(REPO, m__gguf=CONTENT)
    hub.gated.add(REPO)
    gated = refusal(source)
    assert isinstance(gated, SourceUnavailable)
    assert f"accept its terms at {hub.url}/{REPO}" in gated.message
    hub.api_status = 503
    broken = refusal(source)
    assert isinstance(broken, SourceUnavailable)
    assert "HTTP 503" in broken.message


def test_names_that_the_hub_does_not_allow_are_not_found(source: HuggingFace) -> None:
    assert isinstance(refusal(source, ModelName.parse("hf.co/a/b--c..d")), NotFound)


def test_a_hub_that_cannot_be_reached_is_unavailable() -> None:
    error = refusal(HuggingFace(endpoint="http://127.0.0.1:9", downloads=quick()))
    assert isinstance(error, SourceUnavailable)
    assert "cannot reach http://127.0.0.1:9" in error.message


@pytest.mark.parametrize("page", [b"<html>Please log in", b"{}", b"[]", b'{"id": 1, "siblings": [{}]}'])
def test_a_page_of_another_program_is_unavailable(hub: Hub, source: HuggingFace, page: bytes) -> None:
    hub.api_page = page
    with pytest.raises(SourceUnavailable, match="answers, but not as Hugging Face does"):
        source.resolve(NAME)


# --- fetching ---------------------------------------------------------------------------------------------------


def resolved(hub: Hub, source: HuggingFace) -> SourceFile:
    hub.add(REPO, **{"m-Q4_K_M__gguf": CONTENT})
    return source.resolve(NAME).files[0]


def test_fetch_downloads_with_progress(hub: Hub, source: HuggingFace, blobs: BlobStore) -> None:
    steps = list(source.fetch(resolved(hub, source), blobs))
    assert steps == sorted(steps)
    assert steps[-1] == len(CONTENT)
    assert blobs.read(DIGEST, 1 << 30) == CONTENT
    assert list(source.fetch(resolved(hub, source), blobs)) == []
    assert len(hub.file_requests) == 1


def test_the_token_goes_to_the_hub_and_nowhere_else(hub: Hub, blobs: BlobStore) -> None:
    source = HuggingFace(endpoint=hub.url, downloads=quick(), token="hf_secret")
    hub.tokens = {"hf_secret"}
    list(source.fetch(resolved(hub, source), blobs))
    assert all(request.headers["authorization"] == "Bearer hf_secret" for request in hub.api_requests)
    assert len(hub.api_requests) == 2
    assert "authorization" not in hub.file_requests[0].headers


def run(script: str, **env: str) -> str:
    """Run a script in a process of its own, because the client reads its settings once."""
    head = "from omm.names import ModelName; from omm.sources.huggingface import HuggingFace\n"
    head += "from omm.sources.download import Downloads\n"
    done = subprocess.run(
        [sys.executable, "-c", head + script], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_offline_mode_is_explained(tmp_path: Path) -> None:
    script = f"try: HuggingFace(downloads=Downloads()).resolve(ModelName.parse('hf.co/{REPO}'))\n"
    script += "except Exception as exc: print(repr(exc))"
    assert run(script, HF_HUB_OFFLINE="1", HF_HOME=str(tmp_path)).startswith(
        "SourceUnavailable('cannot reach Hugging F"
    )


def test_endpoint_and_token_come_from_the_usual_variables(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPO, m__gguf=CONTENT)
    hub.tokens = {"hf_from_env"}
    script = f"print(HuggingFace(downloads=Downloads()).resolve(ModelName.parse('hf.co/{REPO}')).files[0].digest)"
    assert run(script, HF_ENDPOINT=hub.url, HF_TOKEN="hf_from_env", HF_HOME=str(tmp_path)) == DIGEST


# --- searching --------------------------------------------------------------------------------------------------


def test_search_asks_the_hub(hub: Hub, source: HuggingFace) -> None:
    hub.add("a/Some-GGUF", m__gguf=b"x")
    hub.add("b/some-other-GGUF", m__gguf=b"x")
    hub.add("c/else-GGUF", m__gguf=b"x")
    found = source.search("some", 20)
    assert [(row.name, row.license, row.num_downloads) for row in found] == [
        ("hf.co/a/Some-GGUF", "mit", 10),
        ("hf.co/b/some-other-GGUF", "mit", 11),
    ]
    assert len(source.search("some", 1)) == 1


@pytest.mark.parametrize(("status", "page"), [(500, None), (0, b"<html>Please log in"), (0, b"[1]")])
def test_a_search_that_fails_says_so(hub: Hub, source: HuggingFace, status: int, page: bytes | None) -> None:
    hub.api_status, hub.api_page = status, page
    with pytest.raises(SourceUnavailable):
        source.search("some", 20)


def test_a_search_without_a_network_ends_at_once(capsys: pytest.CaptureFixture[str], hub: Hub) -> None:
    with pytest.raises(SourceUnavailable, match=r"cannot search http://127\.0\.0\.1:9: (?!\[Errno)"):
        HuggingFace(endpoint="http://127.0.0.1:9", downloads=quick()).search("some", 20)
    hub.api_status = 503
    with pytest.raises(SourceUnavailable):
        HuggingFace(endpoint=hub.url, downloads=quick()).search("some", 20)
    assert len(hub.api_requests) == 1
    assert capsys.readouterr() == ("", "")
