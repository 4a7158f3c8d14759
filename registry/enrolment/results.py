"""How a round came out, for lists to hang up or to work with: names masked, by site, class and number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func

from registry.accounts.permissions import Action, Actor, Subject, require
from registry.conventions.names import mask_name
from registry.enrolment.desk import sees_district, visible_round
from registry.enrolment.tables import Application, Place, WaitlistEntry
from registry.enrolment.waitlists import WAITING
from registry.errors import NotFound
from registry.families.reads import HELD
from registry.families.tables import Child
from registry.privacy.staff import ERASED
from registry.programme import ClassRun, Site, Term

LARGEST_ID = 2**31 - 1
Key = tuple[Any, ...]
NAMELESS = "—"
"""Of a child whose data were deleted only the number is left."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A place or a position on a waitlist. `status`: offered, confirmed, or waiting, which alone has a position.

    The priority group is not among it: nobody may read it off a list.
    """

    site: str
    term: str
    class_run: str
    name: str
    number: str
    status: str
    position: int | None


def results(session: Session, actor: Actor, round_id: int, site_id: int | None = None) -> list[ResultLine]:
    """Who has a place in a round and who waits, at one site or at all that the actor has; two questions.

    Positions are those of the waitlist as it stands, counted from 1 in each class.

    Raises:
        NotAllowed: for whoever lists no applications, or for a site that is not theirs.
        NotFound: `round_unknown`, `site_missing`.
    """
    require(actor, Action.LIST_APPLICATIONS)
    visible_round(session, actor, round_id)
    if site_id is not None:
        if not 0 < site_id <= LARGEST_ID or session.get(Site, site_id) is None:
            raise NotFound("site_missing", site=site_id)
        require(actor, Action.LIST_APPLICATIONS, Subject(site_ids=frozenset({site_id})))
    where = [Application.round_id == round_id]
    if site_id is not None:
        where.append(ClassRun.site_id == site_id)
    elif not sees_district(actor):
        where.append(col(ClassRun.site_id).in_(actor.sites))  # type: ignore[arg-type]
    both = [*_placed(session, where), *_waiting(session, where)]
    return [line for _, line in sorted(both, key=lambda entry: entry[0])]


def _placed(session: Session, where: list[Any]) -> list[tuple[Key, ResultLine]]:
    rows = _rows(Place, col(Place.status)).where(*where, col(Place.status).in_(HELD))
    return [
        ((*key, 0, number), _line(site, term, run, name, number, status, None))
        for *key, site, term, run, name, number, status in session.execute(rows).all()
    ]


def _waiting(session: Session, where: list[Any]) -> list[tuple[Key, ResultLine]]:
    """Positions count everybody who waits for the class run, also of earlier rounds: families are told the same."""
    order = func.row_number().over(partition_by=col(WaitlistEntry.class_run_id), order_by=col(WaitlistEntry.position))
    waiting = select_columns(col(WaitlistEntry.id), order.label("place"))
    stand = waiting.where(col(WaitlistEntry.state) == WAITING).subquery()
    rows = _rows(WaitlistEntry, stand.c.place).join(stand, stand.c.id == col(WaitlistEntry.id)).where(*where)
    return [
        ((*key, 1, position), _line(site, term, run, name, number, WAITING, position))
        for *key, site, term, run, name, number, position in session.execute(rows).all()
    ]


def _rows(table: type[Place] | type[WaitlistEntry], last: Any) -> Any:
    """Rows of either table: what they are sorted by (five columns), what is said of them, and one more column."""
    return (
        select_columns(
            *(
                col(Site.name).label("by"),
                col(Term.starts_on),
                col(ClassRun.grade_low),
                col(ClassRun.name).label("its"),
            ),
            *(col(ClassRun.id), col(Site.name), col(Term.name), col(ClassRun.name), col(Child.name)),
            *(col(Application.number), last),
        )
        .select_from(table)
        .join(Application, col(Application.id) == table.application_id)
        .join(Child, col(Child.id) == Application.child_id)
        .join(ClassRun, col(ClassRun.id) == table.class_run_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
    )


def _line(site: str, term: str, run: str, name: str, number: str, status: str, position: int | None) -> ResultLine:
    masked = NAMELESS if name == ERASED else mask_name(name)
    return ResultLine(site, term, run, masked, number, status, position)
