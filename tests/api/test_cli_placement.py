"""`qingzai placement solve` and `check`: what is written where, exit codes, Ctrl-C, both languages."""

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

PROBLEM, BEST = "tests/data/placement-small-12.json", "tests/data/placement-small-12.best.json"
LARGE = "tests/data/placement-600.json"
QINGZAI = [sys.executable, "-c", "from api.cli import main; main()"]


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["placement", *map(str, arguments)], input=stdin)


def wait_until_listening(process: int) -> None:
    """Until the command has blocked its signals, which it looks at itself: it is reading by then."""
    status = Path(f"/proc/{process}/status")
    for _ in range(200):
        time.sleep(0.1)
        if not status.exists():  # a system that does not tell: long enough on any machine that is not busy
            time.sleep(3)
            return
        if "SigBlk:\t0000000000000000" not in status.read_text():
            return


def test_only_the_result_goes_to_standard_output() -> None:
    result = run("solve", PROBLEM)
    found = json.loads(result.stdout)
    assert (result.exit_code, found["places"]) == (0, json.loads(Path(BEST).read_text())["places"])
    assert found["result"]["levels"][:2] == [
        {"name": "placed.0", "value": 2, "bound": 2},
        {"name": "placed.1", "value": 2, "bound": 2},
    ]
    assert found["without_wish"] == ["a1"]
    assert result.stderr.splitlines() == [
        "note: 3 wishes do not fit the child's grade and are ignored: a1 → c0, a3 → c0, a4 → c3",
        "note: 1 child is left without a wish: a1",
    ]


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    out.write_text("old")
    result = run("solve", "-", "-o", out, stdin=Path(PROBLEM).read_text())
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(out.read_text())["result"]["draw"] == "proven"
    assert [p.name for p in tmp_path.iterdir()] == ["result.json"]


def test_progress_goes_to_standard_error() -> None:
    said = run("solve", PROBLEM, "--progress").stderr.splitlines()
    assert said[2].endswith("s · starting")
    assert said[4:7] == ["5 children have a place", "every level is proven", "  placed.0: 2"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d["policy"].pop("seed"), "policy.seed: the field is missing"),
        (lambda d: d["children"][3]["choices"].append("c1"), "children[3].choices[3]: class 'c1' appears twice"),
        (lambda d: d["children"][0].update(keep=["c9"]), "children[0].keep[0]: no class 'c9'"),
        (lambda d: d["children"][0].update(grade=9), "children[0].grade: no class takes grade 9"),
        (lambda d: d["children"][0].update(choices=[]), "children[0].choices: the list is empty"),
        (lambda d: d["children"][1].update(id="a0"), "children[1].id: child 'a0' appears twice"),
    ],
)
def test_a_bad_file_names_the_place_and_writes_nothing(tmp_path: Path, spoil: Any, said: str) -> None:
    data = json.loads(Path(PROBLEM).read_text())
    spoil(data)
    problem, out = tmp_path / "problem.json", tmp_path / "result.json"
    problem.write_text(json.dumps(data))
    result = run("solve", problem, "-o", out)
    assert (result.exit_code, result.stderr) == (2, f"{said}\n")
    assert not out.exists()


def test_keeps_that_cannot_stand_together(tmp_path: Path) -> None:
    """Two families that must be together each keep one of two places, and each needs the other's."""
    run_ = {"id": "c", "site": "s", "term": 1, "grades": [1, 6], "capacity": 3}
    children = [
        {"id": f"{f}{i}", "grade": 1, "tier": 0, "choices": ["c"], "family": f, "keep": ["c"] if i == 0 else None}
        for f in "fg"
        for i in range(2)
    ]
    data = {"format": "qingzai.placement-problem/1", "classes": [run_], "children": children}
    data["policy"] = {"seed": "s", "families": "together-or-none"}
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(data))
    result = run("solve", problem)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "children: what is kept cannot stand together: families must be together, and there are too few places\n"
    )


def test_a_sound_result() -> None:
    result = run("check", PROBLEM, BEST)
    assert result.output.splitlines()[:2] == ["nothing is wrong", "  placed.0: 2"]
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "the file states no level values")


def test_a_wrong_result_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(run("solve", PROBLEM).stdout)
    data["result"]["levels"][0]["value"] = data["result"]["levels"][0]["bound"] = 3
    data["waitlists"]["c2"].reverse()
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(data))
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    result = run("check", PROBLEM, changed)
    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "发现 2 处问题：",
        "  waitlist: 班次 c2 的候补名单第 1 位应是 a2，写的是 a3",
        "  level: placed.0 写的是 3，数出来是 2",
    ]


def test_a_check_loads_no_solver() -> None:
    code = f"import sys; sys.argv = ['q', 'placement', 'check', {PROBLEM!r}, {BEST!r}]\n"
    code += "from api.cli import main\ntry: main()\nfinally: assert 'ortools' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_writes_the_best_so_far(tmp_path: Path) -> None:
    """Many more children than can be solved at once, as copies that meet in one class run."""
    data = json.loads(Path(LARGE).read_text())
    data["children"] = [{**c, "id": f"{c['id']}-{i}"} for i in range(12) for c in data["children"]]
    for one in data["classes"]:
        one["capacity"] *= 12
    problem, out = tmp_path / "problem.json", tmp_path / "result.json"
    problem.write_text(json.dumps(data))
    command = [*QINGZAI, "placement", "solve", str(problem), "--seconds", "300", "--progress", "-o", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        running.stderr.readline()  # it begins
        time.sleep(6)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said.splitlines()[-1]) == (0, "interrupted: writing the best so far")
    assert json.loads(out.read_text())["result"]["status"] == "feasible"
    assert run("check", problem, out).exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_before_there_is_any_placement(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    command = [*QINGZAI, "placement", "solve", "-", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        wait_until_listening(running.pid)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(Path(PROBLEM).read_text(), timeout=20)
    last = said.splitlines()[-1]
    assert (running.returncode, last) == (3, "interrupted before there was any placement; nothing written")
    assert not out.exists()


def test_explain_says_one_sentence_a_child_or_all_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "en")
    told = run("explain", PROBLEM, BEST)
    assert (told.exit_code, [text.split()[0] for text in told.stdout.splitlines()]) == (0, [f"a{i}" for i in range(7)])
    assert run("explain", PROBLEM, BEST, "--child", "a4").stdout == (
        "a4 has class run c2 (wish 2); wish 1, c3: the child's grade does not fit, so it does not count.\n"
    )
    facts = json.loads(run("explain", PROBLEM, BEST, "--child", "a2", "--json").stdout)
    (child,) = facts["children"]
    assert (facts["format"], child["code"]) == ("qingzai.placement-reasons/1", "no_place")
    assert child["free"] == [{"class": "c1", "site": "s1", "term": 2, "places": 2}]
    assert child["unmet"][0]["own"] == {"tier": 1, "rank": 1, "number": child["number"]}


def test_explain_refuses_what_it_cannot_explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "en")
    unknown = run("explain", PROBLEM, BEST, "--child", "nobody")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "--child" in unknown.stderr
    data = json.loads(Path(BEST).read_text())
    data["places"][0]["rank"] = 5
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(data))
    refused = run("explain", PROBLEM, broken)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "this result breaks rules" in refused.stderr
