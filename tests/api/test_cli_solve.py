"""`qingzai roster solve`: what is written where, exit codes, Ctrl-C."""

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

PROBLEM = "tests/data/tiny-week.json"
BEST = "tests/data/tiny-week.best.json"
TOWN = "tests/data/town-week.json"
QINGZAI = [sys.executable, "-c", "from api.cli import main; main()"]


def solve(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["roster", "solve", *map(str, arguments)], input=stdin)


def test_only_the_roster_goes_to_standard_output() -> None:
    result = solve(PROBLEM, "--seconds", "5")
    assert json.loads(result.stdout)["result"]["cost"] == {"safety": 3, "programme": 1, "quality": 44}
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    out = tmp_path / "roster.json"
    out.write_text("old")
    result = solve("-", "-o", out, "--seconds", "5", stdin=Path(PROBLEM).read_text())
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(out.read_text())["result"]["status"] == "optimal"
    assert [p.name for p in tmp_path.iterdir()] == ["roster.json"]


def test_progress_goes_to_standard_error() -> None:
    result = solve(PROBLEM, "--seconds", "5", "--progress")
    last = result.stderr.splitlines()[-1]
    assert last.split(" · ")[1:] == [
        "done",
        "safety gaps: 3, proven: no roster can do better",
        "programme gaps: 1, proven: no roster can do better",
        "quality cost: 44, proven: no roster can do better",
    ]


def test_deterministic_files_are_equal_but_for_seconds() -> None:
    first, second = (json.loads(solve(PROBLEM, "--deterministic", "4").stdout) for _ in range(2))
    del first["result"]["seconds"], second["result"]["seconds"]
    assert first == second


def test_a_start_is_never_made_worse() -> None:
    result = solve(PROBLEM, "--start", "tests/data/tiny-week.best.json", "--seconds", "2")
    assert json.loads(result.stdout)["result"]["cost"] == {"safety": 3, "programme": 1, "quality": 44}


def test_a_start_of_another_week_is_refused(tmp_path: Path, tiny_best: dict[str, Any]) -> None:
    other, out = tmp_path / "other.json", tmp_path / "roster.json"
    tiny_best["duties"][1]["volunteer"] = "v77"
    other.write_text(json.dumps(tiny_best))
    result = solve(PROBLEM, "--start", other, "-o", out)
    said = f"{other}: this roster is not one of the problem's week: duties[1].volunteer: no volunteer 'v77'\n"
    assert (result.exit_code, result.stderr) == (2, said)
    assert not out.exists()


def test_a_start_with_hours_that_a_class_has_not_is_refused(tmp_path: Path, tiny: dict[str, Any]) -> None:
    """The roster has a lesson in each slot and a duty in each segment of c2, which here keeps its first of both."""
    shorter = tmp_path / "shorter.json"
    tiny["classes"][1]["segments"] = tiny["classes"][1]["segments"][:1]
    tiny["classes"][1]["slots"] = []
    shorter.write_text(json.dumps(tiny))
    result = solve(shorter, "--start", BEST)
    first = next(i for i, x in enumerate(json.loads(Path(BEST).read_text())["lessons"]) if x["class"] == "c2")
    assert result.exit_code == 2
    assert f"this roster is not one of the problem's week: lessons[{first}].slot: class c2 has no slot" in result.stderr


def test_an_unknown_site(tmp_path: Path) -> None:
    out = tmp_path / "roster.json"
    result = solve(PROBLEM, "--site", "s99", "-o", out)
    assert (result.exit_code, result.stderr) == (2, "--site: no site 's99'\n")
    assert not out.exists()


def test_an_output_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "roster.json"
    result = solve(PROBLEM, "-o", out)
    assert (result.exit_code, result.stderr) == (2, f"{out}: no folder '{out.parent}'\n")


def test_pins_that_contradict_each_other(tmp_path: Path, tiny: dict[str, Any]) -> None:
    pin = {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}
    tiny["pins"] = {"duties": [pin, pin | {"class": "c2"}], "lessons": []}
    problem, out = tmp_path / "problem.json", tmp_path / "roster.json"
    problem.write_text(json.dumps(tiny))
    result = solve(problem, "-o", out)
    assert result.exit_code == 2
    assert "pins: one_place: v1 is in two places at the same time — " in result.stderr
    assert not out.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_writes_the_best_so_far(tmp_path: Path, number: int) -> None:
    out = tmp_path / "roster.json"
    command = [*QINGZAI, "roster", "solve", TOWN, "--seconds", "60", "--progress", "-o", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        assert any("safety" in line for line in running.stderr)  # reads on until the first roster is there
        time.sleep(2.5)  # in the middle of a solver call
        running.send_signal(number)
        began = time.monotonic()
        _, said = running.communicate(timeout=20)
    assert (running.returncode, said.splitlines()[-1]) == (0, "interrupted: writing the best so far")
    assert time.monotonic() - began < 10
    assert json.loads(out.read_text())["result"]["status"] == "feasible"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_before_there_is_any_roster(tmp_path: Path) -> None:
    """It comes while the problem is still being read from standard input."""
    out = tmp_path / "roster.json"
    command = [*QINGZAI, "roster", "solve", "-", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(Path(PROBLEM).read_text(), timeout=20)
    assert (running.returncode, said) == (3, "interrupted before there was any roster; nothing written\n")
    assert not out.exists()


def test_a_folder_is_no_place_for_the_roster(tmp_path: Path) -> None:
    result = solve(PROBLEM, "-o", tmp_path, "--seconds", "1")
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}: is a folder; give the name of a file\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    command = [*QINGZAI, "roster", "solve", PROBLEM, "--seconds", "1"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (
        2, "-: cannot be written: No space left on device. Nothing was written\n",
    )  # fmt: skip


def test_seconds_without_end_are_refused() -> None:
    result = solve(PROBLEM, "--seconds", "inf")
    assert (result.exit_code, "less than or equal to 604800" in result.stderr) == (2, True)
