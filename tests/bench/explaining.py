"""How long an explanation takes, by the clock. `python tests/bench/explaining.py WEEK ROSTER [N]` prints a table.

`N` questions of each kind are drawn by a seed. Each is asked of a command of its own, from start to end, and of a
server that has not been asked it before, as a page and as JSON.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from api.commands.database import migrated_engine
from registry import clock
from registry.db import sessions
from registry.rostering.tables import DraftStatus, RosterDraft
from scheduler import Problem, Roster, read_problem, read_roster
from scheduler.roster.explain.places import open_places

HEAD = "| question | asked | command, median s | most | page, median s | most | JSON, median s | most |"
Question = dict[str, str]
COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]


def questions(problem: Problem, roster: Roster, n: int) -> dict[str, list[Question]]:
    """Some of each kind."""
    chance = random.Random(1)
    free: dict[str, list[Question]] = {"people": [], "lesson": [], "domain": []}
    for p in open_places(problem, roster):
        asked = {"class": p.class_run, "segment": p.segment, "slot": p.slot, "domain": p.domain}
        free[p.kind].append({k: v for k, v in asked.items() if v is not None})
    duties, lessons = sorted(roster.duties, key=repr), sorted(roster.lessons, key=repr)
    people = [v.id for v in problem.volunteers if v.cleared]
    kinds = {
        "an open place of people": free["people"],
        "an open slot": free["lesson"],
        "a domain that is short": free["domain"],
        "a volunteer's week": [{"volunteer": v} for v in sorted(roster.people)],
        "why this person on duty": [_held(d.class_run, "segment", d.segment, d.volunteer) for d in duties],
        "why this lesson": [_held(x.class_run, "slot", x.slot, x.instructor) for x in lessons],
        "why not that person": [{**chance.choice(free["people"] or [{}]), "volunteer": v} for v in people],
    }
    return {kind: chance.sample(several, min(n, len(several))) for kind, several in kinds.items() if several}


def _held(class_run: str, hours: str, id_: str, volunteer: str) -> Question:
    return {"class": class_run, hours: id_, "volunteer": volunteer}


def command_seconds(problem: Path, roster: Path, question: Question) -> float:
    """A whole command."""
    options = [text for name, id_ in question.items() for text in (f"--{name}", id_)]
    began = time.monotonic()
    subprocess.run(
        [*COMMAND, "roster", "explain", str(problem), str(roster), *options], check=True, stdout=subprocess.DEVNULL
    )
    return time.monotonic() - began


def stored(folder: Path, problem: Path, roster: Path) -> str:
    """A database with this one week, and the address of it; a server keeps its answers, so each is asked once."""
    url = f"sqlite:///{folder / 'week.db'}"
    engine = migrated_engine(url)
    week, found = (json.loads(path.read_text(encoding="utf-8")) for path in (problem, roster))
    with sessions(engine)() as session:
        session.add(
            RosterDraft(
                week=date.fromisoformat(week["week"]),
                status=DraftStatus.DONE.value,
                seed=1,
                workers=2,
                seconds=60,
                version="bench",
                problem_json=week,
                roster_json=found,
                result_json=found["result"],
                created_at=clock.now(),
                finished_at=clock.now(),
            )
        )
    engine.dispose()
    return url


@contextmanager
def serving(url: str) -> Iterator[str]:
    """A server of its own; gives its address once it answers."""
    environment = {**os.environ, "QINGZAI_DATABASE_URL": url, "QINGZAI_PORT": "18730", "QINGZAI_LANG": "en"}
    process = subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield next(text for line in process.stdout for text in line.split() if text.startswith("http://"))
    finally:
        process.terminate()
        process.wait()


def page_seconds(address: str, path: str) -> float:
    """One request."""
    began = time.monotonic()
    with urllib.request.urlopen(address + path) as answer:
        answer.read()
    return time.monotonic() - began


def page_of(week: str, question: Question) -> str:
    """The page that answers a question."""
    rest = {k: v for k, v in question.items() if k != "class"}
    if "class" not in question:
        return f"/weeks/{week}/volunteers/{quote(question['volunteer'])}/why"
    return f"/weeks/{week}/classes/{quote(question['class'])}/why?{urlencode(rest)}"


def json_of(week: str, question: Question) -> str:
    """The same as JSON."""
    several = {"class": "classes", "segment": "segments", "slot": "slots", "domain": "domains"}
    parts = [f"{several.get(k, 'volunteers')}/{quote(v)}" for k, v in question.items()]
    return f"/api/v1/weeks/{week}/{'/'.join(parts)}/why"


def row(kind: str, *columns: list[float]) -> str:
    """Medians and the longest."""
    told = [f"{statistics.median(c):.2f} | {max(c):.2f}" for c in columns]
    return f"| {kind} | {len(columns[0])} | " + " | ".join(told) + " |"


def main(problem: str, roster: str, n: str = "5") -> None:
    """Print the table while it grows. The first page also makes the views of the week and loads the solver."""
    week: dict[str, Any] = json.loads(Path(problem).read_text(encoding="utf-8"))
    read = read_problem(week)
    asked = questions(read, read_roster(json.loads(Path(roster).read_text(encoding="utf-8")), read), int(n))
    with tempfile.TemporaryDirectory() as folder:
        files = Path(problem), Path(roster)
        url = stored(Path(folder), *files)
        print(HEAD, "|" + "---|" * 8, sep="\n", flush=True)
        rows = {kind: [[command_seconds(*files, q) for q in several]] for kind, several in asked.items()}
        for path_of in (page_of, json_of):
            with serving(url) as address:
                first = page_seconds(address, f"/weeks/{week['week']}")
                for kind, several in asked.items():
                    rows[kind].append([page_seconds(address, path_of(week["week"], q)) for q in several])
        print(*(row(kind, *columns) for kind, columns in rows.items()), sep="\n")
        print(f"\nThe overview page, asked first of a new server: {first:.2f} s.")


if __name__ == "__main__":
    main(*sys.argv[1:])
