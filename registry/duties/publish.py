"""Publishing a week: a new version that is in force from now on, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib.metadata import version
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, insert, select

from registry import clock
from registry.db import take_turns
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.engine.rosters import verify
from registry.errors import NotFound
from registry.rostering.build import check_monday


def version_in_force(session: Session, monday: date) -> RosterVersion | None:
    """The newest version of a week, None where none was published."""
    wanted = select(RosterVersion).where(RosterVersion.week == monday)
    return session.exec(wanted.order_by(col(RosterVersion.number).desc()).limit(1)).first()


def files_of(version: RosterVersion | None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The problem and the roster of a version."""
    return None if version is None else (version.problem_json, version.roster_json)


def version_of(session: Session, monday: date, number: int) -> RosterVersion:
    """A version of a week.

    Raises:
        NotFound: `version_unknown`.
    """
    wanted = select(RosterVersion).where(RosterVersion.week == monday, RosterVersion.number == number)
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound("version_unknown", week=monday.isoformat(), version=number)
    return found


def publish(
    session: Session,
    monday: date,
    problem_json: dict[str, Any],
    roster_json: dict[str, Any],
    *,
    seed: int,
    by: int | None = None,
    note: str = "",
    restores: int | None = None,
) -> RosterVersion:
    """Store the next version of a week and put it in force. `by` is the account; it may repeat version `restores`.

    Raises:
        Refused: `week_not_monday`.
        SolveFailed: the roster breaks a rule that no pin waives, or costs other than it says; see `verify`.
    """
    check_monday(monday)
    verify(problem_json, roster_json)
    take_turns(session, f"roster-version-{monday.isoformat()}")
    newest = session.exec(select(func.max(RosterVersion.number)).where(RosterVersion.week == monday)).one()
    made = RosterVersion(
        week=monday, number=(newest or 0) + 1, problem_json=problem_json, roster_json=roster_json, seed=seed,
        software=version("qingzai"), note=note, restores=restores, published_by=by, published_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _put_in_force(session, made)
    return made


def _put_in_force(session: Session, made: RosterVersion) -> None:
    """The rows of the week are those of this version alone."""
    week = select(RosterVersion.id).where(RosterVersion.week == made.week)
    for table in (RosteredDuty, RosteredLesson):
        session.exec(delete(table).where(col(table.version_id).in_(week)))
    # As rows: four thousand objects take four times as long, whenever a single place is taken.
    if duties := list(_duties(made)):
        session.execute(insert(RosteredDuty), duties)
    if lessons := list(_lessons(made)):
        session.execute(insert(RosteredLesson), lessons)


Row = dict[str, Any]


def _duties(made: RosterVersion) -> Iterator[Row]:
    segment = {s["id"]: s for s in made.problem_json["segments"]}
    for duty in made.roster_json["duties"]:
        at = segment[duty["segment"]]
        yield {
            "version_id": made.id, "day": _day(made, at["weekday"]), "part": part_of(at["id"]),
            "starts_at": time.fromisoformat(at["start"]), "ends_at": time.fromisoformat(at["end"]),
            "class_run_id": number_of(duty["class"]), "volunteer_id": number_of(duty["volunteer"]),
            "role": duty["role"],
        }  # fmt: skip


def _lessons(made: RosterVersion) -> Iterator[Row]:
    segment = {s["id"]: s for s in made.problem_json["segments"]}
    slot = {s["id"]: s for s in made.problem_json["slots"]}
    for lesson in made.roster_json["lessons"]:
        at = slot[lesson["slot"]]
        yield {
            "version_id": made.id, "day": _day(made, segment[at["segment"]]["weekday"]),
            "slot": int(part_of(at["id"])), "starts_at": time.fromisoformat(at["start"]),
            "ends_at": time.fromisoformat(at["end"]), "class_run_id": number_of(lesson["class"]),
            "volunteer_id": number_of(lesson["instructor"]), "course_id": number_of(lesson["course"]),
            "room_id": number_of(lesson["room"]) if lesson.get("room") else None,
        }  # fmt: skip


def _day(made: RosterVersion, weekday: int) -> date:
    return made.week + timedelta(days=weekday - 1)


def number_of(id_: str) -> int:
    """The row's number in an id of a problem made from the tables: `c12` is class run 12, `v7` volunteer 7."""
    return int(id_[1:])


def part_of(id_: str) -> str:
    """What follows the weekday in the id of a segment or slot: `am` in `1-am`, `3` in `1-3`."""
    return id_.partition("-")[2]
