"""The five levels of a repair and its check, from the rulebook alone: nothing here knows the solver."""

from __future__ import annotations

from scheduler.result import RepairCost, Violation
from scheduler.roster.check import Report, check, cost
from scheduler.roster.problem import Problem, Roster
from scheduler.roster.repair.damage import Damage, Entry, assess, is_all_frozen, is_frozen, person, segment_of


def changes(damage: Damage, roster: Roster) -> tuple[int, int]:
    """Distinct people disturbed, and entries that went or came."""
    went, came = _turnover(damage, roster)
    return len(disturbed(damage, roster)), len(went) + len(came)


def disturbed(damage: Damage, roster: Roster) -> frozenset[str]:
    """The people disturbed.

    People whose every old entry that went has become impossible are not counted, whatever they got instead; who
    only got something is.
    """
    went, came = _turnover(damage, roster)
    lost = damage.gone.duties | damage.gone.lessons
    return frozenset(
        {person(e) for e in went if e not in lost} | ({person(e) for e in came} - {person(e) for e in went})
    )


def _turnover(damage: Damage, roster: Roster) -> tuple[list[Entry], list[Entry]]:
    """The entries that went and those that came."""
    old = damage.published
    went: list[Entry] = [*(old.duties - roster.duties), *(old.lessons - roster.lessons)]
    return went, [*(roster.duties - old.duties), *(roster.lessons - old.lessons)]


def changed_people(old: Roster, new: Roster) -> frozenset[str]:
    """Volunteers with an entry in one of the two only."""
    return Roster(old.duties ^ new.duties, old.lessons ^ new.lessons).people


def repair_cost(damage: Damage, roster: Roster) -> RepairCost:
    """Safety and programme no lower than those of the published roster, people, changes, quality."""
    found, (safety, programme) = cost(damage.problem, roster), damage.problem.published_cost
    return RepairCost(
        max(found.safety, safety), max(found.programme, programme), *changes(damage, roster), found.quality
    )


def check_repair(damage: Damage, roster: Roster) -> Report:
    """Every breach of a hard rule but those of frozen entries among themselves, and frozen entries that changed."""
    problem = damage.problem
    report = check(problem, roster)
    found = [v for v in report.violations if not (v.subject and is_all_frozen(v, damage.frozen))]
    found += [Violation("frozen", (e,), {}) for e in _thawed(problem, damage.frozen, roster)]
    return Report(tuple(found), report.overridden)


def _thawed(problem: Problem, frozen: Roster, roster: Roster) -> list[Entry]:
    """Entries of frozen segments that went or came."""
    if problem.frozen_before is None:
        return []
    entries: list[Entry] = [*roster.duties, *roster.lessons]
    then: list[Entry] = [*frozen.duties, *frozen.lessons]
    now = [e for e in entries if is_frozen(problem, segment_of(problem, e))]
    return sorted(frozenset(now) ^ frozenset(then), key=repr)


def measure_repair(problem: Problem, roster: Roster) -> tuple[Report, RepairCost]:
    """The check and the five levels of a repaired roster.

    Raises Malformed where the problem has no published roster, PinError for pins that have not become impossible.
    """
    damage = assess(problem)
    return check_repair(damage, roster), repair_cost(damage, roster)


def least_changes(damage: Damage, caps: tuple[int, int]) -> int:
    """A lower bound on the changes of any repair that keeps safety and programme within caps.

    Entries that are gone are changes. What is missing beyond the caps can only be won by entries that come, and none
    wins more than it would win alone: an adult and a lead in the emptiest cell, or two points by a lesson.
    """
    problem, gone = damage.problem, len(damage.gone.duties) + len(damage.gone.lessons)
    found = cost(problem, damage.base)
    wins = sorted((w for c in problem.classes for w in _wins(damage, c.id)), reverse=True)
    missing, duties = found.safety - caps[0], 0
    while missing > 0 and duties < len(wins):
        missing -= wins[duties]
        duties += 1
    return gone + duties + max(0, -(-(found.programme - caps[1]) // 2))


def _wins(damage: Damage, c: str) -> list[int]:
    """What each further adult of a class's segments would win at most, one figure for each missing place."""
    problem = damage.problem
    run, least = problem.class_run[c], problem.policy.min_adults
    need, wins = problem.need(run), []
    for s in run.segments:
        here = [d for d in damage.base.duties_in.get(c, ()) if d.segment == s]
        adults = sum(problem.volunteer[d.volunteer].adult for d in here)
        lead = 0 if any(d.role == "lead" for d in here) else 1
        for n in range(adults, max(need, adults + lead)):
            wins.append((n < need) + (n < least) + lead)
            lead = 0
    return wins
