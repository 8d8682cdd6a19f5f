"""Requests of all kinds that the document allows, and many that it does not: each answer is one that it declares."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from omm.api.app import create_app
from omm.api.operations import OPERATIONS
from omm.api.services import Services
from omm.config import Settings
from omm.store.responses import Bounds, MemoryStore
from tests.fakes import FakeInference, FakeLibrary, record

CASES = 35  # of each operation; together more than 2,000
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The document of an application that keeps responses, as the routes about them have errors of their own if not."""
    options = Settings.load({}, models=tmp_path_factory.mktemp("models"))
    library = FakeLibrary(records={"tiny:latest": record()})
    services = Services(
        FakeInference(), library, responses=MemoryStore(Bounds(max_count=10, max_age_s=60)), settings=options
    )
    return schemathesis.openapi.from_wsgi("/openapi.json", create_app(services, options))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_answer_is_one_of_those_declared(api: Any, method: str, path: str) -> None:
    @given(case=api[path][method].as_strategy())
    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    check()
