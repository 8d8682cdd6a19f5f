"""Names that stand for models, over a real store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from omm.config import Settings
from omm.engine.devices import Devices
from omm.errors import InvalidRequest, NotFound
from omm.service.library import Library
from omm.service.planning import Planner, PlanRequest
from omm.types import CreateRequest

ALIASES = """\
[alias]
"gpt-4o" = "tiny"
smart = "gpt-4o"
"claude-*" = "smart"
gone = "absent"
[model.smart]
num_ctx = 256
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "c.toml").write_text(ALIASES)
    env = {"OMM_CONFIG": str(tmp_path / "c.toml"), "OMM_SOURCES": "tiny"}
    return Settings.load(env, models=tmp_path / "models")


@pytest.fixture
def library(settings: Settings) -> Library:
    """A store with the model that ships, pulled by an alias."""
    library = Library(settings)
    assert [*library.pull("smart")][-1].status == "success"
    return library


def test_a_pull_brings_the_model_itself(library: Library) -> None:
    assert [summary.name for summary in library.list()] == ["tiny:latest"]


def test_a_pattern_hides_no_model_from_pulls(library: Library) -> None:
    with pytest.raises(NotFound, match="claude-next"):
        list(library.pull("claude-next"))


@pytest.mark.parametrize("name", ["gpt-4o", "GPT-4o:latest", "smart", "claude-opus@20260101"])
def test_a_model_is_found_by_an_alias(library: Library, name: str) -> None:
    record = library.find(name)
    assert (record.name, record.alias) == ("tiny:latest", name)
    assert library.find("tiny").alias == ""


def test_a_model_is_made_from_what_an_alias_stands_for(library: Library) -> None:
    assert [*library.create(CreateRequest(model="mine", base="smart", system="Be brief."))][-1].status == "success"
    assert library.find("mine").weights == library.find("tiny").weights


def test_what_is_not_stored_is_named_by_its_own_name(library: Library) -> None:
    with pytest.raises(NotFound, match="'absent:latest' not found"):
        library.find("gone")
    with pytest.raises(InvalidRequest):
        library.find("no@alias")


def test_a_stored_model_wins(library: Library) -> None:
    library.copy("tiny", "claude-mine")
    assert (library.find("claude-mine").name, library.find("claude-mine").alias) == ("claude-mine:latest", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda library: library.delete("gpt-4o"),
        lambda library: library.copy("gpt-4o", "other"),
        lambda library: library.export("gpt-4o"),
        lambda library: library.push("gpt-4o"),
    ],
)
def test_what_changes_or_copies_models_takes_their_names(library: Library, change: Callable[[Library], object]) -> None:
    with pytest.raises((NotFound, InvalidRequest)):
        change(library)
    assert [summary.name for summary in library.list()] == ["tiny:latest"]


def test_deleting_an_alias_tells_what_it_is(library: Library) -> None:
    with pytest.raises(NotFound, match="'smart' is an alias of 'tiny'"):
        library.delete("smart")


def test_plans_go_by_the_alias(library: Library, settings: Settings) -> None:
    planner = Planner(library, settings, Devices(list))
    plan = planner.plan(PlanRequest(model="smart"))
    assert plan.model.name == "tiny:latest"
    assert plan.memory is not None
    assert plan.memory.num_ctx == 256
    with pytest.raises(NotFound, match="'absent' not found"):
        planner.plan(PlanRequest(model="gone"))
