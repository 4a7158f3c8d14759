"""The stand-bys of the version in force: asked for once a version, and shown with names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.db import take_turns
from registry.duties.publish import version_in_force
from registry.duties.tables import RosterVersion
from registry.errors import NotFound
from registry.repairs.tables import StandbyPlan, State
from registry.repairs.words import class_names, people_names
from registry.repairs.work import queue_standbys


@dataclass(frozen=True, slots=True)
class Missed:
    """An absence that nothing covers: who, and at which sites and classes something would be missed."""

    volunteer: str
    name: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadyDay:
    """A day: who should be ready, the proven least number, how many absences do no harm, are covered, are not."""

    day: date
    ready: tuple[tuple[str, str], ...]
    fewest: int
    harmless: int
    covered: int
    uncovered: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class StandbyView:
    """The stand-bys of a week: for which version, how far they are (None: nobody has asked), and the days."""

    version: int
    status: str | None
    failure: dict[str, Any] | None
    days: tuple[ReadyDay, ...]


def see_standbys(session: Session, actor: Actor, monday: date) -> StandbyView:
    """The stand-bys of the version in force.

    Raises:
        NotAllowed. NotFound: `week_unpublished`.
    """
    require(actor, Action.MANAGE_ROSTER)
    version = _in_force(session, monday)
    plan = _plan(session, version)
    if plan is None:
        return StandbyView(version.number, None, None, ())
    days = tuple(_day(version, data) for data in plan.days_json or ())
    return StandbyView(version.number, plan.status, plan.failure_json, days)


def ask_standbys(session: Session, actor: Actor, monday: date) -> StandbyPlan:
    """Queue the stand-bys of the version in force; what is there or on its way stays, what failed is tried again.

    Raises:
        NotAllowed. NotFound: `week_unpublished`.
    """
    require(actor, Action.MANAGE_ROSTER)
    version = _in_force(session, monday)
    take_turns(session, f"standby-{version.id}")
    plan = _plan(session, version) or StandbyPlan(version_id=version.id or 0, asked_at=clock.now())
    if plan.id is None or plan.status == State.FAILED:
        plan.status, plan.failure_json = State.QUEUED.value, None
        plan.asked_by, plan.asked_at = actor.account_id, clock.now()
        session.add(plan)
        session.flush()
        queue_standbys(session, plan)
    return plan


def _in_force(session: Session, monday: date) -> RosterVersion:
    found = version_in_force(session, monday)
    if found is None:
        raise NotFound("week_unpublished", week=monday.isoformat())
    return found


def _plan(session: Session, version: RosterVersion) -> StandbyPlan | None:
    return session.exec(select(StandbyPlan).where(StandbyPlan.version_id == version.id)).first()


def _day(version: RosterVersion, data: dict[str, Any]) -> ReadyDay:
    problem = version.problem_json
    names, classes = people_names(problem), class_names(problem)
    uncovered = tuple(
        Missed(a["volunteer"], names[a["volunteer"]],
               tuple(dict.fromkeys(classes[entry["class_run"]] for entry in a["missed"])))
        for a in data["uncovered"]
    )  # fmt: skip
    return ReadyDay(
        version.week + timedelta(days=data["weekday"] - 1), tuple((v, names[v]) for v in data["standbys"]),
        data["fewest"], data["harmless"], len(data["covered"]), uncovered,
    )  # fmt: skip
