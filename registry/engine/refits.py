"""A roster on other data: what still fits stays, what does not is told with the rules that it would break."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from registry.engine.boards import Entry, pins_json, read_entry, roster_json
from registry.engine.rosters import read, read_roster, write_entry
from scheduler import Duty, Problem, Roster, Violation, check
from scheduler.roster.problem import Pins

Json = dict[str, Any]
Dropped = list[tuple[Json, list[str]]]
Pinned = dict[Entry, frozenset[str]]


def refit(old_json: Json, new_json: Json, roster: Json, opened: Callable[[Json], bool]) -> tuple[Json, Json, Dropped]:
    """The pins and the roster that are left on new data, and what is not, each entry with the rules it would break.

    The new problem has to know every id of the old one. What `opened` names goes without a rule. Breaches that the
    roster has already, and those that its pins waive, stay as they are: they are not of this change's making.
    """
    old, new = read(old_json), read(new_json)
    before = read_roster(roster, old)
    pins: Pinned = dict((*old.pins.duties, *old.pins.lessons))
    entries = _all(before)
    gone: dict[Entry, set[str]] = {entry: set() for entry in entries if opened(write_entry(entry))}
    known = {(v.rule, frozenset(v.subject)) for v in check(old, before).violations}
    while True:
        left = {entry: waives for entry, waives in pins.items() if entry not in gone}
        there = _roster(entry for entry in entries if entry not in gone)
        fresh = [v for v in check(_pinned(new, left), there).violations if (v.rule, frozenset(v.subject)) not in known]
        falling = _falling(new, left, fresh, gone)
        if not falling:
            break
        for entry, rule in falling:
            gone.setdefault(entry, set()).add(rule)
    dropped = sorted(((write_entry(entry), sorted(rules)) for entry, rules in gone.items()), key=str)
    return pins_json(left), roster_json(there), dropped


def _falling(
    problem: Problem, pins: Pinned, broken: Iterable[Violation], gone: dict[Entry, set[str]]
) -> list[tuple[Entry, str]]:
    """For each breach the entry that gives way: one that nobody pinned, the latest of the week."""
    found: dict[Entry, str] = {}
    for violation in broken:
        those = [entry for entry in violation.subject if entry not in gone]
        if those and not any(entry in found for entry in those):
            found[max(those, key=lambda entry: (entry not in pins, *_when(problem, entry)))] = violation.rule
    return list(found.items())


def _when(problem: Problem, entry: Entry) -> tuple[int, int, str]:
    if isinstance(entry, Duty):
        at = problem.segment[entry.segment]
        return at.weekday, at.start, repr(entry)
    slot = problem.slot[entry.slot]
    return problem.segment[slot.segment].weekday, slot.start, repr(entry)


def _pinned(problem: Problem, pins: Pinned) -> Problem:
    duties = tuple((entry, waives) for entry, waives in pins.items() if isinstance(entry, Duty))
    lessons = tuple((entry, waives) for entry, waives in pins.items() if not isinstance(entry, Duty))
    return replace(problem, pins=Pins(duties, lessons))


def _all(roster: Roster) -> list[Entry]:
    return [*roster.duties, *roster.lessons]


def _roster(entries: Iterable[Entry]) -> Roster:
    listed = list(entries)
    duties = frozenset(entry for entry in listed if isinstance(entry, Duty))
    return Roster(duties, frozenset(entry for entry in listed if not isinstance(entry, Duty)))


def joining(problem_json: Json, there: Json, come: Iterable[Json]) -> tuple[list[Json], Dropped]:
    """Which entries can join a roster as it stands, and which not, with the rules that they would break.

    What is there stays and its own breaches are not counted. All entries have to name what the problem knows.
    """
    problem = read(problem_json)
    before = read_roster(there, problem)
    entries = [entry for entry in (read_entry(row, problem) for row in come) if entry not in set(_all(before))]
    known = {(v.rule, frozenset(v.subject)) for v in check(problem, before).violations}
    pinned: Pinned = dict((*problem.pins.duties, *problem.pins.lessons))
    gone: dict[Entry, set[str]] = {entry: set() for entry in _all(before)}  # these are nobody's to take
    lost: dict[Entry, set[str]] = {}
    while True:
        left = [entry for entry in entries if entry not in lost]
        fresh = [
            v for v in check(problem, _roster([*_all(before), *left])).violations
            if (v.rule, frozenset(v.subject)) not in known
        ]  # fmt: skip
        falling = _falling(problem, pinned, fresh, {**gone, **lost})
        if not falling:
            break
        for entry, rule in falling:
            lost.setdefault(entry, set()).add(rule)
    dropped = sorted(((write_entry(entry), sorted(rules)) for entry, rules in lost.items()), key=str)
    return [write_entry(entry) for entry in left], dropped
