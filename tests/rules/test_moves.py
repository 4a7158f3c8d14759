"""A step judged by what it touches says exactly what the whole rulebook says before and after it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from chance import any_entry, case

from scheduler import Duty, Lesson, Roster, check, cost_parts
from scheduler.files.rosters import WAIVABLE
from scheduler.result import Violation
from scheduler.roster.moves import Entry, Position, Step
from scheduler.roster.rules import HARD, SOFT
from scheduler.roster.steps import BY_CLASS, BY_DAY, BY_LESSONS, BY_PIN, BY_ROOM, BY_VOLUNTEER


def told(found: tuple[Violation, ...]) -> Counter[tuple[str, frozenset[Entry], str]]:
    """Breaches, however their entries are ordered."""
    return Counter((v.rule, frozenset(v.subject), repr(sorted(v.facts.items()))) for v in found)


def split(entries: list[Entry]) -> Roster:
    """Entries as a roster."""
    duties = frozenset(e for e in entries if isinstance(e, Duty))
    return Roster(duties, frozenset(e for e in entries if isinstance(e, Lesson)))


def any_step(r: Random, position: Position) -> Step:
    """Up to two entries go, up to two come; now and then a pin goes or comes with something that it waives."""
    there: list[Entry] = sorted([*position.roster.duties, *position.roster.lessons], key=repr)
    gone = r.sample(there, min(len(there), r.choice((0, 1, 1, 2))))
    come: list[Entry] = [any_entry(r, position.problem) for _ in range(r.choice((0, 1, 1, 2)))]
    waives = {rule for rule in sorted(WAIVABLE) if r.random() < 0.5}
    pinned = {e: frozenset(waives) for e in come if r.random() < 0.5}
    unpinned = frozenset(e for e in position.pins if r.random() < 0.3)
    return Step(split(gone), split(come), unpinned, pinned)


@pytest.mark.parametrize("first", range(0, 150, 30))
def test_steps_by_chance_agree_with_the_whole_rulebook(first: int) -> None:
    rules: set[str] = set()
    for seed in range(first, first + 30):
        r, made = Random(seed), case(seed)
        position = Position(made.week, r.choice(made.rosters))
        for _ in range(4):
            step = any_step(r, position)
            verdict = position.judge(step)
            assert position.breaches(step) == (verdict.broken, verdict.overridden)
            position = position.after(step, verdict)
            whole = check(position.problem, position.roster)
            assert told(position.report.violations) == told(whole.violations)
            assert told(position.report.overridden) == told(whole.overridden)
            assert position.parts == cost_parts(position.problem, position.roster)
            rules |= {v.rule for v in verdict.broken}
    assert len(rules) >= 10  # Steps by chance break most rules, so the comparison is about something.


def test_every_rule_has_one_place_in_the_tables() -> None:
    named = Counter([*BY_LESSONS, *BY_VOLUNTEER, *BY_DAY, *BY_CLASS, *BY_ROOM, *BY_PIN])
    assert set(named.values()) == {1}
    assert {rule.NAME for rule in (*HARD, *SOFT)} == named.keys()
