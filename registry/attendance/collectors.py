"""Who may take a child home today: guardians, named adults, somebody with a code; and who must not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.accounts.permissions import Actor
from registry.attendance.codes import use_delegation
from registry.attendance.rights import Desk
from registry.attendance.tables import PickupDelegation
from registry.conventions.names import normalise_name
from registry.errors import Denied, FieldProblem, Invalid, Refused
from registry.families.around import around
from registry.families.tables import AuthorizedCollector, Child, CollectionRestriction, Guardian, Guardianship


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who may be chosen at sign-out. `reference`: guardian:3, collector:5, delegation:7."""

    reference: str
    name: str
    relation: str
    needs_code: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """Who took the child, and how that was made sure: `known`, `code` or, from paper, `sheet`."""

    reference: str
    name: str
    relation: str
    verified: str


def collectors_of(session: Session, child_id: int, day: date) -> list[Collector]:
    """Guardians first, then named adults, then whoever a guardian made a code for today."""
    return collectors_of_all(session, [child_id], day)[child_id]


def collectors_of_all(session: Session, child_ids: Iterable[int], day: date) -> dict[int, list[Collector]]:
    """The same for many children at once."""
    ids = list(child_ids)
    found: dict[int, list[Collector]] = {child_id: [] for child_id in ids}
    guardians = (
        select(Guardianship.child_id, Guardian.id, Guardian.name, Guardianship.relation)
        .join(Guardian, col(Guardian.id) == Guardianship.guardian_id)
        .where(col(Guardianship.child_id).in_(ids))
        .order_by(col(Guardian.id))
    )
    for child_id, number, name, relation in session.exec(guardians):
        found[child_id].append(Collector(f"guardian:{number}", name, relation))
    named = select(AuthorizedCollector).where(col(AuthorizedCollector.child_id).in_(ids))
    for one in session.exec(named.order_by(col(AuthorizedCollector.id))):
        found[one.child_id].append(Collector(f"collector:{one.id}", one.name, one.relation))
    for code in session.exec(_good_delegations(ids, day)):
        found[code.child_id].append(Collector(f"delegation:{code.id}", code.name, code.relation, needs_code=True))
    return found


def _good_delegations(ids: list[int], day: date) -> SelectOfScalar[PickupDelegation]:
    wanted = select(PickupDelegation).where(
        col(PickupDelegation.child_id).in_(ids), PickupDelegation.day == day,
        col(PickupDelegation.used_at).is_(None), col(PickupDelegation.withdrawn_at).is_(None),
    )  # fmt: skip
    return wanted.order_by(col(PickupDelegation.id))


def restricted(session: Session, child_id: int, name: str) -> CollectionRestriction | None:
    """The entry that forbids somebody of this name to collect the child."""
    wanted = normalise_name(name).casefold()
    found = around(session, CollectionRestriction, child_id)
    return next((one for one in found if normalise_name(one.name).casefold() == wanted), None)


def ask_collector(
    session: Session, actor: Actor, child: Child, here: Desk, reference: str, code: str
) -> Collected | FieldProblem:
    """Whether somebody may take the child now, or what is wrong with the code. A try that is forbidden is kept in the
    access log.

    Raises:
        Invalid: `choose_one` at `collector`.
        Refused: `collector_forbidden` to the class lead; to everybody else `collector_refused`: call the lead.
    """
    child_id = child.id or 0
    chosen = next((one for one in collectors_of(session, child_id, here.day) if one.reference == reference), None)
    if chosen is None:
        raise Invalid(FieldProblem("collector", "choose_one"))
    if restricted(session, child_id, chosen.name) is not None:
        refused = Refused("collector_forbidden" if here.is_lead else "collector_refused", child=child_id)
        refused.denied = Denied(actor.account_id, "attendance.collect", "child", child_id)
        raise refused
    if not chosen.needs_code:
        return Collected(chosen.reference, chosen.name, chosen.relation, "known")
    wrong = use_delegation(session, int(reference.partition(":")[2]), code)
    return wrong or Collected(chosen.reference, chosen.name, chosen.relation, "code")


def restrictions_for(session: Session, here: Desk, child_ids: Iterable[int]) -> dict[int, list[str]]:
    """Who must not collect each child, for the lead of the class alone; to everybody else there is nothing."""
    if not here.is_lead:
        return {}
    found: dict[int, list[str]] = {}
    wanted = select(CollectionRestriction).where(col(CollectionRestriction.child_id).in_(list(child_ids)))
    for one in session.exec(wanted.order_by(col(CollectionRestriction.id))):
        found.setdefault(one.child_id, []).append(f"{one.name}（{one.note}）" if one.note else one.name)
    return found
