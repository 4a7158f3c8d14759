"""`qingzai roster check`: exit codes and what is said, in both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

PROBLEM, BEST = "tests/data/tiny-week.json", "tests/data/tiny-week.best.json"


def check(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["roster", "check", *map(str, arguments)], input=stdin)


def written(folder: Path, data: object) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(data))
    return path


def test_a_sound_roster() -> None:
    result = check(PROBLEM, BEST)
    assert result.output == "no rule is broken\ncost: safety 3, programme 1, quality 44\nas the file states\n"
    assert result.exit_code == 0


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    result = check(PROBLEM, BEST)
    assert result.output == "没有违反任何规则\n代价：安全 3，课程 1，质量 44\n与文件所写一致\n"


def test_standard_input() -> None:
    assert check(PROBLEM, "-", stdin=Path(BEST).read_text()).exit_code == 0
    assert check("-", BEST, stdin=Path(PROBLEM).read_text()).exit_code == 0


def test_standard_input_is_read_once_only() -> None:
    result = check("-", "-", stdin="{}")
    assert (result.exit_code, result.stderr) == (2, "-: only one file can be read from standard input\n")


def test_a_wrong_cost(tmp_path: Path, tiny_best: dict[str, Any]) -> None:
    tiny_best["result"]["cost"]["quality"] = 43
    result = check(PROBLEM, written(tmp_path, tiny_best))
    assert result.output == (
        "no rule is broken\n"
        "cost: safety 3, programme 1, quality 44\n"
        "the file states another cost: safety 3, programme 1, quality 43\n"
    )
    assert result.exit_code == 1


def test_no_stated_cost(tmp_path: Path, tiny_best: dict[str, Any]) -> None:
    del tiny_best["result"]
    result = check(PROBLEM, written(tmp_path, tiny_best))
    assert result.output.endswith("quality 44\nthe file states none\n")
    assert result.exit_code == 0


def test_a_broken_rule(tmp_path: Path, tiny: dict[str, Any]) -> None:
    next(v for v in tiny["volunteers"] if v["id"] == "v2")["cleared"] = False
    result = check(written(tmp_path, tiny), BEST)
    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "2 rules broken:",
        "  clearance: v2 is not cleared to be with children — v2 assists c1 in 1-am",
        "  clearance: v2 is not cleared to be with children — v2 assists c1 in 1-noon",
    ]


def test_an_override(tmp_path: Path, tiny: dict[str, Any], tiny_best: dict[str, Any]) -> None:
    """v2's home is moved out of reach; the two pins waive it."""
    next(v for v in tiny["volunteers"] if v["id"] == "v2")["reach_km"] = 0
    pins = [d | {"waives": ["reach"]} for d in tiny_best["duties"] if d["volunteer"] == "v2"]
    tiny["pins"] = {"duties": pins, "lessons": []}
    result = check(written(tmp_path, tiny), BEST)
    assert result.output.startswith("2 overridden by pins:\n  reach: v2 lives too far from the site (")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: p["volunteers"][1]["available"].append("6-am"), "no segment '6-am'"),
        (lambda p: p["volunteers"][1]["available"].append(6), "expected string, found int"),
    ],
)
def test_malformed(tmp_path: Path, tiny: dict[str, Any], spoil: Any, said: str) -> None:
    place = f"volunteers[1].available[{len(tiny['volunteers'][1]['available'])}]"
    spoil(tiny)
    result = check(written(tmp_path, tiny), BEST)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{place}: {said}\n")


def test_malformed_in_chinese(tmp_path: Path, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    tiny["volunteers"][0]["available"] = ["6-am"]
    result = check(written(tmp_path, tiny), BEST)
    assert result.stderr == "volunteers[0].available[0]: no segment '6-am'（没有编号为“6-am”的时段）\n"


def test_broken_json(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"format": ')
    result = check(path, BEST)
    assert (result.exit_code, result.stderr) == (2, "line 1 column 12: not valid JSON: Expecting value\n")


def test_a_missing_file() -> None:
    result = check("nowhere.json", BEST)
    assert (result.exit_code, result.stderr) == (2, "nowhere.json: no such file\n")


def test_check_never_loads_the_solver_or_the_web() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from api.cli import app\n"
        f"assert CliRunner().invoke(app, ['roster', 'check', {PROBLEM!r}, {BEST!r}]).exit_code == 0\n"
        "print(sorted({'ortools', 'numpy', 'pandas', 'fastapi', 'sqlmodel', 'jinja2'} & sys.modules.keys()))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
