"""The list that a draw freezes: every application of a round as a line of a placement problem, under a pseudonym.

A child's name in the draw is the pseudonym of its first application of the season, so that its lottery number stays
the same in every round. Grades are those of the school year that ends in the season's year. Children who hold places in
the round's classes from before are in the list with nothing but these, so that nobody is drawn onto their seats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from registry.enrolment.search import grade_in
from registry.enrolment.tables import (
    Application,
    ApplicationStatus,
    EnrolmentRound,
    Place,
    PriorityGroup,
    RoundClass,
    Wish,
)
from registry.families.reads import HELD
from registry.families.tables import Child, Guardianship
from registry.programme import ClassRun, Term

IN_THE_DRAW = (ApplicationStatus.SUBMITTED.value, ApplicationStatus.ELIGIBLE.value)
VERIFIED = "verified"


def class_key(class_run_id: int) -> str:
    """What a class run is called in a problem."""
    return f"c{class_run_id}"


def class_id(key: str) -> int:
    """The class run of that name."""
    return int(key.removeprefix("c"))


@dataclass(frozen=True)
class Held:
    """A place that a child holds from an earlier round."""

    child_id: int
    class_run_id: int
    weekdays: tuple[int, ...]
    seats: int


def problem_of_round(session: Session, round_: EnrolmentRound) -> dict[str, Any]:
    """The placement problem of a round, still without a seed, in the public file format."""
    assert round_.id is not None
    offered = list(session.exec(select(RoundClass).where(RoundClass.round_id == round_.id)))
    applied = _applications(session, round_.id)
    held = _held(session, round_.season, {c.class_run_id for c in offered}, {a.child_id for a in applied})
    runs = {c.class_run_id for c in offered} | {h.class_run_id for h in held}
    return {
        "format": "qingzai.placement-problem/1",
        "classes": _classes(session, runs, {c.class_run_id: c for c in offered}),
        "children": _children(session, round_, applied, held),
        "policy": {"families": round_.families, "order": round_.order},
    }


def names_in_draw(session: Session, season: int, child_ids: Iterable[int]) -> dict[int, str]:
    """What each child is called in every draw of a season: the pseudonym of its first application."""
    rows = (
        select(Application.child_id, Application.draw_name)
        .join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
        .where(EnrolmentRound.season == season)
        .order_by(col(Application.id).desc())
    )
    wanted = set(child_ids)
    return {child: name for child, name in session.exec(rows) if child in wanted}


def tiers(session: Session) -> tuple[dict[str, int], int]:
    """The tier of each active group, and that of everybody else: one behind the last."""
    groups = session.exec(select(PriorityGroup).where(PriorityGroup.is_active))
    of_group = {group.code: group.tier for group in groups}
    return of_group, max(of_group.values(), default=-1) + 1


def _applications(session: Session, round_id: int) -> list[Application]:
    rows = select(Application).where(Application.round_id == round_id, col(Application.status).in_(IN_THE_DRAW))
    return list(session.exec(rows.order_by(col(Application.number))))


def _held(session: Session, season: int, runs: set[int], applicants: set[int]) -> list[Held]:
    rows = (
        select(Place, Application)
        .join(Application, col(Application.id) == Place.application_id)
        .join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
        .where(EnrolmentRound.season == season, col(Place.status).in_(HELD))
    )
    return [
        Held(application.child_id, place.class_run_id, tuple(application.weekdays), application.seats)
        for place, application in session.exec(rows)
        if place.class_run_id in runs or application.child_id in applicants
    ]


def _classes(session: Session, runs: set[int], offered: dict[int, RoundClass]) -> list[dict[str, Any]]:
    rows = session.exec(
        select(ClassRun, Term).join(Term, col(Term.id) == ClassRun.term_id).where(col(ClassRun.id).in_(runs))
    )
    return [
        {
            "id": class_key(run.id or 0),
            "site": f"s{run.site_id}",
            "term": term.id,
            "grades": [run.grade_low, run.grade_high],
            "capacity": offered[run.id].places if run.id in offered else run.capacity,
            "min_to_open": offered[run.id].min_to_open if run.id in offered else run.min_to_open,
        }
        for run, term in sorted(rows, key=lambda row: row[0].id or 0)
    ]


def _children(
    session: Session, round_: EnrolmentRound, applied: list[Application], held: list[Held]
) -> list[dict[str, Any]]:
    keeps: dict[int, list[Held]] = defaultdict(list)
    for place in held:
        keeps[place.child_id].append(place)
    ids = {a.child_id for a in applied} | set(keeps)
    children = {child.id: child for child in session.exec(select(Child).where(col(Child.id).in_(ids)))}
    name, wishes = names_in_draw(session, round_.season, ids), _wishes(session, applied)
    of_group, general = tiers(session)
    families = _families(session, applied, name)
    lines = []
    for application in applied:
        kept = keeps.pop(application.child_id, [])
        is_verified = application.group_status == VERIFIED and application.group_code in of_group
        lines.append(
            {
                "id": name[application.child_id],
                "grade": grade_in(round_.season, children[application.child_id].entry_year),
                "tier": of_group[application.group_code or ""] if is_verified else general,
                "choices": [class_key(run) for run in wishes[application.id or 0]],
                "seats": max(application.seats, len(kept)),
                "weekdays": sorted({*application.weekdays, *(day for place in kept for day in place.weekdays)}),
                "family": families.get(application.child_id),
                "keep": [class_key(place.class_run_id) for place in kept] or None,
            }
        )
    for child_id, kept in keeps.items():
        lines.append(_only_kept(name[child_id], grade_in(round_.season, children[child_id].entry_year), general, kept))
    return sorted(lines, key=lambda line: str(line["id"]))


def _only_kept(name: str, grade: int, tier: int, kept: list[Held]) -> dict[str, Any]:
    """Somebody who does not apply in this round and holds places from before."""
    classes = [class_key(place.class_run_id) for place in kept]
    return {
        "id": name, "grade": grade, "tier": tier, "choices": classes, "seats": len(classes),
        "weekdays": sorted({day for place in kept for day in place.weekdays}), "family": None, "keep": classes,
    }  # fmt: skip


def _wishes(session: Session, applied: list[Application]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {application.id or 0: [] for application in applied}
    if not applied:
        return found
    rows = (
        select(Wish)
        .join(Application, col(Application.id) == Wish.application_id)
        .where(Application.round_id == applied[0].round_id)
        .order_by(col(Wish.application_id), col(Wish.rank))
    )
    for wish in session.exec(rows):
        if wish.application_id in found:
            found[wish.application_id].append(wish.class_run_id)
    return found


def _families(session: Session, applied: list[Application], name: dict[int, str]) -> dict[int, str]:
    """Children who share a guardian and want to be together, each under the first of their names."""
    together = {a.child_id for a in applied if a.together}
    of_guardian: dict[int, list[int]] = defaultdict(list)
    for row in session.exec(select(Guardianship)):
        if row.child_id in together:
            of_guardian[row.guardian_id].append(row.child_id)
    head = {child: child for child in together}

    def find(child: int) -> int:
        while head[child] != child:
            head[child] = child = head[head[child]]
        return child

    for children in of_guardian.values():
        for other in children[1:]:
            head[find(other)] = find(children[0])
    groups: dict[int, list[int]] = defaultdict(list)
    for child in together:
        groups[find(child)].append(child)
    first = {root: min(name[child] for child in group) for root, group in groups.items() if len(group) > 1}
    return {child: f"f-{first[find(child)]}" for child in together if find(child) in first}
