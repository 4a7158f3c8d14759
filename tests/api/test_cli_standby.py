"""`qingzai roster standby`: what is said of a week in which one person is ready, and one absence cannot be covered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app


def standby(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["roster", "standby", *map(str, arguments)])


@pytest.fixture
def files(tiny: dict[str, Any], tiny_best: dict[str, Any], tmp_path: Path) -> tuple[Path, Path]:
    """v7, who may assist in the whole of Monday, has nothing to do: v2's places can be taken over, no others."""
    like = next(v for v in tiny["volunteers"] if v["id"] == "v2")
    tiny["volunteers"].append(like | {"id": "v7", "available": ["1-am", "1-noon", "1-pm"], "max_segments": 3})
    problem, roster = tmp_path / "problem.json", tmp_path / "roster.json"
    problem.write_text(json.dumps(tiny))
    roster.write_text(json.dumps(tiny_best))
    return problem, roster


def test_what_is_said(files: tuple[Path, Path]) -> None:
    result = standby(*files)
    assert result.exit_code == 0
    assert result.output.splitlines()[:3] == [
        "Monday: 1 on stand-by cover any one of 1 absences; proven: fewer do not",
        "  stand-by: v7",
        "  3 absences that nothing covers:",
    ]


def test_in_chinese(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    assert standby(*files).output.splitlines()[0] == "周一：1 名候补就能顶上 1 个单人缺勤，已证明不能更少"


def test_as_json(files: tuple[Path, Path]) -> None:
    (day,) = json.loads(standby(*files, "--json").output)
    assert (day["weekday"], day["standbys"], day["fewest"], day["covered"]) == (1, ["v7"], 1, ["v2"])
    assert [absence["volunteer"] for absence in day["uncovered"]] == ["v1", "v3", "v4"]
    assert day["uncovered"][0]["duties"][0] == {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}


def test_malformed_input(tmp_path: Path) -> None:
    result = standby(tmp_path / "none.json", "-")
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'none.json'}: no such file\n")
