"""Children as staff list them: those of the own sites or classes, names masked; each line leads to the child.

The list holds nobody whom `staff.masked_child` would not open: children with a place, and, where a coordinator may
have to look at a claim, those without any who applied. Classes that are over are left out after seven days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Subquery, distinct, exists, false, literal, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, or_, select, true

from registry import clock
from registry.accounts.permissions import DAYS_AFTER_CLASS, Action, Actor, require
from registry.accounts.tables import Role
from registry.conventions.grades import grade_on
from registry.conventions.names import mask_name
from registry.conventions.pinyin import pinyin_key
from registry.enrolment.tables import Application, ApplicationStatus, Place, PlaceStatus, Wish
from registry.errors import NotAllowed
from registry.families.reads import HELD
from registry.families.tables import Child
from registry.privacy.staff import ERASED, is_cleared
from registry.programme import ClassRun, Site, Term, is_made_up

APPLIED = "applied"
STATUSES = (PlaceStatus.CONFIRMED.value, PlaceStatus.OFFERED.value, APPLIED)
ASKING = (ApplicationStatus.SUBMITTED.value, ApplicationStatus.ELIGIBLE.value, ApplicationStatus.WAITLISTED.value)
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ChildClass:
    """A class of a child: how it stands there. `status`: confirmed, offered, applied."""

    class_run_id: int
    name: str
    site: str
    term: str
    status: str


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child in the list; of its classes those that concern whoever asks."""

    child_id: int
    name: str
    grade: int
    classes: tuple[ChildClass, ...]


@dataclass(frozen=True, slots=True)
class ChildrenPage:
    """A part of a list, and how many children there are in all."""

    total: int
    lines: tuple[ChildLine, ...]


@dataclass(frozen=True, slots=True)
class RunOption:
    """A class run to look for."""

    id: int
    name: str
    site: str
    term: str


def children(
    session: Session, actor: Actor, class_run_id: int | None = None, status: str | None = None, *, limit: int,
    offset: int = 0,
) -> ChildrenPage:  # fmt: skip
    """Children of one class by pinyin, of all the actor's in the order in which they were entered.

    A class run that is not the actor's has no children here, as one that does not exist has none.

    Raises:
        NotAllowed: for who is no staff of children; `clearance_needed`, for a volunteer without a valid check.
    """
    _make_sure(session, actor)
    rows = _rows()
    where = [*_wanted(rows, class_run_id, status), _scope(actor, rows), _is_on(session)]
    if class_run_id is None:
        page = _joined(select_columns(rows.c.child_id).distinct(), rows).where(*where).order_by(rows.c.child_id)
        total = session.execute(_joined(select_columns(func.count(distinct(rows.c.child_id))), rows).where(*where))
        ids = list(session.scalars(page.limit(limit).offset(offset)))
        return ChildrenPage(total.scalar_one(), _lines(session, rows, where, ids))
    every = list(session.scalars(_joined(select_columns(rows.c.child_id).distinct(), rows).where(*where)))
    lines = _lines(session, rows, where, _by_pinyin(session, every)[offset : offset + limit])
    return ChildrenPage(len(every), lines)


def class_options(session: Session, actor: Actor) -> list[RunOption]:
    """The class runs that the actor may look for, by site and term.

    Raises:
        NotAllowed: as `children`.
    """
    _make_sure(session, actor)
    found = (
        select(ClassRun, Site.name, Term.name)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .where(or_(_sees(actor), col(ClassRun.id).in_(_led(actor))), _is_on(session))
        .order_by(col(Site.name), col(Term.starts_on), col(ClassRun.grade_low), col(ClassRun.id))
    )
    return [RunOption(run.id or 0, run.name, site, term) for run, site, term in session.exec(found)]


def _make_sure(session: Session, actor: Actor) -> None:
    require(actor, Action.REVEAL_CHILD)
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")


def _rows() -> Subquery:
    """A child and a class run: places that are held, and wishes of children that hold none."""
    placed = (
        select_columns(col(Application.child_id), col(Place.class_run_id), col(Place.status))
        .join(Place, col(Place.application_id) == col(Application.id))
        .where(col(Place.status).in_(HELD))
    )
    own = select(Application).subquery()
    has_place = exists().where(
        own.c.child_id == col(Application.child_id), col(Place.application_id) == own.c.id, col(Place.status).in_(HELD)
    )
    asking = (
        select_columns(col(Application.child_id), col(Wish.class_run_id), literal(APPLIED).label("status"))
        .join(Wish, col(Wish.application_id) == col(Application.id))
        .where(col(Application.status).in_(ASKING), ~has_place)
    )
    return union_all(placed, asking).subquery()


def _joined(columns: Any, rows: Subquery) -> Any:
    return (
        columns.select_from(rows)
        .join(Child, col(Child.id) == rows.c.child_id)
        .join(ClassRun, col(ClassRun.id) == rows.c.class_run_id)
        .join(Site, col(Site.id) == col(ClassRun.site_id))
        .join(Term, col(Term.id) == col(ClassRun.term_id))
    )


def _wanted(rows: Subquery, class_run_id: int | None, status: str | None) -> list[Any]:
    wanted: list[Any] = [col(Child.name) != ERASED]
    if class_run_id is not None:
        wanted.append(rows.c.class_run_id == class_run_id if 0 < class_run_id <= LARGEST_ID else false())
    if status is not None:
        wanted.append(rows.c.status == status)
    return wanted


def _scope(actor: Actor, rows: Subquery) -> Any:
    """The district, the own sites, or, with a place there, the own classes."""
    leads = col(ClassRun.id).in_(_led(actor)) & (rows.c.status != APPLIED)
    return or_(_sees(actor), leads)


def _sees(actor: Actor) -> Any:
    return true() if actor.has(Role.DISTRICT_OFFICE) else col(ClassRun.site_id).in_(actor.sites)


def _led(actor: Actor) -> list[int]:
    return [held.class_run_id for held in actor.held if held.role is Role.CLASS_LEAD and held.class_run_id is not None]


def _is_on(session: Session) -> Any:
    """Not over for more than seven days; in a made-up district no term is ever over."""
    if is_made_up(session):
        return true()
    return col(Term.ends_on) >= clock.today() - timedelta(days=DAYS_AFTER_CLASS)


def _by_pinyin(session: Session, ids: Collection[int]) -> list[int]:
    names = session.exec(select(Child.id, Child.name).where(col(Child.id).in_(ids)))
    return [number or 0 for number, _ in sorted(names, key=lambda one: (pinyin_key(one[1]), one[0] or 0))]


def _lines(session: Session, rows: Subquery, where: list[Any], ids: Collection[int]) -> tuple[ChildLine, ...]:
    """The children with these numbers, in this order, with two questions."""
    known = {child.id: child for child in session.exec(select(Child).where(col(Child.id).in_(ids)))}
    named = (rows.c.child_id, rows.c.class_run_id, col(ClassRun.name), col(Site.name), col(Term.name), rows.c.status)
    classes = _joined(select_columns(*named), rows).where(*where, rows.c.child_id.in_(ids))
    of_child = defaultdict[int, list[ChildClass]](list)
    for child_id, *facts in session.execute(classes.order_by(col(Term.starts_on), rows.c.class_run_id)).all():
        of_child[child_id].append(ChildClass(*facts))
    today = clock.today()
    return tuple(
        ChildLine(n, mask_name(known[n].name), grade_on(known[n].entry_year, today), tuple(of_child[n])) for n in ids
    )
