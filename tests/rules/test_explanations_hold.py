"""Explanations of small weeks by chance: what they claim is true of the whole roster, both ways.

The weeks have overlapping hours, minors, people who are not cleared, bans, heat days, and pins with waivers.
"""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from chance import Case, any_entry, case, pinned_entries, plus
from thorough import as_many

from scheduler import Cost, Duty, Lesson, Problem, Roster, check, cost
from scheduler.roster.explain import explain, explain_open
from scheduler.roster.explain.answers import Answer, Change, Entry
from scheduler.roster.explain.judge import Judge, changed
from scheduler.roster.explain.parts import applied
from scheduler.roster.explain.places import open_places
from scheduler.roster.explain.wants import wants_of

SEEDS = range(as_many(20, 60))


def broken_by(week: Problem, roster: Roster, entry: Entry) -> set[str]:
    """The rules that a roster breaks by an entry, from the checker alone."""
    found = check(week, plus(roster, entry)).violations
    return {v.rule for v in found if entry in v.subject and v.rule != "pins"}


def held(roster: Roster) -> set[Entry]:
    return {*roster.duties, *roster.lessons}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_excludes_an_entry_is_what_check_finds(seed: int) -> None:
    found, r = case(seed), Random(seed)
    for roster in found.rosters:
        judge = Judge(found.week, roster)
        for _ in range(15):
            entry = any_entry(r, found.week)
            if entry not in held(roster):
                assert {e.rule for e in judge.exclusions(entry)} == broken_by(found.week, roster, entry)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_worth_of_entries_is_the_difference_of_costs(seed: int) -> None:
    found, r = case(seed), Random(seed)
    for roster in found.rosters:
        judge = Judge(found.week, roster)
        several = sorted(held(roster), key=repr)
        gone = r.sample(several, min(len(several), r.choice((0, 1, 2))))
        more = [e for e in (any_entry(r, found.week) for _ in range(r.choice((0, 1, 2)))) if e not in several]
        after = Roster(
            roster.duties - set(gone) | {e for e in more if isinstance(e, Duty)},
            roster.lessons - set(gone) | {e for e in more if isinstance(e, Lesson)},
        )
        old, new = cost(found.week, roster), cost(found.week, after)
        assert judge.worth(set(more), gone) == Cost(*(b - a for a, b in zip(old, new, strict=True)))


def answers(found: Case) -> list[Answer]:
    return list(explain_open(found.week, found.rosters[0]))


def deficit(week: Problem, roster: Roster, answer: Answer) -> int:
    """What is missing at a place."""
    assert answer.place
    return sum(want.missing(week, roster) for want in wants_of(answer.place, week, roster))


def after(week: Problem, roster: Roster, change: Change) -> tuple[Problem, Roster]:
    return applied(week, change.parts), changed(roster, change.added, change.removed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_suggested_change_fills_the_place_and_breaks_nothing(seed: int) -> None:
    found = case(seed)
    week, roster = found.week, found.rosters[0]
    assert check(week, roster).violations == ()
    for answer in answers(found):
        for change in (change for want in answer.wants for change in want.changes):
            new_week, new = after(week, roster, change)
            assert check(new_week, new).violations == ()
            assert deficit(new_week, new, answer) < deficit(week, roster, answer)
            assert (cost(week, roster), cost(new_week, new)) == (change.before, change.after)
            assert change.after[:2] < change.before[:2]
            assert change.after.safety <= change.before.safety
            assert change.after.programme <= change.before.programme


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_that_fills_does_so(seed: int) -> None:
    found = case(seed)
    for answer in answers(found):
        week, roster = found.week, found.rosters[0]
        for change in answer.plan:
            week, roster = after(week, roster, change)
        assert check(week, roster).violations == ()
        assert (deficit(week, roster, answer) == 0) == answer.plan_fills


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_counted_once(seed: int) -> None:
    found = case(seed)
    for want in (want for answer in answers(found) for want in answer.wants):
        assert want.volunteers == len(found.week.volunteers)
        assert want.here + len(want.free) + sum(want.first.values()) == want.volunteers
        assert all(want.each[rule] >= n for rule, n in want.first.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_why_not_agrees_with_check(seed: int) -> None:
    """Both ways: who is said to be possible breaks nothing, who is said to be excluded breaks just that."""
    found = case(seed)
    week, roster = found.week, found.rosters[0]
    for run, v in product(week.classes, week.volunteers):
        places = [{"segment": s} for s in run.segments] + [{"slot": t} for t in run.slots]
        places += [{"domain": d} for d in week.minimums(run)]
        for place in places:
            answer = explain(week, roster, class_run=run.id, volunteer=v.id, **place)  # type: ignore[arg-type]
            for candidacy in answer.candidacies:
                if candidacy.entry is not None:
                    rules = broken_by(week, roster, candidacy.entry)
                    assert {e.rule for e in candidacy.exclusions} == rules
                    assert (candidacy.cost is None) == bool(rules)
                for swap in candidacy.swaps:
                    assert candidacy.entry is not None
                    left = Roster(roster.duties - {swap.entry}, roster.lessons - {swap.entry})
                    pins = {"pins"} if swap.entry in pinned_entries(week) else set()
                    assert {e.rule for e in swap.exclusions} == broken_by(week, left, candidacy.entry) | pins


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_best_is_possible_and_costs_what_is_said(seed: int) -> None:
    found = case(seed)
    week, roster = found.week, found.rosters[0]
    now = cost(week, roster)
    for entry in sorted(held(roster), key=repr):
        answer = explain(
            week,
            roster,
            class_run=entry.class_run,
            segment=entry.segment if isinstance(entry, Duty) else None,
            slot=None if isinstance(entry, Duty) else entry.slot,
            volunteer=entry.volunteer if isinstance(entry, Duty) else entry.instructor,
        )
        for mine in answer.held:
            assert mine.is_pinned == (mine.entry in pinned_entries(week))
            ways = [way for way in mine.instead if not way.others]
            assert [way.cost for way in ways] == sorted(way.cost for way in ways)
            for way in ways:
                gone = {e for e in held(roster) if e == mine.entry or _goes(week, mine.entry, e, way.entry)}
                new = plus(Roster(roster.duties - gone, roster.lessons - gone), way.entry)
                assert check(week, new).violations == ()
                assert way.cost == Cost(*(b - a for a, b in zip(now, cost(week, new), strict=True)))


def _goes(week: Problem, mine: Entry, other: Entry, new: Entry) -> bool:
    """What goes with an entry: a minor's lessons beside the duty, the new lead's place as an assistant."""
    if not isinstance(mine, Duty):
        return False
    if isinstance(other, Lesson):
        is_minors = not week.volunteer[mine.volunteer].adult and other.instructor == mine.volunteer
        return is_minors and week.slot[other.slot].segment == mine.segment
    assert isinstance(new, Duty)
    return (other.volunteer, other.class_run, other.segment) == (new.volunteer, new.class_run, new.segment)


def test_open_places_add_up_to_the_cost() -> None:
    """Adults missing up to the need and again up to the minimum, leads, slots, domains."""
    for seed in SEEDS:
        week, roster = case(seed).week, case(seed).rosters[0]
        facts = [place.facts for place in open_places(week, roster)]
        safety = sum(int(f["missing"]) + int(f["below_minimum"]) + (not f["has_lead"]) for f in facts if "need" in f)  # type: ignore[call-overload]
        programme = sum(bool(f.get("is_open")) + (int(f["missing"]) if "minimum" in f else 0) for f in facts)  # type: ignore[call-overload]
        assert (safety, programme) == cost(week, roster)[:2]
