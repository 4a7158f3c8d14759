"""Messages to a family about an application: rows of the outbox, told to every guardian of the child."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.tables import Account, OutboxMessage
from registry.conventions.names import mask_name
from registry.enrolment.tables import Application, ApplicationStatus, EnrolmentRound
from registry.families.tables import Child, Guardian, Guardianship

UNSENT = (ApplicationStatus.DRAFT.value, ApplicationStatus.WITHDRAWN.value, ApplicationStatus.REJECTED.value)


def tell(session: Session, application: Application, code: str, **facts: Any) -> None:
    """A message to every guardian of the child, by number and masked name. Facts are plain JSON values."""
    _tell(session, [application], code, facts)


def tell_all(session: Session, a_round: EnrolmentRound, code: str, **facts: Any) -> None:
    """The same to everybody who applied in a round."""
    sent = select(Application).where(Application.round_id == a_round.id, col(Application.status).not_in(UNSENT))
    _tell(session, session.exec(sent).all(), code, {"round": a_round.name, **facts})


def _tell(session: Session, applications: Iterable[Application], code: str, facts: dict[str, Any]) -> None:
    of_child = {application.child_id: application for application in applications}
    whom = (
        select(Child, Account)
        .join(Guardianship, col(Guardianship.child_id) == Child.id)
        .join(Guardian, col(Guardian.id) == Guardianship.guardian_id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(col(Child.id).in_(of_child), col(Account.is_active))
        .order_by(col(Account.id), col(Child.id))
    )
    for child, account in session.exec(whom):
        about = {"number": of_child[child.id or 0].number, "child": mask_name(child.name)}
        session.add(
            OutboxMessage(
                phone=account.phone, code=code, facts=about | facts, language=account.language, created_at=clock.now()
            )
        )
