"""`qingzai roster repair`, and `roster check` of what it writes: what is written where, exit codes, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

TOWN = Path("tests/data/town-week.json")
QINGZAI = [sys.executable, "-c", "from api.cli import main; main()"]


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["roster", *map(str, arguments)], input=stdin)


@pytest.fixture
def damaged(tiny: dict[str, Any], tiny_best: dict[str, Any]) -> dict[str, Any]:
    """v3, who gives both lessons of c1, is away.

    c1 then lacks two lessons and their two domains. Only v4, who has the morning with c2, can give one of the two
    courses left, and only in the afternoon, where v4 is with c1 anyway: one person, one entry more; programme 5 → 4.
    """
    tiny["published"] = tiny_best
    for person in tiny["volunteers"]:
        if person["id"] == "v3":
            person["available"] = []
    return tiny


def written(folder: Path, data: object, name: str = "problem.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data))
    return path


def test_a_repair_with_all_five_levels_proven(damaged: dict[str, Any], tmp_path: Path) -> None:
    result = run("repair", written(tmp_path, damaged))
    assert (result.exit_code, result.stderr) == (0, "")
    roster = json.loads(result.stdout)
    levels = {"safety": 3, "programme": 4, "people": 1, "changes": 3, "quality": 42}
    assert (roster["result"]["cost"], roster["result"]["bound"]) == (levels, levels)
    assert roster["lessons"] == [
        {"class": "c1", "slot": "1-2", "course": "k2", "instructor": "v4", "room": None},
        {"class": "c2", "slot": "1-1", "course": "k2", "instructor": "v4", "room": None},
    ]
    assert {json.dumps(d) for d in roster["duties"]} == {json.dumps(d) for d in damaged["published"]["duties"]}


def test_from_standard_input_to_a_file(damaged: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "roster.json"
    result = run("repair", "-", "-o", out, stdin=json.dumps(damaged))
    assert (result.exit_code, result.stdout, json.loads(out.read_text())["result"]["status"]) == (0, "", "optimal")


def test_progress_tells_five_levels(damaged: dict[str, Any], tmp_path: Path) -> None:
    said = run("repair", written(tmp_path, damaged), "--progress").stderr.splitlines()[-1]
    assert said.split(" · ")[1:] == [
        "done",
        "safety gaps: 3, proven: no roster can do better",
        "programme gaps: 4, proven: no roster can do better",
        "people disturbed: 1, proven: no roster can do better",
        "entries changed: 3, proven: no roster can do better",
        "quality cost: 42, proven: no roster can do better",
    ]


@pytest.mark.parametrize("level", [None, "people", "changes", "quality", "safety"])
def test_check_judges_a_repair_by_the_published_roster(
    damaged: dict[str, Any], tmp_path: Path, level: str | None
) -> None:
    problem = written(tmp_path, damaged)
    roster = json.loads(run("repair", problem).stdout)
    if level:
        roster["result"]["cost"][level] += 1
    result = run("check", problem, written(tmp_path, roster, "roster.json"))
    first, cost, same, *_ = result.output.splitlines()
    assert (first, cost) == (
        "no rule is broken",
        "cost of the repair: safety 3, programme 4, people 1, changes 3, quality 42",
    )
    assert (same == "as the file states", result.exit_code) == ((True, 0) if level is None else (False, 1))


def test_check_without_a_published_roster_judges_three_levels(
    damaged: dict[str, Any], tiny: dict[str, Any], tmp_path: Path
) -> None:
    roster = json.loads(run("repair", written(tmp_path, damaged)).stdout)
    result = run("check", written(tmp_path, tiny | {"published": None}), written(tmp_path, roster, "roster.json"))
    assert result.output.splitlines() == [
        "the file states people and changes of a repair; the problem has no published roster to judge them by",
        "no rule is broken",
        "cost: safety 3, programme 4, quality 42",
        "as the file states",
    ]
    assert result.exit_code == 0


def test_pins_that_have_become_impossible_are_dropped_and_listed(damaged: dict[str, Any], tmp_path: Path) -> None:
    lesson = next(x for x in damaged["published"]["lessons"] if x["slot"] == "1-1" and x["instructor"] == "v3")
    damaged["pins"] = {"duties": [], "lessons": [lesson]}
    result = run("repair", written(tmp_path, damaged))
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "1 pin has become impossible and was dropped:",
        "  v3 gives k3 to c1 in 1-1 (home room)",
    ]
    dropped = json.loads(result.stdout)["result"]["dropped_pins"]
    assert dropped == {"duties": [], "lessons": [lesson | {"waives": []}]}


def test_a_pin_that_was_never_possible_is_an_error(damaged: dict[str, Any], tmp_path: Path) -> None:
    pin = {"volunteer": "v3", "class": "c1", "segment": "1-am", "role": "assistant"}
    damaged["pins"] = {"duties": [pin], "lessons": []}
    out = tmp_path / "roster.json"
    result = run("repair", written(tmp_path, damaged), "-o", out)
    assert result.exit_code == 2
    assert "pins: availability: v3 is not available in 1-am — " in result.stderr
    assert not out.exists()


def test_without_a_published_roster_there_is_nothing_to_repair(tiny: dict[str, Any], tmp_path: Path) -> None:
    result = run("repair", written(tmp_path, tiny | {"published": None}))
    assert (result.exit_code, result.stderr) == (
        2,
        "published: there is no published roster: there is nothing to repair\n",
    )


def test_a_class_that_is_gone_is_no_error(damaged: dict[str, Any], tmp_path: Path) -> None:
    """Its lead, v4, loses three entries and disturbs nobody; what is published for it names a class no more."""
    damaged["classes"] = [c for c in damaged["classes"] if c["id"] != "c2"]
    damaged["bans"] = [b for b in damaged["bans"] if b.get("class") != "c2"]
    roster = json.loads(run("repair", written(tmp_path, damaged)).stdout)
    assert {d["class"] for d in roster["duties"]} == {"c1"}
    assert roster["result"]["cost"]["people"] == 0


def test_a_roster_without_a_cost_is_told(damaged: dict[str, Any], tmp_path: Path) -> None:
    del damaged["published"]["result"]
    result = run("repair", written(tmp_path, damaged))
    assert result.stderr == (
        "note: the published roster states no cost; it counts as 0, so that old gaps are chased too\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_writes_the_best_so_far(tmp_path: Path) -> None:
    """A whole town's week published empty: there is work for much longer than two seconds."""
    week = json.loads(TOWN.read_text())
    week["published"] = {"format": "qingzai.roster/1", "duties": [], "lessons": []}
    out = tmp_path / "roster.json"
    command = [
        *QINGZAI,
        "roster",
        "repair",
        str(written(tmp_path, week)),
        "--seconds",
        "60",
        "--progress",
        "-o",
        str(out),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        while "first roster" not in running.stderr.readline():
            pass
        time.sleep(2)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said.splitlines()[-1]) == (0, "interrupted: writing the best so far")
    assert time.monotonic() - began < 15
    assert json.loads(out.read_text())["result"]["status"] == "feasible"
