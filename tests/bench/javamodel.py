"""Timefold as a contender, where a Java 17 and its jars are at hand: it is no dependency of this project.

`timefold/Rostering.java` is the model. Set `TIMEFOLD_JARS` to the folder of jars in the wheel that PyPI calls
`timefold` (`timefold/solver/jars` in it). Without that variable the benchmark leaves Timefold out.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scheduler import Cost, Duty, Lesson, Problem, Roster, cost
from scheduler.roster.choices import Choices

MODEL = Path(__file__).parent / "timefold" / "Rostering.java"
HEAP = "-Xmx6g"
Told = tuple[float, Cost]


def jars() -> str | None:
    """The class path of Timefold, or None where it is not at hand."""
    folder = os.environ.get("TIMEFOLD_JARS")
    return f"{folder}/*" if folder else None


def run_timefold(problem: Problem, seconds: float, seed: int) -> tuple[Roster, list[Told]]:
    """The best roster, and when each was found that was written down; its compilation is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(jars())
        subprocess.run(["javac", "-proc:none", "-d", folder, "-cp", path, str(MODEL)], check=True)
        began = time.time()
        choices = Choices(problem)
        given, out = Path(folder) / "problem.txt", Path(folder) / "rosters.txt"
        given.write_text("\n".join(lines(choices)) + "\n", encoding="ascii")
        started = str(round(1000 * began))
        command = ["java", HEAP, "-cp", f"{path}:{folder}", "Rostering", str(given), str(out)]
        subprocess.run([*command, started, str(seconds), str(seed)], check=True)
        found = [read(choices, line) for line in out.read_text(encoding="ascii").splitlines()]
    best, told = found[0][1], []
    for at, roster in found:
        best = min(best, roster, key=lambda each: cost(problem, each))
        told.append((at, cost(problem, best)))
    return best, told


def lines(choices: Choices) -> Iterator[str]:
    """The problem as the model reads it: names become their places in the problem's lists."""
    p, w = choices.problem, choices.problem.policy.weights
    assert not (p.overlapping_segments or p.overlapping_slots or p.pins.duties or p.pins.lessons)
    domains = sorted({k.domain for k in p.courses} | set(p.policy.domain_minimums))
    segment, slot = _places(p.segments), _places(p.slots)
    site, run = _places(p.sites), _places(p.classes)
    weights = (w.interest, w.travel, w.continuity, w.lead, w.overload, w.wish, w.idle)
    yield _line("W", *weights, p.policy.max_lessons_per_course)
    yield from (_line("P", int(v.adult), v.max_segments, v.preferred_segments) for v in p.volunteers)
    yield from (_line("S", s.weekday, s.start, s.end) for s in p.segments)
    yield from (_line("T", segment[t.segment], t.start, t.end) for t in p.slots)
    for c in p.classes:
        least = p.minimums(c)
        yield _line("C", site[c.site], p.need(c), p.policy.min_adults, *(least.get(d, 0) for d in domains))
    yield from (_line("K", domains.index(k.domain)) for k in p.courses)
    yield from (_line("D", *(math.ceil(p.km(v.id, s.id)) for s in p.sites)) for v in p.volunteers)
    for v in p.volunteers:
        yield _line("U", *(int(bool(v.preferred_sites) and s.id not in v.preferred_sites) for s in p.sites))
    yield from (_line("G", *(p.travel_minutes(a.id, b.id) for b in p.sites)) for a in p.sites)
    person, course, rooms = _places(p.volunteers), _places(p.courses), {r: i for i, r in enumerate(p.room)}
    for c, s, lead, who in seats(choices):
        yield _line("A", run[c], segment[s], int(lead), *(person[v] for v in who))
    for c, t in choices.lesson_cells:
        interest, numbers = p.class_run[c].interest, []
        for _, _, k, v, r in choices.lesson[c, t]:
            numbers += [course[k], person[v], -1 if r is None else rooms[r], 10 - interest.get(k, 5)]
        yield _line("L", run[c], slot[t], *numbers)


def seats(choices: Choices) -> Iterator[tuple[str, str, bool, list[str]]]:
    """A seat for a lead and as many others as a class needs in each segment, and who may sit there."""
    for c, s in choices.duty_cells:
        who = choices.duty[c, s]
        yield c, s, True, [v for v, may_lead in who.items() if may_lead]
        for _ in range(choices.problem.need(choices.problem.class_run[c])):
            yield c, s, False, list(who)


def read(choices: Choices, line: str) -> tuple[float, Roster]:
    """A roster as the model wrote it, and its seconds; seats that break a hard rule are left to `check`."""
    p, words = choices.problem, line.split()
    numbers = iter(map(int, words[2:]))
    people, duties, lessons = [v.id for v in p.volunteers], set(), set()
    for c, s, lead, _ in seats(choices):
        if (who := next(numbers)) >= 0:
            duties.add(Duty(people[who], c, s, "lead" if lead else "assistant"))
    for cell in choices.lesson_cells:
        if (which := next(numbers)) >= 0:
            lessons.add(Lesson(*choices.lesson[cell][which]))
    return int(words[0]) / 1000, Roster(frozenset(duties), frozenset(lessons))


def _places(rows: tuple) -> dict[str, int]:  # type: ignore[type-arg]
    return {row.id: i for i, row in enumerate(rows)}


def _line(kind: str, *numbers: int) -> str:
    return " ".join([kind, *map(str, numbers)])
