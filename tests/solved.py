"""Drafts for tests that need some roster and not the solver: the same problem is solved once in a test run."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from registry.db import Sessions
from registry.engine.rosters import solve_problem
from registry.rostering import drafts
from registry.rostering.tables import RosterDraft

_kept: dict[str, dict[str, Any]] = {}


def solved_draft(made: Sessions, monday: date, *, seconds: float = 1) -> RosterDraft:
    """A finished draft of a week, as `make_draft` leaves it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "solve_problem", _remembered)
        return drafts.make_draft(made, monday, seconds=seconds, workers=1)


def _remembered(problem_json: dict[str, Any], **effort: Any) -> dict[str, Any]:
    asked = json.dumps([problem_json, effort["seconds"]], sort_keys=True)
    if asked not in _kept:
        _kept[asked] = solve_problem(problem_json, **effort)
    return json.loads(json.dumps(_kept[asked]))  # type: ignore[no-any-return]
