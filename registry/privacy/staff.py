"""A child as staff see it: masked, and revealed part by part, each time with a reason that is kept (访问日志)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.accounts.tables import Account, Role
from registry.conventions.grades import grade_on
from registry.conventions.names import mask_name
from registry.conventions.papers import mask_paper
from registry.conventions.phones import mask_phone
from registry.conventions.texts import line_of
from registry.errors import Denied, FieldProblem, Invalid, NotAllowed, NotFound
from registry.families.around import around
from registry.families.reads import subject_of_child
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    Guardianship,
)
from registry.people import ClearanceCheck, is_clearance_valid
from registry.privacy.access_log import note_access
from registry.programme import setting


class Part(StrEnum):
    """What is revealed at once: as little as one reason needs."""

    NAME = "name"
    BORN_ON = "born_on"
    SCHOOL = "school"
    GUARDIANS = "guardians"
    CONTACTS = "contacts"
    COLLECTORS = "collectors"
    HEALTH_NOTE = "health_note"
    PAPER_NUMBER = "paper_number"
    RESTRICTIONS = "restrictions"


REASONS = ("emergency", "pick_up", "care", "call_family", "insurance", "check", "other")
"""Why somebody has to know. `other` needs words."""
LONGEST_REASON = 150
ERASED = ""
"""The name of a child whose data were deleted on request or by a retention rule."""


@dataclass(frozen=True, slots=True)
class MaskedPart:
    """A part as it is shown before it is revealed. No lines: there is nothing to reveal."""

    part: Part
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaskedChild:
    """A child for staff: grade and sex plainly, all else masked. `parts` are those that the actor may reveal."""

    child_id: int
    sex: str
    grade: int
    name: str
    parts: tuple[MaskedPart, ...]


def masked_child(session: Session, actor: Actor, child_id: int) -> MaskedChild:
    """A child that the actor works with: at the own site, in the own class while it runs and seven days after.

    Raises:
        NotAllowed: for who is no staff of children; `clearance_needed`, for a volunteer without a valid check.
        NotFound: `child_unknown`, also for another site's or class's child, or one that was deleted.
    """
    child, subject = _child(session, actor, child_id)
    today = clock.today()
    shown = [MaskedPart(part, _masked(session, child, part)) for part in _parts(actor, subject)]
    grade = grade_on(child.entry_year, today)
    return MaskedChild(child_id, child.sex, grade, mask_name(child.name), tuple(shown))


def reveal(
    session: Session, actor: Actor, child_id: int, part: str, reason: str, text: str = "", address: str = ""
) -> tuple[str, ...]:
    """The lines of one part, unmasked. Who, which part, why, when and from where is kept; the values are not.

    Raises:
        NotAllowed, NotFound: as `masked_child`; NotAllowed too for a part that is not for this role.
        Invalid: `choose_one` at `part`, at `reason`; at `text` `needed` for another reason, `too_long`.
    """
    child, subject = _child(session, actor, child_id)
    if part not in set(Part):
        raise Invalid(FieldProblem("part", "choose_one"))
    if Part(part) not in _parts(actor, subject):
        refused = NotAllowed("not_allowed", action=Action.REVEAL_CHILD.value)
        refused.denied = Denied(actor.account_id, f"{Action.REVEAL_CHILD.value}.{part}", "child", child_id)
        raise refused
    why = _reason(reason, text)
    note_access(
        session, actor.account_id, Action.REVEAL_CHILD.value, "child", child_id,
        field=part, reason=why, address=address,
    )  # fmt: skip
    return READERS[Part(part)](session, child)


def _reason(reason: str, text: str) -> str:
    if reason not in REASONS:
        raise Invalid(FieldProblem("reason", "choose_one"))
    words = line_of("text", text, LONGEST_REASON, needed=reason == "other")
    return f"{reason}: {words}" if words else reason


def _child(session: Session, actor: Actor, child_id: int) -> tuple[Child, Subject]:
    """The child, where the actor may see it. Attempts that are refused are kept too."""
    barred = NotAllowed("not_allowed", action=Action.REVEAL_CHILD.value, child=child_id)
    require(actor, Action.REVEAL_CHILD, None, otherwise=barred)
    unknown = NotFound("child_unknown", child=child_id)
    child = session.get(Child, child_id)
    if child is None or child.name == ERASED:
        raise unknown
    subject = subject_of_child(session, child_id)
    require(actor, Action.REVEAL_CHILD, subject, otherwise=unknown)
    if not is_cleared(session, actor):
        late = NotAllowed("clearance_needed")
        late.denied = Denied(actor.account_id, Action.REVEAL_CHILD.value, "child", child_id)
        raise late
    return child, subject


def is_cleared(session: Session, actor: Actor) -> bool:
    """Whether the actor's background check (从业查询) is valid today, where the account is a volunteer's.

    Staff who are no volunteers are checked by their employer; nothing of it is kept here.
    """
    if actor.volunteer_id is None:
        return True
    today, months = clock.today(), setting(session, "clearance_months")
    checks = session.exec(
        select(col(ClearanceCheck.checked_on)).where(ClearanceCheck.volunteer_id == actor.volunteer_id)
    )
    return any(is_clearance_valid(day, today, today, months) for day in checks)


def _parts(actor: Actor, subject: Subject) -> tuple[Part, ...]:
    """All parts; who must not collect the child is shown to the lead of its class alone."""
    leads = any(held.role is Role.CLASS_LEAD and held.class_run_id in subject.class_run_ids for held in actor.held)
    return tuple(part for part in Part if part is not Part.RESTRICTIONS or leads)


Reader = Callable[[Session, Child], tuple[str, ...]]


def _guardians(session: Session, child: Child) -> list[tuple[str, str]]:
    found = (
        select(Guardian.name, Account.phone)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(Guardianship.child_id == child.id)
        .order_by(col(Guardian.id))
    )
    return list(session.exec(found))


def _collectors(session: Session, child: Child) -> list[tuple[str, str]]:
    return [(one.name, one.phone) for one in around(session, AuthorizedCollector, child.id or 0)]


def _contacts(session: Session, child: Child) -> list[tuple[str, str]]:
    return [(one.name, one.phone) for one in around(session, EmergencyContact, child.id or 0)]


PEOPLE: Mapping[Part, Callable[[Session, Child], list[tuple[str, str]]]] = {
    Part.GUARDIANS: _guardians,
    Part.CONTACTS: _contacts,
    Part.COLLECTORS: _collectors,
}


def _people(part: Part) -> Reader:
    return lambda session, child: tuple(f"{name} {phone}" for name, phone in PEOPLE[part](session, child))


def _restrictions(session: Session, child: Child) -> tuple[str, ...]:
    found = around(session, CollectionRestriction, child.id or 0)
    return tuple(f"{one.name}（{one.note}）" if one.note else one.name for one in found)


READERS: Mapping[Part, Reader] = {
    Part.NAME: lambda _, child: (child.name,),
    Part.BORN_ON: lambda _, child: (child.born_on.isoformat(),),
    Part.SCHOOL: lambda _, child: (child.school,) if child.school else (),
    Part.HEALTH_NOTE: lambda _, child: (child.health_note,) if child.health_note else (),
    Part.PAPER_NUMBER: lambda _, child: (child.paper_number,) if child.paper_number else (),
    Part.RESTRICTIONS: _restrictions,
    **{part: _people(part) for part in PEOPLE},
}
"""How each part reads unmasked."""


def _masked(session: Session, child: Child, part: Part) -> tuple[str, ...]:
    if part in PEOPLE:
        return tuple(f"{mask_name(name)} {mask_phone(phone)}" for name, phone in PEOPLE[part](session, child))
    lines = READERS[part](session, child)
    if part is Part.NAME:
        return tuple(map(mask_name, lines))
    if part is Part.PAPER_NUMBER:
        return tuple(map(mask_paper, lines))
    return tuple("****" for _ in lines)
