"""`qingzai roster explain`: what is asked, what is said in both languages, and the same as codes and figures.

The small example's best roster leaves c2 with one adult of three on Monday morning, and without a physical lesson.
Of its six volunteers v4 is there; v1 and v2 are with c1; v3 does no duties; v5 is a minor; v6 has no background
check.
"""

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


def explain(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["roster", "explain", *map(str, arguments)], input=stdin)


def as_json(*arguments: str) -> dict[str, Any]:
    result = explain(PROBLEM, BEST, *arguments, "--json")
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.stdout)
    return found


OPEN = """\
歌乐山 · grades 3–4 (c2), Mon morning: needs 3 adults, has 1
  2 adults are missing
    Of 6 volunteers, each counted under the first reason:
      elsewhere at that time: 2
      no valid background check: 1
      not an adult: 1
      not their role: 1
      with the class already: 1
    What would have to give way: no valid background check
    This would fill it (each solved again and checked, the cheapest first):
      1. 未查询 (v6) gets a background check (2 fewer safety gaps, 5 more points of quality cost)
      2. One more assistant at 歌乐山 on Mon morning (2 fewer safety gaps, 7 more points of quality cost)
"""


def test_why_a_place_is_open() -> None:
    result = explain(PROBLEM, BEST, "--class", "c2", "--segment", "1-am")
    assert (result.exit_code, result.stdout[: len(OPEN)]) == (0, OPEN)


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    said = explain(PROBLEM, BEST, "--class", "c2", "--segment", "1-am").stdout.splitlines()
    assert said[:3] == [
        "歌乐山 · 3–4年级（c2），周一上午：要 3 名大人，有 1 名",
        "  缺 2 名大人",
        "    看过 6 名志愿者；每人只算在第一个原因下：",
    ]
    assert "      1. 未查询（v6）补办从业查询（安全缺口少 2，质量代价多 5）" in said


def test_the_same_as_codes_and_figures() -> None:
    data = as_json("--class", "c2", "--segment", "1-am")
    assert (data["format"], data["week"]) == ("qingzai.explanation/1", "2026-07-13")
    (answer,) = data["answers"]
    assert answer["place"] == {
        **{"kind": "people", "class": "c2", "segment": "1-am", "slot": None, "domain": None},
        **{"need": 3, "adults": 1, "missing": 2, "below_minimum": 1, "has_lead": True, "children": 22},
    }
    (want,) = answer["wants"]
    counts = {"clearance": 1, "adulthood": 1, "roles": 1, "one_place": 2}
    assert (want["excluded_first"], want["here"], want["core"]) == (counts, 1, ["clearance"])
    assert want["changes"][0] == {
        "kind": "clearance",
        "points": 6,
        "parts": [{"kind": "clearance", "volunteer": "v6"}],
        "moved": [],
        "added": {
            "duties": [{"volunteer": "v6", "class": "c2", "segment": "1-am", "role": "assistant"}],
            "lessons": [],
        },
        "removed": {"duties": [], "lessons": []},
        "cost_before": {"safety": 3, "programme": 1, "quality": 44},
        "cost_after": {"safety": 1, "programme": 1, "quality": 49},
        "verified": True,
    }
    assert ([c["kind"] for c in answer["plan"]["changes"]], answer["plan"]["fills"]) == (
        ["clearance", "children"],
        True,
    )


def test_everything_that_is_open() -> None:
    places = [answer["place"] for answer in as_json()["answers"]]
    assert [(p["kind"], p["class"], p["segment"], p["domain"]) for p in places] == [
        ("people", "c2", "1-am", None),
        ("domain", "c2", None, "physical"),
    ]
    assert as_json("--class", "c1")["answers"] == []
    assert explain(PROBLEM, BEST, "--class", "c1").stdout == "nothing is open\n"


def test_why_somebody_is_there() -> None:
    (answer,) = as_json("--class", "c2", "--segment", "1-am", "--volunteer", "v4")["answers"]
    (held,) = answer["held"]
    # Without v4 a second and third adult, a second below the minimum, and the lead are missing; and no v4 is with
    # c2 then, so that the lesson of v4 there becomes a visit.
    assert held["entry"] == {"volunteer": "v4", "class": "c2", "segment": "1-am", "role": "lead"}
    assert held["cost_without"]["safety"] == 3
    assert (answer["candidacies"], answer["wants"]) == ([], [])


def test_why_somebody_is_not_there() -> None:
    said = explain(PROBLEM, BEST, "--class", "c2", "--segment", "1-am", "--volunteer", "v5").stdout.splitlines()
    assert said[0] == "歌乐山 · grades 3–4 (c2), Mon morning: needs 3 adults, has 1"
    assert said[1].startswith("  Possible (assistant): ")


def test_somebodys_week() -> None:
    (answer,) = as_json("--volunteer", "v4")["answers"]
    person = answer["person"]
    assert (person["engaged"], person["max_segments"]) == (2, 2)
    assert [held["entry"].get("segment") or held["entry"]["slot"] for held in person["held"]] == [
        "1-am",
        "1-1",
        "1-pm",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--volunteer", "v9"], "--volunteer: no volunteer 'v9'"),
        (["--class", "c9"], "--class: no class 'c9'"),
        (["--segment", "1-am"], "--segment: needs --class beside it"),
        (["--class", "c2", "--segment", "6-am"], "--segment: no segment '6-am'"),
        (["--class", "c2", "--segment", "1-pm"], "--segment: class c2 has no segment '1-pm'"),
        (["--class", "c2", "--domain", "sport"], "--domain: class c2 has no domain 'sport'"),
        (
            ["--class", "c2", "--segment", "1-am", "--slot", "1-1"],
            "--segment: only one of --segment, --slot and --domain",
        ),
        (["--class", "c2", "--volunteer", "v1"], "--volunteer: needs --segment or --slot beside --class"),
    ],
)
def test_questions_about_nothing(arguments: list[str], said: str) -> None:
    result = explain(PROBLEM, BEST, *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said + "\n")


def test_why_not_loads_no_solver() -> None:
    """A person and a place need rules and costs alone: the answer is there in a third of the time."""
    code = (
        "import sys; from typer.testing import CliRunner; from api.cli import app; "
        f"r = CliRunner().invoke(app, ['roster', 'explain', '{PROBLEM}', '{BEST}', '--volunteer', 'v4']); "
        "print(r.exit_code, sorted({'ortools', 'pandas', 'fastapi', 'sqlmodel'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 []\n"
