"""`qingzai placement after` and `next`: through the command line, up to the certificate of a second round."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from scheduler.placement.files import read_problem

LARGE = "tests/data/placement-600.json"
FORMAT = "qingzai.placement-events/1"

Json = dict[str, Any]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def child(name: str, *choices: str, **more: Any) -> Json:
    return {"id": name, "grade": 1, "tier": 0, "choices": [*choices], **more}


def written(path: Path, data: Json) -> Path:
    path.write_text(json.dumps(data))
    return path


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """x takes two and needs two, y takes one; a and b have x, c has y and d, of the second tier, nothing."""
    run_ = {"site": "s", "term": 1, "grades": [1, 6]}
    classes = [{"id": "x", "capacity": 2, "min_to_open": 2, **run_}, {"id": "y", "capacity": 1, **run_}]
    kids = [child("a", "x"), child("b", "x"), child("c", "y"), child("d", "y", tier=1)]
    data = {"format": "qingzai.placement-problem/1", "classes": classes, "children": kids, "policy": {"seed": "s"}}
    return written(tmp_path / "problem.json", data)


@pytest.fixture
def result(tmp_path: Path, problem: Path) -> Path:
    """What was drawn."""
    out = tmp_path / "result.json"
    assert run("placement", "solve", problem, "-o", out, "--no-progress").exit_code == 0
    return out


def events(folder: Path, *found: Json) -> Path:
    return written(folder / "events.json", {"format": FORMAT, "events": [*found]})


def test_what_followed_and_who_is_to_be_asked(
    tmp_path: Path, problem: Path, result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = events(
        tmp_path,
        {"event": "give-back", "child": "c", "class": "y"},
        {"event": "withdraw", "child": "b"},
    )
    out, changed = tmp_path / "after.json", tmp_path / "changed.json"
    told = run("placement", "after", problem, result, file, "-o", out, "--problem", changed)
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr.splitlines() == [
        "2 places changed hands",
        "  c gave back class run y",
        "  b withdrew from class run x",
        "1 offer to make:",
        "  class run y: ask d",
        "1 class run is below its minimum, and somebody has to decide:",
        "  class run x (children: 1, needed: 2): 0 have a free place among their own wishes, "
        "0 more could be asked about another class run",
    ]
    checked = run("placement", "check", changed, out)
    assert (checked.exit_code, checked.stdout.splitlines()[:2]) == (
        1,
        ["1 thing is wrong:", "  minimum: class run x has 1 children, fewer than the 2 it needs to open"],
    )
    file = events(tmp_path, {"event": "accept", "child": "d", "class": "y"}, {"event": "cancel", "class": "x"})
    last, last_problem = tmp_path / "last.json", tmp_path / "last-problem.json"
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    told = run("placement", "after", changed, out, file, "-o", last, "--problem", last_problem)
    assert told.stderr.splitlines() == [
        "2 个位子有变动",
        "  d 递补到班次 y",
        "  班次 x 取消，a 失去位子",
        "没有可以递补的位子",
    ]
    assert run("placement", "check", last_problem, last).exit_code == 0
    assert json.loads(last.read_text())["places"] == [{"child": "d", "class": "y", "rank": 1}]


def test_with_fill_everybody_says_yes(tmp_path: Path, problem: Path, result: Path) -> None:
    file = events(tmp_path, {"event": "give-back", "child": "c", "class": "y"})
    told = run("placement", "after", problem, result, file, "--fill")
    found = json.loads(told.stdout)
    assert (found["format"], found["after"]["offers"], found["after"]["changes"][-1]) == (
        "qingzai.placement/1",
        [],
        {"event": "fill", "child": "d", "takes": "y", "leaves": None},
    )


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"event": "give-back", "child": "d", "class": "y"}, "events[0].class: d holds no place in class run y"),
        ({"event": "accept", "child": "d", "class": "y"}, "events[0]: d has no open offer of class run y; open to: "),
        ({"event": "decline", "child": "d", "class": "x"}, "events[0].class: class run x is no wish of d"),
        ({"event": "withdraw", "child": "q"}, "events[0].child: no child 'q'"),
        (
            {"event": "move", "child": "d", "class": "x"},
            "events[0].class: d in class run x would break the rule capacity",
        ),
        ({"event": "dance"}, "events[0].event: 'dance' is not one of accept, apply, cancel, confirm"),
        (["give-back"], "events[0]: expected object, found list"),
    ],
)
def test_bad_events_are_told_with_their_place_and_nothing_is_written(
    tmp_path: Path, problem: Path, result: Path, event: Any, said: str
) -> None:
    out, changed = tmp_path / "after.json", tmp_path / "changed.json"
    told = run("placement", "after", problem, result, events(tmp_path, event), "-o", out, "--problem", changed)
    assert (told.exit_code, told.stderr[: len(said)]) == (2, said)
    assert (out.exists(), changed.exists()) == (False, False)


def test_what_else_is_refused(tmp_path: Path, problem: Path, result: Path) -> None:
    file, out = events(tmp_path), tmp_path / "out.json"
    one_file = run("placement", "after", problem, result, file, "-o", out, "--problem", out)
    assert (one_file.exit_code, one_file.stderr) == (2, f"{out}: --problem needs -o, and another file than -o\n")
    not_events = run("placement", "after", problem, result, result, "-o", out)
    assert (not_events.exit_code, not_events.stderr[:37]) == (2, "format: expected the format 'qingzai.")
    broken = json.loads(result.read_text())
    broken["places"].append({"child": "d", "class": "y", "rank": 1})
    full = run("placement", "after", problem, written(tmp_path / "broken.json", broken), file, "-o", out)
    assert (full.exit_code, out.exists()) == (2, False)
    assert full.stderr.endswith("this result breaks rules; placement check lists them\n")


def test_no_solver_is_loaded(problem: Path, result: Path, tmp_path: Path) -> None:
    file = events(tmp_path, {"event": "give-back", "child": "c", "class": "y"})
    code = f"import sys; sys.argv = ['q', 'placement', 'after', {str(problem)!r}, {str(result)!r}, {str(file)!r}]\n"
    code += "from api.cli import main\ntry: main()\nfinally: assert 'ortools' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_a_second_round_by_the_same_numbers_up_to_its_certificate(tmp_path: Path) -> None:
    files = {n: tmp_path / f"{n}.json" for n in ("frozen", "p1", "r1", "c1", "p2", "frozen2", "seeded2", "r2", "c2")}
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of more than thirty-two characters\n")
    revealed = ["--secret", secret]
    quiet = ["--seconds", "30", "--no-progress"]
    for command in (
        ["draw", "freeze", LARGE, *revealed, "-o", files["frozen"]],
        ["draw", "seed", files["frozen"], *revealed, "-o", files["p1"]],
        ["placement", "solve", files["p1"], "-o", files["r1"], *quiet],
        ["draw", "certify", files["frozen"], files["r1"], *revealed, "-o", files["c1"]],
    ):
        assert run(*command).exit_code == 0
    first = json.loads(files["c1"].read_text())
    places = [(p["child"], p["class"]) for p in first["result"]["places"]]
    gone, late = (
        dict(places[:40:4]),
        child("late", *(name for _, name in places[:3]), grade=_grade(files["p1"], places[0])),
    )
    file = events(
        tmp_path,
        *({"event": "give-back", "child": name, "class": run_} for name, run_ in gone.items()),
        {"event": "apply", "children": [late]},
    )
    for command in (
        ["placement", "next", files["p1"], files["r1"], file, "-o", files["p2"]],
        ["draw", "freeze", files["p2"], "--event", "seed of round 1", "-o", files["frozen2"]],
        ["draw", "seed", files["frozen2"], "--value", first["seed"], "-o", files["seeded2"]],
        ["placement", "solve", files["seeded2"], "-o", files["r2"], *quiet],
        ["draw", "certify", files["frozen2"], files["r2"], "--value", first["seed"], "-o", files["c2"]],
        ["draw", "verify", files["c2"]],
        ["placement", "check", files["seeded2"], files["r2"]],
    ):
        assert run(*command).exit_code == 0
    second = json.loads(files["c2"].read_text())
    assert second["seed"] == first["seed"]
    assert [n for n in second["draw_order"] if n != "late"] == [n for n in first["draw_order"] if n in _ids(second)]
    stayed = {pair for pair in places if gone.get(pair[0]) != pair[1]}
    now = {(p["child"], p["class"]) for p in second["result"]["places"]}
    assert stayed <= now  # nobody was moved
    assert not now & set(gone.items())  # and nobody has what it gave back
    assert len(now) > len(stayed)  # what was free was given to others
    problem = read_problem(json.loads(files["seeded2"].read_text()))
    before = read_problem(json.loads(files["p1"].read_text())).lottery
    assert {n: k for n, k in problem.lottery.items() if n != "late"} == {n: before[n] for n in _ids(second) - {"late"}}


def _ids(certificate: Json) -> set[str]:
    return {c["id"] for c in certificate["frozen"]["children"]}


def _grade(file: Path, place: tuple[str, str]) -> int:
    return next(int(c["grade"]) for c in json.loads(file.read_text())["children"] if c["id"] == place[0])


def test_only_what_is_confirmed_is_kept(tmp_path: Path, problem: Path, result: Path) -> None:
    out = tmp_path / "next.json"
    file = events(tmp_path, {"event": "confirm", "child": "a", "class": "x"})
    told = run("placement", "next", problem, result, file, "--confirmed-only", "-o", out)
    assert (told.exit_code, told.stderr) == (0, "the next round has 4 children\n1 place is kept\n")
    assert [c["keep"] for c in json.loads(out.read_text())["children"]] == [["x"], None, None, None]
    told = run("placement", "next", problem, result, "-o", out)
    assert [c["keep"] for c in json.loads(out.read_text())["children"]] == [["x"], ["x"], ["y"], None]
