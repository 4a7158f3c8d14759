"""Applications as the office and a site's coordinator list them: filtered, paged, names masked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Role
from registry.conventions.names import mask_name
from registry.enrolment.tables import Application, Place, Wish
from registry.families.reads import HELD
from registry.families.tables import Child
from registry.programme import ClassRun, Site

STATUSES = (
    "draft", "submitted", "eligible", "rejected", "placed", "waitlisted", "confirmed",
    "attending", "completed", "withdrawn", "no_show",
)  # fmt: skip
CLAIMS = ("none", "claimed", "verified", "refused")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. `text` is a receipt's number or its beginning, or a whole name."""

    round_id: int
    status: str | None = None
    claim: str | None = None
    site_id: int | None = None
    class_run_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application in a list. `wishes` and `places` are (class run's id, its site and name)."""

    number: str
    child: str
    entry_year: int
    status: str
    group: str | None
    claim: str
    verified_by: str
    verified_on: date | None
    submitted_at: datetime | None
    wishes: tuple[tuple[int, str], ...]
    places: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """A part of a list, and how many there are in all."""

    total: int
    lines: tuple[ApplicationLine, ...]


def applications(session: Session, actor: Actor, asked: Asked, *, limit: int, offset: int = 0) -> ApplicationPage:
    """The applications that are asked for and that the actor may see, the newest submitted last.

    A coordinator sees those that wish for a class of their sites.

    Raises:
        NotAllowed: `not_allowed`.
    """
    require(actor, Action.LIST_APPLICATIONS)
    wanted = _wanted(actor, asked)
    total = session.exec(
        select(func.count()).select_from(Application).join(Child, col(Child.id) == Application.child_id).where(*wanted)
    ).one()
    rows = session.exec(
        select(Application, Child)
        .join(Child, col(Child.id) == Application.child_id)
        .where(*wanted)
        .order_by(col(Application.submitted_at).is_(None), col(Application.submitted_at), col(Application.id))
        .limit(limit)
        .offset(offset)
    ).all()
    return ApplicationPage(total, tuple(_lines(session, rows)))


def counted(session: Session, actor: Actor, round_ids: Collection[int]) -> dict[int, Counter[tuple[str, str]]]:
    """How many applications of each round the actor may see, by status and claim; rounds without any are there too.

    Raises:
        NotAllowed: `not_allowed`.
    """
    require(actor, Action.LIST_APPLICATIONS)
    rows = select(Application.round_id, Application.status, Application.group_status, func.count())
    rows = rows.where(col(Application.round_id).in_(round_ids), *_in_scope(actor))
    found: dict[int, Counter[tuple[str, str]]] = {number: Counter() for number in round_ids}
    for number, status, claim, n in session.exec(
        rows.group_by(col(Application.round_id), col(Application.status), col(Application.group_status))
    ):
        found[number][status, claim] = n
    return found


def _in_scope(actor: Actor) -> list[ColumnElement[bool]]:
    """The whole district for the office and auditors, else the applications that wish for a class of one's sites."""
    if actor.has(Role.DISTRICT_OFFICE, Role.AUDITOR):
        return []
    return [_wishes_for(col(ClassRun.site_id).in_(actor.sites))]


def _wanted(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[Any] = [col(Application.round_id) == asked.round_id]
    if asked.status:
        wanted.append(col(Application.status) == asked.status)
    if asked.claim:
        wanted.append(col(Application.group_status) == asked.claim)
    if asked.class_run_id is not None:
        wanted.append(_wishes_for(ClassRun.id == asked.class_run_id))  # type: ignore[arg-type]
    if asked.site_id is not None:
        wanted.append(_wishes_for(ClassRun.site_id == asked.site_id))  # type: ignore[arg-type]
    wanted += _in_scope(actor)
    text = asked.text.strip()
    if text:
        wanted.append(or_(col(Application.number).startswith(text.upper(), autoescape=True), col(Child.name) == text))
    return wanted


def _wishes_for(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    wishes = select(Wish.application_id).join(ClassRun, col(ClassRun.id) == Wish.class_run_id).where(condition)
    return col(Application.id).in_(wishes)


def _lines(session: Session, rows: Sequence[tuple[Application, Child]]) -> list[ApplicationLine]:
    ids = [application.id or 0 for application, _ in rows]
    wishes, places = _named(session, Wish, ids), _named(session, Place, ids)
    return [
        ApplicationLine(
            number=a.number, child=mask_name(child.name), entry_year=child.entry_year, status=a.status,
            group=a.group_code, claim=a.group_status, verified_by=a.group_verified_by,
            verified_on=a.group_verified_on, submitted_at=a.submitted_at,
            wishes=tuple(wishes[a.id or 0]), places=tuple(places[a.id or 0]),
        )
        for a, child in rows
    ]  # fmt: skip


def _named(session: Session, table: type[Wish] | type[Place], ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = (
        select(table.application_id, ClassRun.id, Site.name, ClassRun.name)
        .join(ClassRun, col(ClassRun.id) == table.class_run_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(col(table.application_id).in_(ids))
        .order_by(col(table.application_id), col(table.rank))
    )
    if table is Place:
        rows = rows.where(col(Place.status).in_(HELD))
    for application, run, site, name in session.exec(rows):
        found[application].append((run or 0, f"{site} {name}"))
    return found
