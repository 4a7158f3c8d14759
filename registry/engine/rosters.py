"""The roster solver as the registry sees it: JSON in, JSON out, and every roster checked before it is believed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from registry.errors import SolveFailed
from scheduler import (
    Cost,
    Duty,
    Lesson,
    Malformed,
    PinError,
    Problem,
    Progress,
    Result,
    Roster,
    Violation,
    check,
    cost,
    cost_parts,
    read_problem,
    read_result,
    read_roster,
    solve,
    write_roster,
)
from scheduler.files.explanations import write_answer
from scheduler.files.fields import Node
from scheduler.files.rosters import known_ids, read_entries
from scheduler.roster.explain import Answer, explain
from scheduler.roster.explain.answers import Candidate, Change, Part, Want
from scheduler.roster.problem import ClassRun, Segment, Volunteer

# What the views of a week need of the scheduler passes through here too.
__all__ = [
    "Answer",
    "Candidate",
    "Change",
    "ClassRun",
    "Cost",
    "Duty",
    "Lesson",
    "Part",
    "Problem",
    "Result",
    "Roster",
    "Segment",
    "Volunteer",
    "Want",
    "breaches",
    "cost",
    "cost_elsewhere",
    "cost_parts",
    "costed",
    "explain",
    "fitting",
    "known_part",
    "read",
    "read_problem",
    "read_result",
    "read_roster",
    "solve_problem",
    "verify",
    "write_answer",
]

OnProgress = Callable[[Progress], None]
"""Told now and then how a solver is getting on: seconds, phase, cost and bound."""
Peek = Callable[[], dict[str, Any]]
"""Answers the best roster so far, as a roster file."""


def solve_problem(
    problem_json: dict[str, Any],
    *,
    seconds: float,
    workers: int,
    seed: int,
    sites: Iterable[str] | None = None,
    start: dict[str, Any] | None = None,
    on_progress: OnProgress | None = None,
    on_open: Callable[[Peek], None] | None = None,
    stop: threading.Event | None = None,
) -> dict[str, Any]:
    """The best roster found for a problem file, as a roster file with its result.

    With `sites`, only their classes are free, and everything else stays as in `start`. `on_open` is told once there is
    a roster, with a function that answers the best so far as a roster file, from any thread.

    Raises:
        SolveFailed: `problem_malformed`, `pins_broken`.
    """
    problem = read(problem_json)
    begun = None if start is None else read_roster(start, problem)
    within = None if sites is None else frozenset(sites)
    opened = None if on_open is None else lambda peek: on_open(lambda: write_roster(peek(), None))
    try:
        solved = solve(
            problem, seconds=seconds, workers=workers, seed=seed, sites=within, start=begun, on_progress=on_progress,
            stop=stop, on_open=opened,
        )  # fmt: skip
    except PinError as error:
        raise SolveFailed("pins_broken", violations=_listed(error.violations)) from error
    return write_roster(solved.roster, solved.result)


BY_SITE = frozenset({"interest", "travel_cost", "continuity", "leads"})
"""The rules of the quality level whose cost is a sum over sites. What volunteers wish, how much they do and who does
nothing is one figure of the district."""


def cost_elsewhere(problem_json: dict[str, Any], roster_json: dict[str, Any], sites: Iterable[str]) -> dict[str, int]:
    """What classes of all other sites add to each level, as long as their entries stay: their gaps, and those parts of
    the quality that belong to one site.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    within = frozenset(sites)
    gone = {c["id"] for c in problem_json["classes"] if c["site"] in within}
    pins = {kind: [p for p in rows if p["class"] not in gone] for kind, rows in problem_json["pins"].items()}
    bans = [ban for ban in problem_json.get("bans", []) if ban.get("class") not in gone]
    rest = {key: value for key, value in problem_json.items() if key not in ("published", "frozen_before")}
    rest |= {"classes": [c for c in problem_json["classes"] if c["id"] not in gone], "pins": pins, "bans": bans}
    if not rest["classes"]:
        return dict.fromkeys(Cost._fields, 0)
    problem = read(rest)
    entries = {kind: [e for e in roster_json[kind] if e["class"] not in gone] for kind in ("duties", "lessons")}
    roster = read_roster({"format": roster_json["format"], **entries}, problem)
    levels, parts = cost(problem, roster), cost_parts(problem, roster)
    return {**levels._asdict(), "quality": sum(parts[name] for name in BY_SITE)}


def read(problem_json: dict[str, Any]) -> Problem:
    """The problem of a problem file.

    Raises:
        SolveFailed: `problem_malformed`, with the place.
    """
    try:
        return read_problem(problem_json)
    except Malformed as error:
        raise SolveFailed("problem_malformed", place=error.place, reason=error.code, **error.facts) from error


def known_part(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> dict[str, Any]:
    """The entries of a roster that name nothing that is gone.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    return write_roster(_known_part(read(problem_json), roster_json), None)


def fitting(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> dict[str, Any]:
    """The entries of an earlier roster of the week that still fit its problem: what names somebody or something that is
    gone is left out, and so is what breaks a rule now. What the problem pins stays.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    problem = read(problem_json)
    roster = _known_part(problem, roster_json)
    pinned = {entry for entry, _ in (*problem.pins.duties, *problem.pins.lessons)}
    while guilty := {e for v in check(problem, roster).violations for e in v.subject} - pinned:
        roster = Roster(roster.duties - guilty, roster.lessons - guilty)
    return write_roster(roster, None)


def _known_part(problem: Problem, roster_json: dict[str, Any]) -> Roster:
    known, old = known_ids(problem), read_entries(Node(roster_json), None)
    return Roster(
        frozenset(d for d in old.duties if d.volunteer in known["volunteer"] and d.class_run in known["class"]
                  and d.segment in known["segment"]),
        frozenset(x for x in old.lessons if x.instructor in known["volunteer"] and x.class_run in known["class"]
                  and x.slot in known["slot"] and x.course in known["course"]
                  and (x.room is None or x.room in known["room"])),
    )  # fmt: skip


def costed(problem_json: dict[str, Any], roster_json: dict[str, Any], seed: int) -> dict[str, Any]:
    """A roster that was changed by hand, with what it costs; nothing is proven of it.

    Raises:
        SolveFailed: `problem_malformed`, `roster_malformed`.
    """
    problem = read(problem_json)
    roster = _roster(roster_json, problem)
    result = Result("feasible", cost(problem, roster), Cost(0, 0, 0), 0.0, seed, 1, {}, ())
    return write_roster(roster, result)


def verify(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> None:
    """Make sure, without the solver, that a roster keeps every rule and costs what it says.

    Raises:
        SolveFailed: `roster_broken`, with every violation; `cost_wrong`, with both costs; `roster_malformed`.
    """
    problem = read(problem_json)
    roster, result = _roster(roster_json, problem), read_result(roster_json)
    violations = check(problem, roster).violations
    if violations:
        raise SolveFailed("roster_broken", violations=_listed(violations))
    recomputed = cost(problem, roster)
    if result is None or result.cost != recomputed:
        stated = None if result is None else result.cost._asdict()
        raise SolveFailed("cost_wrong", stated=stated, recomputed=recomputed._asdict())


def breaches(problem_json: dict[str, Any], roster_json: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rules that a roster breaks and no pin waives, each with its entries as they stand in the roster file.

    Raises:
        SolveFailed: `problem_malformed`, `roster_malformed`.
    """
    problem = read(problem_json)
    found = check(problem, _roster(roster_json, problem)).violations
    return [(v.rule, [write_entry(entry) for entry in v.subject]) for v in found]


def _roster(roster_json: dict[str, Any], problem: Problem) -> Roster:
    """A roster that names only what the problem holds."""
    try:
        return read_roster(roster_json, problem)
    except Malformed as error:
        raise SolveFailed("roster_malformed", place=error.place, reason=error.code, **error.facts) from error


def write_entry(entry: Duty | Lesson) -> dict[str, Any]:
    """The entry as it stands in a roster file."""
    if isinstance(entry, Duty):
        return {"volunteer": entry.volunteer, "class": entry.class_run, "segment": entry.segment, "role": entry.role}
    return {
        "class": entry.class_run, "slot": entry.slot, "course": entry.course, "instructor": entry.instructor,
        "room": entry.room,
    }  # fmt: skip


def _listed(violations: Iterable[Violation]) -> list[dict[str, Any]]:
    return [
        {"rule": v.rule, "subject": [asdict(entry) for entry in v.subject], "facts": {**v.facts}} for v in violations
    ]
