"""Whom to call about the children of a class (紧急联系人), on paper for those who answer for the class."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, require
from registry.attendance.pickup import phones_of
from registry.errors import NotAllowed, NotFound
from registry.families.classes import children_of_class, class_run_of, subject_of_class
from registry.privacy.access_log import note_many
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun, Site


@dataclass(frozen=True, slots=True)
class ContactList:
    """A class, and for each child the names, relations and phones of guardians, then of emergency contacts."""

    class_run: ClassRun
    site: Site
    lines: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


def class_contacts(session: Session, actor: Actor, class_run_id: int) -> ContactList:
    """The list; that it was taken out is kept for each child.

    Raises:
        NotAllowed: for who may reveal nothing of a child; `clearance_needed`.
        NotFound: `class_run_unknown`, also for another's class.
    """
    require(actor, Action.REVEAL_CHILD)
    unknown, run = NotFound("class_run_unknown", class_run=class_run_id), class_run_of(session, class_run_id)
    require(actor, Action.REVEAL_CHILD, subject_of_class(run), otherwise=unknown)
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    children = children_of_class(session, class_run_id)
    note_many(
        session, actor.account_id, "attendance.phones", "child", [child.id or 0 for child in children],
        reason="contacts_printed",
    )  # fmt: skip
    lines = tuple((child.name, phones_of(session, child.id or 0)) for child in children)
    return ContactList(run, session.get_one(Site, run.site_id), lines)
