"""Who belongs to whom: children of a guardian, guardians of a child, and where a child's row belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, Subject, require
from registry.enrolment.tables import Application, ApplicationStatus, Place, PlaceStatus, Wish
from registry.errors import NotFound
from registry.families.tables import Child, Guardianship
from registry.programme import ClassRun

HELD = (PlaceStatus.OFFERED.value, PlaceStatus.CONFIRMED.value)


def children_of(session: Session, guardian_id: int) -> list[Child]:
    """The guardian's children, in the order in which they were entered."""
    own = select(Child).join(Guardianship, col(Guardianship.child_id) == Child.id)
    return list(session.exec(own.where(Guardianship.guardian_id == guardian_id).order_by(col(Child.id))))


def guardians_of(session: Session, child_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The guardians of each child, by its id."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in session.exec(select(Guardianship).where(col(Guardianship.child_id).in_(child_ids))):
        found[row.child_id].add(row.guardian_id)
    return {child: frozenset(found[child]) for child in child_ids}


def subject_of_child(session: Session, child_id: int) -> Subject:
    """Where a child's row belongs: its guardians, the classes it has a place in and their sites, or, before it has
    one, the sites it wishes for (a coordinator there verifies claims). What was withdrawn is nobody's business."""
    placed = _runs(session, child_id, placed=True)
    runs = placed or _runs(session, child_id, placed=False)
    return Subject(
        site_ids=frozenset(site for _, site in runs),
        class_run_ids=frozenset(run for run, _ in placed),
        guardian_ids=guardians_of(session, [child_id])[child_id],
    )


def _runs(session: Session, child_id: int, *, placed: bool) -> set[tuple[int, int]]:
    via = Place if placed else Wish
    rows = (
        select(ClassRun.id, ClassRun.site_id)
        .join(via, col(via.class_run_id) == ClassRun.id)
        .join(Application, col(Application.id) == via.application_id)
        .where(Application.child_id == child_id)
    )
    withdrawn = ApplicationStatus.WITHDRAWN.value
    rows = rows.where(col(Place.status).in_(HELD) if placed else Application.status != withdrawn)
    return {(run, site) for run, site in session.exec(rows) if run is not None}


def own_child(session: Session, actor: Actor, child_id: int, action: Action = Action.CHANGE_CHILD) -> Child:
    """A child of the actor's own family, to be seen or changed as its guardians may.

    Staff get at children in other ways, masked and logged; here theirs is no right, whatever their role.

    Raises:
        NotFound: `child_unknown`, for another family's exactly as for one that does not exist.
        NotAllowed: where a machine's token is not meant for the action.
    """
    unknown = NotFound("child_unknown", child=child_id)
    child = session.get(Child, child_id)
    guardians = guardians_of(session, [child_id])[child_id]
    family = Subject(guardian_ids=guardians)
    if child is None or actor.guardian_id not in guardians:
        require(actor, Action.CHANGE_CHILD, family, otherwise=unknown)  # which nobody else may: the attempt is denied
        raise unknown
    require(actor, action, family)
    return child
