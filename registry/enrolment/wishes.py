"""The wish list of an application: add, take away, move up and down, copy a sibling's, or all at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from registry.accounts.permissions import Actor
from registry.enrolment.applications import SUBMITTED, find, siblings, to_change, touch, wishes_of
from registry.enrolment.events import note
from registry.enrolment.rounds import LARGEST_ID, find_round
from registry.enrolment.search import grade_in
from registry.enrolment.tables import Application, EnrolmentRound, RoundClass, Wish
from registry.errors import FieldProblem, Invalid, NotFound
from registry.families.tables import Child
from registry.programme import ClassRun


def add_wish(session: Session, actor: Actor, number: str, class_run_id: int) -> Application:
    """Put a class run at the end of the list; one that is on it stays where it is, so that a second tap is harmless.

    Raises:
        NotFound, Conflict: as `applications.to_change`. Invalid: at `wishes`, as `set_wishes`.
    """
    found = to_change(session, actor, number)
    now = _ids(session, found)
    return found if class_run_id in now else _store(session, actor, found, [*now, class_run_id])


def remove_wish(session: Session, actor: Actor, number: str, class_run_id: int) -> Application:
    """Take a class run off the list; one that is not on it changes nothing. Raises as `add_wish`."""
    found = to_change(session, actor, number)
    now = _ids(session, found)
    return _store(session, actor, found, [i for i in now if i != class_run_id]) if class_run_id in now else found


def move_wish(session: Session, actor: Actor, number: str, class_run_id: int, by: int, version: int) -> Application:
    """Move a class run up (`by` -1) or down (1) by one. Raises as `add_wish`."""
    found = to_change(session, actor, number, version)
    now = _ids(session, found)
    here = now.index(class_run_id) if class_run_id in now else -1
    there = here + (1 if by > 0 else -1)
    if here < 0 or not 0 <= there < len(now):
        return found
    now[here], now[there] = now[there], now[here]
    return _store(session, actor, found, now)


def copy_wishes(session: Session, actor: Actor, number: str, sibling: str) -> tuple[Application, int]:
    """Take over the wishes of a sibling's application, those that fit this child; answers how many did not.

    Where the sibling's class run is for other grades, the class run of the same site and term that fits stands in.

    Raises:
        NotFound: `application_unknown`, also where the other is no sibling's. Conflict: as `add_wish`.
    """
    found = to_change(session, actor, number)
    other = find(session, actor, sibling)
    if other.id not in {application.id for application, _ in siblings(session, found)}:
        raise NotFound("application_unknown", number=sibling[:20])
    wanted = _ids(session, other)
    fitting = _standing_in(session, found, wanted)
    kept = list(dict.fromkeys(run for run in (fitting.get(wish) for wish in wanted) if run is not None))
    if not kept:
        return found, len(wanted)
    return _store(session, actor, found, kept), len(wanted) - len(kept)


def _standing_in(session: Session, found: Application, wanted: Sequence[int]) -> dict[int, int]:
    """For each class run the one of the same site and term in the round that fits the child, itself before others."""
    a_round, child = find_round(session, found.round_id), session.get_one(Child, found.child_id)
    grade = grade_in(a_round.season, child.entry_year)
    runs = _runs(session, a_round)
    at: dict[tuple[int, int], int] = {}
    for run in runs.values():
        if run.grade_low <= grade <= run.grade_high:
            at.setdefault((run.site_id, run.term_id), run.id or 0)
    own = {i: i for i in wanted if i in runs and runs[i].grade_low <= grade <= runs[i].grade_high}
    others = {i: at[runs[i].site_id, runs[i].term_id] for i in wanted if i in runs and _place(runs[i]) in at}
    return {**others, **own}


def _place(run: ClassRun) -> tuple[int, int]:
    return run.site_id, run.term_id


def set_wishes(
    session: Session, actor: Actor, number: str, class_run_ids: Sequence[int], version: int | None
) -> Application:
    """Replace the whole list, the dearest first.

    Raises:
        NotFound, Conflict: as `applications.to_change`.
        Invalid: at `wishes`: `wish_unknown` (no class run of this round), `wish_twice`, `wish_wrong_grade`,
            `too_many_wishes`; `wish_needed` where an application that was sent would be left without any.
    """
    found = to_change(session, actor, number, version)
    return found if _ids(session, found) == list(class_run_ids) else _store(session, actor, found, class_run_ids)


def _store(session: Session, actor: Actor, found: Application, ids: Sequence[int]) -> Application:
    check_wishes(session, found, ids)
    assert found.id is not None
    session.exec(delete(Wish).where(col(Wish.application_id) == found.id))
    session.flush()
    session.add_all(Wish(application_id=found.id, rank=rank, class_run_id=run) for rank, run in enumerate(ids, start=1))
    touch(session, found)
    if found.status == SUBMITTED:
        note(session, found, "wishes_changed", actor, wishes=list(ids))
    return found


def check_wishes(session: Session, found: Application, ids: Sequence[int]) -> None:
    """Make sure that a list can stand.

    Raises:
        Invalid: at `wishes`, as `set_wishes`.
    """
    a_round, child = find_round(session, found.round_id), session.get_one(Child, found.child_id)
    runs, grade = _runs(session, a_round, ids), grade_in(a_round.season, child.entry_year)
    problems = []
    if not ids and found.status == SUBMITTED:
        problems.append(FieldProblem("wishes", "wish_needed"))
    if len(ids) > a_round.most_wishes:
        problems.append(FieldProblem("wishes", "too_many_wishes", {"limit": a_round.most_wishes}))
    if len(set(ids)) != len(ids):
        problems.append(FieldProblem("wishes", "wish_twice"))
    for i in dict.fromkeys(ids):
        if i not in runs:
            problems.append(FieldProblem("wishes", "wish_unknown"))
        elif not runs[i].grade_low <= grade <= runs[i].grade_high:
            facts = {"grade": grade, "low": runs[i].grade_low, "high": runs[i].grade_high}
            problems.append(FieldProblem("wishes", "wish_wrong_grade", facts))
    if problems:
        raise Invalid(*problems)


def _runs(session: Session, a_round: EnrolmentRound, only: Sequence[int] | None = None) -> dict[int, ClassRun]:
    """The class runs of a round by number; of those in `only`, where it is given."""
    rows = select(ClassRun).join(RoundClass, col(RoundClass.class_run_id) == ClassRun.id)
    rows = rows.where(RoundClass.round_id == a_round.id).order_by(col(ClassRun.id))
    rows = rows if only is None else rows.where(col(ClassRun.id).in_([i for i in only if 0 < i <= LARGEST_ID]))
    return {run.id or 0: run for run in session.exec(rows)}


def _ids(session: Session, application: Application) -> list[int]:
    return [wish.class_run_id for wish in wishes_of(session, application)]
