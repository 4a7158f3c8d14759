"""Whatever the interface's own description allows, and much that it forbids, is asked of it: every answer is one that
the description names, in the shape it names, and none is a crash."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.app import create_app
from api.settings import Settings

DESCRIPTION = "/api/v1/openapi.json"
OPERATIONS = create_app(Settings("sqlite:///never-opened.db")).openapi()["paths"]
PATHS = sorted(OPERATIONS)
ASKED = [(path, GenerationMode.POSITIVE) for path in PATHS]
ASKED += [(path, GenerationMode.NEGATIVE) for path in PATHS if OPERATIONS[path]["get"].get("parameters")]
THERE = {"week": "2026-07-06", "draft": 1, "classes": "c1", "sites": "s1", "volunteers": "v1"}
THERE |= {"segments": "1-am", "slots": "1-1", "domains": "aesthetic"}
"""What the small workbook's week holds, by the name of a path's parameter or by what stands before it."""

few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described(week_url: str) -> Any:
    return schemathesis.openapi.from_asgi(DESCRIPTION, create_app(Settings(week_url)))


def test_all_paths_are_described() -> None:
    assert len(PATHS) == 27
    assert all(path.startswith("/api/v1/") for path in PATHS)


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_every_answer_is_as_described(described: Any, path: str, mode: GenerationMode) -> None:
    @few
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        # A schema cannot say that a date is a Monday: such a date may be refused.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    ask()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_about_what_is_there_is_as_described(described: Any, path: str) -> None:
    """By chance alone hardly any path would name a week that has a roster."""
    codes = set()

    @few
    @given(case=described[path]["GET"].as_strategy())
    def ask(case: Case) -> None:
        for name in case.path_parameters:
            before = path.partition("/{" + name)[0].rpartition("/")[2]
            case.path_parameters[name] = THERE.get(name) or THERE[before]
        codes.add(case.call_and_validate().status_code)

    ask()
    assert codes == {200}
