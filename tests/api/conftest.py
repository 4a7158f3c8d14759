"""What the tests of the `api` floor share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands speak English unless a test asks for something else."""
    monkeypatch.setenv("QINGZAI_LANG", "en")


@pytest.fixture
def tiny() -> dict[str, Any]:
    """The smallest example problem, to be spoilt."""
    found: dict[str, Any] = json.loads((DATA / "tiny-week.json").read_text())
    return found


@pytest.fixture
def tiny_best() -> dict[str, Any]:
    """Its best roster."""
    found: dict[str, Any] = json.loads((DATA / "tiny-week.best.json").read_text())
    return found
